//! `highwater reference`: docs/cli.md, from the same definitions that `--help` shows.

use clap::Command;

/// What comes before the commands.
const INTRODUCTION: &str = include_str!("reference.md");

/// How wide the help is printed, whatever the terminal.
const WIDTH: usize = 100;

/// The text of docs/cli.md.
pub(super) fn markdown(command: Command) -> String {
    let mut command = command.term_width(WIDTH);
    command.build();
    let mut text = INTRODUCTION.to_owned();
    write(&mut command, "highwater", &mut text);
    text
}

/// A command with all below it.
fn write(command: &mut Command, name: &str, out: &mut String) {
    let help = command.clone().term_width(WIDTH).render_long_help().to_string();
    let help: Vec<_> = help.trim_end().lines().map(str::trim_end).collect();
    out.extend(["\n## `", name, "`\n\n```text\n", &help.join("\n"), "\n```\n"]);
    let inner: Vec<_> =
        command.get_subcommands().filter(|it| !it.is_hide_set() && it.get_name() != "help").cloned().collect();
    for mut inner in inner {
        let name = format!("{name} {}", inner.get_name());
        write(&mut inner, &name, out);
    }
}
