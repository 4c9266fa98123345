public import Reports

/// What a set is to hold and who may read it.
public struct SetOptions: Sendable {
    /// The formats to write.
    public var formats = Set(SetFormat.allCases)
    /// Whether `data/` has `clocks.csv`; the report must have been made with its clocks.
    public var hasClocks = false
    /// The team whose page alone is written; `data/` is whole all the same.
    public var team: String?
    /// The Group Manager whose folder alone is written; `data/` is whole all the same.
    public var groupManager: String?
    /// Whether the set is to be published: counts only, small ones hidden.
    public var isForPublication = false
    /// The Group Managers who may see restricted children.
    public var restrictedTo: Set<String> = []
    /// The Unix group of each kind of folder; without one only the owner may read it.
    public var groups: [SetFolder: String] = [:]
    /// The number of threads that make the files.
    public var cores = 1
    /// The templates of the pages.
    public var templates = PageTemplates.shipped
    /// The name of the set where it is not that of its week: then nothing points to it as the newest one.
    public var name: String?
    /// The version of the program, for `run.json`.
    public var version: String

    public init(version: String) { self.version = version }
}

/// A format of a set.
public enum SetFormat: String, CaseIterable, Sendable {
    case html, xlsx, csv, json, text
}

/// A kind of folder of a set, each for other readers; the raw value is that of the configuration.
public enum SetFolder: String, CaseIterable, Sendable {
    case authority, service
    case groupManager = "group_manager"
    /// The analyst's; also the folder of work without a Group Manager.
    case data
}

/// What became of a set.
public struct WrittenSet: Hashable, Sendable {
    /// The name of the set's folder, such as `2010-W47`.
    public var name: String
    /// The path of the set's folder.
    public var path: String
    /// The set it replaced, where that could not be deleted; it is hidden and goes with the next set.
    public var leftover: String?
}
