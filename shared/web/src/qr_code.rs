//! QR codes as SVG inside a page, so that no image is fetched and none is in a cache.

use qrcode::QrCode;
use qrcode::render::svg::Color;

/// The width of a code on the screen, in pixels, at least.
const WIDTH: u32 = 200;

/// Returns the QR code of a text as an `svg` element; `None` if the text is too long for one. The element has
/// no words for screen readers: the page says beside it what the code is.
pub fn qr_code(text: &str) -> Option<String> {
    let code = QrCode::new(text).ok()?;
    let svg = code
        .render::<Color<'_>>()
        .min_dimensions(WIDTH, WIDTH)
        .build();
    let element = svg.find("<svg")?;
    Some(svg[element..].replacen("<svg", "<svg aria-hidden=\"true\"", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_one_svg_element_and_a_text_that_does_not_fit_is_none() {
        let svg = qr_code("https://kitera.example/sign-in?company_code=MIDORI").unwrap();
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
        assert!(!svg.contains("style=") && !svg.contains("<?xml"));
        assert_eq!(qr_code(&"x".repeat(5_000)), None);
    }
}
