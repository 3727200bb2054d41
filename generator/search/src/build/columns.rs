//! What products are sorted by, and the price ranges.

use super::Document;
use crate::bytes::Write;
use crate::index::DAY_ZERO;
use crate::suggest::phrase_of;

/// Ends of price ranges have one of these as their leading digits, times a power of ten.
const ROUND: [u64; 8] = [10, 15, 20, 25, 30, 40, 50, 75];

/// Writes the columns in the order the head has them.
pub(super) fn write(documents: &[Document<'_>], head: &mut Vec<u8>) {
    let days = documents.iter().map(|one| u64::try_from(one.published.saturating_add(DAY_ZERO)).unwrap_or(0));
    let mut prices: Vec<u64> = documents.iter().map(|one| one.card.price).collect();
    head.column(&prices);
    head.column(&days.collect::<Vec<_>>());
    head.column(&documents.iter().map(|one| u64::from(one.popularity)).collect::<Vec<_>>());
    head.column(&name_ranks(documents));
    prices.sort_unstable();
    head.column(&price_ends(&prices));
}

fn name_ranks(documents: &[Document<'_>]) -> Vec<u64> {
    let mut order: Vec<(String, usize)> =
        documents.iter().enumerate().map(|(number, one)| (phrase_of(&one.card.title), number)).collect();
    order.sort_unstable();
    let mut ranks = vec![0; documents.len()];
    for ((_, number), rank) in order.into_iter().zip(0..) {
        ranks[number] = rank;
    }
    ranks
}

/// Round prices that part the products in about five, in order.
fn price_ends(sorted: &[u64]) -> Vec<u64> {
    let mut ends: Vec<u64> =
        (1..5).filter_map(|fifth| sorted.get(sorted.len() * fifth / 5)).map(|p| round(*p)).collect();
    ends.dedup();
    let most = sorted.last().copied().unwrap_or(0);
    ends.retain(|end| *end > 0 && *end <= most);
    ends
}

/// The round number nearest to a price.
fn round(price: u64) -> u64 {
    let scale = 10_u64.pow(price.max(1).ilog10());
    let candidates = ROUND.iter().chain(&[100]).map(|digits| digits * scale / 10);
    candidates.min_by_key(|candidate| candidate.abs_diff(price)).unwrap_or(price)
}

#[cfg(test)]
mod tests {
    use super::{price_ends, round};

    #[test]
    fn ranges_end_at_round_prices() {
        assert_eq!((round(2399), round(1), round(999), round(8600)), (2500, 1, 1000, 7500));
        let prices: Vec<u64> = (1..=100).map(|n| n * 250).collect();
        assert_eq!(price_ends(&prices), [5000, 10000, 15000, 20000]);
        assert_eq!(price_ends(&[]), [0; 0]);
    }
}
