#include "model/h2o/shs-mojo.h"

#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "core/shs-shown.h"
#include "model/h2o/shs-mojo-document.h"

#include <string.h>

#define NAME_AT 30 /* of the first file in the archive, behind its header */

static void
clear_columns (ShsColumn *columns, gsize n)
{
  for (gsize j = 0; columns != NULL && j < n; j++)
    shs_column_clear (&columns[j]);
  shs_free (columns);
}

void
shs_mojo_clear (ShsMojo *self)
{
  clear_columns (self->columns, self->n_columns);
  clear_columns (self->data_columns, self->n_data_columns);
  g_clear_pointer (&self->info, g_hash_table_unref);
  shs_free (self->projections);
  shs_free (self->first_levels);
  g_clear_pointer (&self->texts_read, g_hash_table_unref);
  g_clear_pointer (&self->archive, shs_zip_reader_free);
  g_clear_pointer (&self->map, shs_feature_map_unref);
  g_clear_pointer (&self->notes, g_strv_builder_unref);
  shs_tree_builder_free (self->builder);
  shs_model_parts_clear (&self->parts);
}

/* H2O writes what the algorithm needs first, then model.ini, the domains, and tables about the
 * training. */
gboolean
shs_mojo_sniff (const guint8 *head, gsize length)
{
  static const char *const first_names[]
      = { "model.ini", "trees/t0", "boosterBytes", "_orig_names", "feature_map", "domains/d" };
  gsize name_length;

  if (length < NAME_AT || memcmp (head, "PK\x03\x04", 4) != 0)
    return FALSE;
  name_length = head[26] | (gsize)head[27] << 8;
  for (gsize i = 0; i < G_N_ELEMENTS (first_names); i++)
    if (name_length >= strlen (first_names[i]) && length - NAME_AT >= strlen (first_names[i])
        && memcmp (head + NAME_AT, first_names[i], strlen (first_names[i])) == 0)
      return TRUE;
  return FALSE;
}

static const struct
{
  const char *algorithm;
  gboolean (*read) (ShsMojo *self, GError **error);
} algorithms[] = {
  { "gbm", shs_mojo_read_forest },
  { "drf", shs_mojo_read_forest },
  { "isolationforest", shs_mojo_read_forest },
  { "glm", shs_mojo_read_linear },
  { "xgboost", shs_mojo_read_xgboost },
};

static gboolean
fail_algorithm (const ShsMojo *self, GError **error)
{
  static const struct
  {
    const char *algorithm;
    const char *why;
  } reasons[] = {
    { "extendedisolationforest", "its splits are on sums of several columns" },
    { "stackedensemble", "it is made of other models, which can be opened one by one" },
    { "upliftdrf", "it gives the difference that a treatment makes" },
  };
  const char *spelled = shs_mojo_get (self, "algorithm");
  g_autofree char *shown = shs_name_shown (spelled != NULL ? spelled : "");
  const char *why = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (shs_mojo_is (self, "algo", reasons[i].algorithm))
      why = reasons[i].why;
  return shs_mojo_fail (
      self, error, SHS_ERROR_UNSUPPORTED,
      "a MOJO of H2O's %s, which this version cannot open%s%s; gradient boosting, "
      "XGBoost, random and isolation forests and generalized linear models can be opened",
      shown, why != NULL ? ": " : "", why != NULL ? why : "");
}

static gboolean
read_model (ShsMojo *self, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (shs_mojo_is (self, "algo", algorithms[i].algorithm))
      return algorithms[i].read (self, error);
  return fail_algorithm (self, error);
}

/* The response is the last column; for two classes the margin is the second's. */
static void
name_classes (ShsMojo *self)
{
  const ShsColumn *response = &self->columns[self->n_columns - 1];
  ShsModelParts *parts = &self->parts;

  if (parts->task == SHS_TASK_OTHER)
    parts->output_names = g_strdupv ((char *[]){ _ ("anomaly score"), NULL });
  if (self->n_classes < 2 || self->n_columns == self->n_features
      || response->n_categories != self->n_classes)
    return;
  parts->class_names = g_new0 (char *, self->n_classes + 1);
  for (gsize k = 0; k < self->n_classes; k++)
    parts->class_names[k] = g_strdup (response->categories[k]);
  parts->output_names = parts->n_outputs == 1
                            ? g_strdupv ((char *[]){ parts->class_names[1], NULL })
                            : g_strdupv (parts->class_names);
}

static gboolean
hand_over_columns (ShsMojo *self, GError **error)
{
  ShsModelParts *parts = &self->parts;
  ShsColumn *kept;

  parts->has_feature_names = TRUE;
  if (self->map != NULL)
    parts->map = shs_feature_map_ref (self->map);
  if (self->data_columns != NULL)
    {
      parts->n_features = self->n_data_columns;
      parts->features = g_steal_pointer (&self->data_columns);
      return TRUE;
    }
  kept = shs_alloc0 (self->n_features, sizeof *kept, error);
  if (kept == NULL)
    return FALSE;
  for (gsize j = 0; j < self->n_features; j++)
    {
      kept[j] = self->columns[j];
      self->columns[j] = (ShsColumn){ 0 };
    }
  parts->n_features = self->n_features;
  parts->features = kept;
  return TRUE;
}

static void
note_what_is_beside (ShsMojo *self)
{
  const char *offset = shs_mojo_get (self, "offset_column");
  g_autofree char *shown = offset != NULL ? shs_name_shown (offset) : NULL;
  g_autofree char *line = NULL;

  if (offset != NULL)
    line = g_strdup_printf (_ ("the model was trained with the offset %s, which H2O adds to the "
                               "margin; it is left out here"),
                            shown);
  if (line != NULL)
    g_strv_builder_add (self->notes, line);
  if (shs_mojo_get (self, "calib_method") != NULL)
    g_strv_builder_add (self->notes, _ ("H2O also gives calibrated probabilities (cal_p0, cal_p1); "
                                        "those before the calibration are explained"));
}

static void
name_model (ShsMojo *self)
{
  const char *word = shs_mojo_get (self, "distribution");

  note_what_is_beside (self);
  if (word == NULL)
    word = shs_mojo_get (self, "family");
  if (word == NULL)
    word = shs_mojo_get (self, "algo");
  if (self->parts.objective == NULL)
    self->parts.objective = shs_text_shown (word);
  self->parts.version = g_strdup (shs_mojo_get (self, "h2o_version"));
  self->parts.notes = g_strv_builder_end (self->notes);
}

ShsModel *
shs_mojo_parse (const char *name, const char *model_name, GBytes *bytes, ShsProgress *progress,
                GError **error)
{
  g_auto (ShsMojo) self
      = { .name = name,
          .progress = progress,
          .file_size = g_bytes_get_size (bytes),
          .info = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
          .texts_read = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
          .notes = g_strv_builder_new (),
          .parts = { .library = "H2O", .margin_unit = "", .best_round = -1 } };

  self.archive = shs_zip_reader_open (name, bytes, error);
  if (self.archive == NULL || !shs_mojo_read_ini (&self, error)
      || !shs_mojo_read_encoding (&self, error) || !read_model (&self, error))
    return NULL;
  name_classes (&self);
  name_model (&self);
  return hand_over_columns (&self, error) ? shs_model_new (model_name, &self.parts) : NULL;
}
