//! `ipswich completions`

use std::process::ExitCode;

use clap::{Command, ValueEnum};
use clap_complete::{generate, shells};

/// Arguments of `ipswich completions`.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  ipswich completions bash > ~/.local/share/bash-completion/completions/ipswich
  ipswich completions zsh > ~/.zfunc/_ipswich        (with ~/.zfunc in fpath, before compinit)
  ipswich completions fish > ~/.config/fish/completions/ipswich.fish")]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

#[derive(Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

/// Runs the command. `command` is the whole command line that is completed.
pub(crate) fn run(args: &Args, mut command: Command) -> ExitCode {
    let out = &mut std::io::stdout();
    match args.shell {
        Shell::Bash => generate(shells::Bash, &mut command, "ipswich", out),
        Shell::Zsh => generate(shells::Zsh, &mut command, "ipswich", out),
        Shell::Fish => generate(shells::Fish, &mut command, "ipswich", out),
    }
    ExitCode::SUCCESS
}
