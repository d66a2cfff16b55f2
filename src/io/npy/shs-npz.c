#include "io/npy/shs-npy.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/shs-bytes.h"
#include "io/npy/shs-npy-private.h"

#include <string.h>
#include <zip.h>

#define MAX_RATIO 1000             /* unpacked to packed bytes ... */
#define ALWAYS_ALLOWED (64u << 20) /* ... of members larger than this */
#define MAX_TOTAL_RATIO 800        /* the same of all members that were read ... */
#define TOTAL_ALLOWED (256u << 20) /* ... when they are larger than this together */
#define SUFFIX ".npy"
#define MAX_NAME 1024

/* A file of the archive. */
typedef struct
{
  zip_uint64_t index;
  gboolean is_array;
} Member;

/* @names: NULL-ended, without the suffix; @members: of the same order; @index: by name, the place
 * among them + 1; @were_read: #guint64 indices of the files whose bytes are in the total: read
 * again, they count there no more; @budget: of memory, when the archive was opened; @total: bytes
 * of the files read so far; @repeated: of those that were read again */
struct _ShsNpz
{
  char *name;
  GBytes *bytes;
  zip_t *archive;
  GPtrArray *names;
  GArray *members; /* Member */
  GHashTable *index;
  GHashTable *were_read;
  guint64 budget;
  guint64 total;
  guint64 repeated;
};

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

/* Whether the name is one that messages can show; NumPy writes no others. */
static gboolean
is_listed (const char *name)
{
  if (name == NULL || !g_str_has_suffix (name, SUFFIX) || strlen (name) > MAX_NAME
      || !g_utf8_validate (name, -1, NULL))
    return FALSE;
  for (const char *p = name; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      return FALSE;
  return TRUE;
}

static void
list_members (ShsNpz *self)
{
  zip_int64_t n = zip_get_num_entries (self->archive, 0);

  for (zip_int64_t i = 0; i < n; i++)
    {
      Member member = { (zip_uint64_t)i, TRUE };
      const char *name = zip_get_name (self->archive, member.index, ZIP_FL_ENC_GUESS);

      if (!is_listed (name))
        continue;
      g_ptr_array_add (self->names, g_strndup (name, strlen (name) - strlen (SUFFIX)));
      g_array_append_val (self->members, member);
    }
  for (guint i = self->names->len; i > 0; i--)
    g_hash_table_insert (self->index, self->names->pdata[i - 1], GUINT_TO_POINTER (i));
  g_ptr_array_add (self->names, NULL);
}

ShsNpz *
shs_npz_open_bytes (const char *name, GBytes *bytes, GError **error)
{
  g_autoptr (ShsNpz) self = g_new0 (ShsNpz, 1);

  self->name = g_strdup (name);
  self->bytes = g_bytes_ref (bytes);
  self->budget = shs_memory_budget ();
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->members = g_array_new (FALSE, FALSE, sizeof (Member));
  self->index = g_hash_table_new (g_str_hash, g_str_equal);
  self->were_read = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->archive = open_archive (name, bytes, error);
  if (self->archive == NULL)
    return NULL;
  list_members (self);
  return g_steal_pointer (&self);
}

ShsNpz *
shs_npz_open (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = shs_bytes_open (path, error);

  return bytes != NULL ? shs_npz_open_bytes (path, bytes, error) : NULL;
}

void
shs_npz_free (ShsNpz *self)
{
  if (self == NULL)
    return;
  if (self->archive != NULL)
    zip_discard (self->archive);
  g_hash_table_unref (self->index);
  g_hash_table_unref (self->were_read);
  g_ptr_array_unref (self->names);
  g_array_unref (self->members);
  g_bytes_unref (self->bytes);
  g_free (self->name);
  g_free (self);
}

const char *const *
shs_npz_get_names (const ShsNpz *self)
{
  return (const char *const *)self->names->pdata;
}

static const Member *
find_member (const ShsNpz *self, const char *name)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (self->index, name));

  return place > 0 ? &g_array_index (self->members, Member, place - 1) : NULL;
}

gboolean
shs_npz_has (const ShsNpz *self, const char *name)
{
  return find_member (self, name) != NULL;
}

static gboolean
fail (const char *place, int code, const char *message, GError **error)
{
  g_set_error (error, SHS_ERROR, code, "%s: %s", place, message);
  return FALSE;
}

/* Whether the member's declared sizes are such that unpacking it may begin. */
static gboolean
check_member (const Member *member, const char *place, const zip_stat_t *stat, GError **error)
{
  const zip_uint64_t needed
      = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;

  if ((stat->valid & needed) != needed)
    return fail (place, SHS_ERROR_SYNTAX, "the archive does not say how large it is", error);
  if (stat->encryption_method != ZIP_EM_NONE)
    return fail (place, SHS_ERROR_UNSUPPORTED, "it is encrypted; save it without a password",
                 error);
  if (stat->comp_method != ZIP_CM_STORE && stat->comp_method != ZIP_CM_DEFLATE)
    return fail (place, SHS_ERROR_UNSUPPORTED,
                 member->is_array
                     ? "it is packed in a way that NumPy does not use; save it with numpy.savez"
                     : "it is packed in a way that is not known; write the file again, or pack it "
                       "with \"deflate\"",
                 error);
  if (stat->size > ALWAYS_ALLOWED && stat->size / MAX_RATIO > stat->comp_size)
    return fail (place, SHS_ERROR_INVALID,
                 "it would grow more than a thousandfold when unpacked; it may be a bomb", error);
  return TRUE;
}

static gboolean
is_bomb (const ShsNpz *self, guint64 total)
{
  return total > TOTAL_ALLOWED && total / MAX_TOTAL_RATIO > g_bytes_get_size (self->bytes);
}

/* Many members that are harmless alone may be a bomb together; so may one that is read many times,
 * each time that a document beside it names it. */
static gboolean
charge_member (ShsNpz *self, const Member *member, const char *place, guint64 size, GError **error)
{
  guint64 index = member->index;
  gboolean is_repeated = g_hash_table_contains (self->were_read, &index);
  guint64 *sum = is_repeated ? &self->repeated : &self->total;

  if (is_bomb (self, *sum + size))
    return fail (place, SHS_ERROR_INVALID,
                 member->is_array
                     ? "the archive would grow several hundredfold when unpacked; it may be a "
                       "bomb; save it with numpy.savez if you trust it"
                     : "the archive would grow several hundredfold when unpacked; it may be a "
                       "bomb; write it again without packing if you trust it",
                 error);
  if (!is_repeated && *sum + size > self->budget)
    return fail (place, SHS_ERROR_MEMORY,
                 member->is_array
                     ? "the arrays of the archive need more memory together than may be used; "
                       "take fewer rows or close other programs"
                     : "the files of the archive need more memory together than may be used; "
                       "close other programs",
                 error);
  if (!is_repeated)
    g_hash_table_add (self->were_read, g_memdup2 (&index, sizeof index));
  *sum += size;
  return TRUE;
}

/* Fills @content exactly; reading once more at its end lets libzip compare the checksum. */
static gboolean
read_member (zip_file_t *file, const char *place, guint8 *content, gsize length, GError **error)
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

static GBytes *
unpack (ShsNpz *self, const Member *member, const char *place, GError **error)
{
  SHS_AUTOFREE guint8 *content = NULL;
  zip_stat_t stat;
  zip_file_t *file;
  gboolean is_good;

  zip_stat_init (&stat);
  if (zip_stat_index (self->archive, member->index, 0, &stat) != 0)
    {
      fail_with_zip (place, zip_get_error (self->archive), error);
      return NULL;
    }
  if (!check_member (member, place, &stat, error)
      || !charge_member (self, member, place, stat.size, error))
    return NULL;
  content = shs_alloc (stat.size, 1, error);
  if (content == NULL)
    {
      g_prefix_error (error, "%s: ", place);
      return NULL;
    }
  file = zip_fopen_index (self->archive, member->index, 0);
  if (file == NULL)
    {
      fail_with_zip (place, zip_get_error (self->archive), error);
      return NULL;
    }
  is_good = read_member (file, place, content, stat.size, error);
  zip_fclose (file);
  if (!is_good)
    return NULL;
  guint8 *kept = g_steal_pointer (&content);
  return g_bytes_new_with_free_func (kept, stat.size, shs_free, kept);
}

ShsNpyArray *
shs_npz_read (ShsNpz *self, const char *name, GError **error)
{
  const Member *member = find_member (self, name);
  g_autofree char *place = g_strdup_printf ("%s, array \"%s\"", self->name, name);
  g_autoptr (GBytes) bytes = NULL;

  if (member == NULL)
    {
      fail (self->name, SHS_ERROR_CHOICE, "it holds no array of that name", error);
      g_prefix_error (error, "\"%s\": ", name);
      return NULL;
    }
  bytes = unpack (self, member, place, error);
  return bytes != NULL ? shs_npy_parse (place, bytes, error) : NULL;
}

GBytes *
shs_npz_read_file (ShsNpz *self, const char *file_name, GError **error)
{
  Member member = { .is_array = FALSE };
  g_autofree char *place = g_strdup_printf ("%s, file \"%s\"", self->name, file_name);
  zip_int64_t found = zip_name_locate (self->archive, file_name, 0);

  if (found < 0)
    {
      fail (place, SHS_ERROR_CHOICE, "the archive holds no file of that name", error);
      return NULL;
    }
  member.index = (zip_uint64_t)found;
  return unpack (self, &member, place, error);
}
