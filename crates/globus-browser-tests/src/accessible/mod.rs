//! Whether everybody can use a page: with a screen reader, with the keyboard alone, with weak eyes, on a narrow screen.

mod contrast;

use serde_json::Value;

use crate::browser::{Browser, Scheme};
use crate::failure::{Failure, Outcome};

/// As narrow as WCAG 2.2 (1.4.10) asks for, in CSS pixels.
const NARROW: u32 = 320;

impl Browser {
    /// Checks the page that is shown: labels, names, headings, contrast in light and in dark, a narrow screen, and the keyboard.
    ///
    /// # Errors
    ///
    /// When something is wrong; the text says what, all of it.
    pub async fn check_accessible(&self) -> Outcome {
        let mut wrong = Vec::new();
        for scheme in [Scheme::Dark, Scheme::Light] {
            self.prefer(scheme).await?;
            let audit = self.evaluate(include_str!("audit.js"), &[]).await?;
            wrong.extend(contrast::pale(&audit).into_iter().map(|pale| format!("{scheme:?}: {pale}")));
            if scheme == Scheme::Light {
                wrong.extend(texts(&audit["problems"]));
            }
        }
        self.set_width(Some(NARROW)).await?;
        let width = self.evaluate("return document.documentElement.scrollWidth", &[]).await?;
        if width.as_u64().is_none_or(|width| width > u64::from(NARROW)) {
            wrong.push(format!("on a screen of {NARROW} px the page is {width} px wide"));
        }
        self.set_width(None).await?;
        wrong.extend(self.keyboard().await?);
        self.evaluate("document.activeElement?.blur()", &[]).await?;
        if wrong.is_empty() {
            return Ok(());
        }
        Err(Failure::new(format!("{} is not for everybody:\n  {}", self.url().await?, wrong.join("\n  "))))
    }

    /// What the Tab key does not reach, reaches in another order, or reaches without showing it.
    async fn keyboard(&self) -> Outcome<Vec<String>> {
        let elements = texts(&self.evaluate(include_str!("focusable.js"), &[]).await?);
        let mut reached: Vec<usize> = Vec::new();
        let mut wrong = Vec::new();
        // Scrolling parts take the focus as well, and so does the window: more keys than elements.
        for _ in 0..elements.len() * 2 + 4 {
            self.press("Tab").await?;
            let focused = self.evaluate(include_str!("focused.js"), &[]).await?;
            let Some(at) = focused[0].as_u64().and_then(|at| usize::try_from(at).ok()) else { continue };
            if reached.contains(&at) {
                break;
            }
            if focused[1] == false {
                wrong.push(format!("one does not see when this has the focus: {}", elements[at]));
            }
            reached.push(at);
        }
        let missed = (0..elements.len()).filter(|at| !reached.contains(at));
        wrong.extend(missed.map(|at| format!("the Tab key does not reach {}", elements[at])));
        if reached.windows(2).filter(|pair| pair[1] < pair[0]).count() > 1 {
            wrong.push(format!("the Tab key goes in another order than the page: {reached:?}"));
        }
        Ok(wrong)
    }
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}
