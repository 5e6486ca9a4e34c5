//! What holds where the program is silent? Every default by the path at which a merchant would set it.

use serde_json::{Value, json};

use crate::map::Map;
use crate::offer::defaults;
use crate::offer::economics::figures::ASSUMED_MARGIN_BP;
use crate::offer::economics::settings::{Mode, Size, Strategy};
use crate::offer::program::Program;
use crate::offer::publish::{moments, stages};

/// Paths that the program leaves open, with the value that is taken instead.
pub(super) fn assumed(program: &Program) -> Map<Value> {
    let mut all = Map::default();
    let mut assume = |absent: bool, path: String, value: Value| {
        if absent {
            all.insert(path, value);
        }
    };
    let allowance = program.allowance();
    for (field, value) in [("rateBp", json!(allowance.rate_bp)), ("max", json!(allowance.max))] {
        assume(program.allowance.is_none(), format!("allowance.{field}"), value);
    }
    assume(program.margin_bp.is_none(), "marginBp".to_owned(), json!(ASSUMED_MARGIN_BP));
    let economics = program.economics.clone().unwrap_or_default();
    for (absent, field, value) in [
        (economics.mode.is_none(), "mode", json!(Mode::Advise.as_str())),
        (economics.strategy.is_none(), "strategy", json!(Strategy::GiftsFirst.as_str())),
        (economics.horizon.is_none(), "horizon", json!(1)),
    ] {
        assume(absent, format!("economics.{field}"), value);
    }
    assume(program.holdout.is_none(), "holdout.bp".to_owned(), json!(0));
    let asks = program.referral.as_ref().is_none_or(|referral| referral.enabled);
    assume(asks, "referral.enabled".to_owned(), json!(true));
    let friend = program.friend_promotion();
    let silent = program.referral.as_ref().is_none_or(|referral| referral.friend.is_none());
    assume(silent, "referral.friend.amount".to_owned(), json!(friend.amount));
    assume(silent, "referral.friend.minimumOrder".to_owned(), json!(friend.minimum_order));
    assume(friend.days.is_none(), "referral.friend.days".to_owned(), json!(friend.days()));
    for (index, option) in program.options.iter().enumerate() {
        let path = |field: &str| format!("options[{index}].{field}");
        let words = |texts: Vec<&str>| json!(texts);
        let channels = defaults::channels(option.kind).iter().map(|channel| channel.as_str()).collect();
        assume(option.channels.is_none(), path("channels"), words(channels));
        assume(
            option.moments.is_none(),
            path("moments"),
            words(moments(option).iter().map(|one| one.as_str()).collect()),
        );
        assume(option.stages.is_none(), path("stages"), words(stages(option).iter().map(|one| one.as_str()).collect()));
        assume(option.size.is_none(), path("size"), json!(Size::Small.as_str()));
        assume(option.weight.is_none(), path("weight"), json!(1));
        // A voucher that somebody owns holds as long as the law says.
        if let Some(promotion) = option.promotion.as_ref().filter(|promotion| promotion.voucher.is_none()) {
            assume(promotion.days.is_none(), path("promotion.days"), json!(promotion.days()));
        }
    }
    all
}
