//! The binary `wayfarer`: the built-in steps and no others.

fn main() -> std::process::ExitCode {
    wayfarer_cli::main(Vec::new())
}
