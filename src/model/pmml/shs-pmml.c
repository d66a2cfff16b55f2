#include "model/pmml/shs-pmml.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "model/pmml/shs-pmml-document.h"

#include <math.h>
#include <string.h>

static void
clear_column (gpointer data)
{
  shs_column_clear (data);
}

static void
pmml_clear (ShsPmml *self)
{
  g_clear_pointer (&self->columns, g_array_unref);
  g_clear_pointer (&self->map, shs_feature_map_unref);
  g_clear_pointer (&self->fields, g_hash_table_unref);
  g_clear_pointer (&self->displaced, g_array_unref);
  g_clear_pointer (&self->data_fields, g_hash_table_unref);
  g_clear_pointer (&self->classes, g_ptr_array_unref);
  g_clear_pointer (&self->functions, g_hash_table_unref);
  g_clear_pointer (&self->text_ids, g_hash_table_unref);
  g_clear_pointer (&self->texts, g_ptr_array_unref);
  g_clear_pointer (&self->outputs, g_hash_table_unref);
  g_clear_pointer (&self->sets, g_ptr_array_unref);
  g_clear_pointer (&self->notes, g_ptr_array_unref);
  g_clear_pointer (&self->gates, g_array_unref);
  g_free (self->target);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsPmml, pmml_clear)

static void
pmml_init (ShsPmml *self)
{
  self->columns = g_array_new (FALSE, FALSE, sizeof (ShsColumn));
  g_array_set_clear_func (self->columns, clear_column);
  self->fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify)shs_pmml_field_free);
  self->displaced = g_array_new (FALSE, FALSE, sizeof (ShsPmmlDisplaced));
  g_array_set_clear_func (self->displaced, shs_pmml_displaced_clear);
  self->data_fields = g_hash_table_new (g_str_hash, g_str_equal);
  self->functions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->texts = g_ptr_array_new_with_free_func (g_free);
  self->text_ids = g_hash_table_new (g_str_hash, g_str_equal);
  self->outputs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify)shs_pmml_scores_free);
  self->sets = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  self->notes = g_ptr_array_new_with_free_func (g_free);
  self->gates = g_array_new (FALSE, FALSE, sizeof (ShsPmmlGate));
}

gboolean
shs_pmml_sniff (const guint8 *head, gsize length)
{
  gsize n = MIN (length, 1024);

  return memmem (head, n, "<PMML", strlen ("<PMML")) != NULL
         || memmem (head, n, ":PMML", strlen (":PMML")) != NULL;
}

gboolean
shs_pmml_fail (const ShsPmml *self, const ShsPmmlElement *element, int code, GError **error,
               const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, SHS_ERROR, code, "%s: line %d: %s", self->name,
               element != NULL ? element->line : 1, what);
  return FALSE;
}

void
shs_pmml_note (ShsPmml *self, const char *note)
{
  for (guint i = 0; i < self->notes->len; i++)
    if (g_str_equal (self->notes->pdata[i], note))
      return;
  g_ptr_array_add (self->notes, g_strdup (note));
}

gboolean
shs_pmml_get_number (const ShsPmml *self, const ShsPmmlElement *element, const char *name,
                     double fallback, double *number, GError **error)
{
  const char *text = shs_pmml_get (element, name);
  char *end = NULL;

  *number = text != NULL ? g_ascii_strtod (text, &end) : fallback;
  if ((text == NULL || (end != text && *end == '\0')) && isfinite (*number))
    return TRUE;
  return shs_pmml_fail (self, element, SHS_ERROR_INVALID, error,
                        "%s is missing or no number; export the model again", name);
}

static gboolean
has_vectors (const ShsPmmlScores *scores)
{
  for (guint i = 0; i < scores->trees->len; i++)
    if (g_array_index (scores->trees, ShsPmmlTree, i).vectors != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
add_trees (const ShsPmml *self, const ShsPmmlScores *scores, ShsTreeBuilder *builder,
           GError **error)
{
  for (guint i = 0; i < self->sets->len; i++)
    {
      const GArray *set = g_ptr_array_index (self->sets, i);

      if (shs_tree_builder_add_set (builder, (const gint32 *)(const void *)set->data, set->len,
                                    error)
          < 0)
        return FALSE;
    }
  for (guint i = 0; i < scores->trees->len; i++)
    {
      const ShsPmmlTree *tree = &g_array_index (scores->trees, ShsPmmlTree, i);

      if (!shs_progress_check (self->progress, error)
          || !shs_tree_builder_add_tree (builder, tree->nodes, tree->n_nodes, tree->vectors,
                                         tree->output, tree->weight, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
build_ensemble (const ShsPmml *self, const ShsPmmlScores *scores, ShsModelParts *parts,
                GError **error)
{
  g_autoptr (ShsTreeBuilder) builder
      = shs_tree_builder_new (shs_feature_map_get_n_features (self->map), scores->n_outputs,
                              has_vectors (scores) ? scores->n_outputs : 1, SHS_TREE_CAST_DOUBLE);

  shs_tree_builder_set_file_size (builder, self->file_size);
  shs_tree_builder_set_base (builder, scores->base);
  if (!shs_feature_map_set_players (self->map, builder, error)
      || !add_trees (self, scores, builder, error))
    return FALSE;
  parts->ensemble = shs_tree_builder_finish (g_steal_pointer (&builder), error);
  return parts->ensemble != NULL;
}

static gboolean
build_linear (const ShsPmml *self, const ShsPmmlScores *scores, ShsModelParts *parts,
              GError **error)
{
  gsize n = shs_feature_map_get_n_features (self->map);

  parts->linear = shs_linear_new (n, scores->n_outputs, error);
  for (gsize k = 0; parts->linear != NULL && k < scores->n_outputs; k++)
    {
      parts->linear->bias[k] = scores->base[k];
      for (gsize j = 0; j < n; j++)
        parts->linear->weight[k * n + j] = scores->weights[k * scores->n_weights + j];
    }
  return parts->linear != NULL;
}

static gboolean
describe_columns (const ShsPmml *self, ShsModelParts *parts, GError **error)
{
  parts->n_features = self->columns->len;
  parts->has_feature_names = TRUE;
  parts->features = shs_alloc0 (parts->n_features, sizeof *parts->features, error);
  for (gsize j = 0; parts->features != NULL && j < parts->n_features; j++)
    shs_column_copy (&g_array_index (self->columns, ShsColumn, j), &parts->features[j]);
  return parts->features != NULL;
}

static void
describe_scores (const ShsPmml *self, const ShsPmmlScores *scores, const char *version,
                 ShsModelParts *parts)
{
  g_autoptr (GStrvBuilder) notes = g_strv_builder_new ();
  const GPtrArray *classes = self->classes;

  parts->n_outputs = scores->n_outputs;
  parts->link = scores->link;
  parts->margin_unit = parts->link == SHS_LINK_EXP        ? "log"
                       : parts->link == SHS_LINK_IDENTITY ? ""
                       : parts->link == SHS_LINK_SOFTMAX  ? "score"
                                                          : "log-odds";
  parts->task = classes == NULL          ? SHS_TASK_REGRESSION
                : scores->n_outputs == 1 ? SHS_TASK_BINARY
                                         : SHS_TASK_MULTICLASS;
  parts->version = g_strdup (version != NULL ? version : "");
  parts->objective = g_strdup ("");
  parts->n_rounds = 1;
  parts->trees_per_round = scores->trees->len;
  for (guint i = 0; i < self->notes->len; i++)
    g_strv_builder_add (notes, self->notes->pdata[i]);
  parts->notes = g_strv_builder_end (notes);
  if (classes == NULL
      || (classes->len != scores->n_outputs && (classes->len != 2 || scores->n_outputs != 1)))
    return;
  parts->class_names = g_new0 (char *, classes->len + 1);
  for (guint i = 0; i < classes->len; i++)
    parts->class_names[i] = g_strdup (classes->pdata[i]);
}

static const ShsPmmlElement *
find_model (const ShsPmmlElement *document)
{
  const ShsPmmlElement *child;

  for (guint i = 0; (child = shs_pmml_child (document, i)) != NULL; i++)
    if (shs_pmml_find (child, "MiningSchema") != NULL)
      return child;
  return NULL;
}

ShsModel *
shs_pmml_parse (const char *name, const char *model_name, GBytes *bytes, ShsProgress *progress,
                GError **error)
{
  g_auto (ShsPmml) self = { .name = name, .progress = progress };
  g_auto (ShsModelParts) parts = { .library = "PMML", .best_round = -1 };
  g_autoptr (ShsPmmlElement) document = NULL;
  g_autoptr (ShsPmmlScores) scores = NULL;
  const ShsPmmlElement *model;

  self.file_size = g_bytes_get_size (bytes);
  shs_progress_start (progress, self.file_size);
  document = shs_pmml_read (name, bytes, progress, error);
  if (document == NULL)
    return NULL;
  pmml_init (&self);
  model = find_model (document);
  if (!shs_pmml_is (document, "PMML") || model == NULL)
    {
      shs_pmml_fail (&self, document, SHS_ERROR_INVALID, error,
                     "there is no model in the document; export the model again");
      return NULL;
    }
  if (!shs_pmml_read_fields (&self, document, model, error))
    return NULL;
  scores = shs_pmml_read_scores (&self, model, error);
  if (scores == NULL
      || !(scores->weights != NULL ? build_linear (&self, scores, &parts, error)
                                   : build_ensemble (&self, scores, &parts, error))
      || !describe_columns (&self, &parts, error))
    {
      if (scores != NULL)
        g_prefix_error (error, "%s: ", name);
      return NULL;
    }
  describe_scores (&self, scores, shs_pmml_get (document, "version"), &parts);
  if (!shs_feature_map_is_identity (self.map))
    parts.map = shs_feature_map_ref (self.map);
  return shs_model_new (model_name, &parts);
}
