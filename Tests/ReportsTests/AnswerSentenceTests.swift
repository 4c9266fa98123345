import Cards
import CardsTestSupport
import ReportsTestSupport
import Rules
import Testing
import WorkingCalendar

@testable import Reports

/// A row as a test states it: the child, the rule, the kind, and what else matters.
private struct Row {
    var child: String
    var rule = "initial_assessment"
    var kind = "overdue"
    var also = ""
    var status = ExceptionStatus.continuing
    var isRestricted = false
    var isBroken = false
    var family = ""
}

/// A situation on a Group Manager's page.
private struct Situation: CustomTestStringConvertible {
    var why: String
    var rows: [Row]
    var watched = 0
    var due = "2010-12-01"

    var testDescription: String { why }

    var sentence: String {
        var made = MadeReport()
        made.addTeam("Team", of: "Ms Green")
        for row in rows {
            made.addChild(
                row.child, team: "Team", manager: "Ms Green", isRestricted: row.isRestricted, status: row.status)
            let last = made.report.exceptions.count - 1
            made.report.exceptions[last].rule = row.rule
            made.report.exceptions[last].kind = row.kind
            made.report.exceptions[last].also = row.also
            if row.isBroken { made.report.exceptions[last].isPromiseKept = false }
            made.report.exceptions[last].family = row.family
        }
        for number in 0..<watched {
            made.addChild("W\(number)", team: "Team", manager: "Ms Green", isWatched: true)
        }
        let standing = Restriction.shown(
            made.report.exceptions.filter { !$0.child.hasPrefix("W") }, maySeeRestricted: false)
        return AnswerSentence(
            standing, watch: made.report.watch, rules: made.report.rules, answersDue: MadeReport.day(due)
        ).text
    }
}

private let situations = [
    Situation(why: "nothing", rows: []),
    Situation(why: "nothing but a watch list", rows: [], watched: 4),
    Situation(why: "nothing but one child watched", rows: [], watched: 1),
    Situation(why: "nothing stands: cleared rows count nowhere", rows: [Row(child: "A", status: .cleared)]),
    Situation(why: "one child", rows: [Row(child: "A")]),
    Situation(why: "one new child", rows: [Row(child: "A", status: .new)]),
    Situation(
        why: "a child with two rows counts once", rows: [Row(child: "A"), Row(child: "A", rule: "first_review")]),
    Situation(
        why: "all are new", rows: [Row(child: "A", status: .new), Row(child: "B", status: .new)]),
    Situation(
        why: "a child is new only where all its rows are",
        rows: [Row(child: "A", status: .new), Row(child: "A"), Row(child: "B", status: .new)]),
    Situation(
        why: "not seen comes first, also where it is not the row's first kind",
        rows: [
            Row(child: "A", status: .new), Row(child: "B", kind: "child_not_seen"),
            Row(child: "C", also: "child_not_seen"),
        ]),
    Situation(
        why: "at most three reasons, in the written order",
        rows: [
            Row(child: "A", status: .new), Row(child: "B", kind: "child_not_seen"),
            Row(child: "C", also: "unallocated"),
            Row(child: "D", rule: "first_review"),
        ]),
    Situation(
        why: "a broken promise comes after not seen and before nobody allocated",
        rows: [
            Row(child: "A", isBroken: true), Row(child: "B", also: "unallocated"),
            Row(child: "C", kind: "child_not_seen"),
            Row(child: "D", status: .new),
        ]),
    Situation(
        why: "child protection work overdue", rows: [Row(child: "A", rule: "first_review"), Row(child: "B")]),
    Situation(
        why: "only signatures", rows: [Row(child: "A", rule: "authorisation"), Row(child: "B", rule: "authorisation")]),
    Situation(why: "one signature", rows: [Row(child: "A", rule: "authorisation")]),
    Situation(why: "only records", rows: [Row(child: "A", kind: "finding")]),
    Situation(
        why: "signatures and records beside answers",
        rows: [
            Row(child: "A"), Row(child: "B"), Row(child: "C", rule: "authorisation"), Row(child: "D", kind: "finding"),
            Row(child: "E", kind: "finding"),
        ]),
    Situation(
        why: "a child with a signature and something graver needs an answer",
        rows: [Row(child: "A", rule: "authorisation"), Row(child: "A")]),
    Situation(
        why: "signatures and records and nothing else",
        rows: [Row(child: "A", rule: "authorisation"), Row(child: "B", kind: "finding")]),
    Situation(
        why: "restricted children are as many as they are",
        rows: [Row(child: "A", isRestricted: true), Row(child: "B", isRestricted: true)]),
    Situation(
        why: "the first three to ask about are children, not rows, and signatures are none of them",
        rows: [
            Row(child: "A", isRestricted: true), Row(child: "B", rule: "authorisation"), Row(child: "C"),
            Row(child: "C", rule: "first_review"), Row(child: "D"), Row(child: "E"),
        ]),
    Situation(
        why: "to ask about first: not seen before late, a broken promise before nobody allocated, one of a family",
        rows: [
            Row(child: "A", rule: "first_review"), Row(child: "B"), Row(child: "C", also: "unallocated"),
            Row(child: "D", isBroken: true), Row(child: "E", also: "child_not_seen", family: "F"),
            Row(child: "G", kind: "child_not_seen", family: "F"), Row(child: "H"),
        ]),
    Situation(
        why: "four of one family: there is but one to ask about first",
        rows: ["A", "B", "C", "D"].map { Row(child: $0, family: "F") }),
    Situation(
        why: "the week of Christmas: the third working day is a Friday", rows: [Row(child: "A")], due: "2010-12-31"),
]

@Suite struct AnswerSentenceTests {
    @Test func eachSituationHasItsSentence() throws {
        let text = situations.map { "\($0.why)\n    \($0.sentence)\n" }.joined()
        try expectGolden(text, named: "answer-sentences.txt")
    }

    @Test func theDayIsTheThirdWorkingDayAfterTheWeek() {
        var made = MadeReport.small()
        func page(_ made: MadeReport) -> CardPage? {
            let pages = CardPages.make(made.report)
            return pages.managers.first.map { pages.manager($0, maySeeRestricted: true) }
        }
        #expect(page(made)?.headline?.contains("by Wednesday 1 Dec 2010") == true)
        // After the Sunday of Christmas 2010 come two closed days, and 3 January is closed too.
        made.report.header.week = ISOWeek(containing: MadeReport.day("2010-12-26"))
        #expect(page(made)?.headline?.contains("by Friday 31 Dec 2010") == true)
    }

    @Test func workOfNoGroupManagerIsTheAnalysts() {
        let pages = CardPages.make(MadeReport.large().report)
        let nobody = pages.managers.first { $0.name.isEmpty }
        let words = nobody.flatMap { pages.manager($0, maySeeRestricted: true).headline }
        #expect(words?.hasPrefix("2 children are listed without a Group Manager: give each case a team") == true)
    }

    @Test func thoseToAskAboutStandFirstWithTheirFamilies() throws {
        var made = MadeReport()
        made.addTeam("Team", of: "Ms Green")
        for child in ["A", "B", "C", "D", "E"] { made.addChild(child, team: "Team", manager: "Ms Green") }
        made.report.exceptions[3].kind = "child_not_seen"
        for index in [2, 3] { made.report.exceptions[index].family = "F" }
        let pages = CardPages.make(made.report)
        let page = pages.manager(try #require(pages.managers.first), maySeeRestricted: true)
        let table = page.sections[0].blocks.lazy.compactMap { block -> PageTable? in
            if case .table(let table) = block { table } else { nil }
        }.first
        #expect(page.headline?.hasSuffix("Ask first about D, A and B.") == true)
        #expect(table?.rows.map(\.[0]) == ["D", "C (same family)", "A", "B", "E"])
    }

    @Test func familiesAreNotTornApartInWhatIsAnsweredFirst() {
        var made = MadeReport()
        made.addTeam("Team", of: "Ms Green")
        for number in 0..<20 { made.addChild("C\(100 + number)", team: "Team", manager: "Ms Green") }
        var rows = made.report.exceptions
        #expect(RowTables.divided(rows).first.count == 12)
        for index in 10..<14 { rows[index].family = "F" }
        #expect(RowTables.divided(rows).first.count == 10)
        #expect(RowTables.divided(rows).rest.count == 10)
        for index in rows.indices { rows[index].family = "F" }
        #expect(RowTables.divided(rows).first.count == 12, "a family larger than the list is cut")
        for index in rows.indices { rows[index].family = "" }
        #expect(RowTables.divided(rows).first.count == 12, "children without a family are not one")
        #expect(RowTables.divided(Array(rows.prefix(12))).rest.isEmpty)
    }
}
