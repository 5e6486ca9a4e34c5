//! What would be decided? A stand-in that reads every field of policy and request, so that no leg can skip one.

use crate::documents::{
    Basis, Bucket, Cap, Cell, Choice, Decision, Kind, Offer, OfferText, Policy, Rejection, Request, Rule, Scalar,
    Stage, Step, Tier,
};

const READ: [&str; 9] = [
    "moment.type",
    "facts.stage",
    "facts.tier",
    "facts.orderNumber",
    "facts.openProblem",
    "order.subtotal",
    "order.country",
    "order.tags",
    "state.stock",
];

/// The decision for one request: the first ranked option that no rule rejects, and why each other one was not taken.
pub fn select<'a>(policy: &'a Policy, request: &'a Request) -> Decision<'a> {
    let facts = request.facts.as_ref();
    let stage = facts.and_then(|f| f.stage).unwrap_or(Stage::FirstBuyer);
    let tier = facts.and_then(|f| f.tier).unwrap_or(Tier::None);
    let objected = request.consent.as_ref().is_some_and(|c| c.objected);
    let stale = request.now > policy.expires_at;
    let cell = policy.cells.iter().find(|c| c.stage.contains(&stage) && c.tier.contains(&tier));

    let mut rejected = Vec::new();
    let mut allowed = Vec::new();
    for option in &policy.options {
        match reject(policy, request, option, stage, tier, objected) {
            Some(rejection) => rejected.push(rejection),
            None => allowed.push(option),
        }
    }
    let ranked = cell.and_then(|c| first_allowed(c, &allowed));
    let main = ranked.map(|(_, _, option)| offer(policy, request, option));
    let beside = allowed
        .iter()
        .find(|o| o.kind == Kind::Referral && Some(o.id.as_str()) != main.as_ref().map(|m| m.option))
        .map(|option| offer(policy, request, option));

    let n = (digest(policy, request) % 10_000) as u32;
    let mut steps = vec![Step::Data { read: READ.to_vec() }];
    if let Some(cell) = cell {
        steps.push(Step::Segment { cell: &cell.id });
    }
    if let Some((rank, _, _)) = ranked {
        steps.push(Step::Economics { rank });
    }
    steps.push(Step::Message { locale: &request.locale });
    Decision {
        v: 1,
        policy: &policy.hash,
        reason: if objected {
            "DISABLED"
        } else if stale {
            "STALE"
        } else if n < policy.holdout.bp {
            "SPLIT"
        } else if main.is_some() {
            "TARGETING_MATCH"
        } else {
            "DEFAULT"
        },
        moment: request.moment.kind,
        channel: policy.audience,
        main,
        beside,
        steps,
        rejected,
        bucket: Bucket { n, propensity_bp: ranked.map_or(0, |(_, share, _)| share) },
        caps: caps(policy, request),
        basis: Basis { page: "segment" },
        labels: policy.texts.get(&request.locale).map(|t| &t.labels),
    }
}

fn first_allowed<'a>(cell: &'a Cell, allowed: &[&'a Choice]) -> Option<(u32, u32, &'a Choice)> {
    cell.ranked
        .iter()
        .zip(1..)
        .find_map(|((id, share), rank)| allowed.iter().find(|o| &o.id == id).map(|option| (rank, *share, *option)))
}

fn reject<'a>(
    policy: &'a Policy,
    request: &'a Request,
    option: &'a Choice,
    stage: Stage,
    tier: Tier,
    objected: bool,
) -> Option<Rejection<'a>> {
    let no = |code, field, provided, required| Some(Rejection { option: &option.id, code, field, provided, required });
    if objected {
        return no("objected", "consent.objected", Some(Scalar::Flag(true)), Some(Scalar::Flag(false)));
    }
    if !option.moments.contains(&request.moment.kind) {
        return no("no_moment", "moment.type", Some(Scalar::Text(request.moment.kind.name())), None);
    }
    if !option.channels.contains(&policy.audience) {
        return no("channel_unavailable", "channel", Some(Scalar::Text(policy.audience.name())), None);
    }
    if request.state.as_ref().and_then(|s| s.last_option.as_deref()) == Some(option.id.as_str()) {
        return no("repeat", "state.lastOption", Some(Scalar::Text(&option.id)), None);
    }
    let order = request.order.as_ref();
    for rule in &option.rules {
        let rejection = match rule {
            Rule::Stage { min } if stage < *min => {
                no("stage_too_low", "facts.stage", Some(Scalar::Text(stage.name())), Some(Scalar::Text(min.name())))
            }
            Rule::Tier { min } if tier < *min => {
                no("tier_too_low", "facts.tier", Some(Scalar::Text(tier.name())), Some(Scalar::Text(min.name())))
            }
            Rule::Minimum { amount } if order.is_none_or(|o| o.subtotal < *amount) => no(
                "minimum_order",
                "order.subtotal",
                order.map(|o| Scalar::Number(o.subtotal)),
                Some(Scalar::Number(*amount)),
            ),
            Rule::Countries { any } if order.is_none_or(|o| !any.contains(&o.country)) => no(
                "country_excluded",
                "order.country",
                order.map(|o| Scalar::Text(&o.country)),
                any.first().map(|c| Scalar::Text(c)),
            ),
            Rule::Tags { any } if order.is_none_or(|o| !o.tags.iter().any(|t| any.contains(t))) => {
                no("product_not_tagged", "order.tags", None, any.first().map(|t| Scalar::Text(t)))
            }
            Rule::Stock if request.state.as_ref().and_then(|s| s.stock.get(&option.id)).is_none_or(|n| *n == 0) => {
                no("out_of_stock", "state.stock", Some(Scalar::Number(0)), Some(Scalar::Number(1)))
            }
            Rule::Parcel if !order.is_some_and(|o| o.parcel) => {
                no("no_parcel", "order.parcel", Some(Scalar::Flag(false)), Some(Scalar::Flag(true)))
            }
            Rule::NoProblem if request.facts.as_ref().and_then(|f| f.open_problem) == Some(true) => {
                no("open_problem", "facts.openProblem", Some(Scalar::Flag(true)), Some(Scalar::Flag(false)))
            }
            Rule::Cap { counter, limit } if used(request, counter) >= *limit => no(
                "cap_reached",
                "state.sent",
                Some(Scalar::Number(used(request, counter).into())),
                Some(Scalar::Number(limit.saturating_sub(1).into())),
            ),
            _ => None,
        };
        if rejection.is_some() {
            return rejection;
        }
    }
    None
}

fn used(request: &Request, counter: &str) -> u32 {
    request.state.as_ref().and_then(|s| s.sent.get(counter)).copied().unwrap_or(0)
}

fn caps<'a>(policy: &'a Policy, request: &Request) -> Vec<Cap<'a>> {
    let mut caps: Vec<Cap<'a>> = Vec::new();
    for rule in policy.options.iter().flat_map(|o| &o.rules) {
        if let Rule::Cap { counter, limit } = rule
            && caps.iter().all(|c| c.counter != counter)
        {
            caps.push(Cap { counter, used: used(request, counter), limit: *limit });
        }
    }
    caps
}

fn offer<'a>(policy: &'a Policy, request: &'a Request, option: &'a Choice) -> Offer<'a> {
    let code = request.facts.as_ref().and_then(|f| f.code.as_deref()).filter(|_| option.kind == Kind::Referral);
    let text = policy.texts.get(&request.locale).and_then(|t| t.options.get(&option.id));
    Offer {
        option: &option.id,
        kind: option.kind,
        purpose: option.purpose,
        condition: option.terms.condition,
        expires_at: &option.terms.expires_at,
        code,
        shown_code: code.map(grouped),
        url: option.url.as_deref(),
        text: OfferText {
            headline: text.map_or("", |t| &t.headline),
            body: text.map_or("", |t| &t.body),
            conditions: text.and_then(|t| t.conditions.as_deref()),
            why: text.map_or("", |t| &t.why),
        },
    }
}

fn grouped(code: &str) -> String {
    let mut shown = String::with_capacity(code.len() + 2);
    for (at, symbol) in code.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            shown.push('-');
        }
        shown.push(symbol);
    }
    shown
}

/// FNV-1a over all that the rules above do not look at: a field that a leg loses changes the bucket.
fn digest(policy: &Policy, request: &Request) -> u64 {
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    hash.number(policy.v.into());
    hash.text(&policy.hash);
    hash.text(&policy.shop.name);
    hash.text(&policy.shop.currency);
    hash.text(&policy.published_at);
    for option in &policy.options {
        hash.number(option.terms.days.into());
        hash.number(option.terms.minimum.unwrap_or(-1));
        hash.number(option.terms.customer_value.unwrap_or(-1));
    }
    hash.number(request.v.into());
    hash.text(&request.moment.at);
    hash.text(&request.subject.id);
    hash.text(request.subject.identity.name());
    if let Some(consent) = &request.consent {
        hash.text(consent.email.name());
        for flag in [consent.profiling, consent.ads, consent.phone, consent.storage] {
            hash.number(flag.into());
        }
    }
    if let Some(facts) = &request.facts {
        hash.number(facts.order_number.unwrap_or(0).into());
        hash.number(facts.days.unwrap_or(0).into());
    }
    if let Some(order) = &request.order {
        hash.text(&order.id);
        hash.text(&order.currency);
        hash.text(&order.source);
    }
    if let Some(state) = &request.state {
        hash.number(state.attempts.into());
    }
    hash.0
}

struct Fnv(u64);

impl Fnv {
    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn number(&mut self, number: i64) {
        self.bytes(&number.to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
