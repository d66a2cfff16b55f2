#include "fuzz-readers.h"

#include "core/shs-memory.h"
#include "io/shs-data-file.h"
#include "model/shs-model.h"
#include "result/shs-explanation-file.h"
#include "tree/shs-tree-explain.h"

#include <math.h>

#define N_ROWS 3
#define MAX_COLUMNS 1000

/* An error has a message; a success has none. */
static void
check (gconstpointer opened, const GError *error)
{
  g_assert_true ((opened == NULL) == (error != NULL));
  g_assert_true (error == NULL || error->message[0] != '\0');
}

static void
read_data (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsDataset) dataset = shs_data_file_open (path, 1, NULL, &error);
  const ShsInput *table = dataset != NULL ? shs_dataset_get_table (dataset) : NULL;
  g_autoptr (ShsMatrix) block = NULL;

  check (dataset, error);
  if (table == NULL || table->n_columns > MAX_COLUMNS)
    return;
  block = shs_matrix_new (MIN (N_ROWS, shs_dataset_get_n_rows (dataset)), table->n_columns, NULL);
  if (block != NULL && !shs_dataset_read (dataset, 0, 0, NULL, block, &error))
    check (NULL, error);
}

/* Rows of whole numbers, fractions and missing values. */
static ShsMatrix *
make_rows (gsize n_columns)
{
  static const double values[N_ROWS] = { 1, 0.25, NAN };
  ShsMatrix *rows = shs_matrix_new (N_ROWS, n_columns, NULL);

  for (gsize j = 0; rows != NULL && j < n_columns; j++)
    for (gsize i = 0; i < N_ROWS; i++)
      shs_matrix_set (rows, i, j, values[(i + j) % N_ROWS]);
  return rows;
}

static void
explain (const ShsTreeEnsemble *ensemble)
{
  const ShsTreeOptions options = { .n_threads = 1 };
  g_autoptr (ShsMatrix) rows = make_rows (ensemble->n_features);
  g_autoptr (ShsMatrix) values
      = shs_matrix_new (N_ROWS, ensemble->n_players * ensemble->n_outputs, NULL);
  g_autoptr (GError) error = NULL;

  if (values != NULL && !shs_tree_path_dependent (ensemble, rows, &options, values, &error))
    check (NULL, error);
}

static void
read_model (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = shs_model_open (path, NULL, &error);
  const ShsModelParts *parts = model != NULL ? shs_model_get_parts (model) : NULL;
  g_autoptr (ShsMatrix) rows = NULL;
  g_autoptr (ShsMatrix) margins = NULL;

  check (model, error);
  if (parts == NULL || parts->n_features > MAX_COLUMNS || parts->n_outputs > MAX_COLUMNS)
    return;
  rows = make_rows (parts->n_features);
  margins = shs_matrix_new (N_ROWS, parts->n_outputs, NULL);
  if (!shs_model_predict_margin (model, rows, 1, NULL, margins, &error))
    check (NULL, error);
  if (parts->ensemble != NULL && parts->ensemble->n_features <= MAX_COLUMNS)
    explain (parts->ensemble);
}

static void
read_explanation (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsExplanation) explanation = shs_explanation_load (path, NULL, &error);
  gsize n_features = explanation != NULL ? shs_explanation_get_n_features (explanation) : 0;
  SHS_AUTOFREE ShsFeatureSummary *summaries = NULL;

  check (explanation, error);
  if (explanation == NULL)
    return;
  summaries = shs_alloc (n_features, sizeof *summaries, NULL);
  if (summaries != NULL && !shs_explanation_summarise (explanation, 0, summaries, NULL, &error))
    check (NULL, error);
}

const FuzzReader *
fuzz_reader_find (const char *name)
{
  static const FuzzReader readers[] = {
    { "data", read_data },
    { "model", read_model },
    { "explanation", read_explanation },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (readers); i++)
    if (g_str_equal (readers[i].name, name))
      return &readers[i];
  return NULL;
}
