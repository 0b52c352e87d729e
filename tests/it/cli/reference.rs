//! What the command line says of itself: help, docs/cli.md, manual pages, completions.

use std::path::Path;

use crate::support::shell::Shell;

#[test]
fn docs_cli_md_is_what_the_definitions_say() {
    let kept = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cli.md")).unwrap();
    let printed = Shell::new().ok(&["reference"]);
    assert!(printed == kept, "run: cargo run -q -- reference > docs/cli.md");
}

#[test]
fn every_command_of_the_client_teaches_by_examples() {
    let shell = Shell::new();
    for command in [
        "login",
        "kv",
        "kv set",
        "kv get",
        "kv delete",
        "kv list",
        "kv watch",
        "kv edit",
        "kv copy",
        "kv rename",
        "export",
        "import",
        "apply",
        "run",
        "render",
        "completions",
        "man",
    ] {
        let words: Vec<_> = command.split(' ').chain(["--help"]).collect();
        let help = shell.ok(&words);
        assert!(help.contains("Example") && help.contains(&format!("highwater {command}")), "{command}: {help}");
    }
}

#[test]
fn manual_pages_are_written_for_every_command() {
    let shell = Shell::new();
    shell.ok(&["man", "pages"]);
    for page in ["highwater.1", "highwater-kv-set.1", "highwater-import.1"] {
        assert!(std::fs::read_to_string(shell.path("pages").join(page)).unwrap().starts_with(".ie"), "{page}");
    }
    assert!(shell.ok(&["man"]).contains(".TH highwater"));
}

#[test]
fn a_shell_completes_commands_and_names_of_keys() {
    let mut shell = Shell::new();
    shell.ok(&["kv", "set", "jobs/1", "x"]);
    shell.ok(&["kv", "set", "other", "x"]);
    for name in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(shell.ok(&["completions", name]).contains("highwater"), "{name}");
    }
    shell.fails(2, &["completions", "dosh"]);
    shell.env("COMPLETE", "bash");
    shell.env("_CLAP_COMPLETE_INDEX", "3");
    assert_eq!(shell.ok(&["--", "highwater", "kv", "get", "jo"]), "jobs/1");
    shell.env("_CLAP_COMPLETE_INDEX", "2");
    assert_eq!(shell.ok(&["--", "highwater", "kv", "ren"]), "rename");
}

#[test]
fn keys_are_completed_of_the_server_and_the_namespace_that_the_line_names() {
    let (mut shell, other) = (Shell::new(), Shell::new());
    shell.ok(&["kv", "-n", "company.team", "set", "jobs/team", "x"]);
    other.ok(&["kv", "set", "jobs/other", "x"]);
    assert_eq!(shell.run_with(&["login", "--profile", "two", "--url", &other.url], other.token.as_str()).code, 0);
    shell.unset("HIGHWATER_TOKEN");
    assert_eq!(shell.run_with(&["login", "--profile", "one", "--url", &shell.url], shell.token.as_str()).code, 0);
    shell.unset("HIGHWATER_URL");
    shell.env("COMPLETE", "bash");
    let complete = |shell: &mut Shell, words: &[&str]| {
        shell.env("_CLAP_COMPLETE_INDEX", &words.len().to_string());
        shell.ok(&[&["--", "highwater"], words].concat())
    };
    for (words, expected) in [
        (["kv", "-n", "company.team", "get", "jo"].as_slice(), "jobs/team"),
        (&["kv", "delete", "a", "--namespace=company.team", "jo"], "jobs/team"),
        (&["kv", "get", "--profile", "two", "jo"], "jobs/other"),
        (&["kv", "get", "jo"], ""),
        (&["kv", "-n", "comp"], "company.team"),
        (&["kv", "copy", "a", "b", "--to-namespace", "comp"], "company.team"),
        (&["whoami", "--profile", "t"], "two"),
        (&["profile", "use", "o"], "one"),
    ] {
        assert_eq!(complete(&mut shell, words), expected, "{words:?}");
    }
}
