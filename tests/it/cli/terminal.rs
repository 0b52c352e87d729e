//! What the command line does only where a person sits: questions, colours, progress. On a real terminal.

use std::{path::Path, process::Command, sync::OnceLock};

use serde::Deserialize;
use serde_json::json;

use crate::support::shell::Shell;

/// What a terminal showed.
#[derive(Debug, Deserialize)]
struct Shown {
    code: i32,
    text: String,
    /// Whether it still shows what is typed, just before its end.
    echoes: bool,
    /// What was waited for in vain.
    left: Vec<(String, String)>,
}

/// Runs a command at a terminal; after each text of `steps` is shown, what stands beside it is typed.
fn at_a_terminal(shell: &Shell, steps: &[(&str, &str)], arguments: &[&str]) -> Shown {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/terminal.py");
    let mut command = Command::new(python());
    command.arg(script).arg(json!(steps).to_string()).args(arguments);
    let output = command.current_dir(shell.path(".")).env_clear().envs(shell.variables()).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    let shown: Shown = serde_json::from_slice(&output.stdout).unwrap();
    assert!(shown.left.is_empty(), "{arguments:?}: {shown:?}");
    shown
}

/// The interpreter that the clients of these tests use.
fn python() -> &'static str {
    static FOUND: OnceLock<String> = OnceLock::new();
    FOUND.get_or_init(|| {
        let find = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/python.sh");
        let output = Command::new(find).arg("--python").output().expect("bash runs");
        assert!(output.status.success(), "no Python; scripts/setup.sh installs it");
        String::from_utf8(output.stdout).expect("a path").trim().to_owned()
    })
}

const HIGHWATER: &str = env!("CARGO_BIN_EXE_highwater");

#[test]
fn a_token_is_asked_for_and_not_shown() {
    let mut shell = Shell::new();
    shell.unset("HIGHWATER_TOKEN");
    let login = [HIGHWATER, "login"];
    let done = at_a_terminal(&shell, &[("Token for ", &format!("secret {}\r", shell.token))], &login);
    assert!(done.code == 0 && done.text.contains("logged in to"), "{done:?}");
    assert!(!done.text.contains(&shell.token[..10]), "{done:?}");
    let then = format!("{HIGHWATER} login; read it");
    let steps = [("Token for ", "secret \u{3}"), ("interrupted", "\r")];
    let stopped = at_a_terminal(&shell, &steps, &["sh", "-c", &then]);
    assert!(stopped.text.contains("interrupted") && stopped.echoes, "{stopped:?}");
}

#[test]
fn a_person_is_asked_before_a_prefix_is_deleted() {
    let shell = Shell::new();
    for key in ["jobs/1", "jobs/2", "job"] {
        shell.ok(&["kv", "set", key, "x"]);
    }
    let delete = [HIGHWATER, "kv", "delete", "--prefix", "jobs/"];
    for typed in ["n\r", "\r", "\u{4}"] {
        let no = at_a_terminal(&shell, &[("Delete 2 pairs", ""), ("[y/N] ", typed)], &delete);
        assert!(no.code == 1 && no.text.contains("nothing was done"), "{no:?}");
    }
    assert_eq!(at_a_terminal(&shell, &[("[y/N] ", "\u{3}")], &delete).code, 130);
    assert_eq!(shell.ok(&["kv", "list"]).lines().count(), 3);
    let yes = at_a_terminal(&shell, &[("[y/N] ", "y\r")], &delete);
    assert!(yes.code == 0 && yes.text.contains("deleted 2 pairs"), "{yes:?}");
    assert_eq!(shell.ok(&["kv", "list"]), "job\n");
}

#[test]
fn colours_are_for_terminals_and_for_those_who_want_them() {
    let mut shell = Shell::new();
    let get = [HIGHWATER, "kv", "get", "nothing"];
    shell.env("TERM", "xterm");
    assert!(at_a_terminal(&shell, &[], &get).text.contains("\u{1b}[31mhighwater:"));
    assert!(!shell.fails(3, &get[1..]).contains('\u{1b}'));
    shell.env("NO_COLOR", "1");
    let plain = at_a_terminal(&shell, &[], &get);
    assert!(plain.text.starts_with("highwater: there is no pair"), "{plain:?}");
}

#[test]
fn an_import_shows_how_far_it_is_and_goes_on_after_ctrl_c() {
    let mut shell = Shell::new();
    let lines: Vec<_> = (0..400).map(|n| format!("{{\"key\":\"k{n:04}\",\"value\":{n}}}")).collect();
    shell.file("pairs.jsonl", lines.join("\n"));
    shell.env("TERM", "xterm");
    let import = [HIGHWATER, "import", "pairs.jsonl"];
    let stopped = at_a_terminal(&shell, &[("/400 pairs", "\u{3}")], &import);
    assert!(stopped.code == 1 && stopped.text.contains("the same command goes on from there"), "{stopped:?}");
    let written = shell.ok(&["kv", "list"]).lines().count();
    assert!(stopped.text.contains(&format!("{written} of 400 pairs")), "{written}: {stopped:?}");
    let rest = shell.ok(&import[1..]);
    assert_eq!(rest, format!("{} added, 0 changed, {written} unchanged, 0 deleted\n", 400 - written));
}

#[test]
fn bash_completes_keys_with_colons_and_blanks() {
    let mut shell = Shell::new();
    shell.ok(&["kv", "-n", "company.team", "set", "host:port/a", "by colon"]);
    shell.ok(&["kv", "set", "with blank", "by blank"]);
    let folder = Path::new(HIGHWATER).parent().unwrap().display();
    shell.env("PATH", &format!("{folder}:/usr/bin:/bin"));
    shell.env("PS1", "ready> ");
    let steps = [
        ("ready> ", "source <(highwater completions bash)\r"),
        ("ready> ", "highwater kv --namespace=comp\t"),
        ("company.team ", "get host:po\t"),
        ("host:port/a ", "\r"),
        ("by colon", ""),
        ("ready> ", "highwater kv get with\t"),
        ("with\\ blank ", "\r"),
        ("by blank", ""),
        ("ready> ", "exit\r"),
    ];
    at_a_terminal(&shell, &steps, &["bash", "--norc", "-i"]);
}
