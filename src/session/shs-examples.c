#include "session/shs-session.h"

#include "core/shs-error.h"
#include "io/shs-bytes.h"
#include "io/json/shs-document-reader.h"

/* Where examples may be: told by the environment, in the source tree, installed. */
static char *
find_folder (void)
{
  const char *told = g_getenv ("SHAPSCOPE_EXAMPLES");
  const char *folders[] = { told, SHS_EXAMPLES_INSTALLED, SHS_EXAMPLES_SOURCE };

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *list = NULL;

      if (folders[i] == NULL)
        continue;
      list = g_build_filename (folders[i], "examples.json", NULL);
      if (g_file_test (list, G_FILE_TEST_IS_REGULAR))
        return g_strdup (folders[i]);
    }
  return NULL;
}

static void
example_free (gpointer pointer)
{
  ShsExample *example = pointer;

  g_free (example->name);
  g_free (example->title);
  g_free (example->summary);
  g_free (example->model_path);
  g_free (example->data_path);
  g_free (example->target);
  g_free (example);
}

static void
set_field (ShsExample *example, const char *folder, const char *key, const char *value)
{
  if (g_str_equal (key, "name"))
    example->name = g_strdup (value);
  else if (g_str_equal (key, "title"))
    example->title = g_strdup (value);
  else if (g_str_equal (key, "summary"))
    example->summary = g_strdup (value);
  else if (g_str_equal (key, "target"))
    example->target = g_strdup (value);
  else if (g_str_equal (key, "model"))
    example->model_path = g_build_filename (folder, value, NULL);
  else if (g_str_equal (key, "data"))
    example->data_path = g_build_filename (folder, value, NULL);
}

static void
read_example (ShsDocumentReader *reader, const char *folder, GPtrArray *examples)
{
  ShsExample *example = g_new0 (ShsExample, 1);
  const char *next;

  shs_document_reader_begin_object (reader);
  while ((next = shs_document_reader_next_key (reader)) != NULL)
    {
      g_autofree char *key = g_strdup (next);
      const char *value = shs_document_reader_read_string (reader);

      if (value != NULL)
        set_field (example, folder, key, value);
    }
  if (example->name != NULL && example->model_path != NULL && example->data_path != NULL)
    g_ptr_array_add (examples, example);
  else
    example_free (example);
}

GPtrArray *
shs_examples_list (void)
{
  GPtrArray *examples = g_ptr_array_new_with_free_func (example_free);
  g_autofree char *folder = find_folder ();
  g_autofree char *path = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (ShsDocumentReader) reader = NULL;

  if (folder == NULL)
    return examples;
  path = g_build_filename (folder, "examples.json", NULL);
  bytes = shs_bytes_open (path, NULL);
  if (bytes == NULL)
    return examples;
  reader = shs_document_reader_new_json (path, bytes);
  shs_document_reader_begin_array (reader);
  while (shs_document_reader_next_element (reader))
    read_example (reader, folder, examples);
  return examples;
}

const ShsExample *
shs_examples_find (GPtrArray *examples, const char *name, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < examples->len; i++)
    {
      const ShsExample *example = g_ptr_array_index (examples, i);

      if (g_str_equal (example->name, name))
        return example;
      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", example->name);
    }
  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE, "There is no example \"%s\"; there are: %s",
               name, names->len > 0 ? names->str : "none");
  return NULL;
}
