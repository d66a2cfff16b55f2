/* Collects a table cell by cell, where a column's type is known only at its end. */
#pragma once

#include "core/shs-dataset.h"

G_BEGIN_DECLS

/** ShsCellTable: rows of cells that are numbers, texts, or missing. */
typedef struct _ShsCellTable ShsCellTable;

ShsCellTable *shs_cell_table_new (void);
void shs_cell_table_free (ShsCellTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsCellTable, shs_cell_table_free)

/** shs_cell_table_add_row: begins a row, all of whose cells are missing. */
void shs_cell_table_add_row (ShsCellTable *self);
gsize shs_cell_table_get_n_rows (const ShsCellTable *self);

/** shs_cell_table_set_number: a cell of the last row; columns that are not there yet are added. */
gboolean shs_cell_table_set_number (ShsCellTable *self, gsize column, double value, GError **error);
/** shs_cell_table_set_truth: as above, 0 or 1; a column of nothing else is one of truths. */
gboolean shs_cell_table_set_truth (ShsCellTable *self, gsize column, gboolean value,
                                   GError **error);
/** shs_cell_table_set_text: as above; @text is any UTF-8 of @length bytes. */
gboolean shs_cell_table_set_text (ShsCellTable *self, gsize column, const char *text, gsize length,
                                  GError **error);
/** shs_cell_table_leave_out: the column will not be in the data set, whose name says so. */
void shs_cell_table_leave_out (ShsCellTable *self, gsize column);

/**
 * ShsCellTableOptions:
 * @name: of the data set
 * @names: (nullable): @n_names names of columns; columns beyond have none
 * @numbers_in_texts: whether a column whose texts are all numbers, or empty, is one of numbers
 * @begins_with_index: whether the first column, where its values differ, is the file's row index
 */
typedef struct
{
  const char *name;
  const char *const *names;
  gsize n_names;
  gboolean numbers_in_texts;
  gboolean begins_with_index;
} ShsCellTableOptions;

/**
 * shs_cell_table_finish:
 *
 * A column with any text is a column of texts; numbers among them are spelled out.
 *
 * Returns: (transfer full): the data set, %SHS_ERROR_MEMORY, or %SHS_ERROR_UNSUPPORTED where no
 *   column is left
 */
ShsDataset *shs_cell_table_finish (ShsCellTable *self, const ShsCellTableOptions *options,
                                   GError **error);

G_END_DECLS
