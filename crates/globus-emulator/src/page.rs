//! The frame around every page of the emulator.

/// A globe. Without an icon of the page's own, browsers ask for one.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32' fill='none' \
                    stroke='%231f3a68' stroke-width='2.5'%3E%3Ccircle cx='16' cy='16' r='13' fill='%23dfe9f7'/%3E%3Cpath \
                    d='M3 16h26M16 3c-9 8-9 18 0 26 9-8 9-18 0-26'/%3E%3C/svg%3E";

const STYLE: &str = include_str!("page.css");

/// A whole page. The title and the body must be HTML already.
pub(crate) fn page(title: &str, body: &str) -> String {
    frame(title, "", "", body)
}

/// A page with tables, which is as wide as the screen lets it be; asked for again after so many seconds, if at all.
pub(crate) fn wide_page(title: &str, renew_seconds: Option<u32>, body: &str) -> String {
    let renew = renew_seconds.map(|seconds| format!("<meta http-equiv=\"refresh\" content=\"{seconds}\">\n"));
    frame(title, &renew.unwrap_or_default(), " class=\"wide\"", body)
}

fn frame(title: &str, head: &str, main: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n{head}\
         <title>{title} - Globus emulator</title>\n<link rel=\"icon\" href=\"{ICON}\">\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header><a href=\"/\">Globus emulator</a>: a local Globus for development</header>\n\
         <main{main}>\n{body}</main>\n</body>\n</html>\n",
    )
}

/// Text as HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// What [`escape`] made, as text again.
pub(crate) fn unescape(html: &str) -> String {
    html.replace("&#39;", "'")
        .replace("&quot;", "\"")
        .replace("&gt;", ">")
        .replace("&lt;", "<")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_text_is_shown_and_not_obeyed() {
        let text = "<a href=\"x\">&amp;'";
        assert_eq!(escape(text), "&lt;a href=&quot;x&quot;&gt;&amp;amp;&#39;");
        assert_eq!(unescape(&escape(text)), text);
    }
}
