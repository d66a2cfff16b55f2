#include "model/xgboost/shs-xgboost.h"

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "model/xgboost/shs-xgboost-document.h"

static const char *
find_missing (const ShsXgboost *self)
{
  if (!self->has_learner)
    return "learner";
  if (self->booster == NULL)
    return "learner.gradient_booster.name";
  if (!self->has_model)
    return "learner.gradient_booster.model";
  if (g_str_equal (self->booster, "dart") && self->n_weight_drop == 0 && self->n_trees > 0)
    return "learner.gradient_booster.weight_drop";
  if (self->n_features == 0)
    return "learner.learner_model_param.num_feature";
  if (self->n_base_scores == 0)
    return "learner.learner_model_param.base_score";
  if (self->objective == NULL)
    return "learner.objective.name";
  return NULL;
}

static gboolean
check_complete (const ShsXgboost *self, GError **error)
{
  const char *missing = find_missing (self);

  if (missing != NULL)
    g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                 "%s is not a whole XGBoost model: \"%s\" is missing; save the model with "
                 "model.save_model(\"model.json\")%s",
                 self->name, missing,
                 self->has_learner ? "" : " (a dump or a configuration is not enough)");
  return missing == NULL;
}

static gboolean
read_parameters (ShsXgboost *self, GError **error)
{
  if (shs_document_reader_peek (self->reader) == SHS_DOCUMENT_ARRAY)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "%s holds a list, as booster.dump_model() writes it, which lacks what a "
                   "prediction needs; save the model with model.save_model(\"model.json\")",
                   self->name);
      return FALSE;
    }
  shs_xgboost_read_document (self);
  if (self->problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->problem));
      return FALSE;
    }
  if (!shs_document_reader_finish (self->reader, error) || !check_complete (self, error))
    return FALSE;
  self->n_outputs = (gsize)MAX (MAX (self->num_class, self->num_target), 1);
  return TRUE;
}

static gboolean
iterations_are_right (const ShsXgboost *self)
{
  if (self->iteration_first[0] != 0)
    return FALSE;
  for (gsize i = 1; i < self->n_iterations; i++)
    if (self->iteration_first[i] < self->iteration_first[i - 1]
        || (gsize)self->iteration_first[i] > self->n_trees)
      return FALSE;
  return TRUE;
}

static gboolean
iterations_are_even (const ShsXgboost *self)
{
  const gint32 *first = self->iteration_first;

  for (gsize i = 1; i < self->n_iterations; i++)
    if (first[i] - first[i - 1] != first[1])
      return FALSE;
  return TRUE;
}

/* Trees of a round: where the file does not say, every output has n_parallel of them; a tree with
 * vector leaves serves all outputs. */
static gboolean
apply_rounds (const ShsXgboost *self, ShsModelParts *parts, GError **error)
{
  gsize n_outputs = self->leaf_size > 1 ? 1 : self->n_outputs;

  if (self->n_iterations <= 1)
    {
      parts->trees_per_round = MAX (self->n_parallel, 1) * n_outputs;
      parts->n_rounds = self->n_trees / parts->trees_per_round;
      return TRUE;
    }
  if (!iterations_are_right (self))
    {
      shs_xgboost_set_invalid (self, error, "iteration_indptr does not count the trees upwards");
      return FALSE;
    }
  parts->n_rounds = self->n_iterations - 1;
  parts->trees_per_round = (gsize)self->iteration_first[1];
  if (!iterations_are_even (self))
    {
      parts->round_first = g_new (gsize, self->n_iterations);
      for (gsize i = 0; i < self->n_iterations; i++)
        parts->round_first[i] = (gsize)self->iteration_first[i];
    }
  return TRUE;
}

static gboolean
apply_booster (ShsXgboost *self, ShsModelParts *parts, GError **error)
{
  if (g_str_equal (self->booster, "gblinear"))
    {
      parts->linear = shs_xgboost_make_linear (self, error);
      parts->n_rounds = 1;
      return parts->linear != NULL;
    }
  if (!shs_xgboost_finish_trees (self, error))
    return FALSE;
  parts->ensemble = shs_tree_builder_finish (g_steal_pointer (&self->builder), error);
  return parts->ensemble != NULL && apply_rounds (self, parts, error);
}

/* The format lets the weights be fewer than the trees. */
static void
note_weights (const ShsXgboost *self, ShsModelParts *parts)
{
  if (self->n_weight_drop == 0 || self->n_weight_drop >= self->n_trees)
    return;
  parts->notes = g_new0 (char *, 2);
  parts->notes[0] = g_strdup_printf (
      ngettext ("%s has %" G_GSIZE_FORMAT " number in weight_drop for %" G_GSIZE_FORMAT
                " trees; trees without one weigh 1",
                "%s has %" G_GSIZE_FORMAT " numbers in weight_drop for %" G_GSIZE_FORMAT
                " trees; trees without one weigh 1",
                self->n_weight_drop),
      self->name, self->n_weight_drop, self->n_trees);
}

static gboolean
check_weights (const ShsXgboost *self, GError **error)
{
  if (self->n_weight_drop > self->n_trees)
    shs_xgboost_set_invalid (self, error,
                             "weight_drop has %" G_GSIZE_FORMAT " numbers for %" G_GSIZE_FORMAT
                             " trees; trees were lost",
                             self->n_weight_drop, self->n_trees);
  return self->n_weight_drop <= self->n_trees;
}

static gboolean
make_parts (ShsXgboost *self, ShsModelParts *parts, GError **error)
{
  parts->library = "XGBoost";
  parts->n_outputs = self->n_outputs;
  if (!shs_xgboost_apply_objective (self, parts, error) || !apply_booster (self, parts, error)
      || !shs_xgboost_apply_features (self, parts, error))
    return FALSE;
  shs_xgboost_apply_outputs (self, parts);
  if (parts->ensemble != NULL)
    note_weights (self, parts);
  if (self->version[0] > 0)
    parts->version
        = g_strdup_printf ("%d.%d.%d", self->version[0], self->version[1], self->version[2]);
  parts->best_round = self->best_iteration >= 0 && (gsize)self->best_iteration < parts->n_rounds
                          ? (gssize)self->best_iteration
                          : -1;
  return TRUE;
}

static gboolean
check_map (const ShsXgboost *self, GError **error)
{
  if (self->map == NULL || shs_feature_map_get_n_features (self->map) == self->n_features)
    return TRUE;
  shs_xgboost_set_invalid (
      self, error, "it takes %" G_GSIZE_FORMAT " features, but the columns become %" G_GSIZE_FORMAT,
      self->n_features, shs_feature_map_get_n_features (self->map));
  return FALSE;
}

static gboolean
has_trees (const ShsXgboost *self)
{
  return g_str_equal (self->booster, "gbtree") || g_str_equal (self->booster, "dart");
}

gboolean
shs_xgboost_parse_parts (const char *name, GBytes *bytes, const ShsFeatureMap *map,
                         ShsProgress *progress, ShsModelParts *parts, GError **error)
{
  g_autoptr (ShsDocumentReader) reader = shs_document_reader_new (name, bytes);
  g_auto (ShsXgboost) self = {
    .name = name,
    .reader = reader,
    .progress = progress,
    .file_size = g_bytes_get_size (bytes),
    .map = map,
    .best_iteration = -1,
  };

  shs_progress_start (progress, self.file_size);
  if (!read_parameters (&self, error) || !check_map (&self, error))
    return FALSE;
  if (!has_trees (&self) && !g_str_equal (self.booster, "gblinear"))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "%s has a booster of an unknown kind; gbtree, dart and gblinear can be opened",
                   name);
      return FALSE;
    }
  if (has_trees (&self) && !check_weights (&self, error))
    return FALSE;
  return make_parts (&self, parts, error);
}

ShsModel *
shs_xgboost_parse (const char *name, const char *model_name, GBytes *bytes, ShsProgress *progress,
                   GError **error)
{
  g_auto (ShsModelParts) parts = { 0 };

  return shs_xgboost_parse_parts (name, bytes, NULL, progress, &parts, error)
             ? shs_model_new (model_name, &parts)
             : NULL;
}
