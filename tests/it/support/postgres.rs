//! One temporary PostgreSQL cluster per run of the tests, and a database of its own for each test.
//!
//! The cluster lives as long as the test process: a shell holds it while its standard input, a pipe
//! from this process, is open, and ends and removes it once that closes, however this process ended.
//! (`setpriv --pdeathsig` would not do: it fires when the *thread* that spawned the child ends.)

use std::{
    fs,
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use super::wait;

/// Names an existing server to use instead: a URL whose user may create databases.
const EXISTING: &str = "HIGHWATER_TEST_POSTGRES";

/// Makes the cluster and stays with it. PostgreSQL refuses to be root, so root becomes `postgres`.
///
/// INT ends PostgreSQL at once, whoever is connected; but `&` made it ignore INT until it listens to
/// signals itself, and until then TERM ends it.
const WATCHER: &str = r#"
set -eu
bin=$1 dir=$2; shift 2
export LC_ALL=C
"$bin/initdb" -N -A trust -U postgres -E UTF8 -D "$dir/data" "$@" >"$dir/log" 2>&1
"$bin/postgres" -D "$dir/data" -k "$dir" -F -c listen_addresses= -c max_connections=500 >>"$dir/log" 2>&1 &
pid=$!
cat >/dev/null
kill -TERM "$pid" || true
kill -INT "$pid" || true
wait "$pid" || true
rm -rf "$dir"
"#;

/// How long the cluster may take to answer; it takes about a second on an idle machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// An empty database that nobody else uses, as a URL.
///
/// # Panics
/// Where there is no PostgreSQL: a test that needs one may not pass without it.
pub async fn fresh_database() -> String {
    create("").await
}

/// The same, with an order of text by code points, also inside of `jsonb`.
pub async fn sorted_by_code_points() -> String {
    // Servers that know ICU sort by it unless told.
    let provider = if collation(&binaries()).is_empty() { "" } else { "locale_provider libc" };
    create(&format!("template template0 encoding 'UTF8' {provider} lc_collate 'C' lc_ctype 'C'")).await
}

async fn create(options: &str) -> String {
    let options = options.to_owned();
    tokio::task::spawn_blocking(move || {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("highwater_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        server().create(&name, &options)
    })
    .await
    .expect("creating a database does not panic")
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| existing().map_or_else(Server::start, |url| Server { bin: binaries(), url, _watcher: None }))
}

#[expect(clippy::disallowed_methods, reason = "a switch of the tests, not a setting of the server")]
fn existing() -> Option<String> {
    std::env::var(EXISTING).ok()
}

struct Server {
    bin: PathBuf,
    /// Of any database on it.
    url: String,
    /// Holds the pipe open.
    _watcher: Option<Child>,
}

impl Server {
    fn start() -> Self {
        let bin = binaries();
        let dir = tempfile::Builder::new().prefix("highwater-pg-").tempdir().expect("a temporary folder").keep();
        let root = fs::metadata(&dir).expect("the folder's owner").uid() == 0;
        let mut command = Command::new(if root { "setpriv" } else { "sh" });
        if root {
            run(Command::new("chown").arg("postgres").arg(&dir));
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "sh"]);
        }
        command.args(["-c", WATCHER, "sh"]).arg(&bin).arg(&dir).args(collation(&bin));
        // A process group of its own: an interrupt from the keyboard ends the tests, and so the pipe.
        let mut watcher = command.stdin(Stdio::piped()).process_group(0).spawn().expect("sh (and setpriv) run");

        let mut ended = None;
        let answers = wait::until(PATIENCE, || {
            ended = watcher.try_wait().expect("the watcher is our child");
            let mut ask = Command::new(bin.join("pg_isready"));
            ended.is_some() || ask.arg("-q").arg("-h").arg(&dir).status().is_ok_and(|status| status.success())
        });
        if !answers || ended.is_some() {
            let log = fs::read_to_string(dir.join("log")).unwrap_or_default();
            drop(fs::remove_dir_all(&dir));
            panic!("PostgreSQL did not start:\n{log}");
        }

        let url =
            format!("postgres://postgres@localhost/postgres?host={}", dir.display().to_string().replace('/', "%2F"));
        Self { bin, url, _watcher: Some(watcher) }
    }

    fn create(&self, name: &str, options: &str) -> String {
        let psql = self.bin.join("psql");
        run(Command::new(psql)
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c"])
            .arg(format!("create database {name} {options}"))
            .arg(&self.url));
        with_database(&self.url, name)
    }
}

/// `url` with another database's name in it.
fn with_database(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, None), |(address, query)| (address, Some(query)));
    let start = address.find("://").map_or(0, |at| at + 3);
    let server = address[start..].find('/').map_or(address, |at| &address[..start + at]);
    query.map_or_else(|| format!("{server}/{name}"), |query| format!("{server}/{name}?{query}"))
}

/// A language's order of text, as people's servers have it: an order by bytes has to be asked for.
fn collation(bin: &Path) -> &'static [&'static str] {
    let version = run(Command::new(bin.join("postgres")).arg("--version"));
    let digits = version.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let major: u32 = digits.and_then(|word| word.split('.').next()?.parse().ok()).unwrap_or_default();
    if major >= 15 { &["--locale-provider=icu", "--icu-locale=en-US"] } else { &[] }
}

/// The folder of `initdb` and `postgres`: outside the PATH on Debian.
fn binaries() -> PathBuf {
    let configured = Command::new("pg_config").arg("--bindir").output().ok();
    let configured = configured.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let mut versions: Vec<_> = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().collect();
    versions.sort_by_key(|version| version.file_name().to_string_lossy().parse::<u32>().unwrap_or_default());
    let versions = versions.into_iter().rev().map(|version| version.path().join("bin"));
    configured.into_iter().chain(versions).chain(path()).find(|bin| bin.join("initdb").is_file()).unwrap_or_else(|| {
        panic!("no PostgreSQL server binaries (initdb) found: run scripts/setup.sh, or install Debian's package `postgresql`, or name a server in {EXISTING}")
    })
}

#[expect(clippy::disallowed_methods, reason = "where programs are is no setting of the server")]
fn path() -> Vec<PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}

/// What `command` prints; it must succeed.
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_database_of_its_own_keeps_the_servers_address() {
    let local = "postgres://postgres@localhost/postgres?host=%2Ftmp%2Fx";
    assert_eq!(with_database(local, "a"), "postgres://postgres@localhost/a?host=%2Ftmp%2Fx");
    assert_eq!(with_database("postgres://u:p@h:1", "a"), "postgres://u:p@h:1/a");
}

#[tokio::test]
async fn every_test_gets_an_empty_postgres_database_of_its_own() {
    let (first, second) = tokio::join!(fresh_database(), fresh_database());
    assert_ne!(first, second);
    for url in [first, second] {
        let count = "select count(*) from pg_class where relnamespace = 'public'::regnamespace";
        assert_eq!(run(Command::new(binaries().join("psql")).args(["-XAtc", count]).arg(url)).trim(), "0");
    }
}
