//! Whose code is that? One for each purchase, in the order they were placed, as inserts and pages give them out; others as
//! they are named.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::SettleRequest;
use super::history::{History, person};
use crate::code::{self, Format, KeySet, Minter, SlotState, Verifier};
use crate::offer::Program;
use crate::offer::publish::complete;
use crate::offer::words::Kind;
use crate::order::Order;
use crate::referral::Person;
use crate::reject::{Code, Error, Result};
use crate::time::Instant;

/// Whose a code is, and since when.
#[derive(Debug, Clone)]
pub(super) struct Owner {
    pub person: Person,
    pub at: Instant,
}

/// Codes and their owners.
pub(super) struct Whose {
    verifier: Verifier,
    batch: u32,
    given: BTreeMap<String, Option<Owner>>,
    /// Codes of the batch by purchase.
    made: HashMap<String, Option<Owner>>,
    reward_batch: u32,
}

impl Whose {
    pub fn new(program: &Program, keys: &KeySet, request: &SettleRequest, history: &History<'_>) -> Result<Self> {
        let coded = complete(program).into_iter().filter(|option| option.kind.needs_code());
        let place = coded.map(|option| option.kind).position(|kind| kind == Kind::Referral);
        let Some(place) = place.and_then(|place| u32::try_from(place).ok()) else {
            let message =
                "The program asks nobody to recommend (\"referral.enabled\" is false): nothing can be settled.";
            return Err(Error::at(Code::InvalidValue, "programText.referral.enabled", message));
        };
        let batch = request.batch.saturating_add(place);
        if batch == request.reward_batch {
            let message = "Codes for rewards need a batch of their own.";
            return Err(Error::at(Code::Contradiction, "rewardBatch", message));
        }
        let verifier = Verifier::new(keys);
        let mut wanted: HashSet<String> = HashSet::new();
        let mut kids: Vec<u8> = Vec::new();
        for text in history.sales().flat_map(|order| &order.codes).map(|code| &code.code) {
            let verified = verifier.verify(text);
            if verified.batch == Some(batch)
                && let Ok(code) = code::parse(text)
            {
                wanted.insert(code.canonical());
                kids.extend(verified.kid.filter(|kid| !kids.contains(kid)));
            }
        }
        let mut made = HashMap::new();
        for kid in kids {
            if keys.slot(kid).is_none_or(|slot| slot.state() == SlotState::Withdrawn) {
                continue;
            }
            let codes = Minter::again(keys, Format::C12, kid, batch, 0)?;
            for (order, minted) in history.purchases().zip(codes) {
                if wanted.contains(&minted.code) {
                    made.insert(minted.code, owner(order));
                }
            }
        }
        Ok(Self { verifier, batch, given: given(request, history)?, made, reward_batch: request.reward_batch })
    }

    /// The codes of an order that are ours, canonical; others as they were typed.
    pub fn codes_of(&self, order: &Order) -> Vec<String> {
        order
            .codes
            .iter()
            .map(|typed| code::parse(&typed.code).map_or_else(|_| typed.code.clone(), code::Code::canonical))
            .filter(|code| !code.is_empty() && code.len() <= 200)
            .collect()
    }

    /// Whether a code is one that customers pass on.
    pub fn is_passed_on(&self, code: &str) -> bool {
        self.given.contains_key(code) || self.verifier.verify(code).batch == Some(self.batch)
    }

    /// Whether a code is one of our rewards.
    pub fn is_reward(&self, code: &str) -> bool {
        self.verifier.verify(code).batch == Some(self.reward_batch)
    }

    /// Whose it is; `None` when no purchase has it, or nobody is known to have made that purchase.
    pub fn owner(&self, code: &str) -> Option<&Owner> {
        self.given.get(code).or_else(|| self.made.get(code))?.as_ref()
    }
}

fn owner(order: &Order) -> Option<Owner> {
    let person = person(order);
    person.is_known().then_some(Owner { person, at: order.created_at })
}

fn given(request: &SettleRequest, history: &History<'_>) -> Result<BTreeMap<String, Option<Owner>>> {
    if request.codes.is_empty() {
        return Ok(BTreeMap::new());
    }
    let orders: HashMap<&str, &Order> = history.sales().map(|order| (order.id.as_str(), order)).collect();
    let mut given = BTreeMap::new();
    for (index, one) in request.codes.iter().enumerate() {
        let Ok(code) = code::parse(&one.code) else {
            let message = "This is no code, or it is mistyped.";
            return Err(Error::at(Code::InvalidValue, format!("codes[{index}].code"), message));
        };
        let order = one.order.as_deref().and_then(|order| orders.get(order));
        let mut owner = order.and_then(|order| owner(order));
        if let Some(customer) = &one.customer {
            let at = owner.as_ref().map_or(request.now, |owner| owner.at);
            let known = owner.take().filter(|owner| owner.person.customer.as_deref() == Some(customer));
            let alone = Person { customer: Some(customer.clone()), ..Person::default() };
            owner = known.or(Some(Owner { person: alone, at }));
        }
        given.insert(code.canonical(), owner);
    }
    Ok(given)
}
