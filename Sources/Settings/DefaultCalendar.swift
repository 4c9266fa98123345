public import WorkingCalendar

/// The bank holidays of England and Wales that the product ships, 1999 to 2030.
///
/// The years 2029 and 2030 follow from the usual rule and are not yet proclaimed.
public enum DefaultCalendar {
    /// The shipped closures, with the days on which the unusual ones became known.
    public static let table: ClosureTable = read(closures)

    /// One line a year: the year, then each closure as month and day.
    ///
    /// `+` and a date: the day on which the closure became known. `-` and a date: the day on which a
    /// closure that followed from the usual rule was called off.
    private static let closures = """
        1999 0101 0402 0405 0503 0531 0830 1227 1228 1231
        2000 0103 0421 0424 0501 0529 0828 1225 1226
        2001 0101 0413 0416 0507 0528 0827 1225 1226
        2002 0101 0329 0401 0506 0603 0604 0826 1225 1226
        2003 0101 0418 0421 0505 0526 0825 1225 1226
        2004 0101 0409 0412 0503 0531 0830 1227 1228
        2005 0103 0325 0328 0502 0530 0829 1226 1227
        2006 0102 0414 0417 0501 0529 0828 1225 1226
        2007 0101 0406 0409 0507 0528 0827 1225 1226
        2008 0101 0321 0324 0505 0526 0825 1225 1226
        2009 0101 0410 0413 0504 0525 0831 1225 1228
        2010 0101 0402 0405 0503 0531 0830 1227 1228
        2011 0103 0422 0425 0429 0502 0530 0829 1226 1227
        2012 0102 0406 0409 0507 0604 0605 0827 1225 1226
        2013 0101 0329 0401 0506 0527 0826 1225 1226
        2014 0101 0418 0421 0505 0526 0825 1225 1226
        2015 0101 0403 0406 0504 0525 0831 1225 1228
        2016 0101 0325 0328 0502 0530 0829 1226 1227
        2017 0102 0414 0417 0501 0529 0828 1225 1226
        2018 0101 0330 0402 0507 0528 0827 1225 1226
        2019 0101 0419 0422 0506 0527 0826 1225 1226
        2020 0101 0410 0413 0504-20190610 0508+20190610 0525 0831 1225 1228
        2021 0101 0402 0405 0503 0531 0830 1227 1228
        2022 0103 0415 0418 0502 0530-20201112 0602+20201112 0603+20201112 0829 0919+20220909 1226 1227
        2023 0102 0407 0410 0501 0508+20221108 0529 0828 1225 1226
        2024 0101 0329 0401 0506 0527 0826 1225 1226
        2025 0101 0418 0421 0505 0526 0825 1225 1226
        2026 0101 0403 0406 0504 0525 0831 1225 1228
        2027 0101 0326 0329 0503 0531 0830 1227 1228
        2028 0103 0414 0417 0501 0529 0828 1225 1226
        2029 0101 0330 0402 0507 0528 0827 1225 1226
        2030 0101 0419 0422 0506 0527 0826 1225 1226
        """

    /// Builds the table from its compact text, which is ours: a fault in it is a bug.
    private static func read(_ text: String) -> ClosureTable {
        var closures: [Closure] = []
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ")
            let year = fields.first.map(String.init) ?? ""
            for field in fields.dropFirst() {
                let known = field.split(separator: "+")
                let withdrawn = field.split(separator: "-")
                closures.append(
                    Closure(
                        date: date(year + field.prefix(4)),
                        knownFrom: known.count == 2 ? date(String(known[1])) : nil,
                        withdrawnOn: withdrawn.count == 2 ? date(String(withdrawn[1])) : nil))
            }
        }
        return ClosureTable(
            jurisdiction: "england-and-wales", coverage: date("19990101")...date("20301231"),
            byRuleFrom: date("20290101"), closures: closures)
    }

    /// Reads `yyyymmdd`.
    private static func date(_ text: String) -> CivilDate {
        guard let number = Int32(text),
            let date = CivilDate(year: number / 10_000, month: number / 100 % 100, day: number % 100)
        else { preconditionFailure("the shipped calendar holds a date that is none") }
        return date
    }
}
