/* LIBSVM text: "label [qid:n] index:value ..." */
#pragma once

#include "core/shs-dataset.h"
#include "core/shs-progress.h"

G_BEGIN_DECLS

/** SHS_LIBSVM_MAX_COLUMNS: a larger index is refused as damage. */
#define SHS_LIBSVM_MAX_COLUMNS 1000000

/**
 * shs_libsvm_parse:
 *
 * Reads a sparse table; the first column is "label", then (where present) "qid", then one column
 * for each index in the file's own numbering: "f0", "f1", ... where an index 0 stands anywhere,
 * else "f1", "f2", .... Indices may stand in any order, none twice in a row. Absent entries are
 * missing, as XGBoost takes them. Comments from '#' to the end of the line and blank lines are
 * passed over. Stored by column, sparse: 12 bytes an entry. Cost: two passes over the text.
 *
 * Returns: (transfer full): the data set; NULL with the line and the column (in bytes) of what is
 *   wrong
 */
ShsDataset *shs_libsvm_parse (const char *name, GBytes *bytes, ShsProgress *progress,
                              GError **error);

G_END_DECLS
