#include "model/treelite/shs-treelite.h"

#include "core/shs-memory.h"
#include "model/treelite/shs-treelite-document.h"

#include <string.h>

static void
treelite_clear (ShsTreelite *self)
{
  g_clear_error (&self->error);
  g_free (self->postprocessor);
  shs_free (self->first_output);
  shs_free (self->n_parts);
  shs_tree_builder_free (self->builder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsTreelite, treelite_clear)

/* Three numbers of 4 bytes that are a version, then two equal types of numbers. */
gboolean
shs_treelite_sniff (const guint8 *head, gsize length)
{
  static const guint8 zeros[3] = { 0 };

  return length >= 14 && (head[0] == 3 || head[0] == 4) && head[4] < 100 && head[8] < 100
         && memcmp (head + 1, zeros, 3) == 0 && memcmp (head + 5, zeros, 3) == 0
         && memcmp (head + 9, zeros, 3) == 0 && (head[12] == 2 || head[12] == 3)
         && head[13] == head[12];
}

/* Trees without vectors belong to one output each; so many numbers a leaf of all outputs. */
static gboolean
choose_leaves (ShsTreelite *self, GError **error)
{
  self->n_parts = shs_alloc0 (self->n_outputs, sizeof (gsize), error);
  if (self->n_parts == NULL)
    return FALSE;
  for (gsize tree = 0; tree < self->n_trees; tree++)
    {
      gint32 target = shs_treelite_get_int (&self->target_of, tree);
      gint32 class = shs_treelite_get_int (&self->class_of, tree);

      if (target >= (gint32)self->n_targets
          || (class >= 0
              && class >= shs_treelite_get_int (&self->n_classes, (gsize)MAX (target, 0))))
        {
          shs_treelite_fail (self, SHS_ERROR_INVALID,
                             "tree %" G_GSIZE_FORMAT " adds to target %d, class %d, which do not "
                             "exist; save the model again with model.serialize()",
                             tree, target, class);
          return shs_treelite_check (self, error);
        }
      if ((target < 0 && self->n_targets > 1) || (class < 0 && self->most_classes > 1))
        self->has_vectors = TRUE;
      for (gsize t = 0; t < self->n_targets; t++)
        for (gsize k = self->first_output[t]; k < self->first_output[t + 1]; k++)
          if ((target < 0 || (gsize)target == t)
              && (class < 0 || (gsize) class == k - self->first_output[t]))
            self->n_parts[k]++;
    }
  return TRUE;
}

static gboolean
start_builder (ShsTreelite *self, GError **error)
{
  SHS_AUTOFREE double *base = shs_alloc (self->n_outputs, sizeof *base, error);

  if (base == NULL || !choose_leaves (self, error))
    return FALSE;
  self->builder = shs_tree_builder_new (
      self->n_features, self->n_outputs, self->has_vectors ? self->n_outputs : 1,
      self->number_size == 4 ? SHS_TREE_CAST_FLOAT : SHS_TREE_CAST_DOUBLE);
  shs_tree_builder_set_file_size (self->builder, (gsize)(self->end - self->begin));
  for (gsize t = 0; t < self->n_targets; t++)
    for (gsize k = self->first_output[t]; k < self->first_output[t + 1]; k++)
      base[k] = shs_treelite_get_number (&self->base_scores,
                                         t * self->most_classes + k - self->first_output[t]);
  shs_tree_builder_set_base (self->builder, base);
  return TRUE;
}

static gboolean
read_trees (ShsTreelite *self, GError **error)
{
  for (gsize tree = 0; tree < self->n_trees; tree++)
    {
      const guint8 *before = self->at;

      if (!shs_treelite_read_tree (self, tree, error))
        return FALSE;
      shs_progress_add (self->progress, (gsize)(self->at - before));
    }
  if (self->at != self->end)
    shs_treelite_fail (self, SHS_ERROR_SYNTAX,
                       "more follows behind the last tree; save the model again with "
                       "model.serialize()");
  return shs_treelite_check (self, error);
}

static gboolean
make_parts (ShsTreelite *self, ShsModelParts *parts, GError **error)
{
  parts->n_features = self->n_features;
  parts->n_outputs = self->n_outputs;
  parts->features = shs_alloc0 (self->n_features, sizeof *parts->features, error);
  if (parts->features == NULL)
    return FALSE;
  for (gsize j = 0; j < self->n_features; j++)
    parts->features[j].name = g_strdup_printf ("f%" G_GSIZE_FORMAT, j);
  parts->ensemble = shs_tree_builder_finish (g_steal_pointer (&self->builder), error);
  if (parts->ensemble == NULL)
    {
      g_prefix_error (error, "%s: ", self->name);
      return FALSE;
    }
  parts->version
      = g_strdup_printf ("%d.%d.%d", self->version[0], self->version[1], self->version[2]);
  parts->objective = g_strdup (self->postprocessor);
  /* Which trees make a round is not in the file. */
  parts->n_rounds = 1;
  parts->trees_per_round = self->n_trees;
  shs_treelite_apply_postprocessor (self, parts);
  return TRUE;
}

ShsModel *
shs_treelite_parse (const char *name, const char *model_name, GBytes *bytes, ShsProgress *progress,
                    GError **error)
{
  g_auto (ShsTreelite) self = { .name = name, .progress = progress };
  g_auto (ShsModelParts) parts = { .library = "treelite", .best_round = -1 };
  gsize length;

  self.begin = self.at = g_bytes_get_data (bytes, &length);
  self.end = self.begin + length;
  shs_progress_start (progress, length);
  if (!shs_treelite_read_header (&self, error) || !start_builder (&self, error)
      || !read_trees (&self, error) || !make_parts (&self, &parts, error))
    return NULL;
  return shs_model_new (model_name, &parts);
}
