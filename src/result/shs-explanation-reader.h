/* The inside of shs_explanation_read(): what its files share. */
#pragma once

#include "result/shs-array-source.h"
#include "result/shs-explanation.h"

G_BEGIN_DECLS

/**
 * ShsExplanationReader:
 * @suffixes: n_inputs of them: "", or ":NAME" where there are several inputs
 * @is_ours: whether `meta` says that Shapscope wrote the file: inputs are known then
 */
typedef struct
{
  const ShsArraySource *source;
  ShsExplanationParts parts;
  gboolean is_ours;
  char **suffixes;
  gsize n_rows;
  gsize n_outputs;
} ShsExplanationReader;

/**
 * shs_explanation_reader_read_values: finds rows, outputs, and the inputs' shapes; fills values,
 * base values and what has their shape.
 */
gboolean shs_explanation_reader_read_values (ShsExplanationReader *self, GError **error);

/** shs_explanation_reader_read_columns: fills the data, and names, types and dictionaries. */
gboolean shs_explanation_reader_read_columns (ShsExplanationReader *self, GError **error);

/** shs_explanation_reader_read_interactions: fills the interactions, by pairs or as whole matrices,
 * and the pairs that meet. */
gboolean shs_explanation_reader_read_interactions (ShsExplanationReader *self, GError **error);

/**
 * shs_explanation_reader_open: (transfer full): the array NAME + suffix of @input, which must be
 * numbers unless @texts_too, @n_rows x @per_row of them, the first axis being the rows.
 *
 * Returns: FALSE when it does not fit; TRUE with @array NULL when there is none
 */
gboolean shs_explanation_reader_open (ShsExplanationReader *self, const char *name, guint input,
                                      gsize per_row, gboolean texts_too, ShsNpyArray **array,
                                      GError **error);

/** shs_explanation_reader_open_whole: as above for an array that belongs to no input: @n_rows x
 * @n_columns x outputs numbers. */
gboolean shs_explanation_reader_open_whole (ShsExplanationReader *self, const char *name,
                                            gsize n_rows, gsize n_columns, ShsNpyArray **array,
                                            GError **error);

/** shs_explanation_reader_locate: (transfer full): the numbers of the array NAME + suffix of the
 * only input, left where they are; NULL where they must be read (without an error), or on failure.
 */
ShsValues *shs_explanation_reader_locate (ShsExplanationReader *self, const char *name,
                                          const ShsNpyArray *array, gsize n_columns, gsize n_rows,
                                          gsize n_outputs);

/** shs_explanation_reader_fill: one ShsValues from @n_arrays arrays side by side, array i having
 * @n_columns[i] features. */
ShsValues *shs_explanation_reader_fill (ShsNpyArray *const *arrays, guint n_arrays,
                                        const gsize *n_columns, gsize n_rows, gsize n_outputs,
                                        GError **error);

G_END_DECLS
