//! Puts the functions that run side by side in the binary, by the list that `measure.sh` wrote.
//!
//! A request runs some 800 functions of 50,000. As the linker finds them they lie all over 26 MB, on 700 pages where 300
//! would do, and a server that idles has most of the binary in memory.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The functions, in the order to put them in.
const FUNCTIONS: &str = "scripts/order/functions.txt";

/// Asks the linker for the order, where it can give one; elsewhere the program is the same, and slower.
pub(crate) fn ask(variable: impl Fn(&str) -> Option<String>, out: &Path) {
    println!("cargo::rerun-if-changed={FUNCTIONS}");
    let folder = variable("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let list = format!("-Wl,--symbol-ordering-file={}", folder.join(FUNCTIONS).display());
    let flags = [list.as_str(), "-Wl,--no-warn-symbol-ordering"];
    let is = |name, wanted| variable(name).as_deref() == Some(wanted);
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") && links(&flags, &variable, out) {
        for flag in flags {
            println!("cargo::rustc-link-arg-bin=highwater={flag}");
        }
    }
}

/// Whether an empty program links with these `flags`, by the compiler and for the target that this build has: so the
/// linker is asked itself.
fn links(flags: &[&str], variable: &impl Fn(&str) -> Option<String>, out: &Path) -> bool {
    let (program, source) = (out.join("order-probe"), out.join("order-probe.rs"));
    let mut compiler = Command::new(variable("RUSTC").unwrap_or_default());
    compiler.arg(&source).arg("-o").arg(program).args(["--target", &variable("TARGET").unwrap_or_default()]);
    compiler
        .args(variable("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default().split('\u{1f}').filter(|flag| !flag.is_empty()));
    compiler.args(variable("RUSTC_LINKER").map(|linker| format!("-Clinker={linker}")));
    compiler.args(flags.iter().map(|flag| format!("-Clink-arg={flag}")));
    fs::write(&source, "fn main() {}").is_ok() && compiler.output().is_ok_and(|ended| ended.status.success())
}
