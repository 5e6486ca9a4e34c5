//! What do we say to this customer at this moment? The one decision function.

use std::borrow::Cow;

use crate::bucket::bucket;
use crate::map::Map;
use crate::offer::decision::{Bucket, Cap, Decision, Plain, Rejected, Step};
use crate::offer::policy::{Cell, Policy, PolicyOption};
use crate::offer::request::{Reader, Request};
use crate::offer::rules::{self, Found};
use crate::offer::say::Speaker;
use crate::offer::words::{Basis, Kind, Reason, Rejection};

/// Decides. Every input that could be read has an answer; a missing answer is one of them.
#[must_use]
pub fn decide(policy: &Policy, request: &Request) -> Decision {
    decide_with(policy, request, &|_, _| None)
}

/// As [`decide`], with one more rule after all others: program mode looks at private numbers there.
pub(super) fn decide_with(
    policy: &Policy,
    request: &Request,
    private: &dyn Fn(&PolicyOption, &Reader<'_>) -> Option<Found>,
) -> Decision {
    let reader = Reader::new(request);
    let Survey { cell, stale, main, beside, thanks, rejected, missed, held } = survey(policy, &reader, private);
    // Nobody knows on what ground to speak: then nothing is said, not even thanks.
    let unknown = rejected.iter().any(|line| line.code == Rejection::UnknownBasis);

    let (chosen, share) = choose(policy, &reader, &main);
    let main_option = chosen.map(|ranked| ranked.option).or(thanks).filter(|_| !unknown);
    let beside_option = beside.first().map(|ranked| ranked.option);
    let by_chance = held.is_some()
        || chosen.is_some_and(|ranked| ranked.option.surprise_bp > 0)
        || share.is_some_and(|bucket| bucket.propensity_bp < 10_000);
    let bucket = held.or_else(|| chosen.zip(share).map(|(ranked, share)| overall(policy, ranked, share, &missed)));
    let reason = match chosen {
        _ if stale => Reason::Stale,
        _ if unknown => Reason::Unknown,
        _ if by_chance => Reason::Split,
        Some(_) => Reason::TargetingMatch,
        None if reader.objected() => Reason::Disabled,
        None => Reason::Default,
    };

    let locale = policy.locale(&request.locale);
    let speaker = Speaker { policy, request, reader: &reader, locale };
    let main = main_option.map(|option| speaker.chosen(option));
    let beside = beside_option.map(|option| speaker.chosen(option));
    let labels = speaker.labels();
    let caps = caps(policy, &reader, [main_option, beside_option]);
    Decision {
        v: 1,
        policy: policy.hash.clone(),
        reason,
        moment: request.moment.kind,
        channel: policy.audience,
        locale,
        basis: basis(policy, main_option, beside_option),
        steps: vec![
            Step::Data { read: reader.paths().into_iter().map(Cow::Borrowed).collect() },
            Step::Segment { cell: cell.map(|cell| cell.id.clone()) },
            Step::Economics { rank: chosen.filter(|c| c.weight > 0).map(|ranked| ranked.rank + 1) },
            Step::Message { locale },
        ],
        main,
        beside,
        rejected,
        bucket,
        caps,
        labels,
    }
}

/// What is possible for a request, and what is not.
struct Survey<'a> {
    cell: Option<&'a Cell>,
    stale: bool,
    main: Vec<Ranked<'a>>,
    beside: Vec<Ranked<'a>>,
    thanks: Option<&'a PolicyOption>,
    rejected: Vec<Rejected>,
    /// Place and share of surprises that were possible and did not happen.
    missed: Vec<(usize, u32)>,
    /// The bucket that holds this customer out.
    held: Option<Bucket>,
}

fn survey<'a>(
    policy: &'a Policy,
    reader: &Reader<'_>,
    private: &dyn Fn(&PolicyOption, &Reader<'_>) -> Option<Found>,
) -> Survey<'a> {
    let stale = reader.now() > policy.expires_at;
    let cell = find_cell(policy, reader);
    let mut rejected = Vec::new();
    let (mut main, mut beside): (Vec<Ranked<'_>>, Vec<Ranked<'_>>) = (Vec::new(), Vec::new());
    let mut thanks = None;
    for option in &policy.options {
        match judge(policy, option, reader, cell, stale, private) {
            Ok(None) => thanks = Some(option),
            Ok(Some(ranked)) if option.kind.stands_beside() => in_place(&mut beside, ranked),
            Ok(Some(ranked)) => in_place(&mut main, ranked),
            Err(found) => rejected.push(line(&option.id, found)),
        }
    }
    let missed = surprise(policy, reader, &mut main, &mut rejected);
    drop_repeated(&mut main, reader, &mut rejected);
    let held = hold_out(policy, reader, &mut main, &mut rejected);
    hold_out(policy, reader, &mut beside, &mut rejected);
    Survey { cell, stale, main, beside, thanks, rejected, missed, held }
}

/// The ids of all options that could stand as the main one, best first.
pub(super) fn possible<'a>(
    policy: &'a Policy,
    request: &Request,
    private: &dyn Fn(&PolicyOption, &Reader<'_>) -> Option<Found>,
) -> Vec<&'a str> {
    let reader = Reader::new(request);
    survey(policy, &reader, private).main.iter().map(|ranked| ranked.option.id.as_str()).collect()
}

/// An option that is possible, with its place in the cell: equals have the same rank and share chance by weight.
struct Ranked<'a> {
    option: &'a PolicyOption,
    rank: u32,
    place: usize,
    weight: u32,
}

/// Rank, place and weight of an option in a cell. A rank ends where the weights reach 10,000.
fn place(cell: &Cell, id: &str) -> Option<(u32, usize, u32)> {
    let (mut rank, mut sum) = (0, 0);
    for (place, (other, weight)) in cell.ranked.iter().enumerate() {
        if other == id {
            return Some((rank, place, *weight));
        }
        sum += weight;
        if sum >= crate::bucket::BUCKETS {
            rank += 1;
            sum = 0;
        }
    }
    None
}

/// Whether an option is possible: `None` for plain thanks, which needs no rank.
fn judge<'a>(
    policy: &Policy,
    option: &'a PolicyOption,
    reader: &Reader<'_>,
    cell: Option<&Cell>,
    stale: bool,
    private: &dyn Fn(&PolicyOption, &Reader<'_>) -> Option<Found>,
) -> Result<Option<Ranked<'a>>, Found> {
    let help = matches!(option.kind, Kind::Thanks | Kind::ServiceContact);
    if stale && !help {
        return Err(Found {
            code: Rejection::NotOffered,
            field: Cow::Borrowed("now"),
            provided: Some(reader.now().to_string().into()),
            required: Some(policy.expires_at.to_string().into()),
        });
    }
    rules::first_broken(policy, option, reader)?;
    if let Some(found) = private(option, reader) {
        return Err(found);
    }
    if option.kind == Kind::Thanks {
        return Ok(None);
    }
    // Help stands before everything else and is ranked nowhere.
    if option.kind == Kind::ServiceContact {
        return Ok(Some(Ranked { option, rank: 0, place: 0, weight: 0 }));
    }
    cell.and_then(|cell| place(cell, &option.id))
        .map(|(rank, place, weight)| Some(Ranked { option, rank, place, weight }))
        .ok_or_else(|| Found {
            code: Rejection::NotOffered,
            field: Cow::Borrowed("policy.cells"),
            provided: cell.map(|cell| Plain::from(cell.id.clone())),
            required: None,
        })
}

/// Keeps the list best first. There are a few dozen options at most.
fn in_place<'a>(list: &mut Vec<Ranked<'a>>, ranked: Ranked<'a>) {
    let index = list.iter().position(|other| other.place > ranked.place).unwrap_or(list.len());
    list.insert(index, ranked);
}

fn line(option: &str, found: Found) -> Rejected {
    Rejected {
        option: option.to_owned(),
        code: found.code,
        field: found.field,
        provided: found.provided,
        required: found.required,
    }
}

fn find_cell<'a>(policy: &'a Policy, reader: &Reader<'_>) -> Option<&'a Cell> {
    let (stage, tier) = (reader.stage(), reader.tier());
    policy.cells.iter().find(|cell| {
        cell.stage.contains(&stage)
            && cell.tier.contains(&tier)
            && (cell.moment.is_empty() || cell.moment.contains(&reader.moment()))
    })
}

/// Leaves out the surprises that this occasion has none of.
fn surprise(
    policy: &Policy,
    reader: &Reader<'_>,
    main: &mut Vec<Ranked<'_>>,
    rejected: &mut Vec<Rejected>,
) -> Vec<(usize, u32)> {
    let mut missed = Vec::new();
    main.retain(|ranked| {
        let share = ranked.option.surprise_bp;
        if share == 0 {
            return true;
        }
        let (field, id) = reader.occasion();
        let n = bucket(&format!("{}/surprise/{}", policy.seed, ranked.option.id), id);
        if n >= share {
            missed.push((ranked.place, share));
            rejected.push(line(
                &ranked.option.id,
                Found::new(Rejection::NotOffered, field, Some(n.into()), Some(share.into())),
            ));
        }
        n < share
    });
    missed
}

/// The probability with which all that chance decides led to this option: its share among equals, the surprises before
/// it that did not happen and the one it is, and not being held out. Every factor is rounded down.
fn overall(policy: &Policy, chosen: &Ranked<'_>, share: Bucket, missed: &[(usize, u32)]) -> Bucket {
    let factor = |bp: u32, of: u32| bp * of / crate::bucket::BUCKETS;
    let others = missed.iter().filter(|(place, _)| *place < chosen.place);
    let mut bp = others.fold(share.propensity_bp, |bp, (_, missed)| factor(bp, crate::bucket::BUCKETS - missed));
    if chosen.option.surprise_bp > 0 {
        bp = factor(bp, chosen.option.surprise_bp);
    }
    bp = factor(bp, crate::bucket::BUCKETS - policy.holdout.bp.min(crate::bucket::BUCKETS));
    Bucket { n: share.n, propensity_bp: bp }
}

/// No identical gift twice in a row, where there is another.
fn drop_repeated(main: &mut Vec<Ranked<'_>>, reader: &Reader<'_>, rejected: &mut Vec<Rejected>) {
    let Some(last) = reader.last_option() else { return };
    let Some(index) = main.iter().position(|ranked| ranked.option.id == last) else { return };
    if let Some(other) = main.iter().find(|ranked| ranked.option.id != last) {
        rejected.push(Rejected {
            option: last.to_owned(),
            code: Rejection::Repeat,
            field: Cow::Borrowed("state.lastOption"),
            provided: Some(last.to_owned().into()),
            required: Some(other.option.id.clone().into()),
        });
        main.remove(index);
    }
}

/// Leaves the holdout group alone. Thanks and help are never held out.
fn hold_out(
    policy: &Policy,
    reader: &Reader<'_>,
    ranked: &mut Vec<Ranked<'_>>,
    rejected: &mut Vec<Rejected>,
) -> Option<Bucket> {
    if policy.holdout.bp == 0 || ranked.is_empty() {
        return None;
    }
    let n = bucket(&format!("{}/holdout", policy.seed), reader.subject_id());
    if n >= policy.holdout.bp {
        return None;
    }
    let before = ranked.len();
    ranked.retain(|candidate| {
        let stays = candidate.option.kind == Kind::ServiceContact;
        if !stays {
            rejected.push(Rejected {
                option: candidate.option.id.clone(),
                code: Rejection::Holdout,
                field: Cow::Borrowed("subject.id"),
                provided: Some(n.into()),
                required: Some(policy.holdout.bp.into()),
            });
        }
        stays
    });
    (ranked.len() < before && ranked.is_empty()).then_some(Bucket { n, propensity_bp: policy.holdout.bp })
}

/// The best ranked option; seeded chance shares out between equals by weight.
fn choose<'a, 'b>(
    policy: &Policy,
    reader: &Reader<'_>,
    main: &'b [Ranked<'a>],
) -> (Option<&'b Ranked<'a>>, Option<Bucket>) {
    if let Some(help) = main.iter().find(|ranked| ranked.option.kind == Kind::ServiceContact) {
        return (Some(help), None);
    }
    let Some(first) = main.first() else { return (None, None) };
    let equals: Vec<&Ranked<'a>> = main.iter().filter(|ranked| ranked.rank == first.rank).collect();
    let total: u64 = equals.iter().map(|ranked| u64::from(ranked.weight)).sum();
    if total == 0 {
        return (Some(first), None);
    }
    let n = bucket(&policy.seed, reader.subject_id());
    let mut upper = 0;
    let chosen = equals.into_iter().find(|ranked| {
        upper += u64::from(ranked.weight);
        u64::from(n) * total < upper * u64::from(crate::bucket::BUCKETS)
    });
    let propensity = chosen.map_or(0, |ranked| u64::from(ranked.weight) * 10_000 / total);
    (chosen, Some(Bucket { n, propensity_bp: u32::try_from(propensity).unwrap_or(10_000) }))
}

fn caps(policy: &Policy, reader: &Reader<'_>, shown: [Option<&PolicyOption>; 2]) -> Vec<Cap> {
    let channel = policy.audience.as_str();
    let promotes = shown.into_iter().flatten().any(|option| option.kind.is_promotion());
    vec![Cap {
        counter: format!("{channel}.week"),
        used: reader.sent(channel),
        limit: policy.caps.per_week,
        adds: u32::from(promotes),
    }]
}

fn basis(policy: &Policy, main: Option<&PolicyOption>, beside: Option<&PolicyOption>) -> Map<Basis> {
    main.into_iter()
        .chain(beside)
        .map(|option| option.basis)
        .max()
        .map(|basis| (policy.audience.as_str().to_owned(), basis))
        .into_iter()
        .collect()
}
