//! How is a request read by typed getters?

use wasm_bindgen::prelude::*;

use crate::documents::{
    Consent, EmailConsent, Facts, Identity, Moment, MomentType, Order, Request, Stage, State, Subject, Tier,
};
use crate::get::{Refused, map, maybe, maybe_whole, maybe_word, need, texts, whole, word};
use crate::js::Js;

pub fn read(request: JsValue) -> Result<Request, Refused> {
    let r: Js = need(request, "request")?;
    Ok(Request {
        v: whole(r.v(), "v")?,
        now: need(r.now(), "now")?,
        locale: need(r.locale(), "locale")?,
        moment: moment(&need(r.moment(), "moment")?)?,
        subject: subject(&need(r.subject(), "subject")?)?,
        consent: maybe(r.consent(), "consent")?.map(|c: Js| consent(&c)).transpose()?,
        facts: maybe(r.facts(), "facts")?.map(|f: Js| facts(&f)).transpose()?,
        order: maybe(r.order(), "order")?.map(|o: Js| order(&o)).transpose()?,
        state: maybe(r.state(), "state")?.map(|s: Js| state(&s)).transpose()?,
    })
}

fn moment(m: &Js) -> Result<Moment, Refused> {
    Ok(Moment { kind: word(m.moment_type(), MomentType::parse, "moment.type")?, at: need(m.at(), "moment.at")? })
}

fn subject(s: &Js) -> Result<Subject, Refused> {
    Ok(Subject { id: need(s.id(), "subject.id")?, identity: word(s.identity(), Identity::parse, "subject.identity")? })
}

fn consent(c: &Js) -> Result<Consent, Refused> {
    Ok(Consent {
        objected: need(c.objected(), "consent.objected")?,
        profiling: need(c.profiling(), "consent.profiling")?,
        email: word(c.email(), EmailConsent::parse, "consent.email")?,
        ads: need(c.ads(), "consent.ads")?,
        phone: need(c.phone(), "consent.phone")?,
        storage: need(c.storage(), "consent.storage")?,
    })
}

fn facts(f: &Js) -> Result<Facts, Refused> {
    Ok(Facts {
        stage: maybe_word(f.stage(), Stage::parse, "facts.stage")?,
        tier: maybe_word(f.tier(), Tier::parse, "facts.tier")?,
        order_number: maybe_whole(f.order_number(), "facts.orderNumber")?,
        days: maybe_whole(f.days(), "facts.days")?,
        open_problem: maybe(f.open_problem(), "facts.openProblem")?,
        code: maybe(f.code(), "facts.code")?,
    })
}

fn order(o: &Js) -> Result<Order, Refused> {
    Ok(Order {
        id: need(o.id(), "order.id")?,
        currency: need(o.currency(), "order.currency")?,
        subtotal: whole(o.subtotal(), "order.subtotal")?,
        parcel: need(o.parcel(), "order.parcel")?,
        tags: texts(o.tags(), "order.tags")?,
        source: need(o.source(), "order.source")?,
        country: need(o.country(), "order.country")?,
    })
}

fn state(s: &Js) -> Result<State, Refused> {
    let count = |path: &'static str| move |value: JsValue| whole(value, path);
    Ok(State {
        attempts: whole(s.attempts(), "state.attempts")?,
        last_option: maybe(s.last_option(), "state.lastOption")?,
        sent: map(s.sent(), "state.sent", count("state.sent"))?,
        stock: map(s.stock(), "state.stock", count("state.stock"))?,
    })
}
