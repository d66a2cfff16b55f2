/* Flatbuffers of somebody else: every offset is checked before it is followed. */
#pragma once

#include <glib.h>

#include <string.h>

G_BEGIN_DECLS

/**
 * ShsFlatbuffer: a reader of one buffer.
 * @name: what messages call the file
 * @bytes, @size: the buffer, in somebody else's memory
 * @file_offset: where in the file it begins, for messages
 * @n_read: bytes that were followed so far
 * @error: (nullable): the first failure
 *
 * The first failure sticks: later calls give what stands for "absent". Nothing recurses, nothing is
 * copied. A buffer may use the same bytes from many places; what is read in all is held to
 * %SHS_FLATBUFFER_REPEATS times its size, so that small files cannot ask for endless work.
 */
typedef struct
{
  const char *name;
  const guint8 *bytes;
  gsize size;
  gsize file_offset;
  guint64 n_read;
  GError *error;
} ShsFlatbuffer;

#define SHS_FLATBUFFER_REPEATS 16

/** ShsFlatTable: a table; @at 0 when it is absent. */
typedef struct
{
  gsize at;
  gsize vtable;
  guint16 size;
  guint16 vtable_size;
} ShsFlatTable;

/** ShsFlatVector: @n elements, not aligned; @data NULL and @n 0 when it is absent. */
typedef struct
{
  const guint8 *data;
  gsize n;
} ShsFlatVector;

/** shs_flatbuffer_init: @bytes stay the caller's and must outlive @self. */
void shs_flatbuffer_init (ShsFlatbuffer *self, const char *name, const guint8 *bytes, gsize size,
                          gsize file_offset);
void shs_flatbuffer_clear (ShsFlatbuffer *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsFlatbuffer, shs_flatbuffer_clear)

/** shs_flatbuffer_check: TRUE while nothing has failed; else copies the error out. */
gboolean shs_flatbuffer_check (const ShsFlatbuffer *self, GError **error);
/** shs_flatbuffer_fail: a failure of the caller's own; what to do is added. */
void shs_flatbuffer_fail (ShsFlatbuffer *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/** shs_flatbuffer_get_root: the root table. */
ShsFlatTable shs_flatbuffer_get_root (ShsFlatbuffer *self);

/** shs_flat_get_int8: field @slot (counted from 0, in the schema's order) of @table, or @otherwise
 * where it is absent; the others likewise. */
gint8 shs_flat_get_int8 (ShsFlatbuffer *self, const ShsFlatTable *table, guint slot,
                         gint8 otherwise);
gint32 shs_flat_get_int32 (ShsFlatbuffer *self, const ShsFlatTable *table, guint slot,
                           gint32 otherwise);
float shs_flat_get_float (ShsFlatbuffer *self, const ShsFlatTable *table, guint slot,
                          float otherwise);
double shs_flat_get_double (ShsFlatbuffer *self, const ShsFlatTable *table, guint slot,
                            double otherwise);

/** shs_flat_get_table: the table that field @slot points to. */
ShsFlatTable shs_flat_get_table (ShsFlatbuffer *self, const ShsFlatTable *table, guint slot);
/** shs_flat_get_vector: @element_size: bytes of one element: a number, a struct, or 4 for tables
 * and strings. */
ShsFlatVector shs_flat_get_vector (ShsFlatbuffer *self, const ShsFlatTable *table, guint slot,
                                   gsize element_size);
/** shs_flat_get_text: (transfer full) (nullable): field @slot as valid UTF-8; longer than 64 KiB is
 * an error. */
char *shs_flat_get_text (ShsFlatbuffer *self, const ShsFlatTable *table, guint slot);
/** shs_flat_get_table_at, shs_flat_get_bytes_at: element @i of a vector of tables, or of strings
 * (without the closing zero). */
ShsFlatTable shs_flat_get_table_at (ShsFlatbuffer *self, const ShsFlatVector *vector, gsize i);
ShsFlatVector shs_flat_get_bytes_at (ShsFlatbuffer *self, const ShsFlatVector *vector, gsize i);

/** shs_flat_vector_u32: element @i of a vector of 32-bit numbers; the others likewise. */
static inline guint32
shs_flat_vector_u32 (const ShsFlatVector *vector, gsize i)
{
  guint32 value;

  memcpy (&value, vector->data + i * sizeof value, sizeof value);
  return GUINT32_FROM_LE (value);
}

static inline guint16
shs_flat_vector_u16 (const ShsFlatVector *vector, gsize i)
{
  guint16 value;

  memcpy (&value, vector->data + i * sizeof value, sizeof value);
  return GUINT16_FROM_LE (value);
}

static inline float
shs_flat_vector_float (const ShsFlatVector *vector, gsize i)
{
  guint32 bits = shs_flat_vector_u32 (vector, i);
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static inline double
shs_flat_vector_double (const ShsFlatVector *vector, gsize i)
{
  guint64 bits;
  double value;

  memcpy (&bits, vector->data + i * sizeof bits, sizeof bits);
  bits = GUINT64_FROM_LE (bits);
  memcpy (&value, &bits, sizeof value);
  return value;
}

G_END_DECLS
