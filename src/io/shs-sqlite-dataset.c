#include "io/shs-sqlite-dataset.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-shown.h"
#include "io/shs-cell-table.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define STEPS_BETWEEN_CHECKS 10000 /* of SQLite's virtual machine, about a millisecond */
#define MAX_ROW (16 << 20)         /* bytes */
#define MAX_HEAP (512 << 20)       /* bytes that SQLite may use altogether */
#define FREE_STEPS 10000000        /* a view may compute that much, however small its file is ... */
#define STEPS_PER_BYTE 1000        /* ... and so much for each byte of it */
#define MAX_TABLES 10000
#define SHOWN_TABLES 20

typedef struct
{
  const char *path;
  sqlite3 *database;
  ShsProgress *progress;
  guint64 steps_left;
} Reader;

static void
reader_clear (Reader *self)
{
  sqlite3_close (self->database);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

/* What SQLite says, in our words where they help. */
static gboolean
fail (const Reader *reader, GError **error)
{
  int status = sqlite3_errcode (reader->database) & 0xff;

  if (status == SQLITE_INTERRUPT && !shs_progress_check (reader->progress, error))
    return FALSE;
  if (status == SQLITE_INTERRUPT)
    g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
                 "%s: the view computes far more than such a small database holds; it may never "
                 "end: choose a table",
                 reader->path);
  else if (status == SQLITE_NOMEM)
    g_set_error (error, SHS_ERROR, SHS_ERROR_MEMORY,
                 "%s: there is not the memory to read it that it needs; choose a table instead of "
                 "a view, or close other programs",
                 reader->path);
  else if (status == SQLITE_TOOBIG)
    g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                 "%s: a row takes more than %d MiB; choose a table without such large cells",
                 reader->path, MAX_ROW >> 20);
  else if (status == SQLITE_BUSY || status == SQLITE_LOCKED || status == SQLITE_READONLY
           || status == SQLITE_CANTOPEN)
    g_set_error (error, SHS_ERROR, SHS_ERROR_FILE,
                 "%s: the database is in use, or was left unfinished (%s); close the program that "
                 "writes it, or open it there once",
                 reader->path, sqlite3_errmsg (reader->database));
  else
    {
      g_autofree char *reason = shs_text_shown (sqlite3_errmsg (reader->database));

      g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX,
                   "%s: the database cannot be read: %s; it may be damaged or cut short",
                   reader->path, reason);
    }
  return FALSE;
}

/* Whether SQLite is to stop. */
static int
count_steps (void *data)
{
  Reader *reader = data;

  reader->steps_left -= MIN (reader->steps_left, STEPS_BETWEEN_CHECKS);
  return reader->steps_left == 0 || shs_progress_is_cancelled (reader->progress);
}

/* ---- opening ---- */

static gboolean
has_file_beside (const char *path, const char *ending)
{
  g_autofree char *beside = g_strconcat (path, ending, NULL);
  GStatBuf info;

  return g_stat (beside, &info) == 0 && info.st_size > 0;
}

/* A database that nobody has left unfinished is read as one that does not change, which needs no
 * locks and no files beside it. */
static char *
make_uri (const char *path)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *escaped = g_uri_escape_string (absolute, "/", FALSE);
  gboolean is_quiet = !has_file_beside (path, "-wal") && !has_file_beside (path, "-journal");

  return g_strconcat ("file:", escaped, "?mode=ro", is_quiet ? "&immutable=1" : "", NULL);
}

static void
harden (sqlite3 *database)
{
  static const int off[] = { SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION,
                             SQLITE_DBCONFIG_ENABLE_TRIGGER };
  static const struct
  {
    int limit;
    int value;
  } limits[] = { { SQLITE_LIMIT_LENGTH, MAX_ROW },   { SQLITE_LIMIT_SQL_LENGTH, 1 << 20 },
                 { SQLITE_LIMIT_EXPR_DEPTH, 100 },   { SQLITE_LIMIT_COMPOUND_SELECT, 20 },
                 { SQLITE_LIMIT_ATTACHED, 0 },       { SQLITE_LIMIT_TRIGGER_DEPTH, 1 },
                 { SQLITE_LIMIT_WORKER_THREADS, 0 }, { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000 },
                 { SQLITE_LIMIT_VDBE_OP, 1 << 18 } };

  sqlite3_db_config (database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (off); i++)
    sqlite3_db_config (database, off[i], 0, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    sqlite3_limit (database, limits[i].limit, limits[i].value);
}

/* What a view sorts stays in memory, not in files beside the program, so memory has an end too. */
static gboolean
open_database (Reader *reader, GError **error)
{
  g_autofree char *uri = make_uri (reader->path);
  int flags
      = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;

  if (sqlite3_open_v2 (uri, &reader->database, flags, NULL) != SQLITE_OK)
    return fail (reader, error);
  sqlite3_hard_heap_limit64 ((sqlite3_int64)MIN ((guint64)MAX_HEAP, shs_memory_budget ()));
  harden (reader->database);
  sqlite3_progress_handler (reader->database, STEPS_BETWEEN_CHECKS, count_steps, reader);
  return sqlite3_exec (reader->database,
                       "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; "
                       "PRAGMA temp_store = MEMORY; PRAGMA query_only = ON;",
                       NULL, NULL, NULL)
             == SQLITE_OK
         || fail (reader, error);
}

/* ---- tables ---- */

/* The names of the tables, or of the views. */
static GPtrArray *
list_tables (const Reader *reader, const char *type, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (sqlite3_stmt) statement = NULL;
  int status;

  if (sqlite3_prepare_v2 (reader->database,
                          "SELECT name FROM sqlite_schema WHERE type = ?1 AND name NOT LIKE "
                          "'sqlite\\_%' ESCAPE '\\' ORDER BY name",
                          -1, &statement, NULL)
          != SQLITE_OK
      || sqlite3_bind_text (statement, 1, type, -1, SQLITE_STATIC) != SQLITE_OK)
    {
      fail (reader, error);
      return NULL;
    }
  while ((status = sqlite3_step (statement)) == SQLITE_ROW && names->len < MAX_TABLES)
    {
      const char *name = (const char *)sqlite3_column_text (statement, 0);

      if (name != NULL)
        g_ptr_array_add (names, g_strdup (name));
    }
  if (status == SQLITE_DONE || status == SQLITE_ROW)
    return g_steal_pointer (&names);
  fail (reader, error);
  return NULL;
}

static char *
join_names (const GPtrArray *names)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < MIN (names->len, SHOWN_TABLES); i++)
    {
      g_autofree char *shown = shs_name_shown (names->pdata[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", shown);
    }
  if (names->len > SHOWN_TABLES)
    g_string_append (text, ", ...");
  return g_string_free (text, FALSE);
}

static char *
choose_only (const Reader *reader, const GPtrArray *names, GError **error)
{
  g_autofree char *base = g_path_get_basename (reader->path);
  g_autofree char *list = join_names (names);
  g_autofree char *example = names->len > 0 ? shs_text_shown (names->pdata[0]) : NULL;

  if (names->len == 1)
    return g_strdup (names->pdata[0]);
  if (names->len == 0)
    g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID, "%s: the database has no tables",
                 reader->path);
  else
    g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                 "%s: the database has several tables: %s; choose one by opening \"%s#%s\"",
                 reader->path, list, base, example);
  return NULL;
}

static gboolean
contains (const GPtrArray *names, const char *name)
{
  for (guint i = 0; i < names->len; i++)
    if (g_str_equal (names->pdata[i], name))
      return TRUE;
  return FALSE;
}

/* The one table, or else the one view; or the one that is asked for. */
static char *
choose_table (const Reader *reader, const char *wanted, GError **error)
{
  g_autoptr (GPtrArray) tables = list_tables (reader, "table", error);
  g_autoptr (GPtrArray) views = tables != NULL ? list_tables (reader, "view", error) : NULL;
  g_autofree char *list = NULL;

  if (views == NULL)
    return NULL;
  if (wanted == NULL)
    return choose_only (reader, tables->len > 0 ? tables : views, error);
  if (contains (tables, wanted) || contains (views, wanted))
    return g_strdup (wanted);
  list = join_names (tables->len > 0 ? tables : views);
  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
               "%s: the database has no table \"%s\"; it has %s", reader->path, wanted, list);
  return NULL;
}

char **
shs_sqlite_dataset_list (const char *path, ShsProgress *progress, GError **error)
{
  g_auto (Reader) reader = { .path = path, .progress = progress, .steps_left = FREE_STEPS };
  g_autoptr (GPtrArray) names = NULL;

  if (!open_database (&reader, error))
    return NULL;
  names = list_tables (&reader, "table", error);
  if (names != NULL && names->len == 0)
    {
      g_ptr_array_unref (names);
      names = list_tables (&reader, "view", error);
    }
  if (names == NULL)
    return NULL;
  g_ptr_array_set_free_func (names, NULL);
  g_ptr_array_add (names, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

/* ---- rows ---- */

static gboolean
take_cell (sqlite3_stmt *statement, int column, ShsCellTable *table, GError **error)
{
  const char *text;
  gsize length;

  switch (sqlite3_column_type (statement, column))
    {
    case SQLITE_INTEGER:
    case SQLITE_FLOAT:
      return shs_cell_table_set_number (table, (gsize)column,
                                        sqlite3_column_double (statement, column), error);
    case SQLITE_TEXT:
      text = (const char *)sqlite3_column_text (statement, column);
      length = (gsize)sqlite3_column_bytes (statement, column);
      if (text != NULL && g_utf8_validate (text, (gssize)length, NULL))
        return shs_cell_table_set_text (table, (gsize)column, text, length, error);
      shs_cell_table_leave_out (table, (gsize)column);
      return TRUE;
    case SQLITE_BLOB:
      shs_cell_table_leave_out (table, (gsize)column);
      return TRUE;
    default:
      return TRUE;
    }
}

static gboolean
take_rows (const Reader *reader, sqlite3_stmt *statement, ShsCellTable *table, GError **error)
{
  int n_columns = sqlite3_column_count (statement);
  int status;

  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      shs_cell_table_add_row (table);
      for (int j = 0; j < n_columns; j++)
        if (!take_cell (statement, j, table, error))
          {
            g_prefix_error (error, "%s: ", reader->path);
            return FALSE;
          }
    }
  return status == SQLITE_DONE ? shs_progress_check (reader->progress, error)
                               : fail (reader, error);
}

static ShsDataset *
read_table (const Reader *reader, const char *name, GError **error)
{
  g_autoptr (ShsCellTable) table = shs_cell_table_new ();
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *base = g_path_get_basename (reader->path);
  g_autofree char *shown = g_strdup_printf ("%s, %s", base, name);
  char *query = sqlite3_mprintf ("SELECT * FROM main.\"%w\"", name);
  g_autoptr (sqlite3_stmt) statement = NULL;
  int status = query != NULL ? sqlite3_prepare_v2 (reader->database, query, -1, &statement, NULL)
                             : SQLITE_NOMEM;

  sqlite3_free (query);
  if (status != SQLITE_OK)
    {
      fail (reader, error);
      return NULL;
    }
  for (int j = 0; j < sqlite3_column_count (statement); j++)
    {
      const char *column = sqlite3_column_name (statement, j);

      g_ptr_array_add (names, g_utf8_make_valid (column != NULL ? column : "", -1));
    }
  if (!take_rows (reader, statement, table, error))
    return NULL;
  return shs_cell_table_finish (table,
                                &(ShsCellTableOptions){ .name = shown,
                                                        .names = (const char *const *)names->pdata,
                                                        .n_names = names->len,
                                                        .numbers_in_texts = TRUE },
                                error);
}

ShsDataset *
shs_sqlite_dataset_open (const char *path, const char *table, ShsProgress *progress, GError **error)
{
  g_auto (Reader) reader = { .path = path, .progress = progress, .steps_left = FREE_STEPS };
  g_autofree char *name = NULL;
  GStatBuf info;

  if (g_stat (path, &info) == 0 && info.st_size > 0)
    reader.steps_left += STEPS_PER_BYTE * (guint64)info.st_size;
  if (!shs_progress_check (progress, error) || !open_database (&reader, error))
    return NULL;
  name = choose_table (&reader, table, error);
  return name != NULL ? read_table (&reader, name, error) : NULL;
}
