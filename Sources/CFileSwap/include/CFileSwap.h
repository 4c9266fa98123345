#ifndef CARDS_FILE_SWAP_H
#define CARDS_FILE_SWAP_H

/// Exchanges two names in one step: renameat2 with RENAME_EXCHANGE, which Swift's Glibc module leaves out.
///
/// Returns 0, or the error number (ENOSYS and EINVAL where the file system cannot).
int cards_exchange(int folder, const char *one, const char *other);

/// Renames without ever replacing: renameat2 with RENAME_NOREPLACE. Returns 0 or the error number.
int cards_rename_new(int folder, const char *from, const char *to);

#endif
