/* The objects of a skops file, as data: nothing in it is constructed or run. Private to model/. */
#pragma once

#include "core/shs-progress.h"
#include "io/npy/shs-npy.h"

G_BEGIN_DECLS

/** ShsSkopsRef: an object of the file, by number; 0 is none. */
typedef guint32 ShsSkopsRef;

/**
 * ShsSkops: a schema.json and the arrays beside it. The first failure sticks: after it every
 * function returns 0, NULL or FALSE, so that a reader may ask for all that it needs and look at
 * shs_skops_check() once.
 */
typedef struct _ShsSkops ShsSkops;

ShsSkops *shs_skops_new (const char *name, GBytes *bytes, GError **error);
void shs_skops_free (ShsSkops *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsSkops, shs_skops_free)

gboolean shs_skops_check (const ShsSkops *self, GError **error);
/** shs_skops_fail: keeps the first failure; the message gets the file's name and an advice. */
void shs_skops_fail (ShsSkops *self, int code, const char *format, ...) G_GNUC_PRINTF (3, 4);
/** shs_skops_take_error: keeps @error (transfer full) (nullable), if it is the first. */
void shs_skops_take_error (ShsSkops *self, GError *error);

ShsSkopsRef shs_skops_get_root (const ShsSkops *self);
/** shs_skops_get_class: "Pipeline"; "" for 0. */
const char *shs_skops_get_class (const ShsSkops *self, ShsSkopsRef object);
/** shs_skops_is: whether the object is of scikit-learn's class @name. */
gboolean shs_skops_is (const ShsSkops *self, ShsSkopsRef object, const char *name);

/** shs_skops_wraps: whether it is functools.partial of the function @name of scikit-learn. */
gboolean shs_skops_wraps (const ShsSkops *self, ShsSkopsRef partial, const char *name);

/** shs_skops_find: an attribute of an object or an entry of a dictionary; 0 if there is none. */
ShsSkopsRef shs_skops_find (const ShsSkops *self, ShsSkopsRef object, const char *name);
/** shs_skops_need: as above; fails if there is none. */
ShsSkopsRef shs_skops_need (ShsSkops *self, ShsSkopsRef object, const char *name);

/** shs_skops_first: the first item of a list, a tuple or an array of objects; 0 if it is empty. */
ShsSkopsRef shs_skops_first (const ShsSkops *self, ShsSkopsRef list);
ShsSkopsRef shs_skops_next (const ShsSkops *self, ShsSkopsRef item);
gsize shs_skops_count (const ShsSkops *self, ShsSkopsRef list);

/** ShsSkopsValue: one simple value; @text is NULL for numbers and what is missing. */
typedef struct
{
  char *text;
  double number;
  gboolean is_missing;
} ShsSkopsValue;

void shs_skops_values_free (ShsSkopsValue *values, gsize n);

/** shs_skops_is_null: whether it is None, or nothing at all. */
gboolean shs_skops_is_null (const ShsSkops *self, ShsSkopsRef value);
gboolean shs_skops_is_true (const ShsSkops *self, ShsSkopsRef value);
/** shs_skops_has_text: whether it is the string @text. */
gboolean shs_skops_has_text (const ShsSkops *self, ShsSkopsRef value, const char *text);
/** shs_skops_read_value: a string, a number, a truth (1 or 0) or None; clear with g_free (text). */
ShsSkopsValue shs_skops_read_value (ShsSkops *self, ShsSkopsRef value);
/** shs_skops_read_number: a number, or an array of one. */
double shs_skops_read_number (ShsSkops *self, ShsSkopsRef value);
/** shs_skops_read_count: a whole number from 0 to @most. */
gsize shs_skops_read_count (ShsSkops *self, ShsSkopsRef value, gsize most);
/** shs_skops_read_values: an array or a list of simple values. */
ShsSkopsValue *shs_skops_read_values (ShsSkops *self, ShsSkopsRef list, gsize *n);

/** shs_skops_read_array: (transfer full): an array of NumPy's own format. */
ShsNpyArray *shs_skops_read_array (ShsSkops *self, ShsSkopsRef array);
/** shs_skops_read_doubles: (transfer full): numbers of an array or a list, by shs_alloc(). */
double *shs_skops_read_doubles (ShsSkops *self, ShsSkopsRef list, gsize *n);
/** shs_skops_read_field: (transfer full): a field of a structured array with one axis, by
 * shs_alloc(); NULL without failure if @is_optional and there is none. */
double *shs_skops_read_field (ShsSkops *self, const ShsNpyArray *array, const char *field,
                              gboolean is_optional);

G_END_DECLS
