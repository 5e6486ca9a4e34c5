//! What follows when something happens? The one function that changes a recommendation.

use serde::{Deserialize, Serialize};

use super::event::{Event, OrderFacts};
use super::fraud::{Evidence, Signal, SignalKind, Verdict, judge};
use super::state::{Discount, Reason, Referral, State};
use super::terms::{Reward, RewardKind, SelfReferral, Terms};
use crate::money::Minor;
use crate::time::Instant;
use crate::time::zone::DayCut;
use crate::word::words;

words! {
    /// Why an event is refused: it does not fit the state. Nothing has changed then.
    Illegal as "RecommendationIllegal" {
        /// A claim begins with a code that was passed on.
        NotShared = "not_shared",
        /// Nobody has come with this code.
        NotClaimed = "not_claimed",
        /// An order is there already: whose recommendation it was is settled.
        AlreadyOrdered = "already_ordered",
        /// It waits for nobody's word.
        NotFlagged = "not_flagged",
        /// It was rejected or reversed: that is final.
        Final = "final",
    }
}

words! {
    /// Whose reward it is.
    Side as "RecommendationSide" {
        /// The one who recommends.
        Referrer = "referrer",
        /// The friend.
        Friend = "friend",
        /// The one who recommends, for a certain friend.
        Step = "step",
    }
}

/// A reward that is granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "RecommendationGrant"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Grant {
    /// Its id.
    pub reward: String,
    /// Whose.
    pub side: Side,
    /// For which friend, where it is one for a certain friend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub friends: Option<u32>,
    /// What.
    pub what: Reward,
}

/// What follows from a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "RecommendationEffect"))]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Effect {
    /// Somebody has to look at it.
    Flag,
    /// A reward is granted.
    Grant {
        /// Which.
        grant: Grant,
    },
    /// Every reward for the order is taken back: an entry, nothing is deleted.
    ClawBack {
        /// The order.
        order: String,
        /// Why.
        reason: Reason,
    },
}

/// What the books say of the one who recommends, for rewards.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// Friends that were rewarded and stand.
    pub rewarded: i64,
    /// Those of them in the period of the cap.
    pub in_period: i64,
    /// What is left in the budget, in minor units; absent where there is no such budget.
    pub budget: Option<Minor>,
    /// For which friends a reward of its own stands already.
    pub steps: Vec<u32>,
}

/// All that a decision depends on beside the recommendation itself.
#[derive(Debug)]
pub struct Context<'a> {
    /// The terms.
    pub terms: &'a Terms,
    /// Where the shop's days begin.
    pub days: &'a DayCut,
    /// What the books know of others.
    pub evidence: &'a Evidence,
    /// What they know of the one who recommends. Only [`Event::Tick`] reads it.
    pub standing: &'a Standing,
}

/// A recommendation afterwards, and what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The recommendation.
    pub referral: Referral,
    /// What follows.
    pub effects: Vec<Effect>,
}

/// What an event makes of a recommendation. Where it tells nothing new, nothing changes and nothing follows.
///
/// # Errors
/// [`Illegal`] where the event does not fit the state.
pub fn step(context: &Context<'_>, before: &Referral, event: &Event, now: Instant) -> Result<Change, Illegal> {
    let mut after = Change { referral: before.clone(), effects: Vec::new() };
    let it = &mut after.referral;
    match event {
        Event::Claim { id, friend, new_friend } => {
            if it.state != State::Shared {
                return Err(Illegal::NotShared);
            }
            it.id.clone_from(id);
            it.friend = Some(friend.clone());
            it.new_friend = *new_friend;
            it.claimed_at = Some(now);
            it.state = State::Claimed;
            consider(context, &mut after);
        }
        Event::Follow { code, referrer } => {
            match it.state {
                State::Shared => return Err(Illegal::NotClaimed),
                state if state.is_final() => return Err(Illegal::Final),
                State::Claimed | State::Flagged if it.is_open() => {}
                _ => return Err(Illegal::AlreadyOrdered),
            }
            if it.code != *code {
                it.code.clone_from(code);
                it.referrer = referrer.clone();
                it.claimed_at = Some(now);
                it.order = None;
                it.cleared.clear();
                consider(context, &mut after);
            }
        }
        Event::Order { facts, friend, new_friend } => {
            if it.state == State::Shared {
                return Err(Illegal::NotClaimed);
            }
            if it.state.is_final() {
                // News of what is final changes nothing; that there was an order is written down once.
                if it.order.is_none() && facts.paid_at.is_some() {
                    it.order = Some(facts.clone());
                }
            } else if hear(it, facts) {
                if let Some(known) = &mut it.friend {
                    known.learn(friend);
                }
                // Who was known once is not new, whoever says so later.
                it.new_friend = match (it.new_friend, *new_friend) {
                    (Some(a), Some(b)) => Some(a && b),
                    (a, b) => a.or(b),
                };
                consider(context, &mut after);
            }
        }
        Event::Tick => {
            if it.state == State::Shared {
                return Err(Illegal::NotClaimed);
            }
            pass(context, &mut after, now);
        }
        Event::Approve => match it.state {
            State::Flagged => {
                it.cleared = it.signals.iter().map(|signal| signal.kind).collect();
                consider(context, &mut after);
            }
            state if state.is_final() => return Err(Illegal::Final),
            _ if it.cleared.is_empty() => return Err(Illegal::NotFlagged),
            _ => {}
        },
        Event::Void => match (it.state, it.reason) {
            (State::Flagged, _) => reject(it, Reason::Voided),
            (State::Rejected, Some(Reason::Voided)) => {}
            (state, _) if state.is_final() => return Err(Illegal::Final),
            _ => return Err(Illegal::NotFlagged),
        },
    }
    Ok(after)
}

/// Takes facts about the friend's order; whether they are about the order that counts. The first one that is paid does;
/// one that was given up before may be followed by another.
fn hear(it: &mut Referral, facts: &OrderFacts) -> bool {
    match &mut it.order {
        Some(order) if order.id == facts.id => order.learn(facts),
        Some(order) if order.paid_at.is_some() => return false,
        order => *order = Some(facts.clone()),
    }
    true
}

fn reject(it: &mut Referral, reason: Reason) {
    it.state = State::Rejected;
    it.reason = Some(reason);
}

/// Why the order is none that counts, by what is known of it.
fn fault(terms: &Terms, it: &Referral, order: &OrderFacts) -> Option<Reason> {
    let late = || order.paid_at > it.claim_ends(terms);
    let foreign = || order.currency.is_some() && terms.currency.is_some() && order.currency != terms.currency;
    if it.new_friend == Some(false) && !terms.known_friends {
        Some(Reason::NotNew)
    } else if late() {
        Some(Reason::ClaimExpired)
    } else if foreign() {
        Some(Reason::CurrencyMismatch)
    } else if order.other_code && terms.alone {
        Some(Reason::OtherCode)
    } else if !terms.keeps(order.total, 0) {
        Some(Reason::BelowMinimum)
    } else {
        undone(terms, order)
    }
}

/// Why an order that counted does not count any more: all that takes back what was earned, whatever else is known.
fn undone(terms: &Terms, order: &OrderFacts) -> Option<Reason> {
    if order.cancelled_at.is_some() {
        Some(Reason::Cancelled)
    } else if order.refunded > 0 && !terms.keeps(order.total, order.refunded) {
        Some(Reason::Refunded)
    } else {
        None
    }
}

/// Looks at everything that is known. Never grants anything.
fn consider(context: &Context<'_>, change: &mut Change) {
    let terms = context.terms;
    let it = &mut change.referral;
    let paid = it.order.clone().filter(|order| order.paid_at.is_some());
    match it.state {
        State::Claimed | State::Pending | State::Flagged => {
            let was_flagged = it.state == State::Flagged;
            it.signals = judge(it, terms, context.evidence);
            it.reason = None;
            if let Some(refused) = it.signals.iter().find(|signal| signal.verdict == Verdict::Refuse) {
                let own = refused.kind != SignalKind::Loop;
                if !own || terms.self_referral == SelfReferral::Both {
                    it.discount = Discount::Refused;
                }
                return reject(it, if own { Reason::SelfReferral } else { Reason::Loop });
            }
            if it.new_friend == Some(false) && !terms.known_friends {
                it.discount = Discount::Refused;
                return reject(it, Reason::NotNew);
            }
            if let Some(reason) = paid.as_ref().and_then(|order| fault(terms, it, order)) {
                return reject(it, reason);
            }
            if weight(&it.signals, &it.cleared) >= terms.fraud.review_at.unwrap_or(50) {
                it.state = State::Flagged;
                it.reason = Some(Reason::Suspicious);
                if !was_flagged {
                    change.effects.push(Effect::Flag);
                }
            } else {
                it.state = if paid.is_some() { State::Pending } else { State::Claimed };
            }
        }
        State::Qualified | State::Rewarded => {
            let Some(order) = paid else { return };
            let Some(reason) = undone(terms, &order) else { return };
            if it.state == State::Rewarded {
                it.state = State::Reversed;
                it.reason = Some(reason);
                change.effects.push(Effect::ClawBack { order: order.id, reason });
            } else {
                reject(it, reason);
            }
        }
        State::Shared | State::Rejected | State::Reversed => {}
    }
}

/// What weighs, beside what somebody has looked at.
fn weight(signals: &[Signal], cleared: &[SignalKind]) -> u32 {
    signals.iter().filter(|signal| !cleared.contains(&signal.kind)).map(|signal| signal.weight).sum()
}

/// Time has passed.
fn pass(context: &Context<'_>, change: &mut Change, now: Instant) {
    let terms = context.terms;
    let it = &mut change.referral;
    let paid = it.order.as_ref().is_some_and(|order| order.paid_at.is_some());
    if matches!(it.state, State::Claimed | State::Flagged) && !paid {
        if it.claim_ends(terms).is_some_and(|ends| now > ends) {
            reject(it, Reason::ClaimExpired);
        }
        return;
    }
    let due = it.due_at(terms).is_some_and(|due| now >= due);
    if it.state == State::Pending && due {
        // Once more, with all that has become known of others since.
        consider(context, change);
        if change.referral.state == State::Pending {
            change.referral.state = State::Qualified;
            reward(context, change);
        }
    } else if it.state == State::Qualified && it.reason == Some(Reason::BudgetExhausted) {
        reward(context, change);
    }
}

/// Grants what is owed, if cap and budget have room.
fn reward(context: &Context<'_>, change: &mut Change) {
    let (terms, standing) = (context.terms, context.standing);
    let it = &mut change.referral;
    let mut grants = Vec::new();
    let mut grant = |side: Side, friends: Option<u32>, what: &Reward| {
        if what.kind != RewardKind::Nothing {
            let name = friends.map_or(side.as_str().to_owned(), |friends| format!("{}{friends}", side.as_str()));
            grants.push(Grant { reward: format!("{}/{name}", it.id), side, friends, what: what.clone() });
        }
    };
    let capped = terms.cap.is_some_and(|cap| standing.in_period >= i64::from(cap.rewards));
    if !capped {
        grant(Side::Referrer, None, &terms.reward());
        for milestone in &terms.steps {
            if i64::from(milestone.friends) == standing.rewarded + 1 && !standing.steps.contains(&milestone.friends) {
                grant(Side::Step, Some(milestone.friends), &milestone.reward);
            }
        }
    }
    if let Some(reward) = &terms.friend_reward {
        grant(Side::Friend, None, reward);
    }
    it.reason = capped.then_some(Reason::CapReached);
    if grants.is_empty() {
        if capped {
            it.state = State::Rejected;
        }
        return;
    }
    let cost = grants.iter().fold(0, |sum: Minor, grant| sum.saturating_add(grant.what.cost()));
    if terms.budget.is_some() && standing.budget.unwrap_or(0) < cost {
        it.reason = Some(Reason::BudgetExhausted);
        return;
    }
    it.state = State::Rewarded;
    it.period = it.period_of(terms, context.days).filter(|_| !capped);
    it.granted.clone_from(&grants);
    change.effects.extend(grants.into_iter().map(|grant| Effect::Grant { grant }));
}
