#!/usr/bin/env bash
# Compares the generator with others on the same catalog: same texts, same number of products.
#
#   SUITE=DIR tests/bench/compare.sh [N ...]        default: 1000 10000
#
# SUITE is the folder of the comparison (make_catalog.py, run.sh, bench.py). Its settings pass through: HUGO and ZOLA
# name the binaries, PEERS chooses among them, RUNS counts runs, WORK is the scratch folder. For each N it prints the
# table of the suite, two rows of builds into an output that is there (nothing changed, one product changed), and how
# long `ipswich dev` takes from a save to the served page.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
suite=${SUITE:?the folder of the comparison}
export WORK=${WORK:-$(dirname "$(mktemp -u)")/ipswich-bench}
mkdir -p "$WORK"
[ $# -gt 0 ] || set -- 1000 10000

cargo build --quiet --release --manifest-path "$root/Cargo.toml" -p ipswich
cargo build --quiet --manifest-path "$root/Cargo.toml" -p ipswich-tests --bin bench
target=${CARGO_TARGET_DIR:-$root/target}
ipswich=$target/release/ipswich

for n in "$@"; do
  catalog=$WORK/c$n
  content=$catalog/ipswich/content
  [ -d "$catalog/neutral" ] || python3 "$suite/make_catalog.py" "$n" "$catalog" --sites neutral,hugo,zola
  [ -d "$content" ] || "$target/debug/bench" convert "$catalog/neutral" "$catalog/ipswich"
  build="$ipswich build --quiet --root $root --content $content --out"
  OURS="$build {out}" "$suite/run.sh" "$n"
  again=$WORK/again-$$-$n
  row() { python3 "$suite/bench.py" --runs "${RUNS:-5}" --out "$again" "$@"; }
  echo
  echo "| into an output that is there | wall s, median (min-max) | CPU s | peak MiB | files | MB | other CPU s |"
  echo "| --- | --- | --- | --- | --- | --- | --- |"
  edit=$(find "$content/products" -name '*.md' | sort | sed -n 2p)
  # shellcheck disable=SC2086
  row --name 'one product changed' --rebuild "$edit" -- $build '{out}'
  # The suite gives each run its own output, so this one names it.
  sleep 1
  $build "$again"
  # shellcheck disable=SC2086
  row --name 'nothing changed' -- $build "$again"
  echo
  ln -sfn "$root/themes" "$catalog/ipswich/themes"
  python3 "$root/tests/bench/saves.py" --root "$catalog/ipswich" --ipswich "$ipswich"
  python3 "$root/tests/bench/saves.py" --root "$catalog/ipswich" --ipswich "$ipswich" --title
done
