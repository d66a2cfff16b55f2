#include "io/csv/shs-csv.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-table-builder.h"
#include "io/shs-bytes.h"
#include "io/csv/shs-csv-private.h"
#include "io/shs-row-names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLE_CHUNKS 64
#define SAMPLE_ROWS 16 /* of each sampled chunk */

static void
table_clear (ShsCsvTable *self)
{
  shs_csv_table_clear_texts (self);
  for (gsize j = 0; self->columns != NULL && j < self->header->n_columns; j++)
    {
      ShsCsvColumn *column = &self->columns[j];

      shs_free (column->values);
      shs_free (column->numbers);
      for (gsize i = 0; i < column->n_categories; i++)
        g_free (column->categories[i]);
      g_free (column->categories);
    }
  shs_free (self->columns);
  shs_free (self->chunks);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsCsvTable, table_clear)

static gboolean
check_options (const char *name, const ShsCsvOptions *options, GError **error)
{
  if (options->delimiter != '\0' && strchr (",;\t| ", options->delimiter) == NULL)
    g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                 "%s: '%c' cannot part cells; choose a comma, semicolon, tab, bar or blank", name,
                 options->delimiter);
  else if (options->decimal_mark != '\0' && strchr (".,", options->decimal_mark) == NULL)
    g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                 "%s: '%c' is no decimal mark; choose a point or a comma", name,
                 options->decimal_mark);
  else if (options->delimiter == ',' && options->decimal_mark == ',')
    g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                 "%s: a comma cannot part cells and be the decimal mark; choose one of them", name);
  else
    return TRUE;
  return FALSE;
}

/* Columns with a text here and there in the file are read as text at once; the rows are true ones,
 * so nothing else becomes of them later. Returns the next line, NULL where the row is broken. */
static const char *
sample_row (ShsCsvTable *table, const char *line)
{
  ShsCsvCell cell = { .next = line };
  double value;

  for (gsize j = 0; j < table->header->n_columns; j++)
    {
      if (cell.ends_line || shs_csv_read_cell (table->text, cell.next, &cell) != NULL)
        return NULL;
      if (!shs_csv_cell_read_number (table->text, &cell, &value))
        table->columns[j].kind = SHS_CSV_TEXT;
    }
  return cell.ends_line ? cell.next : NULL;
}

static void
sample_chunk (ShsCsvTable *table, const ShsCsvChunk *chunk)
{
  const char *line = chunk->first_line;

  for (gsize row = 0; row < MIN (SAMPLE_ROWS, chunk->n_rows) && line != NULL; row++)
    line = sample_row (table, shs_csv_skip_blank_lines (table->text, line));
}

static gboolean
guess_kinds (ShsCsvTable *table, GError **error)
{
  gsize step = MAX (1, table->n_chunks / SAMPLE_CHUNKS);

  table->columns = shs_alloc0 (table->header->n_columns, sizeof *table->columns, error);
  if (table->columns == NULL)
    return FALSE;
  for (gsize j = 0; j < table->header->n_columns; j++)
    table->columns[j].kind = SHS_CSV_NUMBER;
  for (gsize c = 0; c < table->n_chunks; c += step)
    sample_chunk (table, &table->chunks[c]);
  return TRUE;
}

/* After a pass: columns that turned out to be text are made so, and of padded numbers the texts are
 * wanted too; the others need no second one. */
static gsize
turn_to_text (ShsCsvTable *table)
{
  gsize n_turned = 0;

  for (gsize j = 0; j < table->header->n_columns; j++)
    {
      ShsCsvColumn *column = &table->columns[j];
      gboolean turns
          = column->kind == SHS_CSV_NUMBER && (column->is_not_numeric || column->is_padded);

      if (turns && !column->is_not_numeric)
        column->numbers = g_steal_pointer (&column->values);
      else if (turns)
        g_clear_pointer (&column->values, shs_free);
      n_turned += turns;
    }
  return n_turned;
}

static gboolean
read_columns (ShsCsvTable *table, GError **error)
{
  if (!shs_csv_table_read_columns (table, error) || !shs_csv_table_merge_texts (table, error))
    return FALSE;
  return TRUE;
}

static gboolean
read_turned_columns (ShsCsvTable *table, GError **error)
{
  gsize n_columns = table->header->n_columns;
  SHS_AUTOFREE guint8 *kinds = shs_alloc (n_columns, 1, error);

  if (kinds == NULL)
    return FALSE;
  for (gsize j = 0; j < n_columns; j++)
    {
      ShsCsvColumn *column = &table->columns[j];
      gboolean turned = column->values == NULL;

      kinds[j] = (guint8)(turned ? SHS_CSV_TEXT : column->kind);
      column->kind = turned ? SHS_CSV_TEXT : SHS_CSV_SKIP;
    }
  if (!read_columns (table, error))
    return FALSE;
  for (gsize j = 0; j < n_columns; j++)
    table->columns[j].kind = kinds[j];
  return TRUE;
}

/* A first column without a name, whose values all differ, is the index that pandas or R wrote. */
static gboolean
find_row_names (const ShsCsvTable *table, gboolean *found, GError **error)
{
  const ShsCsvColumn *first = &table->columns[0];

  *found = FALSE;
  if (!table->header->begins_unnamed)
    return TRUE;
  if (first->kind == SHS_CSV_NUMBER || first->numbers != NULL)
    return shs_row_names_are_different (first->numbers != NULL ? first->numbers : first->values,
                                        table->n_rows, found, error);
  *found = first->n_categories == table->n_rows;
  return TRUE;
}

static ShsDataset *
build (ShsCsvTable *table, gboolean has_row_names)
{
  ShsTableBuilder *builder = shs_table_builder_new (table->n_rows);
  g_autofree char *name = g_path_get_basename (table->text->name);

  for (gsize j = 0; j < table->header->n_columns; j++)
    {
      ShsCsvColumn *column = &table->columns[j];
      const char *column_name = table->header->names[j];
      gpointer values = g_steal_pointer (&column->values);
      gsize n_categories = column->n_categories;

      column->n_categories = 0;
      if (column->kind == SHS_CSV_NUMBER)
        shs_table_builder_add_doubles (builder, column_name, values);
      else if (column->numbers != NULL)
        shs_table_builder_add_spelled_doubles (builder, column_name,
                                               g_steal_pointer (&column->numbers), values,
                                               g_steal_pointer (&column->categories), n_categories);
      else
        shs_table_builder_add_codes (builder, column_name, values,
                                     g_steal_pointer (&column->categories), n_categories);
    }
  if (has_row_names)
    shs_table_builder_mark_row_names (builder);
  return shs_table_builder_finish (builder, name);
}

static guint64
make_seed (void)
{
  return (guint64)g_random_int () << 32 | g_random_int ();
}

ShsDataset *
shs_csv_parse_in_chunks (const char *name, GBytes *bytes, const ShsCsvOptions *options,
                         gsize chunk_bytes, guint n_threads, ShsProgress *progress, GError **error)
{
  const ShsCsvOptions found_out = { 0 };
  ShsCsvText text = { 0 };
  g_autoptr (GBytes) content = NULL;
  g_auto (ShsCsvHeader) header = { 0 };
  g_auto (ShsCsvTable) table = { .text = &text,
                                 .header = &header,
                                 .plan = { chunk_bytes, n_threads, progress },
                                 .hash_seed = make_seed () };
  gboolean has_row_names;

  options = options != NULL ? options : &found_out;
  if (!check_options (name, options, error))
    return NULL;
  content = shs_csv_decode (name, bytes, &text, error);
  if (content == NULL)
    return NULL;
  shs_csv_sniff (&text, options);
  if (!shs_csv_header_read (&text, options->header, &header, error))
    return NULL;
  shs_progress_start (progress, 2 * (guint64)(text.end - header.data));
  table.chunks
      = shs_csv_chunks_new (&text, header.data, &table.plan, &table.n_chunks, &table.n_rows, error);
  if (table.chunks == NULL || !guess_kinds (&table, error))
    return NULL;
  if (table.n_rows == 0)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
                   "%s: it names columns and holds no row below them; choose another file", name);
      return NULL;
    }
  if (!read_columns (&table, error))
    return NULL;
  if (turn_to_text (&table) > 0 && !read_turned_columns (&table, error))
    return NULL;
  if (!find_row_names (&table, &has_row_names, error))
    return NULL;
  return build (&table, has_row_names);
}

ShsDataset *
shs_csv_parse (const char *name, GBytes *bytes, const ShsCsvOptions *options, guint n_threads,
               ShsProgress *progress, GError **error)
{
  return shs_csv_parse_in_chunks (name, bytes, options, SHS_CSV_CHUNK, n_threads, progress, error);
}

ShsDataset *
shs_csv_open (const char *path, const ShsCsvOptions *options, guint n_threads,
              ShsProgress *progress, GError **error)
{
  g_autoptr (GBytes) bytes = shs_bytes_open (path, error);

  if (bytes == NULL)
    return NULL;
  return shs_csv_parse (path, bytes, options, n_threads, progress, error);
}

void
shs_csv_append_cell (GString *line, const char *text)
{
  gboolean is_padded = text[0] == ' ' || text[0] == '\t'
                       || (text[0] != '\0' && g_ascii_isspace (text[strlen (text) - 1]));

  if (!is_padded && strpbrk (text, ",\"\r\n") == NULL)
    {
      g_string_append (line, text);
      return;
    }
  g_string_append_c (line, '"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        g_string_append_c (line, '"');
      g_string_append_c (line, *text);
    }
  g_string_append_c (line, '"');
}
