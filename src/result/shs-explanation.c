#include "result/shs-explanation-private.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <math.h>

void
shs_explanation_parts_clear (ShsExplanationParts *parts)
{
  shs_dataset_inputs_free (parts->inputs, parts->n_inputs);
  g_strfreev (parts->output_names);
  shs_values_unref (parts->values);
  shs_values_unref (parts->std_errors);
  shs_free (parts->base_values);
  shs_matrix_free (parts->predictions);
  shs_values_unref (parts->data);
  shs_free (parts->target);
  g_free (parts->target_name);
  shs_free (parts->row_index);
  g_strfreev (parts->row_names);
  g_strfreev (parts->background_values);
  shs_values_unref (parts->interactions);
  shs_free (parts->pairs);
  shs_free (parts->met);
  shs_matrix_free (parts->clustering);
  shs_values_unref (parts->hierarchical_values);
  g_free (parts->output_unit);
  shs_provenance_clear (&parts->provenance);
  shs_result_store_free (parts->store);
  *parts = (ShsExplanationParts){ 0 };
}

gsize
shs_explanation_count_features (const ShsExplanationParts *parts)
{
  gsize n = 0;

  for (guint i = 0; i < parts->n_inputs; i++)
    n += parts->inputs[i].n_columns;
  return n;
}

static gboolean
make_columns (ShsExplanation *self, GError **error)
{
  const ShsExplanationParts *parts = &self->parts;
  gsize feature = 0;
  gboolean some_are_made = FALSE;

  for (guint i = 0; i < parts->n_inputs; i++)
    some_are_made = some_are_made || parts->inputs[i].columns == NULL;
  self->columns = shs_alloc0 (self->n_features, sizeof (ShsColumn *), error);
  if (self->columns == NULL)
    return FALSE;
  if (some_are_made)
    {
      self->made_columns = shs_alloc0 (self->n_features, sizeof (ShsColumn), error);
      if (self->made_columns == NULL)
        return FALSE;
    }
  for (guint i = 0; i < parts->n_inputs; i++)
    for (gsize j = 0; j < parts->inputs[i].n_columns; j++, feature++)
      if (parts->inputs[i].columns != NULL)
        self->columns[feature] = &parts->inputs[i].columns[j];
      else
        {
          self->made_columns[feature].name
              = shs_feature_make_name (&parts->inputs[i], j, parts->n_inputs > 1);
          self->columns[feature] = &self->made_columns[feature];
        }
  return TRUE;
}

ShsExplanation *
shs_explanation_new (ShsExplanationParts *parts, GError **error)
{
  g_autoptr (ShsExplanation) self = g_new0 (ShsExplanation, 1);

  self->references = 1;
  self->parts = *parts;
  *parts = (ShsExplanationParts){ 0 };
  g_mutex_init (&self->lock);
  shs_provenance_fill (&self->parts.provenance);
  if (!shs_explanation_check_parts (&self->parts, error))
    return NULL;
  self->n_rows = shs_values_get_n_rows (self->parts.values);
  self->n_features = shs_values_get_n_features (self->parts.values);
  self->n_outputs = shs_values_get_n_outputs (self->parts.values);
  if (!make_columns (self, error))
    return NULL;
  self->summaries = shs_alloc0 (self->n_outputs, sizeof (ShsSummary *), error);
  if (self->summaries != NULL)
    self->pair_means = shs_alloc0 (self->n_outputs, sizeof (double *), error);
  return self->pair_means != NULL ? g_steal_pointer (&self) : NULL;
}

ShsExplanation *
shs_explanation_ref (ShsExplanation *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
shs_explanation_unref (ShsExplanation *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->references))
    return;
  for (gsize k = 0; self->summaries != NULL && k < self->n_outputs; k++)
    shs_summary_free (self->summaries[k]);
  shs_free (self->summaries);
  for (gsize k = 0; self->pair_means != NULL && k < self->n_outputs; k++)
    shs_free (self->pair_means[k]);
  shs_free (self->pair_means);
  for (gsize j = 0; self->made_columns != NULL && j < self->n_features; j++)
    g_free (self->made_columns[j].name);
  shs_free (self->made_columns);
  shs_free (self->columns);
  shs_explanation_parts_clear (&self->parts);
  g_mutex_clear (&self->lock);
  g_free (self);
}

const ShsExplanationParts *
shs_explanation_get_parts (const ShsExplanation *self)
{
  return &self->parts;
}

gsize
shs_explanation_get_n_rows (const ShsExplanation *self)
{
  return self->n_rows;
}

gsize
shs_explanation_get_n_features (const ShsExplanation *self)
{
  return self->n_features;
}

gsize
shs_explanation_get_n_outputs (const ShsExplanation *self)
{
  return self->n_outputs;
}

ShsUnit
shs_explanation_get_unit (const ShsExplanation *self)
{
  return shs_unit_parse (self->parts.output_unit);
}

const ShsColumn *
shs_explanation_get_column (const ShsExplanation *self, gsize feature)
{
  g_return_val_if_fail (feature < self->n_features, NULL);
  return self->columns[feature];
}

double
shs_explanation_get_base_value (const ShsExplanation *self, gsize row, gsize output)
{
  g_return_val_if_fail (row < self->n_rows && output < self->n_outputs, NAN);
  return self->parts.base_values[(self->parts.base_per_row ? row * self->n_outputs : 0) + output];
}

double
shs_explanation_get_prediction (const ShsExplanation *self, gsize row, gsize output)
{
  g_return_val_if_fail (row < self->n_rows && output < self->n_outputs, NAN);
  if (self->parts.predictions == NULL)
    return NAN;
  return shs_matrix_get (self->parts.predictions, row, output);
}
