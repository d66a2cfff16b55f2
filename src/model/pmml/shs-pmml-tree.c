/* TreeModel: nodes with any number of children, tried in their order, whose predicates may ask
 * several questions, become splits of one question each. */

#include "model/pmml/shs-pmml-draft.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <math.h>
#include <string.h>

#define MOST_NODES 1000000
#define MOST_LEVELS 4000
#define MOST_ASKED 200000000

static guint
add_node (ShsPmmlDraft *self)
{
  ShsTreeNode node = { .split = SHS_LEAF, .set = -1, .cover = NAN };

  g_array_append_val (self->nodes, node);
  g_ptr_array_add (self->leaves, NULL);
  if (self->n_outputs > 1)
    g_array_set_size (self->vectors, self->nodes->len * self->n_outputs);
  return self->nodes->len - 1;
}

static void
count_up (GHashTable *counts, const ShsPmmlElement *element)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, element));

  g_hash_table_insert (counts, (gpointer)element, GUINT_TO_POINTER (n + 1));
}

static gboolean
fill_leaf (ShsPmmlDraft *self, const ShsPmmlPlace *place, guint node, GError **error)
{
  double *vector = self->n_outputs > 1
                       ? &g_array_index (self->vectors, double, node * self->n_outputs)
                       : &shs_pmml_draft_get_node (self, node)->value;

  if (place->kind == SHS_PMML_OUTSIDE)
    return TRUE;
  count_up (place->kind == SHS_PMML_STOPPED ? self->stops : self->visits, place->element);
  self->leaves->pdata[node] = (gpointer)place->element;
  return shs_pmml_read_leaf (self->model, place->element, self->n_outputs, vector, error);
}

static gboolean
is_same_end (const ShsPmmlPlace *a, const ShsPmmlPlace *b)
{
  return a->kind != SHS_PMML_ASKING && a->kind == b->kind && a->element == b->element;
}

static gboolean
is_same_place (const ShsPmmlPlace *a, const ShsPmmlPlace *b)
{
  return is_same_end (a, b)
         || (a->kind == SHS_PMML_ASKING && b->kind == SHS_PMML_ASKING && a->element == b->element
             && a->child == b->child && a->open == b->open);
}

/* Where a row comes for which, beside what is known, the feature of @test has this fact. */
static ShsPmmlPlace
walk_with (ShsPmmlDraft *self, const ShsPmmlPlace *from, gint32 feature, const ShsPmmlFact *fact)
{
  guint mark = shs_pmml_facts_mark (self->facts);
  ShsPmmlPlace place;

  shs_pmml_facts_push (self->facts, feature, shs_pmml_fact_copy (fact));
  place = shs_pmml_draft_walk (self, *from);
  shs_pmml_facts_pop_to (self->facts, mark);
  return place;
}

/* The last way of a row without a value of @feature through the children of @element: whoever joins
 * it before it ends comes to the same place, as long as nothing else is found out about the row.
 * Without it each of a node's children would be asked again for each child before. */
typedef struct
{
  gint32 feature;
  const ShsPmmlElement *element;
  guint begin;
  guint end;
  ShsPmmlPlace place;
} MissingWay;

static ShsPmmlPlace
walk_without_value (ShsPmmlDraft *self, const ShsPmmlPlace *from, gint32 feature,
                    const ShsPmmlFact *missing, MissingWay *way)
{
  if (from->element == NULL)
    return walk_with (self, from, feature, missing);
  if (way->element != from->element || way->feature != feature || from->child < way->begin
      || from->child > way->end)
    {
      *way = (MissingWay){ .feature = feature, .element = from->element, .begin = from->child };
      way->place = walk_with (self, from, feature, missing);
      way->end = self->walked_to;
    }
  return way->place;
}

/* Branch: one way on from a test: rows for which @fact holds come to @place. */
typedef struct
{
  gboolean exists;
  ShsPmmlFact *fact;
  ShsPmmlPlace place;
} Branch;

typedef struct
{
  const ShsPmmlPredicate *test;
  Branch yes;
  Branch no;
  Branch missing;
} Fork;

static void
fork_clear (Fork *self)
{
  shs_pmml_fact_free (self->yes.fact);
  shs_pmml_fact_free (self->no.fact);
  shs_pmml_fact_free (self->missing.fact);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fork, fork_clear)

static void
open_branch (ShsPmmlDraft *self, const ShsPmmlPlace *from, const Fork *fork, Branch *branch,
             ShsPmmlFact *fact)
{
  branch->exists = TRUE;
  branch->fact = fact;
  branch->place = walk_with (self, from, fork->test->test.feature, fact);
}

static void
open_missing_branch (ShsPmmlDraft *self, const ShsPmmlPlace *from, Fork *fork, MissingWay *way)
{
  Branch *branch = &fork->missing;

  branch->exists = TRUE;
  branch->fact = shs_pmml_fact_new (TRUE);
  branch->fact->may_be = FALSE;
  branch->place = walk_without_value (self, from, fork->test->test.feature, branch->fact, way);
}

static void
open_fork (ShsPmmlDraft *self, const ShsPmmlPlace *place, Fork *fork, MissingWay *way)
{
  const ShsPmmlTest *test = &fork->test->test;
  const ShsPmmlFact *known = shs_pmml_predicate_fact (fork->test, self->facts);
  ShsPmmlTruth present = SHS_PMML_TRUE;
  ShsPmmlFact *fact;

  if (test->kind != SHS_PMML_MISSING)
    present = shs_pmml_fact_ask (known, test);
  if (known->may_miss)
    open_missing_branch (self, place, fork, way);
  if (present == SHS_PMML_OPEN)
    {
      open_branch (self, place, fork, &fork->yes, shs_pmml_fact_answer (known, test, TRUE));
      open_branch (self, place, fork, &fork->no, shs_pmml_fact_answer (known, test, FALSE));
      return;
    }
  fact = shs_pmml_fact_copy (known);
  fact->may_miss = FALSE;
  open_branch (self, place, fork, &fork->no, fact);
}

/* The predicate that was asked at @from is behind: what it answered is all that it matters for. */
static gboolean
has_gone_on (const ShsPmmlPlace *from, const ShsPmmlPlace *to)
{
  return to->element != from->element || to->child > from->child;
}

/* Whether rows with a missing value may go the way of @branch: they end at the same place, or what
 * is asked there next leads them to where they belong. */
static gboolean
takes_missing (ShsPmmlDraft *self, const ShsPmmlPlace *from, const Fork *fork, const Branch *branch,
               MissingWay *way)
{
  ShsPmmlPlace place;

  if (is_same_end (&fork->missing.place, &branch->place))
    return TRUE;
  if (branch->place.kind != SHS_PMML_ASKING || !has_gone_on (from, &branch->place))
    return FALSE;
  place = walk_without_value (self, &branch->place, fork->test->test.feature, fork->missing.fact,
                              way);
  return is_same_place (&fork->missing.place, &place);
}

static gint32
get_set (ShsPmmlDraft *self, ShsPmmlPredicate *test)
{
  GArray *set;

  if (test->set >= 0)
    return test->set;
  set = g_array_new (FALSE, FALSE, sizeof (gint32));
  for (guint i = 0; i < test->test.listed->len; i++)
    {
      double value = g_array_index (test->test.listed, double, i);
      gint32 code = (gint32)value;

      if (value >= 0)
        g_array_append_val (set, code);
    }
  test->set = (gint32)self->model->sets->len;
  g_ptr_array_add (self->model->sets, set);
  return test->set;
}

/* Left are rows that answer yes to the test as it is turned. */
static ShsTreeNode
make_split (ShsPmmlDraft *self, ShsPmmlPredicate *test)
{
  ShsTreeNode node = { .feature = test->test.feature,
                       .missing = SHS_MISSING_NAN,
                       .set = -1,
                       .threshold = test->test.number,
                       .cover = NAN };

  if (test->test.kind == SHS_PMML_LESS)
    node.split = test->is_turned ? SHS_SPLIT_GREATER_EQUAL : SHS_SPLIT_LESS;
  else if (test->test.kind == SHS_PMML_LESS_EQUAL)
    node.split = test->is_turned ? SHS_SPLIT_GREATER : SHS_SPLIT_LESS_EQUAL;
  else if (test->test.listed->len == 1)
    {
      node.split = test->is_turned ? SHS_SPLIT_NOT_EQUAL : SHS_SPLIT_EQUAL;
      node.threshold = g_array_index (test->test.listed, double, 0);
    }
  else
    {
      node.split = test->is_turned ? SHS_SPLIT_NOT_IN_SET : SHS_SPLIT_IN_SET;
      node.set = get_set (self, test);
    }
  return node;
}

/* No number is less than minus infinity: left are missing values alone. */
static ShsTreeNode
make_missing_split (const ShsPmmlPredicate *test)
{
  return (ShsTreeNode){ .split = SHS_SPLIT_LESS,
                        .feature = test->test.feature,
                        .missing = SHS_MISSING_NAN | SHS_MISSING_LEFT,
                        .threshold = -INFINITY,
                        .set = -1,
                        .cover = NAN };
}

static gboolean fill (ShsPmmlDraft *self, ShsPmmlPlace place, guint node, guint level,
                      GError **error);

/* Fills the left child of @node with @branch and says which node the right one is. */
static gboolean
go_left (ShsPmmlDraft *self, ShsTreeNode split, guint *node, gint32 feature, const Branch *branch,
         guint level, GError **error)
{
  guint mark = shs_pmml_facts_mark (self->facts);
  gboolean ok;

  split.left = (gint32)add_node (self);
  split.right = (gint32)add_node (self);
  *shs_pmml_draft_get_node (self, *node) = split;
  shs_pmml_facts_push (self->facts, feature, shs_pmml_fact_copy (branch->fact));
  ok = fill (self, branch->place, (guint)split.left, level + 1, error);
  shs_pmml_facts_pop_to (self->facts, mark);
  *node = (guint)split.right;
  return ok;
}

/* Makes the splits of a fork and fills what lies to their left; @place and @node: where it goes on,
 * with what is then known; @mark: of facts when it came here; @way: since then. */
static gboolean
split (ShsPmmlDraft *self, ShsPmmlPlace *place, guint *node, guint mark, guint level,
       MissingWay *way, GError **error)
{
  ShsPmmlPredicate *test = place->open;
  g_auto (Fork) fork = { .test = test };
  gint32 feature = test->test.feature;
  Branch *left = test->is_turned ? &fork.no : &fork.yes;
  Branch *right = test->is_turned ? &fork.yes : &fork.no;
  gboolean is_apart = FALSE;
  ShsTreeNode made;

  if (way->feature != feature)
    *way = (MissingWay){ .feature = feature };
  open_fork (self, place, &fork, way);
  if (!fork.yes.exists)
    right = &fork.no;
  if ((!fork.missing.exists || is_same_end (&fork.missing.place, &right->place))
      && (!fork.yes.exists || is_same_end (&left->place, &right->place)))
    {
      *place = right->place;
      return TRUE;
    }
  made = fork.yes.exists ? make_split (self, test) : make_missing_split (test);
  if (fork.missing.exists && takes_missing (self, place, &fork, right, way))
    right->fact->may_miss = TRUE;
  else if (fork.missing.exists && fork.yes.exists && takes_missing (self, place, &fork, left, way))
    {
      left->fact->may_miss = TRUE;
      made.missing |= SHS_MISSING_LEFT;
    }
  else
    is_apart = fork.missing.exists;
  if (is_apart
      && !go_left (self, make_missing_split (test), node, feature, &fork.missing, level, error))
    return FALSE;
  if (fork.yes.exists && !go_left (self, made, node, feature, left, level, error))
    return FALSE;
  shs_pmml_facts_go_on (self->facts, mark, feature, shs_pmml_fact_copy (right->fact));
  *place = right->place;
  return TRUE;
}

static gboolean
check_limits (const ShsPmmlDraft *self, guint level, GError **error)
{
  const ShsPmml *model = self->model;

  if (model->n_nodes + self->nodes->len <= MOST_NODES && level <= MOST_LEVELS
      && model->n_asked <= MOST_ASKED)
    return shs_progress_check (model->progress, error);
  return shs_pmml_fail (model, self->tree, SHS_ERROR_UNSUPPORTED, error,
                        "nodes of many children, predicates of several questions and missing "
                        "values unfold into more than %d nodes, %d levels or %d questions; export "
                        "fewer or binary trees",
                        MOST_NODES, MOST_LEVELS, MOST_ASKED);
}

/* Goes on from @place, for which the facts hold, at @node. What lies right is followed without
 * recursion. */
static gboolean
fill (ShsPmmlDraft *self, ShsPmmlPlace place, guint node, guint level, GError **error)
{
  guint mark = shs_pmml_facts_mark (self->facts);
  MissingWay way = { 0 };
  gboolean is_leaf = FALSE;
  gboolean ok = TRUE;

  while (ok && !is_leaf)
    {
      place = shs_pmml_draft_walk (self, place);
      is_leaf = place.kind != SHS_PMML_ASKING;
      if (self->problem != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&self->problem));
          ok = FALSE;
        }
      else if (place.kind == SHS_PMML_INSIDE && shs_pmml_has_children (place.element))
        {
          place = (ShsPmmlPlace){ .kind = SHS_PMML_ASKING, .element = place.element };
          is_leaf = FALSE;
        }
      else
        ok = check_limits (self, level, error)
             && (is_leaf ? fill_leaf (self, &place, node, error)
                         : split (self, &place, &node, mark, level, &way, error));
    }
  shs_pmml_facts_pop_to (self->facts, mark);
  return ok;
}

static gboolean
read_strategies (ShsPmmlDraft *self, GError **error)
{
  static const struct
  {
    const char *word;
    ShsPmmlStrategy strategy;
  } strategies[] = {
    { "none", SHS_PMML_UNKNOWN_IS_FALSE },
    { "nullPrediction", SHS_PMML_UNKNOWN_IS_NULL },
    { "lastPrediction", SHS_PMML_UNKNOWN_STOPS },
    { "defaultChild", SHS_PMML_UNKNOWN_TAKES_DEFAULT },
    { "weightedConfidence", SHS_PMML_UNKNOWN_IS_REFUSED },
    { "aggregateNodes", SHS_PMML_UNKNOWN_IS_REFUSED },
  };
  const char *word = shs_pmml_get (self->tree, "missingValueStrategy");
  gsize i = 0;

  self->returns_last
      = g_strcmp0 (shs_pmml_get (self->tree, "noTrueChildStrategy"), "returnLastPrediction") == 0;
  while (word != NULL && i < G_N_ELEMENTS (strategies) && !g_str_equal (word, strategies[i].word))
    i++;
  if (i == G_N_ELEMENTS (strategies))
    return shs_pmml_refuse (self->model, self->tree, "a missingValueStrategy of another name",
                            error);
  self->strategy = strategies[i].strategy;
  return TRUE;
}

static gboolean
keep (ShsPmmlDraft *self, ShsPmmlTree *tree, GError **error)
{
  tree->n_nodes = self->nodes->len;
  tree->weight = 1;
  self->model->n_nodes += tree->n_nodes;
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

static void
draft_clear (ShsPmmlDraft *self)
{
  g_array_unref (self->nodes);
  g_array_unref (self->vectors);
  g_ptr_array_unref (self->leaves);
  g_hash_table_unref (self->visits);
  g_hash_table_unref (self->stops);
  g_hash_table_unref (self->predicates);
  shs_pmml_facts_free (self->facts);
  g_clear_error (&self->problem);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsPmmlDraft, draft_clear)

static void
draft_init (ShsPmmlDraft *self)
{
  self->nodes = g_array_new (FALSE, TRUE, sizeof (ShsTreeNode));
  self->vectors = g_array_new (FALSE, TRUE, sizeof (double));
  self->leaves = g_ptr_array_new ();
  self->visits = g_hash_table_new (NULL, NULL);
  self->stops = g_hash_table_new (NULL, NULL);
  self->predicates
      = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)shs_pmml_predicate_free);
  self->facts = shs_pmml_facts_new ();
}

gboolean
shs_pmml_read_tree (ShsPmml *self, const ShsPmmlElement *model, gsize n_outputs, ShsPmmlTree *tree,
                    GError **error)
{
  g_auto (ShsPmmlDraft) draft = { .model = self, .tree = model, .n_outputs = n_outputs };

  *tree = (ShsPmmlTree){ 0 };
  draft_init (&draft);
  draft.root = shs_pmml_find (model, "Node");
  if (draft.root == NULL)
    return shs_pmml_fail (self, model, SHS_ERROR_INVALID, error,
                          "the tree has no nodes; export the model again");
  if (!read_strategies (&draft, error)
      || !shs_pmml_read_derived (self, shs_pmml_find (model, "LocalTransformations"), error)
      || !fill (&draft, (ShsPmmlPlace){ .kind = SHS_PMML_ASKING }, add_node (&draft), 0, error))
    return FALSE;
  shs_pmml_draft_add_covers (&draft);
  return keep (&draft, tree, error);
}

void
shs_pmml_tree_clear (gpointer data)
{
  ShsPmmlTree *tree = data;

  shs_free (tree->nodes);
  shs_free (tree->vectors);
}
