/// The candidate that somebody who typed `name` most likely meant, if one is near enough.
///
/// Near is at most a third of the letters wrong, and at least one may be. Of equally near ones the
/// first is taken.
package func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
    let typed = Array(name.lowercased().utf8.prefix(64))
    guard !typed.isEmpty else { return nil }
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
        let known = Array(candidate.lowercased().utf8)
        let distance = editDistance(typed, known)
        let allowed = max(1, max(typed.count, known.count) / 3)
        if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.candidate
}

/// The number of letters to insert, delete, replace or swap with the next to make one text of the other.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for (row, letter) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in right.enumerated() {
            let replaced = previous[column] + (letter == other ? 0 : 1)
            var distance = min(replaced, previous[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                distance = min(distance, beforePrevious[column - 1] + 1)
            }
            current.append(distance)
        }
        beforePrevious = previous
        previous = current
    }
    return previous[right.count]
}

/// The names in backticks, as messages list them.
func quotedList(_ names: some Sequence<String>) -> String {
    names.map { "`\($0)`" }.joined(separator: ", ")
}

/// `Did you mean …?` for the nearest of the candidates; else `fallback`.
func didYouMean(_ name: String, among candidates: some Sequence<String>, else fallback: String?) -> String? {
    nearestName(to: name, among: candidates).map { "did you mean `\($0)`?" } ?? fallback
}
