//! `highwater render` and `highwater run`: templates and Kestra's flows.

use crate::support::shell::{Shell, on_both};

/// Runs a flow that is to succeed; what it prints.
fn flow(shell: &Shell, text: &str) -> String {
    shell.file("flow.yaml", text);
    shell.ok(&["run", "flow.yaml"])
}

/// Runs a flow that is to fail with this code; what it says.
fn refused(shell: &Shell, code: i32, text: &str) -> String {
    shell.file("flow.yaml", text);
    shell.fails(code, &["run", "flow.yaml"])
}

/// A task that prints `message`.
fn log(message: &str) -> String {
    format!("  - id: log\n    type: io.kestra.plugin.core.log.Log\n    message: \"{message}\"\n")
}

/// A flow that stores an object and reads it in both ways (Kestra's documentation of its KV Store, 0.18).
const JSON: &str = r#"
id: kv_json_flow
namespace: company.team

tasks:
  - id: set_json_kv
    type: io.kestra.plugin.core.kv.Set
    key: "my_json_key"
    value: |
      {
        "name": "Ada Lovelace",
        "age": 36,
        "address": {
          "city": "London",
          "country": "England"
        }
      }
    overwrite: true

  - id: get_json_kv_pebble
    type: io.kestra.plugin.core.log.Log
    message:
      - "Name: {{ json(kv('my_json_key')).name }}"
      - "Age: {{ json(kv('my_json_key')).age }}"
      - "City: {{ json(kv('my_json_key')).address.city }}"

  - id: get_json_kv_task
    type: io.kestra.plugin.core.kv.Get
    key: my_json_key

  - id: get_json_kv_nested_value
    type: io.kestra.plugin.core.log.Log
    message: "Country: {{ json(outputs.get_json_kv_task.value).address.country }}"
"#;

#[test]
fn a_flow_sets_and_reads_json_in_expressions_and_by_a_task() {
    on_both(|shell| {
        assert_eq!(flow(shell, JSON), "Name: Ada Lovelace\nAge: 36\nCity: London\nCountry: England\n");
        assert!(shell.ok(&["kv", "-n", "company.team", "list", "--long"]).contains("my_json_key  STRING"));
    });
}

#[test]
fn set_get_keys_and_delete_do_what_their_comments_say() {
    on_both(|shell| {
        let printed = flow(
            shell,
            r#"
id: add_kv_pair
namespace: company.team
tasks:
  - id: set_kv
    type: io.kestra.plugin.core.kv.Set
    key: my_key
    value: "{{ 'a' | upper }}"
    namespace: company.team # the current namespace of the flow is used by default
    overwrite: true # whether to overwrite or fail if a value for that key already exists; default true
    ttl: P30D # optional Time to Live (TTL) for the KV pair
  - id: set_simple_kv
    type: io.kestra.plugin.core.kv.Set
    key: simple_string
    value: hello from a flow
  - id: get_kv
    type: io.kestra.plugin.core.output.OutputValues
    values:
      my_key: "{{ kv('my_key') }}"
      simple_string: "{{ kv(key='simple_string', namespace='company.team', errorOnMissing=false) }}"
  - id: log
    type: io.kestra.plugin.core.log.Log
    message: "{{ outputs.get_kv.values.my_key }}: {{ outputs.get_kv.values.simple_string }}"
  - id: get_keys_by_prefix
    type: io.kestra.plugin.core.kv.GetKeys
    prefix: "simple_"
  - id: none
    type: io.kestra.plugin.core.kv.GetKeys
    prefix: "test_"
  - id: log_key_prefix
    type: io.kestra.plugin.core.log.Log
    message: "{{ outputs.get_keys_by_prefix.keys }} {{ outputs.none.keys }}"
  - id: delete_kv_pair
    type: io.kestra.plugin.core.kv.Delete
    key: my_key
    errorOnMissing: false
  - id: again
    type: io.kestra.plugin.core.kv.Delete
    key: my_key
  - id: log_kv_deleted
    type: io.kestra.plugin.core.log.Log
    message: "{{ outputs.delete_kv_pair.deleted }} {{ outputs.again.deleted }}"
  - id: missing
    type: io.kestra.plugin.core.kv.Get
    key: my_key
    errorOnMissing: false # bool
  - id: nothing
    type: io.kestra.plugin.core.debug.Return
    format: "{{ kv('non_existing_key', 'kestra.engineering.myproject', false) }}"
  - id: end
    type: io.kestra.plugin.core.log.Log
    message: "[{{ outputs.missing.value }}][{{ outputs.nothing.value }}][{{ outputs.missing.value ?? 'else' }}]"
  - id: brackets
    type: io.kestra.plugin.core.log.Log
    message: "{{ [outputs.missing.value ?? 'in', outputs.nobody.value ?? 'brackets'] | join(' ') }}{{ outputs.missing.value == null }}"
"#,
        );
        assert_eq!(printed, "A: hello from a flow\n[\"simple_string\"] []\ntrue false\n[][][else]\nin bracketstrue\n");
        assert_eq!(shell.ok(&["kv", "-n", "company.team", "list"]), "simple_string\n");
    });
}

#[test]
fn a_flow_without_a_namespace_acts_in_the_tokens_own() {
    let shell = Shell::new();
    shell.ok(&["kv", "set", "my_key", "here"]);
    let tasks =
        "tasks:\n  - id: log_key\n    type: io.kestra.core.tasks.log.Log\n    message: \"{{ kv('my_key') }}\"\n";
    assert_eq!(flow(&shell, tasks), "here\n");
}

#[test]
fn every_spelling_of_a_type_is_known_and_any_other_refused_before_anything_is_done() {
    let shell = Shell::new();
    for package in ["io.kestra.plugin.core.kv", "io.kestra.plugin.kv", "io.kestra.core.tasks.kv"] {
        let text = format!("tasks:\n  - id: set\n    type: {package}.Set\n    key: {package}\n    value: x\n");
        flow(&shell, &text);
        assert_eq!(shell.ok(&["kv", "get", package]), "x");
        let foreign = "  - id: download\n    type: io.kestra.plugin.core.http.Download\n    uri: https://example.com\n";
        let said = refused(&shell, 1, &(text.replace("value: x", "value: y") + foreign));
        assert!(said.contains("io.kestra.plugin.core.http.Download") && said.contains("line 7"), "{said}");
        assert_eq!(shell.ok(&["kv", "get", package]), "x");
    }
}

#[test]
fn values_are_stored_by_their_kv_type_or_by_the_type_of_their_expression() {
    on_both(|shell| {
        let set = |key: &str, value: &str, kind: &str| {
            let kind = if kind.is_empty() { String::new() } else { format!("    kvType: {kind}\n") };
            format!("  - id: {key}\n    type: io.kestra.plugin.core.kv.Set\n    key: {key}\n    value: {value}\n{kind}")
        };
        let tasks: String = [
            set("plain", "1.10", ""),
            set("number", "\"12345678901234567890.10\"", "NUMBER"),
            set("boolean", "\"true\"", "BOOLEAN"),
            set("datetime", "\"{{ '2026-01-01' | date }}\"", "DATETIME"),
            set("date", "2026-01-01", "DATE"),
            set("duration", "P1D", "DURATION"),
            set("json", "'{\"a\": 1.0}'", "JSON"),
            set("typed", "\"{{ [1, 2] }}\"", ""),
            set("copy", "\"{{ kv('number') }}\"", ""),
        ]
        .concat();
        flow(shell, &format!("namespace: types\ntasks:\n{tasks}"));
        let listed = shell.ok(&["kv", "-n", "types", "list", "--output", "csv"]);
        for row in [
            "plain,STRING,1.10,",
            "number,NUMBER,12345678901234567890.10,",
            "boolean,BOOLEAN,true,",
            "datetime,DATETIME,2026-01-01T00:00:00Z,",
            "date,DATE,2026-01-01,",
            "duration,DURATION,PT24H,",
            "json,JSON,\"{\"\"a\"\":1.0}\",",
            "typed,JSON,\"[1,2]\",",
            "copy,NUMBER,12345678901234567890.10,",
        ] {
            assert!(listed.contains(row), "{row} in {listed}");
        }
    });
}

#[test]
fn a_key_is_looked_for_in_the_parents_unless_a_namespace_is_named() {
    on_both(|shell| {
        shell.ok(&["kv", "-n", "company", "set", "shared", "from above"]);
        let tasks = |call: &str| format!("namespace: company.team.a\ntasks:\n{}", log(&format!("{{{{ {call} }}}}")));
        assert_eq!(flow(shell, &tasks("kv('shared')")), "from above\n");
        let said = refused(shell, 3, &tasks("kv('shared', 'company.team')"));
        assert!(said.contains("task log (line 3)") && said.contains("errorOnMissing"), "{said}");
    });
}

#[test]
fn a_task_that_fails_ends_the_flow_with_its_own_exit_code() {
    let mut shell = Shell::new();
    shell.ok(&["kv", "set", "lock", "x"]);
    let set = "tasks:\n  - id: set\n    type: io.kestra.plugin.core.kv.Set\n    key: lock\n    value: y\n    overwrite: false\n";
    let on = log("went on");
    assert!(refused(&shell, 6, &format!("{set}{on}")).contains("`overwrite` is false"));
    assert_eq!(flow(&shell, &format!("{set}    allowFailure: true\n{on}")), "went on\n");
    assert_eq!(flow(&shell, &format!("{set}    runIf: \"{{{{ kv('lock') == 'z' }}}}\"\n{on}")), "went on\n");
    shell.env("HIGHWATER_TOKEN", "nonsense");
    assert!(refused(&shell, 4, &format!("tasks:\n{}", log("{{ kv('a') }}"))).contains("task log"));
}

#[test]
fn a_broken_flow_names_line_and_column() {
    let shell = Shell::new();
    for (text, complaint) in [
        ("id: x\n", "line 1, column 1: the flow has no tasks"),
        ("tasks:\n  - id: a\n", "line 2, column 5: the task has no type"),
        (
            "tasks:\n  - id: a\n    type: io.kestra.plugin.core.kv.Get\n    kee: b\n",
            "line 4, column 10: task a has no property \"kee\"",
        ),
        ("tasks: [\n", "not YAML"),
        ("tasks:\n  - id: a\n    type: io.kestra.plugin.core.log.Log\n    message: \"{{ kv( }}\"\n", "task a (line 2)"),
    ] {
        let said = refused(&shell, 1, text);
        assert!(said.contains(complaint), "{text}: {said}");
    }
}

#[test]
fn inputs_are_given_or_have_defaults() {
    let shell = Shell::new();
    let inputs = "id: f\ninputs:\n  - id: day\n    type: STRING\n  - id: size\n    type: INT\n    defaults: 5\n";
    let message = log("{{ inputs.day }} {{ inputs.size + 1 }} {{ vars.who }} {{ flow.id }}");
    let text = format!("{inputs}variables:\n  who: me\ntasks:\n{message}");
    shell.file("flow.yaml", text);
    assert_eq!(shell.ok(&["run", "flow.yaml", "--input", "day=monday"]), "monday 6 me f\n");
    assert_eq!(shell.ok(&["run", "flow.yaml", "--input", "day=x", "--input", "size=1"]), "x 2 me f\n");
    assert!(shell.fails(2, &["run", "flow.yaml"]).contains("--input day"));
    shell.fails(2, &["run", "flow.yaml", "--input", "day=x", "--input", "size=a"]);
    shell.fails(2, &["run", "flow.yaml", "--input", "day=x", "--input", "other=a"]);
}

#[test]
fn a_template_is_rendered_with_exact_values() {
    on_both(|shell| {
        shell.ok(&["kv", "set", "db.host", "localhost"]);
        shell.ok(&[
            "kv",
            "-n",
            "company",
            "set",
            "users",
            r#"[{"name":"ada","id":12345678901234567890.10},{"name":"bob","id":2}]"#,
            "--json",
        ]);
        shell.file(
            "app.conf.j2",
            "host = {{ kv('db.host') }}\n{% for user in json(kv('users', 'company')) -%}\nuser = {{ user.name | upper }} {{ user.id }}\n\
             {% endfor -%}\nall = {{ kv('users', 'company') }}\nwait = {{ kv('wait', errorOnMissing=false) | default('PT5M') }}\n\
             day = {{ day | date('d.M.yyyy') }}\nslug = {{ 'A b, C' | slugify }}{{ kv('none', errorOnMissing=false) }}\n",
        );
        let rendered = shell.ok(&["render", "app.conf.j2", "--set", "day=2026-03-05"]);
        let expected = "host = localhost\nuser = ADA 12345678901234567890.10\nuser = BOB 2\n\
                        all = [{\"name\":\"ada\",\"id\":12345678901234567890.10},{\"name\":\"bob\",\"id\":2}]\nwait = PT5M\n\
                        day = 5.3.2026\nslug = a-b-c\n";
        assert_eq!(rendered, expected);
        assert_eq!(shell.run_with(&["render", "-", "-n", "company.team"], "{{ kv('users')[1].name }}").stdout, "bob");
    });
}

#[test]
fn a_template_that_fails_prints_nothing_and_names_its_line() {
    let shell = Shell::new();
    for (text, code, complaint) in [
        ("a\n{{ kv('none') }}\n", 3, "no pair \"none\""),
        ("a\n{{ nobody }}\n", 1, "undefined"),
        ("a\n{{ kv('x' }}\n", 1, "syntax error"),
        ("a\n{{ json('{') }}\n", 1, "JSON"),
        ("a\n{{ kv() }}\n", 1, "needs a key"),
        ("a\n{{ kv('x', errorOnMising=false) }}\n", 1, "errorOnMising"),
        ("a\n{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}", 1, "fuel"),
    ] {
        shell.file("t.j2", text);
        let said = shell.fails(code, &["render", "t.j2"]);
        assert!(said.contains("t.j2:2") && said.contains(complaint), "{text}: {said}");
    }
    assert!(shell.fails(1, &["render", "nowhere.j2"]).contains("nowhere.j2"));
}
