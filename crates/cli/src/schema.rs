//! `zugabe schema`: what may stand in which document? JSON Schema, from the Rust types.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use zugabe::reject::{Code, Error, Result};
use zugabe::{
    books, code, desk, insert, issue, offer, order, plug, price, referral, reject, score, service, settle, shop,
};

use crate::{args, files};

/// A name, and what makes its schema.
type Document = (&'static str, fn() -> Schema);

/// Every document by its name.
const DOCUMENTS: &[Document] = &[
    ("order", of::<order::Order>),
    ("history", of::<order::history::History>),
    ("import-options", of::<order::import::ImportOptions>),
    ("report", of::<order::import::Report>),
    ("score-options", of::<score::Options>),
    ("settings", of::<score::Settings>),
    ("evaluation", of::<score::tier::Evaluation>),
    ("calibration", of::<score::check::Calibration>),
    ("fitted", of::<score::lifetime::Fitted>),
    ("outlook", of::<score::lifetime::Outlook>),
    ("forecast", of::<score::lifetime::Forecast>),
    ("referral-value", of::<score::referral::ReferralValue>),
    ("scored", of::<score::Scored>),
    ("summary", of::<score::model::Summary>),
    ("row", of::<score::model::Row>),
    ("model", of::<score::model::Model>),
    ("answers", of::<offer::starter::Answers>),
    ("program", of::<offer::Program>),
    ("lint", of::<offer::check::Lint>),
    ("publish-options", of::<offer::PublishOptions>),
    ("policy", of::<offer::Policy>),
    ("request", of::<offer::Request>),
    ("decision", of::<offer::Decision>),
    ("private-decision", of::<offer::PrivateDecision>),
    ("plan-request", of::<shop::PlanRequest>),
    ("plan", of::<offer::plan::Plan>),
    ("friend-request", of::<offer::FriendRequest>),
    ("friend-offer", of::<offer::FriendOffer>),
    ("insert", of::<insert::parcel::Insert>),
    ("price-request", of::<price::PriceRequest>),
    ("price-result", of::<price::PriceResult>),
    ("refund-request", of::<price::RefundRequest>),
    ("refund-result", of::<price::RefundResult>),
    ("key-document", of::<code::KeyDocument>),
    ("key-overview", of::<code::KeyOverview>),
    ("mint-request", of::<code::MintRequest>),
    ("minted", of::<code::Minted>),
    ("verified", of::<code::Verified>),
    ("token-request", of::<code::TokenRequest>),
    ("verified-token", of::<code::VerifiedToken>),
    ("cart-promotion", of::<price::Promotion>),
    ("issue-request", of::<issue::IssueRequest>),
    ("issued-codes", of::<issue::IssuedCodes>),
    ("issued-list", of::<code::IssuedList>),
    ("checked", of::<code::Checked>),
    ("books-operation", of::<books::BooksOperation>),
    ("books-plan", of::<books::BooksPlan>),
    ("books-results", of::<books::BooksResults>),
    ("books-finished", of::<books::BooksFinished>),
    ("books-order-event", of::<books::BooksOrderEvent>),
    ("books-tables", of::<books::BooksTables>),
    ("books-audit", of::<books::BooksAudit>),
    ("books-person", of::<books::BooksPerson>),
    ("claim-ask", of::<service::ClaimAsk>),
    ("look-up-ask", of::<service::LookUpAsk>),
    ("token-ask", of::<service::TokenAsk>),
    ("reserve-ask", of::<service::ReserveAsk>),
    ("redeem-ask", of::<service::RedeemAsk>),
    ("release-ask", of::<service::ReleaseAsk>),
    ("order-ask", of::<service::OrderAsk>),
    ("referral-ask", of::<service::ReferralAsk>),
    ("referral-answer", of::<desk::ReferralAnswer>),
    ("person-ask", of::<service::PersonAsk>),
    ("claim-answer", of::<service::ClaimAnswer>),
    ("token-answer", of::<service::TokenAnswer>),
    ("code-answer", of::<service::CodeAnswer>),
    ("order-answer", of::<service::OrderAnswer>),
    ("export-answer", of::<service::ExportAnswer>),
    ("erased-answer", of::<service::ErasedAnswer>),
    ("health-answer", of::<service::HealthAnswer>),
    ("recommendation-terms", of::<referral::Terms>),
    ("recommendation", of::<referral::Referral>),
    ("recommendation-person", of::<referral::Person>),
    ("raw-person", of::<desk::RawPerson>),
    ("referral-call", of::<desk::ReferralCall>),
    ("referral-next", of::<desk::ReferralNext>),
    ("settle-request", of::<settle::SettleRequest>),
    ("webhook-request", of::<plug::WebhookRequest>),
    ("webhook", of::<plug::Webhook>),
    ("shopware-registration", of::<plug::ShopwareRegistration>),
    ("shopware-registered", of::<plug::ShopwareRegistered>),
    ("shopware-confirmation", of::<plug::ShopwareConfirmation>),
    ("shopware-confirmed", of::<plug::ShopwareConfirmed>),
    ("push-job", of::<plug::PushJob>),
    ("push-progress", of::<plug::PushProgress>),
    ("push-step", of::<plug::PushStep>),
    ("push-request", of::<plug::PushRequest>),
    ("push-response", of::<plug::PushResponse>),
    ("push-report", of::<plug::PushReport>),
    ("failure", of::<reject::Error>),
];

pub fn run(args: &args::Schema) -> Result<()> {
    let names = || DOCUMENTS.iter().map(|(name, _)| *name);
    let Some(wanted) = &args.name else {
        return files::print((names().collect::<Vec<_>>().join("\n") + "\n").as_bytes());
    };
    let (_, schema) = DOCUMENTS.iter().find(|(name, _)| name == wanted).ok_or_else(|| {
        let message = format!("There is no such document. There are {}.", names().collect::<Vec<_>>().join(", "));
        Error::at(Code::NotFound, "NAME", message)
    })?;
    files::print_document(&schema())
}

/// The schema of a document as text.
pub fn text(name: &str) -> Result<String> {
    let (_, schema) = DOCUMENTS
        .iter()
        .find(|(known, _)| *known == name)
        .ok_or_else(|| Error::at(Code::NotFound, "NAME", "There is no such document."))?;
    serde_json::to_string_pretty(&schema().to_value())
        .map(|text| text + "\n")
        .map_err(|error| Error::new(Code::InvalidState, error.to_string()))
}

fn of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_type_name_means_the_same_in_every_document() {
        let mut types: BTreeMap<String, serde_json::Value> = BTreeMap::new();
        for (name, schema) in DOCUMENTS {
            let mut root = schema().to_value();
            let defs = root.as_object_mut().unwrap().remove("$defs").unwrap_or_default();
            let root_name = root["title"].as_str().unwrap().to_owned();
            let words = name.split('-').map(|word| word[..1].to_uppercase() + &word[1..]);
            assert_eq!(root_name, words.collect::<String>(), "the name of a document is the name of its type");
            for field in ["$schema", "title"] {
                root.as_object_mut().unwrap().remove(field);
            }
            let defs = defs.as_object().cloned().unwrap_or_default();
            for (type_name, definition) in defs.into_iter().chain([(root_name, root)]) {
                let first = types.entry(type_name.clone()).or_insert_with(|| definition.clone());
                assert_eq!(*first, definition, "{type_name} in {name}");
            }
        }
    }
}
