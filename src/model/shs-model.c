#include "model/shs-model.h"

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "tree/shs-tree-explain.h"

#include <math.h>
#include <string.h>

#define MAPPED_NUMBERS ((gsize)4 << 20) /* 32 MB */
#define SMALLEST_BLOCK 256

struct _ShsModel
{
  gint references;
  char *name;
  ShsModelParts parts;
};

void
shs_model_parts_clear (ShsModelParts *parts)
{
  for (gsize j = 0; parts->features != NULL && j < parts->n_features; j++)
    shs_column_clear (&parts->features[j]);
  shs_free (parts->features);
  g_free (parts->version);
  g_free (parts->objective);
  g_strfreev (parts->output_names);
  g_strfreev (parts->class_names);
  g_strfreev (parts->notes);
  shs_feature_map_unref (parts->map);
  shs_hashed_categories_unref (parts->hashed_categories);
  shs_tree_ensemble_unref (parts->ensemble);
  shs_linear_free (parts->linear);
  g_free (parts->round_first);
  memset (parts, 0, sizeof *parts);
}

void
shs_model_parts_add_note (ShsModelParts *parts, const char *note)
{
  guint n = parts->notes != NULL ? g_strv_length (parts->notes) : 0;

  parts->notes = g_renew (char *, parts->notes, n + 2);
  parts->notes[n] = g_strdup (note);
  parts->notes[n + 1] = NULL;
}

ShsLinear *
shs_linear_new (gsize n_features, gsize n_outputs, GError **error)
{
  g_autoptr (ShsLinear) self = g_new0 (ShsLinear, 1);
  gsize n_weights;

  self->n_features = n_features;
  self->n_outputs = n_outputs;
  if (!shs_size_multiply (n_features, n_outputs, &n_weights))
    n_weights = G_MAXSIZE;
  self->weight = shs_alloc0 (n_weights, sizeof *self->weight, error);
  if (self->weight == NULL)
    return NULL;
  self->bias = shs_alloc0 (n_outputs, sizeof *self->bias, error);
  return self->bias != NULL ? g_steal_pointer (&self) : NULL;
}

void
shs_linear_free (ShsLinear *self)
{
  if (self == NULL)
    return;
  shs_free (self->weight);
  shs_free (self->bias);
  g_free (self);
}

static ShsLinear *
linear_copy (const ShsLinear *self, GError **error)
{
  ShsLinear *copy = shs_linear_new (self->n_features, self->n_outputs, error);

  if (copy == NULL)
    return NULL;
  memcpy (copy->weight, self->weight, self->n_features * self->n_outputs * sizeof *self->weight);
  memcpy (copy->bias, self->bias, self->n_outputs * sizeof *self->bias);
  return copy;
}

/* A class that is only numbered needs a word before its number. */
static char *
name_class (const char *name)
{
  return g_ascii_isdigit (name[0]) ? g_strdup_printf (_ ("class %s"), name) : g_strdup (name);
}

static char **
make_output_names (const ShsModelParts *parts)
{
  char **names = g_new0 (char *, parts->n_outputs + 1);
  gsize n_classes = parts->class_names != NULL ? g_strv_length (parts->class_names) : 0;

  for (gsize k = 0; k < parts->n_outputs; k++)
    if (parts->n_outputs == 1 && parts->task == SHS_TASK_BINARY && n_classes == 2)
      names[k] = name_class (parts->class_names[1]);
    else if (parts->n_outputs > 1 && n_classes == parts->n_outputs)
      names[k] = name_class (parts->class_names[k]);
    else if (parts->n_outputs == 1)
      names[k] = g_strdup (_ ("prediction"));
    else if (parts->task == SHS_TASK_MULTICLASS)
      names[k] = g_strdup_printf (_ ("class %" G_GSIZE_FORMAT), k);
    else
      names[k] = g_strdup_printf (_ ("output %" G_GSIZE_FORMAT), k);
  return names;
}

ShsModel *
shs_model_new (const char *name, ShsModelParts *parts)
{
  ShsModel *self;

  g_return_val_if_fail ((parts->ensemble != NULL) != (parts->linear != NULL), NULL);
  g_return_val_if_fail (parts->features != NULL && parts->n_outputs > 0, NULL);
  g_return_val_if_fail (
      parts->map == NULL || shs_feature_map_get_n_columns (parts->map) == parts->n_features, NULL);

  self = g_new0 (ShsModel, 1);
  self->references = 1;
  self->name = g_strdup (name);
  self->parts = *parts;
  memset (parts, 0, sizeof *parts);
  if (self->parts.link_scale == 0)
    self->parts.link_scale = 1;
  if (self->parts.output_names == NULL)
    self->parts.output_names = make_output_names (&self->parts);
  return self;
}

ShsModel *
shs_model_ref (ShsModel *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
shs_model_unref (ShsModel *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->references))
    return;
  shs_model_parts_clear (&self->parts);
  g_free (self->name);
  g_free (self);
}

const char *
shs_model_get_name (const ShsModel *self)
{
  return self->name;
}

const ShsModelParts *
shs_model_get_parts (const ShsModel *self)
{
  return &self->parts;
}

ShsCapabilities
shs_model_get_capabilities (const ShsModel *self)
{
  ShsCapabilities capabilities = 0;

  if (self->parts.linear != NULL)
    capabilities |= SHS_CAPABILITY_LINEAR;
  if (self->parts.ensemble != NULL)
    capabilities |= SHS_CAPABILITY_ENSEMBLE;
  if (self->parts.ensemble != NULL && self->parts.ensemble->has_cover)
    capabilities |= SHS_CAPABILITY_COVERS;
  if (self->parts.ensemble != NULL && self->parts.ensemble->linear == NULL)
    capabilities |= SHS_CAPABILITY_CONSTANT_LEAVES;
  return capabilities;
}

const ShsColumn *
shs_model_get_feature (const ShsModel *self, gsize feature)
{
  g_return_val_if_fail (feature < self->parts.n_features, NULL);
  return &self->parts.features[feature];
}

const char *
shs_model_get_output_name (const ShsModel *self, gsize output)
{
  g_return_val_if_fail (output < self->parts.n_outputs, NULL);
  return self->parts.output_names[output];
}

char *
shs_model_describe_rounds (const ShsModel *self)
{
  gsize best = (gsize)(self->parts.best_round + 1);

  if (self->parts.best_round < 0 || best >= self->parts.n_rounds)
    return NULL;
  return g_strdup_printf (
      _ ("best iteration %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
         " rounds; all are used; --trees best takes the first %" G_GSIZE_FORMAT),
      best, self->parts.n_rounds, best);
}

static guint32
deepest (const ShsTreeEnsemble *ensemble)
{
  guint32 depth = 0;

  for (gsize t = 0; t < ensemble->n_trees; t++)
    depth = MAX (depth, ensemble->tree_depth[t]);
  return depth;
}

static char *
describe_shape (const ShsModelParts *parts)
{
  if (parts->linear != NULL)
    return g_strdup (_ ("a linear model"));
  if (parts->ensemble->linear != NULL)
    return g_strdup_printf (ngettext ("%" G_GSIZE_FORMAT " tree of depth %u with linear leaves",
                                      "%" G_GSIZE_FORMAT " trees of depth %u with linear leaves",
                                      parts->ensemble->n_trees),
                            parts->ensemble->n_trees, deepest (parts->ensemble));
  return g_strdup_printf (ngettext ("%" G_GSIZE_FORMAT " tree of depth %u",
                                    "%" G_GSIZE_FORMAT " trees of depth %u",
                                    parts->ensemble->n_trees),
                          parts->ensemble->n_trees, deepest (parts->ensemble));
}

static char *
describe_task (const ShsModelParts *parts)
{
  switch (parts->task)
    {
    case SHS_TASK_REGRESSION:
      return g_strdup (_ ("regression"));
    case SHS_TASK_BINARY:
      return g_strdup (_ ("binary"));
    case SHS_TASK_MULTICLASS:
      return g_strdup_printf (_ ("%" G_GSIZE_FORMAT " classes"), parts->n_outputs);
    case SHS_TASK_RANKING:
      return g_strdup (_ ("ranking"));
    case SHS_TASK_SURVIVAL:
      return g_strdup (_ ("survival"));
    case SHS_TASK_OTHER:
      break;
    }
  return g_strdup (parts->objective != NULL ? parts->objective : _ ("other"));
}

char *
shs_model_describe (const ShsModel *self)
{
  const ShsModelParts *parts = &self->parts;
  g_autofree char *shape = describe_shape (parts);
  g_autofree char *task = describe_task (parts);
  GString *line = g_string_new (parts->library);

  if (parts->version != NULL)
    g_string_append_printf (line, " %s", parts->version);
  g_string_append_printf (line, ", %s, %s", shape, task);
  if (parts->margin_unit != NULL && *parts->margin_unit != '\0')
    g_string_append_printf (line, ", %s", parts->margin_unit);
  return g_string_free (line, FALSE);
}

static ShsColumn *
features_copy (const ShsModelParts *parts, GError **error)
{
  ShsColumn *copies = shs_alloc (parts->n_features, sizeof *copies, error);

  for (gsize j = 0; copies != NULL && j < parts->n_features; j++)
    shs_column_copy (&parts->features[j], &copies[j]);
  return copies;
}

static gboolean
parts_copy (const ShsModelParts *from, ShsModelParts *to, GError **error)
{
  *to = *from;
  to->ensemble = NULL;
  to->linear = NULL;
  to->map = from->map != NULL ? shs_feature_map_ref (from->map) : NULL;
  to->hashed_categories = from->hashed_categories != NULL
                              ? shs_hashed_categories_ref (from->hashed_categories)
                              : NULL;
  to->version = g_strdup (from->version);
  to->objective = g_strdup (from->objective);
  to->output_names = g_strdupv (from->output_names);
  to->class_names = g_strdupv (from->class_names);
  to->notes = g_strdupv (from->notes);
  to->round_first = from->round_first != NULL
                        ? g_memdup2 (from->round_first, (from->n_rounds + 1) * sizeof (gsize))
                        : NULL;
  to->features = features_copy (from, error);
  if (to->features == NULL)
    return FALSE;
  if (from->linear != NULL)
    to->linear = linear_copy (from->linear, error);
  return from->linear == NULL || to->linear != NULL;
}

ShsModel *
shs_model_limit (ShsModel *self, gsize n_rounds, GError **error)
{
  const ShsModelParts *parts = &self->parts;
  g_auto (ShsModelParts) limited = { 0 };
  gsize n_trees;

  if (n_rounds < 1 || n_rounds > parts->n_rounds)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "%s has %" G_GSIZE_FORMAT " rounds and cannot be cut to %" G_GSIZE_FORMAT
                   "; choose from 1 to %" G_GSIZE_FORMAT,
                   self->name, parts->n_rounds, n_rounds, parts->n_rounds);
      return NULL;
    }
  if (n_rounds == parts->n_rounds || parts->ensemble == NULL)
    return shs_model_ref (self);
  if (!parts_copy (parts, &limited, error))
    return NULL;
  n_trees = parts->round_first != NULL ? parts->round_first[n_rounds]
                                       : n_rounds * parts->trees_per_round;
  limited.ensemble = shs_tree_ensemble_limit (parts->ensemble, n_trees, error);
  if (limited.ensemble == NULL)
    return NULL;
  limited.n_rounds = n_rounds;
  if (limited.best_round >= (gssize)n_rounds)
    limited.best_round = -1;
  return shs_model_new (self->name, &limited);
}

static void
predict_linear (const ShsLinear *linear, const ShsMatrix *rows, ShsMatrix *margins)
{
  for (gsize k = 0; k < linear->n_outputs; k++)
    {
      double *margin = shs_matrix_column (margins, k);

      for (gsize i = 0; i < rows->n_rows; i++)
        margin[i] = linear->bias[k];
      for (gsize j = 0; j < linear->n_features; j++)
        {
          const double *x = shs_matrix_column (rows, j);
          double weight = linear->weight[k * linear->n_features + j];

          for (gsize i = 0; i < rows->n_rows; i++)
            margin[i] += isnan (x[i]) ? 0 : weight * x[i];
        }
    }
}

const ShsMatrix *
shs_model_map_rows (const ShsModel *self, const ShsMatrix *rows, guint n_threads, ShsMatrix **owned,
                    GError **error)
{
  const ShsFeatureMap *map = self->parts.map;
  g_autoptr (ShsMatrix) features = NULL;

  *owned = NULL;
  if (map == NULL)
    return rows;
  features = shs_matrix_new (rows->n_rows, shs_feature_map_get_n_features (map), error);
  if (features == NULL || !shs_feature_map_apply (map, rows, n_threads, features, error))
    return NULL;
  *owned = g_steal_pointer (&features);
  return *owned;
}

gsize
shs_model_get_n_players (const ShsModel *self)
{
  return self->parts.map != NULL ? shs_feature_map_get_n_players (self->parts.map)
                                 : self->parts.n_features;
}

gsize
shs_model_get_player (const ShsModel *self, gsize feature)
{
  return self->parts.map != NULL ? shs_feature_map_get_player (self->parts.map, feature) : feature;
}

void
shs_model_fold_players (const ShsModel *self, const ShsMatrix *of_players, ShsMatrix *values)
{
  if (self->parts.map != NULL)
    shs_feature_map_fold (self->parts.map, self->parts.n_outputs, of_players, values);
  else if (of_players->values != values->values)
    for (gsize cell = 0; cell < values->n_columns; cell++)
      memcpy (shs_matrix_column (values, cell), shs_matrix_column (of_players, cell),
              values->n_rows * sizeof (double));
}

/* The features of wide maps (thousands of categories, each a column) are made block by block. */
static gsize
choose_block_rows (const ShsModel *self, gsize n_rows)
{
  gsize width;

  if (self->parts.map == NULL)
    return MAX (1, n_rows);
  width = MAX (1, shs_feature_map_get_n_features (self->parts.map));
  return MAX (MAPPED_NUMBERS / width, SMALLEST_BLOCK);
}

gboolean
shs_model_predict_margin (const ShsModel *self, const ShsMatrix *rows, guint n_threads,
                          ShsProgress *progress, ShsMatrix *margins, GError **error)
{
  ShsTreeOptions options = { .n_threads = n_threads, .progress = progress };
  gsize n_block = choose_block_rows (self, rows->n_rows);

  g_return_val_if_fail (rows->n_columns == self->parts.n_features, FALSE);
  g_return_val_if_fail (margins->n_columns == self->parts.n_outputs, FALSE);
  g_return_val_if_fail (margins->n_rows == rows->n_rows, FALSE);

  for (gsize first = 0; first < rows->n_rows; first += n_block)
    {
      gsize n = MIN (n_block, rows->n_rows - first);
      ShsMatrix some = shs_matrix_rows (rows, first, n);
      ShsMatrix of_some = shs_matrix_rows (margins, first, n);
      g_autoptr (ShsMatrix) owned = NULL;
      const ShsMatrix *features;

      if (!shs_progress_check (progress, error))
        return FALSE;
      features = shs_model_map_rows (self, &some, n_threads, &owned, error);
      if (features == NULL)
        return FALSE;
      if (self->parts.linear != NULL)
        predict_linear (self->parts.linear, features, &of_some);
      else if (!shs_tree_predict (self->parts.ensemble, features, &options, &of_some, error))
        return FALSE;
    }
  return TRUE;
}
