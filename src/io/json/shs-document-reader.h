/* One pull reader for documents of objects, arrays and scalars, spelled as JSON or UBJSON. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShsDocumentReader:
 *
 * Reads a document once, front to back, without building it. Every function either reads exactly
 * the value it is named after or fails. The first failure sticks: all later calls do nothing and
 * return FALSE, NULL, 0 or an empty array, so that a caller may read a whole object and look at
 * shs_document_reader_check() once. Messages name the file, the line and column (JSON) or the byte
 * offset (UBJSON), and the path inside the document ("learner.gradient_booster.model.trees[3]").
 *
 * Bounded: nesting deeper than %SHS_DOCUMENT_MAX_DEPTH, declared counts larger than the bytes left
 * and strings that are not UTF-8 are errors; nothing recurses; memory is at most a small multiple
 * of the largest array read. JSON accepts the bare words NaN, Infinity and -Infinity, as XGBoost
 * writes them.
 */
typedef struct _ShsDocumentReader ShsDocumentReader;

#define SHS_DOCUMENT_MAX_DEPTH 256

typedef enum
{
  SHS_DOCUMENT_OBJECT,
  SHS_DOCUMENT_ARRAY,
  SHS_DOCUMENT_STRING,
  SHS_DOCUMENT_NUMBER,
  SHS_DOCUMENT_BOOLEAN,
  SHS_DOCUMENT_NULL,
  SHS_DOCUMENT_FAILED, /* the reader has failed, or nothing is left */
} ShsDocumentType;

/** shs_document_reader_new_json: @name: what messages call it (a path); @bytes are kept. */
ShsDocumentReader *shs_document_reader_new_json (const char *name, GBytes *bytes);
/** shs_document_reader_new_ubjson: as above for Universal Binary JSON (draft 12, big-endian). */
ShsDocumentReader *shs_document_reader_new_ubjson (const char *name, GBytes *bytes);
/** shs_document_reader_new: chooses by the first bytes ('{' and a length marker: UBJSON). */
ShsDocumentReader *shs_document_reader_new (const char *name, GBytes *bytes);
void shs_document_reader_free (ShsDocumentReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsDocumentReader, shs_document_reader_free)

/** shs_document_reader_peek: the type of the value that comes next. */
ShsDocumentType shs_document_reader_peek (ShsDocumentReader *self);

/** shs_document_reader_begin_object: enters an object. */
gboolean shs_document_reader_begin_object (ShsDocumentReader *self);
/**
 * shs_document_reader_next_key:
 *
 * Returns: the next key of the object entered last, valid until the next call of any function; NULL
 *   when it has ended (which leaves the object) or the reader has failed. The key's value must be
 *   read or skipped before the next call.
 */
const char *shs_document_reader_next_key (ShsDocumentReader *self);

/** shs_document_reader_begin_array: enters an array. */
gboolean shs_document_reader_begin_array (ShsDocumentReader *self);
/** shs_document_reader_next_element: whether another value follows; FALSE leaves the array. */
gboolean shs_document_reader_next_element (ShsDocumentReader *self);

/** shs_document_reader_read_string: UTF-8, valid until the next call of any function. */
const char *shs_document_reader_read_string (ShsDocumentReader *self);
double shs_document_reader_read_number (ShsDocumentReader *self);
/** shs_document_reader_read_integer: fails for fractions and beyond 53 bits in JSON. */
gint64 shs_document_reader_read_integer (ShsDocumentReader *self);
gboolean shs_document_reader_read_boolean (ShsDocumentReader *self);
/** shs_document_reader_read_null: passes over null. */
void shs_document_reader_read_null (ShsDocumentReader *self);
/** shs_document_reader_skip: passes over one value of any type. */
void shs_document_reader_skip (ShsDocumentReader *self);

/**
 * shs_document_reader_read_doubles:
 * @count: (out): how many
 *
 * Reads a whole array of numbers (and booleans, as 0 and 1; JSON null is NaN). The fast path of
 * model loading: one tight loop, typed UBJSON arrays are copied.
 *
 * Returns: (transfer full): memory of shs_alloc(); NULL when it failed
 */
double *shs_document_reader_read_doubles (ShsDocumentReader *self, gsize *count);
/** shs_document_reader_read_floats: as above; each number rounded once to the nearest float32. */
float *shs_document_reader_read_floats (ShsDocumentReader *self, gsize *count);
/**
 * shs_document_reader_read_integers: as above; a fraction, a missing value or one beyond int32 is
 * an error. Values of uint32 beyond int32 keep their 32 bits (4294967295 is read as -1): XGBoost
 * writes the features of pruned nodes so.
 */
gint32 *shs_document_reader_read_integers (ShsDocumentReader *self, gsize *count);
/**
 * ShsDocumentNumbers: numbers of one array after another, in memory that is used again: for loops
 * over very many arrays. All zero at first; for shs_document_numbers_clear() at last.
 * @count: how many there are
 * @size: bytes there is room for
 */
typedef struct
{
  gsize count;
  gsize size;
  union
  {
    gpointer any;
    double *doubles;
    float *floats;
    gint32 *integers;
  };
} ShsDocumentNumbers;

void shs_document_numbers_clear (ShsDocumentNumbers *numbers);

/** shs_document_reader_fill_floats: as shs_document_reader_read_floats(), into @numbers, whose
 * count is 0 when it failed. */
void shs_document_reader_fill_floats (ShsDocumentReader *self, ShsDocumentNumbers *numbers);
/** shs_document_reader_fill_integers: as shs_document_reader_read_integers(). */
void shs_document_reader_fill_integers (ShsDocumentReader *self, ShsDocumentNumbers *numbers);

/** shs_document_reader_read_strings: (transfer full): a NULL-ended array for g_strfreev(). */
char **shs_document_reader_read_strings (ShsDocumentReader *self, gsize *count);

/** shs_document_reader_fail: makes the reader fail here with a message of the caller's own. */
void shs_document_reader_fail (ShsDocumentReader *self, int code, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/** shs_document_reader_pass_error: (transfer full) (nullable) @error: as above with an error of
 * somebody else; nothing happens for NULL. */
void shs_document_reader_pass_error (ShsDocumentReader *self, GError *error);

/** shs_document_reader_finish: whether the document ended properly with nothing behind it. */
gboolean shs_document_reader_finish (ShsDocumentReader *self, GError **error);
/** shs_document_reader_check: TRUE while nothing has failed; else copies the error out. */
gboolean shs_document_reader_check (ShsDocumentReader *self, GError **error);

/** shs_document_reader_get_offset: bytes read so far, for progress. */
gsize shs_document_reader_get_offset (ShsDocumentReader *self);

G_END_DECLS
