//! How is a decision built by typed setters?

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::documents::{Decision, Offer, Rejection, Scalar, Step};

#[wasm_bindgen]
extern "C" {
    // One type with every field: the setters do not care whose they are.
    #[wasm_bindgen(extends = Object)]
    type Js;
    #[wasm_bindgen(method, setter)]
    fn set_v(this: &Js, v: u32);
    #[wasm_bindgen(method, setter)]
    fn set_policy(this: &Js, v: &str);
    #[wasm_bindgen(method, setter)]
    fn set_reason(this: &Js, v: &str);
    #[wasm_bindgen(method, setter)]
    fn set_moment(this: &Js, v: &str);
    #[wasm_bindgen(method, setter)]
    fn set_channel(this: &Js, v: &str);
    #[wasm_bindgen(method, setter)]
    fn set_main(this: &Js, v: &Js);
    #[wasm_bindgen(method, setter)]
    fn set_beside(this: &Js, v: &Js);
    #[wasm_bindgen(method, setter)]
    fn set_steps(this: &Js, v: &Array);
    #[wasm_bindgen(method, setter)]
    fn set_rejected(this: &Js, v: &Array);
    #[wasm_bindgen(method, setter)]
    fn set_bucket(this: &Js, v: &Js);
    #[wasm_bindgen(method, setter)]
    fn set_caps(this: &Js, v: &Array);
    #[wasm_bindgen(method, setter)]
    fn set_basis(this: &Js, v: &Js);
    #[wasm_bindgen(method, setter)]
    fn set_page(this: &Js, v: &str);
    #[wasm_bindgen(method, setter)]
    fn set_labels(this: &Js, v: &Js);
    #[wasm_bindgen(method, setter)]
    fn set_option(this: &Js, v: &str);
    #[wasm_bindgen(method, setter)]
    fn set_kind(this: &Js, v: &str);
    #[wasm_bindgen(method, setter)]
    fn set_purpose(this: &Js, v: &str);
    #[wasm_bindgen(method, setter)]
    fn set_condition(this: &Js, v: &str);
    #[wasm_bindgen(method, setter, js_name = "expiresAt")]
    fn set_expires_at(this: &Js, v: &str);
    #[wasm_bindgen(method, setter)]
    fn set_code(this: &Js, v: &str);
    #[wasm_bindgen(method, setter, js_name = "shownCode")]
    fn set_shown_code(this: &Js, v: &str);
    #[wasm_bindgen(method, setter)]
    fn set_url(this: &Js, v: &str);
    #[wasm_bindgen(method, setter)]
    fn set_text(this: &Js, v: &Js);
    #[wasm_bindgen(method, setter)]
    fn set_headline(this: &Js, v: &str);
    #[wasm_bindgen(method, setter)]
    fn set_body(this: &Js, v: &str);
    #[wasm_bindgen(method, setter)]
    fn set_conditions(this: &Js, v: &str);
    #[wasm_bindgen(method, setter)]
    fn set_why(this: &Js, v: &str);
    #[wasm_bindgen(method, setter)]
    fn set_step(this: &Js, v: &str);
    #[wasm_bindgen(method, setter)]
    fn set_read(this: &Js, v: &Array);
    #[wasm_bindgen(method, setter)]
    fn set_cell(this: &Js, v: &str);
    #[wasm_bindgen(method, setter)]
    fn set_rank(this: &Js, v: u32);
    #[wasm_bindgen(method, setter)]
    fn set_locale(this: &Js, v: &str);
    #[wasm_bindgen(method, setter)]
    fn set_field(this: &Js, v: &str);
    #[wasm_bindgen(method, setter)]
    fn set_provided(this: &Js, v: &JsValue);
    #[wasm_bindgen(method, setter)]
    fn set_required(this: &Js, v: &JsValue);
    #[wasm_bindgen(method, setter)]
    fn set_n(this: &Js, v: u32);
    #[wasm_bindgen(method, setter, js_name = "propensityBp")]
    fn set_propensity_bp(this: &Js, v: u32);
    #[wasm_bindgen(method, setter)]
    fn set_counter(this: &Js, v: &str);
    #[wasm_bindgen(method, setter)]
    fn set_used(this: &Js, v: u32);
    #[wasm_bindgen(method, setter)]
    fn set_limit(this: &Js, v: u32);
}

pub fn write(decision: &Decision) -> JsValue {
    let js = object();
    js.set_v(decision.v);
    js.set_policy(decision.policy);
    js.set_reason(decision.reason);
    js.set_moment(decision.moment.name());
    js.set_channel(decision.channel.name());
    if let Some(main) = &decision.main {
        js.set_main(&offer(main));
    }
    if let Some(beside) = &decision.beside {
        js.set_beside(&offer(beside));
    }
    js.set_steps(&decision.steps.iter().map(step).collect());
    js.set_rejected(&decision.rejected.iter().map(rejection).collect());
    let bucket = object();
    bucket.set_n(decision.bucket.n);
    bucket.set_propensity_bp(decision.bucket.propensity_bp);
    js.set_bucket(&bucket);
    js.set_caps(
        &decision
            .caps
            .iter()
            .map(|cap| {
                let js = object();
                js.set_counter(cap.counter);
                js.set_used(cap.used);
                js.set_limit(cap.limit);
                js
            })
            .collect(),
    );
    let basis = object();
    basis.set_page(decision.basis.page);
    js.set_basis(&basis);
    if let Some(all) = decision.labels {
        let labels = object();
        for (key, text) in all {
            // Cannot fail: a plain object takes every key.
            let _ = Reflect::set(&labels, &key.into(), &text.into());
        }
        js.set_labels(&labels);
    }
    js.into()
}

fn object() -> Js {
    Object::new().unchecked_into()
}

fn offer(offer: &Offer) -> Js {
    let js = object();
    js.set_option(offer.option);
    js.set_kind(offer.kind.name());
    js.set_purpose(offer.purpose.name());
    js.set_condition(offer.condition.name());
    js.set_expires_at(offer.expires_at);
    if let Some(code) = offer.code {
        js.set_code(code);
    }
    if let Some(shown) = &offer.shown_code {
        js.set_shown_code(shown);
    }
    if let Some(url) = offer.url {
        js.set_url(url);
    }
    let text = object();
    text.set_headline(offer.text.headline);
    text.set_body(offer.text.body);
    if let Some(conditions) = offer.text.conditions {
        text.set_conditions(conditions);
    }
    text.set_why(offer.text.why);
    js.set_text(&text);
    js
}

fn step(step: &Step) -> Js {
    let js = object();
    match step {
        Step::Data { read } => {
            js.set_step("data");
            js.set_read(&read.iter().map(|field| JsValue::from_str(field)).collect());
        }
        Step::Segment { cell } => {
            js.set_step("segment");
            js.set_cell(cell);
        }
        Step::Economics { rank } => {
            js.set_step("economics");
            js.set_rank(*rank);
        }
        Step::Message { locale } => {
            js.set_step("message");
            js.set_locale(locale);
        }
    }
    js
}

fn rejection(rejection: &Rejection) -> Js {
    let js = object();
    js.set_option(rejection.option);
    js.set_code(rejection.code);
    js.set_field(rejection.field);
    if let Some(provided) = &rejection.provided {
        js.set_provided(&scalar(provided));
    }
    if let Some(required) = &rejection.required {
        js.set_required(&scalar(required));
    }
    js
}

fn scalar(scalar: &Scalar) -> JsValue {
    match scalar {
        Scalar::Text(text) => JsValue::from_str(text),
        Scalar::Number(number) => JsValue::from_f64(*number as f64),
        Scalar::Flag(flag) => JsValue::from_bool(*flag),
    }
}
