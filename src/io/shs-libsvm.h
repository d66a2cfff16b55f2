/* LIBSVM text: "label [qid:n] index:value ..." */
#pragma once

#include "core/shs-dataset.h"
#include "core/shs-progress.h"

G_BEGIN_DECLS

/**
 * shs_libsvm_open:
 *
 * Reads a sparse table; the first column is "label", then (where present) "qid", then "f0", "f1",
 * ... in the file's own numbering (an index 0 anywhere makes it zero-based). Absent entries are
 * missing, as XGBoost takes them. Stored by column, sparse.
 */
ShsDataset *shs_libsvm_open (const char *path, ShsProgress *progress, GError **error);
ShsDataset *shs_libsvm_parse (const char *name, GBytes *bytes, ShsProgress *progress,
                              GError **error);

G_END_DECLS
