//! What does a call come to, by what has been read?

use std::collections::BTreeSet;

use super::call::{ReferralAnswer, ReferralCall, ReferralEvent, ReferralNext, ReferralOutcome};
use super::find::{Maybe, Reader, Stored, need};
use super::{Found, write};
use crate::canonical;
use crate::referral::{
    Change, Context, Event, Evidence, Illegal, OrderFacts, Person, Reason, Referral, Seen, Standing, State, Terms,
    Touch, Trait, step,
};
use crate::reject::Result;
use crate::time::Instant;
use crate::time::zone::{DayCut, Zone};

/// What is counted for whoever recommends: all friends that were rewarded and stand.
pub(super) const EVER: &str = "ever";

/// All links, whenever they were made.
const ALWAYS: (i64, i64) = (0, crate::books::UNLIMITED);

pub(super) fn next(call: &ReferralCall, found: &Found) -> Result<ReferralNext> {
    let reader = Reader::new(&call.tenant, found);
    let desk = Desk { call, reader: &reader };
    let answered = desk.answer()?;
    let Some(mut next) = answered else {
        return Ok(ReferralNext { v: 1, read: reader.wanted(), ..ReferralNext::default() });
    };
    next.v = 1;
    Ok(next)
}

/// What is counted under a name.
pub(super) fn scope(period: &str) -> Result<String> {
    canonical::text(&["referral", period])
}

/// The id of a code that was passed on, and of the recommendation that begins with it and a friend.
fn id_of(parts: &[&str]) -> Result<String> {
    let hash = canonical::hash(&parts)?;
    Ok(format!("r_{}", hash.trim_start_matches("sha256-").get(..32).unwrap_or_default()))
}

struct Desk<'a> {
    call: &'a ReferralCall,
    reader: &'a Reader<'a>,
}

/// Where a recommendation stood and what it is now, with the links it needs.
pub(super) struct Written<'a> {
    pub call: &'a ReferralCall,
    pub version: i64,
    pub before: Option<&'a Referral>,
    pub change: &'a Change,
    /// Links of the friend's names and of the order: where they led when they were read.
    pub unique: Vec<(&'static str, String, String)>,
    pub standing: Option<&'a Standing>,
}

fn answer(outcome: ReferralOutcome) -> ReferralAnswer {
    ReferralAnswer { v: 1, outcome, illegal: None, referral: None, effects: Vec::new(), referrals: None }
}

fn said(answer: ReferralAnswer) -> Maybe<ReferralNext> {
    Ok(Some(ReferralNext { answer: Some(answer), ..ReferralNext::default() }))
}

fn not_found() -> Maybe<ReferralNext> {
    said(answer(ReferralOutcome::NotFound))
}

fn unchanged(referral: Referral) -> Maybe<ReferralNext> {
    said(ReferralAnswer { referral: Some(referral), ..answer(ReferralOutcome::Unchanged) })
}

fn illegal(why: Illegal, referral: Referral) -> Maybe<ReferralNext> {
    said(ReferralAnswer { illegal: Some(why), referral: Some(referral), ..answer(ReferralOutcome::Illegal) })
}

fn listed(stored: Vec<Stored>) -> Maybe<ReferralNext> {
    let referrals = Some(stored.into_iter().map(|stored| stored.referral).collect());
    said(ReferralAnswer { referrals, ..answer(ReferralOutcome::Done) })
}

fn one(stored: Option<Stored>) -> Maybe<ReferralNext> {
    match stored {
        None => not_found(),
        Some(stored) => said(ReferralAnswer { referral: Some(stored.referral), ..answer(ReferralOutcome::Done) }),
    }
}

impl Desk<'_> {
    const fn terms(&self) -> &Terms {
        &self.call.terms
    }

    const fn now(&self) -> Instant {
        self.call.now
    }

    /// Where the shop's days begin: only rewards ask for it, and the rules of a zone take a while.
    fn days(&self) -> Result<DayCut> {
        let zone = self.terms().time_zone.as_deref().map(Zone::named).transpose()?;
        Ok(zone.map(|zone| zone.day_cut()).unwrap_or_default())
    }

    fn answer(&self) -> Maybe<ReferralNext> {
        match &self.call.event {
            ReferralEvent::Share { code, referrer } => self.share(code, referrer),
            ReferralEvent::Claim { code, friend, new_friend } => self.claim(code, friend, *new_friend),
            ReferralEvent::Paid { order, at, friend, codes, total, currency, new_friend } => {
                let facts = OrderFacts {
                    paid_at: Some(at.unwrap_or(self.now())),
                    total: *total,
                    currency: *currency,
                    ..OrderFacts::new(order.clone())
                };
                self.order(facts, friend, codes, *new_friend)
            }
            ReferralEvent::Cancelled { order, at, friend, codes } => {
                let cancelled_at = Some(at.unwrap_or(self.now()));
                self.order(OrderFacts { cancelled_at, ..OrderFacts::new(order.clone()) }, friend, codes, None)
            }
            ReferralEvent::Refunded { order, friend, codes, refunded } => {
                self.order(OrderFacts { refunded: *refunded, ..OrderFacts::new(order.clone()) }, friend, codes, None)
            }
            ReferralEvent::Tick { referral } => self.on(referral, &Event::Tick),
            ReferralEvent::Approve { referral } => self.on(referral, &Event::Approve),
            ReferralEvent::Void { referral } => self.on(referral, &Event::Void),
            ReferralEvent::Due => {
                let states = [State::Claimed, State::Flagged, State::Pending, State::Qualified].map(State::as_str);
                let mut due = need!(self.reader.waiting(&states, self.now().unix()));
                let at = |stored: &Stored| stored.referral.look_at(self.terms());
                due.sort_by(|a, b| at(a).cmp(&at(b)).then_with(|| a.referral.id.cmp(&b.referral.id)));
                listed(due)
            }
            ReferralEvent::Queue => {
                let mut queue = need!(self.reader.waiting(&[State::Flagged.as_str()], crate::books::UNLIMITED));
                queue.sort_by(|a, b| {
                    (a.referral.claimed_at, &a.referral.id).cmp(&(b.referral.claimed_at, &b.referral.id))
                });
                listed(queue)
            }
            ReferralEvent::Get { referral } => one(need!(self.reader.referral(referral))),
            ReferralEvent::OfOrder { order } => match need!(Ok(self.reader.link("order", order))) {
                id if id.is_empty() => not_found(),
                id => one(need!(self.reader.referral(&id))),
            },
            ReferralEvent::OfCode { code } => {
                let links = need!(Ok(self.reader.links("code", code, ALWAYS)));
                let ids: Vec<String> = links.into_iter().map(|(id, _)| id).collect();
                listed(need!(self.reader.referrals(&ids)))
            }
            ReferralEvent::OfPerson { person } => {
                let mut ids = BTreeSet::new();
                let names = person.names();
                let read: Vec<_> = names
                    .iter()
                    .map(|name| (self.reader.link("friend", name), self.reader.links("referrer", name, ALWAYS)))
                    .collect();
                for (friend, referrer) in read {
                    let (Some(friend), Some(referrer)) = (friend, referrer) else { return Ok(None) };
                    ids.extend(Some(friend).filter(|id| !id.is_empty()));
                    ids.extend(referrer.into_iter().map(|(id, _)| id));
                }
                listed(need!(self.reader.referrals(&ids.into_iter().collect::<Vec<_>>())))
            }
        }
    }

    fn share(&self, code: &str, referrer: &Person) -> Maybe<ReferralNext> {
        let id = id_of(&["code", code])?;
        let stored = need!(self.reader.referral(&id));
        let (version, before) = match stored {
            // Whose code it is was settled when it was shared first; more may become known of that one.
            Some(Stored { referral, .. }) if !referral.referrer.is(referrer) => return unchanged(referral),
            Some(Stored { referral, version }) => (version, Some(referral)),
            None => (0, None),
        };
        let mut referral =
            before.clone().unwrap_or_else(|| Referral::shared(id, code.to_owned(), referrer.clone(), self.now()));
        referral.referrer.learn(referrer);
        if before.as_ref() == Some(&referral) {
            return unchanged(referral);
        }
        let change = Change { referral, effects: Vec::new() };
        self.written(version, before.as_ref(), &change, Vec::new(), None)
    }

    /// The code as it was passed on.
    fn shared(&self, code: &str) -> Maybe<Option<Referral>> {
        let stored = need!(self.reader.referral(&id_of(&["code", code])?));
        Ok(Some(stored.map(|stored| stored.referral)))
    }

    fn claim(&self, code: &str, friend: &Person, new_friend: Option<bool>) -> Maybe<ReferralNext> {
        let Some(shared) = need!(self.shared(code)) else { return not_found() };
        if !friend.is_known() {
            return said(answer(ReferralOutcome::Anonymous));
        }
        let Here { current, links } = need!(self.friend(friend));
        match current {
            Some(stored) => self.follow(&stored, &shared),
            None => {
                let Some(begun) = need!(self.begin(&shared, friend, new_friend)) else { return Ok(None) };
                match begun {
                    Begun::Before(stored) => unchanged(stored.referral),
                    Begun::Now(change) => {
                        self.written(0, Some(&shared), &change, unique(&change.referral, links), None)
                    }
                }
            }
        }
    }

    /// A friend who has come before comes with a code.
    fn follow(&self, stored: &Stored, shared: &Referral) -> Maybe<ReferralNext> {
        let before = &stored.referral;
        if self.terms().touch == Touch::First || before.code == shared.code {
            return unchanged(before.clone());
        }
        let event = Event::Follow { code: shared.code.clone(), referrer: shared.referrer.clone() };
        match need!(self.stepped(before, &event, &Standing::default())) {
            Ok(change) => self.written(stored.version, Some(before), &change, Vec::new(), None),
            Err(_) => unchanged(before.clone()),
        }
    }

    /// A recommendation that begins with this friend; or it began before, and was rejected then.
    fn begin(&self, shared: &Referral, friend: &Person, new_friend: Option<bool>) -> Maybe<Option<Begun>> {
        let name = friend.name().unwrap_or_default();
        let id = id_of(&["friend", &shared.code, &name])?;
        if let Some(before) = need!(self.reader.referral(&id)) {
            return Ok(Some(Some(Begun::Before(Box::new(before)))));
        }
        let event = Event::Claim { id, friend: friend.clone(), new_friend };
        let change = need!(self.stepped(shared, &event, &Standing::default()));
        Ok(Some(change.ok().map(|change| Begun::Now(Box::new(change)))))
    }

    fn order(
        &self,
        mut facts: OrderFacts,
        friend: &Person,
        codes: &[String],
        new_friend: Option<bool>,
    ) -> Maybe<ReferralNext> {
        let by_order = need!(Ok(self.reader.link("order", &facts.id)));
        let Here { mut current, links } = need!(self.friend(friend));
        if !by_order.is_empty() {
            current = need!(self.reader.referral(&by_order));
        }
        let shared = need!(self.first_shared(codes));
        let (version, before, mut change) = match (current, shared) {
            (None, None) => return not_found(),
            (None, Some(_)) if !friend.is_known() => return said(answer(ReferralOutcome::Anonymous)),
            (None, Some(shared)) => match need!(self.begin(&shared, friend, new_friend)) {
                None => return Ok(None),
                // It was refused before: that there is an order is written down once.
                Some(Begun::Before(stored)) => {
                    let Stored { referral, version } = *stored;
                    let change = Change { referral: referral.clone(), effects: Vec::new() };
                    (version, Some(referral), change)
                }
                Some(Begun::Now(change)) => (0, None, *change),
            },
            (Some(stored), shared) => {
                let Stored { referral, version } = stored;
                let mut change = Change { referral: referral.clone(), effects: Vec::new() };
                // Whoever enters a code need not be the friend whose address stands there. What an order carries is proof:
                // it outranks a visit, and without it nobody is owed for the order.
                if referral.is_open() && !codes.contains(&referral.code) {
                    if let Some(shared) = shared {
                        let event = Event::Follow { code: shared.code, referrer: shared.referrer };
                        if let Ok(followed) = need!(self.stepped(&referral, &event, &Standing::default())) {
                            change = followed;
                        }
                    }
                    if facts.paid_at.is_some() && !codes.contains(&change.referral.code) {
                        return not_found();
                    }
                }
                (version, Some(referral), change)
            }
        };
        facts.other_code = codes.iter().any(|code| *code != change.referral.code);
        let event = Event::Order { facts, friend: friend.clone(), new_friend };
        let effects = core::mem::take(&mut change.effects);
        match need!(self.stepped(&change.referral, &event, &Standing::default())) {
            Err(why) => illegal(why, change.referral),
            Ok(mut last) => {
                last.effects.splice(0..0, effects);
                let mut links = unique(&last.referral, links);
                let number = |referral: &Referral| referral.order.as_ref().map(|order| order.id.clone());
                let counts = number(&last.referral).filter(|_| by_order.is_empty());
                if let Some(order) = counts.filter(|order| before.as_ref().and_then(number).as_ref() != Some(order)) {
                    links.push(("order", order, String::new()));
                }
                self.written(version, before.as_ref(), &last, links, None)
            }
        }
    }

    fn first_shared(&self, codes: &[String]) -> Maybe<Option<Referral>> {
        let read: Vec<Option<Option<Referral>>> = codes.iter().map(|code| self.shared(code)).collect::<Result<_>>()?;
        Ok(read.into_iter().collect::<Option<Vec<_>>>().map(|all| all.into_iter().flatten().next()))
    }

    fn on(&self, id: &str, event: &Event) -> Maybe<ReferralNext> {
        let Some(Stored { referral: before, version }) = need!(self.reader.referral(id)) else { return not_found() };
        let standing = if *event == Event::Tick { need!(self.standing(&before)) } else { Standing::default() };
        match need!(self.stepped(&before, event, &standing)) {
            Err(why) => illegal(why, before),
            Ok(change) => self.written(version, Some(&before), &change, Vec::new(), Some(&standing)),
        }
    }

    fn written(
        &self,
        version: i64,
        before: Option<&Referral>,
        change: &Change,
        unique: Vec<(&'static str, String, String)>,
        standing: Option<&Standing>,
    ) -> Maybe<ReferralNext> {
        if version > 0 && before == Some(&change.referral) {
            return unchanged(change.referral.clone());
        }
        let write = write::operation(&Written { call: self.call, version, before, change, unique, standing })?;
        Ok(Some(ReferralNext {
            v: 1,
            read: Vec::new(),
            write: Some(write),
            answer: Some(ReferralAnswer {
                referral: Some(change.referral.clone()),
                effects: change.effects.clone(),
                ..answer(ReferralOutcome::Done)
            }),
        }))
    }

    /// A step with all that it depends on.
    fn stepped(
        &self,
        before: &Referral,
        event: &Event,
        standing: &Standing,
    ) -> Maybe<core::result::Result<Change, Illegal>> {
        let (id, referrer, friend) = match event {
            Event::Claim { id, friend, .. } => (id.as_str(), &before.referrer, Some(friend)),
            Event::Follow { referrer, .. } => (before.id.as_str(), referrer, before.friend.as_ref()),
            Event::Order { friend, .. } => (before.id.as_str(), &before.referrer, Some(friend)),
            Event::Tick | Event::Approve | Event::Void => {
                (before.id.as_str(), &before.referrer, before.friend.as_ref())
            }
        };
        let mut person = before.friend.clone().unwrap_or_default();
        if let Some(friend) = friend {
            person.learn(friend);
        }
        // Friends are counted up to when this one came, so that those who come later do not make it suspicious.
        let came = match event {
            Event::Claim { .. } | Event::Follow { .. } => self.now(),
            _ => before.claimed_at.unwrap_or(self.now()),
        };
        let evidence = if before.state.is_final() {
            Evidence::default()
        } else {
            need!(self.evidence(id, referrer, &person, came))
        };
        let days = if *event == Event::Tick { self.days()? } else { DayCut::default() };
        let context = Context { terms: self.terms(), days: &days, evidence: &evidence, standing };
        Ok(Some(step(&context, before, event, self.now())))
    }

    fn evidence(&self, id: &str, referrer: &Person, friend: &Person, came: Instant) -> Maybe<Evidence> {
        let since = came.unix() - i64::from(self.terms().fraud.velocity.hours) * 3600;
        let name = referrer.name().unwrap_or_default();
        let lately = self.reader.links("referrer", &name, (since, came.unix()));
        let traits = [
            (Trait::Mailbox, friend.mailbox()),
            (Trait::Payment, friend.payment.as_deref()),
            (Trait::Phone, friend.phone.as_deref()),
            (Trait::Device, friend.device.as_deref()),
        ];
        let mut seen = Some(Vec::new());
        for (of, value) in traits {
            let Some(value) = value else { continue };
            match (self.reader.links(of.as_str(), value, ALWAYS), &mut seen) {
                (Some(links), Some(seen)) => seen.extend(
                    links
                        .into_iter()
                        .filter(|(other, _)| other != id)
                        .map(|(_, by)| Seen { of, same_referrer: by == name }),
                ),
                _ => seen = None,
            }
        }
        let above = self.above(id, referrer)?;
        let (Some(lately), Some(seen), Some(above)) = (lately, seen, above) else { return Ok(None) };
        let others: BTreeSet<&str> = lately.iter().map(|(other, _)| other.as_str()).chain([id]).collect();
        Ok(Some(Evidence { above, lately: u32::try_from(others.len()).unwrap_or(u32::MAX), seen }))
    }

    /// Who brought somebody, who brought that one, and so on: to the end, or once around.
    fn above(&self, id: &str, referrer: &Person) -> Maybe<Vec<Person>> {
        let mut above = Vec::new();
        let mut walked = BTreeSet::from([id.to_owned()]);
        let mut waiting = vec![referrer.clone()];
        while let Some(person) = waiting.pop() {
            let names = person.names();
            let links: Vec<Option<String>> = names.iter().map(|name| self.reader.link("friend", name)).collect();
            let Some(links) = links.into_iter().collect::<Option<BTreeSet<String>>>() else { return Ok(None) };
            let ids: Vec<String> = links.into_iter().filter(|id| !id.is_empty() && walked.insert(id.clone())).collect();
            for stored in need!(self.reader.referrals(&ids)) {
                if stored.referral.state != State::Rejected {
                    above.push(stored.referral.referrer.clone());
                    waiting.push(stored.referral.referrer);
                }
            }
        }
        Ok(Some(above))
    }

    /// The recommendation that somebody came by, and where the links of the names lead.
    fn friend(&self, friend: &Person) -> Maybe<Here> {
        let names = friend.names();
        let links: Vec<Option<String>> = names.iter().map(|name| self.reader.link("friend", name)).collect();
        let Some(links) = links.into_iter().collect::<Option<Vec<String>>>() else { return Ok(None) };
        let ids: BTreeSet<String> = links.iter().filter(|id| !id.is_empty()).cloned().collect();
        let mut stored = need!(self.reader.referrals(&ids.into_iter().collect::<Vec<_>>()));
        // One that nobody ordered by, and nobody can any more, does not stand in the way of another.
        let over = |it: &Referral| it.state == State::Rejected && it.order.is_none();
        stored.retain(|Stored { referral, .. }| referral.reason != Some(Reason::ClaimExpired) && !over(referral));
        stored.sort_by(|a, b| (a.referral.claimed_at, &a.referral.id).cmp(&(b.referral.claimed_at, &b.referral.id)));
        let current = match self.terms().touch {
            Touch::First => stored.into_iter().next(),
            Touch::Last => stored.pop(),
        };
        let links = names.into_iter().zip(links).map(|(name, to)| {
            // A name that leads to another one stays there.
            let free = to.is_empty() || current.is_none();
            (name, to, free)
        });
        let links = links.filter(|(_, _, free)| *free).map(|(name, to, _)| (name, to)).collect();
        Ok(Some(Here { current, links }))
    }

    fn standing(&self, referral: &Referral) -> Maybe<Standing> {
        let name = referral.referrer.name().unwrap_or_default();
        let period = referral.period_of(self.terms(), &self.days()?).unwrap_or_default();
        let rewarded = self.reader.count(&scope(EVER)?, &name);
        let in_period = self.reader.count(&scope(&period)?, &name);
        let budget = match &self.terms().budget {
            Some(budget) => self.reader.budget(budget),
            None => Some(None),
        };
        let mut steps = Vec::new();
        let read: Vec<_> = self
            .terms()
            .steps
            .iter()
            .map(|step| (step.friends, self.reader.links("step", &format!("{name} {}", step.friends), ALWAYS)))
            .collect();
        for (friends, links) in read {
            let Some(links) = links else { return Ok(None) };
            let ids: Vec<String> = links.into_iter().map(|(id, _)| id).collect();
            let stored = need!(self.reader.referrals(&ids));
            if stored.iter().any(|stored| stored.referral.state == State::Rewarded) {
                steps.push(friends);
            }
        }
        let (Some(rewarded), Some(in_period), Some(budget)) = (rewarded, in_period, budget) else { return Ok(None) };
        Ok(Some(Standing { rewarded, in_period, budget, steps }))
    }
}

/// What is known of a friend.
struct Here {
    current: Option<Stored>,
    /// Names and where they lead, as far as they may lead elsewhere.
    links: Vec<(String, String)>,
}

enum Begun {
    Before(Box<Stored>),
    Now(Box<Change>),
}

/// The links of the friend's names: none for one that was refused at once, so that nobody can take a friend away from
/// whoever really brings him.
fn unique(referral: &Referral, links: Vec<(String, String)>) -> Vec<(&'static str, String, String)> {
    if referral.state == State::Rejected {
        return Vec::new();
    }
    links.into_iter().map(|(name, to)| ("friend", name, to)).collect()
}
