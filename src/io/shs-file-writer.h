/* Writes a file so that its old content stays whole until the new one is complete. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShsFileWriter: writes to a temporary file on the target's file system; shs_file_writer_commit()
 * makes it durable (fsync) and puts it in the target's place. Where the file system can, the file
 * has no name until then, so that a program that is killed leaves nothing behind; elsewhere it is a
 * hidden one in the target's folder. Symbolic links are resolved first, the old
 * file's mode is kept. Freeing without commit removes the temporary file. A device or a pipe
 * (/dev/stdout) is written to directly, since it has no old content to keep.
 */
typedef struct _ShsFileWriter ShsFileWriter;

/** shs_file_writer_new: NULL with %SHS_ERROR_FILE naming the path and the reason. */
ShsFileWriter *shs_file_writer_new (const char *path, GError **error);
void shs_file_writer_free (ShsFileWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsFileWriter, shs_file_writer_free)

/** shs_file_writer_write: buffered; FALSE with %SHS_ERROR_FILE (disk full names path and bytes). */
gboolean shs_file_writer_write (ShsFileWriter *self, gconstpointer bytes, gsize length,
                                GError **error);
gboolean shs_file_writer_write_text (ShsFileWriter *self, const char *text, GError **error);

/**
 * shs_file_writer_write_at: at once, from byte @offset on, for formats that are not written from
 * beginning to end; a file is written either so or by the functions above.
 */
gboolean shs_file_writer_write_at (ShsFileWriter *self, guint64 offset, gconstpointer bytes,
                                   gsize length, GError **error);
/** shs_file_writer_set_length: what is new reads as zeros. */
gboolean shs_file_writer_set_length (ShsFileWriter *self, guint64 length, GError **error);
/** shs_file_writer_check: FALSE, with the error anew, when a write failed before. */
gboolean shs_file_writer_check (ShsFileWriter *self, GError **error);
/** shs_file_writer_get_descriptor: of what is written, open for reading as well unless it is a
 * device; owned by @self. */
int shs_file_writer_get_descriptor (const ShsFileWriter *self);

/** shs_file_writer_get_temporary_path: for who opens the file anew, in this process. */
const char *shs_file_writer_get_temporary_path (ShsFileWriter *self);
/** shs_file_writer_name_temporary: gives the temporary file a name in the target's folder now, for
 * who must replace it there. FALSE with errno when that fails. */
gboolean shs_file_writer_name_temporary (ShsFileWriter *self);
const char *shs_file_writer_get_path (ShsFileWriter *self);

/** shs_file_writer_commit: after it the target is the new file; on failure it is the old one. */
gboolean shs_file_writer_commit (ShsFileWriter *self, GError **error);

/** shs_file_write: a whole file at once. */
gboolean shs_file_write (const char *path, gconstpointer bytes, gsize length, GError **error);

G_END_DECLS
