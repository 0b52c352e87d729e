//! Comparisons and patterns of text (contract filter.md, section 4, its second table, and section 8).

use crate::support::{actor::Actor, app::on_both};

async fn claim(actor: &Actor, table: &[(&str, &[&str])]) {
    for (test, keys) in table {
        assert_eq!(actor.keys(&format!("{{key: {{{test}}}}}")).await, *keys, "{test}");
    }
}

#[tokio::test]
async fn text_compares_by_code_points() {
    on_both(async |app| {
        let acme = app.acme().await;
        for key in ["a", "B", "b", "Ä", "z", "é", "ÿ", "\u{ffff}", "😀"] {
            acme.put(key, "1").await;
        }
        let sorted = ["B", "a", "b", "z", "Ä", "é", "ÿ", "\u{ffff}", "😀"];
        let listed = acme.ask("{ key_value(order_by: {key: asc}) { key } }").await;
        assert_eq!(listed.column("key"), sorted);
        claim(
            &acme,
            &[
                (r#"_gt: "z""#, &sorted[4..]),
                (r#"_gte: "é""#, &sorted[5..]),
                (r#"_lt: "a""#, &["B"]),
                (r#"_lte: "b""#, &["B", "a", "b"]),
                (r#"_gt: "\uffff""#, &["😀"]),
                (r#"_eq: "b""#, &["b"]),
                (r#"_in: ["b", "😀", "nope"]"#, &["b", "😀"]),
                (r#"_nin: ["b", "😀", "nope"]"#, &["B", "a", "z", "Ä", "é", "ÿ", "\u{ffff}"]),
                (r#"_starts_with: """#, &sorted),
            ],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn like_takes_characters_escapes_and_the_whole_text() {
    on_both(async |app| {
        let acme = app.acme().await;
        for key in ["abc", "ABC", "a%c", "a_c", "a\\c", "aéc", "a😀c", "abcabc", "a\nc"] {
            acme.put(key, "1").await;
        }
        claim(
            &acme,
            &[
                (r#"_like: "abc""#, &["abc"]),
                (r#"_like: "abc%""#, &["abc", "abcabc"]),
                (r#"_like: "%bc""#, &["abc", "abcabc"]),
                (r#"_like: "%ca%""#, &["abcabc"]),
                (r#"_like: "a_c""#, &["a\nc", "a%c", "a\\c", "a_c", "abc", "aéc", "a😀c"]),
                (r#"_like: "a\\%c""#, &["a%c"]),
                (r#"_like: "a\\%%""#, &["a%c"]),
                (r#"_like: "a\\_c""#, &["a_c"]),
                (r#"_like: "a\\\\c""#, &["a\\c"]),
                (r#"_like: "a\\bc""#, &["abc"]),
                (r#"_like: "%""#, &["ABC", "a\nc", "a%c", "a\\c", "a_c", "abc", "abcabc", "aéc", "a😀c"]),
                (r#"_like: """#, &[]),
                (r#"_nlike: "a%""#, &["ABC"]),
                (r#"_nlike: "%""#, &[]),
                (r#"_ilike: "AbC""#, &["ABC", "abc"]),
                (r#"_ilike: "aÉ_""#, &["aéc"]),
                (r#"_nilike: "A%""#, &[]),
                (r#"_starts_with: "a%""#, &["a%c"]),
                (r#"_starts_with: "abc""#, &["abc", "abcabc"]),
            ],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn case_folds_character_by_character() {
    on_both(async |app| {
        let acme = app.acme().await;
        for key in ["É", "К", "ß", "SS", "İ", "Σ", "ς"] {
            acme.put(key, "1").await;
        }
        claim(
            &acme,
            &[
                (r#"_ilike: "é""#, &["É"]),
                (r#"_ilike: "к""#, &["К"]),
                (r#"_ilike: "ß""#, &["ß"]),
                (r#"_ilike: "ss""#, &["SS"]),
                (r#"_ilike: "σ""#, &["Σ"]),
                (r#"_iregex: "^é$""#, &["É"]),
                (r#"_niregex: "[а-я]""#, &["SS", "É", "ß", "İ", "Σ", "ς"]),
            ],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn similar_and_regular_expressions_are_postgres_own() {
    on_both(async |app| {
        let acme = app.acme().await;
        for key in ["abc", "a.c", "ac", "abbc", "x1", "x\ny", "(a)", "foo bar", "ünder"] {
            acme.put(key, "1").await;
        }
        claim(
            &acme,
            &[
                (r#"_similar: "abc""#, &["abc"]),
                (r#"_similar: "a.c""#, &["a.c"]),
                (r#"_similar: "a_c""#, &["a.c", "abc"]),
                (r#"_similar: "a(b|bb)c""#, &["abbc", "abc"]),
                (r#"_similar: "ab{2}c""#, &["abbc"]),
                (r#"_similar: "ab*c""#, &["abbc", "abc", "ac"]),
                (r#"_similar: "%[0-9]""#, &["x1"]),
                (r#"_similar: "\\(a\\)""#, &["(a)"]),
                (r#"_nsimilar: "a%""#, &["(a)", "foo bar", "x\ny", "x1", "ünder"]),
                (r#"_regex: "bc$""#, &["abbc", "abc"]),
                (r#"_regex: "^a.c$""#, &["a.c", "abc"]),
                (r#"_regex: "^x.y$""#, &["x\ny"]),
                (r#"_regex: "\\d""#, &["x1"]),
                (r#"_regex: "[[:digit:]]""#, &["x1"]),
                (r#"_regex: "\\mbar\\M""#, &["foo bar"]),
                (r#"_regex: "^\\w+$""#, &["abbc", "abc", "ac", "x1", "ünder"]),
                (r#"_regex: "(?i)ABC""#, &["abc"]),
                (r#"_nregex: "[abx]""#, &["ünder"]),
                (r#"_iregex: "^A(B+)C$""#, &["abbc", "abc"]),
                (r#"_niregex: "[ABX]""#, &["ünder"]),
            ],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn the_other_texts_compare_like_keys() {
    on_both(async |app| {
        let acme = app.acme().await;
        for (key, value) in [("n", "1"), ("s", "\"x\""), ("j", "[]"), ("b", "true")] {
            acme.put(key, value).await;
        }
        let table = [
            (r#"{type: {_eq: "STRING"}}"#, &["s"][..]),
            (r#"{type: {_in: ["STRING", "JSON"]}}"#, &["j", "s"]),
            (r#"{type: {_gt: "JSON"}}"#, &["n", "s"]),
            (r#"{type: {_ilike: "%o%"}}"#, &["b", "j"]),
            (r#"{namespace: {_eq: "default"}}"#, &["b", "j", "n", "s"]),
            (r#"{namespace: {_like: "DEF%"}}"#, &[]),
            (r#"{namespace: {_lt: "e", _gt: "d"}}"#, &["b", "j", "n", "s"]),
            (r#"{namespace: {_eq: "a\u0000b"}}"#, &[]),
            (r#"{type: {_in: ["JSON", "a\u0000b"]}}"#, &["j"]),
            ("{version: {_gte: 1, _lt: 2}}", &["b", "j", "n", "s"]),
            ("{version: {_in: [2, 3]}}", &[]),
        ];
        for (condition, keys) in table {
            assert_eq!(acme.keys(condition).await, keys, "{condition}");
        }
    })
    .await;
}
