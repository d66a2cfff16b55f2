/* The one tree ensemble: every library's trees in one struct of arrays. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShsSplit: when a value goes LEFT at a node.
 * @SHS_SPLIT_LESS: value < threshold
 * @SHS_SPLIT_LESS_EQUAL: value <= threshold
 * @SHS_SPLIT_GREATER: value > threshold
 * @SHS_SPLIT_GREATER_EQUAL: value >= threshold
 * @SHS_SPLIT_EQUAL: value == threshold
 * @SHS_SPLIT_NOT_EQUAL: value != threshold
 * @SHS_SPLIT_IN_SET: the integer part of the value is in the node's category set
 * @SHS_SPLIT_NOT_IN_SET: it is not (values that are negative or beyond the set are not in it)
 * @SHS_LEAF: no split
 */
typedef enum
{
  SHS_SPLIT_LESS,
  SHS_SPLIT_LESS_EQUAL,
  SHS_SPLIT_GREATER,
  SHS_SPLIT_GREATER_EQUAL,
  SHS_SPLIT_EQUAL,
  SHS_SPLIT_NOT_EQUAL,
  SHS_SPLIT_IN_SET,
  SHS_SPLIT_NOT_IN_SET,
  SHS_LEAF,
} ShsSplit;

/**
 * ShsMissing: flags of a node: which values are missing there, where they go, and how categories
 * are read.
 * @SHS_MISSING_NAN: NaN is missing
 * @SHS_MISSING_ZERO: |value| <= 1e-35f is missing too (LightGBM's missing type Zero)
 * @SHS_MISSING_LEFT: missing values go left (otherwise right)
 * @SHS_CATEGORY_TRUNCATES: at set splits: -1 < value < 0 is category 0 (LightGBM's rounding toward
 *   zero); otherwise it is in no set
 * Without SHS_MISSING_NAN a NaN is taken as 0 first (LightGBM's missing type None) when
 * @SHS_MISSING_NAN_IS_ZERO is set, and otherwise compares as in C: only "not equal" and "not in
 * set" hold. A NaN that was taken as 0 is missing where @SHS_MISSING_ZERO says that 0 is.
 */
typedef enum
{
  SHS_MISSING_NAN = 1 << 0,
  SHS_MISSING_ZERO = 1 << 1,
  SHS_MISSING_LEFT = 1 << 2,
  SHS_MISSING_NAN_IS_ZERO = 1 << 3,
  SHS_CATEGORY_TRUNCATES = 1 << 4,
} ShsMissing;

/** ShsTreeCast: the type a value is rounded to before it is compared: the library's own. */
typedef enum
{
  SHS_TREE_CAST_DOUBLE,
  SHS_TREE_CAST_FLOAT,
} ShsTreeCast;

/**
 * ShsTreeNode: one node as a loader describes it.
 * @split: rule, or %SHS_LEAF
 * @missing: flags of #ShsMissing
 * @feature: feature index; ignored at leaves
 * @set: for set splits: index given by shs_tree_builder_add_set()
 * @left, @right: children, counted from the tree's first node (the root is 0)
 * @threshold: compared with the (cast) value; ignored at leaves and for sets
 * @cover: training weight that reached the node, >= 0; NaN when the file has none
 * @value: the leaf's value; for vector leaves see shs_tree_builder_set_leaf_vector()
 */
typedef struct
{
  ShsSplit split;
  guint missing;
  gint32 feature;
  gint32 set;
  gint32 left;
  gint32 right;
  double threshold;
  double cover;
  double value;
} ShsTreeNode;

/**
 * ShsTreeLinearLeaf: a leaf whose value is a linear function, as a loader describes it.
 * @constant: of the function
 * @n_terms: summands; where there are none, the leaf's value is @constant
 * @feature: of each summand; @coefficient: of each summand
 *
 * The leaf's value is constant + sum of coefficient x value of the feature, or the node's own value
 * where one of these features is NaN.
 */
typedef struct
{
  double constant;
  gsize n_terms;
  const gint32 *feature;
  const double *coefficient;
} ShsTreeLinearLeaf;

/** ShsTreeLinearLeaves: the linear leaves of an ensemble (shs-tree-linear-leaves.h). */
typedef struct _ShsTreeLinearLeaves ShsTreeLinearLeaves;

/** ShsTreeCache: what the kernels compiled for an ensemble. */
typedef struct _ShsTreeCache ShsTreeCache;

/**
 * ShsTreeEnsemble: immutable, reference counted.
 *
 * f(x)[k] = base[k] + sum over trees of weight(tree) * leaf(x)[k], where a tree with scalar leaves
 * adds to its own output only. All arrays below are indexed by node over all trees, trees one after
 * the other, each tree in depth-first order with the left child right behind its parent.
 *
 * @n_features: features of the model
 * @n_players: those whom Shapley values are given to
 * @n_outputs: outputs K
 * @n_trees: trees
 * @n_nodes: nodes of all trees
 * @leaf_size: values per leaf: 1 (a tree adds to @tree_output), or K
 * @cast: how values are rounded before comparison
 * @player: n_features numbers: whom each feature belongs to. Features of one player take part
 *   together; without shs_tree_builder_set_players() each feature is a player of its own
 * @base: K numbers
 * @tree_first: n_trees + 1 first nodes
 * @tree_output: output of each tree; 0 where leaf_size is K
 * @tree_weight: factor of each tree's leaves (DART, averages)
 * @tree_depth: edges on the longest path of each tree
 * @split, @missing, @feature: per node
 * @threshold: per node: what is compared with; at set splits the set's number, see
 *   shs_tree_ensemble_get_set(); at leaves the value or the vector's number, see
 *   shs_tree_ensemble_get_leaf(). One place for all three, for models of many millions of nodes
 * @right: per node, counted over all trees; the left child of v is v + 1; a leaf names itself
 * @cover, @wide_cover: training weights per node, see shs_tree_ensemble_get_cover(); one of the two
 *   is NULL: floats serve where they hold every cover exactly
 * @value: n_leaves x leaf_size numbers where leaf_size is above 1; NULL otherwise
 * @n_leaves: leaves of all trees where leaf_size is above 1; 0 otherwise
 * @set_first: n_sets + 1 offsets into @set_words; bit c of the words says that category c is in it
 * @linear: (nullable): leaves that are linear functions of features; the value above counts where
 *   one of these is NaN. Only where leaf_size is 1
 * @has_cover: whether every node has a cover; a tree of one leaf needs none
 * @expected, @max_leaf_sum: K numbers, see the functions of these names
 * @cache: place of what shs_tree_path_dependent() compiled and keeps until the ensemble is freed:
 * at most 64 MiB; locked inside
 */
typedef struct
{
  gint references;
  gsize n_features;
  gsize n_players;
  gsize n_outputs;
  gsize n_trees;
  gsize n_nodes;
  gsize n_leaves;
  gsize leaf_size;
  ShsTreeCast cast;
  gboolean has_cover;
  guint32 *player;
  double *base;
  gsize *tree_first;
  guint32 *tree_output;
  double *tree_weight;
  guint32 *tree_depth;
  guint8 *split;
  guint8 *missing;
  gint32 *feature;
  double *threshold;
  guint32 *right;
  float *cover;
  double *wide_cover;
  double *value;
  gsize n_sets;
  gsize *set_first;
  guint32 *set_words;
  ShsTreeLinearLeaves *linear;
  double *expected;
  double *max_leaf_sum;
  ShsTreeCache **cache;
} ShsTreeEnsemble;

ShsTreeEnsemble *shs_tree_ensemble_ref (ShsTreeEnsemble *self);
void shs_tree_ensemble_unref (ShsTreeEnsemble *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsTreeEnsemble, shs_tree_ensemble_unref)

/** shs_tree_ensemble_limit: (transfer full): the first @n_trees trees of @self; shares nothing. */
ShsTreeEnsemble *shs_tree_ensemble_limit (const ShsTreeEnsemble *self, gsize n_trees,
                                          GError **error);

/**
 * shs_tree_ensemble_expected_value:
 * @output: which output
 *
 * Returns: base + sum of tree weight x cover-weighted mean leaf: the base value of path-dependent
 *   Tree SHAP. NaN when there are no covers, or leaves are linear.
 */
double shs_tree_ensemble_expected_value (const ShsTreeEnsemble *self, gsize output);

/** shs_tree_ensemble_max_leaf_sum: sum over trees of the largest |weight x leaf| of @output: the
 * scale of the stated error bounds. What is linear in leaves is not in it. */
double shs_tree_ensemble_max_leaf_sum (const ShsTreeEnsemble *self, gsize output);

/** shs_tree_ensemble_get_leaf: the leaf_size values of the leaf @node. */
static inline const double *
shs_tree_ensemble_get_leaf (const ShsTreeEnsemble *self, gsize node)
{
  if (self->leaf_size == 1)
    return self->threshold + node;
  return self->value + (gsize)self->threshold[node] * self->leaf_size;
}

/** shs_tree_ensemble_get_set: which of the sets the set split @node asks for: an index into
 * @set_first. */
static inline gsize
shs_tree_ensemble_get_set (const ShsTreeEnsemble *self, gsize node)
{
  return (gsize)self->threshold[node];
}

/** shs_tree_ensemble_get_cover: training weight that reached @node; NaN where none is known. */
static inline double
shs_tree_ensemble_get_cover (const ShsTreeEnsemble *self, gsize node)
{
  return self->wide_cover != NULL ? self->wide_cover[node] : (double)self->cover[node];
}

/** shs_tree_splits_by_set: whether @split asks for a set of categories. */
static inline gboolean
shs_tree_splits_by_set (ShsSplit split)
{
  return split == SHS_SPLIT_IN_SET || split == SHS_SPLIT_NOT_IN_SET;
}

/**
 * shs_tree_ensemble_check_constant_leaves: the one question whether a game can be played that knows
 * constant leaves only: those that weigh the children of a node by covers.
 *
 * Returns: FALSE with %SHS_ERROR_UNSUPPORTED where leaves are linear: a feature that a leaf
 *   multiplies has no value there when it is left out, whatever the covers are
 */
gboolean shs_tree_ensemble_check_constant_leaves (const ShsTreeEnsemble *self, GError **error);

/**
 * shs_tree_ensemble_get_left_share:
 * @node: an inner node
 *
 * Returns: share of the training weight that went left: left / (left + right), so that the two
 *   shares sum to 1; 1/2 where neither child has any
 */
static inline double
shs_tree_ensemble_get_left_share (const ShsTreeEnsemble *self, gsize node)
{
  /* Halves, so that the sum of two large covers stays finite. */
  double left = 0.5 * shs_tree_ensemble_get_cover (self, node + 1);
  double right = 0.5 * shs_tree_ensemble_get_cover (self, self->right[node]);

  return left + right > 0 ? left / (left + right) : 0.5;
}

/** ShsTreeBuilder: collects trees from a loader and checks them. */
typedef struct _ShsTreeBuilder ShsTreeBuilder;

/** shs_tree_builder_new: @leaf_size: 1, or n_outputs for vector leaves. */
ShsTreeBuilder *shs_tree_builder_new (gsize n_features, gsize n_outputs, gsize leaf_size,
                                      ShsTreeCast cast);
/**
 * shs_tree_builder_new_open: for files that tell behind their trees what features and outputs the
 * model has: trees are added with output 0 and weight 1, then shs_tree_builder_close() tells the
 * shape and shs_tree_builder_set_tree() what each tree adds to.
 */
ShsTreeBuilder *shs_tree_builder_new_open (gsize leaf_size, ShsTreeCast cast);
void shs_tree_builder_free (ShsTreeBuilder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsTreeBuilder, shs_tree_builder_free)

/**
 * shs_tree_builder_close:
 * @n_outputs: the leaf size where that is above 1
 *
 * Returns: FALSE with %SHS_ERROR_INVALID naming a tree that asks for a feature beyond @n_features,
 *   or %SHS_ERROR_MEMORY
 */
gboolean shs_tree_builder_close (ShsTreeBuilder *self, gsize n_features, gsize n_outputs,
                                 GError **error);

/**
 * shs_tree_builder_set_tree: another output and weight of a tree that was added. Checks what
 * shs_tree_builder_add_tree() checks of them, for constant leaves.
 */
gboolean shs_tree_builder_set_tree (ShsTreeBuilder *self, gsize tree, gsize output, double weight,
                                    GError **error);

/** shs_tree_builder_set_base: @base: n_outputs numbers; 0 without this call. */
void shs_tree_builder_set_base (ShsTreeBuilder *self, const double *base);

/**
 * shs_tree_builder_set_file_size:
 * @file_size: bytes of the file that the trees come from; 0 without this call
 *
 * All category sets together may take 64 MiB, and 64 bytes more for each byte of the file.
 */
void shs_tree_builder_set_file_size (ShsTreeBuilder *self, gsize file_size);

/**
 * shs_tree_builder_set_bytes_read:
 * @n_bytes: of the file, that the trees so far and what stood before them took; 0 without this call
 *
 * From this and the file's size the room for the trees to come is reckoned, so that memory hardly
 * grows twice. For loaders that read trees front to back and cannot tell the number of nodes.
 */
void shs_tree_builder_set_bytes_read (ShsTreeBuilder *self, gsize n_bytes);

/**
 * shs_tree_builder_reserve:
 * @n_nodes: of all trees that come, where the file tells; no more than it has bytes for
 *
 * Room for them at once, so that no memory is needed twice while the ensemble grows.
 */
gboolean shs_tree_builder_reserve (ShsTreeBuilder *self, gsize n_nodes, GError **error);

/**
 * shs_tree_builder_set_players:
 * @player: one per feature, each below @n_players
 *
 * Says which features belong together because they come from one source (a column's indicator
 * features, a column and its imputed copy): they get one value.
 *
 * Returns: FALSE with %SHS_ERROR_INVALID naming the feature, or %SHS_ERROR_MEMORY
 */
gboolean shs_tree_builder_set_players (ShsTreeBuilder *self, const guint32 *player, gsize n_players,
                                       GError **error);

/**
 * shs_tree_builder_add_set:
 * @categories: @n of them, in any order, repeats allowed, each in 0 .. 2^24 - 1
 *
 * Returns: the set's index for #ShsTreeNode, or -1 with %SHS_ERROR_INVALID, also where the sets are
 *   far larger than the file, or %SHS_ERROR_MEMORY
 */
gint32 shs_tree_builder_add_set (ShsTreeBuilder *self, const gint32 *categories, gsize n,
                                 GError **error);

/**
 * shs_tree_builder_add_tree:
 * @nodes: @n_nodes nodes in any order, root first; nodes that the root does not reach are dropped
 * @vectors: (nullable): n_nodes x leaf_size values when leaf_size > 1
 * @output: output of the tree (leaf_size 1)
 * @weight: factor of its leaves
 *
 * Checks before it keeps anything: children in range, each node reached once from the root, no
 * cycle, features below n_features, sets that exist, thresholds that are numbers, covers >= 0,
 * finite leaves. Nothing recurses.
 *
 * Returns: FALSE with %SHS_ERROR_INVALID naming tree and node
 */
gboolean shs_tree_builder_add_tree (ShsTreeBuilder *self, const ShsTreeNode *nodes, gsize n_nodes,
                                    const double *vectors, gsize output, double weight,
                                    GError **error);

/**
 * shs_tree_builder_add_linear_tree: as shs_tree_builder_add_tree() for scalar leaves
 * @linear: n_nodes entries, of which those of leaves are read, and copied
 *
 * Checks too that the features of the leaves exist and that constants and coefficients, times the
 * weight, are finite.
 */
gboolean shs_tree_builder_add_linear_tree (ShsTreeBuilder *self, const ShsTreeNode *nodes,
                                           gsize n_nodes, const ShsTreeLinearLeaf *linear,
                                           gsize output, double weight, GError **error);

/**
 * shs_tree_builder_finish: (transfer full): the ensemble; @self: (transfer full).
 * Fails with %SHS_ERROR_INVALID on a base that is not finite.
 */
ShsTreeEnsemble *shs_tree_builder_finish (ShsTreeBuilder *self, GError **error);

G_END_DECLS
