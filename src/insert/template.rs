//! What does this sentence say here? Fills placeholders and leaves out what cannot be filled.
//!
//! `{name}` is a placeholder. A part in square brackets is left out when one of its placeholders cannot be filled. A
//! sentence with such a placeholder outside brackets is left out as a whole: a text never shows a hole.

/// Fills a template. `value` answers a placeholder's name, `None` when there is nothing to say.
///
/// ```
/// use zugabe::insert::template::fill;
/// let name = |key: &str| (key == "name").then(|| "Ana".to_owned());
/// assert_eq!(fill("Thank you[, {name}]. See you in {city}.", &name), "Thank you, Ana.");
/// assert_eq!(fill("Thank you[, {name}]. See you soon.", &|_: &str| None), "Thank you. See you soon.");
/// ```
pub fn fill(template: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    for sentence in sentences(template) {
        if let Some(text) = fill_sentence(sentence, value) {
            // What is left out takes its space along.
            let text = if out.is_empty() || out.ends_with(' ') { text.trim_start_matches(' ') } else { &text };
            out.push_str(text);
        }
    }
    out.trim().to_owned()
}

/// The placeholders a template asks for.
#[must_use]
pub fn placeholders(template: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = template;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else { break };
        found.push(name);
        rest = tail;
    }
    found
}

/// Splits after `.`, `!` or `?` and the white space behind it; brackets are never split.
fn sentences(template: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth, mut ended) = (0, 0_u32, false);
    for (index, letter) in template.char_indices() {
        if ended && depth == 0 && !letter.is_whitespace() && index > start {
            parts.push(&template[start..index]);
            start = index;
        }
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        ended = matches!(letter, '.' | '!' | '?') || (ended && letter.is_whitespace());
        // A full stop inside a number or an address does not end a sentence.
        if ended && !letter.is_whitespace() {
            ended = template[index + letter.len_utf8()..].starts_with(char::is_whitespace);
        }
    }
    parts.push(&template[start..]);
    parts
}

fn fill_sentence(sentence: &str, value: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut out = String::new();
    let mut rest = sentence;
    while let Some(index) = rest.find(['[', '{']) {
        let (before, inner) = (&rest[..index], &rest[index + 1..]);
        if rest[index..].starts_with('[') {
            let Some((part, tail)) = inner.split_once(']') else { break };
            out.push_str(before);
            if let Some(text) = fill_sentence(part, value) {
                out.push_str(&text);
            }
            rest = tail;
        } else {
            let Some((name, tail)) = inner.split_once('}') else { break };
            out.push_str(before);
            out.push_str(&value(name)?);
            rest = tail;
        }
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn known(key: &str) -> Option<String> {
        match key {
            "amount" => Some("5.00".to_owned()),
            "nth" => Some("7.".to_owned()),
            _ => None,
        }
    }

    #[test]
    fn a_sentence_that_cannot_be_filled_is_left_out() {
        assert_eq!(fill("Save {amount}. Until {date}. From {amount} on.", &known), "Save 5.00. From 5.00 on.");
        assert_eq!(fill("Until {date}.", &known), "");
    }

    #[test]
    fn a_part_in_brackets_is_left_out_alone() {
        assert_eq!(fill("Sorry. [Call {date}.] Just reply.", &known), "Sorry. Just reply.");
        assert_eq!(fill("Save {amount}[ until {date}][ from {amount}].", &known), "Save 5.00 from 5.00.");
    }

    #[test]
    fn an_ordinal_in_the_middle_does_not_end_the_sentence() {
        assert_eq!(fill("Dein {nth} Einkauf[ am {date}]. Danke!", &known), "Dein 7. Einkauf. Danke!");
    }

    #[test]
    fn broken_templates_are_shown_as_far_as_they_go() {
        assert_eq!(fill("Save {amount", &known), "Save {amount");
        assert_eq!(fill("Save [a", &known), "Save [a");
    }

    #[test]
    fn placeholders_are_listed() {
        assert_eq!(placeholders("a {b} [c {d}] {e"), ["b", "d"]);
    }

    proptest! {
        #[test]
        fn arbitrary_templates_never_panic_and_keep_plain_text(text in ".{0,80}") {
            let filled = fill(&text, &|_: &str| Some("x".to_owned()));
            if !text.contains(['{', '[', ']']) {
                prop_assert_eq!(filled, text.trim());
            }
        }
    }
}
