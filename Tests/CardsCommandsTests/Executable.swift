import Foundation

/// The built executable, found beside the test bundle, run in a folder of its own.
struct Executable {
    /// What a run came to.
    struct Outcome {
        var code: Int32
        var output: String
        var errors: String
    }

    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "cards-cli-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Removes the folder.
    func clean() { try? FileManager.default.removeItem(at: folder) }

    /// Writes a file into the folder.
    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
    }

    func text(of name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    /// Runs the executable and waits for it.
    ///
    /// - Parameters:
    ///   - arguments: Its arguments.
    ///   - output: Where its standard output goes; a file of the folder where none is given.
    /// - Returns: Its exit code and what it printed.
    /// - Throws: Where it cannot be run at all.
    func run(_ arguments: [String], output: String? = nil) throws -> Outcome {
        let process = Process()
        process.executableURL = Self.location
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ["COLUMNS": "80", "PATH": "/usr/bin:/bin"]
        let (out, err) = (
            output.map { URL(filePath: $0) } ?? folder.appending(path: ".out"), folder.appending(path: ".err")
        )
        if output == nil { try Data().write(to: out) }
        try Data().write(to: err)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: err)
        try process.run()
        process.waitUntilExit()
        return Outcome(
            code: process.terminationStatus,
            output: output == nil ? try String(contentsOf: out, encoding: .utf8) : "",
            errors: try String(contentsOf: err, encoding: .utf8))
    }

    /// Where the executable is: in the folder of the running test bundle.
    static var path: String { location.path }

    private static var location: URL {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = URL(filePath: own).deletingLastPathComponent().appending(path: "cards")
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
        let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        return bundle.appending(path: "cards")
    }
}

/// A small export with one child of each fate, made by hand.
let smallExport = """
    child_id,event,date,referral_id,step_id,recorded_at,team,worker,colour
    K1,referral_received,2010-10-04,R1,,2010-10-04,Duty,W1,red
    K1,referral_decided,2010-10-05,R1,,2010-10-05,Duty,W1,red
    K1,case_allocated,2010-10-06,R1,,2010-10-06,North,W2,red
    K1,core_assessment_started,2010-10-05,R1,A1,2010-10-06,North,W2,red
    K1,management_decision_recorded,2010-11-24,R1,,2010-11-24,North,M1,red
    K1,referral_decided,2010-10-05,R1,,2010-10-07,Duty,W1,red
    K2,referral_received,2010-11-22,R2,,2010-11-22,Duty,W1,
    K2,referral_nfa,2010-11-23,R2,,2010-11-23,Duty,W1,
    K3,referral_received,2010-11-01,,,2010-11-01,North,W2,
    K3,s47_started,2010-11-02,,S1,2010-11-02,North,W2,
    K3,icpc_held,2010-11-23,,S1,2010-11-23,North,W2,
    K3,initial_assessment_started,2010-11-02,,A2,2010-11-02,North,W2,
    K3,initial_assessment_authorised,2010-11-16,,A2,2010-11-16,North,M1,
    K3,child_seen,31/02/2010,,,,North,W2,
    ,child_seen,2010-11-03,,,,North,W2,
    K1,core_assessment_authorised,2010-12-06,R1,A1,2010-12-06,North,M1,

    """

/// The units of ``smallExport``.
let smallTeams = """
    unit,team,group_manager,service,short_term,from,to,succeeded_by
    Duty,Duty Team,GM One,Children,1,,,
    North,North Team,GM Two,Children,,,,

    """
