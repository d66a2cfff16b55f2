/* Reads ZIP archives, which may be hostile. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ShsZipReader: an archive in memory, opened for reading.
 *
 * Unpacking is bounded: a file may grow a thousandfold at most, and from 256 MiB on all files that
 * were read together keep to 800 times the archive's size and to the memory budget; what is read
 * again keeps to the former bound of its own. Sizes and checksums are compared with those that the
 * archive declares. Not for several threads at once.
 */
typedef struct _ShsZipReader ShsZipReader;

/** shs_zip_reader_open: (transfer full): @name is for messages; @bytes are kept. */
ShsZipReader *shs_zip_reader_open (const char *name, GBytes *bytes, GError **error);
void shs_zip_reader_free (ShsZipReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsZipReader, shs_zip_reader_free)

/** shs_zip_reader_get_name: of the archive, for messages. */
const char *shs_zip_reader_get_name (const ShsZipReader *self);

/** shs_zip_reader_count: files. */
guint64 shs_zip_reader_count (const ShsZipReader *self);

/** shs_zip_reader_get_file_name: (nullable): of file @index: any bytes, UTF-8 or not. */
const char *shs_zip_reader_get_file_name (const ShsZipReader *self, guint64 index);

/**
 * ShsZipWords: what is said where a file is refused, with what to do, in the terms of who made it.
 * @packing: neither stored nor deflated; @bomb: all files together grow too much; @memory: they
 *   need too much
 */
typedef struct
{
  const char *packing;
  const char *bomb;
  const char *memory;
} ShsZipWords;

/** shs_zip_reader_unpack: (transfer full): file @index; @place: what it is, for messages; @words:
 * (nullable): in place of those for any file. */
GBytes *shs_zip_reader_unpack (ShsZipReader *self, guint64 index, const char *place,
                               const ShsZipWords *words, GError **error);

/** shs_zip_reader_read: (transfer full): the file of that whole name; %SHS_ERROR_CHOICE where there
 * is none. */
GBytes *shs_zip_reader_read (ShsZipReader *self, const char *file_name, GError **error);

G_END_DECLS
