//! An app that brings a person to log in: by a browser that comes back by itself, by a code that is pasted, in a portal.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use globus_browser_tests::{Browser, Failure, Outcome, Scheme, browse};
use globus_emulator::Emulator;
use globus_sdk::app::login::{CommandLineLogin, LoginFlowManager, LoopbackLogin};
use globus_sdk::prelude::*;
use globus_sdk::transport::Variables;
use tokio::sync::mpsc;

use crate::support::start;

fn app(emulator: &Emulator, manager: impl LoginFlowManager + 'static) -> Outcome<UserApp> {
    let app = UserApp::builder("Copier & Co")
        .client_id(emulator.native_client_id())
        .variables(Variables::from_pairs(emulator.variables()))
        .memory_storage()
        .login_flow_manager(manager)
        .build()?;
    GroupsClient::from_app(&app)?;
    Ok(app)
}

/// An app that opens this browser, and the addresses that it opens.
fn with_browser(emulator: &Emulator) -> Outcome<(UserApp, mpsc::UnboundedReceiver<String>)> {
    let (opened, addresses) = mpsc::unbounded_channel();
    let manager =
        LoopbackLogin::with_opener(move |url| opened.send(url.to_owned()).map_err(io::Error::other));
    Ok((app(emulator, manager)?, addresses))
}

#[test]
fn the_browser_comes_back_to_the_program_by_itself() -> Outcome {
    browse("the_browser_comes_back_to_the_program_by_itself", |browser| async move {
        let emulator = start(Emulator::builder()).await?;
        let (app, mut addresses) = with_browser(&emulator)?;
        let login = tokio::spawn({
            let app = app.clone();
            async move { app.login().await }
        });
        let address = addresses.recv().await.ok_or_else(|| Failure::new("no address was opened"))?;
        browser.forbid_script().await?;
        browser.open(&address).await?;
        browser.find("button[value=approve]").await?.click().await?;
        assert_eq!(browser.text("h1").await?, "You are logged in");
        assert!(browser.text("main").await?.contains("Copier & Co"));
        browser.check_accessible().await?;
        browser.photograph("loopback-done").await?;
        browser.prefer(Scheme::Dark).await?;
        browser.check_accessible().await?;
        browser.photograph("loopback-done-dark").await?;
        assert_eq!(browser.complaints().await?, [""; 0]);
        login.await??;
        assert!(!GroupsClient::from_app(&app)?.get_my_groups().await?.is_empty());
        Ok(())
    })
}

#[test]
fn a_person_who_refuses_is_shown_so_and_the_program_told() -> Outcome {
    browse("a_person_who_refuses_is_shown_so_and_the_program_told", |browser| async move {
        let emulator = start(Emulator::builder()).await?;
        let (app, mut addresses) = with_browser(&emulator)?;
        let login = tokio::spawn(async move { app.login().await });
        let address = addresses.recv().await.ok_or_else(|| Failure::new("no address was opened"))?;
        browser.open(&address).await?;
        browser.find("button[value=deny]").await?.click().await?;
        assert_eq!(browser.text("h1").await?, "You are not logged in");
        browser.check_accessible().await?;
        browser.photograph("loopback-denied").await?;
        assert_eq!(login.await?.err().map(|err| err.kind()), Some(globus_sdk::AppErrorKind::LoginFailed));
        Ok(())
    })
}

#[test]
fn a_person_pastes_the_code_that_the_page_shows() -> Outcome {
    browse("a_person_pastes_the_code_that_the_page_shows", |browser| async move {
        let emulator = start(Emulator::builder()).await?;
        let ((screen, output), (input, mut keyboard)) = (io::pipe()?, io::pipe()?);
        let app = app(&emulator, CommandLineLogin::with_io(BufReader::new(input), output)?)?;
        let login = tokio::spawn(async move { app.login().await });
        let address = tokio::task::spawn_blocking(move || {
            let lines = BufReader::new(screen).lines().map_while(Result::ok);
            lines.map(|line| line.trim().to_owned()).find(|line| line.starts_with("http"))
        });
        let address = address.await?.ok_or_else(|| Failure::new("no address was printed"))?;
        browser.open(&address).await?;
        browser.find("button[value=approve]").await?.click().await?;
        let code = browser.text("#auth-code").await?;
        writeln!(keyboard, "{code}")?;
        login.await??;
        Ok(())
    })
}

/// The portal of the examples, until this is dropped.
struct Portal {
    child: Child,
    address: String,
    _home: tempfile::TempDir,
}

impl Portal {
    fn start(emulator: &Emulator) -> Outcome<Self> {
        // `target/debug/deps/browser-…`
        let built = std::env::current_exe()?.ancestors().nth(2).map_or_else(PathBuf::new, PathBuf::from);
        let program = built.join("examples").join("web_portal_many_users");
        let home = tempfile::tempdir()?;
        let mut child = Command::new(&program)
            .arg("0")
            .envs(emulator.variables())
            .env("GLOBUS_CLIENT_ID", emulator.client_id())
            .env("GLOBUS_CLIENT_SECRET", emulator.client_secret())
            .env("HOME", home.path())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|err| {
                let built_by = "cargo build -p globus-examples --example web_portal_many_users";
                Failure::new(format!("{} does not start: {err}; `{built_by}` makes it", program.display()))
            })?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let address = line.trim().trim_start_matches("Open ").to_owned();
        Ok(Self { child, address, _home: home })
    }

    async fn log_in(&self, browser: &Browser, person: &str) -> Outcome {
        browser.open(&self.address).await?;
        browser.check_accessible().await?;
        browser.find("a.button").await?.click().await?;
        let choice = browser.find("#username").await?;
        choice.enter(person).await?;
        browser.find("button[value=approve]").await?.click().await?;
        assert_eq!(browser.text("h2").await?, "Your groups");
        browser.check_accessible().await
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn several_people_use_a_portal_one_after_the_other() -> Outcome {
    browse("several_people_use_a_portal_one_after_the_other", |browser| async move {
        let emulator = start(Emulator::builder()).await?;
        let portal = Portal::start(&emulator)?;
        portal.log_in(&browser, emulator.username()).await?;
        browser.photograph("portal").await?;
        let mine = browser.text("ul").await?;
        browser.find("form button").await?.click().await?;
        browser.find("a.button").await?;
        // Logged out is logged out: the tokens have ended, too.
        let ended = |seen: &globus_emulator::RequestRecord| seen.path == "/v2/oauth2/token/revoke";
        assert!(emulator.requests().iter().filter(|seen| ended(seen)).count() >= 2);
        portal.log_in(&browser, "Ada").await?;
        assert_ne!(browser.text("ul").await.ok(), Some(mine));
        Ok(())
    })
}
