//! As much of HTTP/1.1 as a client of this server uses: requests without a body.

use std::io::{self, BufRead};

/// The path and query of the next request; `None` when the client has closed.
pub(crate) fn read_target(requests: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = String::new();
    if requests.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let target = match line.split(' ').collect::<Vec<_>>()[..] {
        ["GET", target, _] => target.to_owned(),
        _ => return Err(io::Error::new(io::ErrorKind::InvalidData, "only GET is served")),
    };
    while line != "\r\n" {
        line.clear();
        if requests.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(Some(target))
}

pub(crate) fn answer(status: &str, json: &[u8]) -> Vec<u8> {
    let length = json.len();
    let head =
        format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n");
    [head.as_bytes(), json].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_follow_one_another() {
        let mut requests: &[u8] = b"GET /a?b=1 HTTP/1.1\r\nhost: h\r\n\r\nGET /c HTTP/1.1\r\n\r\n";
        assert_eq!(read_target(&mut requests).unwrap().as_deref(), Some("/a?b=1"));
        assert_eq!(read_target(&mut requests).unwrap().as_deref(), Some("/c"));
        assert_eq!(read_target(&mut requests).unwrap(), None);
    }

    #[test]
    fn half_a_request_and_other_verbs_are_errors() {
        for request in ["GET /a HTTP/1.1\r\nhost", "POST /a HTTP/1.1\r\n\r\n", "\r\n"] {
            read_target(&mut request.as_bytes()).unwrap_err();
        }
    }
}
