//! Rows of cells come in; lines with aligned columns go out.

use super::style::{NAME, paint};

/// Lines with two spaces between the columns; the last column is as wide as it likes.
pub(crate) fn columns<const N: usize>(rows: &[[String; N]]) -> Vec<String> {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |row: &[String; N]| {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width - cell.chars().count() + 2));
        }
        line.truncate(line.trim_end().len());
        line
    };
    rows.iter().map(line).collect()
}

/// The same, indented, with the names in the first column painted.
pub(crate) fn names<const N: usize>(rows: &[[String; N]]) -> Vec<String> {
    let paint_name = |(line, row): (String, &[String; N])| {
        let name = row.first().map_or("", String::as_str);
        let rest = line.strip_prefix(name).unwrap_or_default();
        format!("  {}{rest}", paint(NAME, name))
    };
    columns(rows).into_iter().zip(rows).map(paint_name).collect()
}

#[cfg(test)]
mod tests;
