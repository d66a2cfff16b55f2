#include "result/shs-explanation-meta.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/json/shs-document-reader.h"
#include "io/json/shs-json-writer.h"
#include "result/shs-explanation-private.h"
#include "result/shs-json-copy.h"

#include <string.h>

#define FORMAT_VERSION 1
#define MAX_INPUTS 1000

/* ---- writing ---- */

static void
write_pair (ShsJsonWriter *writer, const char *key, const char *text)
{
  shs_json_writer_key (writer, key);
  shs_json_writer_string (writer, text);
}

static void
write_dictionaries (ShsJsonWriter *writer, const ShsInput *input, ShsColumnType type)
{
  shs_json_writer_key (writer, type == SHS_COLUMN_CATEGORY ? "categories" : "truths");
  shs_json_writer_begin_object (writer);
  for (gsize j = 0; j < input->n_columns; j++)
    {
      const ShsColumn *column = &input->columns[j];
      g_autofree char *key = NULL;

      if (column->type != type || (type == SHS_COLUMN_NUMBER && column->n_categories == 0))
        continue;
      key = g_strdup_printf ("%" G_GSIZE_FORMAT, j);
      shs_json_writer_key (writer, key);
      shs_json_writer_begin_array (writer);
      for (gsize c = 0; c < column->n_categories; c++)
        shs_json_writer_string (writer, column->categories[c]);
      shs_json_writer_end_array (writer);
    }
  shs_json_writer_end_object (writer);
}

static gboolean
has_truths (const ShsInput *input)
{
  for (gsize j = 0; input->columns != NULL && j < input->n_columns; j++)
    if (shs_column_is_truth (&input->columns[j]))
      return TRUE;
  return FALSE;
}

static void
write_inputs (ShsJsonWriter *writer, const ShsExplanationParts *parts)
{
  shs_json_writer_key (writer, "inputs");
  shs_json_writer_begin_array (writer);
  for (guint i = 0; i < parts->n_inputs; i++)
    {
      const ShsInput *input = &parts->inputs[i];

      shs_json_writer_begin_object (writer);
      write_pair (writer, "name", input->name != NULL ? input->name : "");
      shs_json_writer_key (writer, "shape");
      shs_json_writer_begin_array (writer);
      for (guint d = 0; d < input->n_dimensions; d++)
        shs_json_writer_integer (writer, (gint64)input->shape[d]);
      shs_json_writer_end_array (writer);
      if (input->columns != NULL)
        write_dictionaries (writer, input, SHS_COLUMN_CATEGORY);
      if (has_truths (input))
        write_dictionaries (writer, input, SHS_COLUMN_NUMBER);
      shs_json_writer_end_object (writer);
    }
  shs_json_writer_end_array (writer);
}

static void
write_file_facts (ShsJsonWriter *writer, const char *key, const char *name, const char *hash,
                  const char *text)
{
  shs_json_writer_key (writer, key);
  shs_json_writer_begin_object (writer);
  write_pair (writer, "name", name);
  write_pair (writer, "sha256", hash);
  if (text != NULL)
    write_pair (writer, "text", text);
  shs_json_writer_end_object (writer);
}

static void
write_provenance (ShsJsonWriter *writer, const ShsProvenance *provenance)
{
  g_autofree char *seed = g_strdup_printf ("%" G_GUINT64_FORMAT, provenance->seed);

  write_pair (writer, "program", provenance->program);
  write_pair (writer, "method", provenance->method);
  write_pair (writer, "kernel", provenance->kernel);
  if (provenance->options != NULL)
    {
      shs_json_writer_key (writer, "options");
      shs_json_copy_text (provenance->options, writer);
    }
  write_pair (writer, "space", provenance->space);
  write_pair (writer, "background", provenance->background);
  if (provenance->background_row[0] != '\0')
    write_pair (writer, "background_row", provenance->background_row);
  write_pair (writer, "seed", seed);
  write_file_facts (writer, "model", provenance->model_name, provenance->model_hash,
                    provenance->model_text);
  write_file_facts (writer, "data", provenance->data_name, provenance->data_hash, NULL);
  if (provenance->background_name[0] != '\0')
    write_file_facts (writer, "background_file", provenance->background_name,
                      provenance->background_hash, NULL);
  if (provenance->notes == NULL)
    return;
  shs_json_writer_key (writer, "notes");
  shs_json_writer_begin_array (writer);
  for (gsize i = 0; provenance->notes[i] != NULL; i++)
    shs_json_writer_string (writer, provenance->notes[i]);
  shs_json_writer_end_array (writer);
}

char *
shs_explanation_meta_write (const ShsExplanation *self)
{
  g_autoptr (ShsJsonWriter) writer = shs_json_writer_new (0);
  const ShsExplanationParts *parts = &self->parts;

  shs_json_writer_begin_object (writer);
  write_pair (writer, "format", SHS_EXPLANATION_FORMAT);
  shs_json_writer_key (writer, "version");
  shs_json_writer_integer (writer, FORMAT_VERSION);
  write_provenance (writer, &parts->provenance);
  if (parts->output_unit != NULL)
    write_pair (writer, "output_unit", parts->output_unit);
  if (parts->target_name != NULL)
    write_pair (writer, "target_name", parts->target_name);
  write_inputs (writer, parts);
  shs_json_writer_end_object (writer);
  return shs_json_writer_take_text (writer);
}

/* ---- reading ---- */

static void
read_text (ShsDocumentReader *reader, char **text)
{
  if (shs_document_reader_peek (reader) != SHS_DOCUMENT_STRING)
    {
      shs_document_reader_skip (reader);
      return;
    }
  g_free (*text);
  *text = g_strdup (shs_document_reader_read_string (reader));
}

static void
read_file_facts (ShsDocumentReader *reader, char **name, char **hash, char **text)
{
  const char *key;

  if (shs_document_reader_peek (reader) != SHS_DOCUMENT_OBJECT)
    {
      read_text (reader, name);
      return;
    }
  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "name"))
      read_text (reader, name);
    else if (g_str_equal (key, "sha256"))
      read_text (reader, hash);
    else if (text != NULL && g_str_equal (key, "text"))
      read_text (reader, text);
    else
      shs_document_reader_skip (reader);
}

static void
read_seed (ShsDocumentReader *reader, guint64 *seed)
{
  if (shs_document_reader_peek (reader) == SHS_DOCUMENT_NUMBER)
    {
      gint64 number = shs_document_reader_read_integer (reader);

      *seed = number > 0 ? (guint64)number : 0;
    }
  else if (shs_document_reader_peek (reader) == SHS_DOCUMENT_STRING)
    {
      const char *text = shs_document_reader_read_string (reader);

      *seed = text != NULL ? g_ascii_strtoull (text, NULL, 10) : 0;
    }
  else
    shs_document_reader_skip (reader);
}

static void
read_options (ShsDocumentReader *reader, char **options)
{
  g_autoptr (ShsJsonWriter) writer = shs_json_writer_new (0);

  g_clear_pointer (options, g_free);
  if (shs_document_reader_peek (reader) == SHS_DOCUMENT_STRING)
    {
      read_text (reader, options);
      return;
    }
  shs_json_copy_value (reader, writer);
  if (shs_document_reader_check (reader, NULL))
    *options = shs_json_writer_take_text (writer);
}

static void
read_notes (ShsDocumentReader *reader, char ***notes)
{
  gsize count;

  g_clear_pointer (notes, g_strfreev);
  if (shs_document_reader_peek (reader) == SHS_DOCUMENT_ARRAY)
    *notes = shs_document_reader_read_strings (reader, &count);
  else
    shs_document_reader_skip (reader);
}

static void
read_shape (ShsDocumentReader *reader, ShsInput *input, gsize most_columns)
{
  gsize n_columns = 1;

  shs_document_reader_begin_array (reader);
  input->n_dimensions = 0;
  while (shs_document_reader_next_element (reader))
    {
      gint64 length = shs_document_reader_read_integer (reader);

      if (input->n_dimensions == SHS_INPUT_MAX_DIMENSIONS || length < 1
          || !shs_size_multiply (n_columns, (gsize)length, &n_columns) || n_columns > most_columns)
        {
          shs_document_reader_fail (reader, SHS_ERROR_INVALID,
                                    "an input has 1 to %d axes, and all inputs have at most %d "
                                    "features",
                                    SHS_INPUT_MAX_DIMENSIONS, SHS_EXPLANATION_MAX_FEATURES);
          return;
        }
      input->shape[input->n_dimensions++] = (gsize)length;
    }
  input->n_columns = n_columns;
}

static void
read_dictionaries (ShsDocumentReader *reader, ShsInput *input, ShsColumnType type)
{
  const char *key;

  if (input->columns == NULL)
    input->columns = g_new0 (ShsColumn, MAX (1, input->n_columns));
  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    {
      guint64 j;
      ShsColumn *column;

      if (!g_ascii_string_to_unsigned (key, 10, 0, G_MAXINT64, &j, NULL) || j >= input->n_columns
          || input->columns[j].categories != NULL)
        {
          shs_document_reader_fail (reader, SHS_ERROR_INVALID,
                                    "\"%s\" is no feature of this input, or stands here twice",
                                    key);
          return;
        }
      column = &input->columns[j];
      column->categories = shs_document_reader_read_strings (reader, &column->n_categories);
      if (column->categories == NULL)
        {
          column->n_categories = 0;
          return;
        }
      column->type = type;
      if (type == SHS_COLUMN_NUMBER && column->n_categories != 2)
        {
          shs_document_reader_fail (
              reader, SHS_ERROR_INVALID,
              "the truths of feature %" G_GUINT64_FORMAT " have two names, those of 0 and of 1", j);
          return;
        }
    }
}

static void
read_input (ShsDocumentReader *reader, ShsInput *input, gsize most_columns)
{
  const char *key;

  input->name = g_strdup ("");
  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "name"))
      read_text (reader, &input->name);
    else if (g_str_equal (key, "shape") && input->n_dimensions == 0)
      read_shape (reader, input, most_columns);
    else if (g_str_equal (key, "categories") && input->n_dimensions > 0)
      read_dictionaries (reader, input, SHS_COLUMN_CATEGORY);
    else if (g_str_equal (key, "truths") && input->n_dimensions > 0)
      read_dictionaries (reader, input, SHS_COLUMN_NUMBER);
    else
      shs_document_reader_skip (reader);
}

static void
read_inputs (ShsDocumentReader *reader, ShsExplanationParts *parts)
{
  gsize most_columns = SHS_EXPLANATION_MAX_FEATURES;
  ShsInput *input;

  shs_dataset_inputs_free (parts->inputs, parts->n_inputs);
  parts->n_inputs = 0;
  parts->inputs = shs_dataset_inputs_new (MAX_INPUTS);
  shs_document_reader_begin_array (reader);
  while (shs_document_reader_next_element (reader))
    {
      if (parts->n_inputs == MAX_INPUTS)
        {
          shs_document_reader_fail (reader, SHS_ERROR_INVALID, "more than %d inputs", MAX_INPUTS);
          return;
        }
      input = &parts->inputs[parts->n_inputs++];
      read_input (reader, input, most_columns);
      most_columns -= MIN (most_columns, input->n_columns);
    }
}

static void
read_key (ShsDocumentReader *reader, const char *key, ShsExplanationParts *parts)
{
  ShsProvenance *provenance = &parts->provenance;
  const struct
  {
    const char *key;
    char **text;
  } texts[] = {
    { "program", &provenance->program },       { "method", &provenance->method },
    { "kernel", &provenance->kernel },         { "space", &provenance->space },
    { "background", &provenance->background }, { "output_unit", &parts->output_unit },
    { "target_name", &parts->target_name },    { "background_row", &provenance->background_row },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_str_equal (key, texts[i].key))
      {
        read_text (reader, texts[i].text);
        return;
      }
  if (g_str_equal (key, "options"))
    read_options (reader, &provenance->options);
  else if (g_str_equal (key, "seed"))
    read_seed (reader, &provenance->seed);
  else if (g_str_equal (key, "model"))
    read_file_facts (reader, &provenance->model_name, &provenance->model_hash,
                     &provenance->model_text);
  else if (g_str_equal (key, "data"))
    read_file_facts (reader, &provenance->data_name, &provenance->data_hash, NULL);
  else if (g_str_equal (key, "background_file"))
    read_file_facts (reader, &provenance->background_name, &provenance->background_hash, NULL);
  else if (g_str_equal (key, "notes"))
    read_notes (reader, &provenance->notes);
  else
    shs_document_reader_skip (reader);
}

static gboolean
read_format (ShsDocumentReader *reader)
{
  g_autofree char *format = NULL;

  read_text (reader, &format);
  return g_strcmp0 (format, SHS_EXPLANATION_FORMAT) == 0;
}

static void
read_version (ShsDocumentReader *reader)
{
  gint64 version;

  if (shs_document_reader_peek (reader) != SHS_DOCUMENT_NUMBER)
    {
      shs_document_reader_skip (reader);
      return;
    }
  version = shs_document_reader_read_integer (reader);
  if (version > FORMAT_VERSION)
    shs_document_reader_fail (reader, SHS_ERROR_UNSUPPORTED,
                              "version %" G_GINT64_FORMAT
                              " of the layout is newer than this program; update it",
                              version);
}

gboolean
shs_explanation_meta_read (const char *name, const char *text, ShsExplanationParts *parts,
                           gboolean *is_ours, GError **error)
{
  g_autofree char *place = g_strdup_printf ("%s, meta", name);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (ShsDocumentReader) reader = shs_document_reader_new_json (place, bytes);
  const char *key;

  *is_ours = FALSE;
  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "format"))
      *is_ours = read_format (reader);
    else if (g_str_equal (key, "version") && *is_ours)
      read_version (reader);
    else if (g_str_equal (key, "inputs") && *is_ours)
      read_inputs (reader, parts);
    else
      {
        g_autofree char *kept = g_strdup (key);

        read_key (reader, kept, parts);
      }
  return shs_document_reader_finish (reader, error);
}
