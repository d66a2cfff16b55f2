/* Parquet files: tables in columns, by a bounded reader of our own. */
#pragma once

#include "core/shs-dataset.h"
#include "core/shs-progress.h"

G_BEGIN_DECLS

/**
 * shs_parquet_parse:
 * @name: for messages and the data set: a path
 * @n_threads: columns that are read at the same time; 0 for all processors
 *
 * Reads a table into memory: doubles for booleans, whole and real numbers, decimals and durations;
 * dictionary codes for texts, and for dates and times, which are spelled "2024-02-29",
 * "2024-02-29 12:30:00" (as they are stored: in UTC where the file says so) and "12:30:00". Nulls
 * are missing. Fields of a struct are columns called "struct.field". Columns that are lists or
 * maps, or bytes that are no text, are left out, and the name of the data set says so.
 *
 * What pandas wrote as the index of a frame is the column of row names, if there is one such column
 * and its values differ.
 *
 * All encodings of the format but the deprecated levels in bits; pages of version 1 and 2; packed
 * by Snappy, gzip, Zstandard, LZ4 (raw) or Brotli. https://parquet.apache.org/docs/file-format/
 *
 * Returns: (transfer full): the data set; NULL with the column and what to do
 */
ShsDataset *shs_parquet_parse (const char *name, GBytes *bytes, guint n_threads,
                               ShsProgress *progress, GError **error);

/** ShsParquet: a file whose footer has been read; immutable, readable from any thread. */
typedef struct _ShsParquet ShsParquet;

/** shs_parquet_open: reads the footer of @bytes, which are kept; @name is for messages. */
ShsParquet *shs_parquet_open (const char *name, GBytes *bytes, GError **error);
void shs_parquet_free (ShsParquet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsParquet, shs_parquet_free)

gsize shs_parquet_get_n_rows (const ShsParquet *self);

/**
 * shs_parquet_find:
 * @path: names from the outside in, joined by dots: "nodeData.split.featureIndex"
 *
 * Returns: the column of that path, or, where it names a list, the column of its elements; -1 where
 *   there is none or more than one
 */
gssize shs_parquet_find (const ShsParquet *self, const char *path);

/**
 * ShsParquetNumbers: a column of numbers, or of lists of numbers.
 * @first: n_rows + 1: values first[i] .. first[i + 1] - 1 belong to row i
 * @values: first[n_rows] numbers; NaN for a null
 */
typedef struct
{
  gsize n_rows;
  gsize *first;
  double *values;
} ShsParquetNumbers;

void shs_parquet_numbers_clear (ShsParquetNumbers *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsParquetNumbers, shs_parquet_numbers_clear)

/**
 * shs_parquet_read_numbers:
 * @column: as shs_parquet_find() told
 * @numbers: (out): the rows of the file; a list that is null or empty has no values, a null
 *   elsewhere is one NaN
 *
 * Returns: FALSE with %SHS_ERROR_UNSUPPORTED for texts and for lists in lists
 */
gboolean shs_parquet_read_numbers (const ShsParquet *self, gsize column, ShsParquetNumbers *numbers,
                                   GError **error);

G_END_DECLS
