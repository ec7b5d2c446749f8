//! Login and consent: accept, deny, be somebody else.

use globus_browser_tests::{Outcome, browse};
use globus_emulator::Emulator;

use crate::support::{authorize_url, start};

const SCOPES: &str = "openid email urn:globus:auth:scope:transfer.api.globus.org:all";

#[test]
fn a_person_allows_a_program_and_is_shown_a_code() -> Outcome {
    browse("a_person_allows_a_program_and_is_shown_a_code", |browser| async move {
        let emulator = start(Emulator::builder()).await?;
        browser.forbid_script().await?;
        browser.open(&authorize_url(&emulator, SCOPES)).await?;
        assert!(browser.text("h1").await?.contains("Native App Tutorial"));
        assert!(browser.text("main").await?.contains("Manage data"));
        browser.check_accessible().await?;
        browser.photograph("consent").await?;
        browser.find("button[value=approve]").await?.click().await?;
        let code = browser.text("#auth-code").await?;
        assert!(code.contains(Emulator::SECRET_MARKER), "{code}");
        browser.check_accessible().await?;
        browser.photograph("code").await?;
        assert_eq!(browser.complaints().await?, [""; 0]);
        Ok(())
    })
}

#[test]
fn a_person_who_denies_a_program_is_told_so() -> Outcome {
    browse("a_person_who_denies_a_program_is_told_so", |browser| async move {
        let emulator = start(Emulator::builder()).await?;
        browser.open(&authorize_url(&emulator, SCOPES)).await?;
        browser.find("button[value=deny]").await?.click().await?;
        assert!(browser.text("#error").await?.contains("denied"));
        assert!(browser.url().await?.contains("error=access_denied"));
        browser.check_accessible().await?;
        browser.photograph("denied").await
    })
}

#[test]
fn a_person_chooses_who_to_be_with_the_keyboard_alone() -> Outcome {
    browse("a_person_chooses_who_to_be_with_the_keyboard_alone", |browser| async move {
        let emulator = start(Emulator::builder()).await?;
        browser.open(&authorize_url(&emulator, SCOPES)).await?;
        let choice = browser.find("#username").await?;
        assert_eq!(choice.accessible_name().await?, "Log in as");
        assert_eq!(choice.property("value").await?, emulator.username());
        choice.enter("Ada").await?;
        assert_eq!(choice.property("value").await?, "ada@example.org");
        while browser.evaluate("return document.activeElement.value", &[]).await? != "approve" {
            browser.press("Tab").await?;
        }
        browser.press("Enter").await?;
        browser.text("#auth-code").await?;
        Ok(())
    })
}
