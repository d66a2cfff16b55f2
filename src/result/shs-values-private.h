/* The inside of ShsValues, for its two files. */
#pragma once

#include "result/shs-values.h"

G_BEGIN_DECLS

/* @numbers: in memory: element (row, feature, output) stands at
 *   [(output * n_features + feature) * n_rows + row]; NULL where they lie in a file
 * @file: where they lie row after row from @offset on, as the arrays of explanation files do:
 *   element [(row * n_features + feature) * n_outputs + output], little-endian */
struct _ShsValues
{
  gint references;
  gsize n_rows;
  gsize n_features;
  gsize n_outputs;
  gboolean is_double;
  gpointer numbers;
  ShsFile *file;
  guint64 offset;
};

/* The functions of shs-values.h for numbers in a file; places have been checked. */
gboolean shs_values_file_write (ShsValues *self, gsize first_row, const ShsMatrix *block,
                                GError **error);
gboolean shs_values_file_read (const ShsValues *self, gsize output, gsize first_row,
                               ShsMatrix *block, GError **error);
gboolean shs_values_file_read_feature (const ShsValues *self, gsize output, gsize feature,
                                       double *out, GError **error);
/* Rows into a block of n_rows x (n_features * n_outputs), neighbours in one piece. */
gboolean shs_values_file_gather (const ShsValues *self, const gsize *rows, ShsMatrix *block,
                                 GError **error);

G_END_DECLS
