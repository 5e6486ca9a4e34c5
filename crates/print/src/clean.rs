//! What of a text is printed? Signs that only steer a screen are taken out, so that nobody's text reorders ours.

/// Takes out control characters, bidirectional controls, and signs without a shape of their own; every run of spaces
/// becomes one. A line break stays, a soft hyphen and a no-break space, too.
///
/// ```
/// use zugabe_print::clean::clean;
/// assert_eq!(clean("Ana\u{202e}\u{200b}  Núñez\t\n  Sí"), "Ana Núñez\nSí");
/// ```
#[must_use]
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\u{2028}' | '\u{2029}' => {
                out.truncate(out.trim_end_matches(' ').len());
                if !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
            }
            ' ' | '\t' | '\r' => {
                if !out.is_empty() && !out.ends_with([' ', '\n']) {
                    out.push(' ');
                }
            }
            letter if letter.is_control() || unseen(letter) => {}
            letter => out.push(letter),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Format characters (Unicode category Cf without the soft hyphen), variation selectors and tags.
const fn unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}
