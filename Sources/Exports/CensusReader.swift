import CaseEvents
import DelimitedText
import StructuredText
import WorkingCalendar

/// Reads the children in need census, as the Department for Education's schemas of 2017 to 2026 have it.
///
/// It names no team and no worker, and no ids but the child's: referrals and steps are named after their
/// dates. Decisions of no further action and of conferences not required have no date there; they are dated
/// by the closure, the referral and the enquiry, and are no evidence of when they were made.
///
/// The separate groups of initial and core assessments of the messages of 2008 to 2013 are read as they are
/// remembered; no schema of those years was at hand.
final class CensusReader: PieceReader, XMLVisitor, @unchecked Sendable {
    /// The events that a message can tell of.
    static let carries: Set<EventKind> = [
        .referralReceived, .caseClosed, .initialAssessmentStarted, .initialAssessmentAuthorised,
        .coreAssessmentStarted, .coreAssessmentAuthorised, .assessmentStarted, .assessmentAuthorised, .s47Started,
        .icpcHeld, .cpPlanStarted, .cpPlanEnded, .cpReviewHeld, .transferInConferenceHeld,
    ]

    /// What the cards say of it.
    static let notes = [
        "The census names no team: its figures are the authority's, for comparison, and no team's.",
        "The census dates neither decisions of no further action nor conferences not required: they stand on the "
            + "day of the closure, the referral or the enquiry.",
    ]

    /// The elements that are read; nothing of any other is kept.
    private enum Element: Int, CaseIterable {
        case child, laChildID, cinDetails, referralDate, closureDate, reasonForClosure, dateOfInitialCPC, referralNFA
        case assessments, assessmentStart, assessmentAuthorised
        case initialAssessments, initialStart, initialAuthorised, coreAssessments, coreStart, coreAuthorised
        case section47, s47Start, icpcNotRequired
        case plans, planStart, planEnd, reviewDate
        case message, collection, referenceDate
        /// New in 2026; dates in it are of other things.
        case preProceedings

        var name: StaticString {
            switch self {
            case .child: "Child"
            case .laChildID: "LAchildID"
            case .cinDetails: "CINdetails"
            case .referralDate: "CINreferralDate"
            case .closureDate: "CINclosureDate"
            case .reasonForClosure: "ReasonForClosure"
            case .dateOfInitialCPC: "DateOfInitialCPC"
            case .referralNFA: "ReferralNFA"
            case .assessments: "Assessments"
            case .assessmentStart: "AssessmentActualStartDate"
            case .assessmentAuthorised: "AssessmentAuthorisationDate"
            case .initialAssessments: "InitialAssessments"
            case .initialStart: "InitialAssessmentActualStartDate"
            case .initialAuthorised: "InitialAssessmentAuthorisationDate"
            case .coreAssessments: "CoreAssessments"
            case .coreStart: "CoreAssessmentActualStartDate"
            case .coreAuthorised: "CoreAssessmentAuthorisationDate"
            case .section47: "Section47"
            case .s47Start: "S47ActualStartDate"
            case .icpcNotRequired: "ICPCnotRequired"
            case .plans: "ChildProtectionPlans"
            case .planStart: "CPPstartDate"
            case .planEnd: "CPPendDate"
            case .reviewDate: "CPPreviewDate"
            case .message: "Message"
            case .collection: "CollectionDetails"
            case .referenceDate: "ReferenceDate"
            case .preProceedings: "PreProceedingsandFGDM"
            }
        }
    }

    /// What has been read of a group, such as one assessment; a value with the line it stands in.
    private struct Group {
        var line = 0
        private var values: [(element: Element, text: ArraySlice<UInt8>)] = []
        var reviews: [(date: ArraySlice<UInt8>, line: Int)] = []

        init(line: Int = 0) { self.line = line }

        /// The text of an element, of several the last: a group has a handful, so they are looked through.
        subscript(element: Element) -> ArraySlice<UInt8> {
            get { values.last { $0.element == element }?.text ?? [] }
            set { if values.count < 100 { values.append((element, newValue)) } }
        }
    }

    private let file: FileBytes
    private var xml: XMLReader?
    private var text = EventText()
    private var tally = RecordTally()
    private var records = CaseRecords()
    private var names = MadeNames()
    private var child: ArraySlice<UInt8> = []
    private var details = Group()
    private var isInDetails = false
    /// The assessment, enquiry or plan that is being read.
    private var step: Group?
    private var steps: [(element: Element, group: Group)] = []
    private var isAtEnd = false
    private var isMessage = false
    private var isInCollection = false
    private var isInPreProceedings = false
    private(set) var referenceDate: CivilDate?

    init(_ path: String, _ observe: (@Sendable (RawSpan) -> Void)?) throws(ExportError) {
        file = try FileBytes(path, observe)
        xml = XMLReader(names: Element.allCases.map(\.name), visitor: self)
    }

    var position: Int { file.position }
    var size: Int { file.size }
    var endsWithinLine: Bool { false }

    func next(reusing spare: consuming ContiguousArray<UInt8>) throws(ExportError) -> Piece? {
        guard !isAtEnd, let xml else { return nil }
        while text.count < 1 << 20 && !isAtEnd {
            var problem: StructuredTextError?
            let isMore = try unsafe file.read { bytes in
                do throws(StructuredTextError) { try unsafe xml.feed(bytes, isLast: false) } catch { problem = error }
            }
            if !isMore {
                isAtEnd = true
                do throws(StructuredTextError) {
                    try unsafe xml.feed(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true)
                } catch { problem = error }
            }
            if let problem { throw ExportError.xml(problem, file.path) }
        }
        guard isMessage else {
            throw ExportError(
                .unknownShape, file: file.path, line: 1,
                message: "this is not a message of the children in need census",
                hint: "give the file that was sent to the Department, whose first element is Message")
        }
        defer {
            text = EventText()
            tally = RecordTally()
        }
        return isAtEnd && text.isEmpty && tally == RecordTally() ? nil : .events(text, tally)
    }

    // MARK: Elements

    func begin(_ element: Int, _ attributes: XMLAttributes) {
        guard let element = Element(rawValue: element), !isInPreProceedings else { return }
        switch element {
        case .message: isMessage = true
        case .preProceedings: isInPreProceedings = true
        case .collection: isInCollection = true
        case .child:
            child = []
            names.removeAll()
            records.removeAll()
        case .cinDetails:
            details = Group(line: line)
            steps = []
            isInDetails = true
        case .assessments, .initialAssessments, .coreAssessments, .section47, .plans: step = Group(line: line)
        default: break
        }
    }

    /// The line that is being read.
    private var line: Int { xml?.line ?? 0 }

    func end(_ element: Int, text: borrowing [UInt8]) {
        guard let element = Element(rawValue: element) else { return }
        if element == .preProceedings { isInPreProceedings = false }
        guard !isInPreProceedings else { return }
        switch element {
        case .laChildID: child = Self.trimmed(text)
        case .child:
            tally.records += 1
            if records.rows.isEmpty { tally.withoutEvent += 1 }
            records.write(child: child, to: &self.text)
        case .cinDetails:
            endDetails()
            isInDetails = false
        case .assessments, .initialAssessments, .coreAssessments, .section47, .plans:
            if let step { steps.append((element, step)) }
            step = nil
        case .reviewDate: step?.reviews.append((Self.trimmed(text), line))
        case .referenceDate where isInCollection:
            referenceDate = CivilDate(String(decoding: Self.trimmed(text).prefix(10), as: UTF8.self))
        case .collection: isInCollection = false
        case .message, .referenceDate, .preProceedings: break
        default:
            if step != nil {
                step?[element] = Self.trimmed(text)
            } else if isInDetails {
                details[element] = Self.trimmed(text)
            }
        }
    }

    /// A copy of a text without blanks at its ends.
    private static func trimmed(_ text: borrowing [UInt8]) -> ArraySlice<UInt8> {
        var (start, end) = (0, text.count)
        while start < end, text[start] <= 32 { start += 1 }
        while start < end, text[end - 1] <= 32 { end -= 1 }
        var copy: [UInt8] = []
        copy.reserveCapacity(end - start)
        for index in start..<end { copy.append(text[index]) }
        return copy[...]
    }

    private func endDetails() {
        let received = details[.referralDate]
        let referral = names.name("R", received)
        let line = details.line
        records.add(.referralReceived, received, referral: referral, line: line, isNeeded: true)
        if WrittenFlag.isTrue(details[.referralNFA]) {
            let closed = CaseRecords.day(details[.closureDate])
            records.add(.referralNFA, closed.isEmpty ? received : closed, referral: referral, line: line)
        }
        records.add(
            .caseClosed, details[.closureDate], referral: referral, outcome: details[.reasonForClosure], line: line)
        records.add(.transferInConferenceHeld, details[.dateOfInitialCPC], referral: referral, line: line)
        for (element, group) in steps { add(element, group, referral) }
        // Messages of old years may have these without a group around them.
        for (element, start, end) in [
            (Element.initialAssessments, Element.initialStart, Element.initialAuthorised),
            (.coreAssessments, .coreStart, .coreAuthorised),
        ] where !details[start].isEmpty || !details[end].isEmpty {
            add(element, details, referral)
        }
    }

    private func add(_ element: Element, _ group: Group, _ referral: ArraySlice<UInt8>) {
        let line = group.line
        func step(_ letter: String, _ start: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
            names.name("\(String(decoding: referral, as: UTF8.self)) \(letter)", start)
        }
        func assessment(_ start: EventKind, _ end: EventKind, _ from: Element, _ to: Element, _ letter: String) {
            let name = step(letter, group[from])
            records.add(
                start, group[from], referral: referral, step: name, line: line,
                isNeeded: CaseRecords.day(group[to]).isEmpty)
            records.add(end, group[to], referral: referral, step: name, line: line)
        }
        switch element {
        case .assessments:
            assessment(.assessmentStarted, .assessmentAuthorised, .assessmentStart, .assessmentAuthorised, "A")
        case .initialAssessments:
            assessment(.initialAssessmentStarted, .initialAssessmentAuthorised, .initialStart, .initialAuthorised, "I")
        case .coreAssessments:
            assessment(.coreAssessmentStarted, .coreAssessmentAuthorised, .coreStart, .coreAuthorised, "C")
        case .section47:
            let start = group[.s47Start]
            let name = step("S", start)
            records.add(.s47Started, start, referral: referral, step: name, line: line, isNeeded: true)
            records.add(.icpcHeld, group[.dateOfInitialCPC], referral: referral, step: name, line: line)
            if WrittenFlag.isTrue(group[.icpcNotRequired]) {
                records.add(.icpcNotRequired, start, referral: referral, step: name, line: line)
            }
        case .plans:
            let name = step("P", group[.planStart])
            records.add(.cpPlanStarted, group[.planStart], referral: referral, step: name, line: line, isNeeded: true)
            records.add(.cpPlanEnded, group[.planEnd], referral: referral, step: name, line: line)
            for review in group.reviews {
                records.add(.cpReviewHeld, review.date, referral: referral, step: name, line: review.line)
            }
        default: break
        }
    }
}

extension ExportError {
    /// The error of a document that is not well formed, or that is refused.
    static func xml(_ error: StructuredTextError, _ file: String) -> ExportError {
        switch error.reason {
        case .malformed:
            ExportError(
                .notXML, file: file, line: error.line, message: "this is not well-formed XML",
                hint: "export the file again; if it was edited by hand, look at this line")
        case .incomplete: incomplete(file, line: error.line)
        case .documentType:
            ExportError(
                .refusedContent, file: file, line: error.line,
                message: "the file has a document type declaration, through which it could read other files",
                hint: "no export has one; find out where this file comes from")
        case .tooDeep, .tooLong: tooLarge(file, line: error.line)
        }
    }

    /// The error of a document that ends before its end mark.
    static func incomplete(_ file: String, line: Int = 0) -> ExportError {
        ExportError(
            .incomplete, file: file, line: line, message: "the file ends too early, so the rest of it is missing",
            hint: "the copy is not complete: export or copy it again")
    }

    static func tooLarge(_ file: String, line: Int) -> ExportError {
        ExportError(
            .refusedContent, file: file, line: line,
            message: "a value or name is far too long, or elements stand far too deep inside one another",
            hint: "no export has that; find out where this file comes from")
    }
}
