//! The native host of the shop.
