/* A model of tests/fixtures with its rows, matched. */
#pragma once

#include "core/shs-memory.h"
#include "core/shs-table-builder.h"
#include "explain/shs-explain.h"
#include "io/csv/shs-csv.h"
#include "io/npy/shs-npy.h"
#include "shs-test.h"

typedef struct
{
  ShsModel *model;
  ShsDataset *dataset;
  ShsColumnMatch *match;
  ShsNpz *oracle;
} ExplainFixture;

static inline void
explain_fixture_clear (ExplainFixture *self)
{
  g_clear_pointer (&self->match, shs_column_match_unref);
  g_clear_pointer (&self->dataset, shs_dataset_unref);
  g_clear_pointer (&self->model, shs_model_unref);
  g_clear_pointer (&self->oracle, shs_npz_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ExplainFixture, explain_fixture_clear)

/* All numbers of an array of the oracle in C order; NULL when it is not there. */
static inline double *
explain_fixture_read (const ExplainFixture *self, const char *name, gsize *n)
{
  g_autoptr (ShsNpyArray) array = NULL;
  double *numbers;

  if (!shs_npz_has (self->oracle, name))
    return NULL;
  array = shs_npz_read (self->oracle, name, NULL);
  ck_assert_ptr_nonnull (array);
  numbers = shs_alloc (array->n_items, sizeof *numbers, NULL);
  shs_npy_array_read_doubles (array, 0, 0, array->n_items, numbers);
  *n = array->n_items;
  return numbers;
}

/* The model's file: LightGBM's ".txt", CatBoost's ".cbm", Spark's folder, H2O's ".zip", or
 * ".json". */
static inline char *
explain_fixture_find_model (const char *stem)
{
  static const char *const endings[] = { ".txt", ".cbm", ".spark", ".zip", ".json" };

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = g_strconcat (stem, endings[i], NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
  return NULL;
}

/* The rows of "x" as numbers. */
static inline ShsDataset *
explain_fixture_make_rows (const ExplainFixture *self)
{
  gsize n_numbers = 0;
  SHS_AUTOFREE double *x = explain_fixture_read (self, "x", &n_numbers);
  gsize n_features = shs_model_get_parts (self->model)->n_features;
  gsize n_rows = n_numbers / n_features;
  ShsTableBuilder *builder = shs_table_builder_new (n_rows);

  for (gsize j = 0; j < n_features; j++)
    {
      double *column = shs_alloc (n_rows, sizeof *column, NULL);

      for (gsize i = 0; i < n_rows; i++)
        column[i] = x[i * n_features + j];
      shs_table_builder_add_doubles (builder, shs_model_get_feature (self->model, j)->name, column);
    }
  return shs_table_builder_finish (builder, "rows");
}

/* The rows as a file, for models that know categories by their texts' hashes. */
static inline ShsDataset *
explain_fixture_read_rows (const char *stem)
{
  g_autofree char *path = g_strconcat (stem, ".csv", NULL);
  g_autoptr (GBytes) bytes = shs_test_bytes (path);
  g_autoptr (GError) error = NULL;
  ShsDataset *dataset = shs_csv_parse ("rows.csv", bytes, NULL, 1, NULL, &error);

  shs_test_assert_no_error (error);
  return dataset;
}

/* @stem: path without the ending */
static inline void
explain_fixture_open (ExplainFixture *self, const char *stem)
{
  g_autofree char *model_path = explain_fixture_find_model (stem);
  g_autofree char *oracle_path = g_strconcat (stem, ".npz", NULL);
  g_autoptr (GError) error = NULL;

  self->model = shs_model_open (model_path, NULL, &error);
  shs_test_assert_no_error (error);
  self->oracle = shs_npz_open (oracle_path, &error);
  shs_test_assert_no_error (error);
  self->dataset = shs_model_get_parts (self->model)->hashed_categories != NULL
                      ? explain_fixture_read_rows (stem)
                      : explain_fixture_make_rows (self);
  self->match = shs_column_match_new (self->model, self->dataset, NULL, &error);
  shs_test_assert_no_error (error);
}
