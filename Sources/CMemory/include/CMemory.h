#ifndef C_MEMORY_H
#define C_MEMORY_H
#if defined(__GLIBC__) || defined(__linux__)
#include <malloc.h>
#endif

/// Gives memory of 128 KiB and more back to the system as soon as it is freed.
///
/// By default glibc raises that size as larger pieces are freed, and then keeps them: a run over ten
/// million rows would hold its events' memory to the end. Call it before anything is allocated.
static inline void cards_return_freed_memory(void) {
#if defined(M_MMAP_THRESHOLD)
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
#endif
}
#endif
