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
 * Reads a table into memory: doubles for numeric columns, dictionary codes for the rest. A column
 * is numeric when every cell is a number or missing (empty, NA, NaN, null, ?, - and their kin); one
 * that is empty throughout is numeric too. Marks of thousands are not guessed: such columns are
 * text. Texts are kept as they stand, blanks included; blanks around numbers, missing values and
 * names do not count, and blank lines are passed over. Rows must have as many cells as the first
 * line. Where that has one fewer, as R writes it, the first column holds row names; these, or a
 * first column without a name, are called "Unnamed: 0", as pandas calls them.
 *
 * UTF-8, UTF-16 with its mark, else Latin-1 (Windows-1252), told cell by cell. Lines end with LF,
 * CR LF, or CR throughout. A quote counts only at the beginning of a cell; inside a quoted cell it
 * stands twice.
 *
 * Memory is at most the numbers plus the mapped file (plus the text of UTF-16 and gzip files) and,
 * for text columns, 16 bytes for each distinct text of a mebibyte of file while reading. The same
 * at any number of threads. Cost: two passes, about 2 ns a byte on one core; a column that turns
 * out to be text late is read once more. At most 500,000 columns.
 *
 * Returns: (transfer full): the data set; NULL with the line and the number of the column
 *   (from 1) of what is wrong
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
