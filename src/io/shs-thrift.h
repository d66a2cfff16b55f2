/* Reads Thrift's compact protocol: structs of numbered fields, as Parquet describes itself in. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SHS_THRIFT_MAX_DEPTH 32

/**
 * ShsThrift: reads bytes once, front to back, without building anything.
 * @at: the next byte
 * @problem: (nullable): what is wrong; the first failure sticks, and all later calls do nothing
 * @last_id: of the structs that have been entered
 *
 * Bounded: structs nest at most %SHS_THRIFT_MAX_DEPTH deep, and no count may be larger than the
 * bytes left.
 */
typedef struct
{
  const guint8 *begin;
  const guint8 *at;
  const guint8 *end;
  const char *problem;
  guint depth;
  gint16 last_id[SHS_THRIFT_MAX_DEPTH];
} ShsThrift;

/** ShsThriftType: of a field or of a list's elements, as the protocol numbers them. */
typedef enum
{
  SHS_THRIFT_STOP = 0,
  SHS_THRIFT_TRUE = 1,
  SHS_THRIFT_FALSE = 2,
  SHS_THRIFT_INT8 = 3,
  SHS_THRIFT_INT16 = 4,
  SHS_THRIFT_INT32 = 5,
  SHS_THRIFT_INT64 = 6,
  SHS_THRIFT_DOUBLE = 7,
  SHS_THRIFT_BINARY = 8,
  SHS_THRIFT_LIST = 9,
  SHS_THRIFT_SET = 10,
  SHS_THRIFT_MAP = 11,
  SHS_THRIFT_STRUCT = 12,
} ShsThriftType;

/** shs_thrift_init: @bytes are borrowed. */
void shs_thrift_init (ShsThrift *self, const guint8 *bytes, gsize length);

/** shs_thrift_begin_struct: enters a struct: the whole document, a field or an element. */
void shs_thrift_begin_struct (ShsThrift *self);
/**
 * shs_thrift_next_field:
 * @type: (out): what its value is
 *
 * Returns: the number of the next field of the struct entered last, whose value must be read or
 *   skipped; 0 when the struct has ended (which leaves it) or reading failed
 */
gint shs_thrift_next_field (ShsThrift *self, ShsThriftType *type);
/** shs_thrift_read_integer: a field that is a whole number or a truth. */
gint64 shs_thrift_read_integer (ShsThrift *self, ShsThriftType type);
/** shs_thrift_read_binary: a field that is bytes; NULL after failing. */
const guint8 *shs_thrift_read_binary (ShsThrift *self, ShsThriftType type, gsize *length);
/** shs_thrift_begin_list: a field that is a list: how many elements of @element follow. */
gsize shs_thrift_begin_list (ShsThrift *self, ShsThriftType type, ShsThriftType *element);
/** shs_thrift_skip: passes over a value. */
void shs_thrift_skip (ShsThrift *self, ShsThriftType type);

/** shs_thrift_fail: makes reading fail; @problem must live as long as @self. */
void shs_thrift_fail (ShsThrift *self, const char *problem);

G_END_DECLS
