#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use serde_json::Value as Json;
use wayfarer_lang::{Catalog, check_all};

use super::faulty;

#[test]
fn what_was_found_elsewhere_reads_as_if_it_was_found_here() {
    let files = [
        ("a.yaml", "journey: a\r\nsteps: { é: { type: nö, wiht: 1 } }\n"),
        ("b.yaml", "journey: b\nsteps: []\n"),
        ("c.yaml", "- "),
        ("d.yaml", "journey: d\nrequires: authentication\nsteps: { d: { type: complete_journey } }\n"),
    ];
    let checked = check_all(files, &Catalog::forms());
    let told: Vec<Json> =
        checked.iter().flat_map(|file| file.findings.iter().map(|finding| finding.to_json(&file.source))).collect();
    assert!(told.len() > 3 && told.iter().any(|told| !told["fix"].is_null()), "{told:?}");
    assert!(told.iter().any(|told| told["path"].is_array()), "{told:?}");
    let files = files.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let read = faulty(&files, &told).unwrap();
    for ((source, findings), file) in read.iter().zip(&checked) {
        assert_eq!(source.name(), file.source.name());
        for (read, first) in findings.iter().zip(file.findings.iter()) {
            let shown = (read.code, read.severity, &read.message, &read.help, &read.fix, &read.path, read.span);
            assert_eq!(
                shown,
                (first.code, first.severity, &first.message, &first.help, &first.fix, &first.path, first.span)
            );
        }
    }
    assert_eq!(read.len(), checked.len());
    let mut odd = told.clone();
    odd[0]["code"] = "J9999".into();
    assert!(faulty(&files, &odd).is_none(), "one that only a newer program knows");
    assert!(faulty(&files[1..], &told).is_none(), "of a file that was not sent");
}
