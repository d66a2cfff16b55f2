/* What the parts of the Parquet reader share. */
#pragma once

#include "io/parquet/shs-parquet.h"

G_BEGIN_DECLS

/* The limits of the reader, all of them. */
#define SHS_PARQUET_MAX_COLUMNS 1000000
#define SHS_PARQUET_MAX_NAME 4096
#define SHS_PARQUET_MAX_DEPTH 30
/* Bytes that a page may unpack to, however small it is, and how many times its size beyond that;
 * the same of the table and its file. */
#define SHS_PARQUET_FREE_PAGE (64u << 20)
#define SHS_PARQUET_PAGE_RATIO 1000
#define SHS_PARQUET_FREE_TABLE (256u << 20)
#define SHS_PARQUET_TABLE_RATIO 10000

/** ShsParquetType: how a value is stored, as the format numbers them. */
typedef enum
{
  SHS_PARQUET_BOOLEAN,
  SHS_PARQUET_INT32,
  SHS_PARQUET_INT64,
  SHS_PARQUET_INT96,
  SHS_PARQUET_FLOAT,
  SHS_PARQUET_DOUBLE,
  SHS_PARQUET_BYTE_ARRAY,
  SHS_PARQUET_FIXED,
} ShsParquetType;

/** ShsParquetMeaning: what a stored value stands for. */
typedef enum
{
  SHS_PARQUET_NUMBER,
  SHS_PARQUET_UNSIGNED,
  SHS_PARQUET_DECIMAL,
  SHS_PARQUET_HALF,
  SHS_PARQUET_DATE,
  SHS_PARQUET_TIME,
  SHS_PARQUET_TIMESTAMP,
  SHS_PARQUET_TEXT,
  SHS_PARQUET_BYTES, /* a text where all of them are UTF-8 */
  SHS_PARQUET_UUID,
  SHS_PARQUET_OTHER, /* nothing that a table can hold */
} ShsParquetMeaning;

/**
 * ShsParquetLeaf: a column of the file.
 * @path: names from the outside in, joined by dots
 * @type_length: bytes of a FIXED value
 * @unit: times and timestamps: units in a second
 * @max_definition: the definition level of a value that is there
 * @max_repetition: lists around it
 * @list_definition: the lowest definition level at which the innermost list has an element
 */
typedef struct
{
  char *path;
  ShsParquetType type;
  ShsParquetMeaning meaning;
  gsize type_length;
  gint scale;
  gint64 unit;
  guint max_definition;
  guint max_repetition;
  guint list_definition;
} ShsParquetLeaf;

/** ShsParquetChunk: a column of a row group; its pages are @length bytes from @offset on. */
typedef struct
{
  gint codec;
  gsize n_values;
  gsize offset;
  gsize length;
} ShsParquetChunk;

/**
 * ShsParquet:
 * @chunks: n_groups x n_leaves
 * @group_rows: rows of each group
 * @pandas: (nullable): what pandas wrote about the frame: JSON
 */
struct _ShsParquet
{
  char *name;
  GBytes *bytes;
  const guint8 *data;
  gsize length;
  gsize n_leaves;
  ShsParquetLeaf *leaves;
  gsize n_groups;
  gsize *group_rows;
  ShsParquetChunk *chunks;
  gsize n_rows;
  char *pandas;
};

/** shs_parquet_fail: names the file, and @leaf where there is one; FALSE. */
gboolean shs_parquet_fail (const ShsParquet *self, const ShsParquetLeaf *leaf, int code,
                           const char *problem, GError **error);

/** shs_parquet_check_size: whether a file of this size may well hold so many numbers. */
gboolean shs_parquet_check_size (const ShsParquet *self, gsize n_rows, gsize n_columns,
                                 GError **error);

/* ---- shs-parquet-codec.c ---- */

/**
 * shs_parquet_unpack: @packed to exactly @size bytes of memory of shs_alloc(); NULL with a message
 * that says nothing of the place.
 */
guint8 *shs_parquet_unpack (gint codec, const guint8 *packed, gsize packed_size, gsize size,
                            GError **error);

/* ---- shs-parquet-integers.c: whole numbers in few bits ---- */

/** ShsParquetBytes: bytes that lie elsewhere. */
typedef struct
{
  const guint8 *begin;
  gsize length;
} ShsParquetBytes;

/**
 * shs_parquet_read_hybrid: @n numbers of @width bits in runs and groups of eight.
 * Returns: FALSE when the bytes end too early or a number is above @largest.
 */
gboolean shs_parquet_read_hybrid (ShsParquetBytes bytes, guint width, guint32 largest, gsize n,
                                  guint32 *out);

/**
 * shs_parquet_read_deltas: @n numbers as differences; @bytes then begins behind them.
 * Returns: FALSE when they are damaged, or not @n.
 */
gboolean shs_parquet_read_deltas (ShsParquetBytes *bytes, gsize n, gint64 *out);

/* ---- shs-parquet-values.c: a page's values ---- */

/**
 * ShsParquetValues: values as they are stored, nulls left out; one of the arrays is there.
 * @bytes: of BYTE_ARRAY and FIXED; point into the page or into @arena
 * @indices: (nullable): of a dictionary, instead of all others
 */
typedef struct
{
  gsize n;
  gint64 *integers;
  double *reals;
  ShsParquetBytes *bytes;
  guint32 *indices;
  guint8 *arena;
} ShsParquetValues;

void shs_parquet_values_clear (ShsParquetValues *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsParquetValues, shs_parquet_values_clear)

/**
 * shs_parquet_values_read:
 * @encoding: the format's number
 * @n_dictionary: entries of the dictionary; 0 where there is none
 * @values: (out): zeroed; must be cleared even after failing
 *
 * Returns: FALSE with a message that says nothing of the place
 */
gboolean shs_parquet_values_read (const ShsParquetLeaf *leaf, gint encoding, ShsParquetBytes page,
                                  gsize n, gsize n_dictionary, ShsParquetValues *values,
                                  GError **error);

/* ---- shs-parquet-page.c: the pages of a column ---- */

/**
 * ShsParquetPage: a piece of a column.
 * @n_entries: values and nulls (and empty lists)
 * @definition: (nullable): n_entries levels, where there can be nulls
 * @repetition: (nullable): n_entries levels, where there are lists
 * @values: the values that are there
 * @dictionary: (nullable): what @values.indices point into
 * @is_new_dictionary: whether it is another one than that of the page before
 */
typedef struct
{
  gsize n_entries;
  guint32 *definition;
  guint32 *repetition;
  ShsParquetValues values;
  const ShsParquetValues *dictionary;
  gboolean is_new_dictionary;
} ShsParquetPage;

typedef gboolean (*ShsParquetPageFunc) (const ShsParquetPage *page, gpointer data, GError **error);

/** shs_parquet_read_pages: all pages of a column of a row group; errors name the place. */
gboolean shs_parquet_read_pages (const ShsParquet *self, gsize leaf, gsize group,
                                 ShsParquetPageFunc take, gpointer data, GError **error);

/* ---- shs-parquet-convert.c: what values stand for ---- */

/** shs_parquet_is_numeric: whether values become numbers (rather than texts). */
gboolean shs_parquet_is_numeric (const ShsParquetLeaf *leaf);
/** shs_parquet_to_doubles: @values->n numbers; no indices. */
void shs_parquet_to_doubles (const ShsParquetLeaf *leaf, const ShsParquetValues *values,
                             double *out);
/** shs_parquet_format_instant: (transfer full): a date or time as text; NULL out of range. */
char *shs_parquet_format_instant (const ShsParquetLeaf *leaf, gint64 value, gboolean only_date);

/* ---- shs-parquet-column.c: a whole column ---- */

/** ShsParquetColumn: what a table takes: doubles, or codes and categories; neither: left out. */
typedef struct
{
  double *numbers;
  gint32 *codes;
  char **categories;
  gsize n_categories;
} ShsParquetColumn;

void shs_parquet_column_clear (ShsParquetColumn *self);
gboolean shs_parquet_column_read (const ShsParquet *self, gsize leaf, ShsProgress *progress,
                                  ShsParquetColumn *column, GError **error);

/* ---- shs-parquet-pandas.c ---- */

/** shs_parquet_find_index: the one column that was the index of a pandas frame, or -1. */
gssize shs_parquet_find_index (const ShsParquet *self);

G_END_DECLS
