//! The house rules on who may import whom, checked on the text of `src/`.
//!
//! `domain <- store <- service <- auth <- { graphql | kestra | prominence } <- http <- cli <- main`

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// From the inside out: a layer names itself and those before it. Modules not listed stand beside the layers.
const LAYERS: &[&[&str]] = &[
    &["domain"],
    &["store", "client"],
    &["service"],
    &["auth"],
    &["graphql", "kestra", "prominence"],
    &["http"],
    &["cli", "config"],
    &["main"],
];

/// A crate or a module of ours, who alone may name it (by the beginning of the file's path), and why.
const HOMES: &[(&str, &[&str], &str)] = &[
    ("sea_orm", &["store/"], "only the store knows SeaORM"),
    ("sqlx", &["store/"], "only the store knows the databases"),
    ("entities", &["store/"], "only the store knows rows"),
    ("migration", &["store/connect", "store/migrate", "cli/migrate"], "migrations run from one place"),
    ("jsonwebtoken", &["auth/"], "only auth knows how a token is signed"),
    ("async_graphql", &["graphql/", "http/"], "only Prefect's dialect knows the GraphQL engine"),
    ("crate::client", &["cli/"], "only the command line is a client"),
    ("reqwest", &["client/", "cli/health", "auth/issuer"], "requests go out from three places"),
    ("crate::config", &["config/", "cli/", "main.rs"], "values are passed down, never the whole config"),
];

/// What a layer may not name, and why.
const BANS: &[(&str, &[&str], &str)] = &[
    ("domain", &["tokio", "axum", "tower_http", "reqwest"], "the domain is pure: no runtime, no network"),
    ("service", &["axum", "tower_http"], "a rule has no door's word in it"),
    ("graphql", &["crate::store"], "a dialect calls the service, never the store"),
    ("kestra", &["crate::store"], "a dialect calls the service, never the store"),
    ("prominence", &["crate::store"], "a dialect calls the service, never the store"),
];

#[test]
fn nothing_in_src_imports_against_the_house_rules() {
    let broken: Vec<_> = files("src").iter().flat_map(|file| broken(&read(file), &file[4..])).collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn no_file_is_over_400_lines() {
    let long = |file: &String| read(file).lines().count() > 400;
    let long: Vec<_> = files("src").into_iter().chain(files("tests/it")).filter(long).collect();
    assert!(long.is_empty(), "split these: {long:?}");
}

#[test]
fn the_house_rules_see_every_way_to_write_an_import() {
    for (file, text) in [
        ("graphql/http.rs", "use crate::store::Store;"),
        ("graphql/mod.rs", "use crate::{\n    service::{Pairs, Tokens},\n    store::{self, Store},\n};"),
        ("graphql/mod.rs", "fn f(s: &super::store::Store) {}"),
        ("graphql/http.rs", "use super::super::kestra;"),
        ("kestra/mod.rs", "use crate::graphql;"),
        ("service/pairs.rs", "use sea_orm::ActiveModelTrait;"),
        ("store/pairs.rs", "let m = migration::Migrator;"),
        ("http/mod.rs", "use {crate::config::Config, axum::Router};"),
        ("domain/mod.rs", "use tokio::sync::watch;"),
        ("main.rs", "use entities::pair;"),
        ("service/pairs.rs", "use crate::client::Client;"),
    ] {
        assert_eq!(broken(text, file).len(), 1, "{file}: {text}");
    }
    let fine = "// use crate::http;\nuse crate::domain::{Key, store};\nconst A: B = http::config::my_entities::C;";
    assert_eq!(broken(fine, "graphql/mod.rs"), Vec::<String>::new());
    assert_eq!(broken("use highwater::{cli, config};", "main.rs"), Vec::<String>::new());
}

/// The rules that the file's text breaks, a sentence each.
fn broken(text: &str, file: &str) -> Vec<String> {
    let module = file.split(['/', '.']).next().unwrap_or_default();
    let layer = |name: &str| LAYERS.iter().position(|layer| layer.contains(&name));
    let reason = |name: &str| {
        let homeless =
            |(home, may, _): &&(&str, &[&str], _)| *home == name && !may.iter().any(|may| file.starts_with(may));
        let banned = |(who, what, _): &&(&str, &[&str], _)| *who == module && what.contains(&name);
        let (from, to) = (layer(module), name.strip_prefix("crate::").filter(|to| *to != module).and_then(layer));
        let outwards = from.zip(to).is_some_and(|(from, to)| from <= to && (module, name) != ("cli", "crate::config"));
        let rule = HOMES.iter().find(homeless).or_else(|| BANS.iter().find(banned)).map(|(.., why)| *why);
        rule.or(outwards.then_some("imports go inwards only, and never from dialect to dialect"))
    };
    let sentence = |name: String| reason(&name).map(|why| format!("src/{file} names `{name}`: {why}"));
    names(text, file).into_iter().filter_map(sentence).collect()
}

/// Every crate that the text names, and every module of ours, as `crate::name`.
fn names(text: &str, file: &str) -> BTreeSet<String> {
    let code: Vec<_> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let depth = file.trim_end_matches(".rs").trim_end_matches("/mod").split('/').count();
    let code = code.join("\n").replace(&"super::".repeat(depth), "crate::").replace("highwater::", "crate::");
    let in_name = |c: char| c.is_alphanumeric() || c == '_';
    let first = |path: &str| path.trim_start().chars().take_while(|c| in_name(*c)).collect::<String>();

    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices("::") {
        let (before, after) = (&code[..at], &code[at + 2..]);
        let root = before.rsplit(|c| !in_name(c)).next().unwrap_or_default();
        let members = after.strip_prefix('{').map_or_else(|| vec![after], group);
        if root == "crate" {
            names.extend(members.iter().map(|path| format!("crate::{}", first(path))));
        } else if !before[..at - root.len()].ends_with("::") {
            names.insert(root.to_owned());
        }
    }
    names
}

/// The members of a group, from after its `{` to its `}`.
fn group(text: &str) -> Vec<&str> {
    let (mut open, mut start, mut members) = (1, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 || (open == 1 && c == ',') {
            members.push(&text[start..at]);
            start = at + 1;
        }
        if open == 0 {
            break;
        }
    }
    members
}

/// The `.rs` files below `folder`, by their path from the repository's root.
fn files(folder: &str) -> Vec<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root().join(folder)).into_iter().flatten().flatten() {
        let path = format!("{folder}/{}", entry.file_name().display());
        if entry.path().is_dir() {
            files.extend(self::files(&path));
        } else if entry.path().extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
