/// One child's referral while it is being written: who holds it and how its rows are identified.
struct CaseFile {
    /// One line of units and one post in it.
    struct Holder {
        var line: Int
        var post: Int
    }

    var child: UInt32 = 0
    var referral: UInt32 = 0
    /// Some systems leave ids out; a row without finds its referral or step by the child and date.
    var isReferralNamed = true
    var areStepsNamed = true
    /// Who has it first, after a move between assessment units, and after the transfer to long-term work.
    var first = Holder(line: 0, post: 1)
    var moved: (on: Int32, to: Holder)?
    var transferred: (on: Int32, to: Holder)?
    var received: Int32 = 0
    /// The day on which a worker has it; rows before it name nobody.
    var allocated = Int32.max

    /// Where the file's rows begin among the records; `nil` where a row may be there twice.
    var firstRecord: Int?

    /// The holder on a day.
    func holder(on day: Int32) -> Holder {
        if let transferred, transferred.on <= day { return transferred.to }
        if let moved, moved.on <= day { return moved.to }
        return first
    }
}

/// A sibling group: children with neighbouring numbers, and what is known of its last referral.
struct Household {
    let firstChild: UInt32
    let size: UInt8
    let family: UInt32
    /// The day of the last referral, and that on which the last child's case was closed, if it was.
    var lastReferral: Int32
    var lastClosure: Int32
}
