//! What does this JSON say, digit by digit? Documents out of a stream, and fields whose numbers stay text.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{self, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::money::{Currency, Minor, decimal};
use crate::reject::{Code, Error, Result};

/// A single JSON document is held whole while it is read; a larger one is refused. Arrays of orders and files with
/// one order per line are read order by order and have no limit.
pub(super) const LARGEST: usize = 256 << 20;

/// Cuts a stream into documents: the elements of an array, or documents one after another.
pub(super) struct Splitter {
    largest: usize,
    buffer: Vec<u8>,
    depth: u32,
    in_text: bool,
    escaped: bool,
    in_array: bool,
    /// Every document stands on a line of its own; known once the first has ended.
    by_line: Option<bool>,
    line: u64,
    begun: u64,
    index: u64,
}

/// Where a document stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Element of an array.
    Element(u64),
    /// A document that begins at this line.
    Line(u64),
    /// The first document, over several lines: probably all of the file.
    Whole,
}

impl Place {
    pub fn path(self) -> String {
        match self {
            Self::Element(index) => format!("[{index}]"),
            Self::Line(line) => format!("line {line}"),
            Self::Whole => String::new(),
        }
    }
}

impl Splitter {
    pub const fn new(largest: usize) -> Self {
        Self {
            largest,
            buffer: Vec::new(),
            depth: 0,
            in_text: false,
            escaped: false,
            in_array: false,
            by_line: None,
            line: 1,
            begun: 1,
            index: 0,
        }
    }

    /// Whether every document stands on a line of its own, so that a broken one takes no other along.
    pub fn is_by_line(&self) -> bool {
        self.by_line == Some(true)
    }

    /// Reads a chunk and hands on every document that ends in it.
    pub fn push(&mut self, bytes: &[u8], each: &mut impl FnMut(&[u8], Place) -> Result<()>) -> Result<()> {
        for byte in bytes {
            self.byte(*byte, each)?;
        }
        Ok(())
    }

    /// The stream is over.
    pub fn finish(&mut self, each: &mut impl FnMut(&[u8], Place) -> Result<()>) -> Result<()> {
        if self.is_by_line() {
            return self.end(each);
        }
        if self.depth > 0 || self.in_text || self.in_array {
            let path = if self.in_array { Place::Element(self.index).path() } else { Place::Line(self.begun).path() };
            return Err(Error::at(
                Code::InvalidJson,
                path,
                "This JSON ends in the middle of an order; the file may be cut off. Export it again.",
            ));
        }
        self.end(each)
    }

    fn byte(&mut self, byte: u8, each: &mut impl FnMut(&[u8], Place) -> Result<()>) -> Result<()> {
        if byte == b'\n' {
            self.line += 1;
            if self.is_by_line() {
                return self.end(each);
            }
        }
        let outside = self.depth == 0 && !self.in_text;
        if outside && !self.is_by_line() {
            match byte {
                b'[' if !self.in_array && self.buffer.is_empty() => {
                    self.in_array = true;
                    return Ok(());
                }
                b']' if self.in_array => {
                    self.end(each)?;
                    self.in_array = false;
                    return Ok(());
                }
                b',' if self.in_array => {
                    self.end(each)?;
                    self.index += 1;
                    return Ok(());
                }
                byte if byte.is_ascii_whitespace() => return Ok(()),
                _ => {}
            }
        }
        if self.buffer.is_empty() {
            if byte.is_ascii_whitespace() {
                return Ok(());
            }
            self.begun = self.line;
        }
        if self.buffer.len() >= self.largest {
            return Err(Error::new(
                Code::TooLarge,
                format!(
                    "This JSON document is larger than {} MB. Export fewer orders at once, or one order per line.",
                    self.largest >> 20
                ),
            ));
        }
        self.buffer.push(byte);
        self.track(byte);
        if byte == b'}' && self.depth == 0 && !self.in_text && !self.in_array && !self.is_by_line() {
            let on_one_line = self.begun == self.line;
            self.end(each)?;
            self.by_line = self.by_line.or(Some(on_one_line));
        }
        Ok(())
    }

    fn track(&mut self, byte: u8) {
        if self.in_text {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_text = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.in_text = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }

    fn end(&mut self, each: &mut impl FnMut(&[u8], Place) -> Result<()>) -> Result<()> {
        (self.depth, self.in_text, self.escaped) = (0, false, false);
        let document = core::mem::take(&mut self.buffer);
        if document.trim_ascii().is_empty() {
            return Ok(());
        }
        let place = match (self.in_array, self.by_line, self.begun == self.line) {
            (true, ..) => Place::Element(self.index),
            (false, None, false) => Place::Whole,
            (false, ..) => Place::Line(self.begun),
        };
        let result = each(&document, place);
        self.buffer = document;
        self.buffer.clear();
        result
    }
}

/// An object whose values are kept as they were written.
pub(crate) struct Object<'a> {
    fields: Vec<(Cow<'a, str>, &'a RawValue)>,
    path: String,
}

#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> core::result::Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some((Key(key), value)) = map.next_entry::<Key<'de>, &'de RawValue>()? {
                    fields.push((key, value));
                }
                Ok(Object { fields, path: String::new() })
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

impl<'a> Object<'a> {
    /// Reads an object that stands at `path`.
    pub fn parse(text: &'a str, path: String) -> Result<Self> {
        let mut object: Self = serde_json::from_str(text).map_err(|error| {
            let code = if error.is_data() { Code::InvalidType } else { Code::InvalidJson };
            let what = if error.is_data() { "An object is needed here" } else { "This is not valid JSON" };
            Error::at(code, path.clone(), format!("{what} (at column {} of it).", error.column()))
        })?;
        object.path = path;
        Ok(object)
    }

    /// Where one of its fields stands, or the object itself when no field is named.
    pub fn path(&self, name: &str) -> String {
        match (self.path.is_empty(), name.is_empty()) {
            (true, _) => name.to_owned(),
            (_, true) => self.path.clone(),
            _ if self.path.starts_with("line ") && !self.path.contains(',') => format!("{}, field {name}", self.path),
            _ => format!("{}.{name}", self.path),
        }
    }

    /// The names of its fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(name, _)| name.as_ref())
    }

    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(other, _)| other == name)
    }

    /// A value as written; `None` when it is absent or null.
    pub fn raw(&self, name: &str) -> Option<&'a str> {
        let value = self.fields.iter().rev().find(|(other, _)| other == name)?.1.get();
        (value != "null").then_some(value)
    }

    /// A text, or the digits of a number; `None` when it is absent, null or empty.
    pub fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        let raw = self.raw(name)?;
        let text = match raw.as_bytes().first()? {
            b'"' => serde_json::from_str::<Key<'a>>(raw).ok()?.0,
            b'-' | b'0'..=b'9' => Cow::Borrowed(raw),
            _ => return None,
        };
        (!text.trim().is_empty()).then_some(text)
    }

    /// True or false; false when it is anything else.
    pub fn flag(&self, name: &str) -> bool {
        self.raw(name) == Some("true")
    }

    /// An amount, from its digits; `None` when it is absent, null or empty.
    pub fn amount(&self, name: &str, currency: Currency) -> Result<Option<Minor>> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let plain = plain(text.trim());
        decimal(&plain, currency.exponent())
            .map(Some)
            .map_err(|_| Error::at(Code::InvalidAmount, self.path(name), "This is not an amount such as 12.50."))
    }

    /// A whole number that is not negative; 0 when it is absent.
    pub fn whole(&self, name: &str) -> u32 {
        let text = self.text(name).unwrap_or_default();
        text.split('.').next().and_then(|whole| whole.parse().ok()).unwrap_or(0)
    }

    /// An object in it; `None` when it is absent, null or something else (PHP writes empty objects as `[]`).
    pub fn object(&self, name: &str) -> Result<Option<Self>> {
        match self.raw(name) {
            Some(raw) if raw.starts_with('{') => Self::parse(raw, self.path(name)).map(Some),
            _ => Ok(None),
        }
    }

    /// The texts and the digits of the numbers of an array in it; empty when it is absent.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let raw = self.raw(name).filter(|raw| raw.starts_with('['));
        let values: Vec<&'a RawValue> = raw.and_then(|raw| serde_json::from_str(raw).ok()).unwrap_or_default();
        let text = |value: &RawValue| match value.get().as_bytes().first()? {
            b'"' => serde_json::from_str(value.get()).ok(),
            b'-' | b'0'..=b'9' => Some(value.get().to_owned()),
            _ => None,
        };
        values.into_iter().filter_map(text).collect()
    }

    /// The objects of an array in it; empty when it is absent.
    pub fn objects(&self, name: &str) -> Result<Vec<Self>> {
        let Some(raw) = self.raw(name).filter(|raw| raw.starts_with('[')) else { return Ok(Vec::new()) };
        let values: Vec<&'a RawValue> = serde_json::from_str(raw)
            .map_err(|_| Error::at(Code::InvalidJson, self.path(name), "This is not valid JSON."))?;
        let objects = values.iter().enumerate().filter(|(_, value)| value.get().starts_with('{'));
        objects.map(|(index, value)| Self::parse(value.get(), format!("{}[{index}]", self.path(name)))).collect()
    }
}

/// A JSON number without exponent: `1.5e2` is 150. PHP writes small amounts that way.
fn plain(number: &str) -> Cow<'_, str> {
    let Some((digits, exponent)) = number.split_once(['e', 'E']) else { return Cow::Borrowed(number) };
    let Ok(exponent) = exponent.parse::<i32>() else { return Cow::Borrowed(number) };
    if exponent.abs() > 30 || !digits.is_ascii() {
        return Cow::Borrowed(number);
    }
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let zeros = "0".repeat(exponent.unsigned_abs() as usize);
    let padded = format!("{zeros}{whole}{decimals}{zeros}");
    // After padding, the point stands behind the zeros in front and the whole digits, moved by the exponent.
    let point = i32::try_from(zeros.len() + whole.len()).unwrap_or(0) + exponent;
    let point = usize::try_from(point).unwrap_or(0).min(padded.len());
    Cow::Owned(format!("{sign}{}.{}", &padded[..point], &padded[point..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str, chunks: &[usize]) -> (Vec<(String, String)>, Option<Code>) {
        let mut out = Vec::new();
        let mut each = |document: &[u8], place: Place| {
            out.push((place.path(), String::from_utf8_lossy(document).into_owned()));
            Ok(())
        };
        let mut splitter = Splitter::new(1000);
        let mut rest = text.as_bytes();
        let mut result = Ok(());
        for chunk in chunks.iter().chain([&usize::MAX]) {
            let (head, tail) = rest.split_at((*chunk).min(rest.len()));
            result = result.and_then(|()| splitter.push(head, &mut each));
            rest = tail;
        }
        let result = result.and_then(|()| splitter.finish(&mut each));
        (out, result.err().map(|error| error.code))
    }

    fn documents(text: &str) -> Vec<(String, String)> {
        let (documents, error) = split(text, &[]);
        assert_eq!(error, None, "{text}");
        documents
    }

    #[test]
    fn arrays_lines_and_single_documents_are_told_apart() {
        let pair = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        assert_eq!(
            documents(r#" [ {"a":"],[{\"}"} , {"b":[1,2]} ] "#),
            [pair("[0]", r#"{"a":"],[{\"}"}"#), pair("[1]", r#"{"b":[1,2]}"#)]
        );
        assert_eq!(documents("{\"a\":1}\n\n{\"b\":2}"), [pair("line 1", "{\"a\":1}"), pair("line 3", "{\"b\":2}")]);
        assert_eq!(documents("{\n\"a\":1}\n{\n\"b\":2}")[1].0, "line 3");
        assert_eq!(documents("[]"), []);
    }

    #[test]
    fn a_broken_line_takes_no_other_along() {
        let lines = documents("{\"a\":1}\n{\"b\":\n{\"c\":3}\n");
        assert_eq!(lines.iter().map(|line| line.0.as_str()).collect::<Vec<_>>(), ["line 1", "line 2", "line 3"]);
    }

    #[test]
    fn a_cut_off_or_too_large_document_is_refused() {
        assert_eq!(split(r#"[{"a":1},{"b":"#, &[]).1, Some(Code::InvalidJson));
        assert_eq!(split(&format!("{{\"a\":\"{}\"}}", "x".repeat(1000)), &[]).1, Some(Code::TooLarge));
        assert_eq!(split(&format!("[{}]", "{\"a\":1},".repeat(999).trim_end_matches(',')), &[]).1, None);
    }

    #[test]
    fn numbers_keep_every_digit() {
        let object = Object::parse(
            r#"{"id":820982911946154508,"a":395.01,"b":"9.90","c":1.5e-1,"d":null,"e":""}"#,
            String::new(),
        );
        let object = object.unwrap();
        let eur = Currency::parse("EUR").unwrap();
        assert_eq!(object.text("id").unwrap(), "820982911946154508");
        let amounts: Vec<_> =
            ["a", "b", "c", "d", "e", "f"].iter().map(|name| object.amount(name, eur).unwrap()).collect();
        assert_eq!(amounts, [Some(39_501), Some(990), Some(15), None, None, None]);
        assert_eq!(object.amount("id", eur).unwrap_err().code, Code::InvalidAmount);
    }

    #[test]
    fn exponents_move_the_point() {
        assert_eq!(plain("éé1e-1"), "éé1e-1", "what is no number is left to be refused");
        for (text, minor) in [("1.5e2", 15_000), ("-1.25e1", -1250), ("5e-3", 1), ("4e-3", 0), ("12e0", 1200)] {
            assert_eq!(decimal(&plain(text), 2), Ok(minor), "{text}");
        }
    }

    #[test]
    fn errors_know_their_path() {
        let object = Object::parse(r#"{"refunds":[{"a":1},{"amount":"x"}]}"#, "[3]".to_owned()).unwrap();
        let refunds = object.objects("refunds").unwrap();
        let error = refunds[1].amount("amount", Currency::parse("EUR").unwrap()).unwrap_err();
        assert_eq!(error.path, "[3].refunds[1].amount");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn chunks_of_any_size_give_the_same_documents(
            text in "([a-z0-9 ,:\n\\[\\]\\{\\}\"]|\\\\\"|\\},\\{|\\}\n\\{){0,60}",
            chunks in prop::collection::vec(0_usize..7, 0..30)
        ) {
            prop_assert_eq!(split(&text, &chunks), split(&text, &[]));
        }
    }
}
