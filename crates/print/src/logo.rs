//! Which picture is that? A shop's logo as SVG, PNG or JPEG.

use krilla::image::Image;
use usvg::{ImageHrefResolver, Options, Tree};
use zugabe::reject::{Code, Error, Result};

/// Larger files are refused: a logo of that size would make every page heavy.
const LARGEST: usize = 4 << 20;

/// A logo, ready to be drawn.
pub struct Logo {
    pub(crate) picture: Picture,
    /// Width and height, in its own unit.
    pub size: (u32, u32),
}

pub(crate) enum Picture {
    Drawing(Box<Tree>),
    Pixels(Image),
}

impl Logo {
    /// Reads a logo, and nothing it points to.
    ///
    /// # Errors
    /// `too_large` beyond 4 MB, `invalid_value` for what is no SVG, PNG or JPEG, or an SVG with text in it.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > LARGEST {
            return Err(Error::at(
                Code::TooLarge,
                "shop.logo",
                "This logo has more than 4 MB: save it smaller, or as SVG.",
            ));
        }
        let refused = |what: String| Error::at(Code::InvalidValue, "shop.logo", what);
        let pixels = |image: core::result::Result<Image, String>, kind: &str| {
            let image = image.map_err(|error| refused(format!("This {kind} file cannot be read: {error}.")))?;
            let size = image.size();
            Ok(Self { picture: Picture::Pixels(image), size })
        };
        if bytes.starts_with(b"\x89PNG") {
            return pixels(Image::from_png(bytes.to_vec().into(), true), "PNG");
        }
        if bytes.starts_with(&[0xff, 0xd8]) {
            return pixels(Image::from_jpeg(bytes.to_vec().into(), true), "JPEG");
        }
        let text = core::str::from_utf8(bytes).ok().filter(|text| text.contains("<svg"));
        let text = text.ok_or_else(|| refused("A logo is an SVG, PNG or JPEG file, and this is none.".to_owned()))?;
        if text.contains("<text") {
            return Err(refused(
                "This SVG has text in it, whose font is not there: save it with text as paths.".to_owned(),
            ));
        }
        let tree = Tree::from_str(text, &nothing_fetched())
            .map_err(|error| refused(format!("This SVG file cannot be read: {error}.")))?;
        // In hundredths, so that a drawing of one by two keeps its shape.
        let hundredths = |length: f32| (f64::from(length) * 100.0).clamp(1.0, 1e9) as u32;
        let size = (hundredths(tree.size().width()), hundredths(tree.size().height()));
        Ok(Self { picture: Picture::Drawing(Box::new(tree)), size })
    }
}

/// Pictures inside the file are read, those it points to are not.
fn nothing_fetched() -> Options<'static> {
    Options {
        image_href_resolver: ImageHrefResolver {
            resolve_data: ImageHrefResolver::default_data_resolver(),
            resolve_string: Box::new(|_: &str, _: &Options<'_>| None),
        },
        ..Options::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &str =
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><path fill="#123456" d="M0 0h20v10z"/></svg>"##;

    #[test]
    fn a_drawing_says_its_shape() {
        assert_eq!(Logo::read(SVG.as_bytes()).unwrap().size, (2000, 1000));
    }

    #[test]
    fn what_is_no_logo_is_refused() {
        let refused = |bytes: &[u8]| Logo::read(bytes).map(|_| ()).unwrap_err();
        for bytes in [&b"%PDF-1.7"[..], b"\x89PNG broken", &[0xff, 0xd8, 0], b"<svg", b""] {
            assert_eq!((refused(bytes).code, refused(bytes).path.as_str()), (Code::InvalidValue, "shop.logo"));
        }
        assert!(refused(SVG.replace("<path", "<text>x</text><path").as_bytes()).message.contains("paths"));
        assert_eq!(refused(&vec![b' '; LARGEST + 1]).code, Code::TooLarge);
    }

    #[test]
    fn a_drawing_fetches_no_file() {
        let points = SVG.replace("<path", r#"<image width="9" height="9" href="/etc/hostname"/><path"#);
        let Picture::Drawing(tree) = Logo::read(points.as_bytes()).unwrap().picture else { panic!("no drawing") };
        assert!(tree.root().children().iter().all(|node| !matches!(node, usvg::Node::Image(_))));
    }
}
