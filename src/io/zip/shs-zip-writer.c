#include "io/zip/shs-zip-writer.h"

#include "core/shs-error.h"

#include <string.h>
#include <zlib.h>

#define PIECE_SIZE (1u << 16)
#define LEVEL 1                       /* of deflate: numbers gain little from more */
#define WORTH_PACKING 0.8             /* packed to unpacked bytes of the first piece */
#define TOO_LARGE ((guint64)16 << 20) /* members whose packing a person would wait for */
#define LARGE 0xffffffffu             /* sizes and offsets from here on need ZIP64 */
#define DEFLATE_OVERHEAD 1.001        /* how much stored blocks may grow */
#define FLAGS 0x0808                  /* sizes follow the data; names are UTF-8 */
#define DATE 0x0021                   /* 1980-01-01 */
#define MADE_BY (3 << 8 | 45)         /* Unix, ZIP64 */
#define MODE (0100644u << 16)

typedef struct
{
  char *name;
  guint64 offset;
  guint64 size;
  guint64 packed_size;
  guint32 checksum;
  gboolean is_large;
} Member;

/* @is_deflating: whether @stream is open; @n_left: bytes of the present member still to come */
struct _ShsZipWriter
{
  const ShsZipSink *sink;
  gpointer sink_data;
  gboolean stores;
  guint64 offset;
  GArray *members; /* Member */
  gboolean always_large;
  gboolean is_open;
  guint64 n_left;
  gboolean is_deflating;
  z_stream stream;
  gsize n_piece;
  guint8 piece[PIECE_SIZE];
  guint8 packed[PIECE_SIZE + 1024];
};

static void
member_clear (gpointer member)
{
  g_free (((Member *)member)->name);
}

static gboolean
file_write (gpointer file, gconstpointer bytes, gsize length, GError **error)
{
  return shs_file_writer_write (file, bytes, length, error);
}

static gboolean
file_commit (gpointer file, GError **error)
{
  return shs_file_writer_commit (file, error);
}

static void
file_free (gpointer file)
{
  shs_file_writer_free (file);
}

static const ShsZipSink file_sink = { file_write, file_commit, file_free };

ShsZipWriter *
shs_zip_writer_new (const char *path, GError **error)
{
  ShsFileWriter *file = shs_file_writer_new (path, error);

  return file != NULL ? shs_zip_writer_new_on (&file_sink, file, FALSE) : NULL;
}

ShsZipWriter *
shs_zip_writer_new_on (const ShsZipSink *sink, gpointer data, gboolean stores)
{
  ShsZipWriter *self = g_new0 (ShsZipWriter, 1);

  self->sink = sink;
  self->sink_data = data;
  self->stores = stores;
  self->members = g_array_new (FALSE, TRUE, sizeof (Member));
  g_array_set_clear_func (self->members, member_clear);
  return self;
}

void
shs_zip_writer_free (ShsZipWriter *self)
{
  if (self == NULL)
    return;
  if (self->is_deflating)
    deflateEnd (&self->stream);
  self->sink->free (self->sink_data);
  g_array_unref (self->members);
  g_free (self);
}

void
shs_zip_writer_force_large (ShsZipWriter *self)
{
  self->always_large = TRUE;
}

/* Appends the low @n bytes of @value, the lowest first. */
static void
put (GString *record, guint64 value, int n)
{
  for (int i = 0; i < n; i++)
    g_string_append_c (record, (char)(value >> 8 * i & 0xff));
}

static gboolean
write_bytes (ShsZipWriter *self, gconstpointer bytes, gsize length, GError **error)
{
  self->offset += length;
  return self->sink->write (self->sink_data, bytes, length, error);
}

static gboolean
write_record (ShsZipWriter *self, const GString *record, GError **error)
{
  return write_bytes (self, record->str, record->len, error);
}

static Member *
last_member (ShsZipWriter *self)
{
  return &g_array_index (self->members, Member, self->members->len - 1);
}

/* What a local header and a directory entry have in common, from "version needed" to the date. */
static void
put_common (GString *record, gboolean is_large, gboolean stores)
{
  put (record, is_large ? 45 : 20, 2);
  put (record, FLAGS, 2);
  put (record, stores ? 0 : Z_DEFLATED, 2);
  put (record, 0, 2);
  put (record, DATE, 2);
}

/* APPNOTE 4.3.7; a large member announces that its sizes will have 8 bytes. */
static gboolean
write_local_header (ShsZipWriter *self, const Member *member, GError **error)
{
  g_autoptr (GString) record = g_string_new (NULL);
  guint32 size = member->is_large ? LARGE : 0;

  put (record, 0x04034b50, 4);
  put_common (record, member->is_large, self->stores);
  put (record, 0, 4);
  put (record, size, 4);
  put (record, size, 4);
  put (record, strlen (member->name), 2);
  put (record, member->is_large ? 20 : 0, 2);
  g_string_append (record, member->name);
  if (member->is_large)
    {
      put (record, 0x0001, 2);
      put (record, 16, 2);
      put (record, 0, 8);
      put (record, 0, 8);
    }
  return write_record (self, record, error);
}

/* APPNOTE 4.3.9 */
static gboolean
write_descriptor (ShsZipWriter *self, const Member *member, GError **error)
{
  g_autoptr (GString) record = g_string_new (NULL);
  int n_bytes = member->is_large ? 8 : 4;

  put (record, 0x08074b50, 4);
  put (record, member->checksum, 4);
  put (record, member->packed_size, n_bytes);
  put (record, member->size, n_bytes);
  return write_record (self, record, error);
}

/* APPNOTE 4.3.12; ZIP64 sizes and offset as in 4.5.3, all three or none. */
static gboolean
write_entry (ShsZipWriter *self, const Member *member, GError **error)
{
  g_autoptr (GString) record = g_string_new (NULL);
  gboolean is_large = member->is_large || member->offset >= LARGE;

  put (record, 0x02014b50, 4);
  put (record, MADE_BY, 2);
  put_common (record, is_large, self->stores);
  put (record, member->checksum, 4);
  put (record, is_large ? LARGE : member->packed_size, 4);
  put (record, is_large ? LARGE : member->size, 4);
  put (record, strlen (member->name), 2);
  put (record, is_large ? 28 : 0, 2);
  put (record, 0, 6); /* no comment, disk 0, binary */
  put (record, MODE, 4);
  put (record, is_large ? LARGE : member->offset, 4);
  g_string_append (record, member->name);
  if (is_large)
    {
      put (record, 0x0001, 2);
      put (record, 24, 2);
      put (record, member->size, 8);
      put (record, member->packed_size, 8);
      put (record, member->offset, 8);
    }
  return write_record (self, record, error);
}

/* APPNOTE 4.3.14 and 4.3.15 */
static void
put_large_end (GString *record, guint64 n, guint64 begin, guint64 end)
{
  put (record, 0x06064b50, 4);
  put (record, 44, 8);
  put (record, MADE_BY, 2);
  put (record, 45, 2);
  put (record, 0, 8);
  put (record, n, 8);
  put (record, n, 8);
  put (record, end - begin, 8);
  put (record, begin, 8);
  put (record, 0x07064b50, 4);
  put (record, 0, 4);
  put (record, end, 8);
  put (record, 1, 4);
}

/* APPNOTE 4.3.16 */
static gboolean
write_end (ShsZipWriter *self, guint64 begin, GError **error)
{
  g_autoptr (GString) record = g_string_new (NULL);
  guint64 end = self->offset;
  guint64 n = self->members->len;
  gboolean is_large = self->always_large || end >= LARGE || n >= 0xffff;

  if (is_large)
    put_large_end (record, n, begin, end);
  put (record, 0x06054b50, 4);
  put (record, 0, 4);
  put (record, is_large ? 0xffff : n, 2);
  put (record, is_large ? 0xffff : n, 2);
  put (record, is_large ? LARGE : end - begin, 4);
  put (record, is_large ? LARGE : begin, 4);
  put (record, 0, 2);
  return write_record (self, record, error);
}

gboolean
shs_zip_writer_begin (ShsZipWriter *self, const char *name, guint64 size, GError **error)
{
  Member member = { .offset = self->offset, .size = size, .checksum = (guint32)crc32 (0, NULL, 0) };

  g_return_val_if_fail (!self->is_open && strlen (name) <= 0xffff, FALSE);
  member.name = g_strdup (name);
  member.is_large = self->always_large || (double)size * DEFLATE_OVERHEAD + PIECE_SIZE >= LARGE;
  g_array_append_val (self->members, member);
  self->is_open = TRUE;
  self->n_left = size;
  self->n_piece = 0;
  return write_local_header (self, &member, error);
}

static gboolean
fail_to_pack (GError **error)
{
  g_set_error (error, SHS_ERROR, SHS_ERROR_MEMORY,
               "The system gave no memory to pack the file; close other programs");
  return FALSE;
}

/* Packs the buffered piece; with Z_FINISH also what deflate still holds. */
static gboolean
pack_piece (ShsZipWriter *self, int flush, GError **error)
{
  Member *member = last_member (self);

  member->checksum = (guint32)crc32 (member->checksum, self->piece, (uInt)self->n_piece);
  self->stream.next_in = self->piece;
  self->stream.avail_in = (uInt)self->n_piece;
  self->n_piece = 0;
  do
    {
      gsize n_packed;

      self->stream.next_out = self->packed;
      self->stream.avail_out = sizeof self->packed;
      if (deflate (&self->stream, flush) == Z_STREAM_ERROR)
        return fail_to_pack (error);
      n_packed = sizeof self->packed - self->stream.avail_out;
      member->packed_size += n_packed;
      if (!write_bytes (self, self->packed, n_packed, error))
        return FALSE;
    }
  while (self->stream.avail_out == 0);
  return TRUE;
}

static gboolean
open_stream (ShsZipWriter *self, int level)
{
  memset (&self->stream, 0, sizeof self->stream);
  self->is_deflating
      = deflateInit2 (&self->stream, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK;
  return self->is_deflating;
}

/* Whether the first piece of a member gets clearly smaller, and soon. */
static gboolean
is_worth_packing (ShsZipWriter *self)
{
  gsize limit = (gsize)((double)self->n_piece * WORTH_PACKING);
  gboolean is_worth;

  if (self->n_piece < PIECE_SIZE)
    return TRUE;
  if (last_member (self)->size > TOO_LARGE || !open_stream (self, LEVEL))
    return FALSE;
  self->stream.next_in = self->piece;
  self->stream.avail_in = (uInt)self->n_piece;
  self->stream.next_out = self->packed;
  self->stream.avail_out = (uInt)limit;
  is_worth = deflate (&self->stream, Z_FINISH) == Z_STREAM_END;
  deflateEnd (&self->stream);
  self->is_deflating = FALSE;
  return is_worth;
}

static gboolean
flush_piece (ShsZipWriter *self, int flush, GError **error)
{
  if (!self->is_deflating && !open_stream (self, is_worth_packing (self) ? LEVEL : 0))
    return fail_to_pack (error);
  return pack_piece (self, flush, error);
}

/* Members that are only wrapped need no buffer. */
static gboolean
store (ShsZipWriter *self, gconstpointer bytes, gsize length, GError **error)
{
  Member *member = last_member (self);

  member->checksum = (guint32)crc32_z (member->checksum, bytes, length);
  member->packed_size += length;
  return write_bytes (self, bytes, length, error);
}

gboolean
shs_zip_writer_write (ShsZipWriter *self, gconstpointer bytes, gsize length, GError **error)
{
  const guint8 *p = bytes;

  g_return_val_if_fail (self->is_open && length <= self->n_left, FALSE);
  self->n_left -= length;
  if (self->stores)
    return store (self, bytes, length, error);
  while (length > 0)
    {
      gsize n = MIN (length, PIECE_SIZE - self->n_piece);

      memcpy (self->piece + self->n_piece, p, n);
      self->n_piece += n;
      p += n;
      length -= n;
      if (self->n_piece == PIECE_SIZE && !flush_piece (self, Z_NO_FLUSH, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
shs_zip_writer_end (ShsZipWriter *self, GError **error)
{
  g_return_val_if_fail (self->is_open && self->n_left == 0, FALSE);
  if (!self->stores)
    {
      if (!flush_piece (self, Z_FINISH, error))
        return FALSE;
      deflateEnd (&self->stream);
      self->is_deflating = FALSE;
    }
  self->is_open = FALSE;
  return write_descriptor (self, last_member (self), error);
}

gboolean
shs_zip_writer_commit (ShsZipWriter *self, GError **error)
{
  guint64 begin = self->offset;

  g_return_val_if_fail (!self->is_open, FALSE);
  for (guint i = 0; i < self->members->len; i++)
    if (!write_entry (self, &g_array_index (self->members, Member, i), error))
      return FALSE;
  return write_end (self, begin, error) && self->sink->commit (self->sink_data, error);
}
