//! What is written, kept and removed.

use super::*;

fn write(out: &Path, memory: &Memory, files: &[(&str, &str)]) -> Result<(Written, Vec<Entry>)> {
    let output = Output::open(out, memory)?;
    for (path, text) in files {
        output.put(OutputFile { path: (*path).into(), bytes: (*text).into() })?;
    }
    let entries = output.entries();
    Ok((output.finish(&entries)?, entries))
}

#[test]
fn writes_what_changed_and_removes_what_is_left() {
    let temp = tempfile::tempdir().unwrap();
    let out = temp.path().join("dist");
    let first = [(RELEASE_PATH, "1"), ("a.html", "a"), ("old/b.html", "b")];
    let (written, entries) = write(&out, &Memory::default(), &first).unwrap();
    assert_eq!(written, Written { changed: 3, removed: 0 });
    for memory in [Memory::default(), Memory::of(entries)] {
        assert_eq!(write(&out, &memory, &first).unwrap().0, Written::default());
    }
    let second = [(RELEASE_PATH, "2"), ("a.html", "a")];
    let written = write(&out, &Memory::default(), &second).unwrap().0;
    assert_eq!(written, Written { changed: 1, removed: 1 });
    assert!(!out.join("old").exists() && !out.join(STAGING).exists());
}

#[test]
fn a_file_can_become_a_folder_and_the_other_way_round() {
    let temp = tempfile::tempdir().unwrap();
    let out = temp.path().join("dist");
    write(&out, &Memory::default(), &[(RELEASE_PATH, "1"), ("a", "a"), ("b/c", "c")]).unwrap();
    write(&out, &Memory::default(), &[(RELEASE_PATH, "2"), ("a/c", "c"), ("b", "b")]).unwrap();
    assert_eq!(fs::read_to_string(out.join("a/c")).unwrap(), "c");
    assert_eq!(fs::read_to_string(out.join("b")).unwrap(), "b");
}

#[test]
fn an_abandoned_output_leaves_no_trace() {
    let temp = tempfile::tempdir().unwrap();
    let out = temp.path().join("dist");
    let memory = Memory::default();
    let output = Output::open(&out, &memory).unwrap();
    output.put(OutputFile { path: "a.html".into(), bytes: "a".into() }).unwrap();
    output.abandon().unwrap();
    assert!(!out.exists());
}

#[test]
fn leaves_folders_of_others_alone() {
    let temp = tempfile::tempdir().unwrap();
    fs::write(temp.path().join("letter.txt"), "dear").unwrap();
    let error = write(temp.path(), &Memory::default(), &[("a.html", "a")]).unwrap_err();
    assert!(error.to_string().contains("no earlier output"), "{error}");
    assert!(temp.path().join("letter.txt").exists() && !temp.path().join("a.html").exists());
}

#[test]
fn a_build_that_was_cut_short_is_completed() {
    let temp = tempfile::tempdir().unwrap();
    let staging = temp.path().join(STAGING);
    fs::create_dir(&staging).unwrap();
    fs::write(staging.join("0"), "half").unwrap();
    fs::write(temp.path().join("a.html"), "a").unwrap();
    let files = [("b.html", "b"), (RELEASE_PATH, "1")];
    let written = write(temp.path(), &Memory::default(), &files).unwrap().0;
    assert_eq!(written, Written { changed: 2, removed: 1 });
    assert!(!staging.exists());
}
