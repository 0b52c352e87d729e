//! What a client sends, byte for byte, with holes for what varies.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::answer::Right;

/// Seven digits are written over each of these.
pub(crate) const HOLE: &str = "@@@@@@@";

/// A request with holes, and what its answer has to be.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// The whole HTTP request.
    bytes: Vec<u8>,
    holes: Vec<Hole>,
    /// The numbers that go there are below this.
    pairs: u32,
    /// Where tokens go, and those that take turns there, each as long as the others.
    tokens: Option<(usize, Arc<[String]>)>,
    pub(crate) right: Right,
}

#[derive(Debug, Clone)]
struct Hole {
    at: usize,
    /// A text with the digits at a place of its own, to be written in base64.
    coded: Option<(Vec<u8>, usize)>,
}

impl Request {
    /// Of `text`, which is a whole HTTP request; keys are below `pairs`.
    pub(crate) fn new(text: String, pairs: u32, right: Right) -> Self {
        let holes = text.match_indices(HOLE).map(|(at, _)| Hole { at, coded: None }).collect();
        Self { bytes: text.into_bytes(), holes, pairs, tokens: None, right }
    }

    /// A POST of JSON, with more `headers`, each ended by a line break.
    pub(crate) fn post(path: &str, headers: &str, body: &str, pairs: u32, right: Right) -> Self {
        Self::sent("POST", path, headers, body, pairs, right)
    }

    /// The same by another `method`.
    pub(crate) fn sent(method: &str, path: &str, headers: &str, body: &str, pairs: u32, right: Right) -> Self {
        let text = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:4200\r\nUser-Agent: python-requests/2.31.0\r\n\
             Accept: */*\r\nConnection: keep-alive\r\n{headers}\
             Content-Length: {}\r\nContent-Type: application/json\r\n\r\n{body}",
            body.len()
        );
        Self::new(text, pairs, right)
    }

    /// With holes where it holds one of `texts`, which have a hole each, in base64.
    pub(crate) fn coded(mut self, texts: &[&str]) -> Self {
        let text = String::from_utf8_lossy(&self.bytes).into_owned();
        for plain in texts {
            let place = plain.find(HOLE).unwrap_or_default();
            let found = text.match_indices(&STANDARD.encode(plain)).map(|(at, _)| at).collect::<Vec<_>>();
            let hole = |at| Hole { at, coded: Some((plain.as_bytes().to_vec(), place)) };
            self.holes.extend(found.into_iter().map(hole));
        }
        self
    }

    /// With `tokens` in turn where it holds `token`.
    pub(crate) fn with_tokens(mut self, token: &str, tokens: Arc<[String]>) -> Self {
        let at = self.bytes.windows(token.len()).position(|bytes| bytes == token.as_bytes());
        self.tokens = at.map(|at| (at, tokens));
        self
    }

    /// Its bytes with the digits of `random` numbers, for the client's turn `turn`.
    pub(crate) fn vary(&mut self, random: &mut u64, turn: usize) -> &[u8] {
        for hole in &mut self.holes {
            // xorshift64
            *random ^= *random << 13;
            *random ^= *random >> 7;
            *random ^= *random << 17;
            let number = *random % u64::from(self.pairs);
            match &mut hole.coded {
                None => write(number, &mut self.bytes[hole.at..hole.at + HOLE.len()]),
                Some((plain, place)) => {
                    write(number, &mut plain[*place..*place + HOLE.len()]);
                    // As long as what was found there, so that it fits.
                    let _fits = STANDARD.encode_slice(plain, &mut self.bytes[hole.at..]);
                }
            }
        }
        if let Some((at, tokens)) = &self.tokens {
            let token = tokens[turn % tokens.len()].as_bytes();
            self.bytes[*at..*at + token.len()].copy_from_slice(token);
        }
        &self.bytes
    }
}

fn write(mut number: u64, digits: &mut [u8]) {
    for digit in digits.iter_mut().rev() {
        *digit = b"0123456789"[usize::try_from(number % 10).unwrap_or_default()];
        number /= 10;
    }
}
