/* A Parquet file as a table. */
#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-pool.h"
#include "core/shs-table-builder.h"
#include "io/parquet/shs-parquet-private.h"
#include "io/shs-row-names.h"

#include <string.h>

/* @columns: one for each leaf; those that are left out stay empty */
typedef struct
{
  const ShsParquet *file;
  ShsProgress *progress;
  ShsParquetColumn *columns;
} Table;

static void
table_clear (Table *self)
{
  for (gsize j = 0; self->columns != NULL && j < self->file->n_leaves; j++)
    shs_parquet_column_clear (&self->columns[j]);
  shs_free (self->columns);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Table, table_clear)

static gboolean
is_usable (const ShsParquetLeaf *leaf)
{
  return leaf->max_repetition == 0 && leaf->meaning != SHS_PARQUET_OTHER;
}

static gboolean
read_column (gsize leaf, guint worker, gpointer data, GError **error)
{
  Table *table = data;

  return !is_usable (&table->file->leaves[leaf])
         || shs_parquet_column_read (table->file, leaf, table->progress, &table->columns[leaf],
                                     error);
}

static gboolean
read_columns (Table *table, guint n_threads, GError **error)
{
  const ShsParquet *file = table->file;
  gsize n_usable = 0;
  guint64 n_bytes = 0;

  for (gsize j = 0; j < file->n_leaves; j++)
    n_usable += is_usable (&file->leaves[j]);
  for (gsize i = 0; i < file->n_groups * file->n_leaves; i++)
    n_bytes += is_usable (&file->leaves[i % file->n_leaves]) ? file->chunks[i].length : 0;
  if (!shs_parquet_check_size (file, file->n_rows, n_usable, error)
      || !shs_memory_check (file->n_rows * n_usable * sizeof (double), "The table", error))
    return FALSE;
  table->columns = shs_alloc0 (file->n_leaves, sizeof *table->columns, error);
  if (table->columns == NULL)
    return FALSE;
  shs_progress_start (table->progress, n_bytes);
  return shs_pool_run (n_threads, file->n_leaves, read_column, table, table->progress, error);
}

static gboolean
has_values (const ShsParquetColumn *column)
{
  return column->numbers != NULL || column->codes != NULL;
}

/* ---- row names ---- */

/* @index: the column of a frame's index whose values differ, or -1. */
static gboolean
find_row_names (const Table *table, gssize *index, GError **error)
{
  gboolean are_different = FALSE;
  const ShsParquetColumn *column;

  *index = shs_parquet_find_index (table->file);
  if (*index < 0)
    return TRUE;
  column = &table->columns[*index];
  if (column->numbers != NULL
      && !shs_row_names_are_different (column->numbers, table->file->n_rows, &are_different, error))
    return FALSE;
  if (column->codes != NULL)
    are_different = column->n_categories == table->file->n_rows;
  if (!are_different)
    *index = -1;
  return TRUE;
}

/* ---- the data set ---- */

/* pandas' name of an index without one becomes the name that its index has in CSV. */
static const char *
get_name (const ShsParquetLeaf *leaf)
{
  return g_str_has_prefix (leaf->path, "__index_level_") ? "Unnamed: 0" : leaf->path;
}

static void
move_column (Table *table, gsize leaf, ShsTableBuilder *builder)
{
  ShsParquetColumn *column = &table->columns[leaf];
  const char *name = get_name (&table->file->leaves[leaf]);

  if (column->numbers != NULL && table->file->leaves[leaf].type == SHS_PARQUET_BOOLEAN)
    shs_table_builder_add_truths (builder, name, g_steal_pointer (&column->numbers));
  else if (column->numbers != NULL)
    shs_table_builder_add_doubles (builder, name, g_steal_pointer (&column->numbers));
  else if (column->codes != NULL)
    shs_table_builder_add_codes (builder, name, g_steal_pointer (&column->codes),
                                 g_steal_pointer (&column->categories), column->n_categories);
}

/* "file.parquet, without tags, picture". */
static char *
make_name (const Table *table, gsize *n_left_out)
{
  const ShsParquet *file = table->file;
  g_autofree char *base = g_path_get_basename (file->name);
  GString *name = g_string_new (base);
  g_autofree char *before = NULL;

  *n_left_out = 0;
  for (gsize j = 0; j < file->n_leaves; j++)
    {
      const ShsParquetLeaf *leaf = &file->leaves[j];
      gsize length = leaf->max_repetition > 0 ? strcspn (leaf->path, ".") : strlen (leaf->path);
      g_autofree char *outer = g_strndup (leaf->path, length);

      if (has_values (&table->columns[j]))
        continue;
      if (before == NULL || !g_str_equal (before, outer))
        g_string_append_printf (name, "%s%s", before == NULL ? ", without " : ", ", outer);
      g_free (before);
      before = g_steal_pointer (&outer);
      ++*n_left_out;
    }
  return g_string_free (name, FALSE);
}

static ShsDataset *
build (Table *table, gssize index, GError **error)
{
  const ShsParquet *file = table->file;
  g_autoptr (ShsTableBuilder) builder = shs_table_builder_new (file->n_rows);
  gsize n_left_out;
  g_autofree char *name = make_name (table, &n_left_out);

  if (n_left_out == file->n_leaves)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "%s: nothing is left of it: lists, maps and bytes are no columns of a table; "
                   "write their elements as columns of their own",
                   name);
      return NULL;
    }
  if (index >= 0)
    {
      move_column (table, (gsize)index, builder);
      shs_table_builder_mark_row_names (builder);
    }
  for (gsize j = 0; j < file->n_leaves; j++)
    if ((gssize)j != index)
      move_column (table, j, builder);
  return shs_table_builder_finish (g_steal_pointer (&builder), name);
}

ShsDataset *
shs_parquet_parse (const char *name, GBytes *bytes, guint n_threads, ShsProgress *progress,
                   GError **error)
{
  g_autoptr (ShsParquet) file = shs_parquet_open (name, bytes, error);
  g_auto (Table) table = { file, progress, NULL };
  gssize index;

  if (file == NULL || !read_columns (&table, n_threads, error)
      || !find_row_names (&table, &index, error))
    return NULL;
  return build (&table, index, error);
}
