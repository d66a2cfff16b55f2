/* The bytes of a file: read, mapped or unpacked. */
#pragma once

#include "io/shs-file.h"

G_BEGIN_DECLS

/** SHS_BYTES_READ_LIMIT: files up to this size are read into memory, larger ones are mapped. */
#define SHS_BYTES_READ_LIMIT (1u << 20)

/**
 * shs_bytes_open:
 * @path: a regular file (gzip files are recognised by their content and unpacked within the memory
 *   budget; more than 1,000 bytes out of one, beyond 64 MiB, is refused as a bomb)
 *
 * Files up to %SHS_BYTES_READ_LIMIT are copied, so nothing that happens to them later matters.
 * Larger files are mapped: a program that shortens one in place while its bytes are still in use
 * ends this program by SIGBUS (a file replaced by renaming, as editors do, is harmless). Readers
 * that copy what they need and drop the bytes keep that window short.
 *
 * Returns: (transfer full): its content; NULL with %SHS_ERROR_FILE naming the path and the reason,
 *   %SHS_ERROR_SYNTAX for damaged gzip data, or %SHS_ERROR_MEMORY
 */
GBytes *shs_bytes_open (const char *path, GError **error);

/** shs_bytes_read: the same of a file that is open already. */
GBytes *shs_bytes_read (const ShsFile *file, GError **error);

/**
 * shs_bytes_release:
 * @bytes: of shs_bytes_read(), or any others
 * @offset, @length: a part that was read and is hardly needed again
 *
 * Gives back the memory that this part takes where @bytes are a mapped file; they stay readable.
 * So a reader of one pass needs the memory of what it makes of a file, not the file's too.
 */
void shs_bytes_release (GBytes *bytes, gsize offset, gsize length);

/**
 * shs_bytes_read_head:
 * @path: a regular file; a pipe is refused at once, without waiting for its writer
 * @buffer: where up to @size bytes go, as they stand in the file (nothing is unpacked)
 * @length: (out): the bytes read; fewer than @size only when the file is shorter
 *
 * Returns: FALSE with %SHS_ERROR_FILE naming the path and the reason (a folder, a pipe, a device,
 *   or what the system says).
 */
gboolean shs_bytes_read_head (const char *path, guint8 *buffer, gsize size, gsize *length,
                              GError **error);

G_END_DECLS
