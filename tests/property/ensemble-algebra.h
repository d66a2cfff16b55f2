/* Ensembles made from ensembles: what the axioms speak of. */
#pragma once

#include "tree/shs-tree-ensemble.h"

G_BEGIN_DECLS

/**
 * EnsemblePart: one term of a sum.
 * @factor: of all its leaves and of its base
 * @renamed: (nullable): for each of its features, which feature of the sum it is
 */
typedef struct
{
  const ShsTreeEnsemble *ensemble;
  double factor;
  const guint32 *renamed;
} EnsemblePart;

/** ensemble_sum: factor * f + ..., over @n_features features, each a player of its own. */
ShsTreeEnsemble *ensemble_sum (const EnsemblePart *parts, gsize n_parts, gsize n_features);

G_END_DECLS
