//! Mails over the platform's e-mail binding. `wrangler dev` writes them to files instead of sending.

use ipswich_shop::ports::{Mail, MailError, Mailer, PortFuture};
use worker::send::SendFuture;
use worker::{SendEmail, SendEmailBuilder};

/// The binding as [`Mailer`].
pub(crate) struct Binding {
    binding: SendEmail,
    from: String,
}

impl Binding {
    /// The port over a binding; `from` is an address of a domain that is set up for sending.
    pub(crate) fn new(binding: SendEmail, from: String) -> Binding {
        Binding { binding, from }
    }

    /// Hands one mail to the platform.
    async fn hand_over(&self, mail: Mail) -> Result<(), MailError> {
        let message = SendEmailBuilder::new(&self.from, &mail.to, &mail.subject);
        message.set_text(&mail.text);
        message.set_html(&mail.html);
        self.binding.send_with_builder(&message).await.map(|_| ()).map_err(|error| {
            // The message of the platform may repeat the address, which has no place in a log.
            MailError(String::from(error.message()).replace(&mail.to, "the recipient"))
        })
    }
}

impl Mailer for Binding {
    fn send(&self, mail: Mail) -> PortFuture<'_, Result<(), MailError>> {
        Box::pin(SendFuture::new(self.hand_over(mail)))
    }
}
