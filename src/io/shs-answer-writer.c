#include "io/shs-answer-writer.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/shs-npy-private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define LOCAL_SIGNATURE 0x04034b50
#define CENTRAL_SIGNATURE 0x02014b50
#define END64_SIGNATURE 0x06064b50
#define LOCATOR_SIGNATURE 0x07064b50
#define END_SIGNATURE 0x06054b50
#define VERSION_ZIP64 45
#define FLAG_UTF8 (1 << 11)
#define FIRST_DATE ((0 << 9) | (1 << 5) | 1) /* 1980-01-01 */
#define IN_ZIP64 0xffffffffu

typedef struct
{
  char *name;
  guint64 offset;
  guint64 size;
  guint32 checksum;
} Member;

struct _ShsAnswerWriter
{
  int fd;
  guint64 at;
  GArray *members; /* Member */
  gboolean is_open;
};

static void
member_clear (gpointer member)
{
  g_free (((Member *)member)->name);
}

ShsAnswerWriter *
shs_answer_writer_new (int fd)
{
  ShsAnswerWriter *self = g_new0 (ShsAnswerWriter, 1);

  self->fd = fd;
  self->members = g_array_new (FALSE, TRUE, sizeof (Member));
  g_array_set_clear_func (self->members, member_clear);
  return self;
}

void
shs_answer_writer_free (ShsAnswerWriter *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->members);
  g_free (self);
}

static gboolean
put_at (ShsAnswerWriter *self, guint64 offset, gconstpointer bytes, gsize length, GError **error)
{
  for (gsize done = 0; done < length;)
    {
      ssize_t put
          = pwrite (self->fd, (const char *)bytes + done, length - done, (off_t)(offset + done));

      if (put < 0 && errno == EINTR)
        continue;
      if (put <= 0)
        {
          g_set_error (error, SHS_ERROR, SHS_ERROR_MEMORY,
                       "its content needs more memory than may be used (%s); close other programs",
                       g_strerror (errno));
          return FALSE;
        }
      done += (gsize)put;
    }
  return TRUE;
}

static gboolean
put (ShsAnswerWriter *self, gconstpointer bytes, gsize length, GError **error)
{
  if (!put_at (self, self->at, bytes, length, error))
    return FALSE;
  self->at += length;
  return TRUE;
}

static void
add16 (GByteArray *bytes, guint value)
{
  guint16 little = GUINT16_TO_LE ((guint16)value);

  g_byte_array_append (bytes, (const guint8 *)&little, sizeof little);
}

static void
add32 (GByteArray *bytes, guint32 value)
{
  guint32 little = GUINT32_TO_LE (value);

  g_byte_array_append (bytes, (const guint8 *)&little, sizeof little);
}

static void
add64 (GByteArray *bytes, guint64 value)
{
  guint64 little = GUINT64_TO_LE (value);

  g_byte_array_append (bytes, (const guint8 *)&little, sizeof little);
}

/* What local and central headers share, from the version needed to the length of the name. */
static void
add_common (GByteArray *bytes, const Member *member)
{
  add16 (bytes, VERSION_ZIP64);
  add16 (bytes, FLAG_UTF8);
  add16 (bytes, 0); /* stored */
  add16 (bytes, 0);
  add16 (bytes, FIRST_DATE);
  add32 (bytes, member->checksum);
  add32 (bytes, IN_ZIP64);
  add32 (bytes, IN_ZIP64);
  add16 (bytes, (guint)strlen (member->name));
}

static GByteArray *
make_local_header (const Member *member)
{
  GByteArray *bytes = g_byte_array_new ();

  add32 (bytes, LOCAL_SIGNATURE);
  add_common (bytes, member);
  add16 (bytes, 20);
  g_byte_array_append (bytes, (const guint8 *)member->name, (guint)strlen (member->name));
  add16 (bytes, 1); /* ZIP64 */
  add16 (bytes, 16);
  add64 (bytes, member->size);
  add64 (bytes, member->size);
  return bytes;
}

static void
add_central_header (GByteArray *bytes, const Member *member)
{
  add32 (bytes, CENTRAL_SIGNATURE);
  add16 (bytes, VERSION_ZIP64);
  add_common (bytes, member);
  add16 (bytes, 28);
  add16 (bytes, 0); /* comment */
  add16 (bytes, 0); /* disk */
  add16 (bytes, 0);
  add32 (bytes, 0);
  add32 (bytes, IN_ZIP64);
  g_byte_array_append (bytes, (const guint8 *)member->name, (guint)strlen (member->name));
  add16 (bytes, 1);
  add16 (bytes, 24);
  add64 (bytes, member->size);
  add64 (bytes, member->size);
  add64 (bytes, member->offset);
}

static Member *
last_member (ShsAnswerWriter *self)
{
  return &g_array_index (self->members, Member, self->members->len - 1);
}

/* The size and the checksum of a member are known at its end only. */
static gboolean
end_member (ShsAnswerWriter *self, GError **error)
{
  g_autoptr (GByteArray) header = NULL;

  if (!self->is_open)
    return TRUE;
  self->is_open = FALSE;
  header = make_local_header (last_member (self));
  return put_at (self, last_member (self)->offset, header->data, header->len, error);
}

gboolean
shs_answer_writer_begin (ShsAnswerWriter *self, const char *name, const char *descr,
                         guint n_dimensions, const gsize *shape, GError **error)
{
  g_autoptr (GByteArray) header = NULL;
  GString *npy;
  gboolean is_put;
  Member member = { 0 };

  if (!end_member (self, error))
    return FALSE;
  member.name = g_strconcat (name, ".npy", NULL);
  member.offset = self->at;
  g_array_append_val (self->members, member);
  header = make_local_header (last_member (self));
  npy = shs_npy_make_header (descr, n_dimensions, shape);
  is_put = put (self, header->data, header->len, error);
  self->is_open = TRUE;
  is_put = is_put && shs_answer_writer_write (self, npy->str, npy->len, error);
  g_string_free (npy, TRUE);
  return is_put;
}

gboolean
shs_answer_writer_write (ShsAnswerWriter *self, gconstpointer bytes, gsize length, GError **error)
{
  Member *member = last_member (self);

  for (gsize done = 0; done < length;)
    {
      uInt piece = (uInt)MIN (length - done, 1u << 30);

      member->checksum = (guint32)crc32 (member->checksum, (const Bytef *)bytes + done, piece);
      done += piece;
    }
  member->size += length;
  return put (self, bytes, length, error);
}

static gboolean
write_cells (ShsAnswerWriter *self, char *const *texts, gsize count, gunichar *cell, gsize width,
             GError **error)
{
  for (gsize i = 0; i < count; i++)
    {
      gsize n = 0;

      for (const char *c = texts[i]; *c != '\0'; c = g_utf8_next_char (c))
        cell[n++] = GUINT32_TO_LE (g_utf8_get_char (c));
      memset (cell + n, 0, (width - n) * sizeof *cell);
      if (!shs_answer_writer_write (self, cell, width * sizeof *cell, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
shs_answer_writer_add_texts (ShsAnswerWriter *self, const char *name, const char *const *texts,
                             guint n_dimensions, const gsize *shape, GError **error)
{
  g_auto (GStrv) valid = NULL;
  g_autofree char *descr = NULL;
  SHS_AUTOFREE gunichar *cell = NULL;
  gsize count = 1, width = 1;

  for (guint d = 0; d < n_dimensions; d++)
    count *= shape[d]; /* as many as there are texts */
  valid = g_new0 (char *, count + 1);
  for (gsize i = 0; i < count; i++)
    {
      valid[i] = g_utf8_make_valid (texts[i], -1);
      width = MAX (width, (gsize)g_utf8_strlen (valid[i], -1));
    }
  descr = g_strdup_printf ("<U%" G_GSIZE_FORMAT, width);
  cell = shs_alloc (width, sizeof (gunichar), error);
  return cell != NULL && shs_answer_writer_begin (self, name, descr, n_dimensions, shape, error)
         && write_cells (self, valid, count, cell, width, error);
}

gboolean
shs_answer_writer_add_list (ShsAnswerWriter *self, const char *name, const char *const *texts,
                            gsize count, GError **error)
{
  return shs_answer_writer_add_texts (self, name, texts, 1, &count, error);
}

gboolean
shs_answer_writer_finish (ShsAnswerWriter *self, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint64 directory, length;

  if (!end_member (self, error))
    return FALSE;
  directory = self->at;
  for (guint i = 0; i < self->members->len; i++)
    add_central_header (bytes, &g_array_index (self->members, Member, i));
  length = bytes->len;
  add32 (bytes, END64_SIGNATURE);
  add64 (bytes, 44);
  add16 (bytes, VERSION_ZIP64);
  add16 (bytes, VERSION_ZIP64);
  add32 (bytes, 0);
  add32 (bytes, 0);
  add64 (bytes, self->members->len);
  add64 (bytes, self->members->len);
  add64 (bytes, length);
  add64 (bytes, directory);
  add32 (bytes, LOCATOR_SIGNATURE);
  add32 (bytes, 0);
  add64 (bytes, directory + length);
  add32 (bytes, 1);
  add32 (bytes, END_SIGNATURE);
  add16 (bytes, 0);
  add16 (bytes, 0);
  add16 (bytes, 0xffff);
  add16 (bytes, 0xffff);
  add32 (bytes, IN_ZIP64);
  add32 (bytes, IN_ZIP64);
  add16 (bytes, 0);
  return put (self, bytes->data, bytes->len, error);
}
