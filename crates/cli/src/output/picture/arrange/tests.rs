#![expect(clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use super::*;

#[test]
fn a_line_beside_all_boxes_lies_in_the_picture() {
    let mut placed = Placed {
        size: (100.0, 50.0),
        boxes: vec![(50.0, 10.0)],
        pieces: vec![vec![(50.0, 10.0), (-30.0, 20.0)], vec![(120.0, 30.0)]],
        beside: vec![None, Some((60.0, 30.0))],
        bodies: vec![Body { home: 0, middle: (40.0, 25.0), size: (10.0, 10.0) }],
    };
    placed.widen();
    assert_eq!((placed.size, placed.boxes), ((150.0, 50.0), vec![(80.0, 10.0)]));
    assert_eq!(placed.pieces, [vec![(80.0, 10.0), (0.0, 20.0)], vec![(150.0, 30.0)]]);
    assert_eq!((placed.beside, placed.bodies[0].middle), (vec![None, Some((90.0, 30.0))], (70.0, 25.0)));
}
