//! How does a shop platform speak with us? What it sends is verified and read here, and what it is to take over is put
//! into its own words: everything but the sending.

pub mod push;
pub mod shopware;
pub mod signature;
pub mod webhook;

pub use push::{Push, PushJob, PushProgress, PushReport, PushRequest, PushResponse, PushStep};
pub use shopware::{
    ShopwareConfirmation, ShopwareConfirmed, ShopwareRegistered, ShopwareRegistration, shopware_confirm,
    shopware_register,
};
pub use signature::{Secret, SignatureText, sign, verify};
pub use webhook::{Webhook, WebhookContent, WebhookPerson, WebhookRequest, WebhookShop, receive, shop_of};
