/* Where the named arrays of an explanation go: one writer for every file format. */
#pragma once

#include "io/npy/shs-npy.h"

G_BEGIN_DECLS

typedef enum
{
  SHS_ARRAY_DOUBLE,
  SHS_ARRAY_FLOAT,
  SHS_ARRAY_INTEGER,
  SHS_ARRAY_TEXT,
} ShsArrayKind;

/**
 * ShsArrayHead: what is known of an array before its items.
 * @name: "values", "values:NAME"; valid during begin() alone
 * @kind: what the items are stored as
 * @n_dimensions: 0 for one item alone
 * @width: of texts: characters of the longest, at least 1
 */
typedef struct
{
  const char *name;
  ShsArrayKind kind;
  guint n_dimensions;
  gsize shape[SHS_NPY_MAX_DIMENSIONS];
  gsize width;
} ShsArrayHead;

/**
 * ShsArraySink: functions of one format; each array is begun and then gets all its items in C
 * order, numbers in pieces of whole rows of the first axis, texts one by one.
 * @has: (nullable): whether an array stands in the file already, which is then not begun
 * @keeps_display: whether the format has `display_data` beside the codes
 * @keeps_pairs: whether interactions stand in the file as they are stored, only the pairs that can
 *   meet, rather than as whole matrices
 */
typedef struct
{
  gboolean (*begin) (gpointer sink, const ShsArrayHead *head, GError **error);
  gboolean (*write_numbers) (gpointer sink, const double *numbers, gsize count, GError **error);
  gboolean (*write_text) (gpointer sink, const char *text, GError **error);
  gboolean (*has) (gpointer sink, const char *name);
  gboolean keeps_display;
  gboolean keeps_pairs;
} ShsArraySink;

G_END_DECLS
