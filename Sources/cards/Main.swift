import CMemory
import CardsCommands
import Glibc

/// The executable `cards`, which does nothing but call the commands.
@main
enum Main {
    static func main() {
        cards_return_freed_memory()
        exit(CardsCommand.run(Array(CommandLine.arguments.dropFirst())))
    }
}
