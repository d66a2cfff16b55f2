/* Sheets of Excel workbooks (.xlsx, .xlsm). */
#pragma once

#include "core/shs-dataset.h"
#include "core/shs-progress.h"

G_BEGIN_DECLS

/** shs_xlsx_is: whether a ZIP archive looks like a workbook: its first member, or @path's ending.
 */
gboolean shs_xlsx_is (const char *path, const guint8 *head, gsize length);

/**
 * shs_xlsx_dataset_parse:
 * @path: for messages and the data set
 * @sheet: (nullable): name of a sheet; NULL for the first visible one that holds a table
 *
 * Reads a sheet into memory. The first row that is not empty names the columns, unless it holds
 * numbers alone; empty rows are passed over. Cells are numbers, texts, truths (1 and 0), or dates
 * and times by their number format, which are texts ("2024-02-29", "2024-02-29 12:30:00",
 * "12:30:00"); durations ([h]:mm) are days. Of formulas the value counts that the program last saw;
 * errors and empty cells are missing. A first column without a name whose values differ is the
 * index that pandas writes. ECMA-376, part 1, chapter 18.
 *
 * Returns: (transfer full): the data set; NULL with %SHS_ERROR_CHOICE naming the sheets where
 *   @sheet is none of them, %SHS_ERROR_SYNTAX with the member and what is wrong, %SHS_ERROR_INVALID
 *   for bombs, %SHS_ERROR_MEMORY, %SHS_ERROR_CANCELLED
 */
ShsDataset *shs_xlsx_dataset_parse (const char *path, const char *sheet, GBytes *bytes,
                                    ShsProgress *progress, GError **error);

/** shs_xlsx_dataset_list: (transfer full): the names of the visible sheets, empty ones too. */
char **shs_xlsx_dataset_list (const char *path, GBytes *bytes, ShsProgress *progress,
                              GError **error);

G_END_DECLS
