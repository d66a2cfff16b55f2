#include "library-case.h"

#include "core/shs-error.h"
#include "io/csv/shs-csv.h"
#include "io/npy/shs-npy.h"
#include "model-oracle.h"
#include "model/match/shs-column-match.h"
#include "shs-test.h"

#include <string.h>

/* Files of the old binary layout open behind the wall, which the loader's own tests cover. */
static const char *const endings[]
    = { ".json", ".ubj", ".txt", ".cbm", ".skops", ".onnx", ".tl", ".pmml", ".spark", ".zip" };

static char *
get_stem (const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (path, endings[i]))
      return g_strndup (path, strlen (path) - strlen (endings[i]));
  return NULL;
}

static gboolean
has_oracle (const char *path)
{
  g_autofree char *stem = get_stem (path);
  g_autofree char *oracle = g_strconcat (stem != NULL ? stem : path, ".npz", NULL);

  return stem != NULL && g_file_test (oracle, G_FILE_TEST_EXISTS);
}

static void
find_models (const char *folder, GPtrArray *paths)
{
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  const char *name;

  ck_assert_msg (entries != NULL, "%s is not there", folder);
  while ((name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (has_oracle (path))
        g_ptr_array_add (paths, g_steal_pointer (&path));
      else if (g_file_test (path, G_FILE_TEST_IS_DIR) && get_stem (path) == NULL)
        find_models (path, paths);
    }
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
library_case_list (const char *library)
{
  g_autofree char *root = shs_test_fixture (library);
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  find_models (root, paths);
  g_ptr_array_sort (paths, compare_paths);
  return paths;
}

/* NULL where the table is not there, or is not this model's. */
static ShsMatrix *
read_table (const LibraryCase *self, const char *table)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsDataset) dataset = shs_csv_open (table, NULL, 1, NULL, NULL);
  g_autoptr (ShsColumnMatch) match
      = dataset != NULL ? shs_column_match_new (self->model, dataset, NULL, NULL) : NULL;
  ShsMatrix *rows;

  if (match == NULL)
    return NULL;
  rows = shs_matrix_new (shs_dataset_get_n_rows (dataset),
                         shs_model_get_parts (self->model)->n_features, NULL);
  shs_column_match_read (match, 0, rows, &error);
  shs_test_assert_no_error (error);
  return rows;
}

/* Of the table beside the model, or of one that a folder's models share: where the oracle has no
 * rows, and for models that know categories by their texts. */
static ShsMatrix *
read_some_table (const LibraryCase *self, const char *path)
{
  g_autofree char *stem = get_stem (path);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *own = g_strconcat (stem, ".csv", NULL);
  g_autofree char *shared = g_build_filename (folder, "rows.csv", NULL);
  g_autofree char *second = g_build_filename (folder, "rules.csv", NULL);
  const char *const tables[] = { own, shared, second };
  ShsMatrix *rows = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (tables) && rows == NULL; i++)
    rows = read_table (self, tables[i]);
  ck_assert_msg (rows != NULL, "%s: there are no rows", self->name);
  return rows;
}

gboolean
library_case_open (LibraryCase *self, const char *path)
{
  g_autofree char *root = shs_test_fixture ("");
  g_autofree char *stem = get_stem (path);
  g_autofree char *oracle_path = g_strconcat (stem, ".npz", NULL);
  gboolean has_texts;
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsNpz) oracle = shs_npz_open (oracle_path, &error);
  shs_test_assert_no_error (error);

  self->name = g_strdup (path + strlen (root) + 1);
  self->model = shs_model_open (path, NULL, &error);
  if (g_error_matches (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED))
    return FALSE;
  ck_assert_msg (self->model != NULL, "%s: %s", self->name, error != NULL ? error->message : "");
  has_texts = shs_model_get_parts (self->model)->hashed_categories != NULL;
  self->rows = shs_npz_has (oracle, "x") && !has_texts ? model_oracle_read (oracle, "x")
                                                       : read_some_table (self, path);
  ck_assert_msg (self->rows->n_columns == shs_model_get_parts (self->model)->n_features,
                 "%s: features", self->name);
  self->mapped = shs_model_map_rows (self->model, self->rows, 1, &self->owned, &error);
  shs_test_assert_no_error (error);
  self->said_margins = !shs_npz_has (oracle, "prediction");
  self->said = model_oracle_read (oracle, self->said_margins ? "margin" : "prediction");
  return TRUE;
}

void
library_case_clear (LibraryCase *self)
{
  g_clear_pointer (&self->said, shs_matrix_free);
  g_clear_pointer (&self->owned, shs_matrix_free);
  g_clear_pointer (&self->rows, shs_matrix_free);
  g_clear_pointer (&self->model, shs_model_unref);
  g_clear_pointer (&self->name, g_free);
}
