/* Shapley values of probabilities and losses: of the transformed prediction itself. */
#pragma once

#include "tree/shs-tree-explain.h"

G_BEGIN_DECLS

/**
 * ShsTreeLink: g, from margins (m) to what is explained.
 * @SHS_TREE_LINK_LOGISTIC: 1 / (1 + exp (-m)), output by output
 * @SHS_TREE_LINK_SOFTMAX: exp (m_k) / sum, all outputs together
 * @SHS_TREE_LINK_EXP: exp (m), output by output
 * @SHS_TREE_LINK_LOG_LOSS: log (1 + exp (m)) - y m: binary cross-entropy with target y in [0, 1],
 *   output by output
 * @SHS_TREE_LINK_CLASS_LOG_LOSS: the same of models of one class against all others: the target is
 *   the number of the true class, and y is 1 in its output and 0 in the others
 * @SHS_TREE_LINK_CROSS_ENTROPY: log sum exp (m) - m_y: y is the number of the true class; one
 * output
 * @SHS_TREE_LINK_SQUARED_ERROR: (y - m)^2, output by output
 */
typedef enum
{
  SHS_TREE_LINK_LOGISTIC,
  SHS_TREE_LINK_SOFTMAX,
  SHS_TREE_LINK_EXP,
  SHS_TREE_LINK_LOG_LOSS,
  SHS_TREE_LINK_CLASS_LOG_LOSS,
  SHS_TREE_LINK_CROSS_ENTROPY,
  SHS_TREE_LINK_SQUARED_ERROR,
} ShsTreeLink;

/** shs_tree_link_count_outputs: results of g for @n_outputs margins. */
gsize shs_tree_link_count_outputs (ShsTreeLink link, gsize n_outputs);
/** shs_tree_link_needs_target: whether g depends on the row's true value. */
gboolean shs_tree_link_needs_target (ShsTreeLink link);

/**
 * ShsTreeLinkUse: g, once it is known for what.
 * @slope: factor of the margins before g (LightGBM's sigmoid), > 0
 * @target: of the row; ignored where g needs none
 */
typedef struct
{
  ShsTreeLink link;
  double slope;
  double target;
} ShsTreeLinkUse;

/**
 * shs_tree_link_apply:
 * @margins: n_outputs x n: margin k of game i at k * n + i
 * @results: shs_tree_link_count_outputs() x n, likewise; may be @margins
 */
void shs_tree_link_apply (const ShsTreeLinkUse *use, gsize n_outputs, gsize n,
                          const double *margins, double *results);

/** SHS_TREE_MOST_EXACT: most players that differ between two rows for which all coalitions can be
 * formed. */
#define SHS_TREE_MOST_EXACT 22

/**
 * shs_tree_transformed_choose_exact: how many players that differ all coalitions should be formed
 * for, so that @n_rows x @n_background pairs of rows take minutes at most: 10 .. 20.
 */
guint shs_tree_transformed_choose_exact (gsize n_rows, gsize n_background, gsize n_outputs);

/**
 * ShsTreeTransform:
 * @link: g; @slope: see #ShsTreeLinkUse
 * @targets: (nullable): n numbers where g needs them
 * @most_exact: all coalitions are formed where at most so many players differ (at most
 *   %SHS_TREE_MOST_EXACT); permutations are drawn for other pairs of rows
 * @n_permutations: pairs of a permutation and its reverse, for each such pair of rows; at least 2
 * @seed: of the permutations
 * @first_row: number of the first row in the data: permutations are drawn by seed and row
 */
typedef struct
{
  ShsTreeLink link;
  double slope;
  const double *targets;
  guint most_exact;
  guint n_permutations;
  guint64 seed;
  gsize first_row;
} ShsTreeTransform;

/**
 * ShsTreeTransformed: what came out; matrices have shs_tree_link_count_outputs() = K columns, or
 * K x players.
 * @values: n x (n_players * K): column output * n_players + player
 * @bases: n x K: mean of g over the background
 * @errors: (nullable): as @values: standard errors; 0 where all coalitions were formed
 * @n_exact, @n_sampled: (out): pairs of rows; n_sampled = 0 says that the values are exact
 * @most_different: (out): most players that differ between two rows
 */
typedef struct
{
  ShsMatrix *values;
  ShsMatrix *bases;
  ShsMatrix *errors;
  gsize n_exact;
  gsize n_sampled;
  gsize most_different;
} ShsTreeTransformed;

/**
 * shs_tree_transformed:
 * @background: m x n_features
 * @rows: n x n_features
 * @options: index, threads, instructions, progress (counts rows x trees)
 * @result: its matrices are overwritten
 *
 * Shapley (or Banzhaf) values of the game v(S) = mean over the background's rows z of
 * g(f(x at the players of S, z elsewhere)), itself: no margin's values are rescaled. Needs no
 * covers. For each pair (x, z) only the d players matter at whose splits the two go different ways,
 * or whose features differ that a linear leaf multiplies:
 * the trees' leaves are added into a table of the margins of all 2^d coalitions by subset sums.
 * Double. Cost: n x m x (trees x leaves reached + 2^d d).
 *
 * Where d is too large, the pair's values are estimated by antithetic permutations (Mitchell et
 * al., JMLR 23, 2022), unbiased, with the standard errors that their spread gives.
 *
 * Returns: FALSE with %SHS_ERROR_MISMATCH, %SHS_ERROR_INVALID without background or with a target
 *   that is none, %SHS_ERROR_CANCELLED or %SHS_ERROR_MEMORY
 */
gboolean shs_tree_transformed (const ShsTreeEnsemble *ensemble, const ShsMatrix *background,
                               const ShsMatrix *rows, const ShsTreeTransform *transform,
                               const ShsTreeOptions *options, ShsTreeTransformed *result,
                               GError **error);

G_END_DECLS
