#include "model/xgboost/shs-xgboost-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

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
    { "trees", shs_xgboost_read_trees },
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

void
shs_xgboost_read_document (ShsXgboost *self)
{
  static const ShsXgboostField fields[] = {
    { "Model", read_snapshot },
    { "learner", read_learner },
    { "version", read_version },
  };

  shs_xgboost_read_object (self, fields, G_N_ELEMENTS (fields));
}

void
shs_xgboost_clear (ShsXgboost *self)
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
  g_clear_error (&self->problem);
  g_clear_pointer (&self->builder, shs_tree_builder_free);
}
