//! The Worker in workerd with a local D1, as it runs in production.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Result, bail};
use ipswich::bundle::bundle;
use ipswich::tools::{Tools, gather};

use crate::commands::local::{self, DEMO_EMAIL, DEMO_NAME};
use crate::commands::site::{self, Purpose, Site};
use crate::commands::staff::Account;

/// How often the clock ticks; wrangler does not do it on this machine.
const TICK: Duration = Duration::from_secs(60);

/// Builds and serves until the process is told to stop.
pub(super) fn serve(port: u16) -> Result<ExitCode> {
    let root = site::project_root()?;
    if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_err() {
        bail!("port {port} is in use by another program; stop that one, or choose another port with --port");
    }
    let tools = Tools::ensure(&root)?;
    let base_url = local::base_url(port);
    let Site::Built(report) = site::build(&root, &root.join("dist"), Some(&base_url), Purpose::Trial)? else {
        return Ok(ExitCode::FAILURE);
    };
    eprintln!("{}", site::summary(&report));
    eprintln!("compiling the Worker");
    let bundle = bundle(&tools)?;
    eprintln!("Worker: {} kB gzipped", bundle.gzipped.div_ceil(1000));

    let vars = root.join(".dev.vars");
    local::remembered(&vars, || Ok(format!("IPSWICH_SECRET={}", local::random_secret()?)))?;
    gather(tools.wrangler().args(["d1", "migrations", "apply", "DB", "--local", "--env", ""]))?;
    let password = demo_account(&tools, &root.join(".data/edge"))?;
    println!("shop     {base_url}/");
    println!("staff    {base_url}/admin/  {DEMO_EMAIL}  {password}");
    println!("A save rebuilds what depends on it. Ctrl-C ends.");

    std::thread::spawn(move || tick(port));
    let mut dev = tools.wrangler();
    dev.args(["dev", "--env", "", "--ip", "127.0.0.1", "--port", &port.to_string()])
        .args(["--show-interactive-dev-session=false", "--var", &format!("IPSWICH_BASE_URL:{base_url}")])
        // The build command of wrangler.toml takes the address from here.
        .env("IPSWICH_BASE_URL", &base_url);
    follow(dev)
}

/// Creates the demo staff account in the local D1 unless it is there, and returns its password.
fn demo_account(tools: &Tools, data: &Path) -> Result<String> {
    let password = local::remembered(&data.join("staff-password"), local::random_password)?;
    let account = Account { email: DEMO_EMAIL, name: DEMO_NAME, password: &password };
    let script = data.join("staff.sql");
    local::write_private(&script, &account.as_sql()?)?;
    let mut execute = tools.wrangler();
    execute.args(["d1", "execute", "DB", "--local", "--env", "", "--yes", "--file"]).arg(&script);
    match gather(&mut execute) {
        Err(error) if !format!("{error:#}").contains("UNIQUE constraint failed") => Err(error),
        _ => Ok(password),
    }
}

/// Waits for the end of a program. Ctrl-C reaches it without us; a request to terminate is passed on.
fn follow(command: Command) -> Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let mut child = tokio::process::Command::from(command).spawn()?;
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        loop {
            tokio::select! {
                status = child.wait() => {
                    let code = status?.code().and_then(|code| u8::try_from(code).ok());
                    return Ok(code.map_or(ExitCode::FAILURE, ExitCode::from));
                }
                _ = tokio::signal::ctrl_c() => (),
                _ = terminate.recv() => if let Some(id) = child.id() {
                    let _ = Command::new("kill").arg(id.to_string()).status();
                }
            }
        }
    })
}

/// Triggers the Worker's clock each minute. Failing is nothing: the next minute comes.
fn tick(port: u16) {
    loop {
        std::thread::sleep(TICK);
        let Ok(mut stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else {
            continue;
        };
        let _ = stream.set_read_timeout(Some(TICK));
        let request = format!(
            "GET /cdn-cgi/local/scheduled HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"
        );
        let _ = stream.write_all(request.as_bytes());
        let _ = stream.read_to_end(&mut Vec::new());
    }
}
