import Dispatch
import Synchronization

/// Runs `body` for every index on up to `cores` threads and returns the results in order.
///
/// Synchronous, so that kernels can be counted by tools that do not know tasks. Indices are handed
/// out one by one, so uneven parts balance out.
///
/// - Parameters:
///   - count: How many parts there are.
///   - cores: The number of threads; 1 runs everything on the caller's.
///   - body: The work for one part.
/// - Returns: The results, in the order of the indices.
public func concurrentMap<Part: Sendable>(
    count: Int, cores: Int, _ body: @escaping @Sendable (Int) -> Part
) -> [Part] {
    guard cores > 1, count > 1 else { return (0..<count).map(body) }
    let next = Atomic<Int>(0)
    let results = Mutex<[Part?]>(Array(repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: min(cores, count)) { _ in
        while true {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            let part = body(index)
            results.withLock { $0[index] = part }
        }
    }
    return results.withLock { $0.compactMap { $0 } }
}

/// Runs `body` for every index on up to `cores` threads, each with a state of its own.
///
/// For work that adds up: which thread takes which index is left to chance, so states must be such
/// that their sum does not depend on it.
///
/// - Parameters:
///   - count: How many parts there are.
///   - cores: The number of threads; 1 runs everything on the caller's.
///   - make: Makes the state of a thread.
///   - body: Adds one part to a state.
/// - Returns: The states, one for each thread that was used, in no order.
public func concurrentVisit<State: Sendable>(
    count: Int, cores: Int, make: @Sendable () -> State, _ body: @escaping @Sendable (inout State, Int) -> Void
) -> [State] {
    let next = Atomic<Int>(0)
    return concurrentMap(count: max(1, min(cores, count)), cores: cores) { [state = make()] _ in
        var state = state
        while true {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < count else { return state }
            body(&state, index)
        }
    }
}
