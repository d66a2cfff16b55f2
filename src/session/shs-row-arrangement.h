/* Which rows of an explanation a table shows, and in which order. */
#pragma once

#include "session/shs-row-column.h"
#include "session/shs-row-filter.h"
#include "session/shs-row-style.h"

G_BEGIN_DECLS

/**
 * ShsRowArrangement: what is asked, and after shs_row_arrangement_run() the answer. Belongs to one
 * thread at a time.
 * @dataset: (nullable): what was explained, for filters by columns that are no features
 * @column, @descending: sorted by; errors by their size, whatever their sign
 * @filter: as for shs_row_filter_new()
 * @order: @n rows of the explanation, memory of shs_alloc()
 * @style: digits that suit the rows
 * @target_words: what the data call targets 0 and 1, where these are two words; else NULL
 */
typedef struct
{
  ShsExplanation *explanation;
  ShsDataset *dataset;
  gsize output;
  ShsRowColumn column;
  gboolean descending;
  char *filter;

  guint32 *order;
  gsize n;
  ShsRowStyle style;
  char *target_words[2];
} ShsRowArrangement;

/** shs_row_arrangement_new: all rows as they are. @dataset: (nullable). */
ShsRowArrangement *shs_row_arrangement_new (ShsExplanation *explanation, ShsDataset *dataset,
                                            gsize output);
void shs_row_arrangement_free (ShsRowArrangement *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsRowArrangement, shs_row_arrangement_free)

/** shs_row_arrangement_run: FALSE when the filter is not understood, values cannot be read, or
 * there is not enough memory. Cost: that of filter and sorting; any thread. */
gboolean shs_row_arrangement_run (ShsRowArrangement *self, GError **error);

G_END_DECLS
