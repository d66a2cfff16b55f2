/* What linear leaves need of a background: distinct patterns, and sums of features. Private to
 * tree/. */
#pragma once

#include "tree/shs-tree-linear-terms.h"

G_BEGIN_DECLS

/**
 * ShsTreeLinearPatterns: how the background's rows meet what one leaf asks for.
 * @n: distinct patterns (see shs_tree_linear_terms_find_patterns())
 * @patterns: guint64: words of each
 * @shares: double: of the rows that have it; their number until finished
 * @sums: double: [pattern][term]: sum of coefficient x value over these rows, divided by the
 *   number of all rows (of the values alone until finished); 0 where the pattern has not the
 *   term's player
 * @table: guint32: hash table of patterns, plus 1
 */
typedef struct
{
  gsize n;
  ShsTreeBuffer patterns;
  ShsTreeBuffer shares;
  ShsTreeBuffer sums;
  ShsTreeBuffer table;
} ShsTreeLinearPatterns;

/**
 * ShsTreeLinearBackground: immutable once finished. Its size depends on how many patterns there
 * are, not on the number of rows.
 * @of_place: by place of @terms
 */
typedef struct
{
  ShsTreeLinearTerms terms;
  ShsTreeLinearPatterns *of_place;
} ShsTreeLinearBackground;

/** shs_tree_linear_background_new: (transfer full): of an ensemble that has linear leaves. */
ShsTreeLinearBackground *shs_tree_linear_background_new (const ShsTreeEnsemble *ensemble,
                                                         GError **error);
void shs_tree_linear_background_free (ShsTreeLinearBackground *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsTreeLinearBackground, shs_tree_linear_background_free)

/** shs_tree_linear_background_add: counts rows; see shs_tree_background_add(). Sums are formed in
 * the order of the rows, however these are cut into blocks. Adds rows x linear leaves to the
 * progress. */
gboolean shs_tree_linear_background_add (ShsTreeLinearBackground *self, const ShsMatrix *rows,
                                         const ShsTreeOptions *options, GError **error);

/** shs_tree_linear_background_finish: of @n_rows; adds to each output's @expected what the linear
 * parts are on average. */
gboolean shs_tree_linear_background_finish (ShsTreeLinearBackground *self, guint64 n_rows,
                                            double *expected, ShsProgress *progress,
                                            GError **error);

/** shs_tree_linear_background_count_patterns: of all linear leaves together. */
gsize shs_tree_linear_background_count_patterns (const ShsTreeLinearBackground *self);

G_END_DECLS
