//! Builds `ui/` with npm into `OUT_DIR/ui`, which `src/http/ui.rs` embeds. Without Node: a page that says so. The rest
//! is `scripts/order/link.rs`.
#![allow(clippy::print_stdout, reason = "standard output is how a build script speaks to cargo")]

use std::{env, fs, io, path::Path, process::Command};

#[path = "scripts/order/link.rs"]
mod order;

/// What the browser finds where the pages could not be built.
const STUB: &str = "<!doctype html><meta charset=utf-8><title>Highwater</title><h1>Built without its pages</h1>\
    <p>The server works; its pages need Node 20.19 or newer with npm when it is built. Install it, then \
    <code>touch build.rs</code> and build again. What was missing: <pre>";

fn main() -> io::Result<()> {
    let ui = Path::new("ui");
    for entry in fs::read_dir(ui)? {
        // A path that is not there, or that npm changes, would make cargo run this script in every build.
        let path = entry?.path();
        if !path.ends_with("node_modules") && !path.ends_with("dist") {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
    let out = variable("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    order::ask(variable, Path::new(&out));
    let out = Path::new(&out).join("ui");
    let changed = |path: &str| fs::metadata(ui.join(path)).and_then(|found| found.modified()).ok();
    let fresh = changed("node_modules/.package-lock.json") >= changed("package-lock.json");
    let step: &[&str] = if fresh { &["--version"] } else { &["ci", "--no-audit", "--no-fund", "--loglevel=error"] };
    if let Err(why) = npm(ui, step) {
        // The first line is enough: the rest has paths and addresses of this machine, and the page is public.
        let why = why.lines().next().unwrap_or_default().replace(['&', '<'], " ");
        println!("cargo::warning=the server's pages are left out: {why}");
        drop(fs::remove_dir_all(&out));
        fs::create_dir_all(&out)?;
        let pages = fs::read_dir(ui)?.flatten().map(|entry| entry.path());
        for page in pages.filter(|path| path.extension().is_some_and(|extension| extension == "html")) {
            fs::write(out.join(page.file_name().unwrap_or_default()), format!("{STUB}{why}</pre>\n"))?;
        }
        return Ok(());
    }
    // With its packages there, what fails is a mistake in ui/.
    let folder = out.to_string_lossy();
    npm(ui, &["run", "build", "--", "--emptyOutDir", "--outDir", &folder]).map_err(io::Error::other)
}

#[expect(clippy::disallowed_methods, reason = "cargo's own variables, for build scripts")]
fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

/// Runs npm; fails with what it wrote.
fn npm(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let name = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let ended = Command::new(name).args(arguments).current_dir(folder).output();
    let ended = ended.map_err(|error| format!("npm does not run: {error}"))?;
    let wrote = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if ended.status.success() { Ok(()) } else { Err(wrote(&ended.stderr) + &wrote(&ended.stdout)) }
}
