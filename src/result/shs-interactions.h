/* The interaction values of an explanation, however they are stored. */
#pragma once

#include "result/shs-explanation.h"

G_BEGIN_DECLS

/**
 * Interactions are numbers of a symmetric matrix (features x features) a row and output, as shap
 * has them: the interaction of a and b stands half in (a, b) and half in (b, a), a feature's main
 * effect in (a, a); a line of the matrix sums to the feature's SHAP value.
 */

/** shs_explanation_has_interactions: whether there are any. */
gboolean shs_explanation_has_interactions (const ShsExplanation *self);
/** shs_explanation_get_n_pairs: stored pairs of features a <= b, (a, a) among them. Pairs that are
 * not stored do not interact, or were left out as the weakest (then a note says so). */
gsize shs_explanation_get_n_pairs (const ShsExplanation *self);
/** shs_explanation_get_pair: ascending in a, then in b. */
void shs_explanation_get_pair (const ShsExplanation *self, gsize pair, gsize *a, gsize *b);

/** shs_explanation_lacks_pair: whether @a and @b can interact, but were left out as one of the
 * weaker pairs; a pair that never meets in the model is not lacking: its interaction is 0. */
gboolean shs_explanation_lacks_pair (const ShsExplanation *self, gsize a, gsize b);
/** shs_explanation_count_strongest_pairs: how many pairs a < b were computed where only the
 * strongest were; 0 where all were. */
gsize shs_explanation_count_strongest_pairs (const ShsExplanation *self);

/**
 * shs_explanation_read_interaction:
 * @out: n_rows numbers: the matrix's number at (@a, @b); 0 for pairs that are not stored
 */
gboolean shs_explanation_read_interaction (const ShsExplanation *self, gsize output, gsize a,
                                           gsize b, double *out, GError **error);

/**
 * shs_explanation_read_interaction_rows: whole matrices of some rows.
 * @block: rows x (features * features), column a * n_features + b
 */
gboolean shs_explanation_read_interaction_rows (const ShsExplanation *self, gsize output,
                                                gsize first_row, ShsMatrix *block, GError **error);

/**
 * shs_explanation_summarise_interactions:
 * @means: n_pairs numbers, filled: mean |number of the matrix| over all rows; missing ones are left
 *   out
 *
 * One streaming pass over all of them on all processors, cached by the explanation; the numbers do
 * not depend on how many there are. Any thread.
 */
gboolean shs_explanation_summarise_interactions (ShsExplanation *self, gsize output, double *means,
                                                 GError **error);

G_END_DECLS
