/* An open file: opened once, then read at any place, by any reader. */
#pragma once

#include "core/shs-progress.h"

G_BEGIN_DECLS

/** ShsFile: a regular file behind a descriptor, reference counted; any thread may read. What
 * happens to its name later does not matter. */
typedef struct _ShsFile ShsFile;

/**
 * shs_file_open: for reading; a folder, a pipe or a device is refused at once, without waiting.
 *
 * Returns: (transfer full): NULL with %SHS_ERROR_FILE naming the path and the reason
 */
ShsFile *shs_file_open (const char *path, GError **error);

/**
 * shs_file_new_for_descriptor: what is open behind @descriptor, which stays the caller's.
 * @path: for messages
 */
ShsFile *shs_file_new_for_descriptor (const char *path, int descriptor, GError **error);

/**
 * shs_file_new_scratch: a new file without a name for what memory does not hold; its space is given
 * back with the last reference, however the program ends. It lies in TMPDIR, or else in /var/tmp or
 * the person's cache folder: /tmp may well be memory.
 */
ShsFile *shs_file_new_scratch (GError **error);

ShsFile *shs_file_ref (ShsFile *self);
void shs_file_unref (ShsFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsFile, shs_file_unref)

/** shs_file_get_path: for messages. */
const char *shs_file_get_path (const ShsFile *self);
/** shs_file_get_descriptor: stays the file's own. */
int shs_file_get_descriptor (const ShsFile *self);
/** shs_file_get_size: when it was opened, or last written beyond its end. */
guint64 shs_file_get_size (const ShsFile *self);

/**
 * shs_file_read_at: exactly @length bytes from @offset on.
 *
 * Returns: FALSE with %SHS_ERROR_FILE, also where the file ends before (somebody shortened it)
 */
gboolean shs_file_read_at (const ShsFile *self, guint64 offset, gpointer out, gsize length,
                           GError **error);
/** shs_file_read_head: up to @size bytes; fewer (@length) only where the file is shorter. */
gboolean shs_file_read_head (const ShsFile *self, guint8 *out, gsize size, gsize *length,
                             GError **error);
/** shs_file_write_at: for files of shs_file_new_for_descriptor() and shs_file_new_scratch();
 * different places may be written by different threads. FALSE with %SHS_ERROR_FILE: no space is the
 * usual reason. */
gboolean shs_file_write_at (ShsFile *self, guint64 offset, gconstpointer bytes, gsize length,
                            GError **error);
/** shs_file_check_space: FALSE with %SHS_ERROR_FILE where the disk has no @bytes left. */
gboolean shs_file_check_space (const ShsFile *self, guint64 bytes, GError **error);

/**
 * shs_file_hash:
 * @progress: (nullable): only its cancel is heard, within 256 KiB
 *
 * Returns: (transfer full): the SHA-256 in hexadecimal; NULL with %SHS_ERROR_FILE or
 *   %SHS_ERROR_CANCELLED
 */
char *shs_file_hash (const ShsFile *self, ShsProgress *progress, GError **error);

G_END_DECLS
