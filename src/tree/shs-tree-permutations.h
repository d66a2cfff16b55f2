/* Values of a pair of rows with many players, estimated from antithetic draws. */
#pragma once

#include "core/shs-random.h"
#include "tree/shs-tree-transformed.h"

G_BEGIN_DECLS

/**
 * ShsTreeDraws: of one pair of rows.
 * @row, @background_row: of @rows and @background
 * @players: the @n_players that differ
 * @values, @squares: n_players of the ensemble x outputs of the link; means over the draws, and
 * their squared standard errors, times @factor and its square, are added
 */
typedef struct
{
  const ShsTreeEnsemble *ensemble;
  const ShsTreeTransform *transform;
  const ShsTreeOptions *options;
  const ShsMatrix *rows;
  gsize row;
  const ShsMatrix *background;
  gsize background_row;
  const guint32 *players;
  gsize n_players;
  double factor;
  double *values;
  double *squares;
} ShsTreeDraws;

/**
 * shs_tree_draws_run: Shapley: a permutation and its reverse each; Banzhaf: a random coalition and
 * the others. Cost: 2 x n_permutations x (n_players + 1) predictions.
 */
gboolean shs_tree_draws_run (const ShsTreeDraws *self, ShsRandom *random, GError **error);

G_END_DECLS
