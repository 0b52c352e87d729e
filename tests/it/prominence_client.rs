//! The real, unmodified prominence 0.21.0, and curl as running jobs use it, against the real binary.

use std::{path::Path, process::Command};

use tempfile::TempDir;

use crate::support::{
    postgres,
    python::{Said, environment, run},
    server::{SQLITE, Server},
};

/// How each of a job's lines begins.
const AUTHORIZED: &str = "curl -s -H \"Authorization: Bearer $PROMINENCE_TOKEN\"";

/// A user's shell, with the two variables that jobs have.
struct Shell {
    home: TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Shell {
    fn new(server: &Server) -> Self {
        let url = format!("{}/prominence/v1", server.url);
        let token = server.token(&["--name", "job", "--namespace", "users.job"]);
        Self {
            home: tempfile::tempdir().unwrap(),
            variables: vec![("PROMINENCE_URL", url), ("PROMINENCE_TOKEN", token)],
        }
    }

    fn run(&self, command: &mut Command) -> Said {
        command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", self.home.path()).env("LANG", "C.UTF-8");
        run(command.env("PYTHONDONTWRITEBYTECODE", "1").envs(self.variables.clone()).current_dir(&self.home))
    }

    /// What `prominence kv ...` prints, and its return code.
    fn kv(&self, arguments: &[&str]) -> (String, Option<i32>) {
        let mut command = Command::new(environment("prominence").join("bin/prominence"));
        let said = self.run(command.arg("kv").args(arguments));
        assert!(!said.stderr.contains("Traceback"), "{arguments:?}: {said:?}");
        (said.stdout, said.code)
    }

    /// What a line of a job's script prints.
    fn sh(&self, line: &str) -> String {
        let said = self.run(Command::new("sh").args(["-c", line]));
        assert_eq!(said.code, Some(0), "{line}: {said:?}");
        said.stdout
    }
}

fn said(stdout: &str, code: i32) -> (String, Option<i32>) {
    (stdout.to_owned(), Some(code))
}

#[test]
fn the_commands_print_what_prominence_printed_on_sqlite() {
    commands(SQLITE);
}

#[tokio::test]
async fn the_commands_print_what_prominence_printed_on_postgres() {
    commands(&postgres::fresh_database().await);
}

fn commands(database_url: &str) {
    let server = Server::start(database_url);
    let shell = Shell::new(&server);
    assert_eq!(shell.kv(&["list"]), said("", 0));
    assert_eq!(shell.kv(&["set", "mykey/path/example", "example string"]), said("", 0));
    assert_eq!(shell.kv(&["get", "mykey/path/example"]), said("example string\n", 0));
    assert_eq!(shell.kv(&["set", "/a/b", "Müller 😀"]), said("", 0));
    assert_eq!(shell.kv(&["get", "/a/b"]), said("Müller 😀\n", 0));
    std::fs::write(shell.home.path().join("file.txt"), "from a file\n").unwrap();
    assert_eq!(shell.kv(&["set", "file", "file.txt"]), said("", 0));
    assert_eq!(shell.kv(&["get", "file"]), said("from a file\n\n", 0));
    assert_eq!(shell.kv(&["list"]), said("/a/b\n/file\n/mykey/path/example\n", 0));
    assert_eq!(shell.kv(&["list", "/"]), said("/a/b\n/file\n/mykey/path/example\n", 0));
    assert_eq!(shell.kv(&["list", "my"]), said("/mykey/path/example\n", 0));
    assert_eq!(shell.kv(&["get", "nothing"]), said("Error: No such key\n", 1));
    assert_eq!(shell.kv(&["set", "a", ""]), said("Error: No value provided\n", 1));
    assert_eq!(shell.kv(&["set", "a", &"x".repeat(16_385)]), said("Error: Content of value too large\n", 1));
    let nowhere = said("Error: Invalid PROMINENCE URL, got a 404 not found error\n", 1);
    for arguments in [["delete", "/", ""], ["delete", "--prefix", "/"], ["set", "/", "v"]] {
        let arguments: Vec<_> = arguments.into_iter().filter(|word| !word.is_empty()).collect();
        assert_eq!(shell.kv(&arguments), nowhere, "{arguments:?}");
    }
    assert_eq!(shell.kv(&["delete", "file"]), said("", 0));
    assert_eq!(shell.kv(&["delete", "file"]), said("", 0));
    assert_eq!(shell.kv(&["delete", "--prefix", "my"]), said("", 0));
    assert_eq!(shell.kv(&["list"]), said("/a/b\n", 0));
}

#[test]
fn the_library_keeps_every_value_under_every_key_on_sqlite() {
    library(SQLITE);
}

#[tokio::test]
async fn the_library_keeps_every_value_under_every_key_on_postgres() {
    library(&postgres::fresh_database().await);
}

fn library(database_url: &str) {
    let server = Server::start(database_url);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/prominence/library.py");
    let mut python = Command::new(environment("prominence").join("bin/python"));
    let said = Shell::new(&server).run(python.arg(script));
    assert_eq!(said.code, Some(0), "{}\n{}", said.stdout, said.stderr);
}

#[test]
fn tokens_that_do_not_count_are_told_apart_from_those_never_sent() {
    let server = Server::start(SQLITE);
    let mut shell = Shell::new(&server);
    let good = shell.variables.pop().unwrap().1;
    let none =
        "Error: Unable to find token in either the file ~/.prominence/token or environment variable PROMINENCE_TOKEN\n";
    assert_eq!(shell.kv(&["list"]), said(none, 1));
    for (token, message) in [
        ("opaque".to_owned(), "Error: access token has expired\n"),
        (format!("{}AAAA", &good[..good.len() - 4]), "Error: authentication failed\n"),
        (good, ""),
    ] {
        shell.variables.truncate(1);
        shell.variables.push(("PROMINENCE_TOKEN", token));
        assert_eq!(shell.kv(&["list"]), said(message, i32::from(!message.is_empty())));
    }
}

#[test]
fn the_curl_lines_of_running_jobs_work_untouched() {
    let server = Server::start(SQLITE);
    let mut shell = Shell::new(&server);
    for bare in [false, true] {
        if bare {
            // As the document writes it, with the address of the server alone.
            shell.variables[0].1.clone_from(&server.url);
        }
        let sh = |rest: &str| shell.sh(&format!("{AUTHORIZED} {rest}"));
        assert_eq!(sh("-X POST -d \"example string\" $PROMINENCE_URL/kv/mykey/path/example"), "{}\n");
        assert_eq!(sh("$PROMINENCE_URL/kv/mykey/path/example"), "example string");
        assert_eq!(sh("$PROMINENCE_URL/kv?list"), "[\"/mykey/path/example\"]\n");
        assert_eq!(sh("-X POST -d new \"$PROMINENCE_URL/kv/mykey/path/example?prev=example%20string\""), "{}\n");
        assert_eq!(sh("\"$PROMINENCE_URL/kv/mykey?list&values\""), "[{\"/mykey/path/example\":\"new\"}]\n");
        assert_eq!(sh("-X DELETE $PROMINENCE_URL/kv/mykey?prefix"), "{}\n");
        assert_eq!(sh("$PROMINENCE_URL/kv/mykey/path/example"), "{\"error\":\"No such key\"}\n");
        shell.sh("head -c 16384 /dev/urandom > bytes");
        assert_eq!(sh("-X POST --data-binary @bytes $PROMINENCE_URL/kv/bytes"), "{}\n");
        assert_eq!(sh("$PROMINENCE_URL/kv/bytes | cmp - bytes && echo same"), "same\n");
        assert_eq!(sh("-X DELETE $PROMINENCE_URL/kv/bytes"), "{}\n");
        for path in ["a/../b/.", "//a//b", "a%2Fb%00", "%FF"] {
            assert_eq!(sh(&format!("--path-as-is -X POST -d x $PROMINENCE_URL/kv/{path}")), "{}\n", "{path}");
        }
        let keys = "[\"/a/../b/.\",\"/a//b\",\"/a/b\\u0000\",\"/\\ufffd\"]\n";
        assert_eq!(sh("$PROMINENCE_URL/kv?list"), keys);
        for prefix in ["a", "%FF"] {
            sh(&format!("-X DELETE $PROMINENCE_URL/kv/{prefix}?prefix"));
        }
        assert_eq!(sh("$PROMINENCE_URL/kv?list"), "[]\n");
    }
}
