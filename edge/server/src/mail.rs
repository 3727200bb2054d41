//! The ways mails leave a native host. Here: as files in a folder, to be looked at or picked up.

mod route;
mod smtp;

pub use route::MailRoute;
pub use smtp::Smtp;

use std::path::{Path, PathBuf};

use ipswich_shop::ports::{Mail, MailError, Mailer, PortFuture};

/// Writes each mail as `<name>.eml`; the name comes from the mail's dedupe key, so a mail sent twice is one file.
#[derive(Clone, Debug)]
pub struct MailFolder {
    folder: PathBuf,
    from: String,
}

impl MailFolder {
    /// The port over a folder, which is created with the first mail; `from` is the sender's address.
    pub fn new(folder: &Path, from: &str) -> MailFolder {
        MailFolder { folder: folder.to_owned(), from: from.to_owned() }
    }

    async fn write(&self, mail: Mail) -> Result<(), MailError> {
        let failed = |error: std::io::Error| MailError(format!("{}: {error}", self.folder.display()));
        tokio::fs::create_dir_all(&self.folder).await.map_err(failed)?;
        // Written beside and renamed, so that nobody picks up half a mail.
        let part = self.folder.join(format!("{}.part", file_stem(&mail.dedupe)));
        tokio::fs::write(&part, message(&self.from, &mail)).await.map_err(failed)?;
        tokio::fs::rename(&part, part.with_extension("eml")).await.map_err(failed)
    }
}

impl Mailer for MailFolder {
    fn send(&self, mail: Mail) -> PortFuture<'_, Result<(), MailError>> {
        Box::pin(self.write(mail))
    }
}

/// A file name that any system takes: letters and digits stay, anything else becomes a hyphen.
fn file_stem(dedupe: &str) -> String {
    let stem: String =
        dedupe.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(120).collect();
    if stem.is_empty() { "mail".to_owned() } else { stem }
}

/// The mail as a MIME message with a text and an HTML part. Line breaks cannot get into a header.
fn message(from: &str, mail: &Mail) -> String {
    let boundary = format!("part-{}", blake3::hash(mail.dedupe.as_bytes()).to_hex());
    let line = |text: &str| text.replace(['\r', '\n'], " ");
    format!(
        "From: {}\nTo: {}\nSubject: {}\nMessage-ID: <{}@ipswich>\nMIME-Version: 1.0\n\
         Content-Type: multipart/alternative; boundary=\"{boundary}\"\n\n\
         --{boundary}\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{}\n\
         --{boundary}\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{}\n\
         --{boundary}--\n",
        line(from),
        line(&mail.to),
        line(&mail.subject),
        file_stem(&mail.dedupe),
        mail.text,
        mail.html,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_cannot_forge_headers_or_leave_its_folder() {
        let mail = Mail {
            to: "ada@example.org\r\nBcc: all@example.org".to_owned(),
            subject: "Your order\nX: y".to_owned(),
            text: "Hello".to_owned(),
            html: "<p>Hello</p>".to_owned(),
            dedupe: "../mail:paid:1".to_owned(),
        };
        let text = message("shop@example.org", &mail);
        let headers = text.split("\n\n").next().map(|head| head.lines().count());
        assert_eq!(headers, Some(6));
        assert_eq!(file_stem(&mail.dedupe), "---mail-paid-1");
    }
}
