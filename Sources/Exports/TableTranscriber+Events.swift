import CaseEvents
import Columnar
import DelimitedText
import WorkingCalendar

extension TableTranscriber {
    /// Chooses the events that the record is, and writes them.
    ///
    /// First all that is asked of its cells, and then the rows: while they are written, nothing of the record
    /// changes.
    mutating func writeEvents() {
        chosen.removeAll(keepingCapacity: true)
        var kinds: UInt8 = 0
        var hasUndated = false
        for index in table.plainEvents.indices {
            let event = table.plainEvents[index]
            if event.hasConditions, !meets(table.events[index].conditions) { continue }
            var column = event.date
            if reading(column) == .none, event.otherDate >= 0 { column = event.otherDate }
            if reading(column) == .none {
                hasUndated = true
                continue
            }
            chosen.append((index, column))
            if let step = event.step { kinds |= 1 &<< step }
        }
        guard failure == nil else { return }
        if hasUndated { chooseUndated(kinds) }
        if chosen.isEmpty { tally.withoutEvent += 1 }
        if table.hasMaps { for (index, _) in chosen { findMeanings(index) } }
        for column in table.recordedColumns { _ = reading(column) }
        writeRows()
    }

    /// Chooses the events that ought to have a date and have none; of some kinds of step another was chosen.
    private mutating func chooseUndated(_ kinds: UInt8) {
        for index in table.plainEvents.indices {
            let event = table.plainEvents[index]
            guard event.isNeeded || event.isStart || event.isByValue, meets(table.events[index].conditions),
                reading(event.date) == .none,
                event.otherDate < 0 || reading(event.otherDate) == .none
            else { continue }
            // A step that has a name and no date at all must not vanish.
            let step = table.events[index].values[EventCell.step.index]
            let kind = event.isByValue ? kindByValue(index) : nil
            let isNamedStart =
                (event.isStart || kind?.isStepStart == true) && step.column >= 0 && !cells[step.column].isEmpty
                && (event.step ?? kind?.step?.rawValue).map { kinds & (1 &<< $0) == 0 } ?? false
            if event.isNeeded || isNamedStart { chosen.append((index, -1)) }
        }
    }

    /// The event that a record's own column names.
    private mutating func kindByValue(_ index: Int) -> EventKind? {
        let column = table.events[index].kindColumn
        guard column.column >= 0 else { return nil }
        let cell = cells[column.column]
        let name = column.meanings.isEmpty ? ContiguousArray(fields.bytes[cell]) : meaning(of: cell, column.meanings)
        return EventKind(name: String(decoding: name, as: UTF8.self))
    }

    private mutating func writeRows() {
        // Moved, so that it can be written to while the cells are read.
        var rows = EventText()
        swap(&rows, &text)
        for (index, dateColumn) in chosen {
            let first = index &* MappedTable.PlainCell.perEvent
            for place in 0..<MappedTable.PlainCell.perEvent {
                let value = table.plainCells[first &+ place]
                if place == MappedTable.PlainCell.recorded {
                    write(date: value.column, to: &rows)
                } else if value.column >= 0 {
                    if value.map == 0 {
                        rows.add(fields.bytes.span, cells[value.column], needsQuotes: needsQuotes[value.column])
                    } else {
                        rows.add(meanings[value.map][symbols[value.column]] ?? [])
                    }
                } else if value.isEmpty {
                    if place == MappedTable.PlainCell.step, let name = stepName(index) {
                        rows.add(name)
                    } else {
                        rows.addEmpty()
                    }
                } else {
                    rows.add(table.fixed[value.map])
                }
                if place == MappedTable.PlainCell.event { write(date: dateColumn, to: &rows) }
            }
            rows.endRow(line: line)
        }
        swap(&rows, &text)
    }

    /// A name for the step of a record that has several events of it and no reference: its dates.
    ///
    /// Without one, a start and the end beside it would each be a row alone, and could be taken for parts of two
    /// steps. The same record twice has the same name.
    private func stepName(_ index: Int) -> ContiguousArray<UInt8>? {
        guard let family = table.plainEvents[index].family else { return nil }
        var name: ContiguousArray<UInt8> = []
        var hasStart = false
        var count = 0
        for (other, column) in chosen where table.plainEvents[other].family == family && column >= 0 {
            guard case .date(let day, _)? = readings[column] else { continue }
            hasStart = hasStart || table.plainEvents[other].isStart
            count += 1
            name += ContiguousArray("\(count == 1 ? "" : "/")\(day)".utf8)
        }
        return hasStart && count > 1 ? name : nil
    }

    /// Writes the date of a column, as a date where it can be read as one; -1 for none.
    @inline(__always)
    private func write(date column: Int, to rows: inout EventText) {
        guard column >= 0 else { return rows.addEmpty() }
        if case .date(let day, let form)? = readings[column] {
            let cell = cells[column]
            if cell.count == 10, form == .slashes {
                rows.add(slashes: fields.bytes.span, at: cell.lowerBound)
            } else if cell.count == 10, form == .iso {
                rows.add(fields.bytes.span, cell, needsQuotes: false)
            } else {
                rows.add(day)
            }
        } else if readings[column] == .bad, isOfOtherForm(cells[column]) {
            // Said in the finding, and no date to anybody.
            rows.add(ContiguousArray(fields.string(cells[column]).utf8) + ContiguousArray(" (not in dates)".utf8))
        } else {
            rows.add(fields.bytes.span, cells[column], needsQuotes: needsQuotes[column])
        }
    }

    /// Finds out what the cells of an event mean by its value maps.
    private mutating func findMeanings(_ index: Int) {
        let first = index * MappedTable.PlainCell.perEvent
        for place in first..<first + MappedTable.PlainCell.perEvent {
            let value = table.plainCells[place]
            guard value.column >= 0, value.map > 0 else { continue }
            let symbol = symbol(value.column)
            while meanings[value.map].count <= symbol { meanings[value.map].append(nil) }
            if meanings[value.map][symbol] == nil {
                meanings[value.map][symbol] = meaning(of: cells[value.column], table.maps[value.map])
            }
        }
    }

    private func meaning(of cell: Range<Int>, _ map: [String: String]) -> ContiguousArray<UInt8> {
        let keys = CodedValue.keys(fields.string(cell))
        guard let meaning = keys.lazy.compactMap({ map[$0] }).first else { return ContiguousArray(fields.bytes[cell]) }
        return ContiguousArray(meaning.utf8)
    }

    mutating func meets(_ conditions: [MappedTable.Condition]) -> Bool {
        for condition in conditions {
            let symbol = symbol(condition.value.column)
            let number = condition.value.number
            while answers[number].count <= symbol { answers[number].append(nil) }
            var answer = answers[number][symbol]
            if answer == nil {
                let keys = CodedValue.keys(fields.string(cells[condition.value.column]))
                answer = !condition.accepted.isDisjoint(with: keys)
                answers[number][symbol] = answer
            }
            if answer == condition.isUnless { return false }
        }
        return true
    }

    /// The number of the value that a column has in this record, among those of the block.
    private mutating func symbol(_ column: Int) -> Int {
        if symbols[column] >= 0 { return symbols[column] }
        let cell = cells[column]
        let symbol = unsafe fields.bytes.withUnsafeBytes { text in
            let key = unsafe IdKey(cell, in: text)
            return unsafe values[column].intern(key, hash: key.hash(in: text), in: text)
        }
        symbols[column] = Int(symbol)
        return symbols[column]
    }

    /// The date that stands in a column of the record.
    private mutating func reading(_ column: Int) -> WrittenDates.Reading {
        if let known = readings[column] { return known }
        let cell = cells[column]
        let reading = cell.isEmpty ? .none : read(cell, column)
        readings[column] = reading
        return reading
    }

    private mutating func read(_ cell: Range<Int>, _ column: Int) -> WrittenDates.Reading {
        let plain = unsafe fields.bytes.withUnsafeBytes { unsafe plainDates.day($0, cell) }
        let reading: WrittenDates.Reading
        if let plain, dates.forms.contains(plain.format == .iso ? .iso : .slashes) {
            reading = .date(EventDay.date(plain.number), plain.format == .iso ? .iso : .slashes)
        } else {
            reading = dates.read(fields, cell)
        }
        switch reading {
        case .date(_, let form): if forms[form.index] == nil { forms[form.index] = line }
        case .monthOver12:
            fail(
                .monthOver12, column: table.headings[column],
                message: "a date's second number is over 12; slashes always mean dd/mm/yyyy",
                hint: "export the column as dd/mm/yyyy or yyyy-mm-dd")
        case .none, .bad: break
        }
        return reading
    }

    /// Whether a cell holds a date of a form that the mapping does not allow, which the next reader would take.
    private func isOfOtherForm(_ cell: Range<Int>) -> Bool {
        guard dates.forms.count < DateForm.allCases.count else { return false }
        if case .date = fields.date(cell) { return true }
        return false
    }
}
