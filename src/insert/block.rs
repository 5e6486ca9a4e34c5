//! What is printed where there is no insert? A code, its short address and the QR code of that very address, as one
//! SVG of 90 by 34 millimetres: for stickers, cards and other people's layouts.

use core::fmt::Write as _;

use super::{parcel, qr};
use crate::reject::{Code, Error, Result};

/// Characters of the address in a line, and lines.
const LINE: usize = 34;
const LINES: usize = 3;

/// The block of a code as it is printed, and of the address it leads to.
///
/// ```
/// let svg = zugabe::insert::block::svg("03VC-1S2Q-4HX0", "https://tea.example/f#03VC-1S2Q-4HX0")?;
/// assert!(svg.starts_with("<svg ") && svg.contains(">03VC-1S2Q-4HX0</text>"));
/// assert!(svg.contains(">tea.example/f#03VC-1S2Q-4HX0</text>"));
/// # Ok::<(), zugabe::reject::Error>(())
/// ```
///
/// # Errors
/// `too_large` for an address that nobody would type: more than three lines of 34 characters.
pub fn svg(shown_code: &str, link: &str) -> Result<String> {
    let address = parcel::short(link);
    let address = lines(&address);
    if address.len() > LINES {
        let message = format!("People type this address: shorten it to {LINES} lines of {LINE} characters.");
        return Err(Error::at(Code::TooLarge, "link", message));
    }
    let (size, path) = qr::path(link)?;
    let code = escaped(shown_code);
    // The length is fixed, so that whatever monospaced face there is fills the same place.
    let width = (shown_code.chars().count() * 36).min(520);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90mm\" height=\"34mm\" viewBox=\"0 0 900 340\" role=\"img\">\
         <title>{code}</title><path fill=\"#fff\" d=\"M0 0h900v340H0z\"/>\
         <svg x=\"10\" y=\"10\" width=\"320\" height=\"320\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\">\
         <path d=\"{path}\"/></svg>\
         <text x=\"350\" y=\"140\" font-family=\"ui-monospace,Menlo,Consolas,monospace\" font-size=\"58\" font-weight=\"600\" \
         textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\">{code}</text>"
    );
    for (number, line) in address.into_iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "<text x=\"350\" y=\"{}\" font-family=\"system-ui,sans-serif\" font-size=\"30\">{}</text>",
            205 + number * 40,
            escaped(line)
        );
    }
    out.push_str("</svg>");
    Ok(out)
}

/// What stands before the blocks of a page to be printed: A4, two in a row, never cut in two.
pub const PAGE_START: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"robots\" content=\"noindex\">\n\
<title>Codes</title>\n<style>@page{size:A4;margin:10mm}body{margin:0;display:grid;grid-template-columns:repeat(2,90mm);gap:4mm}\
svg{display:block;break-inside:avoid;overflow:hidden}body>svg{outline:.2mm dashed #bbb}</style>\n<body>\n";

/// What stands behind them.
pub const PAGE_END: &str = "</body>\n</html>\n";

/// The address in lines, broken where a part of it begins.
fn lines(mut address: &str) -> Vec<&str> {
    let mut out = Vec::new();
    while let Some((most, _)) = address.char_indices().nth(LINE) {
        let part = address[..most].rfind(['/', '?', '#', '&', '=']).map_or(most, |at| at + 1);
        let (line, rest) = address.split_at(part);
        out.push(line);
        address = rest;
    }
    out.push(address);
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML has no place for them, escaped or not.
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_square_is_that_of_the_address_and_the_address_is_the_one_that_is_shown() {
        let link = "https://www.tea.example/f#03VC-1S2Q-4HX0";
        let block = svg("03VC-1S2Q-4HX0", link).unwrap();
        let square = qr::svg(link).unwrap();
        let path = square.rsplit_once("d=\"").unwrap().1.split_once('"').unwrap().0;
        assert!(block.contains(path));
        assert!(block.contains(">tea.example/f#03VC-1S2Q-4HX0</text>"), "{block}");
    }

    #[test]
    fn a_long_address_breaks_where_a_part_begins_and_a_longer_one_is_refused() {
        let shown = svg("03VC-1S2Q-4HX0", "https://tea.example/discount/03VC-1S2Q-4HX0").unwrap();
        assert!(shown.contains(">tea.example/discount/</text>") && shown.contains(">03VC-1S2Q-4HX0</text></svg>"));
        let link = format!("https://tea.example/{}", "ä".repeat(60));
        let block = svg("03VC-1S2Q-4HX0", &link).unwrap();
        assert_eq!(block.matches("font-size=\"30\"").count(), 3);
        let refused = svg("03VC-1S2Q-4HX0", &format!("https://tea.example/{}", "a".repeat(91))).unwrap_err();
        assert_eq!((refused.code, refused.path.as_str()), (Code::TooLarge, "link"));
    }

    #[test]
    fn nothing_that_is_written_becomes_markup() {
        let block = svg("<script>", "https://tea.example/?a=1&b=\"<x>\u{7}").unwrap();
        assert!(block.contains("&lt;script&gt;") && block.contains("?a=1&amp;b=&quot;&lt;x&gt; "), "{block}");
        assert_eq!(block.matches("<svg").count(), block.matches("</svg>").count());
        assert!(!block.contains("<script") && !block.contains("<x>"));
    }
}
