/* Random ensembles and slow, plainly right answers about them. */
#pragma once

#include "core/shs-matrix.h"
#include "core/shs-random.h"
#include "tree/shs-tree-ensemble.h"
#include "tree/shs-tree-explain.h"

G_BEGIN_DECLS

/**
 * TreeShape: what random_ensemble() makes.
 * @split_chance: that a node above @depth splits; 1 gives complete trees
 * @is_chain: one child of each split is a leaf
 * @all_rules: every operator, set and missing rule; otherwise "<" with NaN left or right
 * @zero_covers: some subtrees have no training weight
 * @n_players: whom the features belong to, by chance; 0: each is a player of its own
 * @most_terms: leaves multiply up to so many features, of the path or not, also repeated ones; some
 *   leaves and some trees multiply none
 * @is_oblivious: one test a level, as in CatBoost's trees
 */
typedef struct
{
  gsize n_features;
  gsize n_outputs;
  gboolean vector_leaves;
  gsize n_trees;
  guint depth;
  double split_chance;
  gboolean is_chain;
  gboolean all_rules;
  gboolean zero_covers;
  ShsTreeCast cast;
  gsize n_players;
  gsize most_terms;
  gboolean is_oblivious;
} TreeShape;

ShsTreeEnsemble *random_ensemble (guint64 seed, const TreeShape *shape);

/** random_rows: values on the grid of the thresholds (ties are common), off it, NaN, huge. */
ShsMatrix *random_rows (guint64 seed, gsize n, gsize n_features);

/** oracle_goes_left: by the definitions of #ShsSplit and #ShsMissing, for one value. */
gboolean oracle_goes_left (const ShsTreeEnsemble *ensemble, gsize node, double value);

/** oracle_predict: row by row, tree by tree. */
ShsMatrix *oracle_predict (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows);

/**
 * OracleGame: one tree and one row.
 * @background: (nullable): players that do not take part follow its row @background_row; NULL: both
 *   children are weighed by their covers
 * @leaf_value: which of the leaves' values
 * @bit_of: by player: bit in coalitions
 */
typedef struct
{
  const ShsTreeEnsemble *ensemble;
  const ShsMatrix *rows;
  gsize row;
  const ShsMatrix *background;
  gsize background_row;
  gsize leaf_value;
  const gint32 *bit_of;
} OracleGame;

/** oracle_play: what a coalition is worth below @node, without the tree's weight. */
long double oracle_play (const OracleGame *game, gsize node, guint32 coalition);

/** oracle_get_weight: of what a player adds to a coalition of @size of the others, among @k. */
long double oracle_get_weight (ShsTreeIndex index, int size, gsize k);

/** oracle_list_players: the players that @tree uses, and the bit of each; -1 for others. */
gsize oracle_list_players (const ShsTreeEnsemble *ensemble, gsize tree, gint32 *bit_of,
                           guint32 *players);

/**
 * oracle_path_dependent: Shapley or Banzhaf values by their definition, over all coalitions of the
 * players that a tree uses (20 at most), in long double. v(S) follows the row at features of S and
 * weighs both children by their covers elsewhere.
 *
 * @values: n_outputs x n_players, overwritten
 */
void oracle_path_dependent (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows, gsize row,
                            ShsTreeIndex index, double *values);

/** oracle_interventional: the same for the game in which features outside S come from a row of
 * @background: the mean over its rows; NULL: as oracle_path_dependent(). */
void oracle_interventional (const ShsTreeEnsemble *ensemble, const ShsMatrix *background,
                            const ShsMatrix *rows, gsize row, ShsTreeIndex index, double *values);

/** list_instructions: those that this processor has, ended by SHS_INSTRUCTIONS_BEST; prints the
 * others as skipped, once. */
const ShsInstructions *list_instructions (void);

G_END_DECLS
