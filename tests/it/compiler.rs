//! The compiler that cargo calls: `scripts/profile/rustc`.

use std::{
    path::Path,
    process::{Command, Stdio},
};

/// What the compiler makes of an empty library, in LLVM's words.
fn compiled(options: &[&str]) -> String {
    let wrapper = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/profile/rustc");
    // Where it leaves what it had begun when it fails.
    let folder = tempfile::tempdir().unwrap();
    let mut compiler = Command::new(wrapper);
    compiler.current_dir(folder.path());
    compiler.args(["rustc", "-", "--crate-type=lib", "--emit=llvm-ir", "-o", "-"]).args(options);
    let ended = compiler.stdin(Stdio::null()).output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).unwrap()
}

#[test]
fn a_release_build_goes_by_the_profile_of_requests() {
    let release = compiled(&["-C", "opt-level=3"]);
    assert!(release.contains("ProfileSummary"), "this compiler cannot: scripts/profile/measure.sh makes one for it");
    assert!(!compiled(&["-C", "opt-level=0"]).contains("ProfileSummary"));
}
