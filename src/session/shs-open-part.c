#include "session/shs-open-part.h"

#include "io/shs-data-file.h"

static gboolean
fits (ShsModel *model, ShsDataset *dataset)
{
  g_autoptr (ShsColumnMatch) match = shs_column_match_new (model, dataset, NULL, NULL);

  return match != NULL;
}

/* (transfer full) (nullable): the data of the one part that fits; its place is @found. */
static ShsDataset *
find_fitting (const ShsOpened *opened, char **parts, gsize *found)
{
  g_autoptr (ShsDataset) fitting = NULL;

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      g_autoptr (ShsDataset) dataset
          = shs_data_file_read (opened->data_file, parts[i], 0, NULL, NULL);

      if (dataset == NULL || !fits (opened->model, dataset))
        continue;
      if (fitting != NULL)
        return NULL;
      fitting = g_steal_pointer (&dataset);
      *found = i;
    }
  return g_steal_pointer (&fitting);
}

void
shs_open_fit_part (ShsOpened *opened)
{
  g_auto (GStrv) parts = NULL;
  ShsDataset *fitting;
  gsize found = 0;

  if (opened->model == NULL || opened->dataset == NULL || opened->data_file == NULL
      || opened->names_part || !shs_model_get_parts (opened->model)->has_feature_names
      || fits (opened->model, opened->dataset))
    return;
  parts = shs_data_file_list_parts (opened->data_file, NULL, NULL);
  fitting
      = parts != NULL && g_strv_length (parts) > 1 ? find_fitting (opened, parts, &found) : NULL;
  if (fitting == NULL)
    return;
  shs_dataset_unref (opened->dataset);
  opened->dataset = fitting;
  g_free (opened->data_path);
  opened->data_path = g_strconcat (shs_file_get_path (opened->data_file), "#", parts[found], NULL);
  if (opened->parts == NULL)
    return;
  g_free (opened->part);
  opened->part = g_strdup (parts[found]);
}
