//! A person at a shell: the real binary as a client of a real server, with a home of its own.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tempfile::TempDir;

use super::{
    postgres,
    server::{SQLITE, Server},
};

/// How long a command may take; most take some 50 ms.
const PATIENCE: Duration = Duration::from_mins(1);

/// The servers of all these tests, one on each database; they end with this process.
static SERVERS: OnceLock<[Server; 2]> = OnceLock::new();

/// Numbers the tenants.
static TENANTS: AtomicUsize = AtomicUsize::new(0);

/// A person at a shell, in a tenant of their own.
pub struct Shell {
    pub url: String,
    pub token: String,
    pub tenant: String,
    server: &'static Server,
    home: TempDir,
    environment: Vec<(String, String)>,
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub bytes: Vec<u8>,
    pub stdout: String,
    pub stderr: String,
}

/// Runs `claim` against a server on SQLite and against one on PostgreSQL, each in a new tenant.
pub fn on_both(claim: impl Fn(&mut Shell)) {
    for server in servers() {
        claim(&mut Shell::of(server, &[]));
    }
}

fn servers() -> &'static [Server; 2] {
    SERVERS.get_or_init(|| {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let postgres = runtime.block_on(postgres::fresh_database());
        [Server::start(SQLITE), Server::start(&postgres)]
    })
}

impl Shell {
    /// A person in a new tenant, on SQLite.
    pub fn new() -> Self {
        Self::of(&servers()[0], &[])
    }

    /// A person in a new tenant of this tier, on SQLite.
    pub fn on_tier(tier: &str) -> Self {
        Self::of(&servers()[0], &["--tier", tier])
    }

    fn of(server: &'static Server, tier: &[&str]) -> Self {
        let tenant = format!("cli-{}", TENANTS.fetch_add(1, Ordering::Relaxed));
        let made = server.cli(&[&["tenant", "create", &tenant], tier].concat());
        assert!(made.status.success(), "{made:?}");
        let token = server.token(&["--name", "cli", "--tenant", &tenant]);
        let home = tempfile::tempdir().expect("a temporary folder");
        let mut shell = Self { url: server.url.clone(), token, tenant, server, home, environment: Vec::new() };
        shell.env("HIGHWATER_URL", &shell.url.clone());
        shell.env("HIGHWATER_TOKEN", &shell.token.clone());
        shell
    }

    /// Another token of this tenant, with these arguments of `token create`.
    pub fn another_token(&self, arguments: &[&str]) -> String {
        self.server.token(&[&["--name", "another", "--tenant", &self.tenant], arguments].concat())
    }

    /// Sets a variable for the commands to come.
    pub fn env(&mut self, name: &str, value: &str) {
        self.unset(name);
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Takes a variable away.
    pub fn unset(&mut self, name: &str) {
        self.environment.retain(|(known, _)| known != name);
    }

    /// A file in the working folder, with this content.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).expect("the folder takes files");
        path
    }

    /// A path in the working folder, which is the home too.
    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Said {
        self.run_with(arguments, "")
    }

    /// As [`Self::run`], with this on standard input.
    pub fn run_with(&self, arguments: &[&str], input: impl Into<Vec<u8>>) -> Said {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_highwater"));
        command.args(arguments).current_dir(&self.home).env_clear().envs(self.variables()).timeout(PATIENCE);
        let output = command.write_stdin(input).output().expect("the binary runs");
        Said {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            bytes: output.stdout,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Starts a command that runs on, with pipes to read what it says.
    pub fn start(&self, arguments: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_highwater"));
        command.args(arguments).current_dir(&self.home).env_clear().envs(self.variables());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs")
    }

    /// The environment of the commands: nothing of this process's.
    pub fn variables(&self) -> Vec<(String, String)> {
        let home = self.home.path().display().to_string();
        let own = [("HOME".to_owned(), home), ("PATH".to_owned(), "/usr/bin:/bin".to_owned())];
        own.into_iter().chain(self.environment.clone()).collect()
    }

    /// What a command prints that has to succeed.
    ///
    /// # Panics
    /// Where it does not.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!(said.code, 0, "{arguments:?}: {said:?}");
        said.stdout
    }

    /// What a command says on standard error that has to end with this code; it prints no data.
    ///
    /// # Panics
    /// Where it does not.
    pub fn fails(&self, code: i32, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!((said.code, said.stdout.as_str()), (code, ""), "{arguments:?}: {said:?}");
        assert!(said.stderr.starts_with("highwater: ") || code == 2, "{said:?}");
        said.stderr
    }
}
