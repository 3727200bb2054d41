//! Waits for saves below `content/` and `themes/`.

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use anyhow::{Context, Result};
use notify_debouncer_full::notify::{RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

/// Editors write a file in several steps; what happens within this time is one save.
const SETTLE: Duration = Duration::from_millis(30);

/// The saves since the watch began.
pub(super) struct Changes {
    receiver: Receiver<()>,
    /// Ends the watch when it is dropped.
    _watch: Debouncer<RecommendedWatcher, RecommendedCache>,
}

impl Changes {
    /// Begins to watch the project.
    pub(super) fn watch(root: &Path) -> Result<Changes> {
        let (sender, receiver) = channel();
        let on_events = move |result: DebounceEventResult| {
            // Reading is no change. After an error something may have been missed, so it counts as one.
            let changed = result.map_or(true, |events| events.iter().any(|event| !event.kind.is_access()));
            if changed {
                // Nobody listens any more when the program ends.
                let _ = sender.send(());
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

    /// Waits for the next save; `false` if there will be none.
    pub(super) fn wait(&self) -> bool {
        let saved = self.receiver.recv().is_ok();
        while self.receiver.try_recv().is_ok() {}
        saved
    }
}
