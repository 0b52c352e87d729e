//! `highwater kv`: set, get, delete, list, copy, rename.

use crate::support::shell::{Shell, on_both};

#[test]
fn a_text_is_set_and_got_as_it_is() {
    on_both(|shell| {
        assert_eq!(shell.ok(&["kv", "set", "greeting", "hello world"]), "set greeting, version 1\n");
        assert_eq!(shell.ok(&["kv", "get", "greeting"]), "hello world");
        for text in ["true", "12", "{}", "-5", "", "a\nb\n", "é😀\u{1}"] {
            shell.ok(&["kv", "set", "text", text]);
            assert_eq!(shell.ok(&["kv", "get", "text"]), text);
        }
        assert!(shell.ok(&["kv", "get", "text", "--output", "json"]).contains(r#""type":"STRING""#));
    });
}

#[test]
fn json_and_every_type_keep_their_exact_value() {
    on_both(|shell| {
        let exact = r#"{"b":12345678901234567890123.10,"a":[1.0,1e400],"":"\ud800"}"#;
        shell.ok(&["kv", "set", "json", exact, "--json"]);
        assert_eq!(shell.ok(&["kv", "get", "json"]), exact);
        assert_eq!(shell.ok(&["kv", "get", "json", "--path", "$.a[1]"]), "1e400");
        for (name, text, value) in [
            ("number", "-1.50", "-1.50"),
            ("boolean", "false", "false"),
            ("date", "2026-02-28", "2026-02-28"),
            ("datetime", "2026-01-01T01:00:00+01:00", "2026-01-01T00:00:00Z"),
            ("duration", "P1DT30M", "PT24H30M"),
            ("json", "null", "null"),
            ("binary", "AP8=", "\u{0}\u{fffd}"),
        ] {
            shell.ok(&["kv", "set", "typed", text, "--type", name]);
            assert_eq!(shell.ok(&["kv", "get", "typed"]), value, "{name}");
            let listed = shell.ok(&["kv", "list", "typed", "--output", "csv"]);
            assert!(listed.contains(&format!("typed,{},", name.to_uppercase())), "{listed}");
        }
        let refused = shell.fails(2, &["kv", "set", "typed", "2026-02-30", "--type", "date"]);
        assert!(refused.contains("2021-09-01"), "{refused}");
    });
}

#[test]
fn any_bytes_go_in_from_a_file_or_standard_input_and_come_out_the_same() {
    on_both(|shell| {
        let bytes: Vec<u8> = (0..=255).chain([0xC3, 0x28, b'\n']).collect();
        shell.file("bytes", &bytes);
        shell.ok(&["kv", "set", "bytes", "--file", "bytes"]);
        assert_eq!(shell.run(&["kv", "get", "bytes"]).bytes, bytes);
        assert_eq!(shell.run_with(&["kv", "set", "stdin", "-"], bytes.clone()).code, 0);
        assert_eq!(shell.run(&["kv", "get", "stdin"]).bytes, bytes);
        shell.run_with(&["kv", "set", "text", "-"], "a line\n");
        assert_eq!(shell.ok(&["kv", "get", "text"]), "a line\n");
        shell.run_with(&["kv", "set", "day", "-", "--type", "date"], "2026-01-01\n");
        assert_eq!(shell.ok(&["kv", "get", "day"]), "2026-01-01");
        assert!(shell.fails(1, &["kv", "set", "x", "--file", "nowhere"]).contains("nowhere"));
    });
}

#[test]
fn what_is_missing_exits_3_or_gives_the_default() {
    on_both(|shell| {
        assert!(shell.fails(3, &["kv", "get", "nothing"]).contains("nothing"));
        assert_eq!(shell.ok(&["kv", "get", "nothing", "--default", "-"]), "-");
        shell.ok(&["kv", "set", "person", r#"{"address":{"city":"Paris"}}"#, "--json"]);
        assert_eq!(shell.ok(&["kv", "get", "person", "--path", "$.address.city"]), "Paris");
        shell.fails(3, &["kv", "get", "person", "--path", "$.address.street"]);
        assert_eq!(shell.ok(&["kv", "get", "person", "--path", "$.x", "--default", "none"]), "none");
        shell.fails(2, &["kv", "get", "person", "--path", "$.."]);
        let said = shell.run(&["kv", "delete", "person", "nothing"]);
        assert_eq!((said.code, said.stdout.as_str()), (3, "deleted person\n"));
        assert!(said.stderr.contains("no pair nothing"), "{said:?}");
        shell.ok(&["kv", "set", "a", "1"]);
        assert_eq!(shell.ok(&["kv", "delete", "a", "-o", "json"]), "[\n{\"deleted\":true,\"key\":\"a\"}\n]\n");
    });
}

#[test]
fn pairs_are_listed_by_prefix_as_names_a_tree_a_table_json_or_csv() {
    on_both(|shell| {
        for key in ["jobs/a/1", "jobs/a/2", "jobs/b", "jobs", "other"] {
            shell.ok(&["kv", "set", key, "1", "--type", "number"]);
        }
        shell.ok(&["kv", "set", "jobs/b", "x", "--ttl", "P2DT1M", "--description", "a, \"b\""]);
        assert_eq!(shell.ok(&["kv", "list"]), "jobs\njobs/a/1\njobs/a/2\njobs/b\nother\n");
        assert_eq!(shell.ok(&["kv", "list", "jobs/a"]), "jobs/a/1\njobs/a/2\n");
        let tree = "jobs\njobs/\n├── a/\n│   ├── 1\n│   └── 2\n└── b\n";
        assert_eq!(shell.ok(&["kv", "list", "jobs", "--tree"]), tree);
        let table = shell.ok(&["kv", "list", "jobs/b", "--long"]);
        let row: Vec<_> = table.lines().nth(1).unwrap().split_whitespace().collect();
        assert_eq!(row[..5], ["default", "jobs/b", "STRING", "3", "2"]);
        assert!(table.contains("in 2d"), "{table}");
        let json: serde_json::Value =
            serde_json::from_str(&shell.ok(&["kv", "list", "jobs/", "--output", "json"])).unwrap();
        assert_eq!((json.as_array().unwrap().len(), &json[2]["description"]), (3, &"a, \"b\"".into()));
        assert!(shell.ok(&["kv", "list", "jobs/b", "--output", "csv"]).contains(r#""a, ""b""""#));
        assert_eq!(shell.ok(&["kv", "list", "none", "--output", "json"]), "[]\n");
    });
}

#[test]
fn a_namespace_is_apart_and_a_star_is_all_of_them() {
    on_both(|shell| {
        shell.ok(&["kv", "set", "a", "1"]);
        shell.ok(&["kv", "--namespace", "company.team", "set", "a", "2"]);
        assert_eq!(shell.ok(&["kv", "get", "a", "-n", "company.team"]), "2");
        assert_eq!(shell.ok(&["kv", "list", "-n", "*"]), "company.team\ta\ndefault\ta\n");
        assert_eq!(shell.ok(&["kv", "list", "-n", "*", "--tree"]), "company.team/\n└── a\ndefault/\n└── a\n");
        shell.fails(2, &["kv", "list", "-n", "no space"]);
        shell.ok(&["kv", "copy", "a", "b", "--to-namespace", "company"]);
        assert_eq!(shell.ok(&["kv", "get", "b", "-n", "company"]), "1");
    });
}

#[test]
fn more_pairs_than_a_page_are_all_listed() {
    let shell = Shell::new();
    let lines = (0..250).map(|n| format!("k{n:03}")).collect::<Vec<_>>().join("\n") + "\n";
    let body: Vec<_> = (0..250)
        .map(|n| format!(r#"{{"query":"mutation{{set_key_value(input:{{key:\"k{n:03}\",value:1}}){{id}}}}"}}"#))
        .collect();
    for batch in body.chunks(100) {
        let sent = std::process::Command::new("curl")
            .args(["-sf", &format!("{}/graphql", shell.url), "-H", "Content-Type: application/json", "-H"])
            .args([&format!("Authorization: Bearer {}", shell.token), "-d", &format!("[{}]", batch.join(","))])
            .output()
            .unwrap();
        assert!(sent.status.success(), "{sent:?}");
    }
    assert_eq!(shell.ok(&["kv", "list"]), lines);
    assert_eq!(shell.ok(&["kv", "list", "--long"]).lines().count(), 251);
    assert_eq!(shell.ok(&["kv", "list", "-n", "*"]).lines().count(), 250);
}

#[test]
fn a_prefix_is_deleted_only_after_a_yes() {
    on_both(|shell| {
        for key in ["jobs/1", "jobs/2", "job"] {
            shell.ok(&["kv", "set", key, "x"]);
        }
        let asked = shell.fails(2, &["kv", "delete", "--prefix", "jobs/"]);
        assert!(asked.contains("Delete 2 pairs") && asked.contains("--yes"), "{asked}");
        assert_eq!(shell.ok(&["kv", "delete", "--prefix", "jobs/", "--yes"]), "deleted 2 pairs\n");
        assert_eq!(shell.ok(&["kv", "list"]), "job\n");
        shell.fails(2, &["kv", "delete", "--prefix", "", "--yes"]);
        shell.fails(2, &["kv", "delete"]);
    });
}

#[test]
fn a_pair_is_not_overwritten_where_that_was_asked() {
    on_both(|shell| {
        shell.ok(&["kv", "set", "lock", "me", "--no-overwrite"]);
        shell.fails(6, &["kv", "set", "lock", "you", "--no-overwrite"]);
        shell.ok(&["kv", "set", "other", "x"]);
        shell.fails(6, &["kv", "copy", "other", "lock", "--no-overwrite"]);
        shell.fails(6, &["kv", "rename", "other", "lock"]);
        assert_eq!(shell.ok(&["kv", "get", "lock"]), "me");
        shell.ok(&["kv", "rename", "other", "lock", "--force"]);
        assert_eq!(shell.ok(&["kv", "list"]), "lock\n");
        shell.fails(2, &["kv", "rename", "lock", "lock"]);
        shell.fails(3, &["kv", "rename", "none", "new"]);
    });
}

#[test]
fn a_copy_has_the_type_description_and_expiry_of_its_original() {
    on_both(|shell| {
        shell.ok(&["kv", "set", "a", "PT5M", "--type", "duration", "--ttl", "P1D", "--description", "why"]);
        shell.ok(&["kv", "copy", "a", "b"]);
        let of = |key| -> serde_json::Value {
            serde_json::from_str(&shell.ok(&["kv", "get", key, "--output", "json"])).unwrap()
        };
        let (a, b) = (of("a"), of("b"));
        for field in ["type", "value", "description", "expires_at"] {
            assert_eq!(a[field], b[field], "{field}");
            assert!(!a[field].is_null(), "{field}");
        }
        shell.ok(&["kv", "set", "a", "x", "--description", ""]);
        assert_eq!(
            (&of("a")["description"], &of("a")["expires_at"]),
            (&serde_json::Value::Null, &serde_json::Value::Null)
        );
    });
}

#[test]
fn refusals_have_exit_codes_of_their_own() {
    let mut shell = Shell::on_tier("free");
    let long = shell.fails(5, &["kv", "set", "big", &"x".repeat(10_001)]);
    assert!(long.contains("10000"), "{long}");
    for n in 0..10 {
        shell.ok(&["kv", "set", &format!("k{n}"), "x"]);
    }
    let full = shell.fails(5, &["kv", "set", "k10", "x"]);
    assert!(full.contains("10 pairs"), "{full}");
    shell.fails(2, &["kv", "set", "k1", "x", "--ttl", "P1Y"]);
    shell.fails(2, &["kv", "set", "k1", "{", "--json"]);
    shell.fails(2, &["kv", "set", "", "x"]);
    shell.fails(2, &["kv", "set", "k1"]);
    let reader = shell.another_token(&["--role", "read-only"]);
    shell.env("HIGHWATER_TOKEN", &reader);
    assert_eq!(shell.ok(&["kv", "get", "k1"]), "x");
    shell.fails(4, &["kv", "set", "k1", "y"]);
    shell.env("HIGHWATER_TOKEN", "nonsense");
    let refused = shell.fails(4, &["kv", "get", "k1"]);
    assert!(refused.contains("highwater login"), "{refused}");
}

#[test]
fn keys_and_errors_cannot_send_commands_to_a_terminal() {
    let shell = Shell::new();
    let key = "a\u{1b}[31m\nb";
    assert_eq!(shell.ok(&["kv", "set", key, "x"]), "set a\\u{1b}[31m\\nb, version 1\n");
    assert!(!shell.ok(&["kv", "list", "--long"]).contains('\u{1b}'));
    assert!(!shell.ok(&["kv", "list", "--tree"]).contains('\u{1b}'));
    assert!(!shell.fails(3, &["kv", "get", "\u{1b}[0m"]).contains("\u{1b}[0m"));
}
