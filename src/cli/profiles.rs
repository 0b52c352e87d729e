//! The file of profiles: servers that a person has logged in to.

use std::{
    collections::BTreeMap,
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::exit::{Exit, failure};

/// The profile of those who need only one.
pub(super) const DEFAULT: &str = "default";

/// Servers that a person has logged in to, by name.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Profiles {
    /// The one that is used where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) current: Option<String>,
    #[serde(default, rename = "profile")]
    profiles: BTreeMap<String, Profile>,
}

/// A server and a token for it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Profile {
    pub(super) url: String,
    pub(super) token: String,
}

impl std::fmt::Debug for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Profile").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Profiles {
    /// Reads the file; no file is no profile.
    ///
    /// # Errors
    /// A sentence that names the file. It never repeats what is in it: tokens are.
    pub(super) fn load(folder: Option<&Path>) -> Result<Self> {
        let Some(path) = folder.map(file) else { return Ok(Self::default()) };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        toml::from_str(&text).map_err(|error: toml::de::Error| {
            let line = error.span().map_or(1, |span| text[..span.start].lines().count().max(1));
            failure(Exit::Failed, format!("{} cannot be read (line {line}): {}", path.display(), error.message()))
        })
    }

    /// Writes the file, for its owner alone; whole, or not at all.
    ///
    /// # Errors
    /// A sentence that names the file.
    pub(super) fn save(&self, folder: Option<&Path>) -> Result<PathBuf> {
        let no_home =
            "neither HOME nor XDG_CONFIG_HOME says where settings live; HIGHWATER_URL and HIGHWATER_TOKEN work without";
        let path = folder.map(file).ok_or_else(|| failure(Exit::Failed, no_home))?;
        let write = || -> Result<()> {
            let folder = path.parent().unwrap_or(Path::new("."));
            fs::create_dir_all(folder)?;
            // A temporary file is its owner's alone from the first byte on.
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(toml::to_string(self)?.as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            Ok(())
        };
        write().with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    /// The profile called `name`.
    ///
    /// # Errors
    /// A sentence with the names there are.
    pub(super) fn get(&self, name: &str) -> Result<&Profile> {
        self.profiles.get(name).ok_or_else(|| {
            let known: Vec<_> = self.profiles.keys().map(String::as_str).collect();
            let known = if known.is_empty() {
                "there is none yet".to_owned()
            } else {
                format!("there are: {}", known.join(", "))
            };
            failure(
                Exit::Usage,
                format!("there is no profile {name:?}; {known}. `highwater login --profile NAME` makes one"),
            )
        })
    }

    /// Keeps a profile under a name, and uses it from now on.
    pub(super) fn put(&mut self, name: &str, profile: Profile) {
        self.profiles.insert(name.to_owned(), profile);
        self.current = Some(name.to_owned());
    }

    /// Forgets a profile; whether there was one.
    pub(super) fn remove(&mut self, name: &str) -> bool {
        if self.current.as_deref() == Some(name) {
            self.current = None;
        }
        self.profiles.remove(name).is_some()
    }

    /// The profiles by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Profile)> {
        self.profiles.iter().map(|(name, profile)| (name.as_str(), profile))
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("highwater").join("profiles.toml")
}
