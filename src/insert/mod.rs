//! What does the customer read? Wording, amounts and dates in her language, and the QR code.

pub mod address;
pub mod block;
pub mod budget;
pub mod design;
pub mod ink;
pub mod locale;
pub mod parcel;
pub mod qr;
pub mod template;
pub mod texts;
pub mod tone;

pub use address::Address;
pub use locale::Locale;
