/* The background of interventional Tree SHAP: any number of rows, counted, never cut. */
#pragma once

#include "core/shs-matrix.h"
#include "tree/shs-tree-explain.h"

G_BEGIN_DECLS

/**
 * ShsTreeBackground: reference counted; immutable once finished.
 *
 * For each place where leaves are looked up (a leaf, two sibling leaves, a small tree) it counts
 * how many rows meet which of the conditions above. Its size and the cost of an explained row do
 * not depend on the number of rows. Only where a leaf lies below more players than a table can
 * have, or where the counts of very many trees exceed 512 MiB, are the rows themselves kept; in the
 * latter case the trees beyond are counted again for each call. Linear leaves keep the distinct
 * patterns of conditions, and sums of what the leaves multiply.
 */
typedef struct _ShsTreeBackground ShsTreeBackground;

/**
 * shs_tree_background_new: (transfer full): without rows.
 * @ensemble: a reference is taken
 */
ShsTreeBackground *shs_tree_background_new (ShsTreeEnsemble *ensemble,
                                            const ShsTreeOptions *options, GError **error);
ShsTreeBackground *shs_tree_background_ref (ShsTreeBackground *self);
void shs_tree_background_unref (ShsTreeBackground *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsTreeBackground, shs_tree_background_unref)

/**
 * shs_tree_background_add:
 * @rows: n x n_features, as for shs_tree_predict()
 * @options: what shs_tree_background_count_adding() says is added to the progress
 *
 * Counts a block of rows. May be called any number of times before shs_tree_background_finish();
 * not by several threads at once. How the rows are cut into blocks changes nothing: counts are
 * whole numbers. After an error the background is of no use any more.
 *
 * Cost: for a complete tree of depth D about (4^D) / 512 vector operations a row.
 */
gboolean shs_tree_background_add (ShsTreeBackground *self, const ShsMatrix *rows,
                                  const ShsTreeOptions *options, GError **error);

/** shs_tree_background_finish: no more rows come. Fails with %SHS_ERROR_INVALID without any. */
gboolean shs_tree_background_finish (ShsTreeBackground *self, const ShsTreeOptions *options,
                                     GError **error);

/** shs_tree_background_get_expected_value: mean prediction over the rows: the base value. */
double shs_tree_background_get_expected_value (const ShsTreeBackground *self, gsize output);

guint64 shs_tree_background_get_n_rows (const ShsTreeBackground *self);

/** shs_tree_background_count_adding: what shs_tree_background_add() adds to the progress for
 * @n_rows: rows x (trees and linear leaves). */
guint64 shs_tree_background_count_adding (const ShsTreeBackground *self, gsize n_rows);

/** shs_tree_background_count_explaining: what shs_tree_interventional() and
 * shs_tree_interactions() each add to the progress for @n_rows, once the background is finished:
 * rows x (trees and, for linear leaves, distinct patterns of the background there). */
guint64 shs_tree_background_count_explaining (const ShsTreeBackground *self, gsize n_rows);

/**
 * shs_tree_interventional:
 * @background: finished, of @ensemble
 * @rows: n x n_features
 * @values: n x (n_players * n_outputs), overwritten: column output * n_players + player
 *
 * Interventional Tree SHAP: exact Shapley (or Banzhaf) values of the game v(S) = mean over the
 * background's rows z of f(x at the players of S, z elsewhere). Needs no covers. Pattern tables by
 * subset sums (WOODELF: Nadel and Wettenstein, AAAI 2026; arXiv:2604.10569), looked up for rows in
 * SIMD lanes; below more than 12 players (fewer in a tree of very many leaves) by the distinct
 * patterns of background and explained rows, with the weights of Lundberg et al. 2020 (Nature
 * Machine Intelligence 2, algorithm 3). Error against exact arithmetic: at most 1e-6 (double:
 * 1e-12) of shs_tree_ensemble_max_leaf_sum(); what linear leaves add is in double, see
 * shs-tree-linear-values.h, and costs distinct patterns of the background a row. What is built
 * stays with the background, up to 256 MiB. Any thread.
 */
gboolean shs_tree_interventional (const ShsTreeEnsemble *ensemble, ShsTreeBackground *background,
                                  const ShsMatrix *rows, const ShsTreeOptions *options,
                                  ShsMatrix *values, GError **error);

G_END_DECLS
