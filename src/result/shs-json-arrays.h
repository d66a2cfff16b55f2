/* A JSON object whose values are numbers, texts and nested lists of them, as named arrays. */
#pragma once

#include "io/npy/shs-npy.h"

G_BEGIN_DECLS

/** SHS_JSON_SINGLES: the key under which the names of arrays in single precision stand. */
#define SHS_JSON_SINGLES "single_precision"

typedef struct _ShsJsonArrays ShsJsonArrays;

/**
 * shs_json_arrays_parse:
 *
 * Lists must be regular: all of one length at each depth, with items of one kind; null is a missing
 * number. An object stands for the text of itself.
 *
 * Returns: (transfer full): NULL with the place in the document
 */
ShsJsonArrays *shs_json_arrays_parse (const char *name, GBytes *bytes, GError **error);
void shs_json_arrays_free (ShsJsonArrays *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsJsonArrays, shs_json_arrays_free)

/** shs_json_arrays_list: (transfer full): the names, borrowed, and a NULL behind them. */
GPtrArray *shs_json_arrays_list (ShsJsonArrays *self);
/** shs_json_arrays_get: (transfer full): one array that is in the list. */
ShsNpyArray *shs_json_arrays_get (ShsJsonArrays *self, const char *name, GError **error);

G_END_DECLS
