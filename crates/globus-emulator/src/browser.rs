//! A browser of the smallest kind, with a user who presses one button.

use axum::body::{Body, to_bytes};
use bytes::Bytes;
use http::{Request, Response, Uri, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::error::{Error, Result};
use crate::page::unescape;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Allow,
    Deny,
}

/// Opens the URL, decides, and returns the code, or for a denial the error that the program is told.
pub(crate) async fn decide(url: &str, display: &str, decision: Decision, follow: bool) -> Result<String> {
    let page = fetch("GET", url, None).await?;
    let sent_on = location(&page);
    let location = match sent_on {
        Some(location) => location,
        None => {
            let status = page.status();
            let html = text(page).await?;
            if !status.is_success() {
                return Err(Error::new(format!("the login page says: {}", element(&html, "error"))));
            }
            let (action, form) = form(&html, decision)?;
            let target = format!("{}{action}", origin(url)?);
            let answer = fetch("POST", &target, Some(form)).await?;
            location(&answer).ok_or_else(|| Error::new("the login page sent the browser nowhere"))?
        }
    };
    let query = location.split_once('?').map_or("", |(_, query)| query);
    let found = |name: &str| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    if follow && !location.starts_with(display) {
        fetch("GET", &location, None).await?;
    }
    match (found("code"), found("error"), decision) {
        (Some(code), _, Decision::Allow) => Ok(code),
        (None, Some(error), Decision::Deny) => Ok(error),
        (_, Some(error), _) => {
            let detail = found("error_description").unwrap_or_default();
            Err(Error::new(format!("the login was refused: {error} ({detail})")))
        }
        _ => Err(Error::new("the login ended without a code")),
    }
}

async fn fetch(method: &str, url: &str, form: Option<String>) -> Result<Response<Bytes>> {
    let failed =
        |what: &str| Error::new(format!("cannot open {}: {what}", url.split('?').next().unwrap_or(url)));
    let uri: Uri = url.parse().map_err(|_| failed("not a URL"))?;
    let authority = uri.authority().filter(|_| uri.scheme_str() == Some("http"));
    let authority = authority.ok_or_else(|| failed("not an http URL"))?.clone();
    let stream = TcpStream::connect((authority.host(), authority.port_u16().unwrap_or(80)))
        .await
        .map_err(|error| failed(&error.to_string()))?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| failed(&error.to_string()))?;
    let driver = tokio::spawn(connection);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, authority.as_str());
    if form.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    let request = request.body(Body::from(form.unwrap_or_default())).map_err(|_| failed("not a URL"))?;
    let answer = sender.send_request(request).await.map_err(|error| failed(&error.to_string()))?;
    let (parts, body) = answer.into_parts();
    let body = to_bytes(Body::new(body), usize::MAX).await.map_err(|_| failed("the answer broke off"));
    driver.abort();
    Ok(Response::from_parts(parts, body?))
}

fn location(answer: &Response<Bytes>) -> Option<String> {
    let location = answer.headers().get(header::LOCATION)?;
    location.to_str().ok().map(str::to_owned)
}

async fn text(answer: Response<Bytes>) -> Result<String> {
    String::from_utf8(answer.into_body().to_vec()).map_err(|_| Error::new("the login page is not text"))
}

fn origin(url: &str) -> Result<String> {
    let uri: Uri = url.parse().map_err(|_| Error::new("the authorize URL is not a URL"))?;
    let authority = uri.authority().ok_or_else(|| Error::new("the authorize URL has no host"))?;
    Ok(format!("http://{authority}"))
}

/// The address and the fields of the form, with the button pressed.
fn form(html: &str, decision: Decision) -> Result<(String, String)> {
    let missing = || Error::new("the login page has no form");
    let start = html.find("<form").ok_or_else(missing)?;
    let end = html[start..].find("</form>").ok_or_else(missing)? + start;
    let form = &html[start..end];
    let action = attribute(form.split('>').next().unwrap_or_default(), "action").ok_or_else(missing)?;
    let mut fields = form_urlencoded::Serializer::new(String::new());
    for tag in form.split("<input").skip(1).filter_map(|rest| rest.split('>').next()) {
        if let (Some(name), Some(value)) = (attribute(tag, "name"), attribute(tag, "value")) {
            fields.append_pair(&name, &value);
        }
    }
    for select in form.split("<select").skip(1) {
        let chosen = select
            .split("<option")
            .skip(1)
            .find(|option| option.split('>').next().is_some_and(|tag| tag.ends_with(" selected")));
        if let (Some(name), Some(value)) =
            (attribute(select, "name"), chosen.and_then(|option| attribute(option, "value")))
        {
            fields.append_pair(&name, &value);
        }
    }
    let button = if decision == Decision::Allow { "approve" } else { "deny" };
    fields.append_pair("decision", button);
    Ok((action, fields.finish()))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = tag[start..].split('"').next()?;
    Some(unescape(value))
}

/// The text of the element with the id.
fn element(html: &str, id: &str) -> String {
    let text = html
        .split_once(&format!("id=\"{id}\">"))
        .and_then(|(_, rest)| rest.split('<').next())
        .unwrap_or("nothing that can be read");
    unescape(text)
}
