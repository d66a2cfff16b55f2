/* The wire format of protocol buffers: fields of a message one after the other, nothing copied. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** ShsWireType: how a field's value stands in the bytes. */
typedef enum
{
  SHS_WIRE_VARINT = 0,
  SHS_WIRE_FIXED64 = 1,
  SHS_WIRE_BYTES = 2,
  SHS_WIRE_FIXED32 = 5,
} ShsWireType;

/**
 * ShsWire: where a message is being read; borrowed bytes.
 * @begin: first byte of the file, for the offsets of messages
 * @name: of the file, for messages
 * @has_failed: whether the end was reached by an error
 */
typedef struct
{
  const guint8 *begin;
  const guint8 *at;
  const guint8 *end;
  const char *name;
  gboolean has_failed;
} ShsWire;

/**
 * ShsWireField:
 * @number: the field's number in its message
 * @value: of numbers: the varint, or the fixed bits
 * @bytes, @length: of %SHS_WIRE_BYTES: what is inside, borrowed
 */
typedef struct
{
  guint32 number;
  ShsWireType type;
  guint64 value;
  const guint8 *bytes;
  gsize length;
} ShsWireField;

/** shs_wire_init: the message that all of @bytes are; @name is borrowed. */
void shs_wire_init (ShsWire *self, const char *name, GBytes *bytes);

/** shs_wire_enter: the message inside a field of %SHS_WIRE_BYTES. */
ShsWire shs_wire_enter (const ShsWire *self, const ShsWireField *field);

/**
 * shs_wire_next: the next field of the message.
 *
 * Numbers of fields are at least 1; a varint has 10 bytes at most; lengths end inside the message;
 * groups, which are long out of use, are refused. Source: the encoding chapter of the protocol
 * buffers' documentation.
 *
 * Returns: FALSE at the end, and with %SHS_ERROR_SYNTAX, which names the byte; @has_failed tells
 *   which
 */
gboolean shs_wire_next (ShsWire *self, ShsWireField *field, GError **error);

/** shs_wire_next_packed: the next number of a packed field that was entered; @type: of one number.
 * FALSE at the end and on an error, as shs_wire_next(). */
gboolean shs_wire_next_packed (ShsWire *self, ShsWireType type, guint64 *value, GError **error);

/** shs_wire_is: whether a field of bytes is @text. */
gboolean shs_wire_is (const ShsWireField *field, const char *text);

/** shs_wire_dup_text: (transfer full): a field of bytes as valid UTF-8. */
char *shs_wire_dup_text (const ShsWireField *field);

float shs_wire_get_float (guint64 value);
double shs_wire_get_double (guint64 value);

G_END_DECLS
