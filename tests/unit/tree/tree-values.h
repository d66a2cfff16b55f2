/* Values of random ensembles, found by the engine and compared with the definition's. */
#pragma once

#include "tree-oracle.h"
#include "tree/shs-tree-background.h"

G_BEGIN_DECLS

#define SINGLE_BOUND 1e-6
#define DOUBLE_BOUND 1e-12

/** make_background: finished; its rows come in two blocks, the first of @n_first rows. */
ShsTreeBackground *make_background (ShsTreeEnsemble *ensemble, const ShsMatrix *rows, gsize n_first,
                                    const ShsTreeOptions *options);

/** explain_by_background: (transfer full): shs_tree_interventional(). */
ShsMatrix *explain_by_background (const ShsTreeEnsemble *ensemble, ShsTreeBackground *background,
                                  const ShsMatrix *rows, const ShsTreeOptions *options);

/** explain_by_covers: (transfer full): shs_tree_path_dependent(). */
ShsMatrix *explain_by_covers (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows,
                              const ShsTreeOptions *options);

/** assert_close: the values of @row are @expected to @bound of the largest sum of leaves; @what:
 * found them. */
void assert_close (const ShsTreeEnsemble *ensemble, const ShsMatrix *values, gsize row,
                   const double *expected, double bound, const char *what);

G_END_DECLS
