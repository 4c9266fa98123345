import CaseEvents
import DelimitedText
import StructuredText

/// Reads the nightly message of the government's children's social care data pilot, in JSON.
///
/// It names workers and no teams. Decisions of no further action have no date there; they are dated by the
/// closure or the referral, and are no evidence of when they were made.
final class APIReader: PieceReader, JSONVisitor, @unchecked Sendable {
    /// The events that a message can tell of.
    static let carries: Set<EventKind> = [
        .referralReceived, .caseClosed, .caseAllocated, .assessmentStarted, .assessmentAuthorised, .s47Started,
        .s47Completed, .icpcHeld, .icpcNotRequired, .cpPlanStarted, .cpPlanEnded,
    ]

    /// What the cards say of it.
    static let notes = [
        "The message names no team; with a workers file, work is its worker's unit's.",
        "The message does not date decisions of no further action: they stand on the day of the closure or the "
            + "referral.",
    ]

    /// The members that are read; nothing of any other is kept.
    private enum Member: String, CaseIterable {
        case children = "Children"
        case childId = "la_child_id"
        case purge
        case episodes = "social_care_episodes"
        case episodeId = "social_care_episode_id"
        case referralDate = "referral_date"
        case nfa = "referral_no_further_action_flag"
        case closureDate = "closure_date"
        case closureReason = "closure_reason"
        case workers = "care_worker_details"
        case workerId = "worker_id"
        case startDate = "start_date"
        case endDate = "end_date"
        case assessments = "child_and_family_assessments"
        case assessmentId = "child_and_family_assessment_id"
        case authorisationDate = "authorisation_date"
        case enquiries = "section_47_assessments"
        case enquiryId = "section_47_assessment_id"
        case icpcRequired = "icpc_required_flag"
        case icpcDate = "icpc_date"
        case plans = "child_protection_plans"
        case planId = "child_protection_plan_id"
    }

    private struct Object {
        var member: Member?
        var line: Int
        var values: [Member: ArraySlice<UInt8>] = [:]
        /// The ended objects inside it.
        var inner: [Object] = []

        subscript(member: Member) -> ArraySlice<UInt8> { values[member] ?? [] }
        var isPurged: Bool { WrittenFlag.isTrue(self[.purge]) }
    }

    private static let members = Member.allCases

    private let file: FileBytes
    private var json: JSONReader?
    private var text = EventText()
    private var tally = RecordTally()
    private var records = CaseRecords()
    private var open: [Object] = []
    private var isAtEnd = false
    private var hasChildren = false

    init(_ path: String, _ observe: (@Sendable (RawSpan) -> Void)?) throws(ExportError) {
        file = try FileBytes(path, observe)
        json = JSONReader(names: Self.members.map(\.rawValue), visitor: self)
    }

    var position: Int { file.position }
    var size: Int { file.size }
    var endsWithinLine: Bool { false }

    func next(reusing spare: consuming ContiguousArray<UInt8>) throws(ExportError) -> Piece? {
        guard !isAtEnd, let json else { return nil }
        while text.count < 1 << 20 && !isAtEnd {
            var problem: StructuredTextError?
            let isMore = try unsafe file.read { bytes in
                do throws(StructuredTextError) { try unsafe json.feed(bytes) } catch { problem = error }
            }
            if !isMore {
                isAtEnd = true
                do throws(StructuredTextError) { try json.finish() } catch { problem = error }
            }
            if let problem { throw ExportError.json(problem, file.path) }
        }
        guard hasChildren || !isAtEnd else {
            throw ExportError(
                .unknownShape, file: file.path, line: 1, message: "there is no child in this message",
                hint: "give a message of the children's social care API, which has the member Children")
        }
        defer {
            text = EventText()
            tally = RecordTally()
        }
        return isAtEnd && text.isEmpty && tally == RecordTally() ? nil : .events(text, tally)
    }

    // MARK: Members

    func beginObject(_ key: Int, line: Int) {
        let member = key >= 0 ? Self.members[key] : nil
        if member == .children { hasChildren = true }
        open.append(Object(member: member, line: line))
    }

    func value(_ key: Int, text: ArraySlice<UInt8>, line: Int) {
        guard !open.isEmpty else { return }
        open[open.count - 1].values[Self.members[key]] = text.trimmed
    }

    func endObject(_ key: Int, line: Int) {
        guard let object = open.popLast() else { return }
        if object.member == .children {
            endChild(object)
        } else if object.member != nil, !open.isEmpty {
            open[open.count - 1].inner.append(object)
        }
    }

    private func endChild(_ child: Object) {
        tally.records += 1
        guard !child.isPurged else {
            tally.leftOut += 1
            return
        }
        for episode in child.inner where episode.member == .episodes && !episode.isPurged { add(episode) }
        if records.rows.isEmpty { tally.withoutEvent += 1 }
        records.write(child: child[.childId], to: &text)
    }

    private func add(_ episode: Object) {
        let referral = episode[.episodeId]
        let (received, closed) = (episode[.referralDate], CaseRecords.day(episode[.closureDate]))
        records.add(.referralReceived, received, referral: referral, line: episode.line, isNeeded: true)
        if WrittenFlag.isTrue(episode[.nfa]) {
            records.add(.referralNFA, closed.isEmpty ? received : closed, referral: referral, line: episode.line)
        }
        records.add(.caseClosed, closed, referral: referral, outcome: episode[.closureReason], line: episode.line)
        for inner in episode.inner where !inner.isPurged { add(inner, referral) }
    }

    private func add(_ object: Object, _ referral: ArraySlice<UInt8>) {
        let (start, end, line) = (object[.startDate], CaseRecords.day(object[.endDate]), object.line)
        switch object.member {
        case .workers:
            records.add(.caseAllocated, start, referral: referral, worker: object[.workerId], line: line)
        case .assessments:
            let (step, authorised) = (object[.assessmentId], CaseRecords.day(object[.authorisationDate]))
            records.add(
                .assessmentStarted, start, referral: referral, step: step, line: line, isNeeded: authorised.isEmpty)
            records.add(.assessmentAuthorised, authorised, referral: referral, step: step, line: line)
        case .enquiries:
            let step = object[.enquiryId]
            records.add(.s47Started, start, referral: referral, step: step, line: line, isNeeded: true)
            records.add(.icpcHeld, object[.icpcDate], referral: referral, step: step, line: line)
            if WrittenFlag.isFalse(object[.icpcRequired]), !end.isEmpty {
                records.add(.icpcNotRequired, end, referral: referral, step: step, line: line)
            }
            records.add(.s47Completed, end, referral: referral, step: step, line: line)
        case .plans:
            let step = object[.planId]
            records.add(.cpPlanStarted, start, referral: referral, step: step, line: line, isNeeded: true)
            records.add(.cpPlanEnded, end, referral: referral, step: step, line: line)
        default: break
        }
    }
}

extension ExportError {
    static func json(_ error: StructuredTextError, _ file: String) -> ExportError {
        switch error.reason {
        case .malformed, .documentType:
            ExportError(
                .notJSON, file: file, line: error.line, message: "this is not well-formed JSON",
                hint: "export the message again, as UTF-8; if it was edited by hand, look at this line")
        case .incomplete: incomplete(file, line: error.line)
        case .tooDeep, .tooLong: tooLarge(file, line: error.line)
        }
    }
}
