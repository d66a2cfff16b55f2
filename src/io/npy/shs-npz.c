#include "io/npy/shs-npy.h"

#include "core/shs-error.h"
#include "io/npy/shs-npy-private.h"
#include "io/shs-bytes.h"

#include <string.h>

#define SUFFIX ".npy"
#define MAX_NAME 1024

static const ShsZipWords words_of_arrays = {
  "it is packed in a way that NumPy does not use; save it with numpy.savez",
  "the archive would grow several hundredfold when unpacked; it may be a bomb; save it with "
  "numpy.savez if you trust it",
  "the arrays of the archive need more memory together than may be used; take fewer rows or close "
  "other programs",
};

/* @names: NULL-ended, without the suffix; @places: guint64: of the same order: files of the
 * archive; @index: by name, the place among them + 1 */
struct _ShsNpz
{
  ShsZipReader *archive;
  GPtrArray *names;
  GArray *places;
  GHashTable *index;
};

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
list_arrays (ShsNpz *self)
{
  guint64 n = shs_zip_reader_count (self->archive);

  for (guint64 i = 0; i < n; i++)
    {
      const char *name = shs_zip_reader_get_file_name (self->archive, i);

      if (!is_listed (name))
        continue;
      g_ptr_array_add (self->names, g_strndup (name, strlen (name) - strlen (SUFFIX)));
      g_array_append_val (self->places, i);
    }
  for (guint i = self->names->len; i > 0; i--)
    g_hash_table_insert (self->index, self->names->pdata[i - 1], GUINT_TO_POINTER (i));
  g_ptr_array_add (self->names, NULL);
}

ShsNpz *
shs_npz_open_bytes (const char *name, GBytes *bytes, GError **error)
{
  g_autoptr (ShsZipReader) archive = shs_zip_reader_open (name, bytes, error);
  ShsNpz *self;

  if (archive == NULL)
    return NULL;
  self = g_new (ShsNpz, 1);
  self->archive = g_steal_pointer (&archive);
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->places = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->index = g_hash_table_new (g_str_hash, g_str_equal);
  list_arrays (self);
  return self;
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
  g_hash_table_unref (self->index);
  g_ptr_array_unref (self->names);
  g_array_unref (self->places);
  shs_zip_reader_free (self->archive);
  g_free (self);
}

ShsZipReader *
shs_npz_get_archive (ShsNpz *self)
{
  return self->archive;
}

const char *const *
shs_npz_get_names (const ShsNpz *self)
{
  return (const char *const *)self->names->pdata;
}

gboolean
shs_npz_has (const ShsNpz *self, const char *name)
{
  return g_hash_table_contains (self->index, name);
}

ShsNpyArray *
shs_npz_read (ShsNpz *self, const char *name, GError **error)
{
  const char *archive = shs_zip_reader_get_name (self->archive);
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->index, name));
  g_autofree char *place = g_strdup_printf ("%s, array \"%s\"", archive, name);
  g_autoptr (GBytes) bytes = NULL;

  if (number == 0)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE, "\"%s\": %s: it holds no array of that name",
                   name, archive);
      return NULL;
    }
  bytes = shs_zip_reader_unpack (self->archive, g_array_index (self->places, guint64, number - 1),
                                 place, &words_of_arrays, error);
  return bytes != NULL ? shs_npy_parse (place, bytes, error) : NULL;
}
