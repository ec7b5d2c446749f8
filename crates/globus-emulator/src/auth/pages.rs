//! The pages that people see: server-rendered, without script.

use super::client::Client;
use super::identity::Identity;
use super::registry::Registry;
use super::scope::Scope;
use crate::page::{escape, page};

/// What the consent page shows.
pub(crate) struct Ask<'a> {
    pub(crate) client: &'a Client,
    pub(crate) scopes: &'a [Scope],
    pub(crate) registry: &'a Registry,
    /// Who can log in.
    pub(crate) users: Vec<&'a Identity>,
    /// The id of the one who is chosen beforehand.
    pub(crate) user: &'a str,
    /// What the program says to the user.
    pub(crate) message: Option<String>,
    /// What the program demands of the login.
    pub(crate) demands: Vec<String>,
    pub(crate) second_factor: bool,
    /// The name of the consent, where one is asked for.
    pub(crate) label: Option<String>,
    /// Why the decision was not taken.
    pub(crate) problem: Option<String>,
    pub(crate) hidden: &'a [&'a (String, String)],
}

/// Asks the user who they are and whether the program may do what it wants to.
pub(crate) fn consent(ask: &Ask<'_>) -> String {
    let client = escape(&ask.client.name);
    let hidden: String = ask
        .hidden
        .iter()
        .map(|(name, value)| {
            format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", escape(name), escape(value))
        })
        .collect();
    let allow = if ask.users.is_empty() {
        ""
    } else {
        "<button type=\"submit\" name=\"decision\" value=\"approve\" class=\"primary\">Allow</button>\n"
    };
    let body = format!(
        "<h1>{client} would like to</h1>\n{}<ul>\n{}</ul>\n\
         <form method=\"post\" action=\"/v2/oauth2/authorize\">\n{hidden}{}{}{}\
         <p class=\"buttons\">\n{allow}\
         <button type=\"submit\" name=\"decision\" value=\"deny\">Deny</button>\n</p>\n</form>\n{}",
        notes(ask),
        scope_items(ask.registry, ask.scopes),
        who(ask),
        second_factor(ask),
        label(ask),
        links(ask.client),
    );
    page(&format!("{client} asks for access"), &body)
}

/// What went wrong, what the program says, and what it demands.
fn notes(ask: &Ask<'_>) -> String {
    let problem = ask
        .problem
        .as_ref()
        .map(|problem| format!("<p class=\"note\" id=\"error\" role=\"alert\">{}</p>\n", escape(problem)));
    let message = ask.message.as_ref().map(|message| format!("<p class=\"note\">{}</p>\n", escape(message)));
    let demands = ask.demands.iter().map(|demand| format!("<p class=\"demand\">{}</p>\n", escape(demand)));
    problem.into_iter().chain(message).chain(demands).collect()
}

fn who(ask: &Ask<'_>) -> String {
    let shown = |identity: &Identity| {
        let username = escape(&identity.username);
        match identity.name.as_deref() {
            Some(name) => format!("{} ({username})", escape(name)),
            None => username,
        }
    };
    match ask.users.as_slice() {
        [] => "<p id=\"nobody\">Nobody here can log in as the program demands.</p>\n".to_owned(),
        [only] => format!(
            "<p>You log in as {}.</p>\n<input type=\"hidden\" name=\"username\" value=\"{}\">\n",
            shown(only),
            escape(&only.username),
        ),
        users => {
            let options: String = users
                .iter()
                .map(|identity| {
                    let selected = if identity.id == ask.user { " selected" } else { "" };
                    let username = escape(&identity.username);
                    format!("<option value=\"{username}\"{selected}>{}</option>\n", shown(identity))
                })
                .collect();
            format!(
                "<label for=\"username\">Log in as</label>\n\
                 <select id=\"username\" name=\"username\">\n{options}</select>\n"
            )
        }
    }
}

fn second_factor(ask: &Ask<'_>) -> &'static str {
    if ask.second_factor {
        "<label for=\"second_factor\">Second factor</label>\n\
         <input type=\"text\" id=\"second_factor\" name=\"second_factor\" value=\"000000\" inputmode=\"numeric\" \
         autocomplete=\"one-time-code\" maxlength=\"6\" aria-describedby=\"second_factor_help\">\n\
         <small id=\"second_factor_help\">Any six digits: this is an emulator.</small>\n"
    } else {
        ""
    }
}

fn label(ask: &Ask<'_>) -> String {
    let field = |label: &String| {
        format!(
            "<label for=\"named_grant\">Name of this consent, to know it by later</label>\n\
             <input type=\"text\" id=\"named_grant\" name=\"named_grant\" value=\"{}\">\n",
            escape(label),
        )
    };
    ask.label.as_ref().map(field).unwrap_or_default()
}

fn links(client: &Client) -> String {
    let link = |title: &str, url: &Option<String>| {
        // Not every text that a client registered is an address to go to.
        let url = url.as_ref().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        url.map(|url| format!("<a href=\"{}\">{title}</a> ", escape(url))).unwrap_or_default()
    };
    let settings = &client.settings;
    let links = link("Privacy policy", &settings.privacy_policy)
        + &link("Terms and conditions", &settings.terms_and_conditions);
    if links.is_empty() { links } else { format!("<p>{}</p>\n", links.trim_end()) }
}

fn scope_items(registry: &Registry, scopes: &[Scope]) -> String {
    scopes
        .iter()
        .map(|scope| {
            let meaning = registry.get(&scope.name).map_or("", |record| record.meaning.as_str());
            let below = if scope.dependencies.is_empty() {
                String::new()
            } else {
                format!("\n<ul>\n{}</ul>\n", scope_items(registry, &scope.dependencies))
            };
            format!("<li>{} <small>{}</small>{below}</li>\n", escape(meaning), escape(&scope.name))
        })
        .collect()
}

/// Shows the code for people to copy.
pub(crate) fn code(code: &str) -> String {
    let body = format!(
        "<h1>Your authorization code</h1>\n\
         <p>Copy this code into the program that asked for it. It works once, for ten minutes.</p>\n\
         <p><code id=\"auth-code\">{}</code></p>\n",
        escape(code),
    );
    page("Authorization code", &body)
}

/// Says that the browser's session is over.
pub(crate) fn logged_out() -> String {
    page("Logged out", "<h1>You are logged out</h1>\n<p>Programs keep the tokens that they have.</p>\n")
}

/// Says why there is nothing to approve.
pub(crate) fn error(detail: &str) -> String {
    let body =
        format!("<h1>This login cannot go on</h1>\n<p id=\"error\" role=\"alert\">{}</p>\n", escape(detail));
    page("Login error", &body)
}
