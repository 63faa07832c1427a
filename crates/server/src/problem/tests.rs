use super::{Fault, escaped};

#[test]
fn a_place_is_a_pointer_in_a_fragment() {
    let pointer = |within, path| Fault::at(within, path, "x").pointer;
    assert_eq!(pointer("params", ""), "#/params");
    assert_eq!(pointer("params", "address.lines[0]"), "#/params/address/lines/0");
    assert_eq!(pointer("", "data.name"), "#/data/name");
    assert_eq!(pointer("", ""), "#");
    assert_eq!(escaped("a/b~c d\"é"), "a~1b~0c%20d%22%C3%A9");
}
