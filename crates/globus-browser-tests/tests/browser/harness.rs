//! The harness itself: what it finds wrong, and what it survives.

use globus_browser_tests::{Failure, Outcome, Scheme, browse};

fn page(html: &str) -> String {
    // Percent-encoded, so that nothing of the page is taken for a part of the address.
    let encoded: String = html.bytes().map(|byte| format!("%{byte:02x}")).collect();
    format!("data:text/html;charset=utf-8,{encoded}")
}

#[test]
fn a_page_that_leaves_people_out_is_told_so() -> Outcome {
    browse("a_page_that_leaves_people_out_is_told_so", |browser| async move {
        let bad = "<title>x</title><style>.pale{color:#999} button:focus{outline:none} .wide{width:600px}</style>\
                   <h1>One</h1><h3>Three</h3><input name=q><button>Go</button><a href=x></a><p class=pale>Pale</p>\
                   <div class=wide>wide</div><button tabindex=0 onkeydown='event.preventDefault()'>Trap</button><a href=y>After</a>";
        browser.open(&page(bad)).await?;
        let told = browser
            .check_accessible()
            .await
            .err()
            .ok_or_else(|| Failure::new("nothing was found"))?
            .to_string();
        for wrong in [
            "does not say its language",
            "nothing is marked as the main part",
            "a field without a label: <input name=\"q\">",
            "a button or link without a name: <a href=\"x\">",
            "a level of headings is left out: <h3>",
            "contrast 2.85, less than 4.5: \"Pale\"",
            "on a screen of 320 px the page is 6",
            "one does not see when this has the focus: <button>Go",
            "the Tab key does not reach <a href=\"y\">",
        ] {
            assert!(told.contains(wrong), "{wrong:?} is not in {told}");
        }
        Ok(())
    })
}

#[test]
fn a_page_for_everybody_is_let_pass() -> Outcome {
    browse("a_page_for_everybody_is_let_pass", |browser| async move {
        let good = "<!DOCTYPE html><html lang=en><title>x</title><style>:root{color-scheme:light dark}</style>\
                    <main><h1>One</h1><h2>Two</h2><label>Q <input name=q></label>\
                    <label><input type=radio name=r checked> a</label><label><input type=radio name=r> b</label>\
                    <button>Go</button> <a href=x>Link</a></main>";
        browser.open(&page(good)).await?;
        browser.check_accessible().await
    })
}

#[test]
fn scripts_run_until_they_are_forbidden() -> Outcome {
    browse("scripts_run_until_they_are_forbidden", |browser| async move {
        let html = page("<p>plain</p><script>document.querySelector('p').textContent = 'scripted'</script>");
        browser.open(&html).await?;
        assert_eq!(browser.text("p").await?, "scripted");
        browser.forbid_script().await?;
        browser.open(&html).await?;
        assert_eq!(browser.text("p").await?, "plain");
        Ok(())
    })
}

#[test]
fn the_preferred_colours_are_those_of_the_person() -> Outcome {
    browse("the_preferred_colours_are_those_of_the_person", |browser| async move {
        browser.open(&page("<p>x</p>")).await?;
        for (scheme, dark) in [(Scheme::Dark, true), (Scheme::Light, false)] {
            browser.prefer(scheme).await?;
            let asked =
                browser.evaluate("return matchMedia('(prefers-color-scheme: dark)').matches", &[]).await?;
            assert_eq!(asked, dark);
        }
        Ok(())
    })
}
