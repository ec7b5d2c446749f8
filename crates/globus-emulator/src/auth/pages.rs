//! The pages that people see: server-rendered, without script.

use super::identity::Identity;
use super::registry::Registry;
use super::scope::Scope;
use crate::page::{escape, page};

/// What the consent page shows.
pub(crate) struct Ask<'a> {
    pub(crate) client: &'a str,
    pub(crate) scopes: &'a [Scope],
    pub(crate) registry: &'a Registry,
    pub(crate) users: Vec<&'a Identity>,
    pub(crate) user: &'a str,
    pub(crate) message: Option<String>,
    pub(crate) hidden: &'a [(String, String)],
}

/// Asks the user who they are and whether the program may do what it wants to.
pub(crate) fn consent(ask: &Ask<'_>) -> String {
    let client = escape(ask.client);
    let message = ask
        .message
        .as_ref()
        .map(|message| format!("<p class=\"note\">{}</p>", escape(message)))
        .unwrap_or_default();
    let hidden: String = ask
        .hidden
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "username" | "decision"))
        .map(|(name, value)| {
            format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", escape(name), escape(value))
        })
        .collect();
    let users: String = ask
        .users
        .iter()
        .map(|identity| {
            let selected = if identity.id == ask.user { " selected" } else { "" };
            let username = escape(&identity.username);
            let name = escape(identity.name.as_deref().unwrap_or_default());
            format!("<option value=\"{username}\"{selected}>{name} ({username})</option>\n")
        })
        .collect();
    let body = format!(
        "<h1>{client} would like to</h1>\n{message}\n<ul>\n{}</ul>\n\
         <form method=\"post\" action=\"/v2/oauth2/authorize\">\n{hidden}\
         <label for=\"username\">Log in as</label>\n\
         <select id=\"username\" name=\"username\">\n{users}</select>\n\
         <p class=\"buttons\">\n\
         <button type=\"submit\" name=\"decision\" value=\"approve\" class=\"primary\">Allow</button>\n\
         <button type=\"submit\" name=\"decision\" value=\"deny\">Deny</button>\n</p>\n</form>\n",
        scope_items(ask.registry, ask.scopes),
    );
    page(&format!("{client} asks for access"), &body)
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

/// Says why there is nothing to approve.
pub(crate) fn error(detail: &str) -> String {
    let body = format!("<h1>This login cannot go on</h1>\n<p id=\"error\">{}</p>\n", escape(detail));
    page("Login error", &body)
}
