/* From what the graph gives to the parts of a model. */

#include "model/onnx/shs-onnx-scores.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-shown.h"

#include <math.h>
#include <string.h>

/* The first output that is scores, or else what the first one was made of that has any. */
static const ShsOnnxValue *
choose_scores (const ShsOnnx *self, gboolean *goes_on, const char **last)
{
  const ShsOnnxValue *origin = NULL;

  *goes_on = FALSE;
  for (guint i = 0; i < self->graph->outputs->len; i++)
    {
      const ShsOnnxValue *value
          = g_hash_table_lookup (self->values, g_ptr_array_index (self->graph->outputs, i));

      if (shs_onnx_is_scores (value))
        return value;
      if (value != NULL && origin == NULL)
        origin = value->origin;
      if (value != NULL && value->op != NULL)
        *last = value->op;
    }
  *goes_on = TRUE;
  return shs_onnx_is_scores (origin) ? origin : NULL;
}

/* Where two logistic outputs mirror each other, the second tells all. */
static gboolean
is_mirrored (const ShsOnnxValue *scores)
{
  if (scores->link != SHS_LINK_LOGISTIC || scores->n_columns != 2
      || scores->constant[0] != -scores->constant[1])
    return FALSE;
  for (gsize j = 0; scores->kind == SHS_ONNX_LINEAR && j < scores->n_features; j++)
    if (scores->weights[2 * j] != -scores->weights[2 * j + 1])
      return FALSE;
  for (guint i = 0; i < scores->terms->len; i++)
    {
      const ShsOnnxTerm *term = g_ptr_array_index (scores->terms, i);

      for (gsize leaf = 0; leaf < term->n_leaves; leaf++)
        if (term->leaves[2 * leaf] != -term->leaves[2 * leaf + 1])
          return FALSE;
    }
  return TRUE;
}

/* What is taken over from the chosen scores: outputs first .. first + n of them. */
typedef struct
{
  const ShsOnnx *model;
  const ShsOnnxValue *scores;
  gsize first;
  gsize n;
  gint32 *place; /* by feature of the graph's map: place in the model's map; -1 for unused */
  ShsFeatureMap *map;
} Finish;

static void
finish_clear (Finish *self)
{
  shs_free (self->place);
  g_clear_pointer (&self->map, shs_feature_map_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Finish, finish_clear)

static gint32
use_feature (Finish *self, gsize feature)
{
  if (self->place[feature] < 0)
    {
      self->place[feature] = (gint32)shs_feature_map_get_n_features (self->map);
      shs_feature_map_add_feature (self->map, self->model->map, feature);
    }
  return self->place[feature];
}

/* A model without any preparation takes all its columns, in their order. */
static gboolean
is_prepared (const Finish *self)
{
  gsize n_sources = self->model->sources->len;

  for (guint i = 0; i < self->scores->terms->len; i++)
    {
      const ShsOnnxTerm *term = g_ptr_array_index (self->scores->terms, i);
      const ShsOnnxTree *tree = &g_array_index (self->model->trees, ShsOnnxTree, term->tree);

      for (gsize v = 0; v < tree->n_nodes; v++)
        if (tree->nodes[v].split != SHS_LEAF && (gsize)tree->nodes[v].feature >= n_sources)
          return TRUE;
    }
  for (gsize j = 0; self->scores->kind == SHS_ONNX_LINEAR && j < self->scores->n_features; j++)
    if (self->scores->features[j] >= n_sources)
      return TRUE;
  return FALSE;
}

static gboolean
start_map (Finish *self, GError **error)
{
  gsize n = shs_feature_map_get_n_features (self->model->map);

  self->map = shs_feature_map_new (self->model->sources->len);
  self->place = shs_alloc (n, sizeof *self->place, error);
  if (self->place == NULL)
    return FALSE;
  for (gsize feature = 0; feature < n; feature++)
    self->place[feature] = -1;
  for (gsize column = 0; !is_prepared (self) && column < self->model->sources->len; column++)
    use_feature (self, column);
  return TRUE;
}

static void
map_features (Finish *self)
{
  for (guint i = 0; i < self->scores->terms->len; i++)
    {
      const ShsOnnxTerm *term = g_ptr_array_index (self->scores->terms, i);
      ShsOnnxTree *tree = &g_array_index (self->model->trees, ShsOnnxTree, term->tree);

      for (gsize v = 0; v < tree->n_nodes; v++)
        if (tree->nodes[v].split != SHS_LEAF)
          tree->nodes[v].feature = use_feature (self, (gsize)tree->nodes[v].feature);
    }
}

/* The one output that a tree adds to; -1 where there are several. */
static gssize
find_only_output (const Finish *self, const ShsOnnxTerm *term)
{
  gssize only = -1;

  for (gsize leaf = 0; leaf < term->n_leaves; leaf++)
    for (gsize k = 0; k < self->n; k++)
      if (term->leaves[leaf * self->scores->n_columns + self->first + k] != 0)
        {
          if (only >= 0 && only != (gssize)k)
            return -1;
          only = (gssize)k;
        }
  return MAX (only, 0);
}

static gboolean
has_vector_leaves (const Finish *self)
{
  for (guint i = 0; i < self->scores->terms->len; i++)
    if (find_only_output (self, g_ptr_array_index (self->scores->terms, i)) < 0)
      return TRUE;
  return FALSE;
}

static gboolean
add_sets (const Finish *self, ShsTreeBuilder *builder, GError **error)
{
  for (guint i = 0; i < self->model->sets->len; i++)
    {
      const GArray *set = g_ptr_array_index (self->model->sets, i);

      if (shs_tree_builder_add_set (builder, (const gint32 *)(const void *)set->data, set->len,
                                    error)
          < 0)
        {
          g_prefix_error (error, "%s: ", self->model->name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
add_tree (const Finish *self, ShsTreeBuilder *builder, const ShsOnnxTerm *term,
          gboolean has_vectors, GError **error)
{
  ShsOnnxTree *tree = &g_array_index (self->model->trees, ShsOnnxTree, term->tree);
  gssize output = has_vectors ? 0 : find_only_output (self, term);
  SHS_AUTOFREE double *vectors = NULL;
  gsize n_numbers;

  if (!shs_size_multiply (tree->n_nodes, self->n, &n_numbers))
    n_numbers = G_MAXSIZE;
  if (has_vectors)
    {
      vectors = shs_alloc0 (n_numbers, sizeof *vectors, error);
      if (vectors == NULL)
        return FALSE;
    }
  for (gsize v = 0; v < tree->n_nodes; v++)
    {
      const double *leaf = &term->leaves[tree->ranks[v] * self->scores->n_columns + self->first];

      if (tree->nodes[v].split != SHS_LEAF)
        continue;
      if (has_vectors)
        memcpy (vectors + v * self->n, leaf, self->n * sizeof *leaf);
      else
        tree->nodes[v].value = leaf[output];
    }
  return shs_tree_builder_add_tree (builder, tree->nodes, tree->n_nodes, vectors, (gsize)output, 1,
                                    error);
}

static gboolean
build_ensemble (Finish *self, ShsModelParts *parts, GError **error)
{
  gboolean has_vectors = has_vector_leaves (self);
  g_autoptr (ShsTreeBuilder) builder = NULL;

  map_features (self);
  builder = shs_tree_builder_new (
      shs_feature_map_get_n_features (self->map), self->n, has_vectors ? self->n : 1,
      self->model->is_double ? SHS_TREE_CAST_DOUBLE : SHS_TREE_CAST_FLOAT);
  shs_tree_builder_set_file_size (builder, self->model->file_size);
  shs_tree_builder_set_base (builder, self->scores->constant + self->first);
  if (!add_sets (self, builder, error) || !shs_feature_map_set_players (self->map, builder, error))
    return FALSE;
  for (guint i = 0; i < self->scores->terms->len; i++)
    if (!shs_progress_check (self->model->progress, error)
        || !add_tree (self, builder, g_ptr_array_index (self->scores->terms, i), has_vectors,
                      error))
      {
        g_prefix_error (error, "%s: ", self->model->name);
        return FALSE;
      }
  parts->ensemble = shs_tree_builder_finish (g_steal_pointer (&builder), error);
  return parts->ensemble != NULL;
}

static gboolean
build_linear (Finish *self, ShsModelParts *parts, GError **error)
{
  const ShsOnnxValue *scores = self->scores;

  for (gsize j = 0; j < scores->n_features; j++)
    use_feature (self, scores->features[j]);
  parts->linear = shs_linear_new (shs_feature_map_get_n_features (self->map), self->n, error);
  if (parts->linear == NULL)
    return FALSE;
  for (gsize k = 0; k < self->n; k++)
    {
      parts->linear->bias[k] = scores->constant[self->first + k];
      for (gsize j = 0; j < scores->n_features; j++)
        parts->linear
            ->weight[k * parts->linear->n_features + (gsize)self->place[scores->features[j]]]
            += scores->weights[j * scores->n_columns + self->first + k];
    }
  return TRUE;
}

static gboolean
describe_features (const ShsOnnx *self, ShsModelParts *parts, GError **error)
{
  parts->n_features = self->sources->len;
  parts->has_feature_names = self->graph->inputs->len > 1;
  parts->features = shs_alloc0 (parts->n_features, sizeof *parts->features, error);
  if (parts->features == NULL)
    return FALSE;
  for (gsize j = 0; j < parts->n_features; j++)
    {
      ShsOnnxSource *source = &g_array_index (self->sources, ShsOnnxSource, j);
      ShsColumn *feature = &parts->features[j];

      feature->name = g_strdup (source->name);
      if (source->dictionary == NULL)
        continue;
      feature->type = SHS_COLUMN_CATEGORY;
      feature->n_categories = source->dictionary->len;
      feature->categories = g_new0 (char *, feature->n_categories + 1);
      for (gsize i = 0; i < feature->n_categories; i++)
        feature->categories[i] = g_strdup (g_ptr_array_index (source->dictionary, i));
    }
  return TRUE;
}

static void
describe_classes (const Finish *self, ShsModelParts *parts)
{
  const GPtrArray *classes = self->model->classes;
  gboolean fits
      = classes != NULL && (classes->len == self->n || (self->n == 1 && classes->len == 2));

  parts->task = SHS_TASK_REGRESSION;
  if (classes != NULL)
    parts->task = self->n == 1 ? SHS_TASK_BINARY : SHS_TASK_MULTICLASS;
  if (!fits)
    return;
  parts->class_names = g_new0 (char *, classes->len + 1);
  for (guint i = 0; i < classes->len; i++)
    parts->class_names[i] = g_strdup (g_ptr_array_index (classes, i));
}

static void
describe_scores (const Finish *self, gboolean goes_on, ShsModelParts *parts)
{
  const char *producer = self->model->graph->producer != NULL ? self->model->graph->producer : "";
  g_autoptr (GStrvBuilder) notes = g_strv_builder_new ();

  parts->n_outputs = self->n;
  parts->link = self->scores->link;
  parts->margin_unit = parts->link == SHS_LINK_EXP        ? "log"
                       : parts->link == SHS_LINK_IDENTITY ? ""
                       : parts->link == SHS_LINK_SOFTMAX  ? "score"
                                                          : "log-odds";
  /* CatBoost writes a page about itself. */
  parts->version = g_strndup (producer, strcspn (producer, "\r\n:"));
  if (g_str_has_suffix (parts->version, " Git info"))
    *strstr (parts->version, " Git info") = '\0';
  parts->objective = g_strdup ("");
  parts->n_rounds = 1;
  parts->trees_per_round = parts->ensemble != NULL ? parts->ensemble->n_trees : 0;
  parts->is_unfinished = goes_on;
  if (goes_on)
    g_strv_builder_add (notes, "The file computes more from the model's scores in ways that no "
                               "exact method follows; the scores themselves are explained");
  if (self->model->has_assumed)
    g_strv_builder_add (notes, "The file does not say how many columns some of its inputs have; "
                               "each of them is taken as one column");
  parts->notes = g_strv_builder_end (notes);
  describe_classes (self, parts);
}

gboolean
shs_onnx_finish (ShsOnnx *self, ShsModelParts *parts, GError **error)
{
  g_auto (Finish) finish = { .model = self };
  gboolean goes_on;
  const char *last = "an operation";

  finish.scores = choose_scores (self, &goes_on, &last);
  if (finish.scores == NULL)
    {
      g_autofree char *shown = shs_name_shown (last);

      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "%s: what %s gives does not come from trees or a linear model in a way that "
                   "can be followed; export the tree model alone, as its own ONNX file",
                   self->name, shown);
      return FALSE;
    }
  finish.first = is_mirrored (finish.scores) ? 1 : 0;
  finish.n = finish.scores->n_columns - finish.first;
  if (!start_map (&finish, error)
      || !(finish.scores->kind == SHS_ONNX_LINEAR ? build_linear (&finish, parts, error)
                                                  : build_ensemble (&finish, parts, error))
      || !describe_features (self, parts, error))
    return FALSE;
  describe_scores (&finish, goes_on, parts);
  if (!shs_feature_map_is_identity (finish.map))
    parts->map = g_steal_pointer (&finish.map);
  return TRUE;
}
