//! A browser, and the person before it.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::element::Element;
use crate::failure::{Failure, Outcome};
use crate::webdriver::Session;

/// How long to wait for what is not there yet. Only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(25);

/// Which colours the person prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there are these two")]
pub enum Scheme {
    /// Dark text on a light page.
    Light,
    /// Light text on a dark page.
    Dark,
}

/// A browser with one window.
#[derive(Clone, Debug)]
pub struct Browser {
    session: Session,
    photographs: PathBuf,
}

impl Browser {
    pub(crate) fn new(session: Session, photographs: PathBuf) -> Self {
        Self { session, photographs }
    }

    /// Goes to the address, and waits until its page is there.
    ///
    /// # Errors
    ///
    /// When nothing answers there.
    pub async fn open(&self, url: &str) -> Outcome {
        self.session.post("url", &json!({ "url": url })).await.map(drop)
    }

    /// The address of the page.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn url(&self) -> Outcome<String> {
        Ok(self.session.get("url").await?.as_str().unwrap_or_default().to_owned())
    }

    /// The title of the page.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn title(&self) -> Outcome<String> {
        Ok(self.session.get("title").await?.as_str().unwrap_or_default().to_owned())
    }

    /// The first element that matches a CSS selector; waits for it.
    ///
    /// # Errors
    ///
    /// When none comes.
    pub async fn find(&self, selector: &str) -> Outcome<Element> {
        let found = self.until(&format!("there is {selector}"), || self.find_all(selector)).await?;
        found.into_iter().next().ok_or_else(|| Failure::new(format!("there is no {selector}")))
    }

    /// Every element that matches a CSS selector now, and `None` when there is none.
    ///
    /// # Errors
    ///
    /// When the selector is not one.
    pub async fn find_all(&self, selector: &str) -> Outcome<Option<Vec<Element>>> {
        let wanted = json!({ "using": "css selector", "value": selector });
        let found = self.session.post("elements", &wanted).await?;
        let all: Vec<Element> = found
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|one| Element::of(&self.session, one))
            .collect();
        Ok((!all.is_empty()).then_some(all))
    }

    /// The text that the first match of a selector shows, once it is there.
    ///
    /// # Errors
    ///
    /// When none comes.
    pub async fn text(&self, selector: &str) -> Outcome<String> {
        // A page that renews itself may take the element away between the two steps.
        self.until(&format!("there is {selector}"), || async {
            match self.find_all(selector).await?.and_then(|found| found.into_iter().next()) {
                Some(element) => Ok(element.text().await.ok()),
                None => Ok(None),
            }
        })
        .await
    }

    /// Looks again and again until there is an answer.
    ///
    /// # Errors
    ///
    /// When there is none in half a minute: `what` was waited for.
    pub async fn until<T, F: Future<Output = Outcome<Option<T>>>>(
        &self,
        what: &str,
        mut look: impl FnMut() -> F,
    ) -> Outcome<T> {
        let start = Instant::now();
        loop {
            if let Some(found) = look().await? {
                return Ok(found);
            }
            if start.elapsed() > PATIENCE {
                return Err(Failure::new(format!(
                    "waited for this in vain, at {}: {what}",
                    self.url().await?
                )));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Presses a key, and lets go: `"Tab"`, `"Enter"`, `"Space"`, or a character.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn press(&self, key: &str) -> Outcome {
        let key = match key {
            "Tab" => "\u{e004}",
            "Enter" => "\u{e007}",
            "Space" => " ",
            other => other,
        };
        let keys = json!([{ "type": "keyDown", "value": key }, { "type": "keyUp", "value": key }]);
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": keys }] });
        self.session.post("actions", &actions).await.map(drop)
    }

    /// What a script in the page returns; `arguments` are its arguments.
    ///
    /// # Errors
    ///
    /// When it throws.
    pub async fn evaluate(&self, script: &str, arguments: &[Value]) -> Outcome<Value> {
        self.session.post("execute/sync", &json!({ "script": script, "args": arguments })).await
    }

    /// Lets no page run script from now on.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn forbid_script(&self) -> Outcome {
        self.session
            .devtools("Emulation.setScriptExecutionDisabled", &json!({ "value": true }))
            .await
            .map(drop)
    }

    /// Sets the colours that the person prefers.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn prefer(&self, scheme: Scheme) -> Outcome {
        let value = if scheme == Scheme::Dark { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.session.devtools("Emulation.setEmulatedMedia", &features).await.map(drop)
    }

    /// Makes the screen `width` CSS pixels wide; `None` for that of a desk.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn set_width(&self, width: Option<u32>) -> Outcome {
        let metrics =
            json!({ "width": width.unwrap_or(0), "height": 0, "deviceScaleFactor": 0, "mobile": false });
        self.session.devtools("Emulation.setDeviceMetricsOverride", &metrics).await.map(drop)
    }

    /// What the browser has to complain about in the pages so far: errors of scripts, and what could not be loaded or was blocked.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn complaints(&self) -> Outcome<Vec<String>> {
        let log = self.session.post("se/log", &json!({ "type": "browser" })).await?;
        let entries = log.as_array().into_iter().flatten();
        let told = entries.filter_map(|entry| entry["message"].as_str());
        // The browser has pages of its own.
        Ok(told.filter(|told| !told.starts_with("chrome://")).map(str::to_owned).collect())
    }

    /// Keeps a picture of the whole page as `target/tmp/browser/NAME.png`.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub async fn photograph(&self, name: &str) -> Outcome {
        let how = json!({ "format": "png", "captureBeyondViewport": true });
        let picture = self.session.devtools("Page.captureScreenshot", &how).await?;
        let picture = STANDARD.decode(picture["data"].as_str().unwrap_or_default())?;
        self.write(&format!("{name}.png"), &picture)
    }

    /// What there is to see of a test that failed.
    pub(crate) async fn keep_evidence(&self, name: &str) {
        let _ = self.photograph(&format!("{name}.failed")).await;
        if let Ok(source) = self.session.get("source").await {
            let page = source.as_str().unwrap_or_default();
            let _ = self.write(&format!("{name}.failed.html"), page.as_bytes());
        }
        eprintln!("what {name} saw last: {}", self.photographs.join(format!("{name}.failed.png")).display());
    }

    pub(crate) async fn end(&self) -> Outcome {
        self.session.end().await
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Outcome {
        std::fs::create_dir_all(&self.photographs)?;
        let path = self.photographs.join(name);
        std::fs::write(&path, bytes).map_err(Failure::while_doing(format!("writing {}", path.display())))
    }
}
