//! `zugabe push`: codes, facts and policy into the shop. The core says what to send and reads what came back; this sends, waits
//! and keeps the progress. Tokens come from the environment or from a file for its owner only, and go into no message.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::Path;
use std::time::{Duration, Instant as Clock};

use base64ct::{Base64, Encoding};
use serde::{Deserialize, Serialize};
use ureq::Agent;
use zeroize::Zeroizing;
use zugabe::issue::{PlatformTerms, Spelling};
use zugabe::plug::push::{CustomerFacts, rehearse};
use zugabe::plug::{Push, PushJob, PushProgress, PushReport, PushRequest, PushResponse, PushStep};
use zugabe::price::{Limits, Platform};
use zugabe::reject::{Code, Error, Result, parse_json};
use zugabe::score::stage::Stage;
use zugabe::score::tier::Tier;
use zugabe::time::Instant;

use crate::args::{self, KeySource};
use crate::{files, keys, mint};

/// A request that takes longer counts as lost.
const TIMEOUT: Duration = Duration::from_secs(60);
/// An answer is never this large.
const LARGEST: u64 = 16 << 20;

/// A line of a file of codes, as `mint` writes it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CodeLine {
    code: String,
    shown_code: Option<String>,
    customer: Option<String>,
}

/// A row of a file of customers, as `score` writes it, or facts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CustomerRow {
    #[serde(alias = "id")]
    customer: String,
    tier: Option<Tier>,
    stage: Option<Stage>,
    #[serde(alias = "orders")]
    order_number: Option<u32>,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    sent: Option<u32>,
    #[serde(default)]
    objected: Option<bool>,
}

/// What was done, and who could not be told about.
#[derive(Serialize)]
struct Done {
    #[serde(flatten)]
    report: PushReport,
    /// Customers without an account: the shop has no place to write about them.
    guests: usize,
}

pub fn run(args: &args::Push, now: Instant) -> Result<()> {
    let (job, guests) = job(args, now)?;
    if args.dry_run {
        for request in rehearse(job)? {
            files::print(files::document(&request, false)?.as_bytes())?;
        }
        return Ok(());
    }
    let token = args.token.as_ref().ok_or_else(|| {
        Error::at(
            Code::MissingField,
            "--token",
            "How does the shop know us? Name env:NAME or a file that only you may read.",
        )
    })?;
    let access = Access::new(&job, &token_of(token)?)?;
    let kept = args.resume.as_deref().filter(|path| path.exists());
    let kept = kept.map(|path| parse_json::<PushProgress>(&files::read_text(path)?)).transpose();
    let kept = kept.map_err(|error| error.under("--resume"))?;
    let shop = Shop { agent: agent(), access, bearer: None, address: job.shop.trim_end_matches('/').to_owned() };
    let report = carry_out(Push::new(job, kept)?, shop, args.resume.as_deref())?;
    let refused = report.refused_count;
    files::print_document(&Done { report, guests })?;
    if refused > 0 {
        let message = format!("The shop did not take {refused} of them: \"refused\" says which and why.");
        return Err(Error::new(Code::InvalidValue, message));
    }
    Ok(())
}

/// Steps until all is done. The progress is on disk before a request goes out and after its answer has come.
fn carry_out(mut push: Push, mut shop: Shop, resume: Option<&Path>) -> Result<PushReport> {
    let keep = |push: &Push| match resume {
        Some(path) => files::replace_secret(path, files::document(push.progress(), false)?.as_bytes()),
        None => Ok(()),
    };
    loop {
        match push.step()? {
            PushStep::Done { report } => {
                keep(&push)?;
                return Ok(report);
            }
            PushStep::Wait { seconds, why } => {
                if std::io::stderr().is_terminal() {
                    eprintln!("{why} {seconds} s");
                }
                std::thread::sleep(Duration::from_secs(seconds.into()));
            }
            PushStep::Request { request } => {
                keep(&push)?;
                let read = match shop.send(&request)? {
                    Some(response) => push.answer(&response),
                    None => push.interrupted(),
                };
                keep(&push)?;
                read?;
            }
        }
    }
}

fn agent() -> Agent {
    // A token goes to the shop that was named, and nowhere else: no redirect is followed.
    Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .max_redirects(0)
        .http_status_as_error(false)
        .user_agent(concat!("zugabe/", env!("CARGO_PKG_VERSION")))
        .build()
        .into()
}

/// What lets us in.
enum Access {
    Shopify(Zeroizing<String>),
    Shopware { body: Zeroizing<String> },
    Woocommerce(Zeroizing<String>),
}

impl Access {
    fn new(job: &PushJob, token: &str) -> Result<Self> {
        let pair = |what: &str| {
            token.split_once(':').filter(|(one, two)| !one.is_empty() && !two.is_empty()).ok_or_else(|| {
                Error::at(Code::InvalidKeys, "--token", format!("Here the token is {what}, with a colon between them."))
            })
        };
        Ok(match job.platform {
            Platform::Shopify => Self::Shopify(Zeroizing::new(token.to_owned())),
            Platform::Shopware => {
                let (id, secret) = pair("the access key id and the secret of an integration")?;
                let body =
                    serde_json::json!({ "grant_type": "client_credentials", "client_id": id, "client_secret": secret });
                Self::Shopware { body: Zeroizing::new(body.to_string()) }
            }
            Platform::Woocommerce => {
                pair("the consumer key and the consumer secret")?;
                Self::Woocommerce(Zeroizing::new(format!("Basic {}", Base64::encode_string(token.as_bytes()))))
            }
        })
    }
}

struct Shop {
    agent: Agent,
    access: Access,
    /// Shopware's token, and until when it is used.
    bearer: Option<(Zeroizing<String>, Clock)>,
    address: String,
}

impl Shop {
    /// Sends a request; `None` when there was no answer.
    fn send(&mut self, request: &PushRequest) -> Result<Option<PushResponse>> {
        let Some((name, value)) = self.header()? else { return Ok(None) };
        let answer =
            self.exchange(&request.method, &request.url, request.body.as_deref(), Some((name, value.as_str())));
        // A token that has run out is renewed, once.
        if self.bearer.is_some() && answer.as_ref().is_some_and(|answer| answer.status == 401) {
            self.bearer = None;
            let Some((name, value)) = self.header()? else { return Ok(None) };
            return Ok(self.exchange(
                &request.method,
                &request.url,
                request.body.as_deref(),
                Some((name, value.as_str())),
            ));
        }
        Ok(answer)
    }

    fn exchange(&self, method: &str, url: &str, body: Option<&str>, own: Option<(&str, &str)>) -> Option<PushResponse> {
        let answer = match body {
            Some(body) if method == "POST" => {
                let request = self
                    .agent
                    .post(url)
                    .header("accept", "application/json")
                    .header("content-type", "application/json");
                let request = own.into_iter().fold(request, |request, (name, value)| request.header(name, value));
                request.send(body)
            }
            _ => {
                let request = self.agent.get(url).header("accept", "application/json");
                own.into_iter().fold(request, |request, (name, value)| request.header(name, value)).call()
            }
        };
        let mut answer = answer.ok()?;
        let retry_after = answer.headers().get("retry-after").and_then(|value| value.to_str().ok());
        let retry_after = retry_after.and_then(|text| text.split('.').next()?.parse::<u32>().ok());
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(LARGEST).read_to_string().ok()?;
        Some(PushResponse { status, retry_after, body })
    }

    fn header(&mut self) -> Result<Option<(&'static str, Zeroizing<String>)>> {
        let body = match &self.access {
            Access::Shopify(token) => return Ok(Some(("x-shopify-access-token", token.clone()))),
            Access::Woocommerce(basic) => return Ok(Some(("authorization", basic.clone()))),
            Access::Shopware { body } => body,
        };
        if let Some((token, until)) = &self.bearer
            && Clock::now() < *until
        {
            return Ok(Some(("authorization", token.clone())));
        }
        let url = format!("{}/api/oauth/token", self.address);
        let Some(answer) = self.exchange("POST", &url, Some(body.as_str()), None) else { return Ok(None) };
        // What passes by itself is tried again as any request is.
        if answer.status == 429 || answer.status >= 500 {
            return Ok(None);
        }
        let said: serde_json::Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let Some(token) = said["access_token"].as_str().filter(|_| answer.status == 200) else {
            let message = format!(
                "The shop answers {} and gives no token: are these the keys of an integration of this shop?",
                answer.status
            );
            return Err(Error::at(Code::InvalidKeys, "--token", message));
        };
        let token = Zeroizing::new(format!("Bearer {token}"));
        // A minute before it ends a new one is asked for.
        let life = said["expires_in"].as_u64().unwrap_or(600).saturating_sub(60);
        self.bearer = Some((token.clone(), Clock::now() + Duration::from_secs(life)));
        Ok(Some(("authorization", token)))
    }
}

/// A token from the environment, or from a file that only its owner may touch.
fn token_of(source: &KeySource) -> Result<Zeroizing<String>> {
    let text = keys::secret(source).map_err(|error| match error.code {
        Code::InvalidKeys => {
            let message = "Others on this machine may touch this file, and whoever reads it can act in the shop: run chmod 600 on it. \
                           If others had access, have the shop make a new token.";
            Error::at(Code::InvalidKeys, error.path, message)
        }
        _ => error,
    })?;
    let token = Zeroizing::new(text.trim().to_owned());
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::at(Code::InvalidKeys, "--token", "The token is one line of letters and digits."));
    }
    Ok(token)
}

/// What the command line asks for, and how many customers have no account to write to.
fn job(args: &args::Push, now: Instant) -> Result<(PushJob, usize)> {
    let (codes, owners) = args.codes.as_deref().map(|path| codes(path, args.spelling)).transpose()?.unwrap_or_default();
    let (facts, guests) = args.facts.as_deref().map(|path| facts(path, &owners)).transpose()?.unwrap_or_default();
    let terms = if codes.is_empty() { None } else { Some(terms(args, now)?) };
    let policy = args.policy.as_deref().map(files::read_text).transpose()?;
    if let Some(text) = &policy {
        // Only what a page may know is written where everybody can read it.
        parse_json::<zugabe::offer::Policy>(text).map_err(|error| error.under("--policy"))?;
    }
    let job = PushJob {
        v: 1,
        platform: args.to,
        shop: args.shop.clone(),
        api_version: args.api_version.clone(),
        now,
        terms,
        codes,
        sales_channels: args.sales_channel.clone(),
        pattern: args.pattern.clone(),
        facts,
        tags: args.tags,
        policy,
    };
    Ok((job, guests))
}

fn terms(args: &args::Push, now: Instant) -> Result<PlatformTerms> {
    let (promotion, currency, zone) =
        mint::promotion(args.promotion.as_deref(), args.program.as_deref(), args.option.as_deref(), now)?;
    Ok(PlatformTerms {
        platform: args.to,
        promotion,
        limits: Limits { uses_per_code: args.uses_per_code, once_per_customer: !args.many_per_customer },
        currency: args.currency.or(currency),
        time_zone: args.time_zone.clone().or(zone).unwrap_or_else(|| "UTC".to_owned()),
        promotion_id: args.promotion_id.clone(),
    })
}

/// Codes, one a line: as `mint` writes them, or bare; and those that belong to a customer.
fn codes(path: &Path, spelling: Spelling) -> Result<(Vec<String>, BTreeMap<String, String>)> {
    let (mut codes, mut owners) = (Vec::new(), BTreeMap::new());
    for (index, line) in files::read_text(path)?.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        if !line.starts_with('{') {
            codes.push(line.to_owned());
            continue;
        }
        let at = |error: Error| error.under(&format!("line {}", index + 1)).under("--codes");
        let line: CodeLine = parse_json(line).map_err(at)?;
        let code = match (spelling, line.shown_code) {
            (Spelling::Shown, Some(shown)) => shown,
            _ => line.code,
        };
        if let Some(customer) = line.customer {
            owners.insert(customer, code.clone());
        }
        codes.push(code);
    }
    Ok((codes, owners))
}

/// Customers as `score` writes them, CSV or NDJSON, each with the code that was minted for it.
fn facts(path: &Path, owners: &BTreeMap<String, String>) -> Result<(Vec<CustomerFacts>, usize)> {
    let text = files::read_text(path)?;
    let rows: Vec<CustomerRow> = if text.trim_start().starts_with('{') {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        lines
            .map(|(index, line)| {
                parse_json(line).map_err(|error| error.under(&format!("line {}", index + 1)).under("--facts"))
            })
            .collect::<Result<_>>()?
    } else {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader
            .deserialize()
            .enumerate()
            .map(|(index, row)| {
                row.map_err(|_| {
                    let message = "This is not a row as `zugabe score --out` writes it: id, orders, tier, stage.";
                    Error::at(Code::MalformedLine, format!("--facts: line {}", index + 2), message)
                })
            })
            .collect::<Result<_>>()?
    };
    let all = rows.len();
    let facts: Vec<CustomerFacts> = rows
        .into_iter()
        // A guest is known by the hash of an address: the shop has no account of that name.
        .filter(|row| !row.customer.starts_with("e_"))
        .map(|row| CustomerFacts {
            code: row.code.filter(|code| !code.is_empty()).or_else(|| owners.get(&row.customer).cloned()),
            customer: row.customer,
            tier: row.tier,
            stage: row.stage,
            order_number: row.order_number,
            sent: row.sent,
            objected: row.objected,
        })
        .collect();
    let guests = all - facts.len();
    Ok((facts, guests))
}
