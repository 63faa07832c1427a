//! A key or an index and the way below it come in; the longer way goes out, as `address.lines[0]`.

pub(crate) fn field(key: &str, below: &str) -> String {
    match below.chars().next() {
        None => key.to_owned(),
        Some('[') => format!("{key}{below}"),
        Some(_) => format!("{key}.{below}"),
    }
}

pub(crate) fn item(index: usize, below: &str) -> String {
    let dot = if below.is_empty() || below.starts_with('[') { "" } else { "." };
    format!("[{index}]{dot}{below}")
}
