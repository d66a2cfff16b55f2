#include "model/exported/shs-exported-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

static void
read_format (ShsExported *self, gpointer data)
{
  self->format = shs_document_reader_read_integer (self->reader);
}

/* A static string is wanted; what no list of ours has is still a model. */
static void
read_library (ShsExported *self, gpointer data)
{
  static const char *const known[] = { "scikit-learn",    "imbalanced-learn", "scikit-optimize",
                                       "scikit-survival", "quantile-forest",  "pyod",
                                       "ngboost",         "econml",           "causalml",
                                       "gpboost",         "XGBoost",          "LightGBM",
                                       "CatBoost" };
  const char *library = shs_document_reader_read_string (self->reader);

  for (gsize i = 0; library != NULL && i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (library, known[i]))
      self->parts.library = known[i];
}

static void
replace_text (ShsExported *self, char **text)
{
  g_free (*text);
  *text = g_strdup (shs_document_reader_read_string (self->reader));
}

static void
read_version (ShsExported *self, gpointer data)
{
  replace_text (self, &self->parts.version);
}

static void
read_estimator (ShsExported *self, gpointer data)
{
  replace_text (self, &self->parts.objective);
}

static void
read_task (ShsExported *self, gpointer data)
{
  static const char *const words[]
      = { "regression", "binary", "multiclass", "ranking", "survival", "other", NULL };

  self->parts.task = (ShsTask)shs_exported_read_word (self, words, "task");
}

static void
read_link (ShsExported *self, gpointer data)
{
  static const char *const words[]
      = { "identity", "logistic", "softmax",       "argmax", "exp",       "step", "sorted",
          "rising",   "softplus", "signed-square", "shares", "isolation", NULL };

  self->parts.link = (ShsLink)shs_exported_read_word (self, words, "link");
}

static void
read_link_scale (ShsExported *self, gpointer data)
{
  self->parts.link_scale = shs_document_reader_read_number (self->reader);
  if (!(self->parts.link_scale > 0 && self->parts.link_scale < 1e300))
    shs_document_reader_fail (self->reader, SHS_ERROR_INVALID, "it must be greater than 0");
}

static void
read_unit (ShsExported *self, gpointer data)
{
  static const char *const words[]
      = { "", "log-odds", "score", "log", "probability", "path length", NULL };

  self->parts.margin_unit = words[shs_exported_read_word (self, words, "unit of the margin")];
}

static void
read_strings (ShsExported *self, char ***strings)
{
  gsize n;

  g_strfreev (*strings);
  *strings = shs_document_reader_read_strings (self->reader, &n);
}

static void
read_outputs (ShsExported *self, gpointer data)
{
  read_strings (self, &self->parts.output_names);
}

static void
read_classes (ShsExported *self, gpointer data)
{
  read_strings (self, &self->parts.class_names);
}

static void
read_notes (ShsExported *self, gpointer data)
{
  read_strings (self, &self->parts.notes);
}

static void
read_feature_name (ShsExported *self, gpointer data)
{
  ShsColumn *feature = data;

  replace_text (self, &feature->name);
}

static void
read_feature_type (ShsExported *self, gpointer data)
{
  static const char *const words[] = { "number", "category", NULL };
  ShsColumn *feature = data;

  feature->type = shs_exported_read_word (self, words, "type of a feature") == 1
                      ? SHS_COLUMN_CATEGORY
                      : SHS_COLUMN_NUMBER;
}

static void
read_feature_categories (ShsExported *self, gpointer data)
{
  ShsColumn *feature = data;

  for (gsize c = 0; c < feature->n_categories; c++)
    g_free (feature->categories[c]);
  g_clear_pointer (&feature->categories, g_free);
  feature->n_categories = 0;
  feature->categories = shs_document_reader_read_strings (self->reader, &feature->n_categories);
  if (feature->categories == NULL)
    feature->n_categories = 0;
  feature->type = SHS_COLUMN_CATEGORY;
}

static void
read_feature (ShsExported *self, ShsColumn *feature)
{
  static const ShsExportedField fields[] = { { "name", read_feature_name },
                                             { "type", read_feature_type },
                                             { "categories", read_feature_categories } };

  if (shs_document_reader_peek (self->reader) == SHS_DOCUMENT_STRING)
    read_feature_name (self, feature);
  else
    shs_exported_read_object (self, fields, G_N_ELEMENTS (fields), feature);
}

static gboolean
grow_features (ShsExported *self, gsize *n_allocated)
{
  GError *error = NULL;
  gsize n = self->parts.n_features;
  gsize more = MAX (64, *n_allocated * 2);
  ShsColumn *features;

  if (n == SHS_EXPORTED_MAX_FEATURES)
    shs_document_reader_fail (self->reader, SHS_ERROR_INVALID, "there are more than %d features",
                              SHS_EXPORTED_MAX_FEATURES);
  if (n < *n_allocated)
    return TRUE;
  features = shs_realloc (self->parts.features, n, more, sizeof *features, &error);
  shs_exported_take_error (self, error);
  if (features == NULL)
    return FALSE;
  self->parts.features = features;
  *n_allocated = more;
  return TRUE;
}

/* Where no feature has a name they are matched by position. */
static void
name_features (ShsExported *self)
{
  gsize n_named = 0;

  for (gsize j = 0; j < self->parts.n_features; j++)
    if (self->parts.features[j].name != NULL)
      n_named++;
    else
      self->parts.features[j].name = g_strdup_printf ("f%" G_GSIZE_FORMAT, j);
  self->parts.has_feature_names = n_named > 0;
  if (n_named > 0 && n_named < self->parts.n_features)
    shs_document_reader_fail (self->reader, SHS_ERROR_INVALID,
                              "either every feature has a name, or none has");
}

static void
read_features (ShsExported *self, gpointer data)
{
  gsize n_allocated = 0;

  if (self->parts.features != NULL)
    shs_document_reader_fail (self->reader, SHS_ERROR_INVALID, "the features stand here twice");
  shs_document_reader_begin_array (self->reader);
  while (shs_document_reader_next_element (self->reader) && grow_features (self, &n_allocated))
    {
      ShsColumn *feature = &self->parts.features[self->parts.n_features++];

      *feature = (ShsColumn){ 0 };
      read_feature (self, feature);
    }
  name_features (self);
}

static void
read_n_outputs (ShsExported *self, gpointer data)
{
  self->n_outputs = shs_exported_read_count (self, SHS_EXPORTED_MAX_OUTPUTS, "the outputs");
}

static void
read_base (ShsExported *self, gpointer data)
{
  shs_free (self->base);
  self->base = shs_document_reader_read_doubles (self->reader, &self->n_base);
}

static void
read_cast (ShsExported *self, gpointer data)
{
  static const char *const words[] = { "double", "float", NULL };

  self->cast = shs_exported_read_word (self, words, "cast") == 1 ? SHS_TREE_CAST_FLOAT
                                                                 : SHS_TREE_CAST_DOUBLE;
}

static void
read_split (ShsExported *self, gpointer data)
{
  self->split = (ShsSplit)shs_exported_read_word (self, shs_exported_split_words, "operator");
}

static void
read_trees_per_round (ShsExported *self, gpointer data)
{
  self->trees_per_round = shs_exported_read_count (self, G_MAXINT32, "the trees of a round");
}

static void
read_vectors (ShsExported *self, gpointer data)
{
  self->has_vectors = shs_document_reader_read_boolean (self->reader);
}

static void
skip_map (ShsExported *self, gpointer data)
{
  self->has_map = TRUE;
  shs_document_reader_skip (self->reader);
}

static void
count_trees (ShsExported *self, gpointer data)
{
  if (self->has_trees)
    shs_document_reader_fail (self->reader, SHS_ERROR_INVALID, "the trees stand here twice");
  self->has_trees = TRUE;
  shs_document_reader_begin_array (self->reader);
  while (shs_document_reader_next_element (self->reader))
    {
      self->n_trees++;
      shs_document_reader_skip (self->reader);
      if (shs_progress_is_cancelled (self->progress))
        shs_document_reader_fail (self->reader, SHS_ERROR_CANCELLED, "reading was cancelled");
    }
}

static void
read_weights (ShsExported *self, gpointer data)
{
  shs_free (self->weights);
  self->weights = shs_document_reader_read_doubles (self->reader, &self->n_weights);
}

static void
read_bias (ShsExported *self, gpointer data)
{
  shs_free (self->bias);
  self->bias = shs_document_reader_read_doubles (self->reader, &self->n_bias);
}

static void
read_linear (ShsExported *self, gpointer data)
{
  static const ShsExportedField fields[] = { { "weights", read_weights }, { "bias", read_bias } };

  self->has_linear = TRUE;
  shs_exported_read_object (self, fields, G_N_ELEMENTS (fields), NULL);
}

void
shs_exported_read_header (ShsExported *self)
{
  static const ShsExportedField fields[] = {
    { "shapscope_model", read_format },
    { "library", read_library },
    { "version", read_version },
    { "estimator", read_estimator },
    { "task", read_task },
    { "link", read_link },
    { "link_scale", read_link_scale },
    { "unit", read_unit },
    { "features", read_features },
    { "n_outputs", read_n_outputs },
    { "outputs", read_outputs },
    { "classes", read_classes },
    { "notes", read_notes },
    { "map", skip_map },
    { "background", shs_exported_read_background },
    { "base", read_base },
    { "cast", read_cast },
    { "operator", read_split },
    { "trees_per_round", read_trees_per_round },
    { "vector_leaves", read_vectors },
    { "trees", count_trees },
    { "linear", read_linear },
  };

  shs_exported_read_object (self, fields, G_N_ELEMENTS (fields), NULL);
}
