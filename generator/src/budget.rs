//! What the output may weigh: the limits of the hosting plan, and the shop's own budget for a page.

use crate::content::settings::Budget;
use crate::memory::Entry;
use crate::problem::Problem;

/// The largest file that Workers assets take, in bytes.
const FILE_BYTES_MAX: u64 = 25 * 1024 * 1024;

/// From which part of a limit on a warning is due, in percent.
const WARN_PERCENT: usize = 80;

/// Problems for everything beyond a limit, and warnings for what comes near the number of files.
pub(crate) fn check(files: &[Entry], budget: &Budget) -> (Vec<Problem>, Vec<String>) {
    let (mut problems, mut warnings) = (Vec::new(), Vec::new());
    let mut refuse = |message: String, help: &str| {
        problems.push(Problem::of_file("content/shop.toml", message, help));
    };
    for file in files {
        let bytes = file.bytes;
        if bytes > FILE_BYTES_MAX {
            let message = format!("{} has {bytes} bytes, and the host takes {FILE_BYTES_MAX}", file.path);
            refuse(message, "make the file smaller");
        }
        if let Some(limit) = budget.html_kb
            && file.path.ends_with(".html")
            && bytes > limit as u64 * 1000
        {
            let message =
                format!("{} weighs {} kB, above the budget of {limit} kB", file.path, bytes.div_ceil(1000));
            refuse(message, "shorten the page, or raise html_kb in [budget]");
        }
    }
    let (count, limit) = (files.len(), budget.files);
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
