//! `ipswich serve`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use ipswich_server::shop::Config;
use ipswich_server::{Host, MailRoute, Options};

/// Arguments of `ipswich serve`.
#[derive(clap::Args)]
#[command(after_help = "\
Settings come from the environment: IPSWICH_BASE_URL, IPSWICH_SECRET, IPSWICH_ENVIRONMENT, IPSWICH_MAIL_FROM.
Mails: IPSWICH_MAIL=files writes them to the data folder; =smtp needs IPSWICH_SMTP_HOST and takes IPSWICH_SMTP_TLS
(starttls, implicit, none), IPSWICH_SMTP_PORT, IPSWICH_SMTP_USER and IPSWICH_SMTP_PASSWORD; =http needs
IPSWICH_MAIL_URL and IPSWICH_MAIL_KEY and takes IPSWICH_MAIL_API (resend, postmark).

Examples:
  ipswich build && IPSWICH_BASE_URL=https://shop.example IPSWICH_SECRET=… ipswich serve --data /var/lib/shop

Exit codes: 0 stopped, 2 wrong use, 3 a setting is missing, the port is taken, or a file cannot be read.")]
pub(crate) struct Args {
    /// The built site
    #[arg(long, default_value = "dist")]
    site: PathBuf,
    /// The folder for database and mails
    #[arg(long, default_value = ".data/shop")]
    data: PathBuf,
    /// The port on this machine; a proxy in front of it speaks https
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Say nothing at the start
    #[arg(long, short)]
    quiet: bool,
}

/// Runs the command. Settings are variables of the environment.
pub(crate) fn run(args: &Args) -> ExitCode {
    super::exit(execute(args))
}

fn execute(args: &Args) -> Result<ExitCode> {
    let var = |name: &str| std::env::var(name).ok();
    let config = Config::from_vars(var)?;
    let mail = MailRoute::from_vars(var, config.mail_from())?;
    if !args.site.join("index.html").is_file() {
        bail!("there is no site in {}; `ipswich build` makes one", args.site.display());
    }
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let listener = ipswich_server::bind(args.port).await?;
        let host = Host::open(Options::new(&args.site, &args.data, config).with_mail(mail))?;
        if !args.quiet {
            eprintln!("serving {} on http://{}", host.app().config().base_url(), listener.local_addr()?);
        }
        host.serve(listener).await?;
        Ok(ExitCode::SUCCESS)
    })
}
