//! What crosses the boundary? The request, the policy and the decision of the page, field by field.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

/// A closed list: the Rust names, and the names in the documents, for serde and for getters alike.
macro_rules! names {
    ($name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[cfg_attr(not(feature = "lean"), derive(Deserialize))]
        pub enum $name { $(#[serde(rename = $text)] $variant),+ }

        // Through a string, which every document reads anyway: the derived one brings four visitors for each list.
        #[cfg(feature = "lean")]
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
                Self::parse(&String::deserialize(input)?)
                    .ok_or_else(|| serde::de::Error::custom(concat!("unknown ", stringify!($name))))
            }
        }

        impl $name {
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }

            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

names!(Kind {
    Thanks = "thanks", Sample = "sample", HapticGift = "haptic_gift", Zugabe = "zugabe", Ebook = "ebook",
    Checklist = "checklist", Guide = "guide", Course = "course", Insight = "insight", Story = "story", Info = "info",
    Service = "service", ServiceContact = "service_contact", Event = "event", CeoLine = "ceo_line",
    Accessory = "accessory", Partner = "partner", Freemium = "freemium", Trial = "trial", Discount = "discount",
    Referral = "referral", Exchange = "exchange", Invitation = "invitation", Feedback = "feedback", Brand = "brand",
});
names!(Purpose { Acquire = "acquire", Retain = "retain" });
names!(MomentType {
    OrderCompleted = "order_completed", ParcelPacked = "parcel_packed", Shipped = "shipped", Delivered = "delivered",
    VisitEnded = "visit_ended", ContentConsumed = "content_consumed", CourseStepDue = "course_step_due",
    Anniversary = "anniversary", FeedbackReceived = "feedback_received", NewsletterConfirmed = "newsletter_confirmed",
    CartViewed = "cart_viewed", Refund = "refund", Delay = "delay", PaymentFailed = "payment_failed",
});
// From the first contact to the closest: the order of the variants is the order of the stages.
names!(Stage {
    Dormant = "dormant", Interested = "interested", Lead = "lead", Follower = "follower", FirstBuyer = "first_buyer",
    Relationship = "relationship", Vip = "vip",
});
names!(Tier { None = "none", Premium = "premium", Vip = "vip", TopVip = "top_vip" });
names!(Channel {
    Page = "page", Parcel = "parcel", Email = "email", Phone = "phone", Social = "social", Ads = "ads",
});
names!(Identity {
    Anonymous = "anonymous", Login = "login", Order = "order", LoyaltyCard = "loyalty_card",
    SignedLink = "signed_link",
});
names!(EmailConsent {
    None = "none", Pending = "pending", Confirmed = "confirmed", Withdrawn = "withdrawn",
    ExistingCustomer = "existing_customer",
});
names!(Condition { None = "none", Minimum = "minimum", Code = "code" });

#[derive(Deserialize)]
pub struct Request {
    pub v: u32,
    pub now: String,
    pub locale: String,
    pub moment: Moment,
    pub subject: Subject,
    pub consent: Option<Consent>,
    pub facts: Option<Facts>,
    pub order: Option<Order>,
    pub state: Option<State>,
}

#[derive(Deserialize)]
pub struct Moment {
    #[serde(rename = "type")]
    pub kind: MomentType,
    pub at: String,
}

#[derive(Deserialize)]
pub struct Subject {
    pub id: String,
    pub identity: Identity,
}

#[derive(Deserialize)]
pub struct Consent {
    pub objected: bool,
    pub profiling: bool,
    pub email: EmailConsent,
    pub ads: bool,
    pub phone: bool,
    pub storage: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    pub stage: Option<Stage>,
    pub tier: Option<Tier>,
    pub order_number: Option<u32>,
    pub days: Option<u32>,
    pub open_problem: Option<bool>,
    pub code: Option<String>,
}

#[derive(Deserialize)]
pub struct Order {
    pub id: String,
    pub currency: String,
    pub subtotal: i64,
    pub parcel: bool,
    pub tags: Vec<String>,
    pub source: String,
    pub country: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct State {
    pub attempts: u32,
    pub last_option: Option<String>,
    pub sent: BTreeMap<String, u32>,
    pub stock: BTreeMap<String, u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    pub v: u32,
    pub hash: String,
    pub audience: Channel,
    pub shop: Shop,
    pub published_at: String,
    pub expires_at: String,
    pub options: Vec<Choice>,
    pub cells: Vec<Cell>,
    pub holdout: Holdout,
    pub texts: BTreeMap<String, Texts>,
}

#[derive(Deserialize)]
pub struct Shop {
    pub name: String,
    pub currency: String,
}

#[derive(Deserialize)]
pub struct Choice {
    pub id: String,
    pub kind: Kind,
    pub purpose: Purpose,
    pub channels: Vec<Channel>,
    pub moments: Vec<MomentType>,
    pub rules: Vec<Rule>,
    pub terms: Terms,
    pub url: Option<String>,
}

#[derive(Deserialize)]
#[cfg_attr(not(feature = "lean"), serde(tag = "rule", rename_all = "snake_case"))]
#[cfg_attr(feature = "lean", serde(try_from = "PlainRule"))]
pub enum Rule {
    Stage { min: Stage },
    Tier { min: Tier },
    Minimum { amount: i64 },
    Countries { any: Vec<String> },
    Tags { any: Vec<String> },
    Stock,
    Parcel,
    NoProblem,
    Cap { counter: String, limit: u32 },
}

/// A rule as it is written, without serde's buffer for tagged enums: the same text, read as one plain object.
#[cfg(feature = "lean")]
#[derive(Deserialize)]
struct PlainRule {
    rule: String,
    min: Option<String>,
    amount: Option<i64>,
    any: Option<Vec<String>>,
    counter: Option<String>,
    limit: Option<u32>,
}

#[cfg(feature = "lean")]
impl TryFrom<PlainRule> for Rule {
    type Error = &'static str;

    fn try_from(plain: PlainRule) -> Result<Self, Self::Error> {
        let min = plain.min.as_deref();
        let rule = match plain.rule.as_str() {
            "stage" => min.and_then(Stage::parse).map(|min| Self::Stage { min }),
            "tier" => min.and_then(Tier::parse).map(|min| Self::Tier { min }),
            "minimum" => plain.amount.map(|amount| Self::Minimum { amount }),
            "countries" => plain.any.map(|any| Self::Countries { any }),
            "tags" => plain.any.map(|any| Self::Tags { any }),
            "stock" => Some(Self::Stock),
            "parcel" => Some(Self::Parcel),
            "no_problem" => Some(Self::NoProblem),
            "cap" => plain.counter.zip(plain.limit).map(|(counter, limit)| Self::Cap { counter, limit }),
            _ => None,
        };
        rule.ok_or("not a rule")
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Terms {
    pub condition: Condition,
    pub days: u32,
    pub expires_at: String,
    pub minimum: Option<i64>,
    pub customer_value: Option<i64>,
}

#[derive(Deserialize)]
pub struct Cell {
    pub id: String,
    pub stage: Vec<Stage>,
    pub tier: Vec<Tier>,
    pub ranked: Vec<(String, u32)>,
}

#[derive(Deserialize)]
pub struct Holdout {
    pub bp: u32,
}

#[derive(Deserialize)]
pub struct Texts {
    pub labels: BTreeMap<String, String>,
    pub options: BTreeMap<String, Text>,
}

#[derive(Deserialize)]
pub struct Text {
    pub headline: String,
    pub body: String,
    pub conditions: Option<String>,
    pub why: String,
}

/// A decision borrows what policy and request already hold.
#[derive(Serialize)]
pub struct Decision<'a> {
    pub v: u32,
    pub policy: &'a str,
    pub reason: &'static str,
    pub moment: MomentType,
    pub channel: Channel,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main: Option<Offer<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beside: Option<Offer<'a>>,
    pub steps: Vec<Step<'a>>,
    pub rejected: Vec<Rejection<'a>>,
    pub bucket: Bucket,
    pub caps: Vec<Cap<'a>>,
    pub basis: Basis,
    pub labels: Option<&'a BTreeMap<String, String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer<'a> {
    pub option: &'a str,
    pub kind: Kind,
    pub purpose: Purpose,
    pub condition: Condition,
    pub expires_at: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<&'a str>,
    pub text: OfferText<'a>,
}

#[derive(Serialize)]
pub struct OfferText<'a> {
    pub headline: &'a str,
    pub body: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions: Option<&'a str>,
    pub why: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step<'a> {
    Data { read: Vec<&'static str> },
    Segment { cell: &'a str },
    Economics { rank: u32 },
    Message { locale: &'a str },
}

#[derive(Serialize)]
pub struct Rejection<'a> {
    pub option: &'a str,
    pub code: &'static str,
    pub field: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provided: Option<Scalar<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<Scalar<'a>>,
}

/// A plain value of a trace.
pub enum Scalar<'a> {
    Text(&'a str),
    Number(i64),
    Flag(bool),
}

impl Serialize for Scalar<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => out.serialize_str(text),
            Self::Number(number) => out.serialize_i64(*number),
            Self::Flag(flag) => out.serialize_bool(*flag),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bucket {
    pub n: u32,
    pub propensity_bp: u32,
}

#[derive(Serialize)]
pub struct Cap<'a> {
    pub counter: &'a str,
    pub used: u32,
    pub limit: u32,
}

#[derive(Serialize)]
pub struct Basis {
    pub page: &'static str,
}
