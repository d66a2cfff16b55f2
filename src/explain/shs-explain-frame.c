#include "explain/shs-explain-frame.h"

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "core/shs-shown.h"

/* Enough rows to fill the lanes of every thread, few enough to stay within 32 MB of values. */
#define BLOCK_NUMBERS ((gsize)4 << 20)
#define MIN_BLOCK_ROWS 256
#define MAX_BLOCK_ROWS 16384
#define ROW_NAME_BYTES 48 /* a pointer and a short text */

static gboolean
choose_rows (ShsExplainFrame *self, GError **error)
{
  gsize n_all = shs_dataset_get_n_rows (shs_column_match_get_dataset (self->match));
  gsize first = self->options->first_row;
  gsize n_rows = self->options->n_rows;

  if (first < n_all && n_rows == 0)
    n_rows = n_all - first;
  if (n_rows == 0 || first >= n_all || n_rows > n_all - first)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   ngettext ("The data have %" G_GSIZE_FORMAT " row; rows %" G_GSIZE_FORMAT
                             ":%" G_GSIZE_FORMAT " are not among them",
                             "The data have %" G_GSIZE_FORMAT " rows; rows %" G_GSIZE_FORMAT
                             ":%" G_GSIZE_FORMAT " are not among them",
                             n_all),
                   n_all, first, first + n_rows);
      return FALSE;
    }
  self->first_row = first;
  self->n_rows = n_rows;
  return TRUE;
}

/* Counts numbers of the result; G_MAXSIZE where no size can be told. */
static void
count_bytes (ShsExplainFrame *self, gsize n_features, gsize n_outputs, gboolean in_double)
{
  gsize bytes;

  if (!shs_values_count_bytes (self->n_rows, n_features, n_outputs, in_double, &bytes)
      || !shs_size_add (self->result_bytes, bytes, &self->result_bytes))
    self->result_bytes = G_MAXSIZE;
}

/* A result that memory does not hold is written to disk as it is computed. */
static gboolean
choose_store (ShsExplainFrame *self, GError **error)
{
  if (self->parts.store == NULL && self->result_bytes > shs_memory_budget ())
    {
      self->parts.store = shs_result_store_new (self->options->result_path, error);
      return self->parts.store != NULL;
    }
  return TRUE;
}

static ShsValues *
new_values (ShsExplainFrame *self, const char *name, gsize n_features, gsize n_outputs,
            gboolean in_double, GError **error)
{
  if (self->parts.store != NULL)
    return shs_result_store_add (self->parts.store, name, self->n_rows, 1, &n_features, n_outputs,
                                 in_double, error);
  return in_double ? shs_values_new_doubles (self->n_rows, n_features, n_outputs, error)
                   : shs_values_new_floats (self->n_rows, n_features, n_outputs, error);
}

static gboolean
allocate_values (ShsExplainFrame *self, gboolean in_double, GError **error)
{
  ShsExplanationParts *parts = &self->parts;

  parts->values = new_values (self, "values", self->n_features, self->n_outputs, in_double, error);
  parts->data
      = parts->values != NULL ? new_values (self, "data", self->n_features, 1, TRUE, error) : NULL;
  return parts->data != NULL;
}

ShsValues *
shs_explain_frame_add_values (ShsExplainFrame *self, const char *name, gsize n_features,
                              gboolean in_double, GError **error)
{
  gboolean was_in_memory = self->parts.store == NULL;

  count_bytes (self, n_features, self->n_outputs, in_double);
  if (!choose_store (self, error))
    return NULL;
  if (was_in_memory && self->parts.store != NULL)
    {
      gboolean values_are_double = shs_values_is_double (self->parts.values);

      g_clear_pointer (&self->parts.values, shs_values_unref);
      g_clear_pointer (&self->parts.data, shs_values_unref);
      if (!allocate_values (self, values_are_double, error))
        return NULL;
    }
  return new_values (self, name, n_features, self->n_outputs, in_double, error);
}

static gboolean
allocate_parts (ShsExplainFrame *self, gboolean in_double, GError **error)
{
  ShsExplanationParts *parts = &self->parts;

  count_bytes (self, self->n_features, self->n_outputs, in_double);
  count_bytes (self, self->n_features, 1, TRUE);
  if (!choose_store (self, error) || !allocate_values (self, in_double, error))
    return FALSE;
  parts->predictions = shs_matrix_new (self->n_rows, self->n_outputs, error);
  if (parts->predictions == NULL)
    return FALSE;
  parts->base_per_row = shs_explain_space_needs_target (&self->space);
  parts->base_values = shs_alloc (parts->base_per_row ? self->n_rows : 1,
                                  self->n_outputs * sizeof (double), error);
  if (parts->base_values == NULL)
    return FALSE;
  if (self->first_row == 0)
    return TRUE;
  parts->row_index = shs_alloc (self->n_rows, sizeof (gsize), error);
  for (gsize i = 0; parts->row_index != NULL && i < self->n_rows; i++)
    parts->row_index[i] = self->first_row + i;
  return parts->row_index != NULL;
}

static void
describe_parts (ShsExplainFrame *self)
{
  ShsExplanationParts *parts = &self->parts;
  g_autofree char *program = g_strdup_printf ("Shapscope %s", SHS_VERSION);

  parts->inputs = shs_column_match_describe_features (self->match);
  parts->n_inputs = 1;
  parts->output_names = g_new0 (char *, self->n_outputs + 1);
  for (gsize k = 0; k < self->n_outputs; k++)
    parts->output_names[k] = self->n_outputs == shs_model_get_parts (self->model)->n_outputs
                                 ? g_strdup (shs_column_match_get_output_name (self->match, k))
                                 : g_strdup (self->space.unit);
  parts->output_unit = g_strdup (self->space.unit);
  parts->provenance.program = g_steal_pointer (&program);
  parts->provenance.model_text = shs_model_describe (self->model);
  parts->provenance.space = g_strdup (shs_space_get_name (self->options->space));
  parts->provenance.seed = self->options->seed;
  parts->provenance.notes = g_strdupv ((char **)shs_column_match_get_notes (self->match));
}

static void
add_note (ShsExplainFrame *self, const char *note)
{
  char ***notes = &self->parts.provenance.notes;
  guint n = *notes != NULL ? g_strv_length (*notes) : 0;

  *notes = g_renew (char *, *notes, n + 2);
  (*notes)[n] = g_strdup (note);
  (*notes)[n + 1] = NULL;
}

static void
note_rounds (ShsExplainFrame *self)
{
  g_autofree char *note = shs_model_describe_rounds (self->model);

  if (note != NULL)
    add_note (self, note);
}

/* A player of several columns has no column of its own to be shown at. */
static void
note_combinations (ShsExplainFrame *self)
{
  const ShsFeatureMap *map = shs_model_get_parts (self->model)->map;
  gsize n_combinations = shs_model_get_n_players (self->model) - self->n_features;
  g_autoptr (GString) example = g_string_new (NULL);
  g_autofree char *note = NULL;
  const gsize *columns;
  gsize n = 0;

  if (n_combinations == 0)
    return;
  columns = shs_feature_map_get_player_columns (map, self->n_features, &n);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *name
          = shs_name_shown (shs_model_get_feature (self->model, columns[i])->name);

      g_string_append_printf (example, "%s%s", i > 0 ? " \303\227 " : "", name);
    }
  note = g_strdup_printf (
      ngettext ("the model uses %" G_GSIZE_FORMAT " combination of columns (%s); its value is "
                "split evenly among them",
                "the model uses %" G_GSIZE_FORMAT " combinations of columns (such as %s); the "
                "value of each is split evenly among its columns",
                n_combinations),
      n_combinations, example->str);
  add_note (self, note);
}

static gboolean
check_target (const ShsExplainFrame *self, GError **error)
{
  if (!shs_explain_space_needs_target (&self->space))
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
               "The %s depends on the true values; choose the column that holds them as target",
               self->space.unit);
  return FALSE;
}

static gboolean
read_target (ShsExplainFrame *self, GError **error)
{
  gssize column = shs_column_match_get_target (self->match);
  const ShsInput *table = shs_dataset_get_table (shs_column_match_get_dataset (self->match));
  g_autoptr (GError) problem = NULL;
  SHS_AUTOFREE double *target = NULL;

  if (column < 0)
    return check_target (self, error);
  target = shs_alloc (self->n_rows, sizeof *target, error);
  if (target == NULL)
    return FALSE;
  if (shs_column_match_read_target (self->match, self->first_row, self->n_rows, target, &problem))
    {
      self->parts.target = g_steal_pointer (&target);
      self->parts.target_name = g_strdup (table->columns[column].name);
      return TRUE;
    }
  if (self->options->target_may_fail)
    {
      add_note (self, problem->message);
      return check_target (self, error);
    }
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

static gboolean
counts_rows (const double *values, gsize first, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (values[i] != (double)(first + i))
      return FALSE;
  return TRUE;
}

/* An index that only counts from 0 says no more than the numbers of the rows do. */
static gboolean
read_row_names (ShsExplainFrame *self, GError **error)
{
  ShsDataset *dataset = shs_column_match_get_dataset (self->match);
  gssize found = shs_dataset_get_row_name_column (dataset);
  gsize column = (gsize)found;
  SHS_AUTOFREE double *values = NULL;
  ShsMatrix block;

  if (found < 0)
    return TRUE;
  values = shs_alloc (self->n_rows, sizeof *values, error);
  if (values == NULL)
    return FALSE;
  block = (ShsMatrix){ self->n_rows, 1, self->n_rows, values };
  if (!shs_dataset_read (dataset, 0, self->first_row, &column, &block, error))
    return FALSE;
  if (shs_dataset_get_table (dataset)->columns[column].type == SHS_COLUMN_NUMBER
      && counts_rows (values, self->first_row, self->n_rows))
    return TRUE;
  if (!shs_memory_check ((guint64)self->n_rows * ROW_NAME_BYTES, "The names of the rows", error))
    return FALSE;
  self->parts.row_names = g_new0 (char *, self->n_rows + 1);
  for (gsize i = 0; i < self->n_rows; i++)
    self->parts.row_names[i] = shs_dataset_describe_value (dataset, column, values[i]);
  return TRUE;
}

gboolean
shs_explain_frame_init (ShsExplainFrame *self, ShsColumnMatch *match,
                        const ShsExplainOptions *options, gboolean in_double, ShsProgress *progress,
                        GError **error)
{
  const ShsModel *model = shs_column_match_get_model (match);
  const ShsFeatureMap *map = shs_model_get_parts (model)->map;
  gsize numbers_per_row, n_fitting;

  *self = (ShsExplainFrame){ .match = shs_column_match_ref (match),
                             .model = model,
                             .options = options,
                             .progress = progress,
                             .n_features = shs_model_get_parts (model)->n_features };
  if (!shs_explain_space_choose (model, options->space, &self->space, error))
    return FALSE;
  self->n_outputs = self->space.n_outputs;
  numbers_per_row = MAX (1, shs_model_get_n_players (model) * self->n_outputs);
  if (map != NULL)
    numbers_per_row = MAX (numbers_per_row, shs_feature_map_get_n_features (map));
  n_fitting = shs_memory_fit_block (G_MAXSIZE) / sizeof (double) / numbers_per_row;
  self->block_rows = CLAMP (BLOCK_NUMBERS / numbers_per_row, MIN_BLOCK_ROWS, MAX_BLOCK_ROWS);
  self->block_rows = CLAMP (n_fitting, 1, self->block_rows);
  if (!choose_rows (self, error) || !allocate_parts (self, in_double, error))
    return FALSE;
  describe_parts (self);
  note_rounds (self);
  note_combinations (self);
  return read_row_names (self, error) && read_target (self, error);
}

void
shs_explain_frame_clear (ShsExplainFrame *self)
{
  shs_explanation_parts_clear (&self->parts);
  g_clear_pointer (&self->match, shs_column_match_unref);
}

static gboolean
predict (ShsExplainFrame *self, gsize first, const ShsMatrix *rows, GError **error)
{
  ShsMatrix predictions = shs_matrix_rows (self->parts.predictions, first, rows->n_rows);
  gsize n_margins = shs_model_get_parts (self->model)->n_outputs;
  g_autoptr (ShsMatrix) margins = NULL;
  SHS_AUTOFREE double *scratch = NULL;

  if (!self->space.is_transformed)
    return shs_model_predict_margin (self->model, rows, self->options->n_threads, NULL,
                                     &predictions, error);
  margins = shs_matrix_new (rows->n_rows, n_margins, error);
  scratch = margins != NULL ? shs_alloc (n_margins, sizeof *scratch, error) : NULL;
  if (scratch == NULL
      || !shs_model_predict_margin (self->model, rows, self->options->n_threads, NULL, margins,
                                    error))
    return FALSE;
  shs_explain_space_apply (&self->space, margins,
                           self->parts.target != NULL ? self->parts.target + first : NULL,
                           &predictions, scratch);
  return TRUE;
}

static gboolean
run_block (ShsExplainFrame *self, gsize first, ShsMatrix *rows, ShsMatrix *values,
           ShsExplainBlockFunc function, gpointer data, GError **error)
{
  self->block_first = first;
  if (!shs_column_match_read (self->match, self->first_row + first, rows, error)
      || !predict (self, first, rows, error) || !function (self, rows, values, data, error))
    return FALSE;
  return shs_column_match_show (self->match, self->first_row + first, rows, error)
         && shs_values_write (self->parts.data, first, rows, error)
         && shs_values_write (self->parts.values, first, values, error);
}

gboolean
shs_explain_frame_run (ShsExplainFrame *self, ShsExplainBlockFunc function, gpointer data,
                       GError **error)
{
  gsize n_block = MIN (self->block_rows, self->n_rows);
  g_autoptr (ShsMatrix) rows = shs_matrix_new (n_block, self->n_features, error);
  g_autoptr (ShsMatrix) values = NULL;

  if (rows != NULL)
    values = shs_matrix_new (n_block, self->n_features * self->n_outputs, error);
  if (values == NULL)
    return FALSE;
  for (gsize first = 0; first < self->n_rows; first += n_block)
    {
      gsize count = MIN (n_block, self->n_rows - first);
      ShsMatrix row_view = shs_matrix_rows (rows, 0, count);
      ShsMatrix value_view = shs_matrix_rows (values, 0, count);

      if (!shs_progress_check (self->progress, error)
          || !run_block (self, first, &row_view, &value_view, function, data, error))
        return FALSE;
    }
  return TRUE;
}
