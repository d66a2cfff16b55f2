/* The parts of the UBJSON format. Markers and layout: Universal Binary JSON, draft 12. */
#pragma once

#include "io/json/shs-document-reader-private.h"

#include <string.h>

G_BEGIN_DECLS

#define SHS_UBJSON_CUT_SHORT "the file ends too early; it may be cut short"

/* Whether @n more bytes are there; fails otherwise. */
gboolean shs_ubjson_need (ShsDocumentReader *self, guint64 n);
/* Bytes of one value of a type of fixed size; 0 for every other type. */
gsize shs_ubjson_value_size (char marker);

void shs_ubjson_enter (ShsDocumentReader *self, ShsDocumentLevel *level);
gboolean shs_ubjson_advance (ShsDocumentReader *self, ShsDocumentLevel *level);
ShsDocumentType shs_ubjson_peek (ShsDocumentReader *self);
/* The type of the value that comes next, taken from the bytes or from the typed container. */
char shs_ubjson_take_marker (ShsDocumentReader *self, const ShsDocumentLevel *level);

void shs_ubjson_read_numbers (ShsDocumentReader *self, ShsDocumentLevel *level, ShsNumberKind kind,
                              ShsDocumentNumbers *numbers);
void shs_ubjson_skip_numbers (ShsDocumentReader *self, ShsDocumentLevel *level);

static inline gboolean
shs_ubjson_is_real (char marker)
{
  return marker == 'd' || marker == 'D';
}

/* One whole number at @p, which is big-endian. */
static inline gint64
shs_ubjson_load_integer (char marker, const guint8 *p)
{
  guint16 two;
  guint32 four;
  guint64 eight;

  switch (marker)
    {
    case 'i':
      return (gint8)*p;
    case 'U':
    case 'C':
      return *p;
    case 'I':
      memcpy (&two, p, sizeof two);
      return (gint16)GUINT16_FROM_BE (two);
    case 'l':
      memcpy (&four, p, sizeof four);
      return (gint32)GUINT32_FROM_BE (four);
    default:
      memcpy (&eight, p, sizeof eight);
      return (gint64)GUINT64_FROM_BE (eight);
    }
}

/* One real number at @p, which is big-endian. */
static inline double
shs_ubjson_load_real (char marker, const guint8 *p)
{
  guint32 four;
  guint64 eight;
  float single;
  double value;

  if (marker == 'd')
    {
      memcpy (&four, p, sizeof four);
      four = GUINT32_FROM_BE (four);
      memcpy (&single, &four, sizeof single);
      return single;
    }
  memcpy (&eight, p, sizeof eight);
  eight = GUINT64_FROM_BE (eight);
  memcpy (&value, &eight, sizeof value);
  return value;
}

G_END_DECLS
