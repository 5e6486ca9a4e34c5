//! Who brought whom, and who is owed? The programme of recommendations as a state machine: pure functions from what was
//! known, what happened and now to what is known, and what follows.
//!
//! ```text
//! shared -> claimed -> pending -> qualified -> rewarded -> reversed
//!              \----------\-----> rejected
//!               flagged: waits for somebody's word, then goes on or is rejected
//! ```
//!
//! What is told of an order are facts, not commands: they may come in any order and any number of times. Only time
//! ([`Event::Tick`]) makes a recommendation qualified, so nothing is granted before everything known has been heard.

mod event;
mod fraud;
mod machine;
mod person;
mod state;
mod terms;

pub use event::{Event, OrderFacts};
pub use fraud::{Evidence, Seen, Signal, SignalKind, Trait, Verdict, judge};
pub use machine::{Change, Context, Effect, Grant, Illegal, Side, Standing, step};
pub use person::Person;
pub use state::{Discount, Reason, Referral, State};
pub use terms::{Cap, Fraud, Milestone, Period, Reward, RewardKind, SelfReferral, Terms, Touch, Velocity};
