//! What the generator and the shop agree on: money, names of things, tax and delivery tables, and the record
//! that the generator publishes and the shop reads.
//!
//! Pure: no I/O, no clock, no templates. `serde` is the only dependency.

pub mod amount;
pub mod currency;
pub mod headers;
pub mod locale;
pub mod message;
pub mod promotion;
pub mod published;
pub mod quantity;
pub mod settings;
pub mod shipping;
pub mod sku;
pub mod slug;
pub mod stock;
pub mod tax;

pub use amount::{Amount, AmountError};
pub use currency::{Currency, MoneyFormat};
pub use locale::{Locale, Plural};
pub use message::{Messages, Text};
pub use quantity::{Quantity, QuantityError};
pub use sku::{Sku, SkuError};
pub use slug::{Slug, SlugError};
pub use stock::{StockPolicy, StockState};
