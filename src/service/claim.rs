//! What is given out when an option is claimed? Decided anew: what a page says was offered is a hint.

use serde::{Deserialize, Serialize};

use super::{Buyer, ClaimAnswer, ClaimAsk, Context, CustomerToken, LookUpAsk, Service, TokenAnswer, TokenAsk};
use crate::books::{Action, BooksOperation, Cell, Issue, Row, Scope, UNLIMITED};
use crate::canonical;
use crate::code::{self, SlotState};
use crate::offer::words::{Identity, Kind};
use crate::offer::{FriendOffer, FriendRequest, decide, friend};
use crate::referral::{Person, Reward, RewardKind};
use crate::reject::{Code, Error, Result, parse_json};
use crate::time::Instant;

/// A code that is typed right and nobody's: it stands for the one that is made once it is decided that one is given.
const STAND_IN: &str = "03VC1S2Q4HX0";

/// The longest life of a customer's token, in seconds.
const TOKEN_LIFE: i64 = 30 * 86_400;

/// What a claim comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Claimed {
    /// What is to be done; absent when the option is not offered for this request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
}

/// What the outbox says of a reward that is due.
#[derive(Deserialize)]
struct Due {
    reward: String,
    who: String,
    what: Reward,
}

/// What is to be done for a claim: look for a code given out before; else define, lease, mint, issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Claim {
    /// The option.
    pub option: String,
    /// What the code is given out for: one code for each.
    pub claim: String,
    /// Operations that define what the code needs. Running them again changes nothing.
    pub setup: Vec<BooksOperation>,
    /// The key slot that mints.
    pub kid: u8,
    /// The code's issue, but for the code.
    pub issue: BooksOperation,
    /// Whose recommendation the code is, for what is told of it then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referrer: Option<Person>,
    /// Whether another code follows one that has ended: an order has its code once, a customer without one may come again.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub renews: bool,
}

impl Service {
    /// What a claim comes to. `token` is what stands in the token of a page's customer: it replaces who she is, what
    /// is known of her and her order. Without it (the shop itself asks), the body says so.
    ///
    /// # Errors
    /// What body or token are refused for.
    pub fn claim(&mut self, context: &Context, body: &str, token: Option<&str>) -> Result<Claimed> {
        let ClaimAsk { option, mut request, email, signals } = parse_json(body)?;
        request.now = context.now;
        let mut referrer = self.says(Buyer { email, signals, ..Buyer::default() })?;
        if let Some(token) = token {
            let token: CustomerToken = parse_json(token).map_err(|error| error.under("token"))?;
            request.subject.id = token.customer;
            request.subject.identity = Identity::SignedLink;
            request.order = token.order;
            request.facts = token.facts.unwrap_or_default();
            referrer = token.person;
        }
        let customer = self.customer("request.subject.id", &request.subject.id)?;
        request.facts.code = Some(STAND_IN.to_owned());
        request.facts.codes = core::iter::once((option.clone(), STAND_IN.to_owned())).collect();
        let request = request.checked().map_err(|error| error.under("request"))?;
        let policy = self.policy(context.now)?;
        let decision = decide(policy, &request);
        let chosen = decision.main.iter().chain(&decision.beside).find(|chosen| chosen.option == option);
        let Some(kind) = chosen.map(|chosen| chosen.kind).filter(|kind| kind.needs_code()) else {
            return Ok(Claimed { claim: None });
        };
        let terms = policy.options.iter().find(|one| one.id == option).and_then(|one| one.terms.clone());
        let terms = terms.unwrap_or_default();
        let order = request.order.as_ref().and_then(|order| order.id.as_deref()).filter(|_| kind != Kind::Referral);
        let claim = canonical::text(&(["claim", &option, &customer], order))?;
        let campaign = option.clone();
        let mut issue = Issue {
            code: STAND_IN.to_owned(),
            campaign: campaign.clone(),
            uses: None,
            per_customer: None,
            scope: None,
            starts_at: None,
            expires_at: None,
            owner: None,
            referrer: None,
            referrer_email: None,
            budget: None,
            claim: Some(claim.clone()),
        };
        if kind == Kind::Referral {
            // Many friends, each once; and never whoever recommends.
            issue.per_customer = Some(1);
            issue.scope = Some(Scope::Campaign);
            referrer.customer = Some(customer.clone());
            issue.referrer = Some(customer);
            issue.referrer_email.clone_from(&referrer.email);
        } else {
            issue.uses = Some(1);
            issue.owner = Some(customer);
            issue.expires_at = terms.until;
        }
        let unkeyed = || Context { key: None, ..context.clone() };
        Ok(Claimed {
            claim: Some(Claim {
                option,
                claim,
                setup: vec![self.operation(unkeyed(), Action::Campaign { campaign, uses: None, codes: None })?],
                kid: self.minting()?,
                issue: self.operation(unkeyed(), Action::Issue(issue))?,
                referrer: (kind == Kind::Referral).then_some(referrer),
                renews: kind != Kind::Referral && order.is_none(),
            }),
        })
    }

    /// The claim that follows when the code of one has ended, by that code's row; `None` while the code is the answer.
    ///
    /// # Errors
    /// `invalid_state` when the row is none of a code.
    pub fn renewed(&self, now: Instant, claim: Claim, row: &Row) -> Result<Option<Claim>> {
        let Some(code) = row.get("code").and_then(Cell::as_str) else {
            return Err(Error::new(Code::InvalidState, "This is no row of a code."));
        };
        let ended = row.get("expires_at").and_then(Cell::as_i64).is_some_and(|ends| ends < now.unix());
        if !(claim.renews && ended) {
            return Ok(None);
        }
        let mut next = Claim { claim: canonical::text(&["after", code])?, ..claim };
        if let Action::Issue(issue) = &mut next.issue.action {
            issue.claim = Some(next.claim.clone());
        }
        Ok(Some(next))
    }

    /// The claim of a reward that is a discount, by its row in the outbox; `None` for one that the shop hands out itself,
    /// or that is for somebody of whom only the address is known, or who was forgotten.
    ///
    /// # Errors
    /// `key_unavailable` when no code can be made.
    pub fn reward(&self, context: &Context, body: &str) -> Result<Claimed> {
        let due: Due = parse_json(body)?;
        // The name that stands where somebody was forgotten is none of a customer.
        let named = due.who.strip_prefix("c:").filter(|name| name.starts_with('k'));
        let Some(customer) = named.filter(|_| due.what.kind == RewardKind::Discount) else {
            return Ok(Claimed { claim: None });
        };
        let days = i32::from(due.what.days.unwrap_or(60));
        let zone = self.program.zone()?;
        let option = "reward".to_owned();
        let issue = Issue {
            code: STAND_IN.to_owned(),
            campaign: option.clone(),
            uses: Some(1),
            per_customer: None,
            scope: None,
            starts_at: None,
            expires_at: Some(zone.end_of(zone.day(context.now).plus(days))),
            owner: Some(customer.to_owned()),
            referrer: None,
            referrer_email: None,
            budget: None,
            claim: Some(due.reward.clone()),
        };
        let define = Action::Campaign { campaign: option.clone(), uses: None, codes: None };
        Ok(Claimed {
            claim: Some(Claim {
                option,
                claim: due.reward,
                setup: vec![self.operation(context.clone(), define)?],
                kid: self.minting()?,
                issue: self.operation(context.clone(), Action::Issue(issue))?,
                referrer: None,
                renews: false,
            }),
        })
    }

    fn minting(&self) -> Result<u8> {
        let active = self.keys.overview().slots.into_iter().find(|slot| slot.state == SlotState::Active);
        active.map(|slot| slot.kid).ok_or_else(|| {
            Error::at(Code::KeyUnavailable, "keys", "No slot of the key set is active, so no code can be made.")
        })
    }

    /// The answer to a claim, by the row of its code.
    ///
    /// # Errors
    /// `invalid_state` when the row is none of a code.
    pub fn claimed(&mut self, now: Instant, row: &Row) -> Result<ClaimAnswer> {
        let text = |column: &str| row.get(column).and_then(Cell::as_str);
        let (Some(code), Some(option)) = (text("code"), text("campaign")) else {
            return Err(Error::new(Code::InvalidState, "This is no row of a code."));
        };
        let is_referral = text("referrer").is_some_and(|referrer| !referrer.is_empty());
        let ends = row.get("expires_at").and_then(Cell::as_i64).filter(|at| *at != UNLIMITED);
        let address = self.policy(now)?.shop.friend_url.clone().filter(|_| is_referral);
        Ok(ClaimAnswer {
            option: option.to_owned(),
            code: code.to_owned(),
            shown_code: code::check(code).shown_code.unwrap_or_else(|| code.to_owned()),
            link: address.map(|address| crate::offer::link(&address, code)),
            expires_at: ends.map(Instant::from_unix),
        })
    }

    /// The code that a friend asks about, as the books have it.
    ///
    /// # Errors
    /// What the body is refused for.
    pub fn looked_up(&self, body: &str) -> Result<String> {
        let ask: LookUpAsk = parse_json(body)?;
        self.code(&ask.code)
    }

    /// What a friend is told of a code, by its row in the books; `None` for every code that is of no use to a friend,
    /// whatever the reason.
    ///
    /// # Errors
    /// What the body is refused for.
    pub fn look_up(&mut self, now: Instant, body: &str, row: Option<&Row>) -> Result<Option<FriendOffer>> {
        let ask: LookUpAsk = parse_json(body)?;
        let policy = self.policy(now)?;
        let offer = friend(policy, &FriendRequest { v: 1, now, locale: ask.locale, code: ask.code });
        let text = |column: &str| row.and_then(|row| row.get(column)).and_then(Cell::as_str).unwrap_or_default();
        let number = |column: &str| row.and_then(|row| row.get(column)).and_then(Cell::as_i64).unwrap_or_default();
        let unix = now.unix();
        // A code of a campaign takes something off, but brings nothing that a recommendation brings.
        let option = policy.options.iter().find(|option| option.id == text("campaign"));
        let recommends = !text("referrer").is_empty() || option.is_some_and(|option| option.kind == Kind::Referral);
        let live = row.is_some()
            && text("owner").is_empty()
            && recommends
            && number("revoked") == 0
            && number("available") > 0
            && (number("starts_at")..=number("expires_at")).contains(&unix);
        Ok(live.then_some(offer))
    }

    /// The token for a customer's page.
    ///
    /// # Errors
    /// What the body is refused for.
    pub fn token(&self, context: &Context, body: &str) -> Result<TokenAnswer> {
        let ask: TokenAsk = parse_json(body)?;
        self.customer("customer", &ask.customer)?;
        if !(1..=TOKEN_LIFE).contains(&ask.ttl) {
            return Err(Error::at(Code::InvalidValue, "ttl", "A token is good for 1 second to 30 days."));
        }
        let expires_at = context.now.plus(ask.ttl);
        let token = CustomerToken {
            customer: ask.customer,
            person: self.says(Buyer { email: ask.email, signals: ask.signals, ..Buyer::default() })?,
            order: ask.order,
            facts: ask.facts,
            expires_at,
        };
        let sealed = self.keys.seal(&self.sealed_for(), &canonical::text(&token)?);
        let sealed =
            sealed.ok_or_else(|| Error::at(Code::KeyUnavailable, "keys", "No slot of the key set is active."))?;
        Ok(TokenAnswer { token: sealed, expires_at })
    }

    /// What stands in a customer's token, as JSON; `None` for one that is not ours, was changed or is over.
    #[must_use]
    pub fn open_token(&self, now: Instant, token: &str) -> Option<String> {
        let text = self.keys.unseal(&self.sealed_for(), token)?;
        let token: CustomerToken = parse_json(&text).ok()?;
        (now <= token.expires_at).then_some(text)
    }

    /// What the seal of a customer's token is for: this shop alone, though another one may have the same keys.
    fn sealed_for(&self) -> String {
        format!("http/customer/{}", self.tenant)
    }
}
