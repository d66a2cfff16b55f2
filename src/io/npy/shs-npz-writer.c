#include "io/npy/shs-npy.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/npy/shs-npy-private.h"
#include "io/zip/shs-zip-writer.h"

#include <string.h>

/* @is_open: an array has begun, of which @n_left bytes are still to come */
struct _ShsNpzWriter
{
  ShsZipWriter *archive;
  char *path;
  gboolean is_open;
  gsize n_left;
};

ShsNpzWriter *
shs_npz_writer_new (const char *path, GError **error)
{
  ShsZipWriter *archive = shs_zip_writer_new (path, error);

  return archive != NULL ? shs_npz_writer_new_in (path, archive) : NULL;
}

ShsNpzWriter *
shs_npz_writer_new_in (const char *path, ShsZipWriter *archive)
{
  ShsNpzWriter *self = g_new0 (ShsNpzWriter, 1);

  self->archive = archive;
  self->path = g_strdup (path);
  return self;
}

void
shs_npz_writer_free (ShsNpzWriter *self)
{
  if (self == NULL)
    return;
  shs_zip_writer_free (self->archive);
  g_free (self->path);
  g_free (self);
}

static gboolean
fail_on_count (ShsNpzWriter *self, const char *message, GError **error)
{
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID, "%s: %s", self->path, message);
  return FALSE;
}

/* Completes the array that has begun, if any. */
static gboolean
end_array (ShsNpzWriter *self, GError **error)
{
  if (!self->is_open)
    return TRUE;
  if (self->n_left > 0)
    return fail_on_count (self, "an array has fewer bytes than its shape says", error);
  self->is_open = FALSE;
  return shs_zip_writer_end (self->archive, error);
}

gboolean
shs_npz_writer_begin (ShsNpzWriter *self, const char *name, const char *descr, guint n_dimensions,
                      const gsize *shape, GError **error)
{
  g_autoptr (GString) header = shs_npy_make_header (descr, n_dimensions, shape);
  g_autofree char *member = g_strconcat (name, ".npy", NULL);
  ShsNpyField field = { 0 };
  gsize size;

  g_return_val_if_fail (n_dimensions <= SHS_NPY_MAX_DIMENSIONS, FALSE);
  if (!end_array (self, error) || !shs_npy_parse_type (descr, strlen (descr), &field, error))
    return FALSE;
  size = field.item_size;
  for (guint i = 0; i < n_dimensions; i++)
    if (!shs_size_multiply (size, shape[i], &size))
      return fail_on_count (self, "an array is larger than any file", error);
  self->is_open = TRUE;
  self->n_left = size;
  return shs_zip_writer_begin (self->archive, member, (guint64)header->len + size, error)
         && shs_zip_writer_write (self->archive, header->str, header->len, error);
}

gboolean
shs_npz_writer_write (ShsNpzWriter *self, gconstpointer bytes, gsize length, GError **error)
{
  if (!self->is_open || length > self->n_left)
    return fail_on_count (self, "an array has more bytes than its shape says", error);
  self->n_left -= length;
  return shs_zip_writer_write (self->archive, bytes, length, error);
}

/* UTF-8 text as UCS-4, little-endian, filled up to @width characters with zeros. */
static gboolean
write_wide (ShsNpzWriter *self, const char *text, gsize width, GError **error)
{
  guint32 block[64];
  const char *p = text;

  while (width > 0)
    {
      gsize n = MIN (width, G_N_ELEMENTS (block));

      for (gsize i = 0; i < n; i++)
        {
          block[i] = GUINT32_TO_LE (*p != '\0' ? g_utf8_get_char (p) : 0);
          p = *p != '\0' ? g_utf8_next_char (p) : p;
        }
      if (!shs_npz_writer_write (self, block, n * sizeof *block, error))
        return FALSE;
      width -= n;
    }
  return TRUE;
}

static gboolean
write_texts (ShsNpzWriter *self, const char *name, char **texts, gsize count, guint n_dimensions,
             const gsize *shape, GError **error)
{
  g_autofree char *descr = NULL;
  gsize width = 1;

  for (gsize i = 0; i < count; i++)
    width = MAX (width, (gsize)g_utf8_strlen (texts[i], -1));
  descr = g_strdup_printf ("<U%" G_GSIZE_FORMAT, width);
  if (!shs_npz_writer_begin (self, name, descr, n_dimensions, shape, error))
    return FALSE;
  for (gsize i = 0; i < count; i++)
    if (!write_wide (self, texts[i], width, error))
      return FALSE;
  return TRUE;
}

gboolean
shs_npz_writer_add_texts (ShsNpzWriter *self, const char *name, const char *const *texts,
                          guint n_dimensions, const gsize *shape, GError **error)
{
  gsize count = 1;
  char **valid;
  gboolean is_good;

  for (guint d = 0; d < n_dimensions; d++)
    count *= shape[d]; /* as many as there are texts */
  valid = shs_alloc0 (count + 1, sizeof *valid, error);
  if (valid == NULL)
    return FALSE;
  for (gsize i = 0; i < count; i++)
    valid[i] = g_utf8_make_valid (texts[i] != NULL ? texts[i] : "", -1);
  is_good = write_texts (self, name, valid, count, n_dimensions, shape, error);
  for (gsize i = 0; i < count; i++)
    g_free (valid[i]);
  shs_free (valid);
  return is_good;
}

gboolean
shs_npz_writer_add_strings (ShsNpzWriter *self, const char *name, const char *const *strings,
                            gsize count, GError **error)
{
  return shs_npz_writer_add_texts (self, name, strings, 1, &count, error);
}

gboolean
shs_npz_writer_add_text (ShsNpzWriter *self, const char *name, const char *text, GError **error)
{
  return shs_npz_writer_add_texts (self, name, &text, 0, NULL, error);
}

gboolean
shs_npz_writer_commit (ShsNpzWriter *self, GError **error)
{
  return end_array (self, error) && shs_zip_writer_commit (self->archive, error);
}
