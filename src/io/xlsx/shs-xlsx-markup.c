/* The XML of a member, by GMarkup, which expands no entities; fed in pieces, within bounds. */
#include "core/shs-error.h"
#include "core/shs-shown.h"
#include "io/xlsx/shs-xlsx-private.h"

#include <string.h>

#define PIECE (64u << 10)

/* @text: of the innermost element that wants it */
typedef struct
{
  const ShsXlsxHandler *handler;
  gpointer data;
  GString *text;
  guint depth;
  guint text_depth; /* 0: nobody wants text */
} Parser;

static const char *
without_prefix (const char *name)
{
  const char *colon = strchr (name, ':');

  return colon != NULL ? colon + 1 : name;
}

const char *
shs_xlsx_attribute (const char *const *names, const char *const *values, const char *wanted)
{
  for (gsize i = 0; names[i] != NULL; i++)
    if (g_str_equal (without_prefix (names[i]), wanted))
      return values[i];
  return NULL;
}

static void
begin_element (GMarkupParseContext *context, const char *name, const char **names,
               const char **values, gpointer data, GError **error)
{
  Parser *parser = data;
  const char *element = without_prefix (name);

  if (++parser->depth > SHS_XLSX_MAX_DEPTH)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX, "it is nested too deeply");
      return;
    }
  if (!parser->handler->begin (parser->data, element, (const char *const *)names,
                               (const char *const *)values, error))
    return;
  if (!parser->handler->wants_text (parser->data, element))
    return;
  parser->text_depth = parser->depth;
  g_string_truncate (parser->text, 0);
}

static void
end_element (GMarkupParseContext *context, const char *name, gpointer data, GError **error)
{
  Parser *parser = data;
  gboolean has_text = parser->text_depth == parser->depth;

  if (has_text)
    parser->text_depth = 0;
  else
    g_string_truncate (parser->text, 0);
  parser->depth--;
  parser->handler->end (parser->data, without_prefix (name), parser->text, error);
}

static void
take_text (GMarkupParseContext *context, const char *text, gsize length, gpointer data,
           GError **error)
{
  Parser *parser = data;

  if (parser->text_depth != parser->depth)
    return;
  if (parser->text->len + length > SHS_XLSX_MAX_TOKEN)
    g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED, "a cell holds more than a mebibyte");
  else
    g_string_append_len (parser->text, text, (gssize)length);
}

/* Whether no text or tag is longer than the parser may be asked to hold; @run: bytes since the last
 * one ended, carried from piece to piece. */
static gboolean
check_tokens (const char *piece, gsize length, gsize *run)
{
  for (gsize i = 0; i < length; i++)
    {
      *run = piece[i] == '<' || piece[i] == '>' ? 0 : *run + 1;
      if (*run > SHS_XLSX_MAX_TOKEN)
        return FALSE;
    }
  return TRUE;
}

static gboolean
fail_member (const char *path, const char *member, GError *own_error, GError **error)
{
  g_autofree char *reason = shs_text_shown (own_error->message);
  gboolean is_ours = own_error->domain == SHS_ERROR;

  g_set_error (error, SHS_ERROR, is_ours ? own_error->code : SHS_ERROR_SYNTAX,
               "%s, %s: %s; save it again as .xlsx", path, member, reason);
  g_error_free (own_error);
  return FALSE;
}

static gboolean
parse (GMarkupParseContext *context, GBytes *bytes, ShsProgress *progress, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  gsize run = 0;

  for (gsize at = 0; at < length; at += PIECE)
    {
      gsize n = MIN (PIECE, length - at);

      if (!shs_progress_check (progress, error))
        return FALSE;
      if (!check_tokens (text + at, n, &run))
        {
          g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                       "a text or tag is longer than a mebibyte");
          return FALSE;
        }
      if (!g_markup_parse_context_parse (context, text + at, (gssize)n, error))
        return FALSE;
    }
  return g_markup_parse_context_end_parse (context, error);
}

gboolean
shs_xlsx_read_member (ShsZipReader *archive, const char *path, const char *member,
                      const ShsXlsxHandler *handler, gpointer data, ShsProgress *progress,
                      GError **error)
{
  static const GMarkupParser functions
      = { .start_element = begin_element, .end_element = end_element, .text = take_text };
  g_autoptr (GBytes) bytes = shs_zip_reader_read (archive, member, error);
  Parser parser = { .handler = handler, .data = data };
  GMarkupParseContext *context;
  GError *own_error = NULL;
  gboolean is_read;

  if (bytes == NULL)
    return FALSE;
  parser.text = g_string_new (NULL);
  context = g_markup_parse_context_new (&functions, G_MARKUP_TREAT_CDATA_AS_TEXT, &parser, NULL);
  is_read = parse (context, bytes, progress, &own_error);
  g_markup_parse_context_free (context);
  g_string_free (parser.text, TRUE);
  return is_read || fail_member (path, member, own_error, error);
}
