#include "model/match/shs-column-match.h"

#include "core/shs-error.h"
#include "core/shs-shown.h"
#include "model/match/shs-column-choice.h"
#include "model/match/shs-column-translation.h"
#include "model/match/shs-name-match.h"
#include "model/match/shs-target-translation.h"

#include <math.h>

struct _ShsColumnMatch
{
  gint references;
  ShsModel *model;
  ShsDataset *dataset;
  gsize n_features;
  gsize *columns;
  ShsColumnTranslation *translations;
  gssize target;
  ShsTargetTranslation target_translation;
  GPtrArray *notes;
};

gssize
shs_column_match_find_column (const ShsDataset *dataset, const char *name, GError **error)
{
  const ShsInput *table = shs_dataset_get_table (dataset);
  gsize n = table != NULL ? table->n_columns : 0;
  gssize found = shs_dataset_find_column (dataset, name);
  g_autofree const char **names = g_new (const char *, MAX (1, n));
  gssize nearest;

  if (found >= 0)
    return found;
  for (gsize j = 0; j < n; j++)
    names[j] = table->columns[j].name;
  nearest = shs_name_nearest (name, names, n);
  g_autofree char *shown = shs_name_shown (name);
  g_autofree char *list
      = nearest >= 0 ? shs_name_shown (names[nearest]) : shs_names_list (names, n);
  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE, "%s has no column %s for the target; %s %s",
               shs_dataset_get_name (dataset), shown,
               nearest >= 0 ? "did you mean" : "choose one of its columns:", list);
  return -1;
}

static gboolean
find_target (ShsColumnMatch *self, const char *name, GError **error)
{
  self->target = name != NULL ? shs_column_match_find_column (self->dataset, name, error) : -1;
  return name == NULL || self->target >= 0;
}

static gboolean
translate_feature (ShsColumnMatch *self, gsize j, GError **error)
{
  const ShsColumn *feature = shs_model_get_feature (self->model, j);
  const ShsHashedCategories *hashed = shs_model_get_parts (self->model)->hashed_categories;

  if (hashed != NULL && feature->type == SHS_COLUMN_CATEGORY && feature->n_categories == 0)
    return shs_hashed_translation_init (&self->translations[j], self->model, j, self->dataset,
                                        self->columns[j], self->notes, error);
  return shs_column_translation_init (&self->translations[j], feature, self->dataset,
                                      self->columns[j], self->notes, error);
}

static gboolean
translate (ShsColumnMatch *self, GError **error)
{
  const ShsInput *table = shs_dataset_get_table (self->dataset);

  for (gsize j = 0; j < self->n_features; j++)
    if (!translate_feature (self, j, error))
      {
        g_prefix_error (error, "%s does not fit %s: ", shs_dataset_get_name (self->dataset),
                        shs_model_get_name (self->model));
        return FALSE;
      }
  if (self->target >= 0)
    shs_target_translation_init (&self->target_translation, self->model,
                                 &table->columns[self->target], self->notes);
  return TRUE;
}

ShsColumnMatch *
shs_column_match_new (ShsModel *model, ShsDataset *dataset, const char *target, GError **error)
{
  g_autoptr (ShsColumnMatch) self = g_new0 (ShsColumnMatch, 1);

  self->references = 1;
  self->model = shs_model_ref (model);
  self->dataset = shs_dataset_ref (dataset);
  self->n_features = shs_model_get_parts (model)->n_features;
  self->columns = g_new0 (gsize, self->n_features);
  self->translations = g_new0 (ShsColumnTranslation, self->n_features);
  self->notes = g_ptr_array_new_with_free_func (g_free);
  for (char **note = shs_model_get_parts (model)->notes; note != NULL && *note != NULL; note++)
    g_ptr_array_add (self->notes, g_strdup (*note));
  if (shs_dataset_get_table (dataset) == NULL)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_MISMATCH,
                   "%s is not a table, and %s takes one; open a table with one column per feature",
                   shs_dataset_get_name (dataset), shs_model_get_name (model));
      return NULL;
    }
  if (!find_target (self, target, error)
      || !shs_column_choice_make (model, dataset, self->target, self->columns, self->notes, error)
      || !translate (self, error))
    return NULL;
  g_ptr_array_add (self->notes, NULL);
  return g_steal_pointer (&self);
}

ShsColumnMatch *
shs_column_match_ref (ShsColumnMatch *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
shs_column_match_unref (ShsColumnMatch *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->references))
    return;
  for (gsize j = 0; j < self->n_features; j++)
    shs_column_translation_clear (&self->translations[j]);
  shs_target_translation_clear (&self->target_translation);
  g_free (self->translations);
  g_free (self->columns);
  g_ptr_array_unref (self->notes);
  shs_model_unref (self->model);
  shs_dataset_unref (self->dataset);
  g_free (self);
}

gsize
shs_column_match_get_column (const ShsColumnMatch *self, gsize feature)
{
  g_return_val_if_fail (feature < self->n_features, 0);
  return self->columns[feature];
}

gssize
shs_column_match_get_target (const ShsColumnMatch *self)
{
  return self->target;
}

const char *const *
shs_column_match_get_notes (const ShsColumnMatch *self)
{
  return (const char *const *)self->notes->pdata;
}

ShsInput *
shs_column_match_describe_features (const ShsColumnMatch *self)
{
  ShsInput *input = shs_dataset_inputs_new (1);

  input->name = g_strdup ("");
  input->n_dimensions = 1;
  input->shape[0] = self->n_features;
  input->n_columns = self->n_features;
  input->columns = g_new0 (ShsColumn, self->n_features);
  for (gsize j = 0; j < self->n_features; j++)
    shs_column_copy (&self->translations[j].shown, &input->columns[j]);
  return input;
}

/* The columns whose texts count, not their numbers. */
static gboolean
read_spellings (const ShsColumnMatch *self, gsize first_row, ShsMatrix *block, GError **error)
{
  for (gsize j = 0; j < self->n_features; j++)
    if (self->translations[j].reads_spellings
        && !shs_dataset_read_spellings (self->dataset, self->columns[j], first_row, block->n_rows,
                                        shs_matrix_column (block, j), error))
      return FALSE;
  return TRUE;
}

gboolean
shs_column_match_read (const ShsColumnMatch *self, gsize first_row, ShsMatrix *block,
                       GError **error)
{
  g_return_val_if_fail (block->n_columns == self->n_features, FALSE);

  if (!shs_dataset_read (self->dataset, 0, first_row, self->columns, block, error))
    return FALSE;
  if (!read_spellings (self, first_row, block, error))
    return FALSE;
  for (gsize j = 0; j < self->n_features; j++)
    shs_column_translation_apply (&self->translations[j], shs_matrix_column (block, j),
                                  block->n_rows);
  return TRUE;
}

gboolean
shs_column_match_show (const ShsColumnMatch *self, gsize first_row, ShsMatrix *block,
                       GError **error)
{
  g_return_val_if_fail (block->n_columns == self->n_features, FALSE);

  for (gsize j = 0; j < self->n_features; j++)
    {
      ShsMatrix column = { block->n_rows, 1, block->stride, shs_matrix_column (block, j) };

      if (self->translations[j].hashed != NULL
          && !shs_dataset_read (self->dataset, 0, first_row, &self->columns[j], &column, error))
        return FALSE;
    }
  if (!read_spellings (self, first_row, block, error))
    return FALSE;
  for (gsize j = 0; j < self->n_features; j++)
    if (self->translations[j].hashed != NULL)
      shs_column_translation_show (&self->translations[j], shs_matrix_column (block, j),
                                   block->n_rows);
  return TRUE;
}

gboolean
shs_column_match_read_target (const ShsColumnMatch *self, gsize first_row, gsize n_rows,
                              double *out, GError **error)
{
  ShsMatrix block = { n_rows, 1, n_rows, out };
  gsize column = (gsize)self->target;

  if (self->target < 0)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_MISMATCH,
                   "no target was chosen; name the column of %s that holds the true values",
                   shs_dataset_get_name (self->dataset));
      return FALSE;
    }
  return shs_dataset_read (self->dataset, 0, first_row, &column, &block, error)
         && shs_target_translation_apply (
             &self->target_translation, shs_dataset_get_table (self->dataset)->columns[column].name,
             out, n_rows, error);
}

const char *
shs_column_match_get_output_name (const ShsColumnMatch *self, gsize output)
{
  const ShsModelParts *parts = shs_model_get_parts (self->model);
  char **found = self->target_translation.class_names;

  g_return_val_if_fail (output < parts->n_outputs, NULL);
  if (found == NULL)
    return shs_model_get_output_name (self->model, output);
  return parts->n_outputs == 1 ? found[1] : found[output];
}

ShsModel *
shs_column_match_get_model (const ShsColumnMatch *self)
{
  return self->model;
}

ShsDataset *
shs_column_match_get_dataset (const ShsColumnMatch *self)
{
  return self->dataset;
}
