//! As much of HTTP/1.1 as a client of this server uses.

use std::io::{self, BufRead, Read};

/// A request, whose body has been read and thrown away.
#[derive(Debug, PartialEq)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
}

/// The next request; `None` when the client has closed.
pub(crate) fn read_request(requests: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if requests.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let request = match line.split(' ').collect::<Vec<_>>()[..] {
        [method @ ("GET" | "POST"), target, _] => {
            Request { method: method.to_owned(), target: target.to_owned() }
        }
        _ => return Err(io::Error::new(io::ErrorKind::InvalidData, "only GET and POST are served")),
    };
    let mut length = 0;
    while line != "\r\n" {
        line.clear();
        if requests.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(announced) = content_length(&line) {
            length = announced;
        }
    }
    if io::copy(&mut requests.by_ref().take(length), &mut io::sink())? < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(request))
}

pub(crate) fn answer(status: &str, json: &[u8]) -> Vec<u8> {
    let length = json.len();
    let head =
        format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n");
    [head.as_bytes(), json].concat()
}

fn content_length(header: &str) -> Option<u64> {
    let (name, value) = header.split_once(':')?;
    name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_follow_one_another_with_or_without_a_body() {
        let mut requests: &[u8] = b"GET /a?b=1 HTTP/1.1\r\nhost: h\r\n\r\n\
            POST /b HTTP/1.1\r\nContent-Length: 3\r\n\r\nx=1GET /c HTTP/1.1\r\n\r\n";
        for (method, target) in [("GET", "/a?b=1"), ("POST", "/b"), ("GET", "/c")] {
            let request = read_request(&mut requests).unwrap().unwrap();
            assert_eq!((request.method.as_str(), request.target.as_str()), (method, target));
        }
        assert_eq!(read_request(&mut requests).unwrap(), None);
    }

    #[test]
    fn half_a_request_and_other_verbs_are_errors() {
        let half = "POST /a HTTP/1.1\r\ncontent-length: 3\r\n\r\nx";
        for request in ["GET /a HTTP/1.1\r\nhost", "PUT /a HTTP/1.1\r\n\r\n", "\r\n", half] {
            read_request(&mut request.as_bytes()).unwrap_err();
        }
    }
}
