use wayfarer_lang::Code;
use wayfarer_lang::text::Span;

use super::*;

#[test]
fn a_finding_is_one_line_that_nothing_in_it_can_end() {
    let source = Source::new("a,b:c%\n.yaml", "é: 1\nb: 2\n");
    let finding = Diagnostic::error(Code::SYNTAX, Span::new(0, 2), "100% `::error::`").help("write: less");
    assert_eq!(
        annotation(&source, &finding),
        "::error file=a%2Cb%3Ac%25%0A.yaml,line=1,endLine=1,col=1,endColumn=2,\
         title=J0005%3A the text is not YAML::100%25 `::error::`%0Ahelp: write: less"
    );
    let finding = Diagnostic::note(Code::TOO_MANY_FINDINGS, Span::new(0, 8), "more");
    assert_eq!(
        annotation(&source, &finding),
        "::notice file=a%2Cb%3Ac%25%0A.yaml,line=1,endLine=2,title=J0020%3A the file has more mistakes than are shown::more"
    );
    let warning = Diagnostic::warning(Code::NO_EFFECT, Span::new(0, 1), "idle");
    assert!(annotation(&source, &warning).starts_with("::warning file="));
}
