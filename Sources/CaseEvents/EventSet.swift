/// A set of event kinds, one bit for each.
public struct EventSet: Sendable, BitwiseCopyable {
    @usableFromInline var bits: UInt64

    /// A set of some kinds.
    public init(_ kinds: some Sequence<EventKind>) {
        bits = kinds.reduce(0) { $0 | 1 &<< UInt64($1.rawValue) }
    }

    /// Whether the set has a kind.
    @inlinable
    public func contains(_ kind: EventKind) -> Bool { bits &>> UInt64(kind.rawValue) & 1 == 1 }

    /// Adds a kind.
    @inlinable
    public mutating func insert(_ kind: EventKind) { bits |= 1 &<< UInt64(kind.rawValue) }
}
