import CaseEvents
import Rules

/// The keys that only rules of some shapes have.
private let shapeKeys = [
    "stops", "voided_by_nfa", "step", "first_starts_at", "strict_within", "referrals_from", "referrals_to",
    "child_not_seen_after",
]

/// The keys that every rule has.
private let commonKeys = ["rule", "title", "shape", "on", "risk", "day_count", "editions"]

extension ClockShape {
    /// The keys of ``shapeKeys`` that a rule of the shape may have.
    fileprivate var optionalKeys: [String] {
        switch self {
        case .referral: ["stops", "voided_by_nfa"]
        case .assessment: ["step", "first_starts_at", "strict_within", "child_not_seen_after"]
        case .conference, .childSeen: ["child_not_seen_after"]
        case .afterConference: ["stops"]
        case .window: ["referrals_from", "referrals_to"]
        case .authorisation, .laterReview, .transferIn, .shortTermWork: []
        }
    }

    /// Whether a rule of the shape may have the key.
    func allows(_ key: String) -> Bool { optionalKeys.contains(key) || !shapeKeys.contains(key) }
}

/// Where the first assessment of a referral starts.
private enum FirstStart: String, CaseIterable {
    case referral, own
}

/// How the day of the start is counted.
private enum DayCount: String, CaseIterable {
    case exclusive, inclusive
}

/// Reads one whole rule.
func readRule(_ node: SettingsNode) throws(SettingsError) -> Rule {
    let block = try node.block(of: "a rule", keys: commonKeys + shapeKeys)
    let nameNode = try block.required("rule")
    let name = try nameNode.text()
    guard isRuleName(name) else {
        throw nameNode.error(
            .badName, "`rule` is no name; expected at most 32 small letters, digits and `_`",
            hint: "such as `first_visit`")
    }
    let shape = try block.required("shape").choice(of: ClockShape.self)
    try refuseMisplaced(block, shape: shape)
    var rule = Rule(
        name: name, title: try block.required("title").text(), shape: shape,
        risk: try block.required("risk").integer(in: 1...9), editions: [])
    if shape == .referral || shape == .afterConference {
        rule.stops = try readStops(try block.required("stops"))
    }
    if shape == .assessment {
        rule.step = try readStep(try block.required("step"))
        rule.firstStartsAtReferral = try block.required("first_starts_at").choice(of: FirstStart.self) == .referral
    }
    if let node = block["voided_by_nfa"] { rule.voidedByNFA = try node.flag() }
    try readSwitches(block, into: &rule)
    rule.editions = try readEditions(try block.required("editions"))
    guard !rule.editions.isEmpty else {
        throw try block.required("editions").error(.noEditions, "the rule has no edition; expected at least one")
    }
    return rule
}

/// Reads what both a rule and an override may say.
func readSwitches(_ block: SettingsBlock, into rule: inout Rule) throws(SettingsError) {
    if let node = block["on"] { rule.isOn = try node.flag() }
    if let node = block["day_count"] { rule.countsStartDay = try node.choice(of: DayCount.self) == .inclusive }
    if let node = block["strict_within"] { rule.strictWithin = try readOptionalDays(node) }
    if let node = block["child_not_seen_after"] { rule.childNotSeenAfter = try readOptionalDays(node) }
    if let node = block["referrals_from"] { rule.referralsFrom = try node.date() }
    if let node = block["referrals_to"] { rule.referralsTo = try node.date() }
    if let node = block["referrals_to"] ?? block["referrals_from"], let from = rule.referralsFrom,
        let to = rule.referralsTo, from > to
    {
        throw node.error(.datesReversed, "`referrals_to` is before `referrals_from`; expected the same day or later")
    }
}

/// Refuses keys of other shapes.
func refuseMisplaced(_ block: SettingsBlock, shape: ClockShape) throws(SettingsError) {
    let misplaced = shapeKeys.filter { !shape.allows($0) }
    try block.refuse(misplaced, because: "does not belong to a rule of the shape `\(shape.rawValue)`")
}

/// Whether a rule may have the name: it stands in files, so it is short and plain.
private func isRuleName(_ name: String) -> Bool {
    1...32 ~= name.utf8.count
        && name.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
            default: false
            }
        }
}

private func readOptionalDays(_ node: SettingsNode) throws(SettingsError) -> Int32? {
    node.isWord("none") ? nil : try node.workingDays()
}

private func readStops(_ node: SettingsNode) throws(SettingsError) -> [EventKind] {
    var stops: [EventKind] = []
    for item in try node.list(of: "events") { stops.append(try item.event()) }
    guard !stops.isEmpty else {
        throw node.error(
            .missingValue, "`stops` is empty; expected at least one event", hint: "such as `[case_allocated]`")
    }
    return stops
}

private func readStep(_ node: SettingsNode) throws(SettingsError) -> StepKind {
    let text = try node.text()
    let kinds = StepKind.allCases.filter(\.isAssessment)
    guard let kind = kinds.first(where: { $0.name == text }) else {
        let names = kinds.map(\.name)
        throw node.error(
            .unknownValue, "`step` is no kind of assessment; expected one of \(quotedList(names))",
            hint: didYouMean(text, among: names, else: nil))
    }
    return kind
}
