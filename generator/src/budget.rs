//! What the output may weigh: the limits of the hosting plan, and the shop's own budget for a page.

use crate::content::settings::Budget;
use crate::output::{CopiedFile, OutputFile};
use crate::problem::Problem;

/// The largest file that Workers assets take, in bytes.
const FILE_BYTES_MAX: u64 = 25 * 1024 * 1024;

/// From which part of a limit on a warning is due, in percent.
const WARN_PERCENT: usize = 80;

/// Problems for everything beyond a limit, and warnings for what comes near the number of files.
/// `copied` are files that are not made but copied: pictures.
pub(crate) fn check(
    files: &[OutputFile],
    copied: &[CopiedFile],
    budget: &Budget,
) -> (Vec<Problem>, Vec<String>) {
    let (mut problems, mut warnings) = (Vec::new(), Vec::new());
    let mut refuse = |message: String, help: &str| {
        problems.push(Problem::of_file("content/shop.toml", message, help));
    };
    let made = files.iter().map(|file| (&file.path, file.bytes.len() as u64));
    for (path, bytes) in made.chain(copied.iter().map(|file| (&file.path, file.length))) {
        if bytes > FILE_BYTES_MAX {
            let message = format!("{path} has {bytes} bytes, and the host takes {FILE_BYTES_MAX}");
            refuse(message, "make the file smaller");
        }
    }
    for file in files {
        let bytes = file.bytes.len();
        if let Some(limit) = budget.html_kb
            && file.path.ends_with(".html")
            && bytes > limit * 1000
        {
            let message =
                format!("{} weighs {} kB, above the budget of {limit} kB", file.path, bytes.div_ceil(1000));
            refuse(message, "shorten the page, or raise html_kb in [budget]");
        }
    }
    let (count, limit) = (files.len() + copied.len(), budget.files);
    if count > limit {
        let message = format!("the site has {count} files, and the plan takes {limit}");
        refuse(
            message,
            "publish less, or change the plan and then files in [budget]: 20000 free, 100000 paid",
        );
    } else if count * 100 > limit * WARN_PERCENT {
        warnings.push(format!("the site has {count} files of the {limit} that the plan takes"));
    }
    (problems, warnings)
}
