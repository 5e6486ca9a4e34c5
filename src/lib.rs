//! Zugabe: thanks the right customer in the right way at the right moment, and turns thanked customers into
//! recommenders.
//!
//! This crate is the core: no clock, no randomness, no I/O. `now`, seeds and keys are arguments, so the same input
//! gives the same bytes in a browser, a worker, Node and natively. The shells around it (`crates/wasm`, `crates/cli`)
//! convert and compose, they decide nothing.
//!
//! ```text
//! orders -> history -> score -> offer -> code -> page / parcel insert
//!                        |        |
//!                      model   program -> policy
//! ```
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod books;
pub mod bucket;
pub mod canonical;
pub mod code;
pub mod desk;
pub mod email;
pub mod insert;
pub mod issue;
pub mod map;
pub mod money;
pub mod offer;
pub mod order;
pub mod plug;
pub mod price;
pub mod referral;
pub mod reject;
pub mod run;
pub mod score;
pub mod service;
pub mod settle;
pub mod shop;
pub mod time;
pub mod word;
