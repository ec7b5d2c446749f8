//! Contrast, as WCAG 2.2 computes it.

use serde_json::Value;

/// The least ratio for text of any size.
const LEAST: f64 = 4.5;

/// A colour by its red, green and blue from 0 to 255, and its opacity from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Colour([f64; 3], f64);

/// The texts of an audit that are too pale for what is behind them.
pub(super) fn pale(audit: &Value) -> Vec<String> {
    let texts = audit["texts"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut pale: Vec<String> = texts.iter().filter_map(|text| complaint(text, &audit["canvas"])).collect();
    if texts.is_empty() {
        pale.push("the page shows no text".to_owned());
    }
    pale
}

fn complaint(text: &Value, canvas: &Value) -> Option<String> {
    let shown = || {
        format!(
            "\"{}\" in {} on {}",
            text["text"].as_str().unwrap_or_default(),
            text["color"],
            text["behind"]
        )
    };
    let behind = text["behind"].as_array().into_iter().flatten();
    let layers: Option<Vec<Colour>> = behind.chain([canvas]).map(|colour| read(colour.as_str()?)).collect();
    let (Some(layers), Some(ink)) = (layers, text["color"].as_str().and_then(read)) else {
        return Some(format!("colours that cannot be read: {}", shown()));
    };
    let paper = layers.into_iter().rev().reduce(|below, above| over(above, below))?;
    let ratio = ratio(over(ink, paper), paper);
    (ratio < LEAST).then(|| format!("contrast {ratio:.2}, less than {LEAST}: {}", shown()))
}

/// `rgb(1, 2, 3)` or `rgba(1, 2, 3, 0.4)`, as computed styles spell colours.
fn read(colour: &str) -> Option<Colour> {
    let numbers = colour.strip_prefix("rgba(").or_else(|| colour.strip_prefix("rgb("))?.strip_suffix(')')?;
    let numbers: Option<Vec<f64>> = numbers.split(',').map(|number| number.trim().parse().ok()).collect();
    match numbers?.as_slice() {
        [red, green, blue] => Some(Colour([*red, *green, *blue], 1.0)),
        [red, green, blue, opacity] => Some(Colour([*red, *green, *blue], *opacity)),
        _ => None,
    }
}

fn over(above: Colour, below: Colour) -> Colour {
    let mut mixed = below.0;
    for (mixed, above_part) in mixed.iter_mut().zip(above.0) {
        *mixed = above_part * above.1 + *mixed * (1.0 - above.1);
    }
    Colour(mixed, 1.0)
}

fn ratio(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: Colour) -> f64 {
    let linear = colour.0.map(|part| {
        let part = part / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(ink: &str, paper: &str) -> f64 {
        ratio(read(ink).unwrap(), read(paper).unwrap())
    }

    #[test]
    fn ratios_are_those_that_are_published() {
        assert!((of("rgb(0, 0, 0)", "rgb(255, 255, 255)") - 21.0).abs() < 0.001);
        assert!((of("rgb(119, 119, 119)", "rgb(255, 255, 255)") - 4.48).abs() < 0.01);
        assert!((of("rgb(9, 9, 9)", "rgb(9, 9, 9)") - 1.0).abs() < 0.001);
    }

    #[test]
    fn what_shines_through_is_mixed() {
        let half = over(read("rgba(0, 0, 0, 0.5)").unwrap(), read("rgb(200, 100, 0)").unwrap());
        assert_eq!(half, Colour([100.0, 50.0, 0.0], 1.0));
        assert_eq!(read("color(srgb 1 1 1)"), None);
    }

    #[test]
    fn pale_texts_are_told_and_dark_ones_are_not() {
        let text = |color: &str, behind: &[&str]| json!({ "text": "x", "color": color, "behind": behind });
        let audit = |texts: Value| json!({ "texts": texts, "canvas": "rgb(255, 255, 255)" });
        let clear = "rgba(0, 0, 0, 0)";
        assert!(pale(&audit(json!([text("rgb(80, 80, 80)", &[clear, clear])]))).is_empty());
        assert_eq!(pale(&audit(json!([text("rgb(150, 150, 150)", &[clear])]))).len(), 1);
        assert_eq!(pale(&audit(json!([text("rgb(80, 80, 80)", &["rgb(0, 0, 0)", clear])]))).len(), 1);
        assert_eq!(pale(&audit(json!([text("lab(1 2 3)", &[clear])]))).len(), 1);
        assert_eq!(pale(&audit(json!([]))), ["the page shows no text"]);
    }
}
