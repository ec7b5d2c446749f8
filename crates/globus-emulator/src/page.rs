//! The frame around every page of the emulator.

const STYLE: &str = "\
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f3f5f8;color:#1c2733}\
main{max-width:44rem;margin:3rem auto;padding:1.5rem 2rem;background:#fff;border-radius:.5rem;\
box-shadow:0 1px 4px #0002}\
header{background:#1f3a68;color:#fff;padding:.75rem 2rem}\
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}small{color:#56626f;word-break:break-all}\
label{display:block;font-weight:600;margin-top:1.5rem}\
select{font:inherit;padding:.4rem;max-width:100%}\
button{font:inherit;padding:.5rem 1.5rem;border:1px solid #1f3a68;border-radius:.3rem;background:#fff;\
color:#1f3a68;cursor:pointer}\
button.primary{background:#1f3a68;color:#fff}\
button:focus-visible,select:focus-visible{outline:3px solid #f0a500;outline-offset:2px}\
.note{background:#fff6dd;padding:.5rem 1rem;border-left:4px solid #f0a500}\
#auth-code{font-size:1.15rem;background:#eef2f8;padding:.4rem .6rem;word-break:break-all;user-select:all}\
pre{background:#eef2f8;padding:1rem;overflow-x:auto}table{border-collapse:collapse;width:100%}\
th,td{text-align:left;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #dde3ea;vertical-align:top}";

/// A whole page. The title and the body must be HTML already.
pub(crate) fn page(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} - Globus emulator</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <header>Globus emulator: a local Globus for development</header>\n<main>\n{body}</main>\n</body>\n</html>\n",
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
