/* The rows of an explanation, sorted and filtered, as a list model over an index array. */
#pragma once

#include "app/shs-index-list.h"
#include "session/shs-row-column.h"
#include "session/shs-session.h"

G_BEGIN_DECLS

/**
 * ShsRowModel: a list of #ShsRowItem whose filter and selection are the session's: the primary row
 * and the selected rows.
 *
 * Properties, with "notify": "filter-error" (string, read-only): why the filter is not understood.
 */
#define SHS_TYPE_ROW_MODEL (shs_row_model_get_type ())
G_DECLARE_FINAL_TYPE (ShsRowModel, shs_row_model, SHS, ROW_MODEL, ShsIndexList)

ShsRowModel *shs_row_model_new (ShsSession *session);
/** shs_row_model_sort: by a column; large models are sorted on another thread. */
void shs_row_model_sort (ShsRowModel *self, ShsRowColumn column, gboolean descending);
const char *shs_row_model_get_filter_error (ShsRowModel *self);
/** shs_row_model_find: where a row of the explanation stands; -1 when it is filtered away. */
gssize shs_row_model_find (ShsRowModel *self, gint64 row);

/** shs_row_model_count: rows that pass the filter, also those that are not announced yet. */
gsize shs_row_model_count (ShsRowModel *self);

G_END_DECLS
