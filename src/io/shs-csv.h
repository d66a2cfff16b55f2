/* Tables as text: CSV, TSV and their relatives. */
#pragma once

#include "core/shs-dataset.h"
#include "core/shs-progress.h"

G_BEGIN_DECLS

/**
 * ShsCsvOptions: zero means "find out from the text".
 * @delimiter: ',', ';', tab, '|' or ' '
 * @decimal_mark: '.' or ','
 * @header: 1 the first line names the columns, -1 it does not, 0 find out
 */
typedef struct
{
  char delimiter;
  char decimal_mark;
  int header;
} ShsCsvOptions;

/**
 * shs_csv_open:
 * @options: (nullable)
 * @n_threads: for typing the columns; 0 for all processors
 *
 * Reads a table into memory: doubles for numeric columns, dictionary codes for the rest. Memory is
 * at most the numbers plus the mapped file. Cost: about one pass of memory bandwidth per column
 * type guess.
 *
 * Returns: (transfer full): the data set; NULL with line and column of what is wrong
 */
ShsDataset *shs_csv_open (const char *path, const ShsCsvOptions *options, guint n_threads,
                          ShsProgress *progress, GError **error);

/** shs_csv_parse: as shs_csv_open() for bytes in memory; @name is for messages and the data set. */
ShsDataset *shs_csv_parse (const char *name, GBytes *bytes, const ShsCsvOptions *options,
                           guint n_threads, ShsProgress *progress, GError **error);

/**
 * shs_csv_append_cell: appends @text to @line, quoted where RFC 4180 asks for it; a cell that a
 * spreadsheet would run as a formula is left as it is.
 */
void shs_csv_append_cell (GString *line, const char *text);

G_END_DECLS
