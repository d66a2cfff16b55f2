/* The parts of the JSON format: texts, arrays of numbers, and what both need. */
#pragma once

#include "io/json/shs-document-reader-private.h"

G_BEGIN_DECLS

#define SHS_JSON_CUT_SHORT "the file ends too early; it may be cut short"

/* Reads the text whose opening quote comes next; UTF-8 in scratch memory, or NULL. */
const char *shs_json_read_text (ShsDocumentReader *self);

/* As advance() of ShsDocumentFormat. */
gboolean shs_json_advance (ShsDocumentReader *self, ShsDocumentLevel *level);

double shs_json_read_number (ShsDocumentReader *self);
gboolean shs_json_read_boolean (ShsDocumentReader *self);
void shs_json_read_null (ShsDocumentReader *self);
ShsDocumentType shs_json_peek (ShsDocumentReader *self);

void shs_json_read_numbers (ShsDocumentReader *self, ShsDocumentLevel *level, ShsNumberKind kind,
                            ShsDocumentNumbers *numbers);
void shs_json_skip_numbers (ShsDocumentReader *self, ShsDocumentLevel *level);

G_END_DECLS
