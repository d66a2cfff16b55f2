#include "model/sklearn/shs-skops-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/json/shs-document-reader.h"
#include "model/sklearn/shs-skops-private.h"

#include <math.h>
#include <string.h>

/* Where a container that is being read stands. */
typedef struct
{
  ShsSkopsRef container;
  ShsSkopsRef last;
} Level;

void
shs_skops_fail (ShsSkops *self, int code, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (self->failure == NULL)
    g_set_error (&self->failure, SHS_ERROR, code, "%s: %s", self->name, what);
}

void
shs_skops_take_error (ShsSkops *self, GError *error)
{
  if (self->failure == NULL)
    self->failure = error;
  else
    g_clear_error (&error);
}

gboolean
shs_skops_check (const ShsSkops *self, GError **error)
{
  if (self->failure != NULL && error != NULL)
    *error = g_error_copy (self->failure);
  return self->failure == NULL;
}

static gboolean
reserve (ShsSkops *self, gpointer *array, gsize used, gsize more, gsize size, gsize *n_allocated)
{
  GError *error = NULL;
  gsize wanted = MAX (used + more, *n_allocated * 3 / 2 + 64);
  gpointer memory;

  if (used + more <= *n_allocated)
    return TRUE;
  memory = wanted < G_MAXUINT32 ? shs_realloc (*array, used, wanted, size, &error) : NULL;
  shs_skops_take_error (self, error);
  if (memory == NULL)
    {
      shs_skops_fail (self, SHS_ERROR_MEMORY, "its schema.json is too large");
      return FALSE;
    }
  *array = memory;
  *n_allocated = wanted;
  return TRUE;
}

/* The place of a copy of @text; 0 is the empty text. */
static guint32
keep_text (ShsSkops *self, const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;
  gpointer memory = self->text;
  guint32 place = (guint32)self->n_text;

  if (length == 0 || !reserve (self, &memory, self->n_text, length + 1, 1, &self->text_allocated))
    return 0;
  self->text = memory;
  memcpy (self->text + place, text, length + 1);
  self->n_text += length + 1;
  return place;
}

static ShsSkopsRef
append_node (ShsSkops *self, guint32 key, ShsDocumentType type)
{
  gpointer memory = self->nodes;

  if (!reserve (self, &memory, self->n_nodes, 1, sizeof *self->nodes, &self->nodes_allocated))
    return 0;
  self->nodes = memory;
  self->nodes[self->n_nodes] = (ShsSkopsNode){ .type = (guint8)type, .key = key };
  return (ShsSkopsRef)self->n_nodes++;
}

static void
read_scalar (ShsSkops *self, ShsDocumentReader *reader, ShsSkopsRef node, ShsDocumentType type)
{
  if (type == SHS_DOCUMENT_STRING)
    {
      guint32 text = keep_text (self, shs_document_reader_read_string (reader));

      self->nodes[node].text = text;
    }
  else if (type == SHS_DOCUMENT_NUMBER)
    self->nodes[node].number = shs_document_reader_read_number (reader);
  else if (type == SHS_DOCUMENT_BOOLEAN)
    self->nodes[node].number = shs_document_reader_read_boolean (reader);
  else
    shs_document_reader_skip (reader);
}

/* What is never asked for need not be kept. */
static gboolean
is_needless (const char *key)
{
  return g_str_equal (key, "key_types") || g_str_equal (key, "__id__")
         || g_str_equal (key, "is_json");
}

/* Reads the value that comes next below the last of @levels; a container becomes the last. */
static void
read_node (ShsSkops *self, ShsDocumentReader *reader, GArray *levels, guint32 key)
{
  ShsDocumentType type = shs_document_reader_peek (reader);
  ShsSkopsRef node = append_node (self, key, type);
  Level *level = levels->len > 0 ? &g_array_index (levels, Level, levels->len - 1) : NULL;

  if (node == 0)
    return;
  if (level != NULL && level->last == 0)
    self->nodes[level->container].first = node;
  else if (level != NULL)
    self->nodes[level->last].next = node;
  if (level != NULL)
    level->last = node;
  if (type != SHS_DOCUMENT_OBJECT && type != SHS_DOCUMENT_ARRAY)
    {
      read_scalar (self, reader, node, type);
      return;
    }
  if (type == SHS_DOCUMENT_OBJECT ? shs_document_reader_begin_object (reader)
                                  : shs_document_reader_begin_array (reader))
    g_array_append_val (levels, ((Level){ node, 0 }));
}

static void
read_document (ShsSkops *self, ShsDocumentReader *reader)
{
  g_autoptr (GArray) levels = g_array_new (FALSE, FALSE, sizeof (Level));

  read_node (self, reader, levels, 0);
  while (levels->len > 0 && self->failure == NULL && shs_document_reader_check (reader, NULL))
    {
      const Level *level = &g_array_index (levels, Level, levels->len - 1);
      const char *key = NULL;
      gboolean is_object = self->nodes[level->container].type == SHS_DOCUMENT_OBJECT;
      gboolean has_more = is_object ? (key = shs_document_reader_next_key (reader)) != NULL
                                    : shs_document_reader_next_element (reader);

      if (!has_more)
        g_array_set_size (levels, levels->len - 1);
      else if (key != NULL && is_needless (key))
        shs_document_reader_skip (reader);
      else
        {
          guint32 kept = keep_text (self, key);

          read_node (self, reader, levels, kept);
        }
    }
}

ShsSkops *
shs_skops_new (const char *name, GBytes *bytes, GError **error)
{
  g_autoptr (ShsSkops) self = g_new0 (ShsSkops, 1);
  g_autoptr (GBytes) schema = NULL;
  g_autoptr (ShsDocumentReader) reader = NULL;

  self->name = g_strdup (name);
  self->n_text = 1; /* place 0 of the texts and of the nodes is "none" */
  self->n_nodes = 1;
  self->text = shs_alloc0 (64, 1, error);
  if (self->text == NULL)
    return NULL;
  self->text_allocated = 64;
  self->nodes = shs_alloc0 (64, sizeof *self->nodes, error);
  if (self->nodes == NULL)
    return NULL;
  self->nodes_allocated = 64;
  self->archive = shs_npz_open_bytes (name, bytes, error);
  if (self->archive == NULL)
    return NULL;
  schema = shs_zip_reader_read (shs_npz_get_archive (self->archive), "schema.json", error);
  if (schema == NULL)
    return NULL;
  reader = shs_document_reader_new_json (name, schema);
  read_document (self, reader);
  if (!shs_skops_check (self, error) || !shs_document_reader_finish (reader, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
shs_skops_free (ShsSkops *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->archive, shs_npz_free);
  g_clear_error (&self->failure);
  shs_free (self->nodes);
  shs_free (self->text);
  g_free (self->name);
  g_free (self);
}
