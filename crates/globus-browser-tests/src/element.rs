//! One element of a page.

use serde_json::{Value, json};

use crate::failure::{Failure, Outcome};
use crate::webdriver::Session;

/// The name under which WebDriver tells elements.
const KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

/// An element of the page that is shown; it is gone when another page is.
#[derive(Clone, Debug)]
pub struct Element {
    session: Session,
    id: String,
}

impl Element {
    pub(crate) fn of(session: &Session, value: &Value) -> Option<Self> {
        Some(Self { session: session.clone(), id: value[KEY].as_str()?.to_owned() })
    }

    /// The text as a person sees it.
    ///
    /// # Errors
    ///
    /// When the element is gone.
    pub async fn text(&self) -> Outcome<String> {
        self.read("text").await
    }

    /// The name that is read out for it, by the browser's own rules.
    ///
    /// # Errors
    ///
    /// When the element is gone.
    pub async fn accessible_name(&self) -> Outcome<String> {
        self.read("computedlabel").await
    }

    /// The value of a property, such as `value` of a field.
    ///
    /// # Errors
    ///
    /// When the element is gone.
    pub async fn property(&self, name: &str) -> Outcome<Value> {
        self.session.get(&format!("element/{}/property/{name}", self.id)).await
    }

    /// Clicks in its middle; waits for the page that this leads to.
    ///
    /// # Errors
    ///
    /// When the element is gone, or something else is in front of it.
    pub async fn click(&self) -> Outcome {
        self.session.post(&format!("element/{}/click", self.id), &json!({})).await.map(drop)
    }

    /// Types text into it.
    ///
    /// # Errors
    ///
    /// When it takes no text.
    pub async fn enter(&self, text: &str) -> Outcome {
        self.session.post(&format!("element/{}/value", self.id), &json!({ "text": text })).await.map(drop)
    }

    async fn read(&self, what: &str) -> Outcome<String> {
        let text = self.session.get(&format!("element/{}/{what}", self.id)).await?;
        text.as_str().map(str::to_owned).ok_or_else(|| Failure::new(format!("the {what} is not a text")))
    }
}
