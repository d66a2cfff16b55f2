/* The bytes of a file: mapped, or handed over. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * shs_bytes_open:
 * @path: a regular file (gzip files are recognised by their content and unpacked within the memory
 *   budget)
 *
 * Returns: (transfer full): its content, memory-mapped where possible; NULL with %SHS_ERROR_FILE
 *   naming the path and the reason
 */
GBytes *shs_bytes_open (const char *path, GError **error);

/** shs_file_hash: (transfer full): the file's SHA-256 in hexadecimal, or NULL with %SHS_ERROR_FILE.
 */
char *shs_file_hash (const char *path, GError **error);

G_END_DECLS
