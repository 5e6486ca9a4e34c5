//! How is a policy read by typed getters?

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::documents::{
    Cell, Channel, Choice, Condition, Holdout, Kind, MomentType, Policy, Purpose, Rule, Shop, Stage, Terms, Text,
    Texts, Tier,
};
use crate::get::{Refused, list, map, maybe, maybe_whole, need, texts, whole, word, words};
use crate::js::Js;

pub fn read(policy: JsValue) -> Result<Policy, Refused> {
    let p: Js = need(policy, "policy")?;
    let shop: Js = need(p.shop(), "shop")?;
    let holdout: Js = need(p.holdout(), "holdout")?;
    Ok(Policy {
        v: whole(p.v(), "v")?,
        hash: need(p.hash(), "hash")?,
        audience: word(p.audience(), Channel::parse, "audience")?,
        shop: Shop { name: need(shop.name(), "shop.name")?, currency: need(shop.currency(), "shop.currency")? },
        published_at: need(p.published_at(), "publishedAt")?,
        expires_at: need(p.expires_at(), "expiresAt")?,
        options: list(p.options(), "options", choice)?,
        cells: list(p.cells(), "cells", cell)?,
        holdout: Holdout { bp: whole(holdout.bp(), "holdout.bp")? },
        texts: map(p.texts(), "texts", locale)?,
    })
}

fn choice(value: JsValue) -> Result<Choice, Refused> {
    let o: Js = need(value, "options")?;
    let t: Js = need(o.terms(), "options.terms")?;
    Ok(Choice {
        id: need(o.id(), "options.id")?,
        kind: word(o.kind(), Kind::parse, "options.kind")?,
        purpose: word(o.purpose(), Purpose::parse, "options.purpose")?,
        channels: words(o.channels(), Channel::parse, "options.channels")?,
        moments: words(o.moments(), MomentType::parse, "options.moments")?,
        rules: list(o.rules(), "options.rules", rule)?,
        terms: Terms {
            condition: word(t.condition(), Condition::parse, "options.terms.condition")?,
            days: whole(t.days(), "options.terms.days")?,
            expires_at: need(t.expires_at(), "options.terms.expiresAt")?,
            minimum: maybe_whole(t.minimum(), "options.terms.minimum")?,
            customer_value: maybe_whole(t.customer_value(), "options.terms.customerValue")?,
        },
        url: maybe(o.url(), "options.url")?,
    })
}

fn rule(value: JsValue) -> Result<Rule, Refused> {
    let r: Js = need(value, "options.rules")?;
    Ok(match need::<String>(r.rule(), "options.rules.rule")?.as_str() {
        "stage" => Rule::Stage { min: word(r.min(), Stage::parse, "options.rules.min")? },
        "tier" => Rule::Tier { min: word(r.min(), Tier::parse, "options.rules.min")? },
        "minimum" => Rule::Minimum { amount: whole(r.amount(), "options.rules.amount")? },
        "countries" => Rule::Countries { any: texts(r.any(), "options.rules.any")? },
        "tags" => Rule::Tags { any: texts(r.any(), "options.rules.any")? },
        "stock" => Rule::Stock,
        "parcel" => Rule::Parcel,
        "no_problem" => Rule::NoProblem,
        "cap" => Rule::Cap {
            counter: need(r.counter(), "options.rules.counter")?,
            limit: whole(r.limit(), "options.rules.limit")?,
        },
        _ => return Err("options.rules.rule".to_owned()),
    })
}

fn cell(value: JsValue) -> Result<Cell, Refused> {
    let c: Js = need(value, "cells")?;
    let ranked = |pair: JsValue| {
        let pair: Array = pair.dyn_into().map_err(|_| "cells.ranked".to_owned())?;
        Ok((need(pair.get(0), "cells.ranked")?, whole(pair.get(1), "cells.ranked")?))
    };
    Ok(Cell {
        id: need(c.id(), "cells.id")?,
        stage: words(c.stages(), Stage::parse, "cells.stage")?,
        tier: words(c.tiers(), Tier::parse, "cells.tier")?,
        ranked: list(c.ranked(), "cells.ranked", ranked)?,
    })
}

fn locale(value: JsValue) -> Result<Texts, Refused> {
    let t: Js = need(value, "texts")?;
    Ok(Texts {
        labels: map(t.labels(), "texts.labels", |l| need(l, "texts.labels"))?,
        options: map(t.options(), "texts.options", text)?,
    })
}

fn text(value: JsValue) -> Result<Text, Refused> {
    let t: Js = need(value, "texts.options")?;
    Ok(Text {
        headline: need(t.headline(), "texts.options.headline")?,
        body: need(t.body(), "texts.options.body")?,
        conditions: maybe(t.conditions(), "texts.options.conditions")?,
        why: need(t.why(), "texts.options.why")?,
    })
}
