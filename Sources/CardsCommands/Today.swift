import Glibc
import WorkingCalendar

/// Today's date in London.
func today() -> CivilDate {
    let seconds = time(nil)
    return LondonTime.date(
        of: CivilDate(daysSinceEpoch: Int32(seconds / 86_400)), minute: Int32(seconds % 86_400 / 60), offsetMinutes: 0)
}
