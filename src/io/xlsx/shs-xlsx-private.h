/* What the parts of the workbook reader share. */
#pragma once

#include "io/shs-cell-table.h"
#include "io/shs-text-codes.h"
#include "io/xlsx/shs-xlsx-dataset.h"
#include "io/zip/shs-zip-reader.h"

G_BEGIN_DECLS

#define SHS_XLSX_MAX_COLUMNS 16384
#define SHS_XLSX_MAX_DEPTH 64
#define SHS_XLSX_MAX_TOKEN (1u << 20) /* bytes of a text or a tag */

/* ---- shs-xlsx-markup.c: XML within bounds ---- */

/**
 * ShsXlsxHandler: what is to be done with the elements of a member; names come without prefix.
 * @text: the whole text of the element that ends, without that of elements inside; only asked for
 *   where @wants_text says so
 */
typedef struct
{
  gboolean (*begin) (gpointer data, const char *element, const char *const *names,
                     const char *const *values, GError **error);
  gboolean (*wants_text) (gpointer data, const char *element);
  gboolean (*end) (gpointer data, const char *element, const GString *text, GError **error);
} ShsXlsxHandler;

/** shs_xlsx_read_member: FALSE with the member's name in the message. */
gboolean shs_xlsx_read_member (ShsZipReader *archive, const char *path, const char *member,
                               const ShsXlsxHandler *handler, gpointer data, ShsProgress *progress,
                               GError **error);
/** shs_xlsx_attribute: the value of an attribute, prefix or not; NULL where it is not there. */
const char *shs_xlsx_attribute (const char *const *names, const char *const *values,
                                const char *wanted);

/* ---- shs-xlsx-book.c: what is the same for all sheets ---- */

/** ShsXlsxFormat: what a number is shown as. */
typedef enum
{
  SHS_XLSX_NUMBER,
  SHS_XLSX_DATE,
  SHS_XLSX_TIME,
  SHS_XLSX_DATE_TIME,
} ShsXlsxFormat;

/** shs_xlsx_format_from_code: of a format such as "yyyy\-mm\-dd;@". */
ShsXlsxFormat shs_xlsx_format_from_code (const char *code);
/** shs_xlsx_format_value: (transfer full): a number as a date or time; NULL where it is none. */
char *shs_xlsx_format_value (ShsXlsxFormat format, double value, gboolean since_1904);

/** ShsXlsxSheet: a sheet of cells. */
typedef struct
{
  char *name;
  char *member;
  gboolean is_hidden;
} ShsXlsxSheet;

/**
 * ShsXlsxBook:
 * @sheets: (element-type ShsXlsxSheet)
 * @strings: code in @texts of each shared string, @n_strings
 * @formats: (element-type guint8): #ShsXlsxFormat of each cell style
 */
typedef struct
{
  const char *path;
  ShsZipReader *archive;
  ShsProgress *progress;
  GArray *sheets;
  gboolean since_1904;
  ShsTextCodes *texts;
  gint32 *strings;
  gsize n_strings;
  gsize string_capacity;
  GByteArray *formats;
} ShsXlsxBook;

gboolean shs_xlsx_book_open (ShsXlsxBook *self, const char *path, GBytes *bytes,
                             ShsProgress *progress, GError **error);
void shs_xlsx_book_clear (ShsXlsxBook *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsXlsxBook, shs_xlsx_book_clear)

/* ---- shs-xlsx-sheet.c: cells ---- */

/**
 * shs_xlsx_sheet_read:
 * @names: (element-type utf8): filled with the names of the columns, where there are any
 */
gboolean shs_xlsx_sheet_read (const ShsXlsxBook *book, const ShsXlsxSheet *sheet,
                              ShsCellTable *table, GPtrArray *names, GError **error);

G_END_DECLS
