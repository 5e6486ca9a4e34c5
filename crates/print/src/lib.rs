//! Sets parcel inserts: [`layout`] says what goes where on the sheet, [`pdf`] draws it. No decision is made here: an
//! insert comes with every word, code and address, and none is added.

pub mod clean;
pub mod design;
pub mod face;
pub mod layout;
pub mod logo;
pub mod page;
pub mod pdf;
pub mod wrap;

pub use layout::{Look, lay_out};
pub use logo::Logo;
pub use pdf::{Booklet, Marks};
