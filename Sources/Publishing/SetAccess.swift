/// Who may read each kind of folder of a set.
struct SetAccess {
    /// Of the set itself and what lies beside it.
    ///
    /// A folder has one group, so where the kinds name different ones each of them passes through the set
    /// to its own folder: nobody but the owner may list the set or read the files that lie in it.
    let root: Access
    private var kinds: [SetFolder: Access] = [:]

    init(_ groups: [SetFolder: String]) throws(PublishingError) {
        let names = Set(groups.values)
        if names.count == 1, let name = names.first {
            root = try Access(group: name)
        } else {
            root = names.isEmpty ? .owner : .passage
        }
        for kind in SetFolder.allCases {
            if let name = groups[kind] { kinds[kind] = try Access(group: name) }
        }
    }

    func of(_ kind: SetFolder?) -> Access {
        guard let kind else { return root }
        return kinds[kind] ?? .owner
    }
}
