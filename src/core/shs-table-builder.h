/* Builds an in-memory table, column by column. */
#pragma once

#include "core/shs-dataset.h"

G_BEGIN_DECLS

typedef struct _ShsTableBuilder ShsTableBuilder;

ShsTableBuilder *shs_table_builder_new (gsize n_rows);
void shs_table_builder_free (ShsTableBuilder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsTableBuilder, shs_table_builder_free)

/** shs_table_builder_add_doubles: @values: (transfer full): n_rows numbers of shs_alloc(). */
void shs_table_builder_add_doubles (ShsTableBuilder *self, const char *name, double *values);
/** shs_table_builder_add_floats: @values: (transfer full): n_rows numbers of shs_alloc(). */
void
shs_table_builder_add_floats (ShsTableBuilder *self, const char *name,
                              float *values); /** shs_table_builder_add_truths: @values: (transfer
                                                 full): n_rows of 0, 1 or NaN, of shs_alloc(). */
void shs_table_builder_add_truths (ShsTableBuilder *self, const char *name, double *values);
/**
 * shs_table_builder_add_codes:
 * @codes: (transfer full): n_rows indices of shs_alloc(); -1 is missing, -1 - n with the spelling n
 * @categories: (transfer full): the dictionary, strings of g_strdup()
 */
void shs_table_builder_add_codes (ShsTableBuilder *self, const char *name, gint32 *codes,
                                  char **categories, gsize n_categories);

/**
 * shs_table_builder_add_spelled_doubles: numbers whose texts are kept (ShsColumn's spellings).
 * @values: (transfer full): n_rows numbers of shs_alloc()
 * @codes, @spellings: as codes and categories of shs_table_builder_add_codes()
 */
void shs_table_builder_add_spelled_doubles (ShsTableBuilder *self, const char *name, double *values,
                                            gint32 *codes, char **spellings, gsize n_spellings);

/** shs_table_builder_mark_row_names: the first column is the file's row index. */
void shs_table_builder_mark_row_names (ShsTableBuilder *self);

/** shs_columns_make_names_unique: empty names become "column N" (from 1), repeated ones " (2)". */
void shs_columns_make_names_unique (ShsColumn *columns, gsize n_columns);

/**
 * shs_table_builder_finish:
 * @self: (transfer full)
 *
 * Empty column names become "column N" (from 1), repeated ones get " (2)", " (3)".
 *
 * Returns: (transfer full): the data set
 */
ShsDataset *shs_table_builder_finish (ShsTableBuilder *self, const char *name);

G_END_DECLS
