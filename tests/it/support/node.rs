//! Programs of the npm packages that clients use, as a user runs them against a server.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Runs `tests/clients/CLIENT/SCRIPT` with that client's packages, and gives what it printed.
///
/// # Panics
/// Where the script does not end with 0, with what it printed.
pub fn script(client: &str, script: &str, arguments: &[&str]) -> String {
    // On standard input, so that imports are looked up in the working folder.
    let scripts = clients().join(client);
    let text = File::open(scripts.join(script)).expect("the script is there");
    let mut node = Command::new("node");
    // Where it finds the scripts beside it.
    node.env("HIGHWATER_TEST_SCRIPTS", scripts);
    node.args(["--input-type=module", "-"]).args(arguments).stdin(text).current_dir(packages(client));
    let output = node.output().expect("node runs");
    let (said, why) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{client}/{script}:\n{said}\n{why}");
    said.into_owned()
}

/// The folder with the client's packages; made by the first who asks, if it is not there.
fn packages(client: &str) -> PathBuf {
    let mut setup = Command::new(clients().join("npm.sh"));
    let output = setup.arg(client).stdin(Stdio::null()).stderr(Stdio::inherit()).output().expect("bash runs");
    assert!(output.status.success(), "tests/clients/npm.sh {client} failed; its reason is above");
    PathBuf::from(String::from_utf8(output.stdout).expect("a path").trim_end())
}

fn clients() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients")
}
