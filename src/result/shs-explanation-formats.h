/* One pair of functions a file format; shs-explanation-file.c chooses among them. Numbers may stay
 * in the file that is loaded, which is kept then. */
#pragma once

#include "core/shs-progress.h"
#include "result/shs-explanation.h"

G_BEGIN_DECLS

gboolean shs_explanation_save_npz (ShsExplanation *self, const char *path, ShsProgress *progress,
                                   GError **error);
ShsExplanation *shs_explanation_load_npz (ShsFile *file, GError **error);

/**
 * shs_explanation_save_json: one object of the same arrays, nested lists in C order, `meta` as an
 * object; numbers that are not finite are null, which reads as missing.
 */
gboolean shs_explanation_save_json (ShsExplanation *self, const char *path, ShsProgress *progress,
                                    GError **error);
ShsExplanation *shs_explanation_load_json (ShsFile *file, GError **error);

/** shs_explanation_save_h5: libhdf5 writes here; data/explanation-file.md describes the layout. */
gboolean shs_explanation_save_h5 (ShsExplanation *self, const char *path, ShsProgress *progress,
                                  GError **error);
/** shs_explanation_load_h5: the loader program reads; its answer is taken as hostile. */
ShsExplanation *shs_explanation_load_h5 (ShsFile *file, ShsProgress *progress, GError **error);

/**
 * shs_explanation_save_csv: values, base values and predictions only: the columns `row` (row name,
 * or index into the data), `output`, one a feature, `base_value`, `prediction`; one line a row and
 * output.
 */
gboolean shs_explanation_save_csv (ShsExplanation *self, const char *path, ShsProgress *progress,
                                   GError **error);
ShsExplanation *shs_explanation_load_csv (ShsFile *file, ShsProgress *progress, GError **error);
/** shs_explanation_csv_sniff: whether the first line is of such a table. */
gboolean shs_explanation_csv_sniff (const guint8 *head, gsize length);

G_END_DECLS
