/* Writes JSON text. */
#pragma once

#include "io/shs-file-writer.h"

G_BEGIN_DECLS

/**
 * ShsJsonWriter: appends to a GString; commas, quotes, escapes and indentation are its own. Numbers
 * are the shortest text that reads back; NaN and infinities become null unless
 * shs_json_writer_set_bare_nan() allows the bare words.
 */
typedef struct _ShsJsonWriter ShsJsonWriter;

/**
 * shs_json_writer_new: @indent: blanks per level; 0 writes one line. Numbers and texts of an array
 * stay on one line in either case.
 */
ShsJsonWriter *shs_json_writer_new (guint indent);
/**
 * shs_json_writer_new_for_file: hands the text on to @file (borrowed) as it grows, so that memory
 * stays small; shs_json_writer_flush() writes the rest and tells of failures.
 */
ShsJsonWriter *shs_json_writer_new_for_file (ShsFileWriter *file, guint indent);
/** shs_json_writer_flush: FALSE with the first error that writing to the file met. */
gboolean shs_json_writer_flush (ShsJsonWriter *self, GError **error);
void shs_json_writer_free (ShsJsonWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsJsonWriter, shs_json_writer_free)
void shs_json_writer_set_bare_nan (ShsJsonWriter *self, gboolean allowed);

void shs_json_writer_begin_object (ShsJsonWriter *self);
void shs_json_writer_end_object (ShsJsonWriter *self);
void shs_json_writer_begin_array (ShsJsonWriter *self);
void shs_json_writer_end_array (ShsJsonWriter *self);
void shs_json_writer_key (ShsJsonWriter *self, const char *key);
void shs_json_writer_string (ShsJsonWriter *self, const char *value); /* NULL writes null */
void shs_json_writer_double (ShsJsonWriter *self, double value);
void shs_json_writer_float (ShsJsonWriter *self, float value);
void shs_json_writer_integer (ShsJsonWriter *self, gint64 value);
void shs_json_writer_boolean (ShsJsonWriter *self, gboolean value);
void shs_json_writer_null (ShsJsonWriter *self);

/** shs_json_writer_get_text: what was written so far (and not handed to a file); owned by @self. */
const char *shs_json_writer_get_text (ShsJsonWriter *self);
/** shs_json_writer_take_text: (transfer full): the text; the writer is empty afterwards. */
char *shs_json_writer_take_text (ShsJsonWriter *self);

G_END_DECLS
