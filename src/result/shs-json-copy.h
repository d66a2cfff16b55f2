/* JSON values from one document into another. */
#pragma once

#include "io/json/shs-document-reader.h"
#include "io/json/shs-json-writer.h"

G_BEGIN_DECLS

/** shs_json_copy_value: the value that comes next; nested no deeper than the reader allows. */
void shs_json_copy_value (ShsDocumentReader *from, ShsJsonWriter *to);

/** shs_json_copy_text: a value that is given as JSON text; as a string when it is none. */
void shs_json_copy_text (const char *text, ShsJsonWriter *writer);

G_END_DECLS
