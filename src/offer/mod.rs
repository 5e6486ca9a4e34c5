//! What do we give, to whom, and why? From the merchant's program to one decision.

pub mod advise;
pub mod check;
pub mod decide;
pub mod decision;
mod defaults;
pub mod economics;
pub mod explain;
pub mod friend;
pub mod law;
pub mod plan;
pub mod policy;
pub mod program;
pub mod publish;
pub mod request;
mod rules;
mod say;
pub mod starter;
pub mod words;

pub use advise::{Adviser, PrivateDecision};
pub use decide::decide;
pub use decision::Decision;
pub use friend::{FriendOffer, FriendRequest, friend};
pub use policy::Policy;
pub use program::Program;
pub use publish::{PublishOptions, publish};
pub use request::Request;
pub use say::link;

#[cfg(test)]
mod tests;
