//! What does this webhook say? Verified over the bytes as they came, then read: the canonical order and what it means
//! for the books, or what is asked about a person.
//!
//! What an order means is told by how the order stands, not by the topic that brought it: deliveries come late, twice and
//! in any order, and the books end the same.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::signature::{Secret, SignatureText, refused, verify};
use crate::books::{BooksOrderCode, BooksOrderEvent, Holder, OrderEventKind};
use crate::code;
use crate::money::{Currency, Minor};
use crate::order::import::json::Object;
use crate::order::import::{Format, HashKey, ImportOptions, Persons, import};
use crate::order::{Order, OrderStatus};
use crate::price::Platform;
use crate::reject::{Code, Error, Result};
use crate::time::Instant;

/// How old a signed time may be, in seconds, or how far ahead.
pub(super) const FRESH: i64 = 300;

/// A delivery of a platform: all of it but the body, which stays bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookRequest {
    /// Version of this document: 1.
    pub v: u32,
    /// Who is said to have sent it.
    pub platform: Platform,
    /// The headers of the request; names in any case.
    pub headers: BTreeMap<String, String>,
    /// The secrets it may be signed with: one, or two while they are exchanged.
    pub secrets: Vec<Secret>,
    /// Now.
    pub now: Instant,
    /// The only shop that may send it, as the platform names it; absent, any that knows the secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop: Option<String>,
    /// Whose books it goes into. Without it, the books' event is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The currency of orders that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The time zone of times that name none; without it UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The key under which e-mail addresses are hashed: 64 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub hash_key: Option<HashKey>,
}

/// What a verified delivery says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Webhook {
    /// Version of this document: 1.
    pub v: u32,
    /// Who sent it.
    pub platform: Platform,
    /// The shop, as the platform names it: a domain (Shopify), an id (Shopware), an address (WooCommerce).
    pub shop: String,
    /// The platform's own name of what happened.
    pub topic: String,
    /// What is the same in every repetition of this delivery, and in no other one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<String>,
    /// When it happened, where the platform says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
    /// What it is about.
    pub content: WebhookContent,
}

/// What a delivery is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum WebhookContent {
    /// An order as it stands now.
    Order {
        /// The order, lines included.
        order: Box<Order>,
        /// What it means for the books: absent for test orders, orders that are neither paid, paid back nor cancelled, and
        /// without a tenant.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        books: Option<Box<BooksOrderEvent>>,
        /// The name of the effect, made of platform, shop, order and what happened: whoever does more than the books does it
        /// once for each.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        once: Option<String>,
    },
    /// A refund, told apart from its order: ask the shop for the order, or wait for its update.
    Refund {
        /// The order.
        order: String,
        /// The refund.
        refund: String,
        /// What was paid back, in minor units of `currency`.
        amount: Minor,
        /// The currency, where something was paid back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        currency: Option<Currency>,
        /// As for orders.
        once: String,
    },
    /// A customer asks what is known: answer the shop owner within 30 days.
    DataRequest {
        /// Who asks.
        person: WebhookPerson,
        /// The platform's number of the request.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<String>,
    },
    /// These customers are to be forgotten.
    Redact {
        /// Who.
        people: Vec<WebhookPerson>,
    },
    /// Everything about this shop is to be deleted.
    RedactShop {},
    /// The app was removed from the shop: its access has ended.
    Uninstalled {
        /// The shop owner asked to keep the data.
        keep: bool,
    },
    /// A trial whether somebody is here. Not signed, and without effect.
    Ping {},
    /// Something else.
    Other {
        /// The id in it, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
    },
    /// The signature holds, and the body cannot be read: another delivery of it would not change that.
    Unreadable {
        /// What is wrong with it.
        error: Error,
    },
}

/// A customer, without name and address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookPerson {
    /// The shop's id of the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// The keyed hash of the e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The orders it is about; empty where the platform names none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<String>,
}

/// Whose secret is needed: read before anything is verified, so it says nothing about who sent it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookShop {
    /// The shop that it is said to come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop: Option<String>,
}

/// The shop that a delivery says it comes from, to look up its secret. Nothing is verified.
#[must_use]
pub fn shop_of(platform: Platform, headers: &BTreeMap<String, String>, body: &[u8]) -> WebhookShop {
    let shop = match platform {
        Platform::Shopify => header(headers, "x-shopify-shop-domain").map(str::to_owned),
        Platform::Woocommerce => header(headers, "x-wc-webhook-source").map(str::to_owned),
        Platform::Shopware => text_of(body).and_then(|text| {
            let source = Object::parse(text, String::new()).ok()?.object("source").ok()??;
            source.text("shopId").map(Into::into)
        }),
    };
    WebhookShop { shop }
}

fn text_of(body: &[u8]) -> Option<&str> {
    let text = core::str::from_utf8(body).ok()?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// A header; of two that differ in case only, the first.
pub(super) fn header<'a>(headers: &'a BTreeMap<String, String>, name: &str) -> Option<&'a str> {
    headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// Verifies a delivery and reads it.
///
/// # Errors
/// `bad_signature`, in the same words for an unknown shop, a missing, wrong or cut signature, another shop than the one
/// that may send, and a signed time that is more than five minutes away; `unsupported_version`; `invalid_value` for a time
/// zone that is none. A body that is signed and cannot be read is no error but [`WebhookContent::Unreadable`].
pub fn receive(request: &WebhookRequest, body: &[u8]) -> Result<Webhook> {
    if request.v != 1 {
        let message = format!("This request has version {}, this release reads version 1.", request.v);
        return Err(Error::at(Code::UnsupportedVersion, "v", message));
    }
    let headers = |name: &str| header(&request.headers, name);
    if request.platform == Platform::Woocommerce && headers("x-wc-webhook-topic").is_none() && is_ping(body) {
        return Ok(webhook(request, String::new(), "ping".to_owned(), WebhookContent::Ping {}));
    }
    let (signature, kind) = match request.platform {
        Platform::Shopify => ("x-shopify-hmac-sha256", SignatureText::Base64),
        Platform::Woocommerce => ("x-wc-webhook-signature", SignatureText::Base64),
        Platform::Shopware => ("shopware-shop-signature", SignatureText::Hex),
    };
    if !verify(&request.secrets, body, headers(signature).unwrap_or_default(), kind) {
        return Err(refused());
    }
    let shop = shop_of(request.platform, &request.headers, body).shop.unwrap_or_default();
    let shop = if request.platform == Platform::Shopify { shop.to_ascii_lowercase() } else { shop };
    if request.shop.as_ref().is_some_and(|only| !same_shop(only, &shop)) {
        return Err(refused());
    }
    read(request, shop, body)
}

fn same_shop(one: &str, other: &str) -> bool {
    one.trim_end_matches('/').eq_ignore_ascii_case(other.trim_end_matches('/'))
}

/// WooCommerce asks, without a signature, whether somebody is here when a webhook is saved: `webhook_id=7`.
fn is_ping(body: &[u8]) -> bool {
    body.strip_prefix(b"webhook_id=").is_some_and(|id| !id.is_empty() && id.iter().all(u8::is_ascii_digit))
}

fn webhook(request: &WebhookRequest, shop: String, topic: String, content: WebhookContent) -> Webhook {
    let headers = |name: &str| header(&request.headers, name).map(str::to_owned);
    let (delivery, at) = match request.platform {
        Platform::Shopify => (
            headers("x-shopify-webhook-id"),
            headers("x-shopify-triggered-at").and_then(|text| Instant::parse(&text).ok()),
        ),
        Platform::Woocommerce => (headers("x-wc-webhook-delivery-id"), None),
        Platform::Shopware => (None, None),
    };
    Webhook { v: 1, platform: request.platform, shop, topic, delivery, at, content }
}

fn read(request: &WebhookRequest, shop: String, body: &[u8]) -> Result<Webhook> {
    let topic = match request.platform {
        Platform::Shopify => header(&request.headers, "x-shopify-topic"),
        Platform::Woocommerce => header(&request.headers, "x-wc-webhook-topic"),
        Platform::Shopware => None,
    };
    let topic = topic.unwrap_or_default().to_ascii_lowercase();
    let object = match text_of(body).map(|text| Object::parse(text, String::new())) {
        Some(Ok(object)) => object,
        Some(Err(error)) => return Ok(webhook(request, shop, topic, WebhookContent::Unreadable { error })),
        None => {
            let error = Error::new(Code::InvalidJson, "This is not UTF-8 text.");
            return Ok(webhook(request, shop, topic, WebhookContent::Unreadable { error }));
        }
    };
    if request.platform == Platform::Shopware {
        return shopware(request, shop, &object, body);
    }
    let reader = Reader { request, shop: &shop };
    let content = match request.platform {
        Platform::Shopify => shopify(&reader, &topic, &object, body),
        _ => woocommerce(&reader, &topic, &object, body),
    };
    Ok(webhook(request, shop.clone(), topic, unreadable(content)?))
}

/// What is wrong with a signed body is part of the answer; what is wrong with our own settings is an error.
fn unreadable(content: Result<WebhookContent>) -> Result<WebhookContent> {
    match content {
        Err(error) if error.code == Code::BadSignature || error.path == "timeZone" => Err(error),
        Err(error) => Ok(WebhookContent::Unreadable { error }),
        content => content,
    }
}

struct Reader<'a> {
    request: &'a WebhookRequest,
    shop: &'a str,
}

fn id(object: &Object<'_>, name: &str) -> Result<String> {
    let text = object.text(name).map(Into::into);
    text.ok_or_else(|| Error::at(Code::MissingField, object.path(name), "This id is missing."))
}

fn shopify(reader: &Reader<'_>, topic: &str, object: &Object<'_>, body: &[u8]) -> Result<WebhookContent> {
    // Headers are not signed: where the body names its shop, it must be the same.
    if let Some(said) = object.text("shop_domain").or_else(|| object.text("myshopify_domain"))
        && !same_shop(&said, reader.shop)
    {
        return Err(refused());
    }
    Ok(match topic {
        "orders/edited" => WebhookContent::Other {
            id: object.object("order_edit")?.and_then(|edit| edit.text("order_id")).map(Into::into),
        },
        "orders/delete" => WebhookContent::Other { id: object.text("id").map(Into::into) },
        "refunds/create" => reader.refund(object)?,
        "customers/data_request" => WebhookContent::DataRequest {
            person: reader.person(object.object("customer")?.as_ref(), object.texts("orders_requested")),
            request: object.object("data_request")?.and_then(|asked| asked.text("id")).map(Into::into),
        },
        "customers/redact" => {
            id(object, "shop_domain")?;
            let person = reader.person(object.object("customer")?.as_ref(), object.texts("orders_to_redact"));
            WebhookContent::Redact { people: vec![person] }
        }
        "customers/delete" => WebhookContent::Redact { people: vec![reader.person(Some(object), Vec::new())] },
        "shop/redact" => {
            id(object, "shop_domain")?;
            WebhookContent::RedactShop {}
        }
        "app/uninstalled" => WebhookContent::Uninstalled { keep: true },
        topic if topic.starts_with("orders/") => reader.order(body)?,
        _ => WebhookContent::Other { id: object.text("id").map(Into::into) },
    })
}

fn woocommerce(reader: &Reader<'_>, topic: &str, object: &Object<'_>, body: &[u8]) -> Result<WebhookContent> {
    Ok(match topic {
        "order.created" | "order.updated" | "order.restored" => reader.order(body)?,
        "customer.deleted" => {
            let person = WebhookPerson { customer: Some(id(object, "id")?), ..WebhookPerson::default() };
            WebhookContent::Redact { people: vec![person] }
        }
        _ => WebhookContent::Other { id: object.text("id").map(Into::into) },
    })
}

fn shopware(request: &WebhookRequest, shop: String, object: &Object<'_>, body: &[u8]) -> Result<Webhook> {
    let sent = object.text("timestamp").and_then(|text| text.parse().ok()).map(Instant::from_unix);
    if sent.is_none_or(|sent| request.now.since(sent).abs() > FRESH) {
        return Err(refused());
    }
    let topic =
        object.object("data").ok().flatten().and_then(|data| data.text("event")).unwrap_or_default().into_owned();
    let reader = Reader { request, shop: &shop };
    let content = unreadable(reader.of_shopware(&topic, object, body))?;
    let source = object.object("source").ok().flatten();
    let delivery = source.and_then(|source| source.text("eventId")).map(Into::into);
    Ok(Webhook { delivery, at: sent, ..webhook(request, shop.clone(), topic, content) })
}

impl Reader<'_> {
    fn of_shopware(&self, topic: &str, object: &Object<'_>, body: &[u8]) -> Result<WebhookContent> {
        let data = object.object("data")?;
        let payload = data.as_ref().map(|data| data.object("payload")).transpose()?.flatten();
        if let Some(payload) = &payload
            && payload.object("order")?.is_some()
        {
            return self.order(body);
        }
        let written = data.as_ref().map(|data| data.objects("payload")).transpose()?.unwrap_or_default();
        let ids: Vec<String> = written.iter().filter_map(|entry| entry.text("primaryKey").map(Into::into)).collect();
        Ok(match topic {
            "customer.deleted" => {
                if ids.is_empty() {
                    return Err(Error::at(Code::MissingField, "data.payload", "No customer is named."));
                }
                let person = |id| WebhookPerson { customer: Some(id), ..WebhookPerson::default() };
                WebhookContent::Redact { people: ids.into_iter().map(person).collect() }
            }
            "app.deleted" => {
                let keep = payload.is_some_and(|payload| payload.flag("keepUserData"));
                WebhookContent::Uninstalled { keep }
            }
            _ => WebhookContent::Other { id: ids.into_iter().next() },
        })
    }

    fn options(&self) -> ImportOptions {
        ImportOptions {
            from: match self.request.platform {
                Platform::Shopify => Format::Shopify,
                Platform::Shopware => Format::Shopware,
                Platform::Woocommerce => Format::Woocommerce,
            },
            currency: self.request.currency,
            time_zone: self.request.time_zone.clone(),
            hash_key: self.request.hash_key.clone(),
            keep_lines: true,
            ..ImportOptions::at(self.request.now)
        }
    }

    fn order(&self, body: &[u8]) -> Result<WebhookContent> {
        let (orders, _) = import("webhook", body, &self.options())?;
        let Ok([order]) = <[Order; 1]>::try_from(orders) else {
            return Err(Error::new(Code::NotAnOrderExport, "A webhook holds one order."));
        };
        let event = happened(&order);
        let once = event.map(|event| self.once(&order.id, event.as_str()));
        let tenant = self.request.tenant.as_ref();
        let books = tenant.zip(event).map(|(tenant, event)| Box::new(self.books(tenant, event, &order)));
        Ok(WebhookContent::Order { order: Box::new(order), books, once })
    }

    fn once(&self, order: &str, effect: &str) -> String {
        let platform = match self.request.platform {
            Platform::Shopify => "shopify",
            Platform::Shopware => "shopware",
            Platform::Woocommerce => "woocommerce",
        };
        format!("{platform}/{}/{order}/{effect}", self.shop.trim_end_matches('/'))
    }

    fn books(&self, tenant: &str, event: OrderEventKind, order: &Order) -> BooksOrderEvent {
        let codes = order.codes.iter().filter_map(|used| {
            let code = code::parse(&used.code).ok()?.canonical();
            Some(BooksOrderCode { code, amount: Some(used.amount) })
        });
        let whole = order.status == OrderStatus::Refunded;
        let customer = order.customer.as_ref();
        BooksOrderEvent {
            v: 1,
            tenant: tenant.to_owned(),
            now: self.request.now,
            event,
            order: order.id.clone(),
            holder: Holder {
                customer: customer.filter(|who| !who.guest).map(|who| who.id.clone()),
                email: customer.and_then(|who| who.email_hash.clone()),
                ..Holder::default()
            },
            codes: codes.collect(),
            total: order.total,
            // The platform calls it paid back as a whole, whatever its refunds add up to.
            refunded: if whole { order.refunded.max(order.total) } else { order.refunded },
            keep: false,
        }
    }

    fn refund(&self, object: &Object<'_>) -> Result<WebhookContent> {
        let (order, refund) = (id(object, "order_id")?, id(object, "id")?);
        let (mut amount, mut currency) = (0_i64, None);
        for transaction in object.objects("transactions")? {
            let failed = transaction.text("status").is_some_and(|status| status == "failure" || status == "error");
            if transaction.text("kind").is_none_or(|kind| kind != "refund") || failed {
                continue;
            }
            let said = transaction.text("currency").map(|text| Currency::parse(&text)).transpose();
            let said = said.map_err(|error| error.under(&transaction.path("currency")))?.or(self.request.currency);
            let own = said.ok_or_else(|| {
                Error::at(Code::UnknownCurrency, transaction.path("currency"), "This amount has no currency.")
            })?;
            amount = amount.saturating_add(transaction.amount("amount", own)?.unwrap_or(0).abs());
            currency = Some(own);
        }
        let once = self.once(&order, &format!("refund/{refund}"));
        Ok(WebhookContent::Refund { order, refund, amount, currency, once })
    }

    fn person(&self, customer: Option<&Object<'_>>, orders: Vec<String>) -> WebhookPerson {
        let text = |name: &str| customer.and_then(|customer| customer.text(name));
        let email = text("email").and_then(|email| Persons::new(&self.options()).email_hash(&email));
        WebhookPerson { customer: text("id").map(Into::into), email, orders }
    }
}

/// What the order's own state says has happened to it; nothing yet when it waits for payment.
fn happened(order: &Order) -> Option<OrderEventKind> {
    if order.test {
        return None;
    }
    match order.status {
        OrderStatus::Open => None,
        OrderStatus::Paid => Some(OrderEventKind::Paid),
        OrderStatus::PartiallyRefunded | OrderStatus::Refunded => Some(OrderEventKind::Refunded),
        OrderStatus::Cancelled => Some(OrderEventKind::Cancelled),
    }
}
