#include "model/lightgbm/shs-lightgbm-document.h"

#include "core/shs-memory.h"
#include "core/shs-number.h"

static char *
read_category (ShsDocumentReader *reader)
{
  char text[SHS_NUMBER_LENGTH];

  switch (shs_document_reader_peek (reader))
    {
    case SHS_DOCUMENT_STRING:
      return g_strdup (shs_document_reader_read_string (reader));
    case SHS_DOCUMENT_BOOLEAN:
      return g_strdup (shs_document_reader_read_boolean (reader) ? "True" : "False");
    case SHS_DOCUMENT_NUMBER:
      return g_strdup (shs_number_print (text, shs_document_reader_read_number (reader)));
    default:
      shs_document_reader_skip (reader);
      return g_strdup ("");
    }
}

void
shs_lightgbm_read_dictionaries (ShsLightgbm *self, ShsDocumentReader *reader)
{
  g_clear_pointer (&self->dictionaries, g_ptr_array_unref);
  if (shs_document_reader_peek (reader) == SHS_DOCUMENT_NULL)
    {
      shs_document_reader_read_null (reader);
      return;
    }
  self->dictionaries = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  shs_document_reader_begin_array (reader);
  while (shs_document_reader_next_element (reader))
    {
      g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

      shs_document_reader_begin_array (reader);
      while (shs_document_reader_next_element (reader))
        g_ptr_array_add (names, read_category (reader));
      g_ptr_array_add (names, NULL);
      g_ptr_array_add (self->dictionaries, g_ptr_array_steal (names, NULL));
    }
}

/* The file does not say which features pandas' category columns are. They are those that take
 * categories, in order, unless some columns were declared to be categories by number, or an
 * ordered category is used as a number; then the counts or the codes do not fit, and all features
 * take codes. */
static gboolean
dictionaries_fit (const ShsLightgbm *self)
{
  gsize n = 0;

  if (self->dictionaries == NULL)
    return FALSE;
  for (gsize j = 0; j < self->n_features; j++)
    if (self->top_category[j] >= 0)
      {
        if (n == self->dictionaries->len)
          return FALSE;
        if ((gsize)self->top_category[j]
            >= MAX (1, g_strv_length (g_ptr_array_index (self->dictionaries, n))))
          return FALSE;
        n++;
      }
  return n == self->dictionaries->len;
}

static gboolean
names_are_made (const ShsLightgbm *self)
{
  for (gsize j = 0; j < self->n_features; j++)
    {
      g_autofree char *made = g_strdup_printf ("Column_%" G_GSIZE_FORMAT, j);

      if (!g_str_equal (self->feature_names[j], made))
        return FALSE;
    }
  return TRUE;
}

gboolean
shs_lightgbm_apply_features (ShsLightgbm *self, ShsModelParts *parts, GError **error)
{
  gboolean have_dictionaries = dictionaries_fit (self);
  gsize n_used = 0;

  parts->features = shs_alloc0 (self->n_features, sizeof *parts->features, error);
  if (parts->features == NULL)
    return FALSE;
  parts->n_features = self->n_features;
  parts->has_feature_names = !names_are_made (self);
  for (gsize j = 0; j < self->n_features; j++)
    {
      ShsColumn *feature = &parts->features[j];

      feature->name = g_utf8_make_valid (self->feature_names[j], -1);
      feature->type = self->top_category[j] >= 0 ? SHS_COLUMN_CATEGORY : SHS_COLUMN_NUMBER;
      if (feature->type != SHS_COLUMN_CATEGORY || !have_dictionaries)
        continue;
      feature->categories = g_strdupv (g_ptr_array_index (self->dictionaries, n_used++));
      feature->n_categories = g_strv_length (feature->categories);
    }
  return TRUE;
}
