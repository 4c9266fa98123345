import CXLSXWriter
import Glibc
public import WorkingCalendar

/// A workbook to be written: sheets of one table each, without macros, hidden sheets, links or formulas.
///
/// Everything in it is what its reader is to see. Texts are written as texts, so that none is ever run; dates are
/// real dates. The same contents give the same bytes, whenever they are written.
public struct NewWorkbook: Sendable {
    /// What the file says it is.
    public var title: String
    /// The day the file says it was made on.
    public var madeOn: CivilDate
    public var sheets: [Sheet]
    /// The name of the sheet that is seen first; the first one where it is none's.
    public var opensAt: String

    /// A sheet: a header row, which stays in sight, and rows under it.
    public struct Sheet: Sendable {
        /// The name on the tab: at most 31 characters, without `[]:*?/\`, and the only one of that name.
        public var name: String
        public var columns: [Column]
        /// The rows, each with a cell for each column.
        public var rows: [[Cell]]

        public init(_ name: String, _ columns: [Column], _ rows: [[Cell]]) {
            self.name = name
            self.columns = columns
            self.rows = rows
        }
    }

    /// A column, with its width in characters.
    public struct Column: Sendable {
        public var name: String
        public var width: Double
        /// What a reader may write into the column; `nil` where she is to write nothing.
        public var answer: Answer?

        public init(_ name: String, width: Double, answer: Answer? = nil) {
            self.name = name
            self.width = width
            self.answer = answer
        }
    }

    /// What a spreadsheet lets somebody write into a column.
    public enum Answer: Sendable {
        /// One of the first cells of another sheet's rows, from a drop-down list.
        case oneOf(sheet: String)
        /// A date on or after a day.
        case dateFrom(CivilDate)
        /// A date up to a day.
        case dateUpTo(CivilDate)
        /// A text of at most so many characters.
        case text(most: Int)
    }

    /// What stands in a cell.
    public enum Cell: Hashable, Sendable {
        case empty
        case text(String)
        case number(Double)
        case date(CivilDate)
    }

    public init(title: String, madeOn: CivilDate, sheets: [Sheet], opensAt: String = "") {
        self.opensAt = opensAt
        self.title = title
        self.madeOn = madeOn
        self.sheets = sheets
    }

    /// The file.
    ///
    /// - Returns: `nil` where the system has no room for it.
    public func bytes() -> [UInt8]? {
        // In memory: children's references are not written to a disk that is not the set's own.
        let file = cards_memory_file()
        guard file >= 0 else { return nil }
        defer { close(file) }
        guard let book = workbook_new("/proc/self/fd/\(file)") else { return nil }
        var properties = lxw_doc_properties()
        properties.created = time_t(madeOn.daysSinceEpoch) * 86_400
        let isMade = title.withCString { title in
            properties.title = UnsafeMutablePointer(mutating: title)
            return workbook_set_properties(book, &properties) == LXW_NO_ERROR
        }
        let formats = Formats(book)
        var isWhole = isMade
        for (number, sheet) in sheets.enumerated() {
            isWhole = Self.write(sheet, number: number, sheets, book, formats) && isWhole
        }
        if let page = workbook_get_worksheet_by_name(book, opensAt) { worksheet_activate(page) }
        return workbook_close(book) == LXW_NO_ERROR && isWhole ? Self.contents(file) : nil
    }

    private static func contents(_ file: Int32) -> [UInt8]? {
        let size = Int(lseek(file, 0, SEEK_END))
        guard size > 0 else { return nil }
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = max(0, pread(file, buffer.baseAddress, size, 0))
        }
        return bytes.count == size ? bytes : nil
    }

    /// The looks of cells.
    private struct Formats {
        let head: UnsafeMutablePointer<lxw_format>?
        let text: UnsafeMutablePointer<lxw_format>?
        let date: UnsafeMutablePointer<lxw_format>?

        init(_ book: UnsafeMutablePointer<lxw_workbook>) {
            head = workbook_add_format(book)
            text = workbook_add_format(book)
            date = workbook_add_format(book)
            format_set_bold(head)
            format_set_bottom(head, UInt8(LXW_BORDER_MEDIUM.rawValue))
            for format in [head, text, date] {
                format_set_text_wrap(format)
                format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
            }
            format_set_num_format(date, "dd/mm/yyyy")
        }
    }

    private static func write(
        _ sheet: Sheet, number: Int, _ all: [Sheet], _ book: UnsafeMutablePointer<lxw_workbook>, _ formats: Formats
    ) -> Bool {
        guard let page = workbook_add_worksheet(book, sheet.name) else { return false }
        var isWhole = true
        func check(_ error: lxw_error) { if error != LXW_NO_ERROR { isWhole = false } }
        for (column, name) in sheet.columns.enumerated() {
            let at = UInt16(column)
            check(worksheet_set_column(page, at, at, name.width, nil))
            check(worksheet_write_string(page, 0, at, name.name, formats.head))
        }
        check(worksheet_set_row(page, 0, height(sheet.columns.map { .text($0.name) }, sheet.columns), nil))
        for (row, cells) in sheet.rows.enumerated() {
            check(worksheet_set_row(page, UInt32(row + 1), height(cells, sheet.columns), nil))
            for (column, cell) in cells.enumerated() {
                let (row, column) = (UInt32(row + 1), UInt16(column))
                switch cell {
                case .empty: break
                case .text(let text): check(worksheet_write_string(page, row, column, fitting(text), formats.text))
                case .number(let number): check(worksheet_write_number(page, row, column, number, formats.text))
                case .date(let date):
                    check(worksheet_write_number(page, row, column, serial(date), formats.date))
                }
            }
        }
        if !sheet.rows.isEmpty {
            check(addTable(sheet, number: number, page, formats))
            for (column, name) in sheet.columns.enumerated() {
                guard let answer = name.answer else { continue }
                // Dates that are written in are shown as dates.
                check(worksheet_set_column(page, UInt16(column), UInt16(column), name.width, look(answer, formats)))
                check(allow(answer, column: UInt16(column), rows: UInt32(sheet.rows.count), all, page))
            }
        }
        worksheet_freeze_panes(page, 1, 0)
        worksheet_set_landscape(page)
        worksheet_set_paper(page, 9)
        worksheet_fit_to_pages(page, 1, 0)
        check(worksheet_repeat_rows(page, 0, 0))
        return isWhole
    }

    /// How high a row must be for its texts, broken at the width of their columns; some programs do not work it out.
    private static func height(_ cells: [Cell], _ columns: [Column]) -> Double {
        let lines = zip(cells, columns).map { cell, column in
            guard case .text(let text) = cell else { return 1 }
            return min(20, Int((Double(text.utf16.count) * 1.1 / column.width).rounded(.up)))
        }
        return 15 * Double(max(1, lines.max() ?? 1))
    }

    /// The most that a cell can hold.
    private static func fitting(_ text: String) -> String {
        text.utf16.count <= 32_767 ? text : String(text.prefix(8_000))
    }

    /// A date as spreadsheets count days; true from March 1900 on.
    private static func serial(_ date: CivilDate) -> Double { Double(date.daysSinceEpoch) + 25_569 }

    private static func look(_ answer: Answer, _ formats: Formats) -> UnsafeMutablePointer<lxw_format>? {
        switch answer {
        case .dateFrom, .dateUpTo: formats.date
        case .oneOf, .text: formats.text
        }
    }

    // MARK: Tables

    /// Marks the rows as a table, whose name counts the sheets.
    private static func addTable(
        _ sheet: Sheet, number: Int, _ page: UnsafeMutablePointer<lxw_worksheet>, _ formats: Formats
    ) -> lxw_error {
        let names = sheet.columns.map { strdup($0.name) }
        defer { names.forEach { free($0) } }
        let columns = names.map { name in
            let column = UnsafeMutablePointer<lxw_table_column>.allocate(capacity: 1)
            column.initialize(to: lxw_table_column())
            column.pointee.header = name
            column.pointee.header_format = formats.head
            return column
        }
        defer { columns.forEach { $0.deallocate() } }
        var list: [UnsafeMutablePointer<lxw_table_column>?] = columns + [nil]
        let name = strdup("Table\(number + 1)")
        defer { free(name) }
        return list.withUnsafeMutableBufferPointer { list in
            var options = lxw_table_options()
            options.name = name
            options.columns = list.baseAddress
            options.style_type = UInt8(LXW_TABLE_STYLE_TYPE_LIGHT.rawValue)
            options.style_type_number = 1
            return worksheet_add_table(
                page, 0, 0, UInt32(sheet.rows.count), UInt16(sheet.columns.count - 1), &options)
        }
    }

    // MARK: Answers

    private static func allow(
        _ answer: Answer, column: UInt16, rows: UInt32, _ all: [Sheet], _ page: UnsafeMutablePointer<lxw_worksheet>
    ) -> lxw_error {
        var rule = lxw_data_validation()
        var formula: UnsafeMutablePointer<CChar>?
        defer { free(formula) }
        switch answer {
        case .oneOf(let name):
            let count = all.first { $0.name == name }?.rows.count ?? 0
            formula = strdup("='\(name)'!$A$2:$A$\(count + 1)")
            rule.validate = UInt8(LXW_VALIDATION_TYPE_LIST_FORMULA.rawValue)
            rule.value_formula = formula
        case .dateFrom(let day):
            rule.validate = UInt8(LXW_VALIDATION_TYPE_DATE_NUMBER.rawValue)
            rule.criteria = UInt8(LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO.rawValue)
            rule.value_number = serial(day)
        case .dateUpTo(let day):
            rule.validate = UInt8(LXW_VALIDATION_TYPE_DATE_NUMBER.rawValue)
            rule.criteria = UInt8(LXW_VALIDATION_CRITERIA_LESS_THAN_OR_EQUAL_TO.rawValue)
            rule.value_number = serial(day)
        case .text(let most):
            rule.validate = UInt8(LXW_VALIDATION_TYPE_LENGTH.rawValue)
            rule.criteria = UInt8(LXW_VALIDATION_CRITERIA_LESS_THAN_OR_EQUAL_TO.rawValue)
            rule.value_number = Double(most)
        }
        return worksheet_data_validation_range(page, 1, column, rows, column, &rule)
    }
}
