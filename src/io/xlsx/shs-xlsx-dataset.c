#include "io/xlsx/shs-xlsx-dataset.h"

#include "core/shs-error.h"
#include "core/shs-shown.h"
#include "io/xlsx/shs-xlsx-private.h"

#include <string.h>

#define NAME_LENGTH 26 /* where a local header tells the length of the member's name */
#define NAME 30
#define SHOWN_SHEETS 20

gboolean
shs_xlsx_is (const char *path, const guint8 *head, gsize length)
{
  static const char *const members[] = { "[Content_Types].xml", "xl/", "_rels/.rels", "docProps/" };
  g_autofree char *lower = g_ascii_strdown (path, -1);

  if (g_str_has_suffix (lower, ".xlsx") || g_str_has_suffix (lower, ".xlsm"))
    return TRUE;
  if (g_str_has_suffix (lower, ".docx") || g_str_has_suffix (lower, ".pptx"))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    if (length >= NAME + strlen (members[i])
        && memcmp (head + NAME, members[i], strlen (members[i])) == 0)
      return TRUE;
  return FALSE;
}

static const ShsXlsxSheet *
get_sheet (const ShsXlsxBook *book, guint i)
{
  return &g_array_index (book->sheets, ShsXlsxSheet, i);
}

static void
fail_choice (const ShsXlsxBook *book, const char *wanted, GError **error)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < MIN (book->sheets->len, SHOWN_SHEETS); i++)
    {
      g_autofree char *shown = shs_name_shown (get_sheet (book, i)->name);

      g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", shown);
    }
  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
               "%s: the workbook has no sheet \"%s\"; it has %s%s", book->path, wanted, list->str,
               book->sheets->len > SHOWN_SHEETS ? ", ..." : "");
}

/* @is_empty: whether the sheet has no rows, so that another one may be tried */
static ShsDataset *
read_sheet (const ShsXlsxBook *book, const ShsXlsxSheet *sheet, gboolean *is_empty, GError **error)
{
  g_autoptr (ShsCellTable) table = shs_cell_table_new ();
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *base = g_path_get_basename (book->path);
  g_autofree char *name
      = book->sheets->len > 1 ? g_strconcat (base, ", ", sheet->name, NULL) : g_strdup (base);
  gboolean begins_unnamed;

  *is_empty = FALSE;
  if (!shs_xlsx_sheet_read (book, sheet, table, names, error))
    return NULL;
  *is_empty = shs_cell_table_get_n_rows (table) == 0;
  if (*is_empty)
    return NULL;
  begins_unnamed = names->len > 1 && *(const char *)names->pdata[0] == '\0';
  return shs_cell_table_finish (table,
                                &(ShsCellTableOptions){ .name = name,
                                                        .names = (const char *const *)names->pdata,
                                                        .n_names = names->len,
                                                        .begins_with_index = begins_unnamed },
                                error);
}

ShsDataset *
shs_xlsx_dataset_parse (const char *path, const char *sheet, GBytes *bytes, ShsProgress *progress,
                        GError **error)
{
  g_auto (ShsXlsxBook) book = { 0 };
  gboolean is_found = FALSE;

  if (!shs_xlsx_book_open (&book, path, bytes, progress, error))
    return NULL;
  for (guint i = 0; i < book.sheets->len; i++)
    {
      const ShsXlsxSheet *candidate = get_sheet (&book, i);
      g_autoptr (GError) own_error = NULL;
      ShsDataset *dataset;
      gboolean is_empty;

      if (sheet != NULL ? !g_str_equal (candidate->name, sheet) : candidate->is_hidden)
        continue;
      is_found = TRUE;
      dataset = read_sheet (&book, candidate, &is_empty, &own_error);
      if (dataset != NULL)
        return dataset;
      if (!is_empty)
        {
          g_propagate_error (error, g_steal_pointer (&own_error));
          return NULL;
        }
    }
  if (sheet != NULL && !is_found)
    fail_choice (&book, sheet, error);
  else
    g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
                 "%s: no sheet holds a table (a row of names, and rows below it)", path);
  return NULL;
}

char **
shs_xlsx_dataset_list (const char *path, GBytes *bytes, ShsProgress *progress, GError **error)
{
  g_auto (ShsXlsxBook) book = { 0 };
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  if (!shs_xlsx_book_open (&book, path, bytes, progress, error))
    return NULL;
  for (guint i = 0; i < book.sheets->len; i++)
    if (!get_sheet (&book, i)->is_hidden)
      g_strv_builder_add (names, get_sheet (&book, i)->name);
  return g_strv_builder_end (names);
}
