/* TreeModel: nodes with any number of children, tried in their order, become chains of splits. */

#include "model/pmml/shs-pmml-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-shown.h"

#include <math.h>
#include <string.h>

/* How rows go on that a predicate leaves in doubt, or that no child takes. */
typedef struct
{
  ShsPmml *model;
  gsize n_outputs;
  GArray *nodes;   /* ShsTreeNode */
  GArray *vectors; /* double, n_outputs a node */
  gboolean takes_default_child;
  gboolean keeps_last;
  gboolean returns_last;
} Draft;

static guint
add_node (Draft *self)
{
  ShsTreeNode node = { .split = SHS_LEAF, .set = -1, .cover = NAN };

  g_array_append_val (self->nodes, node);
  if (self->n_outputs > 1)
    g_array_set_size (self->vectors, self->nodes->len * self->n_outputs);
  return self->nodes->len - 1;
}

static ShsTreeNode *
get_node (Draft *self, guint i)
{
  return &g_array_index (self->nodes, ShsTreeNode, i);
}

static gssize
find_class (const ShsPmml *model, const char *value)
{
  for (guint i = 0; value != NULL && i < model->classes->len; i++)
    if (g_str_equal (g_ptr_array_index (model->classes, i), value))
      return (gssize)i;
  return -1;
}

/* Shares of the classes, or all for the one that is the score. */
static gboolean
fill_shares (Draft *self, const ShsPmmlElement *element, guint node, GError **error)
{
  double *shares = &g_array_index (self->vectors, double, node * self->n_outputs);
  const ShsPmmlElement *part;
  double total = 0;
  gssize k;

  for (guint i = 0; (part = shs_pmml_child (element, i)) != NULL; i++)
    if (shs_pmml_is (part, "ScoreDistribution"))
      {
        const char *word
            = shs_pmml_get (part, "probability") != NULL ? "probability" : "recordCount";
        double share;

        k = find_class (self->model, shs_pmml_get (part, "value"));
        if (!shs_pmml_get_number (self->model, part, word, NAN, &share, error))
          return FALSE;
        if (k < 0 || share < 0)
          return shs_pmml_fail (self->model, part, SHS_ERROR_INVALID, error,
                                "a share belongs to no class or is negative; export the model "
                                "again");
        shares[k] = share;
        total += share;
      }
  k = find_class (self->model, shs_pmml_get (element, "score"));
  if (total == 0 && k < 0)
    return shs_pmml_fail (self->model, element, SHS_ERROR_INVALID, error,
                          "a leaf has neither shares nor a score that is a class; export the "
                          "model again");
  for (gsize i = 0; total > 0 && i < self->n_outputs; i++)
    shares[i] /= total;
  if (total == 0)
    shares[k] = 1;
  return TRUE;
}

static gboolean
fill_leaf (Draft *self, const ShsPmmlElement *element, guint node, double cover, GError **error)
{
  double score = 0;

  get_node (self, node)->cover = cover;
  if (self->n_outputs > 1)
    return fill_shares (self, element, node, error);
  if (!shs_pmml_get_number (self->model, element, "score", NAN, &score, error))
    return FALSE;
  get_node (self, node)->value = score;
  return TRUE;
}

static const ShsPmmlElement *
find_predicate (const ShsPmmlElement *element)
{
  static const char *const predicates[]
      = { "True", "False", "SimplePredicate", "SimpleSetPredicate", "CompoundPredicate" };
  const ShsPmmlElement *child;

  for (guint i = 0; (child = shs_pmml_child (element, i)) != NULL; i++)
    for (gsize k = 0; k < G_N_ELEMENTS (predicates); k++)
      if (shs_pmml_is (child, predicates[k]))
        return child;
  return NULL;
}

static const ShsPmmlField *
get_field (const Draft *self, const ShsPmmlElement *predicate, GError **error)
{
  const char *name = shs_pmml_get (predicate, "field");
  const ShsPmmlField *field = name != NULL ? g_hash_table_lookup (self->model->fields, name) : NULL;
  g_autofree char *shown = NULL;

  if (field != NULL && field->feature >= 0)
    return field;
  shown = shs_name_shown (name != NULL ? name : "");
  shs_pmml_fail (self->model, predicate, SHS_ERROR_UNSUPPORTED, error,
                 "the field %s is prepared in a way that cannot be followed, or not at all; export "
                 "the model without its preparation",
                 shown);
  return NULL;
}

static gboolean
fill_simple (Draft *self, const ShsPmmlElement *predicate, ShsTreeNode *node, GError **error)
{
  static const struct
  {
    const char *word;
    ShsSplit split;
  } operators[] = {
    { "lessThan", SHS_SPLIT_LESS },       { "lessOrEqual", SHS_SPLIT_LESS_EQUAL },
    { "greaterThan", SHS_SPLIT_GREATER }, { "greaterOrEqual", SHS_SPLIT_GREATER_EQUAL },
    { "equal", SHS_SPLIT_EQUAL },         { "notEqual", SHS_SPLIT_NOT_EQUAL },
  };
  const ShsPmmlField *field = get_field (self, predicate, error);
  const char *operator= shs_pmml_get (predicate, "operator");
  const char *value = shs_pmml_get (predicate, "value");
  gssize code;

  if (field == NULL)
    return FALSE;
  node->feature = field->feature;
  node->missing = SHS_MISSING_NAN;
  for (gsize i = 0; operator!= NULL && i<G_N_ELEMENTS (operators); i++)
    if (g_str_equal (operator, operators[i].word))
      node->split = operators[i].split;
  if (node->split == SHS_LEAF || value == NULL)
    return shs_pmml_fail (self->model, predicate, SHS_ERROR_UNSUPPORTED, error,
                          "a predicate's operator is not one of comparison; export the model "
                          "without questions for missing values");
  code = shs_pmml_get_code (self->model, field, value);
  if (code >= 0)
    node->threshold = (double)code;
  else if (!shs_pmml_get_number (self->model, predicate, "value", NAN, &node->threshold, error))
    return FALSE;
  if (field->is_float)
    node->threshold = (float)node->threshold;
  return TRUE;
}

/* Values stand in an Array, parted by blanks, in quotes where they hold any. */
static GArray *
read_set (Draft *self, const ShsPmmlElement *predicate, const ShsPmmlField *field)
{
  const ShsPmmlElement *array = shs_pmml_find (predicate, "Array");
  g_auto (GStrv) words = NULL;
  GArray *set = g_array_new (FALSE, FALSE, sizeof (gint32));
  int n = 0;

  if (array == NULL || !g_shell_parse_argv (array->text->str, &n, &words, NULL))
    return set;
  for (int i = 0; i < n; i++)
    {
      gssize code = shs_pmml_get_code (self->model, field, words[i]);
      gint32 member = (gint32)code;

      if (code >= 0)
        g_array_append_val (set, member);
    }
  return set;
}

static gboolean
fill_set (Draft *self, const ShsPmmlElement *predicate, ShsTreeNode *node, GError **error)
{
  const ShsPmmlField *field = get_field (self, predicate, error);
  const char *operator= shs_pmml_get (predicate, "booleanOperator");
  GArray *set;

  if (field == NULL)
    return FALSE;
  set = read_set (self, predicate, field);
  node->feature = field->feature;
  node->missing = SHS_MISSING_NAN;
  node->split = g_strcmp0 (operator, "isNotIn") == 0 ? SHS_SPLIT_NOT_IN_SET : SHS_SPLIT_IN_SET;
  node->set = (gint32)self->model->sets->len;
  g_ptr_array_add (self->model->sets, set);
  if (set->len > 0)
    return TRUE;
  return shs_pmml_fail (self->model, predicate, SHS_ERROR_UNSUPPORTED, error,
                        "a set has no values that its field is said to have; export the model "
                        "again with the values in its DataDictionary");
}

static gboolean
fill_split (Draft *self, const ShsPmmlElement *predicate, ShsTreeNode *node, GError **error)
{
  if (shs_pmml_is (predicate, "SimplePredicate"))
    return fill_simple (self, predicate, node, error);
  if (shs_pmml_is (predicate, "SimpleSetPredicate"))
    return fill_set (self, predicate, node, error);
  return shs_pmml_fail (self->model, predicate, SHS_ERROR_UNSUPPORTED, error,
                        "a node asks several questions at once (CompoundPredicate), which this "
                        "version cannot read; export trees with one question a node");
}

static gboolean fill (Draft *self, const ShsPmmlElement *element, guint node, GError **error);

static double
get_count (const ShsPmmlElement *element)
{
  const char *text = shs_pmml_get (element, "recordCount");
  char *end;
  double count = text != NULL ? g_ascii_strtod (text, &end) : NAN;

  return text != NULL && end != text && count >= 0 ? count : NAN;
}

/* Rows that no child takes: so many. */
static double
count_rest (const ShsPmmlElement *element)
{
  double rest = get_count (element);
  const ShsPmmlElement *child;

  for (guint i = 0; (child = shs_pmml_child (element, i)) != NULL; i++)
    if (shs_pmml_is (child, "Node"))
      rest -= get_count (child);
  return rest >= 0 ? rest : NAN;
}

static const ShsPmmlElement *
next_child (const ShsPmmlElement *element, guint *i)
{
  const ShsPmmlElement *child;

  while ((child = shs_pmml_child (element, (*i)++)) != NULL)
    if (shs_pmml_is (child, "Node") && !shs_pmml_is (find_predicate (child), "False"))
      return child;
  return NULL;
}

/* Missing values at the question of @child. */
static void
set_missing (Draft *self, const ShsPmmlElement *element, const ShsPmmlElement *child,
             ShsTreeNode *node)
{
  const char *chosen = shs_pmml_get (element, "defaultChild");
  const char *id = shs_pmml_get (child, "id");

  if (self->takes_default_child && chosen != NULL && id != NULL && g_str_equal (chosen, id))
    node->missing |= SHS_MISSING_LEFT;
}

/* The chain of @element's children, from @child, which is its @i-th, on, beginning at @node. */
static gboolean
fill_chain (Draft *self, const ShsPmmlElement *element, guint node, GError **error)
{
  guint i = 0;
  const ShsPmmlElement *child = next_child (element, &i);

  while (child != NULL)
    {
      const ShsPmmlElement *predicate = find_predicate (child);
      guint after = i;
      const ShsPmmlElement *next = next_child (element, &after);
      ShsTreeNode split = { .split = SHS_LEAF, .set = -1, .cover = NAN };

      if (shs_pmml_is (predicate, "True"))
        return fill (self, child, node, error);
      if (predicate == NULL)
        return shs_pmml_fail (self->model, child, SHS_ERROR_INVALID, error,
                              "a node has no predicate; export the model again");
      if (next == NULL && !self->returns_last)
        {
          shs_pmml_note (self->model, "Where the file leaves a row without a prediction, the row "
                                      "goes on to the last child here");
          return fill (self, child, node, error);
        }
      if (!fill_split (self, predicate, &split, error))
        return FALSE;
      set_missing (self, element, child, &split);
      split.left = (gint32)add_node (self);
      split.right = (gint32)add_node (self);
      *get_node (self, node) = split;
      if (!fill (self, child, (guint)split.left, error))
        return FALSE;
      node = (guint)split.right;
      i = after;
      child = next;
    }
  return fill_leaf (self, element, node, count_rest (element), error);
}

/* Recursion is as deep as the document is nested, which is bounded. */
static gboolean
fill (Draft *self, const ShsPmmlElement *element, guint node, GError **error)
{
  guint i = 0;

  if (shs_progress_is_cancelled (self->model->progress))
    return shs_progress_check (self->model->progress, error);
  if (next_child (element, &i) == NULL)
    return fill_leaf (self, element, node, get_count (element), error);
  return fill_chain (self, element, node, error);
}

/* Children stand behind their parents. Counts of 1 at all leaves are shares, not counts. */
static void
add_covers_up (Draft *self)
{
  gboolean are_counts = FALSE;

  for (guint v = 0; v < self->nodes->len; v++)
    if (get_node (self, v)->split == SHS_LEAF && get_node (self, v)->cover != 1)
      are_counts = TRUE;
  for (guint v = self->nodes->len; v-- > 0;)
    {
      ShsTreeNode *node = get_node (self, v);

      if (!are_counts)
        node->cover = NAN;
      else if (node->split != SHS_LEAF)
        node->cover = get_node (self, (guint)node->left)->cover
                      + get_node (self, (guint)node->right)->cover;
    }
}

static gboolean
read_strategies (Draft *self, const ShsPmmlElement *model, GError **error)
{
  const char *missing = shs_pmml_get (model, "missingValueStrategy");
  const char *no_child = shs_pmml_get (model, "noTrueChildStrategy");

  self->takes_default_child = g_strcmp0 (missing, "defaultChild") == 0;
  self->returns_last = g_strcmp0 (no_child, "returnLastPrediction") == 0;
  if (missing == NULL || self->takes_default_child || g_str_equal (missing, "none"))
    return TRUE;
  if (g_str_equal (missing, "nullPrediction"))
    {
      shs_pmml_note (self->model, "The file gives rows with a missing value no prediction; here "
                                  "a question that a missing value leaves open is answered no");
      return TRUE;
    }
  return shs_pmml_fail (self->model, model, SHS_ERROR_UNSUPPORTED, error,
                        "the strategy for missing values is one that splits rows or stops at a "
                        "node; export the model with the strategy none or defaultChild");
}

static gboolean
keep (Draft *self, ShsPmmlTree *tree, GError **error)
{
  tree->n_nodes = self->nodes->len;
  tree->weight = 1;
  tree->nodes = shs_alloc (tree->n_nodes, sizeof *tree->nodes, error);
  if (tree->nodes == NULL)
    return FALSE;
  memcpy (tree->nodes, self->nodes->data, tree->n_nodes * sizeof *tree->nodes);
  if (self->n_outputs == 1)
    return TRUE;
  tree->vectors = shs_alloc (self->vectors->len, sizeof (double), error);
  if (tree->vectors != NULL)
    memcpy (tree->vectors, self->vectors->data, self->vectors->len * sizeof (double));
  return tree->vectors != NULL;
}

gboolean
shs_pmml_read_tree (ShsPmml *self, const ShsPmmlElement *model, gsize n_outputs, ShsPmmlTree *tree,
                    GError **error)
{
  g_autoptr (GArray) nodes = g_array_new (FALSE, TRUE, sizeof (ShsTreeNode));
  g_autoptr (GArray) vectors = g_array_new (FALSE, TRUE, sizeof (double));
  Draft draft = { .model = self, .n_outputs = n_outputs, .nodes = nodes, .vectors = vectors };
  const ShsPmmlElement *root = shs_pmml_find (model, "Node");

  *tree = (ShsPmmlTree){ 0 };
  if (root == NULL)
    return shs_pmml_fail (self, model, SHS_ERROR_INVALID, error,
                          "the tree has no nodes; export the model again");
  if (!read_strategies (&draft, model, error)
      || !shs_pmml_read_derived (self, shs_pmml_find (model, "LocalTransformations"), error)
      || !fill (&draft, root, add_node (&draft), error))
    return FALSE;
  add_covers_up (&draft);
  return keep (&draft, tree, error);
}

void
shs_pmml_tree_clear (gpointer data)
{
  ShsPmmlTree *tree = data;

  shs_free (tree->nodes);
  shs_free (tree->vectors);
}
