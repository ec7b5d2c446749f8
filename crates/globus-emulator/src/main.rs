//! The `globus-emulator` command.

fn main() -> std::process::ExitCode {
    globus_emulator::cli::main()
}
