/* Every explainer of trees under one signature. */
#pragma once

#include "core/shs-matrix.h"
#include "tree/shs-tree-ensemble.h"

G_BEGIN_DECLS

/**
 * Explainer: what the axioms ask.
 * @base_value: what the values start from; NULL where they do not sum to the prediction
 * @is_linear: whether the values of a sum of models are the sums of their values
 */
typedef struct
{
  const char *name;
  ShsMatrix *(*explain) (ShsTreeEnsemble *ensemble, const ShsMatrix *background,
                         const ShsMatrix *rows);
  double (*base_value) (ShsTreeEnsemble *ensemble, const ShsMatrix *background, gsize output);
  gboolean is_linear;
} Explainer;

/** list_explainers: ended by one without a name. */
const Explainer *list_explainers (void);

G_END_DECLS
