#include "model/lightgbm/shs-lightgbm-document.h"

#include "core/shs-memory.h"
#include "core/shs-number.h"

#include <math.h>
#include <string.h>

#define IS_CATEGORY 1
#define IS_DEFAULT_LEFT 2
#define LARGEST_DECISION 15 /* the two bits above the flags are the missing type */

typedef enum
{
  LEFT_CHILD,
  RIGHT_CHILD,
  SPLIT_FEATURE,
  THRESHOLD,
  DECISION_TYPE,
  INTERNAL_COUNT,
  LEAF_VALUE,
  LEAF_COUNT,
  CATEGORY_BOUNDARY,
  CATEGORY_WORD,
  LEAF_CONSTANT,
  LEAF_N_TERMS,
  TERM_FEATURE,
  TERM_COEFFICIENT,
  N_ARRAYS,
} Array;

/* How many numbers an array has; the counts may also be left out, or have none. */
typedef enum
{
  PER_SPLIT,
  PER_LEAF,
  PER_CATEGORY_SPLIT, /* and one more */
  AS_MANY_AS_THERE_ARE,
} ArrayLength;

static const struct
{
  const char *key;
  ArrayLength length;
} arrays[N_ARRAYS] = {
  [LEFT_CHILD] = { "left_child", PER_SPLIT },
  [RIGHT_CHILD] = { "right_child", PER_SPLIT },
  [SPLIT_FEATURE] = { "split_feature", PER_SPLIT },
  [THRESHOLD] = { "threshold", PER_SPLIT },
  [DECISION_TYPE] = { "decision_type", PER_SPLIT },
  [INTERNAL_COUNT] = { "internal_count", PER_SPLIT },
  [LEAF_VALUE] = { "leaf_value", PER_LEAF },
  [LEAF_COUNT] = { "leaf_count", PER_LEAF },
  [CATEGORY_BOUNDARY] = { "cat_boundaries", PER_CATEGORY_SPLIT },
  [CATEGORY_WORD] = { "cat_threshold", AS_MANY_AS_THERE_ARE },
  [LEAF_CONSTANT] = { "leaf_const", PER_LEAF },
  [LEAF_N_TERMS] = { "num_features", PER_LEAF },
  [TERM_FEATURE] = { "leaf_features", AS_MANY_AS_THERE_ARE },
  [TERM_COEFFICIENT] = { "leaf_coeff", AS_MANY_AS_THERE_ARE },
};

/* @count: numbers in each array, 0 where the file has it not. */
typedef struct
{
  gsize n_leaves;
  gsize n_category_splits;
  gboolean is_linear;
  double *values[N_ARRAYS];
  gsize count[N_ARRAYS];
  gsize n_words_used;
} Tree;

static void
tree_clear (Tree *tree)
{
  for (gsize i = 0; i < N_ARRAYS; i++)
    shs_free (tree->values[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Tree, tree_clear)

static void
set_line_invalid (const ShsLightgbm *self, const char *at, const char *what, GError **error)
{
  shs_lightgbm_set_invalid (self, error, "tree %" G_GSIZE_FORMAT ", line %" G_GSIZE_FORMAT ": %s",
                            self->n_trees_read, shs_lightgbm_get_line (self, at), what);
}

static const char *
skip_blanks (const char *p, const char *end)
{
  while (p < end && *p == ' ')
    p++;
  return p;
}

/* Numbers parted by blanks. Returns how many, or -1. */
static gssize
parse_numbers (const char *p, const char *end, double *values, gsize n)
{
  gsize i = 0;

  for (p = skip_blanks (p, end); p < end; p = skip_blanks (p, end))
    {
      if (i == n)
        return -1;
      p = shs_number_parse_prefix (p, end, &values[i]);
      if (p == NULL || (p < end && *p != ' '))
        return -1;
      i++;
    }
  return (gssize)i;
}

static gsize
get_length (const Tree *tree, Array array, const char *value, const char *end)
{
  switch (arrays[array].length)
    {
    case PER_SPLIT:
      return tree->n_leaves - 1;
    case PER_LEAF:
      return tree->n_leaves;
    case PER_CATEGORY_SPLIT:
      return tree->n_category_splits + 1;
    case AS_MANY_AS_THERE_ARE:
      break;
    }
  return (gsize)(end - value) / 2 + 1;
}

static gboolean
read_array (const ShsLightgbm *self, Tree *tree, Array array, const char *value, const char *end,
            GError **error)
{
  gboolean is_open = arrays[array].length == AS_MANY_AS_THERE_ARE;
  gsize n = tree->n_leaves > 0 ? get_length (tree, array, value, end) : 0;
  gssize n_found = -1;

  if (tree->values[array] != NULL || n > (gsize)(end - value) / 2 + 1)
    {
      set_line_invalid (self, value, "the list is there twice or of the wrong length", error);
      return FALSE;
    }
  tree->values[array] = shs_alloc (n, sizeof (double), error);
  if (tree->values[array] == NULL)
    return FALSE;
  n_found = parse_numbers (value, end, tree->values[array], n);
  is_open = is_open || (n_found == 0 && (array == LEAF_COUNT || array == INTERNAL_COUNT));
  if (n_found < 0 || (!is_open && (gsize)n_found != n))
    {
      set_line_invalid (self, value, "the list has the wrong length or is not of numbers", error);
      return FALSE;
    }
  tree->count[array] = (gsize)n_found;
  return TRUE;
}

static gboolean
read_number (const ShsLightgbm *self, const char *value, const char *end, gsize *number,
             GError **error)
{
  double found;

  if (shs_number_parse (value, end, &found) && found >= 0 && found <= G_MAXINT32 / 2
      && found == (gint32)found)
    {
      *number = (gsize)found;
      return TRUE;
    }
  set_line_invalid (self, value, "a count is not a whole number", error);
  return FALSE;
}

static gboolean
read_line (const ShsLightgbm *self, Tree *tree, const char *line, gsize length, GError **error)
{
  const char *end = line + length;
  const char *value;
  gsize is_linear = 0;

  for (Array array = 0; array < N_ARRAYS; array++)
    if ((value = shs_lightgbm_value_of (line, length, arrays[array].key)) != NULL)
      return read_array (self, tree, array, value, end, error);
  if ((value = shs_lightgbm_value_of (line, length, "num_leaves")) != NULL)
    return read_number (self, value, end, &tree->n_leaves, error);
  if ((value = shs_lightgbm_value_of (line, length, "num_cat")) != NULL)
    return read_number (self, value, end, &tree->n_category_splits, error);
  if ((value = shs_lightgbm_value_of (line, length, "is_linear")) != NULL)
    {
      if (!read_number (self, value, end, &is_linear, error))
        return FALSE;
      tree->is_linear = is_linear != 0;
    }
  return TRUE;
}

/* A line that is empty, or begins the next block, ends the tree. */
static const char *
read_lines (const ShsLightgbm *self, Tree *tree, const char *at, GError **error)
{
  const char *line;
  const char *next = at;
  gsize length;

  while (shs_lightgbm_next_line (self, &next, &line, &length) && memchr (line, '=', length) != NULL
         && shs_lightgbm_value_of (line, length, "Tree") == NULL)
    {
      if (!read_line (self, tree, line, length, error))
        return NULL;
      at = next;
    }
  return at;
}

static const char *
find_missing (const Tree *tree)
{
  static const Array of_linear_leaves[]
      = { LEAF_CONSTANT, LEAF_N_TERMS, TERM_FEATURE, TERM_COEFFICIENT };
  static const Array of_splits[]
      = { LEFT_CHILD, RIGHT_CHILD, SPLIT_FEATURE, THRESHOLD, DECISION_TYPE };

  if (tree->n_leaves == 0)
    return "num_leaves";
  if (tree->values[LEAF_VALUE] == NULL)
    return arrays[LEAF_VALUE].key;
  for (gsize i = 0; tree->n_leaves > 1 && i < G_N_ELEMENTS (of_splits); i++)
    if (tree->values[of_splits[i]] == NULL)
      return arrays[of_splits[i]].key;
  for (gsize i = 0; tree->is_linear && i < G_N_ELEMENTS (of_linear_leaves); i++)
    if (tree->values[of_linear_leaves[i]] == NULL)
      return arrays[of_linear_leaves[i]].key;
  if (tree->n_category_splits > 0 && tree->values[CATEGORY_BOUNDARY] == NULL)
    return arrays[CATEGORY_BOUNDARY].key;
  if (tree->n_category_splits > 0 && tree->values[CATEGORY_WORD] == NULL)
    return arrays[CATEGORY_WORD].key;
  return NULL;
}

/* A list was held against the counts that stood before it; a later line may have changed them. */
static const char *
find_wrong_length (const Tree *tree)
{
  for (Array array = 0; array < N_ARRAYS; array++)
    if (arrays[array].length != AS_MANY_AS_THERE_ARE && tree->count[array] > 0
        && tree->count[array] != get_length (tree, array, NULL, NULL))
      return arrays[array].key;
  if (tree->n_category_splits > 0 && tree->count[CATEGORY_BOUNDARY] == 0)
    return arrays[CATEGORY_BOUNDARY].key;
  for (Array array = 0; array < N_ARRAYS; array++)
    if (arrays[array].length == PER_SPLIT && array != INTERNAL_COUNT && tree->n_leaves > 1
        && tree->count[array] == 0)
      return arrays[array].key;
  if (tree->is_linear && tree->count[LEAF_CONSTANT] == 0)
    return arrays[LEAF_CONSTANT].key;
  if (tree->is_linear && tree->count[LEAF_N_TERMS] == 0)
    return arrays[LEAF_N_TERMS].key;
  return tree->count[LEAF_VALUE] == 0 ? arrays[LEAF_VALUE].key : NULL;
}

/* A number of the file as a whole one in range; -1 where it is not. */
static gint64
to_index (double value, double limit)
{
  return value >= 0 && value < limit && value == floor (value) ? (gint64)value : -1;
}

/* A child as a node: splits come first, then leaves, which the file counts -1, -2, ...; one that
 * does not exist becomes -1, which the builder refuses. */
static gint32
to_child (const Tree *tree, double child)
{
  gsize n_splits = tree->n_leaves - 1;
  gint64 leaf = to_index (-1 - child, (double)tree->n_leaves);

  if (child < 0)
    return leaf < 0 ? -1 : (gint32)((gint64)n_splits + leaf);
  return (gint32)to_index (child, (double)n_splits);
}

/* The categories whose bits are set, by shs_alloc(). Each word serves one split, so that a tree
 * cannot hold more than its own words. */
static gint32 *
list_categories (const ShsLightgbm *self, Tree *tree, gint64 group, gsize *n, GError **error)
{
  const double *boundaries = tree->values[CATEGORY_BOUNDARY];
  double n_words = (double)tree->count[CATEGORY_WORD];
  gint64 first = group >= 0 ? to_index (boundaries[group], n_words + 1) : -1;
  gint64 last = group >= 0 ? to_index (boundaries[group + 1], n_words + 1) : -1;
  gint32 *categories;

  tree->n_words_used += first >= 0 && last >= first ? (gsize)(last - first) : 0;
  if (first < 0 || last < first || tree->n_words_used > tree->count[CATEGORY_WORD])
    {
      shs_lightgbm_set_invalid (self, error,
                                "tree %" G_GSIZE_FORMAT ": cat_boundaries do not cut cat_threshold",
                                self->n_trees_read);
      return NULL;
    }
  categories = shs_alloc ((gsize)(last - first) * 32, sizeof *categories, error);
  *n = 0;
  for (gint64 word = first; categories != NULL && word < last; word++)
    {
      gint64 bits = to_index (tree->values[CATEGORY_WORD][word], 4294967296.0);

      if (bits < 0)
        {
          shs_lightgbm_set_invalid (
              self, error, "tree %" G_GSIZE_FORMAT ": cat_threshold is not of words of 32 bits",
              self->n_trees_read);
          shs_free (categories);
          return NULL;
        }
      for (gint64 bit = 0; bit < 32; bit++)
        if (bits >> bit & 1)
          categories[(*n)++] = (gint32)((word - first) * 32 + bit);
    }
  return categories;
}

static gboolean
make_split (ShsLightgbm *self, Tree *tree, gsize v, ShsTreeNode *node, GError **error)
{
  gint64 decision = to_index (tree->values[DECISION_TYPE][v], LARGEST_DECISION + 1);
  double threshold = tree->values[THRESHOLD][v];
  SHS_AUTOFREE gint32 *categories = NULL;
  gsize n = 0;

  if (decision < 0 || decision >> 2 > SHS_LIGHTGBM_MISSING_NAN)
    {
      shs_lightgbm_set_invalid (self, error,
                                "tree %" G_GSIZE_FORMAT ", split %" G_GSIZE_FORMAT
                                ": decision_type %g does not exist",
                                self->n_trees_read, v, tree->values[DECISION_TYPE][v]);
      return FALSE;
    }
  node->feature = (gint32)to_index (tree->values[SPLIT_FEATURE][v], (double)self->n_features);
  node->left = to_child (tree, tree->values[LEFT_CHILD][v]);
  node->right = to_child (tree, tree->values[RIGHT_CHILD][v]);
  node->cover = tree->count[INTERNAL_COUNT] > 0 ? tree->values[INTERNAL_COUNT][v] : NAN;
  if (!(decision & IS_CATEGORY))
    {
      shs_lightgbm_set_numeric (node, threshold, (ShsLightgbmMissing)(decision >> 2),
                                (decision & IS_DEFAULT_LEFT) != 0);
      return TRUE;
    }
  categories = list_categories (self, tree, to_index (threshold, (double)tree->n_category_splits),
                                &n, error);
  return categories != NULL && shs_lightgbm_set_categories (self, node, categories, n, error);
}

/* The features that leaves multiply, as whole numbers; one that does not exist becomes -1, which
 * the builder refuses. */
static gint32 *
list_features (const ShsLightgbm *self, const Tree *tree, GError **error)
{
  gsize n = tree->count[TERM_FEATURE];
  gint32 *features = shs_alloc (n, sizeof *features, error);

  for (gsize i = 0; features != NULL && i < n; i++)
    features[i] = (gint32)to_index (tree->values[TERM_FEATURE][i], (double)self->n_features);
  return features;
}

/* What @leaves multiply: each takes the next terms, and all terms are taken. */
static gboolean
deal_terms (const ShsLightgbm *self, const Tree *tree, const gint32 *features,
            ShsTreeLinearLeaf *leaves, GError **error)
{
  gsize left = MIN (tree->count[TERM_FEATURE], tree->count[TERM_COEFFICIENT]);
  gboolean fits = tree->count[TERM_FEATURE] == tree->count[TERM_COEFFICIENT];
  gsize first = 0;

  for (gsize leaf = 0; leaf < tree->n_leaves; leaf++)
    {
      gint64 n = to_index (tree->values[LEAF_N_TERMS][leaf], (double)left + 1);

      fits = fits && n >= 0;
      n = MAX (n, 0);
      leaves[leaf] = (ShsTreeLinearLeaf){ .constant = tree->values[LEAF_CONSTANT][leaf],
                                          .n_terms = (gsize)n,
                                          .feature = features + first,
                                          .coefficient = tree->values[TERM_COEFFICIENT] + first };
      first += (gsize)n;
      left -= (gsize)n;
    }
  if (!fits || left > 0)
    shs_lightgbm_set_invalid (self, error,
                              "tree %" G_GSIZE_FORMAT
                              ": num_features does not cut leaf_features and leaf_coeff",
                              self->n_trees_read);
  return fits && left == 0;
}

/* @nodes: of the tree: splits come first. */
static gboolean
add_nodes (ShsLightgbm *self, const Tree *tree, const ShsTreeNode *nodes, gsize n_nodes,
           GError **error)
{
  gsize n_splits = tree->n_leaves - 1;
  SHS_AUTOFREE ShsTreeLinearLeaf *linear = NULL;
  SHS_AUTOFREE gint32 *features = NULL;

  if (!tree->is_linear)
    return shs_lightgbm_add_tree (self, nodes, n_nodes, NULL, error);
  features = list_features (self, tree, error);
  if (features == NULL)
    return FALSE;
  linear = shs_alloc0 (n_nodes, sizeof *linear, error);
  return linear != NULL && deal_terms (self, tree, features, linear + n_splits, error)
         && shs_lightgbm_add_tree (self, nodes, n_nodes, linear, error);
}

static gboolean
add_tree (ShsLightgbm *self, Tree *tree, GError **error)
{
  gsize n_splits = tree->n_leaves - 1;
  gsize n_nodes = n_splits + tree->n_leaves;
  SHS_AUTOFREE ShsTreeNode *nodes = shs_alloc0 (n_nodes, sizeof *nodes, error);

  if (nodes == NULL)
    return FALSE;
  for (gsize v = 0; v < n_splits; v++)
    if (!make_split (self, tree, v, &nodes[v], error))
      return FALSE;
  for (gsize leaf = 0; leaf < tree->n_leaves; leaf++)
    nodes[n_splits + leaf] = (ShsTreeNode){
      .split = SHS_LEAF,
      .cover = tree->count[LEAF_COUNT] > 0 && n_splits > 0 ? tree->values[LEAF_COUNT][leaf] : NAN,
      .value = tree->values[LEAF_VALUE][leaf],
    };
  return add_nodes (self, tree, nodes, n_nodes, error);
}

const char *
shs_lightgbm_read_tree_text (ShsLightgbm *self, const char *at, GError **error)
{
  g_auto (Tree) tree = { 0 };
  const char *missing;

  at = read_lines (self, &tree, at, error);
  if (at == NULL)
    return NULL;
  missing = find_missing (&tree);
  if (missing == NULL)
    missing = find_wrong_length (&tree);
  if (missing != NULL)
    {
      shs_lightgbm_set_invalid (self, error,
                                "tree %" G_GSIZE_FORMAT ": %s is missing or of the wrong length",
                                self->n_trees_read, missing);
      return NULL;
    }
  return add_tree (self, &tree, error) ? at : NULL;
}
