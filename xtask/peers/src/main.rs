//! Names of measures come in; criterion's estimates of each, ours and those beside it, go out as files.
//!
//! `cargo xtask bench` starts this program once for each measure and makes the table of what it leaves behind.

mod commits;
mod compile;
mod dispatch;
mod estimate;
mod expression;
mod http;
mod journey;
mod load;
mod machine;
mod request;
mod scratch;

use std::time::Duration;

use criterion::Criterion;

type Measure = fn(&mut Criterion);

/// Every measure: its name, and what takes it.
const MEASURES: [(&str, Measure); 7] = [
    ("expression", expression::measure),
    ("compile", compile::measure),
    ("machine", machine::measure),
    ("dispatch", dispatch::measure),
    ("journey", journey::measure),
    ("commits", commits::measure),
    ("load", load::measure),
];

/// What criterion cannot take: servers in processes of their own. Told whether it is to be quick.
const SERVERS: [(&str, fn(bool)); 4] =
    [("http", http::measure), ("timing", http::timing), ("slow", http::slow), ("rest", http::rest)];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let Some((word, server)) = words.split_first()
        && word == "serve"
    {
        return http::serve(server);
    }
    let quick = words.iter().any(|word| word == "--quick");
    for (name, measure) in MEASURES {
        if words.iter().any(|word| word == name) {
            measure(&mut criterion(quick));
        }
    }
    for (name, measure) in SERVERS {
        if words.iter().any(|word| word == name) {
            measure(quick);
        }
    }
}

/// A quick run tells whether everything works, and the order of magnitude.
fn criterion(quick: bool) -> Criterion {
    let criterion = Criterion::default().without_plots();
    if quick {
        let (warm_up, measured) = (Duration::from_millis(100), Duration::from_millis(500));
        criterion.warm_up_time(warm_up).measurement_time(measured).sample_size(10)
    } else {
        criterion.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3)).sample_size(50)
    }
}
