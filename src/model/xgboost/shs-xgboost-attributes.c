#include "model/xgboost/shs-xgboost-document.h"

#include "core/shs-number.h"

#include <string.h>

/* Attributes are strings that a wrapper put beside the model; one that cannot be understood says
 * nothing about the model, so none of them makes the file invalid. */

static void
read_best_iteration (ShsXgboost *self)
{
  const char *text;

  if (shs_document_reader_peek (self->reader) != SHS_DOCUMENT_STRING)
    {
      shs_document_reader_skip (self->reader);
      return;
    }
  text = shs_document_reader_read_string (self->reader);
  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT32, NULL, NULL))
    return;
  self->best_iteration = (gint64)g_ascii_strtoull (text, NULL, 10);
}

/* Class labels: texts, or numbers as scikit-learn's estimators have them. */
static void
read_classes (ShsXgboost *self)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  if (shs_document_reader_peek (self->reader) != SHS_DOCUMENT_ARRAY)
    {
      shs_document_reader_skip (self->reader);
      return;
    }
  shs_document_reader_begin_array (self->reader);
  while (shs_document_reader_next_element (self->reader))
    {
      char text[SHS_NUMBER_LENGTH];

      switch (shs_document_reader_peek (self->reader))
        {
        case SHS_DOCUMENT_STRING:
          g_ptr_array_add (names, g_strdup (shs_document_reader_read_string (self->reader)));
          break;
        case SHS_DOCUMENT_NUMBER:
          shs_number_print (text, shs_document_reader_read_number (self->reader));
          g_ptr_array_add (names, g_strdup (text));
          break;
        case SHS_DOCUMENT_BOOLEAN:
          g_ptr_array_add (
              names, g_strdup (shs_document_reader_read_boolean (self->reader) ? "True" : "False"));
          break;
        default:
          shs_document_reader_skip (self->reader);
          g_ptr_array_add (names, g_strdup (""));
        }
    }
  if (!shs_document_reader_check (self->reader, NULL))
    return;
  g_ptr_array_add (names, NULL);
  g_strfreev (self->class_names);
  self->class_names = (char **)g_ptr_array_steal (names, NULL);
}

static void
read_label_encoder (ShsXgboost *self)
{
  static const ShsXgboostField fields[] = { { "classes_", read_classes } };

  if (shs_document_reader_peek (self->reader) == SHS_DOCUMENT_OBJECT)
    shs_xgboost_read_object (self, fields, G_N_ELEMENTS (fields));
  else
    shs_document_reader_skip (self->reader);
}

static void
read_own_categories (ShsXgboost *self)
{
  const char *key;

  if (shs_document_reader_peek (self->reader) != SHS_DOCUMENT_OBJECT)
    {
      shs_document_reader_skip (self->reader);
      return;
    }
  g_clear_pointer (&self->own_categories, g_hash_table_unref);
  self->own_categories
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_strfreev);
  shs_document_reader_begin_object (self->reader);
  while ((key = shs_document_reader_next_key (self->reader)) != NULL)
    {
      g_autofree char *feature = g_strdup (key);
      gsize n;
      char **names = shs_document_reader_read_strings (self->reader, &n);

      if (names != NULL)
        g_hash_table_replace (self->own_categories, g_steal_pointer (&feature), names);
    }
}

static void
read_target_name (ShsXgboost *self)
{
  g_free (self->target_name);
  self->target_name = g_strdup (shs_document_reader_read_string (self->reader));
}

/* Some attributes hold a JSON text of their own: read it by the same fields, apart. */
static void
read_nested (ShsXgboost *self, const ShsXgboostField *fields, gsize n_fields)
{
  ShsDocumentReader *outer = self->reader;
  const char *text;

  if (shs_document_reader_peek (outer) != SHS_DOCUMENT_STRING)
    {
      shs_document_reader_skip (outer);
      return;
    }
  text = shs_document_reader_read_string (outer);
  if (text == NULL || *text != '{')
    return;
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (ShsDocumentReader) inner = shs_document_reader_new_json (self->name, bytes);

  self->reader = inner;
  shs_xgboost_read_object (self, fields, n_fields);
  self->reader = outer;
}

static void
read_scikit_learn (ShsXgboost *self)
{
  static const ShsXgboostField fields[] = {
    { "_le", read_label_encoder },
    { "classes_", read_classes },
  };

  read_nested (self, fields, G_N_ELEMENTS (fields));
}

static void
read_shapscope (ShsXgboost *self)
{
  static const ShsXgboostField fields[] = {
    { "categories", read_own_categories },
    { "classes", read_classes },
    { "target", read_target_name },
  };

  read_nested (self, fields, G_N_ELEMENTS (fields));
}

void
shs_xgboost_read_attributes (ShsXgboost *self)
{
  static const ShsXgboostField fields[] = {
    { "best_iteration", read_best_iteration },
    { "scikit_learn", read_scikit_learn },
    { "shapscope", read_shapscope },
  };

  if (shs_document_reader_peek (self->reader) == SHS_DOCUMENT_OBJECT)
    shs_xgboost_read_object (self, fields, G_N_ELEMENTS (fields));
  else
    shs_document_reader_skip (self->reader);
}
