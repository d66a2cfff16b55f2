/* Interaction values of pairs of players. */
#pragma once

#include "tree/shs-tree-background.h"

G_BEGIN_DECLS

/**
 * ShsTreePairs: pairs of players, immutable.
 * @first, @second: n players each, first < second; in ascending order of (first, second)
 */
typedef struct
{
  gsize n;
  guint32 *first;
  guint32 *second;
} ShsTreePairs;

/**
 * shs_tree_pairs_find: (transfer full): the pairs of players that meet on a path of @ensemble, or
 * of which a linear leaf multiplies one and stands below the other. All others have no interaction.
 * Cost: nodes x players on a path.
 *
 * Returns: NULL with %SHS_ERROR_UNSUPPORTED where a path has more than %SHS_TREE_MAX_PATH_FEATURES
 *   players, or %SHS_ERROR_MEMORY
 */
ShsTreePairs *shs_tree_pairs_find (const ShsTreeEnsemble *ensemble, GError **error);
/** shs_tree_pairs_pick: (transfer full): those with the @n ascending @numbers. */
ShsTreePairs *shs_tree_pairs_pick (const ShsTreePairs *self, const gsize *numbers, gsize n,
                                   GError **error);
void shs_tree_pairs_free (ShsTreePairs *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsTreePairs, shs_tree_pairs_free)

/** shs_tree_pairs_look_up: the number of the pair @first < @second; G_MAXSIZE where it is none. */
gsize shs_tree_pairs_look_up (const ShsTreePairs *self, guint32 first, guint32 second);

/**
 * shs_tree_interactions:
 * @background: (nullable): finished, of @ensemble; NULL for the path-dependent game
 * @pairs: those of shs_tree_pairs_find(), or some of them
 * @rows: n x n_features
 * @options: its index says whether Shapley or Banzhaf interactions
 * @values: n x (pairs->n * n_outputs), overwritten: column output * pairs->n + pair
 *
 * The whole interaction index of each pair (shap shows half of it in both of a pair's cells):
 * the mean over coalitions S of the others of v(S + both) - v(S + first) - v(S + second) + v(S).
 * Path-dependent: second derivative of the multilinear extension by quadrature, rows in SIMD lanes,
 * see shs-tree-pair-kernels.c; cost: nodes x players above them. Interventional: tables of subset
 * sums, see shs-tree-pair-tables.c; below more than 8 players by the patterns that the background
 * has, see shs-tree-partners.h. Tables stay with the background. Error: as
 * shs_tree_path_dependent().
 *
 * Returns: FALSE with an error of shs_tree_path_dependent()
 */
gboolean shs_tree_interactions (const ShsTreeEnsemble *ensemble, ShsTreeBackground *background,
                                const ShsTreePairs *pairs, const ShsMatrix *rows,
                                const ShsTreeOptions *options, ShsMatrix *values, GError **error);

G_END_DECLS
