//! Which square does a camera read? QR codes as dark runs and as SVG.

use core::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

use crate::reject::{Code, Error, Result};

/// Light modules that belong to a QR code on every side.
pub const QUIET: i32 = 4;

/// The dark modules of a QR code, row by row, without the quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Square {
    /// Modules on a side.
    pub size: i32,
    /// Dark modules in a row: column, row, how many.
    pub runs: Vec<(i32, i32, i32)>,
}

/// The QR code of `text`: error correction at least M (15 %), so that a creased insert is still read.
///
/// # Errors
/// `too_large` when the text does not fit into the largest QR code (2,331 bytes).
pub fn square(text: &str) -> Result<Square> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium)
        .map_err(|_| Error::new(Code::TooLarge, "This text is too long for a QR code; shorten the address."))?;
    let size = code.size();
    let mut runs = Vec::new();
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let start = x;
            while x < size && code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                runs.push((start, y, x - start));
            }
            x += 1;
        }
    }
    Ok(Square { size, runs })
}

/// Modules on a side, the quiet zone on both ends included, and the dark ones as one path.
pub(super) fn path(text: &str) -> Result<(i32, String)> {
    let Square { size, runs } = square(text)?;
    let mut path = String::new();
    for (x, y, length) in runs {
        // Writing to a String cannot fail.
        let _ = write!(path, "M{} {}h{length}v1h-{length}z", x + QUIET, y + QUIET);
    }
    Ok((size + 2 * QUIET, path))
}

/// The QR code of `text` as an SVG document: dark modules as one path, a quiet zone of four modules.
///
/// # Errors
/// As [`square`].
pub fn svg(text: &str) -> Result<String> {
    let (box_size, path) = path(text)?;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {box_size} {box_size}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{box_size}v{box_size}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_covers_exactly_the_dark_modules() {
        let text = "https://example.test/f#03VC1S2Q4HX0";
        let svg = svg(text).unwrap();
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).unwrap();
        let path = svg.rsplit_once("d=\"").unwrap().1.split_once('"').unwrap().0;
        let mut drawn = std::collections::BTreeSet::new();
        for run in path.split_terminator('z') {
            let (x, rest) = run[1..].split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (width, _) = rest.split_once('v').unwrap();
            let (x, y, width): (i32, i32, i32) = (x.parse().unwrap(), y.parse().unwrap(), width.parse().unwrap());
            drawn.extend((x..x + width).map(|x| (x - 4, y - 4)));
        }
        let size = code.size();
        let dark: std::collections::BTreeSet<_> =
            (0..size).flat_map(|y| (0..size).map(move |x| (x, y))).filter(|&(x, y)| code.get_module(x, y)).collect();
        assert_eq!(drawn, dark);
    }

    #[test]
    fn a_text_that_does_not_fit_is_refused() {
        assert_eq!(svg(&"x".repeat(3000)).map_err(|e| e.code), Err(Code::TooLarge));
    }
}
