/* What the parts of the CSV reader share. */
#pragma once

#include "core/shs-progress.h"
#include "io/csv/shs-csv.h"

G_BEGIN_DECLS

/* The limits of the reader, all of them. */
#define SHS_CSV_MAX_COLUMNS 500000
#define SHS_CSV_MAX_CELL (1u << 20)     /* bytes of one text cell */
#define SHS_CSV_SNIFF_BYTES (64u << 10) /* what delimiter and header are guessed from */
#define SHS_CSV_SNIFF_LINES 200
#define SHS_CSV_CHUNK (1u << 20) /* bytes that one task reads */

/** shs_csv_parse_in_chunks: shs_csv_parse() with another size of chunks; the table is the same. */
ShsDataset *shs_csv_parse_in_chunks (const char *name, GBytes *bytes, const ShsCsvOptions *options,
                                     gsize chunk_bytes, guint n_threads, ShsProgress *progress,
                                     GError **error);

/**
 * ShsCsvText: the bytes of a table and how they are to be read.
 * @name: for messages
 * @begin: first byte behind a byte order mark
 * @delimiter: between cells; a blank stands for any run of blanks
 * @line_end: '\n' (a '\r' before it is dropped) or '\r'
 */
typedef struct
{
  const char *name;
  const char *begin;
  const char *end;
  char delimiter;
  char decimal_mark;
  char line_end;
} ShsCsvText;

/* ---- shs-csv-decode.c: encodings ---- */

/**
 * shs_csv_decode:
 *
 * Returns: (transfer full): @bytes themselves, or UTF-8 made from UTF-16; @text gets name, begin
 *   and end of it
 */
GBytes *shs_csv_decode (const char *name, GBytes *bytes, ShsCsvText *text, GError **error);

/* ---- shs-csv-cell.c: one cell ---- */

/**
 * ShsCsvCell:
 * @begin: its text as it stands, without quotes; blanks count for texts alone
 * @next: where the next cell, or the next line, begins
 * @has_escapes: quotes inside stand doubled
 */
typedef struct
{
  const char *begin;
  const char *end;
  const char *next;
  gboolean ends_line;
  gboolean has_escapes;
} ShsCsvCell;

/** shs_csv_read_cell: NULL, or what is wrong with the cell that begins at @at. */
const char *shs_csv_read_cell (const ShsCsvText *text, const char *at, ShsCsvCell *cell);
/** shs_csv_cell_find_missing: its spelling of a missing value (shs_missing_find()), or 0. */
guint shs_csv_cell_find_missing (const ShsCsvCell *cell);
/** shs_csv_cell_read_number: a number, or a missing one with its spelling; FALSE for any other
 * text. */
gboolean shs_csv_cell_read_number (const ShsCsvText *text, const ShsCsvCell *cell, double *value);
/**
 * shs_csv_is_padded_number: whether the number at @at begins with a plus or a zero too many, so
 * that it may be no number at all but a code such as "01067", whose text is kept.
 *
 * "1.50" and " 7" are numbers like any other. CatBoost knows them by their texts only where its own
 * reader, or pandas with dtype=str, was told that the column is no number; of a frame that pandas
 * read as usual it refuses a category such as 1.5 ("real number values ... should be converted to
 * string") and knows 7 as "7". So numbers are looked up as they are printed.
 */
gboolean shs_csv_is_padded_number (const char *at, const char *end);
/** shs_csv_cell_to_name: (transfer full): as below, without blanks around it. */
char *shs_csv_cell_to_name (const ShsCsvCell *cell);
/** shs_csv_cell_to_text: (transfer full): as UTF-8; NULL when it holds a NUL byte. */
char *shs_csv_cell_to_text (const char *begin, gsize length, gboolean has_escapes);

/** shs_csv_is_blank_line: whether nothing but blanks stands in the line that begins at @at. */
gboolean shs_csv_is_blank_line (const ShsCsvText *text, const char *at);
/** shs_csv_skip_blank_lines: the first line with content from @at on, or the end. */
const char *shs_csv_skip_blank_lines (const ShsCsvText *text, const char *at);

/** shs_csv_fail: %SHS_ERROR_SYNTAX at a byte; @column counts from 1, 0 for the whole line. */
gboolean shs_csv_fail (const ShsCsvText *text, const char *at, gsize column, const char *problem,
                       GError **error);

/* ---- shs-csv-sniff.c and shs-csv-header.c: what the first lines tell ---- */

/** shs_csv_sniff: fills line end, delimiter and decimal mark, as far as @options leave them. */
void shs_csv_sniff (ShsCsvText *text, const ShsCsvOptions *options);

/**
 * ShsCsvHeader:
 * @names: n_columns strings
 * @data: where the first line behind the header begins
 * @begins_unnamed: the first of several columns has no name, or the one pandas gives such a column
 */
typedef struct
{
  gsize n_columns;
  char **names;
  const char *data;
  gboolean begins_unnamed;
} ShsCsvHeader;

gboolean shs_csv_header_read (const ShsCsvText *text, int wanted, ShsCsvHeader *header,
                              GError **error);
void shs_csv_header_clear (ShsCsvHeader *header);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsCsvHeader, shs_csv_header_clear)

/* ---- shs-csv-lines.c: where the rows are ---- */

/**
 * ShsCsvChunk: a piece of the text. The rows whose lines begin in it belong to it.
 * @first_line: beginning of its first row; @end where it has none
 */
typedef struct
{
  const char *begin;
  const char *end;
  const char *first_line;
  gsize first_row;
  gsize n_rows;
} ShsCsvChunk;

/** ShsCsvPlan: how a text is read. */
typedef struct
{
  gsize chunk_bytes;
  guint n_threads;
  ShsProgress *progress;
} ShsCsvPlan;

/** shs_csv_chunks_new: (transfer full): the chunks from @data on, for shs_free(). */
ShsCsvChunk *shs_csv_chunks_new (const ShsCsvText *text, const char *data, const ShsCsvPlan *plan,
                                 gsize *n_chunks, gsize *n_rows, GError **error);

/* ---- shs-csv-dictionary.c: distinct texts ---- */

#define SHS_CSV_HAS_ESCAPES 1u

/** ShsCsvEntry: a text by its place in the file. */
typedef struct
{
  const char *begin;
  guint32 length;
  guint32 hash; /* with SHS_CSV_HAS_ESCAPES where quotes stand doubled */
} ShsCsvEntry;

typedef struct
{
  ShsCsvEntry *entries;
  gint32 *slots;
  gsize n_entries;
  gsize n_slots;
} ShsCsvDictionary;

ShsCsvEntry shs_csv_entry (const ShsCsvCell *cell, guint64 seed);
/** shs_csv_dictionary_add: the entry's code, counted in order of first appearance; -1 on error. */
gint32 shs_csv_dictionary_add (ShsCsvDictionary *self, const ShsCsvEntry *entry, GError **error);
void shs_csv_dictionary_reset (ShsCsvDictionary *self);
void shs_csv_dictionary_clear (ShsCsvDictionary *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsCsvDictionary, shs_csv_dictionary_clear)

/* ---- shs-csv-columns.c: the cells of all columns, typed ---- */

typedef enum
{
  SHS_CSV_SKIP,
  SHS_CSV_NUMBER,
  SHS_CSV_TEXT,
} ShsCsvKind;

/**
 * ShsCsvColumn:
 * @values: n_rows doubles (NUMBER) or gint32 codes (TEXT) of shs_alloc(); a code below 0 is missing
 * @is_not_numeric: set while a NUMBER column is read and holds other text
 * @is_padded: set while it is read and holds numbers such as 007 or +7
 * @numbers: those of a column of padded numbers, whose texts are read then as those of any other
 * @text_index: which of the text columns it is
 */
typedef struct
{
  ShsCsvKind kind;
  gint is_not_numeric;
  gint is_padded;
  gsize text_index;
  gpointer values;
  double *numbers;
  char **categories;
  gsize n_categories;
} ShsCsvColumn;

/**
 * ShsCsvTable: a table while it is read.
 * @texts: for each chunk the texts that are new in it, all text columns behind each other
 * @text_ends: n_text_columns ends into each of @texts
 */
typedef struct
{
  const ShsCsvText *text;
  const ShsCsvHeader *header;
  ShsCsvChunk *chunks;
  gsize n_chunks;
  gsize n_rows;
  ShsCsvColumn *columns;
  gsize n_text_columns;
  guint64 hash_seed;
  ShsCsvEntry **texts;
  gsize **text_ends;
  ShsCsvPlan plan;
} ShsCsvTable;

/** shs_csv_table_read_columns: fills all columns whose kind is not SKIP and has no values yet. */
gboolean shs_csv_table_read_columns (ShsCsvTable *self, GError **error);
/** shs_csv_table_merge_texts: one dictionary for each text column from those of the chunks. */
gboolean shs_csv_table_merge_texts (ShsCsvTable *self, GError **error);
void shs_csv_table_clear_texts (ShsCsvTable *self);

G_END_DECLS
