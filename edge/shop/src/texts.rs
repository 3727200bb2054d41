//! What the shop says to shoppers, in English; other languages are in the messages of the theme, below `[shop]`.
//!
//! Pages of the staff are in English only, and so is what stands in the log.

use ipswich_catalog::Text;

macro_rules! texts {
    ($($name:ident = $key:literal: $english:literal $(| $one:literal)?;)*) => {
        $(pub(crate) const $name: Text = texts!(@one $key, $english $(, $one)?);)*

        /// All of them, for the check of a theme.
        pub const ALL: &[Text] = &[$($name),*];
    };
    (@one $key:literal, $english:literal) => { Text::new(concat!("shop.", $key), $english) };
    (@one $key:literal, $english:literal, $one:literal) => {
        Text::counting(concat!("shop.", $key), $one, $english)
    };
}

texts! {
    // Orders: their states, what happens next, and the ways to pay.
    STATE_PENDING = "state.pending": "Awaiting payment";
    STATE_HELD = "state.held": "Held for you";
    STATE_PAID = "state.paid": "Paid";
    STATE_SENT = "state.sent": "Sent";
    STATE_COLLECTED = "state.collected": "Collected";
    STATE_EXPIRED = "state.expired": "Expired";
    STATE_CANCELLED = "state.cancelled": "Cancelled";
    STATE_REFUNDED = "state.refunded": "Refunded";
    STATE_RECEIVED = "state.received": "Received";
    NEXT_HELD = "next.held":
        "Your goods are held in the shop. Pay when you collect them within {count} days."
        | "Your goods are held in the shop. Pay when you collect them within a day.";
    NEXT_READY = "next.ready": "As soon as your payment has arrived, we get your goods ready to be collected.";
    NEXT_PACK = "next.pack": "As soon as your payment has arrived, we pack your goods and send them.";
    NEXT_COLLECT = "next.collect": "Thank you for your payment. Your goods are ready to be collected.";
    NEXT_PACKING = "next.packing": "Thank you for your payment. We are packing your goods.";
    NEXT_COLLECTED = "next.collected": "You have collected your goods. Enjoy them.";
    NEXT_SENT = "next.sent": "Your goods are on their way.";
    NEXT_EXPIRED = "next.expired":
        "No payment arrived in time, so we no longer hold the goods. You are welcome to order again.";
    NEXT_CANCELLED = "next.cancelled": "This order was cancelled. There is nothing to pay.";
    NEXT_REFUNDED = "next.refunded": "Your money is on its way back to you.";
    SHIPS_LATER = "stock.ships_later": "Ships in about {count} days" | "Ships in about a day";
    PAY_TRANSFER = "pay.transfer": "Bank transfer";
    PAY_ON_COLLECTION = "pay.on_collection": "Pay on collection";
    PAY_NOTHING = "pay.nothing": "Nothing to pay";
    PAY_CARD = "pay.card": "Card";
    PAY_TRANSFER_NOTE = "pay.transfer_note":
        "Within {count} days, with the order number as reference."
        | "Within a day, with the order number as reference.";
    PAY_ON_COLLECTION_NOTE = "pay.on_collection_note": "By card or cash at the till, if you collect the goods.";

    // Subjects of mails.
    MAIL_RECEIVED = "mail.received": "Your order {number} at {shop}";
    MAIL_REMINDER = "mail.reminder": "Order {number} is waiting for your payment";
    MAIL_REMINDER_HELD = "mail.reminder_held": "Order {number} is waiting for you";
    MAIL_PAID = "mail.paid": "Your payment for order {number} has arrived";
    MAIL_COLLECTED = "mail.collected": "You have collected order {number}";
    MAIL_SENT = "mail.sent": "Order {number} is on its way";
    MAIL_EXPIRED = "mail.expired": "Order {number} has expired";
    MAIL_BACK = "mail.back": "{title} is back";
    MAIL_CANCELLED = "mail.cancelled": "Order {number} is cancelled";

    // Titles of pages and links.
    TITLE_CART = "title.cart": "Cart";
    TITLE_CHECKOUT = "title.checkout": "Checkout";
    TITLE_ORDER = "title.order": "Order {number}";
    TITLE_ORDERS = "title.orders": "Your orders";
    TITLE_SIGN_IN = "title.sign_in": "Sign in";
    TITLE_REGISTER = "title.register": "Make an account";
    TITLE_NOTIFY = "title.notify": "Tell me when it is back";
    TITLE_NOTIFY_STOP = "title.notify_stop": "No mail about these goods";
    TO_SHOP = "to.shop": "To the shop";
    TO_CART = "to.cart": "To your cart";
    TO_ORDER = "to.order": "See the order";
    TO_NOTIFY = "to.notify": "Tell me when it is back";
    TO_CHECKOUT = "to.checkout": "Start a new checkout";
    BACK_TO = "to.back": "Back to {title}";

    // Accounts.
    SIGNED_OUT = "account.signed_out": "You are signed out.";
    WRONG_PASSWORD = "account.wrong": "E-mail and password do not fit together.";
    TOO_MANY_TRIES = "account.tries":
        "There were too many tries with this e-mail. Try again in {count} minutes."
        | "There were too many tries with this e-mail. Try again in 1 minute.";
    ACCOUNT_REFUSED = "account.refused":
        "An account cannot be made with this e-mail address. If it is yours, sign in.";

    // The cart.
    CART_MERGED = "cart.merged": "We put your saved cart and this one together.";
    CART_SHORTENED = "cart.shortened":
        "We put your saved cart and this one together. Of some goods there is less than that, so the cart holds what is left.";
    CART_UNKNOWN_STOCK = "cart.unknown_stock":
        "We cannot check at the moment whether everything is in stock. Your cart is safe; checkout will be back shortly.";
    CART_TOO_MUCH = "cart.too_much": "This cart is more than our till can count. Please remove something.";
    LINE_GONE = "cart.line_gone": "We no longer sell this. Remove it to check out.";
    LINE_SOLD_OUT = "cart.line_sold_out": "Sold out. Remove it to check out.";
    LINE_LEFT = "cart.line_left":
        "Only {count} left. Lower the quantity to check out." | "Only 1 left. Lower the quantity to check out.";
    SOLD_OUT = "cart.sold_out": "{title} is sold out.";
    ONLY_LEFT = "cart.left":
        "Only {count} pieces of {title} are left." | "Only 1 piece of {title} is left.";
    IN_CART = "cart.in_cart": "You have {quantity} in your cart already.";
    NOT_CHANGED = "cart.not_changed": "Nothing was changed.";
    NOT_ADDED = "cart.not_added": "Nothing was added.";
    NOT_ADDED_TO_CART = "cart.not_added_to_cart": "Nothing was added to your cart.";
    NOT_SOLD_TITLE = "cart.not_sold_title": "We do not sell this";
    NOT_SOLD = "cart.not_sold":
        "This product is not, or no longer, in the shop. Nothing was added to your cart.";
    NOT_IN_CART_TITLE = "cart.not_in_cart_title": "This is not in your cart";
    NOT_IN_CART = "cart.not_in_cart": "It may have been removed in another window. Nothing was changed.";
    HOW_MANY = "cart.how_many": "How many would you like?";
    QUANTITY_NOT_WHOLE = "cart.quantity_not_whole": "Enter the quantity as a whole number.";
    QUANTITY_ZERO = "cart.quantity_zero": "Enter a quantity of at least 1.";
    QUANTITY_TOO_MANY = "cart.quantity_too_many": "Enter a quantity of at most {most}.";
    CART_FULL_TITLE = "cart.full_title": "Your cart is full";
    CART_FULL = "cart.full":
        "A cart holds {most} different products. Check out with these first, or remove one, and then add {title}.";
    NOT_THAT_MANY = "cart.not_that_many": "We do not have that many";
    SOLD_OUT_TITLE = "cart.sold_out_title": "Sold out";
    TOO_MUCH_TITLE = "cart.too_much_title": "This is more than our till can count";
    TOO_MUCH = "cart.too_much_to_add": "Please write to us for an order of this size. Nothing was changed.";

    // Telling somebody when goods are back.
    NOTIFY_UNKNOWN = "notify.unknown": "This product is not, or no longer, in the shop.";
    NOTIFY_TRIES = "notify.tries":
        "There were too many wishes in a short time. Try again in {count} minutes."
        | "There were too many wishes in a short time. Try again in 1 minute.";

    // Checkout.
    NO_DELIVERY = "checkout.no_delivery":
        "We have no way of delivery for these goods to this country. Please write to us.";
    PRICES_CHANGED = "checkout.prices_changed":
        "The total has changed since you opened this page. Please look at it and place the order again.";
    JUST_SOLD = "checkout.just_sold":
        "Something in your cart has just been sold. Nothing was ordered. Please look at the marked lines.";
    SENT_BEFORE_TITLE = "checkout.sent_before_title": "You have sent this form before";
    SENT_BEFORE = "checkout.sent_before":
        "This form has already been used for order {number}. If you want to order again, start a new checkout.";
    ORDERED_BEFORE_TITLE = "checkout.ordered_before_title": "You have ordered this cart already";
    ORDERED_BEFORE = "checkout.ordered_before":
        "These goods are in order {number} already. Check out again only if you want them a second time.";
    CHOOSE_COUNTRY = "checkout.choose_country": "Choose a country from the list.";
    CHOOSE_DELIVERY = "checkout.choose_delivery": "Choose how the goods reach you.";
    CHOOSE_PAYMENT = "checkout.choose_payment": "Choose how you would like to pay.";
    PAY_ELSEWHERE = "checkout.pay_elsewhere":
        "You can pay on collection only if you collect the goods. Choose collection, or another way to pay.";

    // Fields of forms: what they ask for, and what is wrong.
    YOUR_EMAIL = "field.email": "your e-mail address";
    YOUR_NAME = "field.name": "your name";
    YOUR_LINE1 = "field.line1": "your house number and street";
    YOUR_LINE2 = "field.line2": "the second line of your address";
    YOUR_CITY = "field.city": "your town or city";
    YOUR_POSTCODE = "field.postcode": "your postcode";
    YOUR_PHONE = "field.phone": "your phone number";
    YOUR_NOTE = "field.note": "your note";
    A_PASSWORD = "field.password": "a password";
    FIELD_MISSING = "field.missing": "Enter {what}.";
    FIELD_TOO_LONG = "field.too_long": "Shorten {what} to {most} characters.";
    FIELD_CONTROL = "field.control": "Enter {what} on one line, in plain characters.";
    FIELD_EMAIL = "field.wrong_email": "Enter an e-mail address such as name@example.com.";
    FIELD_POSTCODE = "field.wrong_postcode": "Enter a UK postcode such as IP1 1XF.";
    FIELD_PHONE = "field.wrong_phone": "Enter a phone number with digits only, or leave this empty.";
    PASSWORD_SHORT = "field.password_short": "Choose a password of at least 8 characters.";
    PASSWORD_LONG = "field.password_long": "Choose a password of at most 200 characters.";
    PASSWORD_COMMON = "field.password_common":
        "This password is on the lists that attackers try first. Choose another one.";

    // Answers that are not the page that was asked for.
    NOT_FOUND_TITLE = "error.not_found_title": "Page not found";
    NOT_FOUND = "error.not_found": "There is nothing at this address.";
    METHOD_TITLE = "error.method_title": "This page cannot do that";
    METHOD = "error.method": "Open the page again and use the form on it.";
    FOREIGN_TITLE = "error.foreign_title": "We could not accept this form";
    FOREIGN = "error.foreign":
        "It did not come from a page of this shop. Open the page again and send the form from there.";
    TOO_LARGE_TITLE = "error.too_large_title": "That was too much";
    TOO_LARGE = "error.too_large": "The form is larger than any of ours. Shorten it and send it again.";
    STRANGE_TITLE = "error.strange_title": "We did not understand this form";
    STRANGE = "error.strange": "Open the page again and send the form from there.";
    SIGN_IN_FIRST_TITLE = "error.sign_in_title": "Please sign in";
    SIGN_IN_FIRST = "error.sign_in": "This page is for you alone.";
    UNAVAILABLE_TITLE = "error.unavailable_title": "We cannot do this at the moment";
    UNAVAILABLE = "error.unavailable":
        "Part of the shop does not answer. Nothing was changed and your cart is safe. Please try again in a minute.";
    BROKEN_TITLE = "error.broken_title": "Something went wrong";
    BROKEN = "error.broken":
        "This is our mistake and we have a record of it. Nothing was charged. Please try again.";

    // The search.
    SEARCH = "search.title": "Search";
    SEARCH_FOR = "search.title_for": "Search: {words}";
    SEARCH_CORRECTED = "search.corrected": "These are the results for {words}.";
    SEARCH_DROPPED = "search.dropped": "Nothing has all of your words. Left out: {words}.";
    SEARCH_IGNORED = "search.ignored": "There is no such filter here, so it was left out: {names}.";
    SEARCH_QUOTED = "search.quoted": "“{word}”";
    SEARCH_BRAND = "search.brand": "Brand";
    SEARCH_DEPARTMENT = "search.department": "Department";
    SEARCH_PRICE = "search.price": "Price";
    SORT_BEST = "search.sort_best": "Best match";
    SORT_PRICE_UP = "search.sort_price_up": "Price, low to high";
    SORT_PRICE_DOWN = "search.sort_price_down": "Price, high to low";
    SORT_NEWEST = "search.sort_newest": "Newest first";
    SORT_NAME = "search.sort_name": "Name";
}
