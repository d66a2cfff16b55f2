/* Writes a ZIP archive front to back, each member in pieces. */
#pragma once

#include "io/shs-file-writer.h"

G_BEGIN_DECLS

/**
 * ShsZipWriter: members are deflated; or only wrapped, where they have more than 16 MiB, or where
 * the first 64 KiB do not get smaller by a fifth: packing is ten times slower than explaining.
 * Dates are 1980-01-01, sizes of 4 GiB and more use ZIP64. Equal members give equal bytes, however
 * they are cut into pieces. Source: PKWARE APPNOTE 6.3.10, 4.3 to 4.5.
 */
typedef struct _ShsZipWriter ShsZipWriter;

/** shs_zip_writer_new: into a file that appears at the end; NULL with %SHS_ERROR_FILE. */
ShsZipWriter *shs_zip_writer_new (const char *path, GError **error);

/** ShsZipSink: where the bytes of an archive go, one after the other. */
typedef struct
{
  gboolean (*write) (gpointer sink, gconstpointer bytes, gsize length, GError **error);
  gboolean (*commit) (gpointer sink, GError **error);
  void (*free) (gpointer sink);
} ShsZipSink;

/** shs_zip_writer_new_on: @data: (transfer full): of @sink; @stores: whether members are only
 * wrapped, never deflated. */
ShsZipWriter *shs_zip_writer_new_on (const ShsZipSink *sink, gpointer data, gboolean stores);
void shs_zip_writer_free (ShsZipWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsZipWriter, shs_zip_writer_free)

/** shs_zip_writer_force_large: for tests: uses ZIP64 for small archives too. */
void shs_zip_writer_force_large (ShsZipWriter *self);

/** shs_zip_writer_begin: @name: UTF-8; @size: bytes that the member will have, exactly. */
gboolean shs_zip_writer_begin (ShsZipWriter *self, const char *name, guint64 size, GError **error);
gboolean shs_zip_writer_write (ShsZipWriter *self, gconstpointer bytes, gsize length,
                               GError **error);
/** shs_zip_writer_end: completes the member; all its bytes must have been written. */
gboolean shs_zip_writer_end (ShsZipWriter *self, GError **error);
/** shs_zip_writer_commit: writes the directory and puts the archive in place. */
gboolean shs_zip_writer_commit (ShsZipWriter *self, GError **error);

G_END_DECLS
