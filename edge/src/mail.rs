//! Mails over the platform's e-mail binding. `wrangler dev` writes them to files instead of sending.

use ipswich_shop::ports::{Mail, MailError, Mailer, PortFuture};
use worker::send::SendFuture;
use worker::{EmailAddress, SendEmail, SendEmailBuilder};

/// Who mails come from.
pub(crate) struct Sender {
    /// The name that recipients see.
    pub(crate) name: String,
    /// An address of a domain that is set up for sending.
    pub(crate) address: String,
}

/// The binding as [`Mailer`].
pub(crate) struct Binding {
    binding: SendEmail,
    sender: Sender,
}

impl Binding {
    /// The port over a binding.
    pub(crate) fn new(binding: SendEmail, sender: Sender) -> Binding {
        Binding { binding, sender }
    }

    /// Hands one mail to the platform.
    async fn hand_over(&self, mail: Mail) -> Result<(), MailError> {
        let from = EmailAddress::new(&self.sender.name, &self.sender.address);
        let message = SendEmailBuilder::new_with_email_address_and_str(&from, &mail.to, &mail.subject);
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
