//! What the last build remembers, in a file beside the output (`.dist.build` for `dist`): what each file was made
//! from, and what the inputs looked like. Without it, or if it is damaged, a build does everything again.
//!
//! Two questions are answered by it:
//!
//! 1. Is nothing changed at all? Then all inputs and all files of the output have the size and the time that they had.
//! 2. Is a page what it would become? Then its [`Key`], a hash over its view, the templates and the generator, is the
//!    one it was made with, and the file has the size and the time that it had.
//!
//!
//! For pages and records that are many there is a quicker key, a hash over the texts of the few products that they
//! show and over everything that is no product: if that is the same, not even the view has to be made.
//!
//! A time that is too near to the build to tell two versions of a file apart is not trusted, so a file that is saved
//! twice in an instant is read again.

use std::collections::HashMap;
use std::fmt::Write;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use walkdir::WalkDir;

use crate::build::BuildReport;
use crate::output::relative;

/// Stands for everything a file was made from.
pub(crate) type Key = [u8; 16];

/// The key of files that are always made again.
pub(crate) const NO_KEY: Key = [0; 16];

/// The first line of the file.
const HEAD: &str = "ipswich build 3";

/// A file of the output as the last build left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Relative to the output folder, with forward slashes.
    pub(crate) path: String,
    /// The BLAKE3 hash of its bytes.
    pub(crate) hash: [u8; 32],
    /// Stands for its view, the templates and the generator.
    pub(crate) key: Key,
    /// Stands for the texts of the products that it is made from, and for the world.
    pub(crate) quick: Key,
    pub(crate) bytes: u64,
    /// When it was written, in nanoseconds since 1970.
    pub(crate) modified: u64,
}

impl Entry {
    /// Whether the file on disk is still that one.
    pub(crate) fn is(&self, found: &Metadata) -> bool {
        found.is_file() && found.len() == self.bytes && modified(found) == self.modified
    }

    /// The hash in hexadecimal digits.
    pub(crate) fn hash_text(&self) -> String {
        blake3::Hash::from_bytes(self.hash).to_hex().to_string()
    }
}

/// The first half of a hash.
pub(crate) fn key_of(hasher: &blake3::Hasher) -> Key {
    let mut key = NO_KEY;
    hasher.finalize_xof().fill(&mut key);
    key
}

/// What the last build remembers.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// Whether the output is what the entries say without looking.
    is_trusted: bool,
    inputs: Option<String>,
    report: BuildReport,
    entries: Vec<Entry>,
    by_path: HashMap<String, usize>,
}

impl Memory {
    /// Reads what the last build into this folder remembers.
    pub(crate) fn load(out: &Path) -> Memory {
        let read = file_of(out).and_then(|file| fs::read_to_string(file).ok());
        read.and_then(|text| Memory::parse(&text)).unwrap_or_default()
    }

    #[cfg(test)]
    pub(crate) fn of(entries: Vec<Entry>) -> Memory {
        Memory::new(None, BuildReport::default(), entries)
    }

    /// What this process has just written, where nobody else writes.
    pub(crate) fn trusted(entries: Vec<Entry>) -> Memory {
        Memory { is_trusted: true, ..Memory::new(None, BuildReport::default(), entries) }
    }

    /// Whether the output is what the entries say without looking.
    pub(crate) fn is_trusted(&self) -> bool {
        self.is_trusted
    }

    /// All that is known.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn new(inputs: Option<String>, report: BuildReport, entries: Vec<Entry>) -> Memory {
        let by_path = entries.iter().enumerate().map(|(index, entry)| (entry.path.clone(), index)).collect();
        Memory { is_trusted: false, inputs, report, entries, by_path }
    }

    fn parse(text: &str) -> Option<Memory> {
        let mut lines = text.lines();
        if lines.next()? != HEAD {
            return None;
        }
        let inputs = Some(lines.next()?).filter(|line| !line.is_empty()).map(str::to_owned);
        let report = serde_json::from_str(lines.next()?).ok()?;
        let entries = lines.map(parse_entry).collect::<Option<Vec<_>>>()?;
        Some(Memory::new(inputs, report, entries))
    }

    /// What is known of a file of the output.
    pub(crate) fn entry(&self, path: &str) -> Option<&Entry> {
        self.by_path.get(path).and_then(|index| self.entries.get(*index))
    }

    /// The report of the last build, if its inputs were these and its output is whole and nothing else is there.
    pub(crate) fn unchanged(&self, inputs: Option<&str>, out: &Path) -> Option<BuildReport> {
        if self.inputs.is_none() || self.inputs.as_deref() != inputs {
            return None;
        }
        let mut count = 0;
        for found in WalkDir::new(out).min_depth(1) {
            let found = found.ok()?;
            if found.file_type().is_dir() {
                continue;
            }
            let known = self.entry(&relative(out, found.path()))?;
            if !known.is(&found.metadata().ok()?) {
                return None;
            }
            count += 1;
        }
        (count == self.entries.len()).then(|| self.report.clone())
    }

    /// Remembers a build. That it could not be remembered only makes the next build slower.
    pub(crate) fn save(
        out: &Path,
        inputs: Option<&str>,
        report: &BuildReport,
        entries: &[Entry],
    ) -> Result<()> {
        let Some(file) = file_of(out) else { return Ok(()) };
        let mut text = format!("{HEAD}\n{}\n", inputs.unwrap_or(""));
        writeln!(text, "{}", serde_json::to_string(report)?)?;
        for entry in entries {
            let Entry { path, key, quick, bytes, modified, .. } = entry;
            let (key, quick) = (u128::from_be_bytes(*key), u128::from_be_bytes(*quick));
            writeln!(text, "{} {key:032x} {quick:032x} {bytes} {modified} {path}", entry.hash_text())?;
        }
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
    }
}

/// The file beside an output folder.
fn file_of(out: &Path) -> Option<PathBuf> {
    let name = out.file_name()?.to_string_lossy();
    Some(out.with_file_name(format!(".{name}.build")))
}

fn parse_entry(line: &str) -> Option<Entry> {
    let mut words = line.splitn(6, ' ');
    Some(Entry {
        hash: *blake3::Hash::from_hex(words.next()?).ok()?.as_bytes(),
        key: u128::from_str_radix(words.next()?, 16).ok()?.to_be_bytes(),
        quick: u128::from_str_radix(words.next()?, 16).ok()?.to_be_bytes(),
        bytes: words.next()?.parse().ok()?,
        modified: words.next()?.parse().ok()?,
        path: words.next()?.to_owned(),
    })
}

/// When a file was last written, in nanoseconds since 1970; 0 if the disk does not say.
pub(crate) fn modified(found: &Metadata) -> u64 {
    found.modified().map_or(0, nanoseconds)
}

fn nanoseconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).ok().and_then(|since| u64::try_from(since.as_nanos()).ok()).unwrap_or(0)
}

/// Stands for the generator itself: another build of it may make other pages from the same content. None if it
/// cannot be told.
pub(crate) fn generator() -> Option<String> {
    let found = fs::metadata(std::env::current_exe().ok()?).ok()?;
    Some(format!("{} {} {}", env!("CARGO_PKG_VERSION"), found.len(), modified(&found)))
}

/// Stands for all files below the folders, by path, size and time, and for the words. None if a file is so new that
/// its time does not tell its versions apart, or cannot be looked at.
pub(crate) fn inputs(folders: &[PathBuf], words: &str) -> Option<String> {
    let now = nanoseconds(SystemTime::now());
    let mut hasher = blake3::Hasher::new();
    hasher.update(generator()?.as_bytes());
    hasher.update(&(words.len() as u64).to_le_bytes()).update(words.as_bytes());
    for folder in folders {
        for found in WalkDir::new(folder).follow_links(true).sort_by_file_name() {
            let found = found.ok()?;
            if found.file_type().is_dir() {
                continue;
            }
            let about = found.metadata().ok()?;
            if !is_settled(&about, now) {
                return None;
            }
            let modified = modified(&about);
            hasher.update(found.path().as_os_str().as_encoded_bytes());
            hasher.update(&[0]).update(&about.len().to_le_bytes()).update(&modified.to_le_bytes());
        }
    }
    Some(hasher.finalize().to_hex().to_string())
}

/// Stands for a file, by path, size and time. None if it cannot be looked at.
pub(crate) fn state_of(path: &Path) -> Option<String> {
    let found = fs::metadata(path).ok()?;
    Some(format!("{} {} {}", path.display(), found.len(), modified(&found)))
}

/// Whether the time of a file tells its versions apart: it is no more of this instant.
pub(crate) fn settled(found: &Metadata) -> bool {
    is_settled(found, nanoseconds(SystemTime::now()))
}

fn is_settled(found: &Metadata, now: u64) -> bool {
    let modified = modified(found);
    modified.saturating_add(granularity(modified)) <= now
}

/// The time, in nanoseconds, within which a disk may give two versions of a file the same time. Disks that count
/// seconds or two are known by times without a fraction.
fn granularity(modified: u64) -> u64 {
    const SECOND: u64 = Duration::from_secs(1).as_nanos() as u64;
    if modified.is_multiple_of(SECOND) { 2 * SECOND } else { SECOND / 10 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_is_remembered() {
        let temp = tempfile::tempdir().unwrap();
        let out = temp.path().join("dist");
        let entry = Entry {
            path: "a b.html".into(),
            hash: [7; 32],
            key: [9; 16],
            quick: [8; 16],
            bytes: 3,
            modified: 5,
        };
        let report = BuildReport { pages: 2, release: "abc".into(), ..BuildReport::default() };
        Memory::save(&out, Some("x"), &report, std::slice::from_ref(&entry)).unwrap();
        let memory = Memory::load(&out);
        assert_eq!(memory.entry("a b.html"), Some(&entry));
        assert_eq!((memory.inputs.as_deref(), memory.report.pages), (Some("x"), 2));
        fs::write(temp.path().join(".dist.build"), "damaged").unwrap();
        assert_eq!(Memory::load(&out).entry("a b.html"), None);
    }

    #[test]
    fn a_file_of_this_instant_is_not_trusted() {
        let temp = tempfile::tempdir().unwrap();
        let (folder, file) = (vec![temp.path().to_owned()], temp.path().join("a"));
        fs::write(&file, "a").unwrap();
        assert_eq!(inputs(&folder, ""), None);
        let long_ago = UNIX_EPOCH + Duration::from_millis(1_234_567);
        fs::File::options().write(true).open(&file).unwrap().set_modified(long_ago).unwrap();
        let known = inputs(&folder, "GB");
        assert!(known.is_some() && known == inputs(&folder, "GB") && known != inputs(&folder, "DE"));
    }
}
