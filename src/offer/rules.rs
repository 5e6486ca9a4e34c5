//! May this option be given here, and if not, what would have to be different? The rules, always in this order:
//! objection, law, consent, moment, caps, stage, the order, stock, code.

use std::borrow::Cow;

use crate::code::{CodeVerdict, check};
use crate::offer::decision::Plain;
use crate::offer::law::{PRICE_BOUND, SENSITIVE};
use crate::offer::policy::{Policy, PolicyOption};
use crate::offer::request::{Field, Reader};
use crate::offer::words::{Basis, Channel, EmailConsent, Identity, Kind, Moment, Rejection};
use crate::score::stage::Stage;

/// A rule that did not hold.
pub(super) struct Found {
    pub(super) code: Rejection,
    pub(super) field: Cow<'static, str>,
    pub(super) provided: Option<Plain>,
    pub(super) required: Option<Plain>,
}

impl Found {
    pub(super) fn new(code: Rejection, field: Field, provided: Option<Plain>, required: Option<Plain>) -> Self {
        Self { code, field: Cow::Borrowed(field.path()), provided, required }
    }
}

type Verdict = Result<(), Found>;

/// The first rule that does not hold, if any.
pub(super) fn first_broken(policy: &Policy, option: &PolicyOption, reader: &Reader<'_>) -> Verdict {
    objection(policy, option, reader)?;
    if option.kind == Kind::Thanks {
        return Ok(());
    }
    law(policy, option, reader)?;
    consent(option, reader)?;
    moment(policy, option, reader)?;
    caps(policy, option, reader)?;
    stage(option, reader)?;
    order(policy, option, reader)?;
    stock(option, reader)?;
    code(option, reader)
}

fn fail(
    code: Rejection,
    field: Field,
    provided: impl Into<Option<Plain>>,
    required: impl Into<Option<Plain>>,
) -> Verdict {
    Err(Found::new(code, field, provided.into(), required.into()))
}

fn plain(value: impl Into<Plain>) -> Option<Plain> {
    Some(value.into())
}

/// GDPR Art. 21: an objection ends advertising. Plain thanks and help are none; the same leaflet for everybody
/// processes no data.
fn objection(policy: &Policy, option: &PolicyOption, reader: &Reader<'_>) -> Verdict {
    if option.kind != Kind::ServiceContact && reader.open_problem() {
        return fail(Rejection::OpenProblem, Field::OpenProblem, plain(true), plain(false));
    }
    let advertising = !matches!(option.kind, Kind::Thanks | Kind::ServiceContact);
    if advertising && !same_for_all(policy, option) && reader.objected() {
        return fail(Rejection::Objected, Field::Objected, plain(true), plain(false));
    }
    Ok(())
}

/// The same leaflet in every parcel processes nobody's data.
fn same_for_all(policy: &Policy, option: &PolicyOption) -> bool {
    option.basis == Basis::Unselected && policy.audience == Channel::Parcel
}

fn law(policy: &Policy, option: &PolicyOption, reader: &Reader<'_>) -> Verdict {
    let for_all = same_for_all(policy, option);
    if option.kind != Kind::Brand && !for_all && reader.identity() == Identity::Anonymous {
        return fail(Rejection::BasisNotAllowed, Field::Identity, plain("anonymous"), plain("order"));
    }
    // Marketplace terms forbid own marketing in the parcel; a third party's customer is not ours, and gets what all get.
    let source = reader.order_field(Field::OrderSource, |order| order.source.as_deref()).flatten();
    if let Some(foreign @ ("marketplace" | "third_party")) = source
        && !(for_all && foreign == "third_party")
    {
        return fail(Rejection::LawForbids, Field::OrderSource, plain(foreign.to_owned()), plain("shop"));
    }
    let (money, profile) = (option.terms.is_some() || option.kind == Kind::Zugabe, option.basis == Basis::Profile);
    if money || profile {
        let tags = reader.order_field(Field::OrderTags, |order| order.tags.as_slice()).unwrap_or_default();
        let bound = |tag: &&String| {
            (money && PRICE_BOUND.contains(&tag.as_str())) || (profile && SENSITIVE.contains(&tag.as_str()))
        };
        if let Some(tag) = tags.iter().find(bound) {
            return fail(Rejection::LawForbids, Field::OrderTags, plain(tag.clone()), None);
        }
    }
    // Conditions are told in full, or there is no voucher.
    if option.kind == Kind::Discount
        && !policy.texts.iter().all(|(_, texts)| texts.get("conditions.discount").is_some())
    {
        return Err(Found {
            code: Rejection::LawForbids,
            field: Cow::Borrowed("policy.texts"),
            provided: None,
            required: None,
        });
    }
    match policy.audience {
        Channel::Email => match reader.email() {
            None => fail(Rejection::UnknownBasis, Field::Email, None, plain("confirmed")),
            Some(EmailConsent::Confirmed) => Ok(()),
            Some(EmailConsent::ExistingCustomer) => match reader.not_existing_customer() {
                Some(field) => fail(Rejection::ConsentMissing, field, plain(false), plain(true)),
                None => Ok(()),
            },
            Some(other) => fail(Rejection::ConsentMissing, Field::Email, plain(other.as_str()), plain("confirmed")),
        },
        Channel::Phone if !reader.phone() => fail(Rejection::ConsentMissing, Field::Phone, plain(false), plain(true)),
        Channel::Ads | Channel::Social if !reader.ads() => {
            fail(Rejection::ConsentMissing, Field::Ads, plain(false), plain(true))
        }
        _ => Ok(()),
    }
}

fn consent(option: &PolicyOption, reader: &Reader<'_>) -> Verdict {
    if option.basis == Basis::Profile && !reader.profiling() {
        return fail(Rejection::ConsentMissing, Field::Profiling, plain(false), plain(true));
    }
    Ok(())
}

fn is_prospect(reader: &Reader<'_>) -> bool {
    matches!(reader.stage(), Stage::Interested | Stage::Lead | Stage::Follower)
}

fn moment(policy: &Policy, option: &PolicyOption, reader: &Reader<'_>) -> Verdict {
    let moment = reader.moment();
    if option.kind == Kind::ServiceContact {
        // Help is offered when something is wrong, or after a visit that found nothing; never as an offer.
        let called_for = matches!(moment, Moment::Refund | Moment::Delay | Moment::PaymentFailed | Moment::VisitEnded);
        return if called_for || reader.open_problem() {
            Ok(())
        } else {
            fail(Rejection::NotOffered, Field::OpenProblem, plain(false), plain(true))
        };
    }
    // Nobody is followed by products: whoever left without buying sees the brand or a story, if anything.
    let elsewhere = matches!(policy.audience, Channel::Ads | Channel::Social);
    if elsewhere && !matches!(option.kind, Kind::Brand | Kind::Story) {
        if moment == Moment::VisitEnded {
            return fail(Rejection::NoMoment, Field::MomentType, plain(moment.as_str()), plain("delivered"));
        }
        if is_prospect(reader) {
            let stage = reader.stage();
            return fail(Rejection::StageTooLow, Field::Stage, plain(stage.as_str()), plain("first_buyer"));
        }
    }
    let Some(window) = moment.window().filter(|_| option.moments.contains(&moment)) else {
        let wanted = option.moments.first().map(|moment| Plain::from(moment.as_str()));
        return fail(Rejection::NoMoment, Field::MomentType, plain(moment.as_str()), wanted);
    };
    let (at, earliest) = (reader.moment_at(), reader.now().plus(-i64::from(window)));
    if at < earliest {
        return fail(Rejection::MomentExpired, Field::MomentAt, plain(at.to_string()), plain(earliest.to_string()));
    }
    Ok(())
}

fn caps(policy: &Policy, option: &PolicyOption, reader: &Reader<'_>) -> Verdict {
    if option.kind == Kind::Invitation {
        // Who has answered is not asked again, and nobody twice within 90 days, as far as the host may remember.
        if let Some(answer) = reader.email().filter(|answer| *answer != EmailConsent::None) {
            return fail(Rejection::NotOffered, Field::Email, plain(answer.as_str()), plain("none"));
        }
        if let Some(invited) = reader.sent("invitation").filter(|invited| *invited > 0) {
            return Err(Found {
                code: Rejection::CapReached,
                field: Cow::Borrowed("state.sent.invitation"),
                provided: plain(invited),
                required: plain(0_u32),
            });
        }
    }
    if option.kind.is_promotion() {
        let channel = policy.audience.as_str();
        let used = reader.sent(channel);
        if used.is_none_or(|used| used >= policy.caps.per_week) {
            return Err(Found {
                code: Rejection::CapReached,
                field: Cow::Owned(format!("state.sent.{channel}")),
                provided: used.map(Plain::from),
                required: plain(policy.caps.per_week.saturating_sub(1)),
            });
        }
    }
    if is_prospect(reader) && option.kind != Kind::Brand {
        let attempts = reader.attempts();
        let spent = attempts.map_or(option.kind.is_promotion(), |attempts| attempts >= policy.caps.attempts);
        if spent {
            let required = policy.caps.attempts.saturating_sub(1);
            return fail(Rejection::AttemptsExhausted, Field::Attempts, attempts.map(Plain::from), plain(required));
        }
    }
    Ok(())
}

fn stage(option: &PolicyOption, reader: &Reader<'_>) -> Verdict {
    let stage = reader.stage();
    if option.kind != Kind::ServiceContact && !option.stages.contains(&stage) {
        let code = if option.stages.iter().all(|wanted| *wanted > stage) {
            Rejection::StageTooLow
        } else {
            Rejection::NotOffered
        };
        let wanted = option.stages.first().map(|stage| Plain::from(stage.as_str()));
        return fail(code, Field::Stage, plain(stage.as_str()), wanted);
    }
    if let Some(wanted) = option.min_tier {
        let tier = reader.tier();
        if tier < wanted {
            return fail(Rejection::TierTooLow, Field::Tier, plain(tier.as_str()), plain(wanted.as_str()));
        }
    }
    Ok(())
}

fn order(policy: &Policy, option: &PolicyOption, reader: &Reader<'_>) -> Verdict {
    let conditions = &option.conditions;
    if option.kind.is_physical() && !reader.order_field(Field::OrderParcel, |order| order.parcel).unwrap_or(false) {
        let provided = reader.order().map(|order| Plain::from(order.parcel));
        return fail(Rejection::NoParcel, Field::OrderParcel, provided, plain(true));
    }
    // A basic version is of something digital.
    if option.kind == Kind::Freemium && reader.order_field(Field::OrderParcel, |order| order.parcel) == Some(true) {
        return fail(Rejection::ProductExcluded, Field::OrderParcel, plain(true), plain(false));
    }
    if !conditions.tags.is_empty() || !conditions.excluded_tags.is_empty() {
        let tags = reader.order_field(Field::OrderTags, |order| order.tags.as_slice()).unwrap_or_default();
        if let Some(excluded) = tags.iter().find(|tag| conditions.excluded_tags.contains(tag)) {
            return fail(Rejection::ProductExcluded, Field::OrderTags, plain(excluded.clone()), None);
        }
        if !conditions.tags.is_empty() && !tags.iter().any(|tag| conditions.tags.contains(tag)) {
            let wanted = conditions.tags.first().cloned().map(Plain::from);
            return fail(Rejection::ProductNotTagged, Field::OrderTags, plain(tags.join(",")), wanted);
        }
    }
    if !conditions.countries.is_empty() || !conditions.excluded_countries.is_empty() {
        let country = reader.order_field(Field::OrderCountry, |order| order.country.clone()).flatten();
        let inside = country.as_ref().is_some_and(|country| {
            (conditions.countries.is_empty() || conditions.countries.contains(country))
                && !conditions.excluded_countries.contains(country)
        });
        if !inside {
            let wanted = conditions.countries.first().cloned().map(Plain::from);
            return fail(Rejection::CountryExcluded, Field::OrderCountry, country.map(Plain::from), wanted);
        }
    }
    if option.terms.is_some() || conditions.minimum_order.is_some() {
        let currency = reader.order_field(Field::OrderCurrency, |order| order.currency);
        if let Some(other) = currency.filter(|currency| *currency != policy.shop.currency) {
            let wanted = policy.shop.currency.as_str().to_owned();
            let provided = plain(other.as_str().to_owned());
            return fail(Rejection::CurrencyMismatch, Field::OrderCurrency, provided, plain(wanted));
        }
    }
    if let Some(minimum) = conditions.minimum_order {
        let subtotal = reader.order_field(Field::OrderSubtotal, |order| order.subtotal);
        if subtotal.is_none_or(|subtotal| subtotal < minimum) {
            let provided = subtotal.map(Plain::from);
            return fail(Rejection::MinimumOrder, Field::OrderSubtotal, provided, plain(minimum));
        }
    }
    Ok(())
}

fn stock(option: &PolicyOption, reader: &Reader<'_>) -> Verdict {
    if let Some(season) = option.season.as_ref() {
        let today = reader.now().day();
        if !season.holds(today) {
            return fail(Rejection::OutOfSeason, Field::Now, plain(today.to_string()), None);
        }
    }
    if option.stock {
        let left = reader.stock(&option.id);
        if left.is_none_or(|left| left == 0) {
            return Err(Found {
                code: if option.kind == Kind::Service { Rejection::OutOfCapacity } else { Rejection::OutOfStock },
                field: Cow::Owned(format!("state.stock.{}", option.id)),
                provided: left.map(Plain::from),
                required: plain(1_u32),
            });
        }
    }
    Ok(())
}

fn code(option: &PolicyOption, reader: &Reader<'_>) -> Verdict {
    if !option.kind.needs_code() {
        return Ok(());
    }
    let is_referral = option.kind == Kind::Referral;
    let verdict = reader.code(&option.id, is_referral).map(|text| check(text).verdict);
    match verdict {
        Some(CodeVerdict::Ok) => Ok(()),
        verdict => Err(Found {
            code: Rejection::NoCode,
            field: if is_referral {
                Cow::Borrowed(Field::Code.path())
            } else {
                Cow::Owned(format!("{}.{}", Field::Codes.path(), option.id))
            },
            provided: verdict.map(|verdict| Plain::from(verdict.as_str())),
            required: plain("ok"),
        }),
    }
}
