/* Rows in a model file: what stands for the training data where the trees have no covers. */

#include "model/exported/shs-exported-document.h"

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "tree/shs-tree-covers.h"

#include <string.h>

static gboolean
keep_row (ShsExported *self, const double *row, gsize n, gsize *n_allocated)
{
  gsize wanted = self->n_background + n;
  gsize more = MAX (wanted, *n_allocated * 2);
  GError *error = NULL;
  double *rows;

  if (wanted > *n_allocated)
    {
      rows = shs_realloc (self->background, self->n_background, more, sizeof *rows, &error);
      shs_exported_take_error (self, error);
      if (rows == NULL)
        return FALSE;
      self->background = rows;
      *n_allocated = more;
    }
  memcpy (self->background + self->n_background, row, n * sizeof *row);
  self->n_background = wanted;
  return TRUE;
}

void
shs_exported_read_background (ShsExported *self, gpointer data)
{
  gsize n_columns = 0;
  gsize n_allocated = 0;

  if (self->background != NULL)
    shs_document_reader_fail (self->reader, SHS_ERROR_INVALID, "the background stands here twice");
  shs_document_reader_begin_array (self->reader);
  while (shs_document_reader_next_element (self->reader))
    {
      gsize n = 0;
      SHS_AUTOFREE double *row = shs_document_reader_read_doubles (self->reader, &n);

      if (n_columns == 0)
        n_columns = n;
      if (row != NULL && n == n_columns && n > 0)
        keep_row (self, row, n, &n_allocated);
      else
        shs_document_reader_fail (self->reader, SHS_ERROR_INVALID,
                                  "a row of the background has not one number per column");
    }
}

static ShsMatrix *
make_rows (const ShsExported *self, GError **error)
{
  gsize n_columns = self->parts.n_features;
  ShsMatrix *rows = shs_matrix_new (self->n_background / n_columns, n_columns, error);

  for (gsize j = 0; rows != NULL && j < n_columns; j++)
    for (gsize i = 0; i < rows->n_rows; i++)
      shs_matrix_set (rows, i, j, self->background[i * n_columns + j]);
  return rows;
}

static const ShsMatrix *
map_rows (const ShsExported *self, const ShsMatrix *rows, ShsMatrix **owned, GError **error)
{
  const ShsFeatureMap *map = self->parts.map;

  if (map == NULL)
    return rows;
  *owned = shs_matrix_new (rows->n_rows, shs_feature_map_get_n_features (map), error);
  return *owned != NULL && shs_feature_map_apply (map, rows, 0, *owned, error) ? *owned : NULL;
}

gboolean
shs_exported_count_covers (ShsExported *self, GError **error)
{
  ShsModelParts *parts = &self->parts;
  ShsTreeOptions options = { .n_threads = 0 };
  g_autoptr (ShsMatrix) rows = NULL;
  g_autoptr (ShsMatrix) owned = NULL;
  const ShsMatrix *features;
  ShsTreeEnsemble *counted;

  if (self->n_background == 0 || parts->ensemble == NULL || parts->ensemble->has_cover)
    return TRUE;
  if (self->n_background % parts->n_features != 0)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
                   "%s: a row of \"background\" has not one number per feature; see "
                   "data/export/README.md",
                   self->name);
      return FALSE;
    }
  rows = make_rows (self, error);
  features = rows != NULL ? map_rows (self, rows, &owned, error) : NULL;
  if (features == NULL)
    return FALSE;
  counted = shs_tree_ensemble_count_covers (parts->ensemble, features, &options, NULL, error);
  if (counted == NULL)
    return FALSE;
  shs_tree_ensemble_unref (parts->ensemble);
  parts->ensemble = counted;
  g_autofree char *note = g_strdup_printf (
      ngettext ("the model has no training weights; they were counted from the %" G_GSIZE_FORMAT
                " row that its file holds",
                "the model has no training weights; they were counted from the %" G_GSIZE_FORMAT
                " rows that its file holds",
                rows->n_rows),
      rows->n_rows);
  shs_model_parts_add_note (parts, note);
  return TRUE;
}
