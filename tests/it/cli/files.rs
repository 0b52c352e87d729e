//! `export`, `import` and `apply`.

use std::{io::Read, process::Command};

use serde_json::Value;

use crate::support::shell::{Shell, on_both};

/// Pairs of every type, with expiry and description, exact to the last digit.
fn fill(shell: &Shell) {
    let exact = r#"{"n":12345678901234567890123.10,"e":1e400,"s":"\ud800","z":"\u0000"}"#;
    shell.ok(&["kv", "set", "json", exact, "--json", "--description", "a \"b\"\n"]);
    shell.ok(&["kv", "set", "null", "null", "--json", "--ttl", "P1D"]);
    for (name, text) in [
        ("string", "PT5M"),
        ("number", "-0.0"),
        ("boolean", "true"),
        ("date", "2026-01-01"),
        ("datetime", "2026-01-01T00:00:00.5Z"),
        ("duration", "P2D"),
        ("binary", "AP8="),
    ] {
        shell.ok(&["kv", "set", &format!("path/ {name} \u{1F600}"), text, "--type", name]);
    }
    shell.ok(&["kv", "-n", "company.team", "set", "json", "\"text\"", "--type", "json"]);
}

#[test]
fn an_export_comes_back_exactly_as_it_was() {
    on_both(|shell| {
        fill(shell);
        let export = shell.ok(&["export", "--namespace", "*"]);
        assert_eq!(export.lines().count(), 10);
        shell.file("pairs.jsonl", &export);
        let same = shell.ok(&["import", "pairs.jsonl"]);
        assert_eq!(same, "0 added, 0 changed, 10 unchanged, 0 deleted\n");
        shell.ok(&["kv", "delete", "--prefix", "path/", "--yes"]);
        shell.ok(&["kv", "set", "json", "other"]);
        shell.ok(&["kv", "set", "null", "null", "--json"]);
        let dry = shell.ok(&["import", "pairs.jsonl", "--dry-run"]);
        assert_eq!(dry, "would be: 7 added, 2 changed, 1 unchanged, 0 deleted\n");
        assert_eq!(shell.ok(&["kv", "list"]), "json\nnull\n");
        assert_eq!(shell.ok(&["import", "pairs.jsonl"]), dry.replace("would be: ", ""));
        assert_eq!(shell.ok(&["export", "--namespace", "*"]), export);
    });
}

#[test]
fn an_export_goes_to_another_tenant_or_namespace_through_a_pipe() {
    let (one, two) = (Shell::new(), Shell::new());
    fill(&one);
    let export = one.ok(&["export"]);
    let said = two.run_with(&["import", "-", "--namespace", "copy"], export.clone());
    assert_eq!((said.code, said.stdout.as_str()), (0, "9 added, 0 changed, 0 unchanged, 0 deleted\n"), "{said:?}");
    let copy = two.ok(&["export", "--namespace", "copy"]);
    assert_eq!(copy.replace(r#""namespace":"copy""#, r#""namespace":"default""#), export);
}

#[test]
fn replace_deletes_what_the_file_does_not_have_in_its_namespaces_only() {
    on_both(|shell| {
        shell.ok(&["kv", "set", "kept", "1"]);
        shell.file("pairs.jsonl", shell.ok(&["export"]));
        shell.ok(&["kv", "set", "surplus", "1"]);
        shell.ok(&["kv", "-n", "apart", "set", "kept", "1"]);
        let dry = shell.ok(&["import", "pairs.jsonl", "--mode", "replace", "--dry-run"]);
        assert_eq!(dry, "would be: 0 added, 0 changed, 1 unchanged, 1 deleted\n");
        shell.ok(&["import", "pairs.jsonl", "--mode", "replace"]);
        assert_eq!(shell.ok(&["kv", "list", "-n", "*"]), "apart\tkept\ndefault\tkept\n");
        // A line without a namespace speaks for the token's own alone.
        shell.file(
            "pairs.jsonl",
            "{\"key\":\"kept\",\"value\":1}\n{\"namespace\":\"apart\",\"key\":\"new\",\"value\":1}\n",
        );
        shell.ok(&["import", "pairs.jsonl", "--mode", "replace"]);
        assert_eq!(shell.ok(&["kv", "list", "-n", "*"]), "apart\tnew\ndefault\tkept\n");
    });
}

#[test]
fn a_broken_line_is_named_and_nothing_is_written() {
    on_both(|shell| {
        for (line, complaint) in [
            (r#"{"key":"b","value":1"#, "column"),
            (r#"{"key":"b","value":1,"typ":"NUMBER"}"#, "typ"),
            (r#"{"key":"b"}"#, "value"),
            (r#"{"key":"","value":1}"#, "1024 bytes"),
            (r#"{"key":"b","value":1,"type":"DATE"}"#, "2021-09-01"),
            (r#"{"key":"b","value":1,"ttl":"soon"}"#, "P30D"),
            (r#"{"key":"b","value":1,"namespace":"a b"}"#, "dotted"),
            (r#"{"key":"a","value":2}"#, "line 1 has the same pair"),
        ] {
            shell.file(
                "pairs.jsonl",
                format!("{{\"key\":\"a\",\"value\":1}}\n\n{line}\n{{\"key\":\"c\",\"value\":1}}\n"),
            );
            let said = shell.fails(1, &["import", "pairs.jsonl"]);
            assert!(said.contains("pairs.jsonl: line 3") && said.contains(complaint), "{line}: {said}");
        }
        assert_eq!(shell.ok(&["kv", "list"]), "");
    });
}

#[test]
fn a_refused_line_is_named_and_the_same_command_goes_on_later() {
    let shell = Shell::on_tier("free");
    let lines: Vec<_> = (0..12).map(|n| format!("{{\"key\":\"k{n:02}\",\"value\":{n}}}")).collect();
    shell.file("pairs.jsonl", lines.join("\n"));
    let said = shell.fails(5, &["import", "pairs.jsonl"]);
    assert!(said.contains("line 11") && said.contains("10 of 12 pairs") && said.contains("free tier"), "{said}");
    assert_eq!(shell.ok(&["kv", "list"]).lines().count(), 10);
    shell.ok(&["kv", "delete", "k00", "k01"]);
    shell.file("rest.jsonl", lines[2..].join("\n"));
    assert_eq!(shell.ok(&["import", "rest.jsonl"]), "2 added, 0 changed, 8 unchanged, 0 deleted\n");
}

#[test]
fn ctrl_c_stops_an_import_between_two_lines_and_says_how_to_go_on() {
    let shell = Shell::new();
    let lines: String =
        (0..3_000).fold(String::new(), |text, n| text + &format!("{{\"key\":\"k{n:04}\",\"value\":{n}}}\n"));
    shell.file("pairs.jsonl", &lines);
    let mut import = shell.start(&["import", "pairs.jsonl"]);
    while shell.ok(&["kv", "list", "k0003"]).is_empty() {}
    let kill = ["-c", "kill -INT \"$1\"", "sh", &import.id().to_string()];
    assert!(Command::new("sh").args(kill).status().unwrap().success());
    let mut said = String::new();
    import.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(import.wait().unwrap().code(), Some(1), "{said}");
    let written = shell.ok(&["kv", "list"]).lines().count();
    assert!(
        said.contains(&format!("{written} of 3000 pairs are as they should be; the same command goes on")),
        "{said}"
    );
    assert!(said.contains(&format!("before line {}", written + 1)), "{said}");
}

#[test]
fn an_ended_pair_is_passed_over() {
    let shell = Shell::new();
    shell.file("pairs.jsonl", r#"{"key":"a","value":1,"expires_at":"2020-01-01T00:00:00Z"}"#);
    assert_eq!(shell.ok(&["import", "pairs.jsonl"]), "0 added, 0 changed, 0 unchanged, 0 deleted, 1 ended long ago\n");
}

const PAIRS: &str = "\
namespace: company.team
pairs:
  - key: limits
    value: {cpu: 4, memory: 12345678901234567890.50}
  - key: since
    value: 2026-01-01
    type: date
    ttl: P30D
    description: high-water mark
  - key: version
    value: 1.10
    type: STRING
  - key: here
    namespace: company
    value: null
";

#[test]
fn a_file_of_pairs_is_applied_after_its_difference_is_shown() {
    on_both(|shell| {
        shell.file("pairs.yaml", PAIRS);
        shell.ok(&["kv", "-n", "company.team", "set", "limits", "old"]);
        shell.ok(&["kv", "-n", "company.team", "set", "surplus", "x"]);
        let shown = shell.ok(&["apply", "-f", "pairs.yaml", "--prune", "--dry-run"]);
        let expected = "\
~ company.team limits  STRING \"old\" -> JSON {\"cpu\":4,\"memory\":12345678901234567890.50}
+ company.team since  DATE \"2026-01-01\"
+ company.team version  STRING \"1.10\"
+ company here  JSON null
- company.team surplus  STRING \"x\"
would be: 3 added, 1 changed, 0 unchanged, 1 deleted\n";
        assert_eq!(shown, expected);
        assert_eq!(shell.ok(&["kv", "get", "limits", "-n", "company.team"]), "old");
        assert_eq!(shell.ok(&["apply", "-f", "pairs.yaml", "--prune"]), expected.replace("would be: ", ""));
        assert_eq!(
            shell.ok(&["kv", "get", "limits", "-n", "company.team", "--path", "memory"]),
            "12345678901234567890.50"
        );
        let again = shell.ok(&["apply", "-f", "pairs.yaml", "--prune"]);
        assert_eq!(again, "0 added, 0 changed, 4 unchanged, 0 deleted\n");
        let pair: Value =
            serde_json::from_str(&shell.ok(&["kv", "-n", "company.team", "get", "since", "-o", "json"])).unwrap();
        assert_eq!((&pair["version"], &pair["description"]), (&1.into(), &"high-water mark".into()));
        assert!(pair["expires_at"].is_string());
    });
}

#[test]
fn a_mapping_of_keys_to_values_is_applied_too() {
    let shell = Shell::new();
    let said = shell.run_with(&["apply", "-f", "-"], "pairs:\n  a: 1\n  b: [x, 2.50]\n");
    assert_eq!((said.code, said.stdout.lines().count()), (0, 3), "{said:?}");
    assert_eq!(shell.ok(&["kv", "get", "b"]), r#"["x",2.50]"#);
}

#[test]
fn a_broken_file_names_line_and_column() {
    let shell = Shell::new();
    for (text, at, complaint) in [
        ("pairs:\n  - key: a\n   value: 1\n", "line 3", "not YAML"),
        ("pairs:\n  - key: a\n", "line 2, column 5", "no value"),
        ("pairs:\n  - key: a\n    value: 1\n    tll: P1D\n", "line 4, column 10", "tll"),
        ("pairs:\n  - key: a\n    value: soon\n    type: date\n", "line 3, column 12", "2021-09-01"),
        ("pairs: {a: 1}\nname: x\n", "line 2, column 7", "namespace and pairs"),
        ("namespace: x\n", "line 1, column 1", "no `pairs`"),
        ("pairs: {a: 0x10}\n", "line 1, column 12", "as JSON does"),
    ] {
        shell.file("pairs.yaml", text);
        let said = shell.fails(1, &["apply", "-f", "pairs.yaml"]);
        assert!(said.contains(&format!("pairs.yaml: {at}")) && said.contains(complaint), "{text}: {said}");
    }
    assert_eq!(shell.ok(&["kv", "list"]), "");
    assert!(shell.fails(1, &["apply", "-f", "nowhere.yaml"]).contains("nowhere.yaml"));
}

#[test]
fn an_edit_writes_what_was_saved_unless_the_pair_changed_meanwhile() {
    on_both(|shell| {
        shell.ok(&["kv", "set", "limits", r#"{"cpu":4.0,"x":[1]}"#, "--json", "--ttl", "P1D", "--description", "d"]);
        shell.env("EDITOR", "sed -i 's/4.0/8.50/'");
        assert_eq!(shell.ok(&["kv", "edit", "limits"]), "set limits, version 2\n");
        let pair = shell.ok(&["kv", "get", "limits", "-o", "json"]);
        assert!(pair.contains(r#""value":{"cpu":8.50,"x":[1]}"#) && pair.contains(r#""description":"d""#), "{pair}");
        assert!(!pair.contains(r#""expires_at":null"#), "{pair}");
        assert_eq!(shell.ok(&["kv", "edit", "limits"]), "nothing was changed\n");

        let binary = env!("CARGO_BIN_EXE_highwater");
        shell.file("meanwhile", format!("{binary} kv set limits other >/dev/null; sed -i 's/8.50/16/' \"$1\"\n"));
        shell.env("EDITOR", &format!("sh {}", shell.path("meanwhile").display()));
        let said = shell.fails(6, &["kv", "edit", "limits"]);
        let kept = said.trim().split("your text is in ").nth(1).unwrap().split(": ").next().unwrap();
        assert!(std::fs::read_to_string(kept).unwrap().contains("16"), "{said}");
        std::fs::remove_file(kept).unwrap();
        assert_eq!(shell.ok(&["kv", "get", "limits"]), "other");
        shell.env("EDITOR", "false");
        shell.fails(1, &["kv", "edit", "limits"]);
    });
}
