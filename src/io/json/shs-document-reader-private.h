/* What the front of the document reader shares with its two formats. */
#pragma once

#include "io/json/shs-document-reader.h"

G_BEGIN_DECLS

/*
 * ShsDocumentLevel: one container that has been entered.
 * @marker: UBJSON: the type of every value, or 0 when each value names its own
 * @n_left: UBJSON: values not begun yet, or -1 when a bracket ends the container
 * @index: values begun so far
 * @key: the present key as the document spells it (for messages)
 */
typedef struct
{
  gboolean is_array;
  char marker;
  gint64 n_left;
  gsize index;
  const guint8 *key;
  gsize key_length;
} ShsDocumentLevel;

/* What the numbers of a whole array become; NONE when they are only passed over. */
typedef enum
{
  SHS_NUMBERS_NONE,
  SHS_NUMBERS_DOUBLE,
  SHS_NUMBERS_FLOAT,
  SHS_NUMBERS_INTEGER,
} ShsNumberKind;

/*
 * ShsDocumentFormat: how values are spelled. Every function may fail with
 * shs_document_reader_fail_at(); none is called after that. @peek sees to it that the others meet
 * only the type they read.
 * @enter: passes the opening of a container and describes it in the level
 * @advance: whether another value (or key) follows; FALSE passes the end of the container
 * @read_numbers: the rest of an array just entered; @numbers has none yet, though perhaps room
 * @skip_numbers: passes over some of the numbers of an array just entered, perhaps none
 */
typedef struct
{
  ShsDocumentType (*peek) (ShsDocumentReader *self);
  void (*enter) (ShsDocumentReader *self, ShsDocumentLevel *level);
  gboolean (*advance) (ShsDocumentReader *self, ShsDocumentLevel *level);
  const char *(*read_key) (ShsDocumentReader *self, ShsDocumentLevel *level);
  const char *(*read_string) (ShsDocumentReader *self);
  double (*read_number) (ShsDocumentReader *self);
  gint64 (*read_integer) (ShsDocumentReader *self);
  gboolean (*read_boolean) (ShsDocumentReader *self);
  void (*read_null) (ShsDocumentReader *self);
  void (*read_numbers) (ShsDocumentReader *self, ShsDocumentLevel *level, ShsNumberKind kind,
                        ShsDocumentNumbers *numbers);
  void (*skip_numbers) (ShsDocumentReader *self, ShsDocumentLevel *level);
  void (*pass_blanks) (ShsDocumentReader *self);
  char *(*describe_place) (ShsDocumentReader *self, const guint8 *place);
} ShsDocumentFormat;

/*
 * @at: the next byte; @token: where the value or key read last begins
 * @n_released: bytes whose memory was given back
 * @scratch: text; @numbers: those of an array while it is read
 */
struct _ShsDocumentReader
{
  const ShsDocumentFormat *format;
  char *name;
  GBytes *bytes;
  const guint8 *begin;
  const guint8 *end;
  const guint8 *at;
  const guint8 *token;
  gsize n_released;
  GError *error;
  gboolean is_value_due;
  guint depth;
  ShsDocumentLevel levels[SHS_DOCUMENT_MAX_DEPTH];
  guint8 *scratch;
  gsize scratch_size;
  ShsDocumentNumbers numbers;
};

extern const ShsDocumentFormat shs_json_format;
extern const ShsDocumentFormat shs_ubjson_format;

/* Fails at @place (a position in the bytes); only the first failure counts. */
void shs_document_reader_fail_at (ShsDocumentReader *self, int code, const guint8 *place,
                                  const char *format, ...) G_GNUC_PRINTF (4, 5);
/* Takes over an error that has no place, such as one of shs_alloc(). */
void shs_document_reader_fail_with (ShsDocumentReader *self, GError *error);
/* Grows the scratch memory to @size bytes, keeping its first @used; FALSE when that failed. */
gboolean shs_document_reader_reserve (ShsDocumentReader *self, gsize used, gsize size);
/* Room for @count numbers of @kind, keeping those there; FALSE when that failed. */
gboolean shs_document_reader_reserve_numbers (ShsDocumentReader *self, ShsDocumentNumbers *numbers,
                                              gsize count, ShsNumberKind kind);
/* The scratch memory's first @length bytes as text: checked UTF-8, ended by a zero byte. */
const char *shs_document_reader_finish_text (ShsDocumentReader *self, gsize length);

static inline gsize
shs_number_kind_size (ShsNumberKind kind)
{
  return kind == SHS_NUMBERS_DOUBLE ? sizeof (double) : sizeof (float);
}

static inline gsize
shs_document_reader_bytes_left (const ShsDocumentReader *self)
{
  return (gsize)(self->end - self->at);
}

G_END_DECLS
