#include "session/shs-open.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/shs-data-file.h"
#include "model/spark/shs-spark.h"
#include "result/shs-explanation-file.h"
#include "session/shs-open-part.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HEAD_SIZE (64 * 1024)
#define TARGET_SAMPLE 10000
#define LEAST_NUMBERED 20
#define MAX_CANDIDATES 64 /* more spare columns than this, and a guess would be luck */

void
shs_opened_clear (ShsOpened *self)
{
  g_clear_pointer (&self->model, shs_model_unref);
  g_clear_pointer (&self->dataset, shs_dataset_unref);
  g_clear_pointer (&self->explanation, shs_explanation_unref);
  g_clear_pointer (&self->model_path, g_free);
  g_clear_pointer (&self->model_file, shs_file_unref);
  g_clear_pointer (&self->data_path, g_free);
  g_clear_pointer (&self->data_file, shs_file_unref);
  g_clear_pointer (&self->parts, g_strfreev);
  g_clear_pointer (&self->part, g_free);
  g_clear_pointer (&self->explanation_path, g_free);
  g_clear_pointer (&self->offered_path, g_free);
  g_clear_pointer (&self->target, g_free);
}

static gboolean
read_head (const ShsFile *file, guint8 *head, gsize *length, GError **error)
{
  if (!shs_file_read_head (file, head, HEAD_SIZE, length, error))
    return FALSE;
  if (*length > 0)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX, "%s is empty; choose another file",
               shs_file_get_path (file));
  return FALSE;
}

static gboolean
is_taken (gboolean taken, const char *sort, const char *path, GError **error)
{
  if (taken)
    g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE, "%s is a second %s; open one %s at a time",
                 path, sort, sort);
  return taken;
}

/* Spark saves a model as a folder. */
static gboolean
open_folder (const char *path, ShsProgress *progress, ShsOpened *opened, GError **error)
{
  if (is_taken (opened->model != NULL, "model", path, error))
    return FALSE;
  opened->model = shs_model_open (path, progress, error);
  opened->model_path = g_strdup (path);
  return opened->model != NULL;
}

/* (transfer full): the folder of the model whose metadata @path is. */
static char *
find_folder (const char *path)
{
  g_autofree char *whole = g_canonicalize_filename (path, NULL);
  g_autofree char *metadata = g_path_get_dirname (whole);

  return g_path_get_dirname (metadata);
}

/* The part whose name stands at the end of the data's name. */
static char *
find_part (char **parts, const char *name)
{
  for (; parts != NULL && *parts != NULL; parts++)
    {
      g_autofree char *ending = g_strdup_printf (", %s", *parts);

      if (g_str_has_suffix (name, ending))
        return g_strdup (*parts);
    }
  return NULL;
}

/* Where a person can choose, the parts are told, and the first one is no error. */
static gboolean
read_data (const ShsFile *file, const char *part, guint n_threads, ShsProgress *progress,
           ShsOpened *opened, GError **error)
{
  g_autoptr (GError) own_error = NULL;
  g_auto (GStrv) parts = NULL;

  opened->dataset = shs_data_file_read (file, part, n_threads, progress, &own_error);
  if (opened->takes_first_part)
    parts = shs_data_file_list_parts (file, progress, NULL);
  if (opened->dataset == NULL && part == NULL && parts != NULL && parts[0] != NULL
      && g_error_matches (own_error, SHS_ERROR, SHS_ERROR_CHOICE))
    {
      g_clear_error (&own_error);
      opened->dataset = shs_data_file_read (file, parts[0], n_threads, progress, &own_error);
    }
  if (own_error != NULL)
    g_propagate_error (error, g_steal_pointer (&own_error));
  if (opened->dataset == NULL)
    return FALSE;
  if (parts != NULL && g_strv_length (parts) > 1)
    {
      opened->part = part != NULL ? g_strdup (part)
                                  : find_part (parts, shs_dataset_get_name (opened->dataset));
      opened->parts = g_steal_pointer (&parts);
    }
  return TRUE;
}

static gboolean
open_file (const char *path, guint n_threads, ShsProgress *progress, ShsOpened *opened,
           GError **error)
{
  g_autofree char *part = NULL;
  g_autofree char *file_path = shs_data_file_split (path, &part);
  g_autoptr (ShsFile) file = shs_file_open (file_path, error);
  g_autofree guint8 *head = g_malloc (HEAD_SIZE);
  gsize length;

  if (file == NULL || !read_head (file, head, &length, error))
    return FALSE;
  if (part == NULL && shs_explanation_sniff (file, head, length))
    {
      if (is_taken (opened->explanation != NULL, "explanation", path, error))
        return FALSE;
      opened->explanation = shs_explanation_load_from (file, progress, error);
      opened->explanation_path = g_strdup (path);
      return opened->explanation != NULL;
    }
  if (part == NULL && shs_spark_is_metadata (head, length))
    {
      g_autofree char *folder = find_folder (path);

      return open_folder (folder, progress, opened, error);
    }
  if (part == NULL && shs_model_sniff (path, head, length))
    {
      if (is_taken (opened->model != NULL, "model", path, error))
        return FALSE;
      opened->model = shs_model_read (file, progress, error);
      opened->model_path = g_strdup (path);
      opened->model_file = g_steal_pointer (&file);
      return opened->model != NULL;
    }
  if (opened->dataset != NULL && opened->offered_path == NULL)
    {
      opened->offered_path = g_strdup (path);
      return TRUE;
    }
  if (is_taken (opened->dataset != NULL, "data file", path, error))
    return FALSE;
  if (!read_data (file, part, n_threads, progress, opened, error))
    return FALSE;
  opened->data_path
      = opened->part != NULL ? g_strconcat (file_path, "#", opened->part, NULL) : g_strdup (path);
  opened->data_file = g_steal_pointer (&file);
  opened->names_part = part != NULL;
  return TRUE;
}

gboolean
shs_open_files (const char *const *paths, guint n_threads, ShsProgress *progress, ShsOpened *opened,
                GError **error)
{
  for (gsize i = 0; paths[i] != NULL; i++)
    if (!shs_progress_check (progress, error)
        || !(g_file_test (paths[i], G_FILE_TEST_IS_DIR)
                 ? open_folder (paths[i], progress, opened, error)
                 : open_file (paths[i], n_threads, progress, opened, error)))
      return FALSE;
  return TRUE;
}

/* Which columns could be the target is asked of the names first: a match costs a pass over the
 * categories. */
static gboolean *
mark_columns_of_features (ShsModel *model, ShsDataset *dataset, gsize n_columns)
{
  g_autoptr (ShsColumnMatch) match = shs_column_match_new (model, dataset, NULL, NULL);
  gboolean *used;

  if (match == NULL)
    return NULL;
  used = g_new0 (gboolean, n_columns);
  for (gsize j = 0; j < shs_model_get_parts (model)->n_features; j++)
    used[shs_column_match_get_column (match, j)] = TRUE;
  return used;
}

static gboolean
could_be_target (ShsModel *model, ShsDataset *dataset, const char *name)
{
  g_autoptr (ShsColumnMatch) match = shs_column_match_new (model, dataset, name, NULL);
  gsize n_rows = MIN (shs_dataset_get_n_rows (dataset), TARGET_SAMPLE);
  SHS_AUTOFREE double *target = NULL;

  if (match == NULL)
    return FALSE;
  target = shs_alloc (n_rows, sizeof *target, NULL);
  return target != NULL && shs_column_match_read_target (match, 0, n_rows, target, NULL);
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  double left = *(const double *)a, right = *(const double *)b;

  return (left > right) - (left < right);
}

/* The first values of a column in ascending order; NULL where they are too few to tell anything. */
static ShsMatrix *
sort_sample (ShsDataset *dataset, gsize column)
{
  gsize n = MIN (shs_dataset_get_n_rows (dataset), TARGET_SAMPLE);
  g_autoptr (ShsMatrix) values = n >= LEAST_NUMBERED ? shs_matrix_new (n, 1, NULL) : NULL;

  if (values == NULL || !shs_dataset_read (dataset, 0, 0, &column, values, NULL))
    return NULL;
  qsort (values->values, n, sizeof *values->values, compare_numbers);
  return g_steal_pointer (&values);
}

/* What is the same in every row is no outcome. */
static gboolean
is_constant (ShsDataset *dataset, gsize column)
{
  g_autoptr (ShsMatrix) sample = sort_sample (dataset, column);

  for (gsize i = 0; sample != NULL && i < sample->n_rows; i++)
    if (sample->values[i] != sample->values[0])
      return FALSE;
  return sample != NULL;
}

/* Whole numbers of which none comes twice: those of customers or orders, no outcomes. Where no
 * other column could be the target, only those without a gap. */
static gboolean
looks_like_numbering (ShsDataset *dataset, gsize column, gboolean is_alone)
{
  g_autoptr (ShsMatrix) sample = sort_sample (dataset, column);
  gsize n = sample != NULL ? sample->n_rows : 0;

  for (gsize i = 0; i < n; i++)
    if (isnan (sample->values[i]) || sample->values[i] != floor (sample->values[i])
        || (i > 0 && sample->values[i] == sample->values[i - 1]))
      return FALSE;
  return sample != NULL
         && (!is_alone || sample->values[n - 1] - sample->values[0] == (double)(n - 1));
}

/* How soon a row stands alone is no outcome that anybody wrote down. */
static gboolean
has_target (const ShsModel *model)
{
  return !g_str_equal (shs_model_get_parts (model)->margin_unit, "path length");
}

char *
shs_open_guess_target (ShsModel *model, ShsDataset *dataset)
{
  const ShsInput *table = shs_dataset_get_table (dataset);
  g_autofree gboolean *used = NULL;
  gssize row_names = shs_dataset_get_row_name_column (dataset);
  gssize found = -1;
  guint n_tried = 0;

  if (table != NULL && has_target (model))
    used = mark_columns_of_features (model, dataset, table->n_columns);
  for (gsize j = 0; used != NULL && j < table->n_columns; j++)
    {
      if (used[j] || (gssize)j == row_names)
        continue;
      if (n_tried++ == MAX_CANDIDATES)
        return NULL;
      if (table->columns[j].repeats_name || is_constant (dataset, j)
          || !could_be_target (model, dataset, table->columns[j].name))
        continue;
      if (found >= 0)
        return NULL;
      found = (gssize)j;
    }
  if (found < 0 || looks_like_numbering (dataset, (gsize)found, n_tried == 1))
    return NULL;
  return g_strdup (table->columns[found].name);
}

void
shs_open_summarise (ShsExplanation *explanation)
{
  gsize n_features = shs_explanation_get_n_features (explanation);
  SHS_AUTOFREE ShsFeatureSummary *summaries = shs_alloc (n_features, sizeof *summaries, NULL);

  for (gsize k = 0; summaries != NULL && k < shs_explanation_get_n_outputs (explanation); k++)
    shs_explanation_summarise (explanation, k, summaries, NULL, NULL);
}

static gboolean
is_word_for_none (const ShsOpened *opened, const char *target)
{
  return g_str_equal (target, "none")
         && (opened->dataset == NULL || shs_dataset_find_column (opened->dataset, target) < 0);
}

static void
choose_target (ShsOpened *opened, const ShsOpened *before, const char *target)
{
  gboolean keeps = before->target != NULL && opened->dataset != NULL
                   && shs_dataset_find_column (opened->dataset, before->target) >= 0;

  if (target != NULL && is_word_for_none (opened, target))
    opened->target = g_strdup ("");
  else if (target != NULL)
    opened->target = g_strdup (target);
  else if (keeps && !before->target_is_guessed)
    opened->target = g_strdup (before->target);
  else if (opened->model != NULL && opened->dataset != NULL)
    {
      opened->target = shs_open_guess_target (opened->model, opened->dataset);
      opened->target_is_guessed = TRUE;
    }
}

static ShsFile *
ref_file (ShsFile *file)
{
  return file != NULL ? shs_file_ref (file) : NULL;
}

void
shs_open_complete (ShsOpened *opened, const ShsOpened *before, const char *target)
{
  if (opened->model == NULL && before->model != NULL)
    {
      opened->model = shs_model_ref (before->model);
      opened->model_path = g_strdup (before->model_path);
      opened->model_file = ref_file (before->model_file);
    }
  if (opened->dataset == NULL && before->dataset != NULL)
    {
      opened->dataset = shs_dataset_ref (before->dataset);
      opened->data_path = g_strdup (before->data_path);
      opened->data_file = ref_file (before->data_file);
      opened->parts = g_strdupv (before->parts);
      opened->part = g_strdup (before->part);
      opened->names_part = before->names_part;
    }
  shs_open_fit_part (opened);
  choose_target (opened, before, target);
  if (opened->explanation != NULL)
    shs_open_summarise (opened->explanation);
}

ShsOpened
shs_opened_copy_references (const ShsOpened *self)
{
  return (ShsOpened){
    .model = self->model != NULL ? shs_model_ref (self->model) : NULL,
    .model_path = g_strdup (self->model_path),
    .model_file = ref_file (self->model_file),
    .dataset = self->dataset != NULL ? shs_dataset_ref (self->dataset) : NULL,
    .data_path = g_strdup (self->data_path),
    .data_file = ref_file (self->data_file),
    .parts = g_strdupv (self->parts),
    .part = g_strdup (self->part),
    .names_part = self->names_part,
    .explanation = self->explanation != NULL ? shs_explanation_ref (self->explanation) : NULL,
    .explanation_path = g_strdup (self->explanation_path),
    .offered_path = g_strdup (self->offered_path),
    .target = g_strdup (self->target),
    .target_is_guessed = self->target_is_guessed,
  };
}
