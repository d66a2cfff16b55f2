#include "model/shs-xgboost.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "model/shs-xgboost-document.h"

#include <string.h>

void
shs_xgboost_set_invalid (const ShsXgboost *self, GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
               "%s: %s; the file is damaged or was edited: save the model again with save_model()",
               self->name, what);
}

void
shs_xgboost_read_object (ShsXgboost *self, const ShsXgboostField *fields, gsize n_fields)
{
  ShsDocumentReader *reader = self->reader;
  const char *key;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    {
      gsize i = 0;

      while (i < n_fields && !g_str_equal (key, fields[i].key))
        i++;
      if (i < n_fields)
        fields[i].read (self);
      else
        shs_document_reader_skip (reader);
    }
}

/* Passes over the trees one by one, so that a person can stop it. */
static void
skip_trees (ShsXgboost *self)
{
  shs_document_reader_begin_array (self->reader);
  while (!shs_progress_is_cancelled (self->progress)
         && shs_document_reader_next_element (self->reader))
    shs_document_reader_skip (self->reader);
  if (shs_progress_is_cancelled (self->progress))
    shs_document_reader_fail (self->reader, SHS_ERROR_CANCELLED, "reading was cancelled");
}

static void
read_tree_info (ShsXgboost *self)
{
  shs_free (self->tree_info);
  self->tree_info = shs_document_reader_read_integers (self->reader, &self->n_trees);
}

static void
read_iterations (ShsXgboost *self)
{
  shs_free (self->iteration_first);
  self->iteration_first = shs_document_reader_read_integers (self->reader, &self->n_iterations);
}

static void
read_weight_drop (ShsXgboost *self)
{
  shs_free (self->weight_drop);
  self->weight_drop = shs_document_reader_read_floats (self->reader, &self->n_weight_drop);
}

static void
read_weights (ShsXgboost *self)
{
  shs_free (self->weights);
  self->weights = shs_document_reader_read_floats (self->reader, &self->n_weights);
}

static void
read_model (ShsXgboost *self)
{
  static const ShsXgboostField fields[] = {
    { "cats", shs_xgboost_read_categories },
    { "gbtree_model_param", shs_xgboost_read_booster_param },
    { "iteration_indptr", read_iterations },
    { "tree_info", read_tree_info },
    { "trees", skip_trees },
    { "weight_drop", read_weight_drop },
    { "weights", read_weights },
  };

  self->has_model = TRUE;
  shs_xgboost_read_object (self, fields, G_N_ELEMENTS (fields));
}

/* The booster inside DART's repeats the word gbtree; the outer name decides, whichever comes
 * first. */
static void
read_booster_name (ShsXgboost *self)
{
  g_free (self->booster);
  self->booster = g_strdup (shs_document_reader_read_string (self->reader));
}

static void
read_inner_booster (ShsXgboost *self)
{
  static const ShsXgboostField fields[] = { { "model", read_model } };

  shs_xgboost_read_object (self, fields, G_N_ELEMENTS (fields));
}

static void
read_booster (ShsXgboost *self)
{
  static const ShsXgboostField fields[] = {
    { "gbtree", read_inner_booster },
    { "model", read_model },
    { "name", read_booster_name },
    { "weight_drop", read_weight_drop },
  };

  shs_xgboost_read_object (self, fields, G_N_ELEMENTS (fields));
}

static void
read_feature_names (ShsXgboost *self)
{
  g_strfreev (self->feature_names);
  self->feature_names = shs_document_reader_read_strings (self->reader, &self->n_feature_names);
}

static void
read_feature_types (ShsXgboost *self)
{
  g_strfreev (self->feature_types);
  self->feature_types = shs_document_reader_read_strings (self->reader, &self->n_feature_types);
}

static void
read_learner (ShsXgboost *self)
{
  static const ShsXgboostField fields[] = {
    { "attributes", shs_xgboost_read_attributes },
    { "feature_names", read_feature_names },
    { "feature_types", read_feature_types },
    { "gradient_booster", read_booster },
    { "learner_model_param", shs_xgboost_read_learner_param },
    { "objective", shs_xgboost_read_objective },
  };

  self->has_learner = TRUE;
  shs_xgboost_read_object (self, fields, G_N_ELEMENTS (fields));
}

static void
read_version (ShsXgboost *self)
{
  gsize n;
  SHS_AUTOFREE gint32 *version = shs_document_reader_read_integers (self->reader, &n);

  for (gsize i = 0; version != NULL && i < MIN (n, 3); i++)
    self->version[i] = CLAMP (version[i], 0, 9999);
}

/* A memory snapshot, which is what a pickle holds, has the document as its `Model`. */
static void
read_snapshot (ShsXgboost *self)
{
  static const ShsXgboostField fields[] = {
    { "learner", read_learner },
    { "version", read_version },
  };

  shs_xgboost_read_object (self, fields, G_N_ELEMENTS (fields));
}

static void
read_document (ShsXgboost *self)
{
  static const ShsXgboostField fields[] = {
    { "Model", read_snapshot },
    { "learner", read_learner },
    { "version", read_version },
  };

  shs_xgboost_read_object (self, fields, G_N_ELEMENTS (fields));
}

/* The way to the trees in the second pass: objects on it are entered, all else is skipped. */
static gboolean
find_trees (ShsDocumentReader *reader)
{
  static const char *const way[]
      = { "Model", "learner", "gradient_booster", "gbtree", "model", NULL };
  gsize depth = shs_document_reader_begin_object (reader) ? 1 : 0;

  while (depth > 0)
    {
      const char *key = shs_document_reader_next_key (reader);

      if (key == NULL)
        depth--;
      else if (g_str_equal (key, "trees"))
        return TRUE;
      else if (!g_strv_contains (way, key))
        shs_document_reader_skip (reader);
      else if (shs_document_reader_begin_object (reader))
        depth++;
    }
  return FALSE;
}

static void
report_progress (ShsXgboost *self, gsize *reported)
{
  gsize offset = shs_document_reader_get_offset (self->reader);

  shs_progress_add (self->progress, offset - *reported);
  *reported = offset;
}

static gboolean
read_trees (ShsXgboost *self, GError **error)
{
  gsize reported = 0;

  if (find_trees (self->reader) && shs_document_reader_begin_array (self->reader))
    while (shs_document_reader_next_element (self->reader))
      {
        GError *problem = NULL;

        shs_xgboost_read_tree (self, &problem);
        if (problem == NULL)
          shs_progress_check (self->progress, &problem);
        if (problem != NULL)
          {
            g_propagate_error (error, problem);
            return FALSE;
          }
        report_progress (self, &reported);
      }
  if (!shs_document_reader_check (self->reader, error))
    return FALSE;
  if (self->n_trees_read == self->n_trees)
    return TRUE;
  shs_xgboost_set_invalid (self, error,
                           "learner.gradient_booster.model has %" G_GSIZE_FORMAT
                           " trees, but tree_info speaks of %" G_GSIZE_FORMAT,
                           self->n_trees_read, self->n_trees);
  return FALSE;
}

static const char *
find_missing (const ShsXgboost *self)
{
  if (!self->has_learner)
    return "learner";
  if (self->booster == NULL)
    return "learner.gradient_booster.name";
  if (!self->has_model)
    return "learner.gradient_booster.model";
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
  read_document (self);
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
  if (self->builder == NULL && !shs_xgboost_start_builder (self, 1, error))
    return FALSE;
  parts->ensemble = shs_tree_builder_finish (g_steal_pointer (&self->builder), error);
  return parts->ensemble != NULL && apply_rounds (self, parts, error);
}

static ShsModel *
make_model (ShsXgboost *self, const char *model_name, GError **error)
{
  g_auto (ShsModelParts) parts = { .library = "XGBoost", .n_outputs = self->n_outputs };

  if (!shs_xgboost_apply_objective (self, &parts, error) || !apply_booster (self, &parts, error)
      || !shs_xgboost_apply_features (self, &parts, error))
    return NULL;
  shs_xgboost_apply_outputs (self, &parts);
  if (self->version[0] > 0)
    parts.version
        = g_strdup_printf ("%d.%d.%d", self->version[0], self->version[1], self->version[2]);
  parts.best_round = self->best_iteration >= 0 && (gsize)self->best_iteration < parts.n_rounds
                         ? (gssize)self->best_iteration
                         : -1;
  return shs_model_new (model_name, &parts);
}

static void
document_clear (ShsXgboost *self)
{
  for (gsize i = 0; i < self->n_encodings; i++)
    {
      shs_free (self->encodings[i].offsets);
      shs_free (self->encodings[i].values);
    }
  shs_free (self->encodings);
  g_free (self->booster);
  g_free (self->objective);
  shs_free (self->base_score);
  shs_free (self->alphas);
  g_strfreev (self->feature_names);
  g_strfreev (self->feature_types);
  shs_free (self->tree_info);
  shs_free (self->iteration_first);
  shs_free (self->weight_drop);
  shs_free (self->weights);
  g_strfreev (self->class_names);
  g_free (self->target_name);
  g_clear_pointer (&self->own_categories, g_hash_table_unref);
  g_clear_pointer (&self->builder, shs_tree_builder_free);
  shs_free (self->is_category);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsXgboost, document_clear)

static gboolean
has_trees (const ShsXgboost *self)
{
  return g_str_equal (self->booster, "gbtree") || g_str_equal (self->booster, "dart");
}

ShsModel *
shs_xgboost_parse (const char *name, const char *model_name, GBytes *bytes, ShsProgress *progress,
                   GError **error)
{
  g_autoptr (ShsDocumentReader) first = shs_document_reader_new (name, bytes);
  g_autoptr (ShsDocumentReader) second = shs_document_reader_new (name, bytes);
  g_auto (ShsXgboost) self = {
    .name = name,
    .reader = first,
    .progress = progress,
    .file_size = g_bytes_get_size (bytes),
    .best_iteration = -1,
  };

  shs_progress_start (progress, self.file_size);
  if (!read_parameters (&self, error))
    return NULL;
  if (!has_trees (&self) && !g_str_equal (self.booster, "gblinear"))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "%s has a booster of an unknown kind; gbtree, dart and gblinear can be opened",
                   name);
      return NULL;
    }
  self.reader = second;
  if (has_trees (&self) && !read_trees (&self, error))
    return NULL;
  return make_model (&self, model_name, error);
}
