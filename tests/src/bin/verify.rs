//! `cargo verify`: every check of the project, in one command, on a developer's machine as in CI.
//!
//! Steps run in order, each with its time, and the first failure ends the run with exit code 1 and all that the step
//! wrote. What is missing is installed: tools into the project (see `ipswich::tools`), Chromium from Debian's
//! packages. Words after it choose steps: `cargo verify clippy test`.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use ipswich::bundle::bundle;
use ipswich::tools::{Tools, gather};

/// What the Worker may weigh: bytes of WebAssembly and JavaScript after gzip.
const WORKER_GZIP_MAX: u64 = 640_000;

/// A step: its name and what it does. The text it returns stands beside its time.
type Step = (&'static str, fn(&Project) -> Result<String>);

const STEPS: [Step; 11] = [
    ("fmt", |project| project.cargo(&["fmt", "--all", "--check"])),
    ("clippy", |project| project.cargo(&[&["clippy", "--all-targets"], NATIVE, WARNINGS].concat())),
    ("clippy-edge", |project| {
        wasm_target(project)?;
        project.cargo(&[&["clippy", "--package", "ipswich-edge", "--target", WASM], WARNINGS].concat())
    }),
    ("test", test),
    ("fuzz", fuzz),
    ("doc", |project| {
        silent(project.cargo(&[&["doc", "--no-deps", "--document-private-items"], NATIVE].concat()))
    }),
    ("tools", |project| project.tools().map(|_| String::new())),
    ("site", site),
    ("worker", worker),
    ("deploy-dry-run", dry_run),
    ("end-to-end", end_to_end),
];

/// Everything but the Worker, which only exists for WebAssembly.
const NATIVE: &[&str] = &["--workspace", "--exclude", "ipswich-edge"];
const WARNINGS: &[&str] = &["--", "-D", "warnings"];
/// Links to private items are fine, because those who read this project's documentation read its code.
const RUSTDOC: &str = "-D warnings -A rustdoc::private-intra-doc-links";
const WASM: &str = "wasm32-unknown-unknown";

fn main() -> ExitCode {
    let chosen: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = chosen.iter().find(|name| STEPS.iter().all(|(step, _)| step != name)) {
        let names: Vec<&str> = STEPS.iter().map(|(name, _)| *name).collect();
        eprintln!("error: there is no step `{unknown}`; steps are {}", names.join(", "));
        return ExitCode::FAILURE;
    }
    let project = Project { root: Path::new(env!("CARGO_MANIFEST_DIR")).join("..") };
    let start = Instant::now();
    let mut passed = 0;
    for (name, step) in STEPS {
        if !chosen.is_empty() && !chosen.iter().any(|one| one == name) {
            continue;
        }
        eprintln!("      {name}");
        let begun = Instant::now();
        match step(&project) {
            Ok(detail) => {
                eprintln!("ok    {name}  {}  {detail}", seconds(begun.elapsed()));
                passed += counted(&detail);
            }
            Err(error) => {
                eprintln!("{error:#}");
                eprintln!("FAIL  {name}  {}", seconds(begun.elapsed()));
                return ExitCode::FAILURE;
            }
        }
    }
    eprintln!("all checks passed in {}", seconds(start.elapsed()));
    println!("{passed} passed, 0 failed");
    ExitCode::SUCCESS
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// The checkout that is verified.
struct Project {
    root: PathBuf,
}

impl Project {
    /// Runs cargo quietly; what it wrote is shown if it fails.
    fn cargo(&self, arguments: &[&str]) -> Result<String> {
        gather(&mut self.cargo_command(arguments))
    }

    fn cargo_command(&self, arguments: &[&str]) -> Command {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // Snapshots are compared, never written.
        cargo.current_dir(&self.root).env("INSTA_UPDATE", "no").env("RUSTDOCFLAGS", RUSTDOC);
        cargo.args(arguments);
        cargo
    }

    fn tools(&self) -> Result<Tools> {
        Tools::ensure(&self.root)
    }

    /// The command line of the project, which the steps below call as people do. It is compiled beside this program.
    fn ipswich(&self) -> Result<PathBuf> {
        // The same selection as in `test`, so that cargo chooses the same features and compiles nothing anew.
        self.cargo(&[&["build", "--quiet", "--all-targets"], NATIVE].concat())?;
        let own = std::env::current_exe().context("this program does not know where it is")?;
        Ok(own.with_file_name(format!("ipswich{}", std::env::consts::EXE_SUFFIX)))
    }
}

/// Installs the standard library for WebAssembly, which rustup does by itself only where it may install as it likes.
fn wasm_target(project: &Project) -> Result<()> {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(&project.root).args(["--print", "target-libdir", "--target", WASM]);
    if !Path::new(gather(&mut rustc)?.trim()).is_dir() {
        gather(Command::new("rustup").current_dir(&project.root).args(["target", "add", WASM]))?;
    }
    Ok(())
}

/// Unit and integration tests.
fn test(project: &Project) -> Result<String> {
    let said = project.cargo(&[&["test", "--quiet"], NATIVE].concat())?;
    let passed = said.lines().filter_map(|line| line.strip_prefix("test result: ok. ")?.split(' ').next());
    Ok(tests(passed.filter_map(|count| count.parse::<usize>().ok()).sum()))
}

/// How many inputs each fuzz target tries: some seconds.
const FUZZ_CASES: &str = "500";

/// The fuzz targets, for longer than the tests run them.
fn fuzz(project: &Project) -> Result<String> {
    // The same selection as in `test`, so that cargo compiles nothing anew.
    let arguments = [&["test", "--quiet"], NATIVE, &["--test", "it", "fuzz::"]].concat();
    let mut cargo = project.cargo_command(&arguments);
    gather(cargo.env("IPSWICH_FUZZ_CASES", FUZZ_CASES))?;
    Ok(format!("{FUZZ_CASES} inputs for each target"))
}

/// The detail of a step that ran tests; [`counted`] reads it back.
fn tests(count: usize) -> String {
    format!("{count} tests")
}

fn counted(detail: &str) -> usize {
    detail.strip_suffix(" tests").and_then(|count| count.parse().ok()).unwrap_or(0)
}

/// A step whose output nobody needs when it is well.
fn silent(said: Result<String>) -> Result<String> {
    said.map(|_| String::new())
}

/// Builds the demo shop into `dist/`, without mistakes.
fn site(project: &Project) -> Result<String> {
    let mut build = Command::new(project.ipswich()?);
    let said = gather(build.arg("build").current_dir(&project.root))?;
    ensure!(project.root.join("dist/index.html").is_file(), "`ipswich build` wrote no dist/index.html");
    Ok(said.lines().next().unwrap_or_default().to_owned())
}

/// Compiles the Worker and weighs it.
fn worker(project: &Project) -> Result<String> {
    let bundle = bundle(&project.tools()?)?;
    let weight = format!("{} kB gzipped", bundle.gzipped.div_ceil(1000));
    ensure!(
        bundle.gzipped <= WORKER_GZIP_MAX,
        "the Worker has {weight}; the limit is {} kB",
        WORKER_GZIP_MAX / 1000
    );
    Ok(weight)
}

/// What `wrangler deploy` would upload, from a fresh clone and for each environment.
fn dry_run(project: &Project) -> Result<String> {
    let tools = project.tools()?;
    let mut total = String::new();
    for environment in ["", "staging", "production"] {
        let said = gather(tools.wrangler().args(["deploy", "--dry-run", "--env", environment]))?;
        let upload = said.lines().find(|line| line.starts_with("Total Upload"));
        total = upload.with_context(|| format!("wrangler named no upload size:\n{said}"))?.to_owned();
    }
    Ok(total)
}

/// Real workerd, the real native host and a real browser.
fn end_to_end(project: &Project) -> Result<String> {
    let tools = project.tools()?;
    let chromium = chromium()?;
    let mut files: Vec<PathBuf> = std::fs::read_dir(project.root.join("tests/e2e"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    files.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    let mut node = tools.node();
    node.env("CHROMIUM", chromium).env("IPSWICH", project.ipswich()?);
    // One file at a time: each starts servers and a browser of its own.
    let said = gather(node.args(["--test", "--test-reporter=spec", "--test-concurrency=1"]).args(files))?;
    let passed = said.lines().find_map(|line| line.trim().strip_prefix("ℹ pass "));
    let passed =
        passed.and_then(|count| count.trim().parse().ok()).context("node --test named no number of tests")?;
    Ok(tests(passed))
}

/// Chromium by name, installed first if this is Debian and we may.
fn chromium() -> Result<PathBuf> {
    if let Some(found) = find_chromium() {
        return Ok(found);
    }
    let sudo = gather(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() != "0");
    let apt = |arguments: &[&str]| {
        let mut command = Command::new(if sudo { "sudo" } else { "apt-get" });
        if sudo {
            command.args(["--non-interactive", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        }
        gather(command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments))
    };
    eprintln!("installing Chromium with apt-get (runs the browser tests)");
    let installed = apt(&["update", "--quiet"])
        .and_then(|_| apt(&["install", "--quiet", "--yes", "--no-install-recommends", "chromium"]));
    match (find_chromium(), installed) {
        (Some(found), _) => Ok(found),
        (None, Err(error)) => Err(error.context(NO_CHROMIUM)),
        (None, Ok(_)) => bail!(NO_CHROMIUM),
    }
}

const NO_CHROMIUM: &str = "the browser tests need Chromium, and it could not be installed: install it, or set \
                           CHROMIUM to the path of a Chromium or Chrome";

fn find_chromium() -> Option<PathBuf> {
    if let Some(chosen) = std::env::var_os("CHROMIUM") {
        return Some(PathBuf::from(chosen));
    }
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    std::env::split_paths(&path)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|candidate| candidate.is_file())
}
