//! Orders as the shop thinks of them, and how it words their state.

use ipswich_catalog::{Amount, Text};

use crate::checkout::Offline;
use crate::texts;
use crate::token::Id;

/// The id of an order, which opens its page: 128 bits, so nobody guesses one.
pub(crate) type OrderId = Id;

/// Where an order is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Goods are held, money is awaited.
    Pending,
    Paid,
    /// Sent, or fetched.
    Fulfilled,
    /// Not paid in time.
    Expired,
    Cancelled,
    Refunded,
}

impl State {
    /// All states, in the order staff sees them.
    pub(crate) const ALL: [State; 6] =
        [State::Pending, State::Paid, State::Fulfilled, State::Cancelled, State::Expired, State::Refunded];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Paid => "paid",
            State::Fulfilled => "fulfilled",
            State::Expired => "expired",
            State::Cancelled => "cancelled",
            State::Refunded => "refunded",
        }
    }

    /// Whether it ended without a payment.
    pub(crate) fn is_dead(self) -> bool {
        matches!(self, State::Expired | State::Cancelled)
    }

    pub(crate) fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// In words, for goods that are sent or fetched.
    pub(crate) fn text(self, collection: bool) -> &'static Text {
        match self {
            State::Pending => &texts::STATE_PENDING,
            State::Paid => &texts::STATE_PAID,
            State::Fulfilled if collection => &texts::STATE_COLLECTED,
            State::Fulfilled => &texts::STATE_SENT,
            State::Expired => &texts::STATE_EXPIRED,
            State::Cancelled => &texts::STATE_CANCELLED,
            State::Refunded => &texts::STATE_REFUNDED,
        }
    }

    /// The same for staff, who read English.
    pub(crate) fn title(self, collection: bool) -> &'static str {
        self.text(collection).english
    }
}

/// What happened to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventKind {
    Placed,
    Became(State),
}

impl EventKind {
    pub(crate) fn parse(text: &str) -> Option<EventKind> {
        if text == "placed" { Some(EventKind::Placed) } else { State::parse(text).map(EventKind::Became) }
    }
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Actor {
    Customer,
    Staff(String),
    Shop,
}

/// One thing that happened to an order.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) kind: EventKind,
    pub(crate) actor: Actor,
    /// A receipt or tracking number.
    pub(crate) detail: String,
    pub(crate) at: i64,
}

/// What was sold, as it was called then.
#[derive(Clone, Debug)]
pub(crate) struct OrderLine {
    pub(crate) sku: String,
    pub(crate) title: String,
    pub(crate) options: String,
    pub(crate) quantity: u32,
    pub(crate) unit: Amount,
    /// What promotions took off all pieces.
    pub(crate) discount: Amount,
    /// About how many days it takes, if not all of it was there.
    pub(crate) lead_days: Option<u32>,
}

/// A promotion that the order had.
#[derive(Clone, Debug)]
pub(crate) struct OrderPromotion {
    pub(crate) title: String,
    /// What it took off the goods; nothing for free delivery.
    pub(crate) discount: Amount,
}

/// Tax contained in the total at one rate.
#[derive(Clone, Debug)]
pub(crate) struct OrderTax {
    pub(crate) title: String,
    pub(crate) tax: Amount,
}

/// How the goods left.
#[derive(Clone, Debug)]
pub(crate) struct Shipment {
    pub(crate) carrier: String,
    pub(crate) tracking: String,
    pub(crate) at: i64,
}

/// An order in full.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) id: OrderId,
    pub(crate) number: String,
    pub(crate) state: State,
    pub(crate) offline: Option<Offline>,
    pub(crate) subtotal: Amount,
    pub(crate) discount: Amount,
    pub(crate) shipping: Amount,
    /// The tax that was added to the prices; nothing where they contained it.
    pub(crate) tax: Amount,
    pub(crate) total: Amount,
    /// The language it was placed in, if it is not the shop's own.
    pub(crate) language: Option<String>,
    pub(crate) shipping_title: String,
    pub(crate) collection: bool,
    pub(crate) expires_at: i64,
    pub(crate) placed_at: i64,
    pub(crate) email: String,
    /// Name and address, without the country.
    pub(crate) address: Vec<String>,
    /// ISO 3166 code; empty for collection.
    pub(crate) country: String,
    pub(crate) phone: String,
    pub(crate) note: String,
    pub(crate) lines: Vec<OrderLine>,
    pub(crate) taxes: Vec<OrderTax>,
    pub(crate) promotions: Vec<OrderPromotion>,
    pub(crate) shipment: Option<Shipment>,
    pub(crate) events: Vec<Event>,
}

impl Order {
    /// When the order came into a state, if it ever did.
    pub(crate) fn reached(&self, state: State) -> Option<i64> {
        self.events.iter().find(|event| event.kind == EventKind::Became(state)).map(|event| event.at)
    }
}

/// An order in a list.
#[derive(Clone, Debug)]
pub(crate) struct Summary {
    pub(crate) id: OrderId,
    pub(crate) number: String,
    pub(crate) state: State,
    pub(crate) placed_at: i64,
    pub(crate) pieces: u32,
    pub(crate) total: Amount,
    pub(crate) name: String,
    pub(crate) shipping_title: String,
    pub(crate) collection: bool,
}
