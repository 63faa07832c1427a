//! `new`: a name comes in, a commented journey that checks clean is written.

use anyhow::Result;
use wayfarer_lang::journey::is_identifier;

use crate::args::New;
use crate::console::Console;
use crate::failure::Failure;
use crate::output::style::{NAME, paint};
use crate::{Ending, files};

/// The reference journey, with a comment for whoever writes the first one.
const STARTER: &str = include_str!("new/starter.yaml");

/// Writes the starter under the name. A file that is there is never touched.
pub(crate) fn perform(arguments: &New, console: &mut Console) -> Result<Ending> {
    let name = arguments.name.as_str();
    if !is_identifier(name) {
        let rule = "begin with a letter or `_`; then up to 63 letters, digits, `_` and `-` may follow";
        return Err(Failure::usage(format!("`{}` cannot be a journey's id", name.escape_debug()))
            .help(rule.to_owned())
            .into());
    }
    let path = arguments.dir.join(format!("{name}.yaml"));
    if files::exists(&path) {
        return Err(
            Failure::new("file_exists", format!("`{}` is there already, and stays as it is", path.display())).into()
        );
    }
    files::create(&path, &STARTER.replace("NAME", name))?;
    let file = path.display();
    console.print(&file)?;
    console.say("\nnext:")?;
    for words in [
        format!("wayfarer check {file}"),
        format!("wayfarer graph {file}"),
        format!("wayfarer run {file} -p temp_code=-"),
    ] {
        console.say(format_args!("  {}", paint(NAME, words)))?;
    }
    Ok(Ending::Good)
}
