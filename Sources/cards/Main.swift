import CardsCommands
import Glibc

/// The executable `cards`, which does nothing but call the commands.
@main
enum Main {
    static func main() {
        // What a run no longer needs goes back to the system at once, whatever was freed before it.
        mallopt(M_MMAP_THRESHOLD, 1 << 17)
        exit(CardsCommand.run(Array(CommandLine.arguments.dropFirst())))
    }
}
