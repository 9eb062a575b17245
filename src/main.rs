//! The `leitmotif` executable; see the library for everything else.

use std::process::ExitCode;

fn main() -> ExitCode {
    leitmotif::cli::main()
}
