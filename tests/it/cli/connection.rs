//! Which server, which token: profiles and the environment.

use std::os::unix::fs::PermissionsExt;

use crate::support::shell::Shell;

const PROFILES: &str = ".config/highwater/profiles.toml";

/// A person whose environment names no server.
fn stranger() -> Shell {
    let mut shell = Shell::new();
    shell.unset("HIGHWATER_URL");
    shell.unset("HIGHWATER_TOKEN");
    shell
}

#[test]
fn login_keeps_a_token_from_standard_input_for_its_owner_alone() {
    let shell = stranger();
    let said = shell.run_with(&["login", "--url", &format!("{}/graphql", shell.url)], format!("{}\n", shell.token));
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.stdout.contains(&shell.url) && said.stdout.contains(&shell.tenant), "{said:?}");
    assert!(!said.stdout.contains(&shell.token), "a token on the screen");
    assert_eq!(shell.path(PROFILES).metadata().unwrap().permissions().mode() & 0o777, 0o600);
    shell.ok(&["kv", "set", "greeting", "hello"]);
    assert_eq!(shell.ok(&["kv", "get", "greeting"]), "hello");

    shell.ok(&["logout"]);
    assert!(!std::fs::read_to_string(shell.path(PROFILES)).unwrap().contains(&shell.token));
    assert!(shell.fails(2, &["logout"]).contains("there is none yet"));
}

#[test]
fn a_token_that_does_not_count_is_not_kept() {
    let shell = stranger();
    let said = shell.run_with(&["login", "--url", &shell.url], "nonsense");
    assert_eq!(said.code, 4, "{said:?}");
    assert!(said.stderr.contains("not logged in") && !shell.path(PROFILES).exists(), "{said:?}");
    let nothing = shell.run_with(&["login", "--url", &shell.url], "\n");
    assert_eq!(nothing.code, 2, "{nothing:?}");
}

#[test]
fn profiles_are_listed_chosen_and_named() {
    let (one, two) = (stranger(), Shell::new());
    for (name, token) in [("one", &one.token), ("two", &two.token)] {
        assert_eq!(one.run_with(&["login", "--profile", name, "--url", &one.url], token.as_str()).code, 0);
    }
    let tenant = |arguments: &[&str]| {
        let who: serde_json::Value =
            serde_json::from_str(&one.ok(&[&["whoami", "--output", "json"], arguments].concat())).unwrap();
        who["who"]["tenant"].as_str().unwrap().to_owned()
    };
    assert_eq!(tenant(&[]), two.tenant, "the last login is in use");
    assert_eq!(tenant(&["--profile", "one"]), one.tenant);
    one.ok(&["profile", "use", "one"]);
    assert_eq!(tenant(&[]), one.tenant);
    let listed = one.ok(&["profile", "list", "--output", "csv"]);
    assert_eq!(listed, format!("current,name,url\n*,one,{0}\n,two,{0}\n", one.url));
    for arguments in [["profile", "use", "three"], ["whoami", "--profile", "three"]] {
        assert!(one.fails(2, &arguments).contains("there are: one, two"));
    }
}

#[test]
fn the_variables_of_prefect_and_prominence_name_a_server_too() {
    for (url, door, token) in [
        ("PREFECT__CLOUD__API", "/graphql", "PREFECT__CLOUD__API_KEY"),
        ("PROMINENCE_URL", "/prominence/v1", "PROMINENCE_TOKEN"),
    ] {
        let mut shell = stranger();
        shell.env(url, &format!("{}{door}", shell.url));
        shell.env(token, &shell.token.clone());
        let who = shell.ok(&["whoami"]);
        assert!(who.contains(&shell.tenant) && who.contains(url), "{who}");
    }
}

#[test]
fn a_token_is_never_sent_to_another_address_than_its_own() {
    let mut shell = stranger();
    shell.env("PREFECT__CLOUD__API", "http://127.0.0.1:1");
    shell.env("PREFECT__CLOUD__API_KEY", &shell.token.clone());
    let refused = shell.fails(4, &["kv", "list", "--url", &shell.url]);
    assert!(refused.contains("no API token") && refused.contains("highwater login"), "{refused}");
}

#[test]
fn a_server_that_is_not_there_or_not_highwater_is_said_so() {
    let shell = stranger();
    let dead = shell.fails(1, &["kv", "list", "--url", "http://127.0.0.1:1"]);
    assert!(dead.contains("no answer from http://127.0.0.1:1") && dead.contains("HIGHWATER_URL"), "{dead}");
    let stranger = shell.fails(1, &["kv", "list", "--url", &format!("{}/health", shell.url)]);
    assert!(stranger.contains("not as a Highwater server does"), "{stranger}");
    let bad = shell.fails(2, &["kv", "list", "--url", "example.com"]);
    assert!(bad.contains("http://127.0.0.1:4200"), "{bad}");
}

#[test]
fn a_broken_file_of_profiles_names_its_line_and_shows_no_token() {
    let shell = stranger();
    std::fs::create_dir_all(shell.path(".config/highwater")).unwrap();
    shell.file(PROFILES, "current = \"a\"\n[profile.a]\nurl = \"http://x\"\ntoken = \"hush\" oops\n");
    let said = shell.fails(1, &["whoami"]);
    assert!(said.contains("profiles.toml") && said.contains("line 4") && !said.contains("hush"), "{said}");
}
