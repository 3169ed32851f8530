//! An SMTP server that keeps what SES would send.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::mails::Mail;

/// An SMTP server (RFC 5321, as far as a sender needs it) that stores the mails that ministack relays
/// from SES.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mailbox {
    mails: Arc<Mutex<Vec<Mail>>>,
}

impl Mailbox {
    /// Returns the mails so far, oldest first.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.mails
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Returns the number of mails so far.
    pub(crate) fn count(&self) -> usize {
        self.mails
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .len()
    }

    /// Serves the listener's connections until the runtime ends.
    ///
    /// # Errors
    /// The listener cannot be used.
    pub(crate) async fn serve(self, listener: std::net::TcpListener) -> std::io::Result<()> {
        let listener = TcpListener::from_std(listener)?;
        loop {
            let (connection, _) = listener.accept().await?;
            let mailbox = self.clone();
            tokio::spawn(async move {
                // The mail of a sender that disconnects early is not stored.
                _ = mailbox.converse(connection).await;
            });
        }
    }

    async fn converse(&self, mut connection: TcpStream) -> std::io::Result<()> {
        let (input, mut output) = connection.split();
        let mut input = BufReader::new(input);
        let mut recipients = Vec::new();
        reply(&mut output, "220 local").await?;
        let mut line = String::new();
        loop {
            line.clear();
            if input.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let command = line.trim_end();
            match command
                .get(..4)
                .unwrap_or(command)
                .to_ascii_uppercase()
                .as_str()
            {
                "EHLO" => reply(&mut output, "250-local\r\n250 8BITMIME").await?,
                "RCPT" => {
                    recipients.extend(address(command));
                    reply(&mut output, "250 ok").await?;
                }
                "DATA" => {
                    reply(&mut output, "354 go on").await?;
                    let message = read_message(&mut input).await?;
                    let mail = Mail::parse(std::mem::take(&mut recipients), &message);
                    self.mails
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(mail);
                    reply(&mut output, "250 kept").await?;
                }
                "QUIT" => return reply(&mut output, "221 bye").await,
                "HELO" | "MAIL" | "RSET" | "NOOP" => {
                    recipients.clear();
                    reply(&mut output, "250 ok").await?;
                }
                _ => reply(&mut output, "502 unknown").await?,
            }
        }
    }
}

/// Returns the text between the angle brackets of a command.
fn address(command: &str) -> Option<String> {
    let (_, rest) = command.split_once('<')?;
    let (address, _) = rest.rsplit_once('>')?;
    Some(address.to_owned())
}

/// Reads up to the line with a single dot, and removes the dots that were doubled (RFC 5321, 4.5.2).
async fn read_message(input: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        let start = message.len();
        if input.read_until(b'\n', &mut message).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if message[start..] == *b".\r\n" {
            message.truncate(start);
            return Ok(message);
        }
        if message[start] == b'.' {
            message.remove(start);
        }
    }
}

async fn reply(output: &mut (impl AsyncWrite + Unpin), text: &str) -> std::io::Result<()> {
    output.write_all(format!("{text}\r\n").as_bytes()).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    #[tokio::test]
    async fn a_mail_arrives_whole_at_its_envelope_recipients() {
        let mailbox = Mailbox::default();
        let (listener, server) = crate::runtime::listen(0).unwrap();
        tokio::spawn(mailbox.clone().serve(listener));

        let mut sender = TcpStream::connect(server).await.unwrap();
        sender
            .write_all(
                b"EHLO me\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\n\
                  RCPT TO:<\"c..c.\"@example.com>\r\nDATA\r\nSubject: x\r\n\r\none\r\n..two\r\n.\r\nQUIT\r\n",
            )
            .await
            .unwrap();
        let mut answers = String::new();
        sender.read_to_string(&mut answers).await.unwrap();

        assert!(answers.ends_with("250 kept\r\n221 bye\r\n"), "{answers}");
        let mails = mailbox.mails();
        assert_eq!(mailbox.count(), 1);
        assert_eq!(mails[0].to, ["b@example.com", "\"c..c.\"@example.com"]);
        assert_eq!(mails[0].subject, "x");
        assert_eq!(mails[0].text, "one\r\n.two\r\n");
    }
}
