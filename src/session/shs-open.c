#include "session/shs-open.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/shs-data-file.h"
#include "result/shs-explanation-file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define HEAD_SIZE (64 * 1024)
#define TARGET_SAMPLE 10000

void
shs_opened_clear (ShsOpened *self)
{
  g_clear_pointer (&self->model, shs_model_unref);
  g_clear_pointer (&self->dataset, shs_dataset_unref);
  g_clear_pointer (&self->explanation, shs_explanation_unref);
  g_clear_pointer (&self->model_path, g_free);
  g_clear_pointer (&self->data_path, g_free);
  g_clear_pointer (&self->explanation_path, g_free);
}

static gboolean
read_head (const char *path, guint8 *head, gsize *length, GError **error)
{
  FILE *file = NULL;

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_FILE,
                   "%s is a folder; name the model or data file in it", path);
      return FALSE;
    }
  file = g_fopen (path, "rb");
  if (file == NULL)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_FILE, "%s cannot be opened: %s", path,
                   g_strerror (errno));
      return FALSE;
    }
  *length = fread (head, 1, HEAD_SIZE, file);
  fclose (file);
  if (*length > 0)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX, "%s is empty; choose another file", path);
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

static gboolean
open_file (const char *path, guint n_threads, ShsProgress *progress, ShsOpened *opened,
           GError **error)
{
  g_autofree guint8 *head = g_malloc (HEAD_SIZE);
  gsize length;

  if (!read_head (path, head, &length, error))
    return FALSE;
  if (shs_explanation_sniff (path, head, length))
    {
      if (is_taken (opened->explanation != NULL, "explanation", path, error))
        return FALSE;
      opened->explanation = shs_explanation_load (path, progress, error);
      opened->explanation_path = g_strdup (path);
      return opened->explanation != NULL;
    }
  if (shs_model_sniff (path, head, length))
    {
      if (is_taken (opened->model != NULL, "model", path, error))
        return FALSE;
      opened->model = shs_model_open (path, progress, error);
      opened->model_path = g_strdup (path);
      return opened->model != NULL;
    }
  if (is_taken (opened->dataset != NULL, "data file", path, error))
    return FALSE;
  opened->dataset = shs_data_file_open (path, n_threads, progress, error);
  opened->data_path = g_strdup (path);
  return opened->dataset != NULL;
}

gboolean
shs_open_files (const char *const *paths, guint n_threads, ShsProgress *progress, ShsOpened *opened,
                GError **error)
{
  for (gsize i = 0; paths[i] != NULL; i++)
    if (!shs_progress_check (progress, error)
        || !open_file (paths[i], n_threads, progress, opened, error))
      return FALSE;
  return TRUE;
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

static gboolean
feeds_a_feature (const ShsColumnMatch *match, gsize n_features, gsize column)
{
  for (gsize j = 0; j < n_features; j++)
    if (shs_column_match_get_column (match, j) == column)
      return TRUE;
  return FALSE;
}

char *
shs_open_guess_target (ShsModel *model, ShsDataset *dataset)
{
  g_autoptr (ShsColumnMatch) match = shs_column_match_new (model, dataset, NULL, NULL);
  const ShsInput *table = shs_dataset_get_table (dataset);
  const char *found = NULL;

  if (match == NULL || table == NULL)
    return NULL;
  for (gsize j = 0; j < table->n_columns; j++)
    {
      const char *name = table->columns[j].name;

      if (feeds_a_feature (match, shs_model_get_parts (model)->n_features, j)
          || !could_be_target (model, dataset, name))
        continue;
      if (found != NULL)
        return NULL;
      found = name;
    }
  return g_strdup (found);
}
