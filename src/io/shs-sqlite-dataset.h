/* Tables of SQLite databases. */
#pragma once

#include "core/shs-dataset.h"
#include "core/shs-progress.h"

G_BEGIN_DECLS

/**
 * shs_sqlite_dataset_open:
 * @path: the database; it is opened for reading alone, and nothing is written beside it
 * @table: (nullable): a table or view; NULL where there is only one table (or only one view)
 *
 * Reads a table into memory. Cells are numbers or texts by their values; NULL is missing. A column
 * of texts that are all numbers (or empty), as imports leave them, is one of numbers; a column that
 * holds blobs is left out, and the name of the data set says so.
 *
 * A view may compute a thousand steps for each byte of the file, and ten million more: one that
 * never ends is refused. The schema is not trusted (no functions with side effects, no triggers,
 * damaged pages are found): https://www.sqlite.org/security.html
 *
 * Returns: (transfer full): the data set; NULL with %SHS_ERROR_CHOICE naming the tables where there
 *   are several, %SHS_ERROR_SYNTAX for a damaged database, %SHS_ERROR_INVALID, %SHS_ERROR_MEMORY,
 *   %SHS_ERROR_CANCELLED
 */
ShsDataset *shs_sqlite_dataset_open (const char *path, const char *table, ShsProgress *progress,
                                     GError **error);

/** shs_sqlite_dataset_list: (transfer full): the names that shs_sqlite_dataset_open() takes:
 * tables, or views where there are no tables. */
char **shs_sqlite_dataset_list (const char *path, ShsProgress *progress, GError **error);

G_END_DECLS
