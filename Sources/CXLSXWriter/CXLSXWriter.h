#include <sys/syscall.h>
#include <unistd.h>
#include <xlsxwriter.h>

/// Opens a file that is in memory only and closed for programs that are started; -1 where there is no room.
static inline int cards_memory_file(void) {
    const unsigned closes_on_exec = 1U;
    return (int)syscall(SYS_memfd_create, "workbook", closes_on_exec);
}
