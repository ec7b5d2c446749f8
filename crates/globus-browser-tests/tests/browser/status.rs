//! The status page: what there is, and tasks that move.

use globus_browser_tests::{Browser, Outcome, Scheme, browse};
use globus_emulator::Emulator;
use globus_sdk::prelude::*;

use crate::support::{start, transfer};

/// Submits a copy of the tree of 12 MB.
async fn copy(emulator: &Emulator, label: &str) -> Outcome<String> {
    let data = TransferData::new(emulator.collection_a(), emulator.collection_b())
        .label(label)
        .items([TransferItem::new("/share/climate-run/", "/copy/").recursive(true)]);
    Ok(transfer(emulator)?.submit_transfer(data).await?.task_id.to_string())
}

/// How many of the forty files are copied, as the page has it.
async fn done(browser: &Browser, cell: &str) -> Outcome<u32> {
    let text = browser.text(cell).await?;
    Ok(text.split(" of ").next().and_then(|count| count.trim().parse().ok()).unwrap_or(0))
}

#[test]
fn a_person_watches_a_task_move_without_script() -> Outcome {
    browse("a_person_watches_a_task_move_without_script", |browser| async move {
        let emulator = start(Emulator::builder().transfer_rate(3_000_000)).await?;
        browser.forbid_script().await?;
        copy(&emulator, "Yearly archive").await?;
        browser.open(emulator.url()).await?;
        let cell = "section[aria-labelledby=tasks] td:nth-of-type(2)";
        browser.find("section[aria-labelledby=tasks] progress").await?;
        let before = done(&browser, cell).await?;
        browser
            .until("more files are copied", || async {
                Ok((done(&browser, cell).await? > before).then_some(()))
            })
            .await?;
        browser.photograph("status-busy").await?;
        browser.find("section[aria-labelledby=tasks] .state.good").await?;
        assert_eq!(done(&browser, cell).await?, 40);
        // Once nothing runs, the page stands still.
        assert!(browser.find_all("meta[http-equiv=refresh]").await?.is_none());
        browser.find("section[aria-labelledby=tasks] th a").await?.click().await?;
        assert_eq!(browser.text("h1").await?, "Yearly archive");
        assert!(browser.text("section[aria-labelledby=events]").await?.contains("SUCCEEDED"));
        browser.check_accessible().await?;
        browser.photograph("task").await?;
        assert_eq!(browser.complaints().await?, [""; 0]);
        Ok(())
    })
}

#[test]
fn a_person_lets_a_busy_page_stand_still() -> Outcome {
    browse("a_person_lets_a_busy_page_stand_still", |browser| async move {
        let emulator = start(Emulator::builder().transfer_rate(1_000)).await?;
        let task = copy(&emulator, "slow").await?;
        for page in [emulator.url().to_owned(), format!("{}tasks/{task}", emulator.url())] {
            browser.open(&page).await?;
            browser.find("meta[http-equiv=refresh]").await?;
            browser.find("a[href='?renew=no']").await?.click().await?;
            browser.find("a[href='?']").await?;
            assert!(browser.find_all("meta[http-equiv=refresh]").await?.is_none());
            browser.check_accessible().await?;
            browser.find("a[href='?']").await?.click().await?;
            browser.find("meta[http-equiv=refresh]").await?;
        }
        transfer(&emulator)?.cancel_task(task.as_str()).await?;
        browser.find(".state.bad").await?;
        assert!(browser.text("main").await?.contains("canceled"));
        Ok(())
    })
}

#[test]
fn the_status_page_is_for_everybody_and_shows_no_secret() -> Outcome {
    browse("the_status_page_is_for_everybody_and_shows_no_secret", |browser| async move {
        let emulator = start(Emulator::builder()).await?;
        transfer(&emulator)?.operation_ls(emulator.collection_a()).path("/share/godata/").await?;
        browser.open(emulator.url()).await?;
        browser.check_accessible().await?;
        let page = browser.text("main").await?;
        let shown = [
            "export GLOBUS_SDK_SERVICE_URL_TRANSFER=",
            "Globus Tutorial Collection 1",
            emulator.collection_a(),
            "Native App Tutorial",
            "Robin Researcher",
            "Climate Data Working Group",
            "POST /v2/oauth2/token",
        ];
        for part in shown {
            assert!(page.contains(part), "{part} is not in {page}");
        }
        let hidden = emulator.issued_secrets();
        assert!(hidden.len() > 1 && !hidden.iter().any(|secret| page.contains(secret)));
        for (scheme, name) in [(Scheme::Dark, "status-dark"), (Scheme::Light, "status")] {
            browser.prefer(scheme).await?;
            browser.photograph(name).await?;
        }
        browser.set_width(Some(320)).await?;
        browser.photograph("status-narrow").await?;
        assert_eq!(browser.complaints().await?, [""; 0]);
        Ok(())
    })
}
