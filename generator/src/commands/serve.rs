//! `ipswich serve`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use ipswich_server::shop::Config;
use ipswich_server::{Host, Options};

/// Arguments of `ipswich serve`.
#[derive(clap::Args)]
#[command(after_help = "\
Settings come from the environment: IPSWICH_BASE_URL, IPSWICH_SECRET, IPSWICH_ENVIRONMENT, IPSWICH_MAIL_FROM.

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

/// Runs the command. Settings are the variables `IPSWICH_BASE_URL`, `IPSWICH_SECRET`, `IPSWICH_ENVIRONMENT` and
/// `IPSWICH_MAIL_FROM`.
pub(crate) fn run(args: &Args) -> ExitCode {
    super::exit(execute(args))
}

fn execute(args: &Args) -> Result<ExitCode> {
    let config = Config::from_vars(|name| std::env::var(name).ok())?;
    if !args.site.join("index.html").is_file() {
        bail!("there is no site in {}; `ipswich build` makes one", args.site.display());
    }
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let listener = ipswich_server::bind(args.port).await?;
        let host = Host::open(Options::new(&args.site, &args.data, config))?;
        if !args.quiet {
            eprintln!("serving {} on http://{}", host.app().config().base_url(), listener.local_addr()?);
        }
        host.serve(listener).await?;
        Ok(ExitCode::SUCCESS)
    })
}
