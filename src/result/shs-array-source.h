/* Where the named arrays of an explanation come from: one reader for every file format. */
#pragma once

#include "io/shs-file.h"
#include "io/npy/shs-npy.h"

G_BEGIN_DECLS

/**
 * ShsArraySource:
 * @name: of the file, for messages
 * @names: NULL-ended
 * @read: (transfer full): one array; only called for names that are there
 * @locate: (nullable): whether an array's numbers may stay where they are: IEEE floats in C order,
 *   little-endian, in @file (its own reference) from @offset on, of the size that @read tells
 */
typedef struct
{
  const char *name;
  const char *const *names;
  ShsNpyArray *(*read) (gpointer data, const char *name, GError **error);
  gboolean (*locate) (gpointer data, const char *name, ShsFile **file, guint64 *offset);
  gpointer data;
} ShsArraySource;

gboolean shs_array_source_has (const ShsArraySource *self, const char *name);

/**
 * shs_array_source_read:
 *
 * Returns: (transfer full): the array called @name; NULL with %SHS_ERROR_INVALID when it has fields
 *   or items without bytes, or with the source's own error
 */
ShsNpyArray *shs_array_source_read (const ShsArraySource *self, const char *name, GError **error);

/** shs_array_source_read_optional: TRUE with @array NULL when the file has none of that name. */
gboolean shs_array_source_read_optional (const ShsArraySource *self, const char *name,
                                         ShsNpyArray **array, GError **error);

/** shs_array_source_fail: FALSE, with %SHS_ERROR_INVALID "FILE: MESSAGE". */
gboolean shs_array_source_fail (const ShsArraySource *self, GError **error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/** shs_array_is_text: whether the items are texts. */
gboolean shs_array_is_text (const ShsNpyArray *array);
/** shs_array_is_single: whether float32 holds every item exactly. */
gboolean shs_array_is_single (const ShsNpyArray *array);
/** shs_shape_to_text: (transfer full): "(3, 4)". */
char *shs_shape_to_text (const gsize *shape, guint n_dimensions);

/** shs_array_read_strings: (transfer full): all items as texts; numbers as their shortest text. */
char **shs_array_read_strings (const ShsNpyArray *array);

G_END_DECLS
