//! Waits for saves below `content/` and `themes/`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use anyhow::{Context, Result};
use notify_debouncer_full::notify::{RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

/// Editors write a file in several steps; what happens within this time is one save.
const SETTLE: Duration = Duration::from_millis(15);

/// The saves since the watch began.
pub(super) struct Changes {
    receiver: Receiver<Saved>,
    /// Ends the watch when it is dropped.
    _watch: Debouncer<RecommendedWatcher, RecommendedCache>,
}

/// What was saved.
#[derive(Debug, Default)]
pub(super) struct Saved {
    files: BTreeSet<PathBuf>,
    /// Whether something may have been missed.
    and_more: bool,
}

impl Saved {
    /// Adds what was saved later.
    pub(super) fn add(&mut self, later: Saved) {
        self.files.extend(later.files);
        self.and_more |= later.and_more;
    }

    /// Whether these are style sheets and nothing else. Nothing at all is not.
    pub(super) fn only_styles(&self) -> bool {
        let is_style = |file: &PathBuf| file.extension().is_some_and(|extension| extension == "css");
        !self.and_more && !self.files.is_empty() && self.files.iter().all(is_style)
    }

    fn is_empty(&self) -> bool {
        self.files.is_empty() && !self.and_more
    }
}

impl Changes {
    /// Begins to watch the project.
    pub(super) fn watch(root: &Path) -> Result<Changes> {
        let (sender, receiver) = channel();
        let on_events = move |result: DebounceEventResult| {
            let saved = saved(result);
            if !saved.is_empty() {
                // Nobody listens any more when the program ends.
                let _ = sender.send(saved);
            }
        };
        let mut watch = new_debouncer(SETTLE, None, on_events).context("cannot watch for saves")?;
        for folder in ["content", "themes"] {
            let folder = root.join(folder);
            watch
                .watch(&folder, RecursiveMode::Recursive)
                .with_context(|| format!("cannot watch {}", folder.display()))?;
        }
        Ok(Changes { receiver, _watch: watch })
    }

    /// Waits for the next save; `None` if there will be none.
    pub(super) fn wait(&self) -> Option<Saved> {
        let mut saved = self.receiver.recv().ok()?;
        while let Ok(more) = self.receiver.try_recv() {
            saved.add(more);
        }
        Some(saved)
    }
}

/// The files of some events. Reading is no change, and what the generator does not read is none either.
fn saved(result: DebounceEventResult) -> Saved {
    let Ok(events) = result else {
        // After an error something may have been missed.
        return Saved { and_more: true, ..Saved::default() };
    };
    let changes = events.iter().filter(|event| !event.kind.is_access());
    let mut saved = Saved::default();
    for event in changes {
        saved.and_more |= event.need_rescan() || event.paths.is_empty();
        saved.files.extend(event.paths.iter().filter(|path| is_content(path)).cloned());
    }
    saved
}

/// Whether it is no hidden file and no back-up copy of a text editor.
fn is_content(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    !(name.starts_with('.') || name.ends_with('~'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str]) -> Saved {
        Saved { files: paths.iter().map(PathBuf::from).collect(), and_more: false }
    }

    #[test]
    fn knows_when_only_styles_changed() {
        assert!(files(&["themes/t/static/css/site.css"]).only_styles());
        assert!(!files(&["themes/t/static/css/site.css", "content/home.md"]).only_styles());
        assert!(!files(&[]).only_styles());
        let mut missed = files(&["site.css"]);
        missed.add(Saved { and_more: true, ..Saved::default() });
        assert!(!missed.only_styles());
    }

    #[test]
    fn leaves_out_what_editors_write_beside() {
        assert!(is_content(Path::new("content/home.md")));
        assert!(!is_content(Path::new("content/.home.md.swp")) && !is_content(Path::new("content/home.md~")));
    }
}
