#include "io/zip/shs-zip-reader.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <zip.h>

#define MAX_RATIO 1000             /* unpacked to packed bytes ... */
#define ALWAYS_ALLOWED (64u << 20) /* ... of files larger than this */
#define MAX_TOTAL_RATIO 800        /* the same of all files that were read ... */
#define TOTAL_ALLOWED (256u << 20) /* ... when they are larger than this together */

static const ShsZipWords usual_words = {
  "it is packed in a way that is not known; write the file again, or pack it with \"deflate\"",
  "the archive would grow several hundredfold when unpacked; it may be a bomb; write it again "
  "without packing if you trust it",
  "the files of the archive need more memory together than may be used; close other programs",
};

/* @were_read: #guint64 indices of the files whose bytes are in the total: read again, they count
 * there no more; @budget: of memory, when the archive was opened; @total: bytes of the files read
 * so far; @repeated: of those that were read again */
struct _ShsZipReader
{
  char *name;
  GBytes *bytes;
  zip_t *archive;
  GHashTable *were_read;
  guint64 budget;
  guint64 total;
  guint64 repeated;
};

/* A file that is being unpacked. */
typedef struct
{
  guint64 index;
  const char *place;
  const ShsZipWords *words;
} Unpacking;

static void
fail_with_zip (const char *name, zip_error_t *reason, GError **error)
{
  g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX,
               "%s: the archive cannot be read: %s; it may be damaged or cut short", name,
               zip_error_strerror (reason));
}

static zip_t *
open_archive (const char *name, GBytes *bytes, GError **error)
{
  gsize length;
  gconstpointer content = g_bytes_get_data (bytes, &length);
  zip_error_t reason;
  zip_source_t *source;
  zip_t *archive = NULL;

  zip_error_init (&reason);
  source = zip_source_buffer_create (content, length, 0, &reason);
  if (source != NULL)
    archive = zip_open_from_source (source, ZIP_RDONLY, &reason);
  if (archive == NULL)
    {
      fail_with_zip (name, &reason, error);
      if (source != NULL)
        zip_source_free (source);
    }
  zip_error_fini (&reason);
  return archive;
}

ShsZipReader *
shs_zip_reader_open (const char *name, GBytes *bytes, GError **error)
{
  g_autoptr (ShsZipReader) self = g_new0 (ShsZipReader, 1);

  self->name = g_strdup (name);
  self->bytes = g_bytes_ref (bytes);
  self->budget = shs_memory_budget ();
  self->were_read = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->archive = open_archive (name, bytes, error);
  return self->archive != NULL ? g_steal_pointer (&self) : NULL;
}

void
shs_zip_reader_free (ShsZipReader *self)
{
  if (self == NULL)
    return;
  if (self->archive != NULL)
    zip_discard (self->archive);
  g_hash_table_unref (self->were_read);
  g_bytes_unref (self->bytes);
  g_free (self->name);
  g_free (self);
}

const char *
shs_zip_reader_get_name (const ShsZipReader *self)
{
  return self->name;
}

guint64
shs_zip_reader_count (const ShsZipReader *self)
{
  zip_int64_t n = zip_get_num_entries (self->archive, 0);

  return n > 0 ? (guint64)n : 0;
}

const char *
shs_zip_reader_get_file_name (const ShsZipReader *self, guint64 index)
{
  return zip_get_name (self->archive, index, ZIP_FL_ENC_GUESS);
}

static gboolean
fail (const char *place, int code, const char *message, GError **error)
{
  g_set_error (error, SHS_ERROR, code, "%s: %s", place, message);
  return FALSE;
}

/* Whether the file's declared sizes are such that unpacking it may begin. */
static gboolean
check_file (const Unpacking *file, const zip_stat_t *stat, GError **error)
{
  const zip_uint64_t needed
      = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;

  if ((stat->valid & needed) != needed)
    return fail (file->place, SHS_ERROR_SYNTAX, "the archive does not say how large it is", error);
  if (stat->encryption_method != ZIP_EM_NONE)
    return fail (file->place, SHS_ERROR_UNSUPPORTED, "it is encrypted; save it without a password",
                 error);
  if (stat->comp_method != ZIP_CM_STORE && stat->comp_method != ZIP_CM_DEFLATE)
    return fail (file->place, SHS_ERROR_UNSUPPORTED, file->words->packing, error);
  if (stat->size > ALWAYS_ALLOWED && stat->size / MAX_RATIO > stat->comp_size)
    return fail (file->place, SHS_ERROR_INVALID,
                 "it would grow more than a thousandfold when unpacked; it may be a bomb", error);
  return TRUE;
}

static gboolean
is_bomb (const ShsZipReader *self, guint64 total)
{
  return total > TOTAL_ALLOWED && total / MAX_TOTAL_RATIO > g_bytes_get_size (self->bytes);
}

/* Many files that are harmless alone may be a bomb together; so may one that is read many times,
 * each time that a document beside it names it. */
static gboolean
charge (ShsZipReader *self, const Unpacking *file, guint64 size, GError **error)
{
  gboolean is_repeated = g_hash_table_contains (self->were_read, &file->index);
  guint64 *sum = is_repeated ? &self->repeated : &self->total;

  if (is_bomb (self, *sum + size))
    return fail (file->place, SHS_ERROR_INVALID, file->words->bomb, error);
  if (!is_repeated && *sum + size > self->budget)
    return fail (file->place, SHS_ERROR_MEMORY, file->words->memory, error);
  if (!is_repeated)
    g_hash_table_add (self->were_read, g_memdup2 (&file->index, sizeof file->index));
  *sum += size;
  return TRUE;
}

/* Fills @content exactly; reading once more at its end lets libzip compare the checksum. */
static gboolean
read_whole (zip_file_t *file, const char *place, guint8 *content, gsize length, GError **error)
{
  gsize n_read = 0;
  zip_int64_t n = 0;
  guint8 more;

  while (n_read < length && (n = zip_fread (file, content + n_read, length - n_read)) > 0)
    n_read += (gsize)n;
  if (n >= 0)
    n = zip_fread (file, &more, 1);
  if (n < 0)
    {
      fail_with_zip (place, zip_file_get_error (file), error);
      return FALSE;
    }
  if (n_read < length || n > 0)
    return fail (place, SHS_ERROR_SYNTAX,
                 "its size is not the one declared; the archive may be damaged", error);
  return TRUE;
}

GBytes *
shs_zip_reader_unpack (ShsZipReader *self, guint64 index, const char *place,
                       const ShsZipWords *words, GError **error)
{
  Unpacking unpacking = { index, place, words != NULL ? words : &usual_words };
  SHS_AUTOFREE guint8 *content = NULL;
  guint8 *kept;
  zip_stat_t stat;
  zip_file_t *file;
  gboolean is_good;

  zip_stat_init (&stat);
  if (zip_stat_index (self->archive, index, 0, &stat) != 0)
    {
      fail_with_zip (place, zip_get_error (self->archive), error);
      return NULL;
    }
  if (!check_file (&unpacking, &stat, error) || !charge (self, &unpacking, stat.size, error))
    return NULL;
  content = shs_alloc (stat.size, 1, error);
  if (content == NULL)
    {
      g_prefix_error (error, "%s: ", place);
      return NULL;
    }
  file = zip_fopen_index (self->archive, index, 0);
  if (file == NULL)
    {
      fail_with_zip (place, zip_get_error (self->archive), error);
      return NULL;
    }
  is_good = read_whole (file, place, content, stat.size, error);
  zip_fclose (file);
  if (!is_good)
    return NULL;
  kept = g_steal_pointer (&content);
  return g_bytes_new_with_free_func (kept, stat.size, shs_free, kept);
}

GBytes *
shs_zip_reader_read (ShsZipReader *self, const char *file_name, GError **error)
{
  g_autofree char *place = g_strdup_printf ("%s, file \"%s\"", self->name, file_name);
  zip_int64_t found = zip_name_locate (self->archive, file_name, 0);

  if (found < 0)
    {
      fail (place, SHS_ERROR_CHOICE, "the archive holds no file of that name", error);
      return NULL;
    }
  return shs_zip_reader_unpack (self, (guint64)found, place, NULL, error);
}
