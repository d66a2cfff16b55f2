/* Rows through the tables of a group of trees. */
#pragma once

#include "tree/shs-tree-tables.h"

G_BEGIN_DECLS

/**
 * shs_tree_table_run:
 * @values: n x (keys * n_outputs), added to; the slots' keys are columns of one output: players, or
 *   pairs (SHS_TREE_NO_COLUMN for none)
 *
 * Contributions of the trees of @patterns; rows are spread over threads. Rows x these trees are
 * added to the progress.
 */
gboolean shs_tree_table_run (const ShsTreeEnsemble *ensemble, const ShsTreePatterns *patterns,
                             const ShsTreeTables *tables, const ShsMatrix *rows,
                             const ShsTreeOptions *options, ShsMatrix *values, GError **error);

/** shs_tree_table_run_first: likewise, but @values, of players, are overwritten: faster than adding
 * to zeros, which memory would have to fetch again. */
gboolean shs_tree_table_run_first (const ShsTreeEnsemble *ensemble, const ShsTreePatterns *patterns,
                                   const ShsTreeTables *tables, const ShsMatrix *rows,
                                   const ShsTreeOptions *options, ShsMatrix *values,
                                   GError **error);

G_END_DECLS
