//! `highwater kv watch`.

use std::{
    io::{BufRead, BufReader, Lines},
    process::{Child, ChildStdout},
};

use serde_json::Value;

use crate::support::{
    line::Line,
    shell::{Shell, on_both},
};

/// A watch under way, and what it prints.
struct Watch {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Watch {
    /// Watches with these arguments, as JSON.
    fn start(shell: &Shell, arguments: &[&str]) -> Self {
        let mut child = shell.start(&[&["kv", "watch", "--output", "json"], arguments].concat());
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    fn next(&mut self) -> Value {
        serde_json::from_str(&self.lines.next().expect("one more line").unwrap()).unwrap()
    }

    /// The revision, the operation and the key of the next change.
    fn change(&mut self) -> (i64, String, String) {
        let change = self.next();
        let text = |name: &str| change[name].as_str().unwrap().to_owned();
        (change["revision"].as_i64().unwrap(), text("operation"), text("key"))
    }

    /// Waits for the end, after which nothing is left to be read.
    fn end(mut self) {
        assert!(self.lines.next().is_none(), "one line too many");
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

#[test]
fn a_watch_prints_what_was_and_what_comes() {
    on_both(|shell| {
        shell.ok(&["kv", "set", "jobs/1", "1.50", "--type", "number"]);
        shell.ok(&["kv", "set", "other", "x"]);
        let mut watch = Watch::start(shell, &["jobs/", "--after", "0", "--count", "3"]);
        let first = watch.next();
        assert_eq!(
            (&first["operation"], &first["key"], &first["revision"]),
            (&"set".into(), &"jobs/1".into(), &1.into())
        );
        assert_eq!(first["pair"]["type"], "NUMBER");
        shell.ok(&["kv", "set", "jobs/2", "y"]);
        assert_eq!(watch.next()["pair"]["value"], "y");
        shell.ok(&["kv", "delete", "jobs/1"]);
        assert_eq!(watch.next()["operation"], "delete");
        watch.end();
    });
}

#[test]
fn a_watch_survives_broken_connections_and_misses_and_repeats_nothing() {
    on_both(|shell| {
        let line = Line::to(&shell.url);
        let near = shell.url.clone();
        shell.ok(&["kv", "set", "before", "x"]);
        shell.env("HIGHWATER_URL", &line.url);
        let mut watch = Watch::start(shell, &["--count", "7"]);
        shell.env("HIGHWATER_URL", &near);
        let change = |revision, operation: &str, key: &str| (revision, operation.to_owned(), key.to_owned());

        // Broken before the first change was seen.
        line.wait_for_streams(1);
        line.cut();
        shell.ok(&["kv", "set", "a", "1"]);
        shell.ok(&["kv", "set", "b", "1"]);
        line.mend();
        assert_eq!(watch.change(), change(2, "set", "a"));
        assert_eq!(watch.change(), change(3, "set", "b"));

        // Broken in the middle of a change.
        line.tear();
        shell.ok(&["kv", "set", "c", &"x".repeat(5_000)]);
        line.wait_for_the_cut();
        shell.ok(&["kv", "set", "c", "2"]);
        shell.ok(&["kv", "delete", "a"]);
        line.mend();
        assert_eq!(watch.change(), change(4, "set", "c"));
        assert_eq!(watch.change(), change(5, "set", "c"));
        assert_eq!(watch.change(), change(6, "delete", "a"));

        // Broken while nothing happens.
        line.cut();
        line.mend();
        line.wait_for_streams(4);
        shell.ok(&["kv", "set", "d", "1"]);
        shell.ok(&["kv", "set", "e", "1"]);
        assert_eq!(watch.change(), change(7, "set", "d"));
        assert_eq!(watch.change(), change(8, "set", "e"));
        watch.end();
    });
}

#[test]
fn a_watched_value_cannot_send_commands_to_a_terminal() {
    let shell = Shell::new();
    shell.ok(&["kv", "set", "k", "a\u{9b}31m\u{7f}"]);
    let watched = shell.ok(&["kv", "watch", "--after", "0", "--count", "1"]);
    assert!(watched.trim_end().ends_with(r#"default k  "a\u{9b}31m\u{7f}""#), "{watched}");
}

#[test]
fn a_watch_that_is_refused_ends_at_once() {
    let mut shell = Shell::new();
    shell.fails(2, &["kv", "watch", "--after", "x"]);
    shell.fails(2, &["kv", "watch", "-n", "no space"]);
    shell.env("HIGHWATER_TOKEN", "nonsense");
    assert!(shell.fails(4, &["kv", "watch"]).contains("highwater login"));
}
