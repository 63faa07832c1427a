//! The word for a profile comes in; which controls hold goes out.

use clap::ValueEnum;

/// How strict an installation is where the compatible interfaces leave a choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// As Mosaic's documentation has it; what is less safe than it could be is reported.
    #[default]
    MosaicCompatible,
    /// Nothing that would be reported is allowed, and more is asked of whoever issues codes.
    Hardened,
}

/// Digits of a code in the hardened profile.
pub(super) const HARDENED_LENGTH: i64 = 8;

impl Profile {
    pub(super) fn find(word: &str) -> Option<Self> {
        [Self::MosaicCompatible, Self::Hardened].into_iter().find(|profile| profile.word() == word)
    }

    /// The word for it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::MosaicCompatible => "mosaic-compatible",
            Self::Hardened => "hardened",
        }
    }

    pub(crate) fn is_hardened(self) -> bool {
        self == Self::Hardened
    }
}
