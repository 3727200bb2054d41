//! Mails over a mail server and over a service, against listeners of the test's own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use ipswich_server::{MailRoute, Outbound, Smtp};
use ipswich_shop::ports::{Mail, Mailer};
use ipswich_shop::{ConfigError, MailService, ServiceMailer};
use ipswich_tests::shop::ShopTest;

const FROM: &str = "shop@shop.example";

fn mail() -> Mail {
    Mail {
        to: "grace@example.com".to_owned(),
        subject: "Grüße: your order".to_owned(),
        text: "Hello\n.\nGrace".to_owned(),
        html: "<p>Hello Grace</p>".to_owned(),
        dedupe: "mail:received:1".to_owned(),
    }
}

/// A listener and what it heard: one text for each mail or request.
struct Ear {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Ear {
    fn listen(talk: impl Fn(TcpStream, &Mutex<Vec<String>>) + Send + 'static) -> Ear {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let kept = Arc::clone(&heard);
        std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| talk(stream, &kept)));
        Ear { port, heard }
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

/// Speaks as much SMTP as a mail needs; refuses recipients with this answer.
fn smtp(refusal: Option<&'static str>) -> Ear {
    Ear::listen(move |stream, heard| {
        let mut out = stream.try_clone().unwrap();
        let mut say = move |text: &str| out.write_all(format!("{text}\r\n").as_bytes()).unwrap();
        say("220 mail.example");
        let (mut mail, mut in_data) = (String::new(), false);
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            mail += &format!("{line}\n");
            let verb = line.split([' ', ':']).next().unwrap_or("").to_uppercase();
            match verb.as_str() {
                _ if in_data && line == "." => {
                    in_data = false;
                    heard.lock().unwrap().push(std::mem::take(&mut mail));
                    say("250 kept");
                }
                _ if in_data => {}
                "DATA" => {
                    in_data = true;
                    say("354 go on");
                }
                "EHLO" => say("250-mail.example\r\n250-AUTH PLAIN\r\n250 8BITMIME"),
                "RCPT" => say(refusal.unwrap_or("250 fine")),
                "AUTH" => say("235 welcome"),
                "QUIT" => return say("221 bye"),
                _ => say("250 fine"),
            }
        }
    })
}

/// Answers with these statuses in turn, the last one again and again.
fn service(statuses: &'static [u16]) -> Ear {
    let asked = Mutex::new(0);
    Ear::listen(move |stream, heard| {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut request, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if let Some(text) = line.to_lowercase().strip_prefix("content-length:") {
                length = text.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
            request += &line;
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        request += &String::from_utf8(body).unwrap();
        heard.lock().unwrap().push(request);
        let mut asked = asked.lock().unwrap();
        let status = statuses[usize::min(*asked, statuses.len() - 1)];
        *asked += 1;
        let body = r#"{"message":"grace@example.com is not welcome"}"#;
        let head =
            format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
        let _ = (&stream).write_all(format!("{head}{body}").as_bytes());
    })
}

fn vars(pairs: Vec<(&'static str, String)>) -> impl Fn(&str) -> Option<String> + Clone {
    move |name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
}

fn smtp_to(ear: &Ear, more: Vec<(&'static str, String)>) -> Smtp {
    let pairs = vec![
        ("IPSWICH_SMTP_HOST", "127.0.0.1".to_owned()),
        ("IPSWICH_SMTP_PORT", ear.port.to_string()),
        ("IPSWICH_SMTP_TLS", "none".to_owned()),
    ];
    // The first of a name counts.
    Smtp::from_vars(vars([more, pairs].concat()), FROM).unwrap()
}

fn service_at(ear: &Ear, api: &str) -> ServiceMailer {
    let pairs = vec![
        ("IPSWICH_MAIL_URL", format!("http://127.0.0.1:{}/emails", ear.port)),
        ("IPSWICH_MAIL_KEY", "hush".to_owned()),
        ("IPSWICH_MAIL_API", api.to_owned()),
    ];
    ServiceMailer::new(Arc::new(Outbound::default()), MailService::from_vars(vars(pairs), FROM).unwrap())
}

#[tokio::test]
async fn a_mail_server_gets_both_parts_and_the_same_name_each_time() {
    let ear = smtp(None);
    let login = vec![("IPSWICH_SMTP_USER", "u".to_owned()), ("IPSWICH_SMTP_PASSWORD", "p".to_owned())];
    let smtp = smtp_to(&ear, login);
    for _ in 0..2 {
        smtp.send(mail()).await.unwrap();
    }
    let heard = ear.heard();
    assert_eq!(heard.len(), 2);
    for part in [
        "AUTH PLAIN",
        "MAIL FROM:<shop@shop.example>",
        "RCPT TO:<grace@example.com>",
        "Content-Type: multipart/alternative",
        "text/plain; charset=utf-8",
        "text/html; charset=utf-8",
        "<p>Hello Grace</p>",
        "\n..\n",
    ] {
        assert!(heard[0].contains(part), "{part}\n{}", heard[0]);
    }
    let name = |text: &String| text.lines().find(|line| line.starts_with("Message-ID:")).unwrap().to_owned();
    assert_eq!(name(&heard[0]), name(&heard[1]));
    assert!(name(&heard[0]).ends_with("@shop.example>"));
    let subject = heard[0].lines().find(|line| line.starts_with("Subject:")).unwrap();
    assert!(subject.is_ascii(), "{subject}");
}

#[tokio::test]
async fn a_mail_server_that_refuses_or_is_gone_is_an_error_without_the_address() {
    let ear = smtp(Some("550 grace@example.com is unknown here"));
    let refused = smtp_to(&ear, vec![]).send(mail()).await.unwrap_err().0;
    assert!(refused.contains("unknown here") && !refused.contains("grace@"), "{refused}");
    let gone = smtp_to(&Ear { port: 1, heard: Arc::default() }, vec![]);
    assert!(gone.send(mail()).await.is_err());
    let strange = Mail { to: "grace@example.com\r\nRCPT TO:<all@example.com>".to_owned(), ..mail() };
    assert!(smtp_to(&ear, vec![]).send(strange).await.is_err());
}

#[tokio::test]
async fn nothing_is_said_without_tls_to_a_server_that_should_have_it() {
    let ear = smtp(None);
    let login = vec![
        ("IPSWICH_SMTP_TLS", "starttls".to_owned()),
        ("IPSWICH_SMTP_USER", "u".to_owned()),
        ("IPSWICH_SMTP_PASSWORD", "p".to_owned()),
    ];
    assert!(smtp_to(&ear, login).send(mail()).await.is_err());
    assert!(ear.heard().is_empty());
}

#[tokio::test]
async fn a_service_gets_a_mail_with_its_key() {
    for (api, parts) in [
        (
            "resend",
            [
                "authorization: Bearer hush",
                r#""to":["grace@example.com"]"#,
                r#""subject":"Grüße: your order""#,
            ],
        ),
        (
            "postmark",
            [
                "x-postmark-server-token: hush",
                r#""To":"grace@example.com""#,
                r#""HtmlBody":"<p>Hello Grace</p>""#,
            ],
        ),
    ] {
        let ear = service(&[200]);
        service_at(&ear, api).send(mail()).await.unwrap();
        let heard = ear.heard();
        let common = ["POST /emails", "idempotency-key: mail:received:1", "content-type: application/json"];
        for part in common.iter().chain(&parts) {
            assert!(heard[0].contains(part), "{part}\n{}", heard[0]);
        }
    }
}

#[tokio::test]
async fn a_service_that_fails_leads_to_further_tries_and_then_to_a_dead_letter() {
    let ear = service(&[503]);
    let shop = ShopTest::with_mailer(Arc::new(service_at(&ear, "resend"))).await;
    let mut guest = shop.guest();
    guest.has("BOOK", 1).await;
    guest.check_out().await;
    let mut report = shop.app.flush_outbox().await;
    assert_eq!(report.deferred, 1);
    for _ in 0..20 {
        shop.clock.advance(6 * 3_600);
        report = shop.app.flush_outbox().await;
        if report.dead > 0 {
            break;
        }
    }
    assert_eq!((report.dead, ear.heard().len()), (1, 12));
    let keys: Vec<String> = ear
        .heard()
        .iter()
        .map(|text| text.lines().find(|line| line.starts_with("idempotency-key")).unwrap().to_owned())
        .collect();
    assert!(keys.iter().all(|key| *key == keys[0]), "the same mail each time");
    let mut staff = shop.staff().await;
    let page = staff.get("/admin/outbox/").await;
    assert!(page.says("the mail service answered 503"), "{}", page.body);
    assert!(page.says("the recipient is not welcome"), "{}", page.body);
    assert!(shop.log.all().iter().all(|line| !line.contains("grace@")));
    shop.finish_except(&["I14"]).await;
}

#[tokio::test]
async fn a_service_that_recovers_gets_the_mail() {
    let ear = service(&[500, 429, 202]);
    let shop = ShopTest::with_mailer(Arc::new(service_at(&ear, "postmark"))).await;
    let mut guest = shop.guest();
    guest.has("BOOK", 1).await;
    guest.check_out().await;
    for _ in 0..3 {
        shop.app.flush_outbox().await;
        shop.clock.advance(300);
    }
    assert_eq!(ear.heard().len(), 3);
    shop.finish().await;
}

#[test]
fn settings_that_are_missing_are_named() {
    let route = |pairs: &[(&'static str, &str)]| {
        let pairs = pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        MailRoute::from_vars(vars(pairs), FROM).err()
    };
    let missing = |name| Some(ConfigError::Missing(name));
    assert_eq!(route(&[]), None);
    assert_eq!(route(&[("IPSWICH_MAIL", "smtp")]), missing("IPSWICH_SMTP_HOST"));
    assert_eq!(route(&[("IPSWICH_MAIL", "http")]), missing("IPSWICH_MAIL_URL"));
    assert!(matches!(route(&[("IPSWICH_MAIL", "fax")]), Some(ConfigError::Invalid("IPSWICH_MAIL", _))));
    let smtp = |more: &[(&'static str, &str)]| {
        let mut pairs = vec![("IPSWICH_MAIL", "smtp"), ("IPSWICH_SMTP_HOST", "mail.example")];
        pairs.extend(more);
        route(&pairs)
    };
    assert_eq!(smtp(&[]), None);
    assert_eq!(smtp(&[("IPSWICH_SMTP_USER", "u")]), missing("IPSWICH_SMTP_PASSWORD"));
    assert_eq!(smtp(&[("IPSWICH_SMTP_PASSWORD", "p")]), missing("IPSWICH_SMTP_USER"));
    for (name, value) in
        [("IPSWICH_SMTP_TLS", "none"), ("IPSWICH_SMTP_PORT", "x"), ("IPSWICH_SMTP_PORT", "70000")]
    {
        assert!(
            matches!(smtp(&[(name, value)]), Some(ConfigError::Invalid(told, _)) if told == name),
            "{value}"
        );
    }
    assert!(ConfigError::Missing("IPSWICH_SMTP_HOST").to_string().contains("IPSWICH_SMTP_HOST"));
}
