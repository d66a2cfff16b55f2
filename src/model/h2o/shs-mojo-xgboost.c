/* Models that XGBoost trained for H2O: XGBoost's own file inside the archive, on columns that H2O
 * made of the data's: an indicator for each category and for "missing", then the numbers. */

#include "model/h2o/shs-mojo-document.h"

#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "io/shs-loader-client.h"
#include "model/xgboost/shs-xgboost.h"

#include <math.h>

#define BOOSTER "boosterBytes"
#define EXACT_FORMAT 110 /* before, boosters without trees were given other indicators */

/* @offsets: n_categories + 1: where the indicators of each column begin */
typedef struct
{
  gsize n_categories;
  gsize n_numbers;
  double *offsets;
  gboolean is_sparse; /* zeros are missing */
  gboolean has_first; /* whether the first category has an indicator */
} Layout;

static void
layout_clear (Layout *self)
{
  shs_free (self->offsets);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Layout, layout_clear)

static gboolean
check_layout (const ShsMojo *self, const Layout *layout, gsize n_offsets, GError **error)
{
  gboolean is_right = n_offsets == layout->n_categories + 1 && layout->offsets[0] == 0
                      && layout->n_categories + layout->n_numbers == self->n_features;

  for (gsize j = 0; is_right && j < layout->n_categories; j++)
    {
      double n = layout->offsets[j + 1] - layout->offsets[j];

      is_right = n == (double)(self->columns[j].n_categories + (layout->has_first ? 1 : 0));
    }
  return is_right
         || shs_mojo_fail (
             self, error, SHS_ERROR_UNSUPPORTED,
             "its indicators do not stand for its columns one by one; train the model "
             "with categorical_encoding=\"auto\"");
}

static gboolean
read_layout (const ShsMojo *self, Layout *layout, GError **error)
{
  gsize n_offsets = 0;

  if (!shs_mojo_get_count (self, "cats", self->n_features, &layout->n_categories, error)
      || !shs_mojo_get_count (self, "nums", self->n_features, &layout->n_numbers, error))
    return FALSE;
  layout->is_sparse = shs_mojo_is (self, "sparse", "true");
  layout->has_first = shs_mojo_is (self, "use_all_factor_levels", "true");
  if (layout->n_categories > 0)
    layout->offsets = shs_mojo_get_numbers (self, "cat_offsets", &n_offsets, error);
  else
    layout->offsets = shs_alloc0 (n_offsets = 1, sizeof *layout->offsets, error);
  return layout->offsets != NULL && check_layout (self, layout, n_offsets, error);
}

/* Which indicator is set: the last where the category is missing, or training never saw it. */
static ShsMapTable *
make_indicators (const ShsMojo *self, const Layout *layout, gsize column, GError **error)
{
  gsize n = self->columns[column].n_categories;
  double last = layout->offsets[column + 1] - layout->offsets[column] - 1;
  SHS_AUTOFREE double *codes = shs_alloc (n, sizeof *codes, error);
  SHS_AUTOFREE double *places = codes != NULL ? shs_alloc (n, sizeof *places, error) : NULL;

  for (gsize c = 0; places != NULL && c < n; c++)
    {
      codes[c] = (double)c;
      places[c] = (double)c - (layout->has_first ? 0 : 1);
    }
  return places != NULL ? shs_map_table_new (codes, places, n, last, last, error) : NULL;
}

static void
append_step (ShsMojo *self, ShsMapKind kind, double a)
{
  shs_feature_map_append (self->map, &(ShsMapStep){ .kind = kind, .a = a });
}

static gboolean
map_category (ShsMojo *self, const Layout *layout, gsize column, GError **error)
{
  g_autoptr (ShsMapTable) table = make_indicators (self, layout, column, error);
  gsize n = (gsize)(layout->offsets[column + 1] - layout->offsets[column]);

  if (table == NULL)
    return FALSE;
  for (gsize place = 0; place < n; place++)
    {
      shs_feature_map_add_column (self->map, column);
      shs_feature_map_append (self->map, &(ShsMapStep){ .kind = SHS_MAP_TABLE, .table = table });
      append_step (self, SHS_MAP_EQUALS, (double)place);
      if (layout->is_sparse)
        append_step (self, SHS_MAP_MISSING_IF, 0);
    }
  return TRUE;
}

static gboolean
make_map (ShsMojo *self, const Layout *layout, GError **error)
{
  self->map = shs_feature_map_new (self->n_features);
  for (gsize j = 0; j < layout->n_categories; j++)
    if (!map_category (self, layout, j, error))
      return FALSE;
  for (gsize j = 0; j < layout->n_numbers; j++)
    {
      shs_feature_map_add_column (self->map, layout->n_categories + j);
      append_step (self, SHS_MAP_FLOAT, 0);
      if (layout->is_sparse)
        append_step (self, SHS_MAP_MISSING_IF, 0);
    }
  return TRUE;
}

/* XGBoost's binary format is read by the loader, which is given a file without a name. */
static GBytes *
convert (const ShsMojo *self, GBytes *bytes, GError **error)
{
  g_autoptr (ShsFile) file = shs_file_new_scratch (error);
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);
  GBytes *converted;

  if (file == NULL || !shs_file_write_at (file, 0, data, length, error))
    return NULL;
  converted = shs_loader_run_on ("xgboost-binary", file, self->progress, error);
  if (converted == NULL)
    g_prefix_error (error, "%s, " BOOSTER ": ", self->name);
  return converted;
}

static GBytes *
read_booster (const ShsMojo *self, GError **error)
{
  g_autoptr (GBytes) bytes = shs_mojo_read_member (self, BOOSTER, error);
  gsize length = 0;
  const guint8 *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  if (bytes == NULL)
    return NULL;
  return length > 0 && *data == '{' ? g_steal_pointer (&bytes) : convert (self, bytes, error);
}

/* Columns and classes are H2O's, not those of the file inside. */
static void
drop_names (ShsMojo *self)
{
  ShsModelParts *parts = &self->parts;

  for (char **note = parts->notes; note != NULL && *note != NULL; note++)
    g_strv_builder_add (self->notes, *note);
  g_clear_pointer (&parts->notes, g_strfreev);
  g_clear_pointer (&parts->version, g_free);
  g_clear_pointer (&parts->class_names, g_strfreev);
  g_clear_pointer (&parts->output_names, g_strfreev);
  for (gsize j = 0; j < parts->n_features; j++)
    shs_column_clear (&parts->features[j]);
  g_clear_pointer (&parts->features, shs_free);
  parts->n_features = 0;
  parts->library = "H2O";
}

static gboolean
fail_encoding (const ShsMojo *self, GError **error)
{
  return shs_mojo_fail (self, error, SHS_ERROR_UNSUPPORTED,
                        "XGBoost on columns that the encoding %s made cannot be followed; train "
                        "the model with categorical_encoding=\"auto\"",
                        shs_mojo_get (self, "_genmodel_encoding"));
}

gboolean
shs_mojo_read_xgboost (ShsMojo *self, GError **error)
{
  g_auto (Layout) layout = { 0 };
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *place = g_strconcat (self->name, ", " BOOSTER, NULL);

  if (self->format < EXACT_FORMAT && !shs_mojo_is (self, "booster", "gbtree"))
    return shs_mojo_fail (self, error, SHS_ERROR_UNSUPPORTED,
                          "old models of H2O's XGBoost without trees encode columns in a way of "
                          "their own; save the model with H2O 3.46");
  if (self->map != NULL)
    return fail_encoding (self, error);
  if (!read_layout (self, &layout, error))
    return FALSE;
  bytes = read_booster (self, error);
  if (bytes == NULL || !make_map (self, &layout, error)
      || !shs_xgboost_parse_parts (place, bytes, self->map, self->progress, &self->parts, error))
    return FALSE;
  drop_names (self);
  if (self->n_classes > 2 && self->parts.n_outputs != self->n_classes)
    return shs_mojo_fail (self, error, SHS_ERROR_INVALID,
                          "its trees are not of as many classes as it has" SHS_MOJO_AGAIN);
  return TRUE;
}
