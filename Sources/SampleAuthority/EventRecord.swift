/// One row of the export, in 24 bytes; text exists only while it is written.
struct EventRecord: BitwiseCopyable {
    /// What is wrong with the row's own text, for rows made to be rejected.
    enum Fault: UInt8 {
        case none
        case noChild
        case unknownEvent
        case noDate
        case badDate
        case missingField
    }

    /// The value of ``recordedAfter`` that stands for an empty `recorded_at`.
    static let notRecorded = Int16.min

    var child: UInt32
    /// The number of the referral, 0 for none.
    var referral: UInt32
    /// The number of the step, 0 for none.
    var step: UInt32
    /// Days since 1970-01-01.
    var day: UInt16
    /// The day of entry less ``day``; negative for bookings.
    var recordedAfter: Int16
    var unit: UInt16
    /// The number of the worker, 0 for none.
    var worker: UInt16
    var event: CaseEvent
    var outcome: Outcome
    var fault: Fault
}
