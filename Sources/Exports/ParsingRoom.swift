import CaseEvents

/// The memory in which a thread turns one block after the other into events.
struct ParsingRoom: Sendable {
    var builder: EventBuilder
    /// The ends of a block's fields, while it is parsed.
    var ends: ContiguousArray<UInt32> = []
}
