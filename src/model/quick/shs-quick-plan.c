#include "model/quick/shs-quick-plan.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"
#include "core/shs-random.h"
#include "core/shs-shown.h"
#include "model/match/shs-column-translation.h"

#include <math.h>
#include <string.h>

#define BLOCK_ROWS 65536
#define MOST_NUMBER_CLASSES 20
#define MOST_TEXT_CLASSES 200
#define FEWEST_ROWS 10

static gboolean
fail_target (GError **error, const char *name, const char *why)
{
  g_autofree char *shown = shs_name_shown (name);

  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE, "%s cannot be the target of a model: %s", shown,
               why);
  return FALSE;
}

static gboolean
find_target (ShsQuickPlan *self, ShsDataset *dataset, const char *name, GError **error)
{
  const ShsInput *table = shs_dataset_get_table (dataset);
  gssize found = table != NULL && name != NULL ? shs_dataset_find_column (dataset, name) : -1;

  if (table == NULL)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "%s is not a table; a quick model is trained on a table",
                   shs_dataset_get_name (dataset));
      return FALSE;
    }
  if (found < 0)
    {
      g_autofree char *shown = shs_name_shown (name != NULL ? name : "");

      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "%s has no column %s; choose one of its columns as the target",
                   shs_dataset_get_name (dataset), shown);
      return FALSE;
    }
  self->target = (gsize)found;
  return TRUE;
}

static gboolean
read_labels (ShsQuickPlan *self, ShsDataset *dataset, GError **error)
{
  gsize n_rows = shs_dataset_get_n_rows (dataset);
  ShsMatrix block;

  self->labels = shs_alloc (n_rows, sizeof *self->labels, error);
  self->parts = self->labels != NULL ? shs_alloc0 (n_rows, 1, error) : NULL;
  if (self->parts == NULL)
    return FALSE;
  block = (ShsMatrix){ n_rows, 1, n_rows, self->labels };
  return shs_dataset_read (dataset, 0, 0, &self->target, &block, error);
}

static int
compare_doubles (const void *a, const void *b)
{
  double first = *(const double *)a;
  double second = *(const double *)b;

  return (first > second) - (first < second);
}

/* The distinct numbers in ascending order; n_distinct is one more than the room when they are more,
 * and *is_whole tells whether all that were seen are whole. */
static void
collect_distinct (const double *labels, gsize n, double *distinct, gsize room, gsize *n_distinct,
                  gboolean *is_whole)
{
  *n_distinct = 0;
  *is_whole = TRUE;
  for (gsize i = 0; i < n && *n_distinct <= room; i++)
    {
      gsize k = 0;

      if (isnan (labels[i]))
        continue;
      *is_whole = *is_whole && labels[i] == floor (labels[i]);
      while (k < *n_distinct && distinct[k] != labels[i])
        k++;
      if (k == *n_distinct && (*n_distinct)++ < room)
        distinct[k] = labels[i];
    }
  qsort (distinct, MIN (*n_distinct, room), sizeof *distinct, compare_doubles);
}

static void
set_classes (ShsQuickPlan *self, gsize n)
{
  self->task = n == 2 ? SHS_TASK_BINARY : SHS_TASK_MULTICLASS;
  self->n_classes = n;
  self->class_names = g_new0 (char *, n + 1);
}

static gboolean
plan_number (ShsQuickPlan *self, const char *name, gsize n_rows, GError **error)
{
  double distinct[MOST_NUMBER_CLASSES];
  gsize n_distinct;
  gboolean is_whole;

  collect_distinct (self->labels, n_rows, distinct, MOST_NUMBER_CLASSES, &n_distinct, &is_whole);
  if (n_distinct < 2)
    return fail_target (error, name, "it does not vary; choose another column");
  if (n_distinct > MOST_NUMBER_CLASSES || (n_distinct > 2 && !is_whole))
    {
      self->task = SHS_TASK_REGRESSION;
      return TRUE;
    }
  set_classes (self, n_distinct);
  for (gsize k = 0; k < n_distinct; k++)
    {
      char text[SHS_NUMBER_LENGTH];

      self->class_names[k] = g_strdup (shs_number_print (text, distinct[k]));
    }
  for (gsize i = 0; i < n_rows; i++)
    for (gsize k = 0; k < n_distinct && !isnan (self->labels[i]); k++)
      if (self->labels[i] == distinct[k])
        {
          self->labels[i] = (double)k;
          break;
        }
  return TRUE;
}

static gboolean
plan_text (ShsQuickPlan *self, const ShsColumn *column, gsize n_rows, GError **error)
{
  g_autofree double *ranks = shs_text_ranks (column->categories, column->n_categories);

  if (column->n_categories < 2)
    return fail_target (error, column->name, "it does not vary; choose another column");
  if (column->n_categories > MOST_TEXT_CLASSES)
    return fail_target (error, column->name,
                        "it is text with more than 200 different values; choose another column");
  set_classes (self, column->n_categories);
  for (gsize c = 0; c < column->n_categories; c++)
    self->class_names[(gsize)ranks[c]] = g_strdup (column->categories[c]);
  for (gsize i = 0; i < n_rows; i++)
    if (!isnan (self->labels[i]))
      self->labels[i] = ranks[(gsize)self->labels[i]];
  return TRUE;
}

static gboolean
split_rows (ShsQuickPlan *self, gsize n_rows, const char *name, const ShsQuickModelOptions *options,
            GError **error)
{
  SHS_AUTOFREE guint32 *rows = NULL;
  ShsRandom random = shs_random_init (options->seed, 0);
  gsize n = 0;
  gsize n_hold_out;

  rows = n_rows < G_MAXUINT32 ? shs_alloc (n_rows, sizeof *rows, error) : NULL;
  if (rows == NULL)
    return n_rows < G_MAXUINT32 ? FALSE
                                : fail_target (error, name,
                                               "there are more than 4,294,967,295 "
                                               "rows; take a part of them");
  for (gsize i = 0; i < n_rows; i++)
    if (!isnan (self->labels[i]))
      rows[n++] = (guint32)i;
  if (n < FEWEST_ROWS)
    return fail_target (error, name, "fewer than 10 rows have a value of it; add rows");
  shs_random_shuffle (&random, rows, n);
  n_hold_out = (gsize)(options->hold_out * (double)n);
  for (gsize i = 0; i < n; i++)
    self->parts[rows[i]] = i < n_hold_out ? SHS_ROW_HOLD_OUT : SHS_ROW_TRAINING;
  self->n_rows[SHS_ROW_LEFT_OUT] = n_rows - n;
  self->n_rows[SHS_ROW_TRAINING] = n - n_hold_out;
  self->n_rows[SHS_ROW_HOLD_OUT] = n_hold_out;
  for (gsize i = 0; i < n_rows; i++)
    if (self->parts[i] == SHS_ROW_TRAINING)
      self->start += self->labels[i] / (double)self->n_rows[SHS_ROW_TRAINING];
  return TRUE;
}

/* A row index, or text whose values all differ, names the rows; it would only let a model learn
 * them by heart. */
static gboolean
is_id (ShsDataset *dataset, gsize column, gboolean *answer, GError **error)
{
  const ShsColumn *info = &shs_dataset_get_table (dataset)->columns[column];
  gsize n_rows = shs_dataset_get_n_rows (dataset);
  g_autoptr (ShsMatrix) block = NULL;
  gsize n_present = 0;

  *answer = (gssize)column == shs_dataset_get_row_name_column (dataset);
  if (*answer || info->type != SHS_COLUMN_CATEGORY)
    return TRUE;
  block = shs_matrix_new (MIN (n_rows, BLOCK_ROWS), 1, error);
  for (gsize first = 0; block != NULL && first < n_rows; first += BLOCK_ROWS)
    {
      ShsMatrix rows = shs_matrix_rows (block, 0, MIN (BLOCK_ROWS, n_rows - first));

      if (!shs_dataset_read (dataset, 0, first, &column, &rows, error))
        return FALSE;
      for (gsize i = 0; i < rows.n_rows; i++)
        n_present += !isnan (rows.values[i]);
    }
  *answer = n_present == info->n_categories;
  return block != NULL;
}

static gboolean
choose_features (ShsQuickPlan *self, ShsDataset *dataset, GError **error)
{
  const ShsInput *table = shs_dataset_get_table (dataset);

  self->features = g_new (gsize, table->n_columns);
  for (gsize j = 0; j < table->n_columns; j++)
    {
      gboolean is_left_out;

      if (!is_id (dataset, j, &is_left_out, error))
        return FALSE;
      if (j != self->target && !is_left_out)
        self->features[self->n_features++] = j;
    }
  if (self->n_features > 0)
    return TRUE;
  return fail_target (error, table->columns[self->target].name,
                      "no other column is left to predict it from; add columns");
}

gboolean
shs_quick_plan_init (ShsQuickPlan *self, ShsDataset *dataset, const ShsQuickModelOptions *options,
                     GError **error)
{
  gsize n_rows = shs_dataset_get_n_rows (dataset);
  const ShsColumn *target;

  *self = (ShsQuickPlan){ 0 };
  if (!find_target (self, dataset, options->target, error) || !read_labels (self, dataset, error))
    return FALSE;
  target = &shs_dataset_get_table (dataset)->columns[self->target];
  if (target->type == SHS_COLUMN_CATEGORY ? !plan_text (self, target, n_rows, error)
                                          : !plan_number (self, target->name, n_rows, error))
    return FALSE;
  return split_rows (self, n_rows, target->name, options, error)
         && choose_features (self, dataset, error);
}

void
shs_quick_plan_clear (ShsQuickPlan *self)
{
  g_strfreev (self->class_names);
  g_free (self->features);
  shs_free (self->labels);
  shs_free (self->parts);
  *self = (ShsQuickPlan){ 0 };
}
