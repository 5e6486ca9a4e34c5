//! How is the decision said? Fills the policy's wording for one customer; adds no word of its own.

use crate::code;
use crate::insert::Locale;
use crate::insert::template::fill;
use crate::map::Map;
use crate::money::Currency;
use crate::offer::decision::{Chosen, Condition, Text};
use crate::offer::policy::{Policy, PolicyOption, PolicyShop, Terms};
use crate::offer::request::{Reader, Request};
use crate::offer::words::{Basis, Kind, Moment, Purpose};
use crate::score::stage::Stage;

/// Speaks one policy's words to one customer.
pub(super) struct Speaker<'a> {
    pub(super) policy: &'a Policy,
    pub(super) request: &'a Request,
    pub(super) reader: &'a Reader<'a>,
    pub(super) locale: Locale,
}

impl Speaker<'_> {
    /// An option as it is shown, with its texts and its code.
    pub(super) fn chosen(&self, option: &PolicyOption) -> Chosen {
        let code = option
            .kind
            .needs_code()
            .then(|| self.reader.code(&option.id, option.kind == Kind::Referral))
            .flatten()
            .map(code::check);
        let plain_code = code.as_ref().and_then(|checked| checked.code.clone());
        let link = plain_code
            .as_deref()
            .filter(|_| option.kind == Kind::Referral)
            .and_then(|code| self.policy.shop.friend_url.as_deref().map(|url| link(url, code)));
        Chosen {
            option: option.id.clone(),
            kind: option.kind,
            // Whoever has not bought yet is to be won, whatever it is.
            purpose: if self.reader.stage() < Stage::FirstBuyer { Purpose::Acquire } else { option.purpose },
            condition: match option.kind {
                Kind::Discount | Kind::Zugabe => Condition::Purchase,
                Kind::Referral => Condition::FriendOrder,
                _ => Condition::None,
            },
            expires_at: option.terms.as_ref().and_then(|terms| terms.until),
            code: plain_code,
            shown_code: code.and_then(|checked| checked.shown_code),
            link,
            url: option.url.clone(),
            text: self.text(option),
        }
    }

    fn text(&self, option: &PolicyOption) -> Text {
        let own = option.text.get(self.locale.as_str());
        let say = |template: &str| fill(template, &|key: &str| self.value(option, key));
        // Without an order there is a visit to say thanks for, and help is offered, not owed.
        let visit = self.is_visit() && (option.kind == Kind::Thanks || self.is_help_after_visit(option));
        let kind = if visit { Kind::Thanks.as_str() } else { option.kind.as_str() };
        let said = |key: &str| self.wording(key).map(say).filter(|text| !text.is_empty());
        let default = |part: &str| {
            let part = if visit && part == "body" { "visit" } else { part };
            said(&format!("{kind}.{part}")).unwrap_or_default()
        };
        Text {
            headline: own.and_then(|own| own.headline.as_deref()).map_or_else(|| default("headline"), say),
            body: own.and_then(|own| own.body.as_deref()).map_or_else(|| default("body"), say),
            conditions: option.terms.is_some().then(|| said(&format!("conditions.{kind}"))).flatten(),
            notice: option.is_personal_price().then(|| said("notice.personal_price")).flatten(),
            why: self.why(option),
        }
    }

    /// Whether this is about a visit: no order is in front of us, and none is known of.
    fn is_visit(&self) -> bool {
        self.reader.order().is_none()
            && (self.request.moment.kind == Moment::VisitEnded || self.reader.order_number().is_none())
    }

    fn is_help_after_visit(&self, option: &PolicyOption) -> bool {
        option.kind == Kind::ServiceContact && !self.reader.open_problem()
    }

    fn why(&self, option: &PolicyOption) -> String {
        let moment = format!("why.{}", self.request.moment.kind.as_str());
        let key = if option.kind == Kind::ServiceContact && self.reader.open_problem() {
            "why.open_problem"
        } else if self.reader.objected() {
            "why.objected"
        } else if option.is_for_everybody() {
            "why.everybody"
        } else if option.basis == Basis::Profile {
            "why.profile"
        } else if self.is_visit() {
            "why.visit"
        } else if self.wording(&moment).is_some() {
            &moment
        } else {
            "why.any"
        };
        self.wording(key).map(|template| fill(template, &|key: &str| self.value(option, key))).unwrap_or_default()
    }

    /// Buttons, notices and the greeting, without the `label.` they carry in the policy.
    pub(super) fn labels(&self) -> Map<String> {
        let Some(texts) = self.policy.texts.get(self.locale.as_str()) else { return Map::default() };
        texts
            .iter()
            .filter_map(|(key, template)| key.strip_prefix("label.").map(|name| (name, template)))
            .map(|(name, template)| (name.to_owned(), fill(template, &|key: &str| self.common(key))))
            .filter(|(_, text)| !text.is_empty())
            .collect()
    }

    fn wording(&self, key: &str) -> Option<&str> {
        self.policy.texts.get(self.locale.as_str())?.get(key).map(String::as_str)
    }

    fn value(&self, option: &PolicyOption, key: &str) -> Option<String> {
        if key == "title" {
            return option.text.get(self.locale.as_str())?.title.clone();
        }
        option
            .terms
            .as_ref()
            .and_then(|terms| term(terms, key, self.locale, self.policy.shop.currency))
            .or_else(|| self.common(key))
    }

    fn common(&self, key: &str) -> Option<String> {
        match key {
            "name" => self.request.subject.name.clone(),
            "n" => self.reader.order_number().map(|n| n.to_string()),
            "nth" => self.reader.order_number().map(|n| self.locale.ordinal(n)),
            key if key.starts_with("n:") => {
                self.reader.order_number().map(|n| self.locale.plural(n, &key[2..]).to_owned())
            }
            key => shop_value(&self.policy.shop, key),
        }
    }
}

/// What a placeholder says about the shop.
pub(super) fn shop_value(shop: &PolicyShop, key: &str) -> Option<String> {
    match key {
        "shop" => Some(shop.name.clone()),
        "contact" => shop.contact.clone(),
        _ => None,
    }
}

/// What a placeholder says about terms.
pub(super) fn term(terms: &Terms, key: &str, locale: Locale, currency: Currency) -> Option<String> {
    match key {
        "amount" => terms
            .amount
            .map(|amount| locale.amount(amount, currency))
            .or_else(|| terms.percent_bp.map(|bp| locale.percent(i64::from(bp)))),
        "min" => terms.minimum_order.filter(|minimum| *minimum > 0).map(|minimum| locale.amount(minimum, currency)),
        "date" => terms.until_day.map(|day| locale.date(day)),
        "excl" => terms.excludes.get(locale.as_str()).cloned(),
        "gift" => terms.referrer_gift.get(locale.as_str()).cloned(),
        _ => None,
    }
}

/// The address that carries a code: in place of `{code}`, or behind `#`, where no server and no log sees it.
#[must_use]
pub fn link(url: &str, code: &str) -> String {
    if url.contains("{code}") { url.replace("{code}", code) } else { format!("{url}#{code}") }
}
