#include "model/pmml/shs-pmml-xml.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-shown.h"

#include <string.h>

#define MAX_DEPTH 2000
/* An element of a few bytes takes some hundred in memory. */
#define MEMORY_PER_BYTE 64
#define PIECE (1u << 16)

typedef struct
{
  ShsPmmlElement *root;
  GPtrArray *open; /* ShsPmmlElement, borrowed */
  guint skipped;   /* levels inside of what is left out */
  gboolean has_doctype;
  GError *problem; /* the first that GMarkup told of */
} Reading;

void
shs_pmml_element_free (ShsPmmlElement *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_strfreev (self->names);
  g_strfreev (self->values);
  g_ptr_array_unref (self->children);
  g_string_free (self->text, TRUE);
  g_free (self);
}

static const char *
drop_prefix (const char *name)
{
  const char *colon = strchr (name, ':');

  return colon != NULL ? colon + 1 : name;
}

static ShsPmmlElement *
element_new (const char *name, const char **names, const char **values, int line)
{
  ShsPmmlElement *self = g_new0 (ShsPmmlElement, 1);

  self->name = g_strdup (drop_prefix (name));
  self->names = g_strdupv ((char **)names);
  self->values = g_strdupv ((char **)values);
  self->children = g_ptr_array_new_with_free_func ((GDestroyNotify)shs_pmml_element_free);
  self->text = g_string_new (NULL);
  self->line = line;
  return self;
}

static gboolean
is_left_out (const char *name)
{
  return g_str_equal (name, "Extension") || g_str_equal (name, "Header")
         || g_str_equal (name, "ModelVerification") || g_str_equal (name, "ModelStats");
}

static void
start_element (GMarkupParseContext *context, const char *name, const char **names,
               const char **values, gpointer data, GError **error)
{
  Reading *self = data;
  int line;
  ShsPmmlElement *element;

  g_markup_parse_context_get_position (context, &line, NULL);
  if (self->open->len + self->skipped >= MAX_DEPTH)
    g_set_error (error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT,
                 "elements are nested deeper than %d levels", MAX_DEPTH);
  else if (self->skipped > 0 || is_left_out (drop_prefix (name)))
    self->skipped++;
  else
    {
      element = element_new (name, names, values, line);
      if (self->open->len > 0)
        g_ptr_array_add (((ShsPmmlElement *)self->open->pdata[self->open->len - 1])->children,
                         element);
      else
        {
          shs_pmml_element_free (self->root);
          self->root = element;
        }
      g_ptr_array_add (self->open, element);
    }
}

static void
end_element (GMarkupParseContext *context, const char *name, gpointer data, GError **error)
{
  Reading *self = data;

  if (self->skipped > 0)
    self->skipped--;
  else
    g_ptr_array_remove_index (self->open, self->open->len - 1);
}

static void
add_text (GMarkupParseContext *context, const char *text, gsize length, gpointer data,
          GError **error)
{
  Reading *self = data;

  if (self->skipped == 0 && self->open->len > 0)
    g_string_append_len (((ShsPmmlElement *)self->open->pdata[self->open->len - 1])->text, text,
                         (gssize)length);
}

/* GMarkup goes on after an error of this callback, so it is only remembered. */
static void
pass_through (GMarkupParseContext *context, const char *text, gsize length, gpointer data,
              GError **error)
{
  if (length >= strlen ("<!DOCTYPE") && memcmp (text, "<!DOCTYPE", strlen ("<!DOCTYPE")) == 0)
    ((Reading *)data)->has_doctype = TRUE;
}

/* GMarkup sets one error over another in broken documents, so errors are taken from here. */
static void
keep_first (GMarkupParseContext *context, GError *problem, gpointer data)
{
  Reading *self = data;

  if (self->problem == NULL)
    self->problem = g_error_copy (problem);
}

/* FALSE with an error where the reading was cancelled. */
static gboolean
parse (GMarkupParseContext *context, GBytes *bytes, ShsProgress *progress, gboolean *is_read,
       GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  *is_read = FALSE;
  for (gsize at = 0; at < length; at += PIECE)
    {
      gsize n = MIN (PIECE, length - at);

      if (!shs_progress_check (progress, error))
        return FALSE;
      if (!g_markup_parse_context_parse (context, text + at, (gssize)n, NULL))
        return TRUE;
      shs_progress_add (progress, n);
    }
  *is_read = g_markup_parse_context_end_parse (context, NULL);
  return TRUE;
}

static void
reading_clear (Reading *self)
{
  shs_pmml_element_free (self->root);
  g_ptr_array_unref (self->open);
  g_clear_error (&self->problem);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

ShsPmmlElement *
shs_pmml_read (const char *name, GBytes *bytes, ShsProgress *progress, GError **error)
{
  static const GMarkupParser parser
      = { start_element, end_element, add_text, pass_through, keep_first };
  g_auto (Reading) reading = { .open = g_ptr_array_new () };
  g_autoptr (GMarkupParseContext) context
      = g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &reading, NULL);
  g_autofree char *shown = NULL;
  gboolean is_read;

  if (!shs_memory_check (g_bytes_get_size (bytes) * MEMORY_PER_BYTE, "The PMML document", error)
      || !parse (context, bytes, progress, &is_read, error))
    return NULL;
  if (is_read && reading.root != NULL && !reading.has_doctype)
    return g_steal_pointer (&reading.root);
  shown = shs_text_shown (reading.has_doctype       ? "a document with a DOCTYPE is not read"
                          : reading.problem != NULL ? reading.problem->message
                                                    : "there is no element");
  g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX,
               "%s: %s; the file is damaged, cut short or no XML: export the model again", name,
               shown);
  return NULL;
}

gboolean
shs_pmml_is (const ShsPmmlElement *self, const char *name)
{
  return self != NULL && g_str_equal (self->name, name);
}

const char *
shs_pmml_get (const ShsPmmlElement *self, const char *name)
{
  for (gsize i = 0; self != NULL && self->names[i] != NULL; i++)
    if (g_str_equal (self->names[i], name))
      return self->values[i];
  return NULL;
}

const ShsPmmlElement *
shs_pmml_child (const ShsPmmlElement *self, guint i)
{
  return self != NULL && i < self->children->len ? g_ptr_array_index (self->children, i) : NULL;
}

const ShsPmmlElement *
shs_pmml_find (const ShsPmmlElement *self, const char *name)
{
  const ShsPmmlElement *child;

  for (guint i = 0; (child = shs_pmml_child (self, i)) != NULL; i++)
    if (shs_pmml_is (child, drop_prefix (name)))
      return child;
  return NULL;
}

/* Where the word that begins at @at ends; its text is added to @word. */
static const char *
take_word (const char *at, GString *word)
{
  gboolean is_quoted = *at == '"';

  at += is_quoted;
  while (*at != '\0' && (is_quoted ? *at != '"' : !g_ascii_isspace (*at)))
    {
      at += is_quoted && at[0] == '\\' && at[1] == '"';
      g_string_append_c (word, *at++);
    }
  return at + (is_quoted && *at == '"');
}

GPtrArray *
shs_pmml_split_array (const ShsPmmlElement *self)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);
  const char *at = self != NULL ? self->text->str : "";

  while (TRUE)
    {
      GString *word;

      while (g_ascii_isspace (*at))
        at++;
      if (*at == '\0')
        return words;
      word = g_string_new (NULL);
      at = take_word (at, word);
      g_ptr_array_add (words, g_string_free (word, FALSE));
    }
}
