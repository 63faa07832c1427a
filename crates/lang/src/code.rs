//! The id of a finding comes in; its title, weight and page come out.

use std::fmt;

use crate::diagnostic::Severity;

/// The stable name of one sort of finding, `J0001` to `J0999`. Only the table below makes one.
#[derive(Clone, Copy)]
pub struct Code(&'static Entry);

struct Entry {
    id: &'static str,
    title: &'static str,
    severity: Severity,
    page: &'static str,
}

/// Declares the codes: one line each, `NAME = "J0000" Severity "title";`, with its page in `codes/J0000.md`.
macro_rules! codes {
    ($($name:ident = $id:literal $severity:ident $title:literal;)+) => {
        impl Code {
            $(
                #[doc = concat!($id, ": ", $title, ".")]
                pub const $name: Code = Code(&Entry {
                    id: $id,
                    title: $title,
                    severity: Severity::$severity,
                    page: include_str!(concat!("codes/", $id, ".md")),
                });
            )+

            const TABLE: &[Code] = &[$(Code::$name),+];
        }
    };
}

codes! {
    // J00xx: bytes and YAML.
    NOT_UTF8 = "J0001" Error "the file is not UTF-8";
    TOO_LARGE = "J0002" Error "the file is too large";
    EMPTY = "J0003" Error "the file is empty";
    NOT_A_MAPPING = "J0004" Error "the file is not a mapping";
    SYNTAX = "J0005" Error "the text is not YAML";
    ANCHOR = "J0006" Error "anchors are not allowed";
    ALIAS = "J0007" Error "aliases are not allowed";
    TAG = "J0008" Error "tags are not allowed";
    MERGE_KEY = "J0009" Error "merge keys are not allowed";
    DUPLICATE_KEY = "J0010" Error "a key stands twice in one mapping";
    SEVERAL_DOCUMENTS = "J0011" Error "the file holds several documents";
    CONTROL_CHARACTER = "J0012" Error "the file holds a control character";
    BIDI_CHARACTER = "J0013" Error "the file holds a character that changes the direction of text";
    TOO_DEEP = "J0014" Error "the file is nested too deeply";
    TOO_MANY_NODES = "J0015" Error "the file holds too many values";
    KEY_NOT_TEXT = "J0016" Error "a key is not a text";
    INTEGER_TOO_LARGE = "J0017" Error "an integer does not fit in 64 bits";
    NOT_FINITE = "J0018" Error "a number is not finite";
    DIRECTIVE = "J0019" Error "directives are not allowed";
    TOO_MANY_FINDINGS = "J0020" Note "the file has more mistakes than are shown";
    UNQUOTED = "J0021" Error "a text that begins with a reserved character stands without quotes";
    // J01xx: the shape of a journey file.
    UNKNOWN_KEY = "J0101" Error "a key has no meaning here";
    MISSING_KEY = "J0102" Error "a key is missing";
    WRONG_SHAPE = "J0103" Error "a value has the wrong shape";
    BAD_ID = "J0104" Error "a name is not well formed";
    RESERVED_ID = "J0105" Error "a step is called after a reserved target";
    NO_STEPS = "J0106" Error "the journey has no steps";
    UNKNOWN_KIND = "J0107" Error "the kind of journey does not exist";
    UNKNOWN_VALUE_TYPE = "J0108" Error "the type of a value does not exist";
    TYPE_CONTRADICTION = "J0109" Error "a type contradicts itself";
    BRANCHES_AND_NEXT = "J0110" Error "a step has both `branches` and `next`";
    BAD_DURATION = "J0111" Error "a duration cannot be read";
    BAD_RETRY = "J0112" Error "the number of tries is out of range";
    STEPS_OUTSIDE_LOOP = "J0113" Error "a step that is no loop has steps of its own";
    // J02xx: names.
    UNKNOWN_STEP_TYPE = "J0201" Error "a step type does not exist";
    UNKNOWN_TARGET = "J0202" Error "a target does not exist";
    UNKNOWN_EXIT = "J0203" Error "a step has no such exit";
    LOOP_TARGET = "J0204" Error "a loop's target stands outside a loop";
    STEP_TWICE = "J0205" Error "two steps have the same id";
    INTO_LOOP = "J0206" Error "a target lies in the body of a loop";
    UNKNOWN_JOURNEY = "J0207" Error "a journey does not exist";
    NOT_A_SUB_JOURNEY = "J0208" Error "a journey is invoked that is no sub-journey";
    RECURSION = "J0209" Error "a journey leads back to itself";
    JOURNEY_TWICE = "J0210" Error "two journeys have the same id";
    UNKNOWN_VARIABLE = "J0211" Error "a variable does not exist";
    UNKNOWN_START_PARAMETER = "J0212" Error "a start parameter is not declared";
    UNKNOWN_FUNCTION = "J0213" Error "a function does not exist";
    // J03xx: flow.
    UNLINKED_EXIT = "J0301" Error "an exit leads nowhere";
    UNREACHABLE_STEP = "J0302" Error "no way leads to a step";
    ENDLESS_CYCLE = "J0303" Error "a cycle never waits for the client";
    UNSET_VARIABLE = "J0304" Error "a variable may be unset";
    NEXT_WITH_OTHER_EXITS = "J0305" Error "`next` stands at a step with other exits";
    NEVER_COMPLETES = "J0306" Warning "no way completes the journey";
    DEAD_END = "J0307" Warning "no way leads from a step to an end";
    TOO_MANY_JOURNEYS = "J0308" Warning "too many journeys wait for one another";
    // J04xx: expressions.
    EXPRESSION_SYNTAX = "J0401" Error "an expression cannot be read";
    EXPRESSION_LIMIT = "J0402" Error "an expression is too large";
    WRONG_USE = "J0403" Error "a call or a lambda does not fit";
    NOT_AN_EXPRESSION = "J0404" Error "an expression is needed";
    // J05xx: parameters of steps.
    MISSING_PARAMETER = "J0501" Error "a parameter of a step is missing";
    UNKNOWN_PARAMETER = "J0502" Error "a step has no such parameter";
    WRONG_TYPE = "J0503" Error "a value does not fit its type";
    SECRET_LEAK = "J0504" Error "a secret goes where it would be seen";
    RETRY_REFUSED = "J0505" Error "a step cannot be tried again";
    NO_EFFECT = "J0506" Warning "a setting has no effect";
    REASON_SHOWN = "J0507" Warning "the reason of a failure goes to the client";
    FIELD_CONTRADICTION = "J0508" Error "a field of a form cannot be asked for";
    BACKEND_WAITS = "J0509" Error "a journey for backends waits for somebody";
    BACKEND_ONLY = "J0510" Error "a parameter is for journeys for backends";
    HEADER_KEPT = "J0511" Error "a journey sets a header that it cannot";
    // J052x: parameters of forms.
    NO_CASES = "J0520" Error "a match has no cases";
    CASE_TWICE = "J0521" Error "two cases have the same value";
    EXIT_TAKEN = "J0522" Error "a key would be an exit that has a meaning already";
    // J06xx: the values of `wayfarer.yaml`; its bytes and its shape are those of J00xx and J01xx.
    OUT_OF_BOUNDS = "J0601" Error "a setting is out of its bounds";
    NOT_A_CHOICE = "J0602" Error "a setting cannot be read";
    SETTINGS_CONTRADICT = "J0603" Error "settings contradict each other";
    TOO_WEAK = "J0604" Error "a setting is weaker than the profile allows";
    // J07xx: types.
    IMPOSSIBLE = "J0701" Error "an operation can never succeed";
    MAY_BE_NULL = "J0702" Warning "a value may be null";
    MAY_NOT_FIT = "J0703" Warning "a value may be of a type that does not fit";
    COERCION = "J0704" Warning "a value is turned into one of another type";
    DECIDED = "J0705" Warning "a comparison or a condition always has the same answer";
    DEAD_CASE = "J0706" Warning "a case is never taken";
    NEVER_READ = "J0707" Warning "the output of a step is never read";
    UNKNOWN_FIELD = "J0708" Warning "a field is read that is never there";
    // J08xx: what the ways through a journey prove.
    UNVERIFIED = "J0801" Error "a way leads to the end without a verification";
    AFTER_FAILURE = "J0802" Error "a way leads from a failed verification to the end";
    UNBOUNDED_TRIES = "J0803" Warning "a verification can be tried without a bound";
    USER_CHANGED = "J0804" Error "the user may change after the verification";
    FAILURES_DIFFER = "J0805" Warning "the failures of a verification differ for the client";
    RULE_BROKEN = "J0806" Error "a rule of the project is broken";
}

impl Code {
    /// The id, such as `J0203`.
    pub const fn id(self) -> &'static str {
        self.0.id
    }

    /// What is wrong, in a few lower-case words.
    pub const fn title(self) -> &'static str {
        self.0.title
    }

    /// The weight that findings of this sort have.
    pub const fn severity(self) -> Severity {
        self.0.severity
    }

    /// The page that explains it, in Markdown; its first line is `# id: title`.
    pub const fn page(self) -> &'static str {
        self.0.page
    }

    /// Whether it is about what the ways through a journey prove: the journey itself is whole then.
    pub fn is_proof(self) -> bool {
        self.id().starts_with("J08")
    }

    /// The code with this id; letter case does not matter.
    pub fn find(id: &str) -> Option<Self> {
        Self::all().find(|code| code.id().eq_ignore_ascii_case(id))
    }

    /// Every code, ordered by id.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        Self::TABLE.iter().copied()
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Code {}

impl PartialOrd for Code {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Code {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.id().cmp(other.id())
    }
}

impl std::hash::Hash for Code {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.id().hash(state);
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests;
