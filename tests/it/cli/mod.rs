//! The command line as a client, driven as a person drives it, against real servers on both databases.

mod connection;
mod files;
mod flows;
mod kv;
mod reference;
mod terminal;
mod watch;
