//! The section `named_keys` comes in; where each key that expressions may use by its alias lies goes out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use wayfarer_lang::diagnostic::quoted;
use wayfarer_lang::{Code, Diagnostic};

use super::section::Section;

/// Where a key lies, and of which sort it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeyFile {
    /// A secret, for AES, HMAC and tokens signed with HS256.
    Secret(PathBuf),
    /// The public key of another party, for its tokens.
    Public(PathBuf),
}

/// `named_keys: { alias: { secret } or { public } }`.
pub(super) fn read(root: &mut Section<'_>, folder: &Path) -> BTreeMap<String, KeyFile> {
    let keys = root.each("named_keys", "the key", |alias, section| {
        let (secret, public) = (section.path("secret", folder), section.path("public", folder));
        let lacks = section.lacks("secret") && section.lacks("public");
        let file = match (secret, public) {
            (Some(path), None) => Some(KeyFile::Secret(path)),
            (None, Some(path)) => Some(KeyFile::Public(path)),
            (Some(_), Some(_)) => {
                let message = format!("the key {} is a secret and public at once", quoted(&alias.value));
                let finding = Diagnostic::error(Code::SETTINGS_CONTRADICT, alias.span, message);
                section.find(finding.help("give it either `secret` or `public`"));
                None
            }
            (None, None) => {
                if lacks {
                    section.missing(
                        "secret",
                        "name the file of a secret by `secret`, or that of another's public key by `public`",
                    );
                }
                None
            }
        };
        Some((alias.value.to_string(), file?))
    });
    keys.unwrap_or_default().into_iter().flatten().collect()
}
