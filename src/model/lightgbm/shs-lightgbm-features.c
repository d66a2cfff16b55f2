#include "model/lightgbm/shs-lightgbm-document.h"

#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "core/shs-shown.h"

#include <math.h>

/* In a note. */
#define MAX_NAMES 4

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

static void
set_dictionary (const ShsLightgbm *self, gint32 dictionary, ShsColumn *feature)
{
  feature->type = SHS_COLUMN_CATEGORY;
  feature->categories = g_strdupv (g_ptr_array_index (self->dictionaries, (guint)dictionary));
  feature->n_categories = g_strv_length (feature->categories);
}

/* The codes of an ordered category are split as numbers: one that the dictionary does not hold is
 * missing. */
static gboolean
add_ordered (ShsFeatureMap *map, gsize n_categories, GError **error)
{
  SHS_AUTOFREE double *codes = shs_alloc (n_categories, sizeof *codes, error);
  g_autoptr (ShsMapTable) table = NULL;

  if (codes == NULL)
    return FALSE;
  for (gsize i = 0; i < n_categories; i++)
    codes[i] = (double)i;
  table = shs_map_table_new (codes, codes, n_categories, NAN, NAN, error);
  if (table == NULL)
    return FALSE;
  shs_feature_map_append (map, &(ShsMapStep){ .kind = SHS_MAP_TABLE, .table = table });
  return TRUE;
}

/* @names: (element-type utf8): of features */
static void
add_note (ShsModelParts *parts, const char *format, const GPtrArray *names)
{
  g_autoptr (GString) list = g_string_new (NULL);
  g_autoptr (GString) note = g_string_new (format);

  for (guint i = 0; i < MIN (names->len, MAX_NAMES); i++)
    {
      g_autofree char *name = shs_name_shown (names->pdata[i]);

      g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", name);
    }
  if (names->len > MAX_NAMES)
    g_string_append (list, ", ...");
  g_string_replace (note, "%s", list->str, 1);
  shs_model_parts_add_note (parts, note->str);
}

/* Texts must not be numbered by guess, but codes can be given. What never varied is not split. */
static void
set_doubtful (const ShsLightgbm *self, gsize j, ShsColumn *feature, GPtrArray *doubtful)
{
  gboolean is_constant = self->top_category[j] < 0 && self->top_number[j] < 0;

  feature->type = is_constant ? SHS_COLUMN_CATEGORY : SHS_COLUMN_NUMBER;
  if (self->top_category[j] >= 0)
    g_ptr_array_add (doubtful, feature->name);
}

static void
add_notes (ShsModelParts *parts, const GPtrArray *found, const GPtrArray *doubtful)
{
  if (found->len > 0)
    add_note (parts,
              _ ("the file lists categories without saying whose they are; those of %s were found "
                 "by how many there are"),
              found);
  if (doubtful->len > 0)
    add_note (parts,
              _ ("the file does not say which of its categories belong to %s; the data must hold "
                 "codes there (0, 1, ...)"),
              doubtful);
}

static gboolean
apply_dictionaries (const ShsLightgbm *self, const gint32 *certain, const gint32 *likely,
                    ShsModelParts *parts, GError **error)
{
  g_autoptr (ShsFeatureMap) map = shs_feature_map_new (self->n_features);
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  g_autoptr (GPtrArray) doubtful = g_ptr_array_new ();
  gboolean has_ordered = FALSE;

  for (gsize j = 0; j < self->n_features; j++)
    {
      ShsColumn *feature = &parts->features[j];
      gboolean is_ordered = likely[j] >= 0 && self->top_category[j] < 0 && self->top_number[j] >= 0;

      shs_feature_map_add_column (map, j);
      if (likely[j] >= 0)
        set_dictionary (self, likely[j], feature);
      if (is_ordered && !add_ordered (map, feature->n_categories, error))
        return FALSE;
      has_ordered |= is_ordered;
      if (likely[j] == SHS_LIGHTGBM_DOUBTFUL_DICTIONARY)
        set_doubtful (self, j, feature, doubtful);
      else if (likely[j] != certain[j] && (is_ordered || self->top_category[j] >= 0))
        g_ptr_array_add (found, feature->name);
    }
  add_notes (parts, found, doubtful);
  parts->map = has_ordered ? g_steal_pointer (&map) : NULL;
  return TRUE;
}

gboolean
shs_lightgbm_apply_features (const ShsLightgbm *self, ShsModelParts *parts, GError **error)
{
  SHS_AUTOFREE gint32 *certain = shs_alloc (self->n_features, sizeof *certain, error);
  SHS_AUTOFREE gint32 *likely = shs_alloc (self->n_features, sizeof *likely, error);

  if (certain == NULL || likely == NULL
      || !shs_lightgbm_deal_dictionaries (self, certain, likely, error))
    return FALSE;
  parts->features = shs_alloc0 (self->n_features, sizeof *parts->features, error);
  if (parts->features == NULL)
    return FALSE;
  parts->n_features = self->n_features;
  parts->has_feature_names = !names_are_made (self);
  for (gsize j = 0; j < self->n_features; j++)
    {
      parts->features[j].name = g_utf8_make_valid (self->feature_names[j], -1);
      parts->features[j].type
          = self->top_category[j] >= 0 ? SHS_COLUMN_CATEGORY : SHS_COLUMN_NUMBER;
    }
  return apply_dictionaries (self, certain, likely, parts, error);
}
