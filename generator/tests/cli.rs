//! The command line as programs and people meet it: exit codes, what is said where, help and completion.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// The project that this package is part of, which has no mistakes.
fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn ipswich(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ipswich"));
    command.current_dir(folder).args(arguments).output().expect("the program runs")
}

/// The exit code of a run in the project.
fn code(arguments: &[&str]) -> Option<i32> {
    ipswich(&project(), arguments).status.code()
}

fn said(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    (text(&output.stdout), text(&output.stderr))
}

/// A project whose settings are not TOML.
fn broken() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    std::fs::create_dir_all(folder.path().join("themes")).expect("a folder");
    std::fs::create_dir_all(folder.path().join("content")).expect("a folder");
    std::fs::write(folder.path().join("content/shop.toml"), "name = Shop\n").expect("a file");
    folder
}

#[test]
fn zero_means_done() {
    let checked = ipswich(&project(), &["check"]);
    assert_eq!(checked.status.code(), Some(0));
    assert!(said(&checked).0.starts_with("No mistakes: "), "{checked:?}");
    for quiet in ["--quiet", "-q"] {
        let checked = ipswich(&project(), &["check", quiet]);
        assert_eq!((checked.status.code(), said(&checked)), (Some(0), (String::new(), String::new())));
    }
}

#[test]
fn one_means_mistakes() {
    let folder = broken();
    for command in ["build", "check", "export"] {
        let output = ipswich(folder.path(), &[command]);
        let (out, err) = said(&output);
        assert_eq!((output.status.code(), out.as_str()), (Some(1), ""), "{command}");
        assert!(err.starts_with("content/") && err.contains("content/shop.toml:1:8"), "{command}: {err}");
    }
    let output = ipswich(folder.path(), &["check", "--format", "json", "--quiet"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).0.starts_with("{\"problems\":["), "{output:?}");
    std::fs::write(folder.path().join("export.csv"), "a,b\n").expect("a file");
    let settings = project().join("content/shop.toml");
    std::fs::copy(settings, folder.path().join("content/shop.toml")).expect("settings");
    let output = ipswich(folder.path(), &["import", "shopify", "export.csv"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

#[test]
fn two_means_wrong_use() {
    assert_eq!(code(&["chek"]), Some(2));
    assert_eq!(code(&["check", "--formt", "json"]), Some(2));
    assert_eq!(code(&["check", "--date", "tomorrow"]), Some(2));
    assert_eq!(code(&["check", "--base-url", "shop.example"]), Some(2));
    assert_eq!(code(&["import", "shopify", "export.csv", "--tax", "none-such", "--dry-run"]), Some(2));
    assert_eq!(code(&["completions", "cmd"]), Some(2));
    assert_eq!(code(&[]), Some(2));
}

#[test]
fn three_means_that_it_could_not_be_done() {
    let nowhere = TempDir::new().expect("a folder");
    for arguments in [&["check"] as &[&str], &["build"], &["export"], &["serve"], &["new", "product", "Mug"]]
    {
        let output = ipswich(nowhere.path(), arguments);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {output:?}");
        assert!(said(&output).1.starts_with("error: "), "{output:?}");
    }
    assert_eq!(code(&["check", "--since", "nowhere.json"]), Some(3));
    assert_eq!(code(&["import", "shopify", "nowhere.csv", "--dry-run"]), Some(3));
}

#[test]
fn help_is_worth_reading() {
    let (help, _) = said(&ipswich(&project(), &["--help"]));
    insta::assert_snapshot!(help);
    for command in ["build", "check", "import", "export", "new", "serve", "staff", "completions"] {
        let (help, _) = said(&ipswich(&project(), &[command, "--help"]));
        assert!(help.contains("Examples:"), "{command}: {help}");
        assert!(command == "completions" || help.contains("Exit codes: 0 "), "{command}: {help}");
    }
}

#[test]
fn shells_complete_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let output = ipswich(&project(), &["completions", shell]);
        let (script, _) = said(&output);
        assert_eq!(output.status.code(), Some(0));
        for word in ["import", "completions", "allow-vanished"] {
            assert!(script.contains(word), "{shell} does not know {word}");
        }
    }
}
