/* The one data set: a list of named inputs that answers "read rows (first, count)". */
#pragma once

#include "core/shs-column.h"
#include "core/shs-matrix.h"

G_BEGIN_DECLS

#define SHS_INPUT_MAX_DIMENSIONS 4

/**
 * ShsInput:
 * @name: name of the input; "" for the one table of a data set
 * @n_dimensions: axes of one row: 1 for a table, 3 for images (height, width, channels)
 * @shape: length of each axis; their product is @n_columns
 * @n_columns: numbers in one row, the last axis running fastest
 * @columns: names and types of a table's columns; NULL for other inputs
 * @has_row_names: the first column is no data: it is the file's row index (row names, or numbers
 *   that count), and its values are all different
 */
typedef struct
{
  char *name;
  guint n_dimensions;
  gsize shape[SHS_INPUT_MAX_DIMENSIONS];
  gsize n_columns;
  ShsColumn *columns;
  gboolean has_row_names;
} ShsInput;

/** ShsDataset: immutable, reference counted, readable from any thread. */
typedef struct _ShsDataset ShsDataset;

/**
 * ShsDatasetSource: where the numbers are (in memory, in a mapped file, behind the loader).
 * @read: fills @block (block->n_rows rows from @first_row on; its column j is input column
 *   @columns[j]); any thread, several at once
 * @free: gives the source back
 * @read_spellings: (nullable): fills @out with indices into the spellings of a table's column, NaN
 *   for missing cells; NULL where no column has any
 */
typedef struct
{
  gboolean (*read) (gpointer source, guint input, gsize first_row, const gsize *columns,
                    ShsMatrix *block, GError **error);
  void (*free) (gpointer source);
  gboolean (*read_spellings) (gpointer source, gsize column, gsize first_row, gsize n_rows,
                              double *out, GError **error);
} ShsDatasetSource;

/**
 * shs_dataset_new:
 * @name: (nullable): what a person calls it, usually the file's base name
 * @inputs: (transfer full): array of @n_inputs, made with shs_dataset_inputs_new()
 * @source: functions; must stay valid
 * @source_data: (transfer full): passed to them
 */
ShsDataset *shs_dataset_new (const char *name, gsize n_rows, ShsInput *inputs, guint n_inputs,
                             const ShsDatasetSource *source, gpointer source_data);
ShsDataset *shs_dataset_ref (ShsDataset *self);
void shs_dataset_unref (ShsDataset *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsDataset, shs_dataset_unref)

/** shs_dataset_inputs_new: @n zeroed inputs; whoever fills them allocates names with g_strdup. */
ShsInput *shs_dataset_inputs_new (guint n);
/** shs_dataset_inputs_copy: (transfer full): deep copies, for shs_dataset_inputs_free(). */
ShsInput *shs_dataset_inputs_copy (const ShsInput *inputs, guint n);
/** shs_dataset_inputs_free: frees inputs that did not become a data set. */
void shs_dataset_inputs_free (ShsInput *inputs, guint n);

const char *shs_dataset_get_name (const ShsDataset *self);
gsize shs_dataset_get_n_rows (const ShsDataset *self);
guint shs_dataset_get_n_inputs (const ShsDataset *self);
const ShsInput *shs_dataset_get_input (const ShsDataset *self, guint input);

/** shs_dataset_get_table: the one table, or NULL when the data set is something else. */
const ShsInput *shs_dataset_get_table (const ShsDataset *self);

/** shs_dataset_find_column: index of the table column called @name exactly, or -1. */
gssize shs_dataset_find_column (const ShsDataset *self, const char *name);

/**
 * shs_dataset_get_row_name_column: the table's column that is its file's row index, or -1. It is no
 * feature unless a model asks for it by name, and nobody's target unless a person says so.
 */
gssize shs_dataset_get_row_name_column (const ShsDataset *self);

/** shs_dataset_has_column_names: whether the table's file names one of its columns. */
gboolean shs_dataset_has_column_names (const ShsDataset *self);

/**
 * shs_dataset_read:
 * @input: which input
 * @first_row: first row
 * @columns: (nullable): block->n_columns column indices; NULL for 0, 1, 2 ...
 * @block: where the numbers go; its n_rows rows are read. Categories are read as their index
 *
 * Returns: FALSE with %SHS_ERROR_CHOICE for rows or columns out of range, or the source's error.
 */
gboolean shs_dataset_read (ShsDataset *self, guint input, gsize first_row, const gsize *columns,
                           ShsMatrix *block, GError **error);

/**
 * shs_dataset_read_spellings:
 * @column: of the table; one with spellings
 * @out: @n_rows indices into the column's spellings, NaN for missing cells
 *
 * Returns: FALSE with %SHS_ERROR_CHOICE for rows out of range, or the source's error.
 */
gboolean shs_dataset_read_spellings (ShsDataset *self, gsize column, gsize first_row, gsize n_rows,
                                     double *out, GError **error);

/**
 * shs_dataset_describe_value:
 *
 * Returns: (transfer full): one value of a table's column as a person reads it: the category's
 *   name, the number, or "missing".
 */
char *shs_dataset_describe_value (const ShsDataset *self, gsize column, double value);

G_END_DECLS
