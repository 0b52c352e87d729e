//! The real, unmodified prefect (1.4.1 where no other is named), as a user runs it against a server.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Mutex,
};

use tempfile::TempDir;

/// A user's shell: a home folder of its own, an API address and, mostly, an API key.
pub struct Prefect {
    /// The folder of `tests/clients/` whose pins name the client's version.
    client: &'static str,
    api: String,
    key: Option<String>,
    settings: Vec<(&'static str, String)>,
    home: TempDir,
}

/// What a program said before it ended.
#[derive(Debug)]
pub struct Said {
    /// Its return code.
    pub code: Option<i32>,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Prefect {
    /// A user with the three lines in the environment that the server prints at its first start.
    pub fn with_key(api: &str, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..Self::without_key(api) }
    }

    /// A user without a key in the environment, who has to log in.
    pub fn without_key(api: &str) -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        Self { client: "prefect", api: api.to_owned(), key: None, settings: Vec::new(), home }
    }

    /// The same with another version of the client: a folder of `tests/clients/`.
    pub fn version(self, client: &'static str) -> Self {
        Self { client, ..self }
    }

    /// The same with one more setting in the environment.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.settings.push((name, value.to_owned()));
        self
    }

    /// Runs `prefect` with these arguments.
    pub fn cli(&self, arguments: &[&str]) -> Said {
        run(self.command("bin/prefect").args(arguments))
    }

    /// Runs a script of `tests/clients/prefect/`, which exits with 0 when all its claims hold.
    ///
    /// # Panics
    /// When it does not, with what the script printed.
    pub fn script(&self, name: &str) {
        println!("{}", succeeds(self.command("bin/python").arg(folder().join(name))));
    }

    /// Runs some lines of Python.
    ///
    /// # Panics
    /// When they fail.
    pub fn python(&self, code: &str) -> String {
        succeeds(self.command("bin/python").args(["-c", code]))
    }

    /// Nothing of this process's environment gets through: a Prefect setting in it would count.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(environment(self.client).join(program));
        command.env_clear().env("HOME", self.home.path()).current_dir(&self.home);
        command.env("LANG", "C.UTF-8").env("PYTHONDONTWRITEBYTECODE", "1");
        command.env("PREFECT__BACKEND", "cloud").env("PREFECT__CLOUD__API", &self.api);
        if let Some(key) = &self.key {
            command.env("PREFECT__CLOUD__API_KEY", key);
        }
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// The virtual environment with the pins of `tests/clients/CLIENT/requirements.txt`; made by the first
/// who asks, if it is not there.
pub fn environment(client: &'static str) -> PathBuf {
    static MADE: Mutex<BTreeMap<&str, PathBuf>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().expect("whoever made one before went through");
    made.entry(client).or_insert_with(|| make(client)).clone()
}

fn make(client: &str) -> PathBuf {
    let mut setup = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/python.sh"));
    let output = setup.arg(client).stdin(Stdio::null()).stderr(Stdio::inherit()).output().expect("bash runs");
    assert!(output.status.success(), "tests/clients/python.sh {client} failed; its reason is above");
    PathBuf::from(String::from_utf8(output.stdout).expect("a path").trim_end())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/prefect")
}

/// Runs a program to its end.
pub fn run(command: &mut Command) -> Said {
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Said { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

fn succeeds(command: &mut Command) -> String {
    let said = run(command);
    assert_eq!(said.code, Some(0), "{command:?}:\n{}\n{}", said.stdout, said.stderr);
    said.stdout
}
