#include "result/shs-explanation-write.h"

#include "core/shs-memory.h"
#include "core/shs-number.h"
#include "result/shs-explanation-meta.h"
#include "result/shs-explanation-private.h"
#include "result/shs-interactions.h"

#include <math.h>
#include <string.h>

#define BLOCK_NUMBERS (1u << 16)
#define PIECE_PAIRS 1024u

typedef struct
{
  const ShsExplanation *explanation;
  const ShsArraySink *sink;
  gpointer data;
  ShsProgress *progress;
} Writer;

/* Which features of the explanation an array holds. */
typedef struct
{
  gsize first;
  gsize count;
  const char *suffix; /* ":NAME" where there are several inputs */
} Part;

static gboolean
begin (const Writer *writer, const char *name, const char *suffix, ShsArrayKind kind,
       guint n_dimensions, const gsize *shape, GError **error)
{
  g_autofree char *whole = g_strconcat (name, suffix, NULL);
  ShsArrayHead head = { .name = whole, .kind = kind, .n_dimensions = n_dimensions, .width = 1 };

  if (n_dimensions > 0)
    memcpy (head.shape, shape, n_dimensions * sizeof *shape);
  return writer->sink->begin (writer->data, &head, error);
}

/* ---- numbers ---- */

/* Whether the file gets whole matrices of what is stored by pairs. */
static gboolean
is_spread (const Writer *writer, const ShsValues *values)
{
  return writer->explanation->parts.pairs != NULL && !writer->sink->keeps_pairs
         && values == writer->explanation->parts.interactions;
}

/* Numbers of a row and output in the file: pairs become whole matrices there. */
static gsize
count_columns (const Writer *writer, const ShsValues *values)
{
  gsize m = writer->explanation->n_features;

  return is_spread (writer, values) ? m * m : shs_values_get_n_features (values);
}

static gboolean
read_rows (const Writer *writer, const ShsValues *values, gsize output, gsize first_row,
           ShsMatrix *block, GError **error)
{
  if (is_spread (writer, values))
    return shs_explanation_read_interaction_rows (writer->explanation, output, first_row, block,
                                                  error);
  return shs_values_read (values, output, first_row, block, error);
}

/* One block in C order: row, feature, output. */
static gboolean
write_block (const Writer *writer, const ShsValues *values, const Part *part, gsize first_row,
             ShsMatrix *block, double *flat, GError **error)
{
  gsize k = shs_values_get_n_outputs (values);

  for (gsize output = 0; output < k; output++)
    {
      if (!read_rows (writer, values, output, first_row, block, error))
        return FALSE;
      for (gsize j = 0; j < part->count; j++)
        {
          const double *column = shs_matrix_column (block, part->first + j);

          for (gsize i = 0; i < block->n_rows; i++)
            flat[(i * part->count + j) * k + output] = column[i];
        }
    }
  return writer->sink->write_numbers (writer->data, flat, block->n_rows * part->count * k, error);
}

static gboolean
write_items (const Writer *writer, const ShsValues *values, const Part *part, GError **error)
{
  gsize n = shs_values_get_n_rows (values);
  gsize m = count_columns (writer, values);
  gsize per_row = MAX (1, m * shs_values_get_n_outputs (values));
  gsize n_block = CLAMP (BLOCK_NUMBERS / per_row, 1, MAX (1, n));
  g_autoptr (ShsMatrix) block = shs_matrix_new (n_block, m, error);
  SHS_AUTOFREE double *flat
      = block != NULL ? shs_alloc (n_block, per_row * sizeof (double), error) : NULL;

  if (flat == NULL)
    return FALSE;
  for (gsize first = 0; first < n; first += n_block)
    {
      ShsMatrix view = shs_matrix_rows (block, 0, MIN (n_block, n - first));

      if (!shs_progress_check (writer->progress, error)
          || !write_block (writer, values, part, first, &view, flat, error))
        return FALSE;
    }
  return TRUE;
}

static ShsArrayKind
get_kind (const ShsValues *values)
{
  return shs_values_is_double (values) ? SHS_ARRAY_DOUBLE : SHS_ARRAY_FLOAT;
}

static gboolean
is_there (const Writer *writer, const char *name)
{
  return writer->sink->has != NULL && writer->sink->has (writer->data, name);
}

static gboolean
write_values (const Writer *writer, const char *name, const ShsValues *values, const Part *part,
              const ShsInput *input, GError **error)
{
  gsize shape[SHS_NPY_MAX_DIMENSIONS] = { 0 };
  guint n_dimensions = 0;

  if (values == NULL || is_there (writer, name))
    return TRUE;
  shape[n_dimensions++] = shs_values_get_n_rows (values);
  for (guint d = 0; d < input->n_dimensions; d++)
    shape[n_dimensions++] = input->shape[d];
  if (shs_values_get_n_outputs (values) > 1)
    shape[n_dimensions++] = shs_values_get_n_outputs (values);
  return begin (writer, name, part->suffix, get_kind (values), n_dimensions, shape, error)
         && write_items (writer, values, part, error);
}

static gboolean
write_interactions (const Writer *writer, GError **error)
{
  const ShsExplanation *self = writer->explanation;
  const Part all = { 0, self->n_features * self->n_features, NULL };
  const ShsInput square = { .n_dimensions = 2, .shape = { self->n_features, self->n_features } };
  const Part stored = { 0, self->parts.n_pairs, NULL };
  const ShsInput list = { .n_dimensions = 1, .shape = { self->parts.n_pairs } };

  if (self->parts.pairs != NULL && writer->sink->keeps_pairs)
    return write_values (writer, SHS_INTERACTION_VALUES, self->parts.interactions, &stored, &list,
                         error);
  return write_values (writer, "interactions", self->parts.interactions, &all, &square, error);
}

static gboolean
write_hierarchy (const Writer *writer, GError **error)
{
  const ShsExplanation *self = writer->explanation;
  const ShsValues *values = self->parts.hierarchical_values;
  const Part all = { 0, 1, NULL };
  gsize shape[2];

  if (values == NULL)
    return TRUE;
  shape[0] = shs_values_get_n_rows (values);
  shape[1] = self->n_outputs;
  return begin (writer, "hierarchical_values", NULL, get_kind (values), 2, shape, error)
         && write_items (writer, values, &all, error);
}

static gboolean
write_matrix (const Writer *writer, const char *name, const ShsMatrix *matrix, GError **error)
{
  gsize shape[2], n_block;
  SHS_AUTOFREE double *flat = NULL;

  if (matrix == NULL)
    return TRUE;
  shape[0] = matrix->n_rows;
  shape[1] = matrix->n_columns;
  n_block = CLAMP (BLOCK_NUMBERS / MAX (1, matrix->n_columns), 1, MAX (1, matrix->n_rows));
  flat = shs_alloc (n_block, matrix->n_columns * sizeof (double), error);
  if (flat == NULL || !begin (writer, name, NULL, SHS_ARRAY_DOUBLE, 2, shape, error))
    return FALSE;
  for (gsize first = 0; first < matrix->n_rows; first += n_block)
    {
      gsize n = MIN (n_block, matrix->n_rows - first);

      for (gsize j = 0; j < matrix->n_columns; j++)
        for (gsize i = 0; i < n; i++)
          flat[i * matrix->n_columns + j] = shs_matrix_get (matrix, first + i, j);
      if (!writer->sink->write_numbers (writer->data, flat, n * matrix->n_columns, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_numbers (const Writer *writer, const char *name, const double *numbers, guint n_dimensions,
               const gsize *shape, GError **error)
{
  gsize count = 1;

  if (numbers == NULL)
    return TRUE;
  for (guint d = 0; d < n_dimensions; d++)
    count *= shape[d];
  return begin (writer, name, NULL, SHS_ARRAY_DOUBLE, n_dimensions, shape, error)
         && (count == 0 || writer->sink->write_numbers (writer->data, numbers, count, error));
}

static gboolean
write_base_values (const Writer *writer, GError **error)
{
  const ShsExplanation *self = writer->explanation;
  gsize per_row[] = { self->n_rows, self->n_outputs };

  if (self->parts.base_per_row)
    return write_numbers (writer, "base_values", self->parts.base_values, 2, per_row, error);
  return write_numbers (writer, "base_values", self->parts.base_values, 1, &self->n_outputs, error);
}

static gboolean
write_row_index (const Writer *writer, GError **error)
{
  const ShsExplanation *self = writer->explanation;
  SHS_AUTOFREE double *numbers = NULL;

  if (self->parts.row_index == NULL)
    return TRUE;
  numbers = shs_alloc (self->n_rows, sizeof (double), error);
  if (numbers == NULL
      || !begin (writer, "row_index", NULL, SHS_ARRAY_INTEGER, 1, &self->n_rows, error))
    return FALSE;
  for (gsize i = 0; i < self->n_rows; i++)
    numbers[i] = (double)self->parts.row_index[i];
  return self->n_rows == 0
         || writer->sink->write_numbers (writer->data, numbers, self->n_rows, error);
}

/* Triples (a, b, computed): of the pairs that meet, or, where all were computed, of those stored.
 */
static void
get_triple (const ShsExplanationParts *parts, gsize index, double *triple)
{
  const guint32 *from = parts->met != NULL ? parts->met + 3 * index : parts->pairs + 2 * index;

  triple[0] = from[0];
  triple[1] = from[1];
  triple[2] = parts->met != NULL ? from[2] : 1;
}

static gboolean
write_pairs (const Writer *writer, GError **error)
{
  const ShsExplanationParts *parts = &writer->explanation->parts;
  gsize n = parts->n_met;
  gsize shape[2] = { 0, 3 };
  double piece[3 * PIECE_PAIRS];

  if (parts->met == NULL && parts->pairs != NULL && writer->sink->keeps_pairs)
    n = parts->n_pairs;
  if (n == 0)
    return TRUE;
  shape[0] = n;
  if (!begin (writer, SHS_INTERACTION_PAIRS, NULL, SHS_ARRAY_INTEGER, 2, shape, error))
    return FALSE;
  for (gsize first = 0; first < n; first += PIECE_PAIRS)
    {
      gsize count = MIN (PIECE_PAIRS, n - first);

      for (gsize i = 0; i < count; i++)
        get_triple (parts, first + i, piece + 3 * i);
      if (!writer->sink->write_numbers (writer->data, piece, 3 * count, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- texts ---- */

static gboolean
begin_texts (const Writer *writer, const char *name, const char *suffix, guint n_dimensions,
             const gsize *shape, gsize width, GError **error)
{
  g_autofree char *whole = g_strconcat (name, suffix, NULL);
  ShsArrayHead head
      = { .name = whole, .kind = SHS_ARRAY_TEXT, .n_dimensions = n_dimensions, .width = width };

  if (n_dimensions > 0)
    memcpy (head.shape, shape, n_dimensions * sizeof *shape);
  return writer->sink->begin (writer->data, &head, error);
}

static gboolean
write_strings (const Writer *writer, const char *name, char *const *strings, gsize count,
               GError **error)
{
  gsize width = 1;

  if (strings == NULL)
    return TRUE;
  for (gsize i = 0; i < count; i++)
    width = MAX (width, (gsize)g_utf8_strlen (strings[i], -1));
  if (!begin_texts (writer, name, NULL, 1, &count, width, error))
    return FALSE;
  for (gsize i = 0; i < count; i++)
    if (!writer->sink->write_text (writer->data, strings[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
write_feature_names (const Writer *writer, const Part *part, GError **error)
{
  const ShsColumn *const *columns
      = (const ShsColumn *const *)writer->explanation->columns + part->first;
  gsize width = 1;

  for (gsize j = 0; j < part->count; j++)
    width = MAX (width, (gsize)g_utf8_strlen (columns[j]->name, -1));
  if (!begin_texts (writer, "feature_names", part->suffix, 1, &part->count, width, error))
    return FALSE;
  for (gsize j = 0; j < part->count; j++)
    if (!writer->sink->write_text (writer->data, columns[j]->name, error))
      return FALSE;
  return TRUE;
}

static gsize
get_display_width (const ShsExplanation *self, const Part *part)
{
  gsize width = SHS_NUMBER_LENGTH;

  for (gsize j = 0; j < part->count; j++)
    for (gsize c = 0; c < self->columns[part->first + j]->n_categories; c++)
      width = MAX (width, (gsize)g_utf8_strlen (self->columns[part->first + j]->categories[c], -1));
  return width;
}

/* A number as its shortest text, a code as its category, "" where it is missing. */
static const char *
get_display_text (const ShsColumn *column, double value, gboolean is_double, char *buffer)
{
  const char *text = shs_column_get_text (column, value);

  if (isnan (value))
    return "";
  if (text != NULL)
    return text;
  return is_double ? shs_number_print (buffer, value)
                   : shs_number_print_float (buffer, (float)value);
}

static gboolean
write_display_data (const Writer *writer, const Part *part, GError **error)
{
  const ShsExplanation *self = writer->explanation;
  const ShsValues *data = self->parts.data;
  gsize shape[] = { self->n_rows, part->count };
  gboolean has_categories = FALSE;
  SHS_AUTOFREE double *row = NULL;
  char buffer[SHS_NUMBER_LENGTH];

  for (gsize j = 0; j < part->count; j++)
    has_categories = has_categories || self->columns[part->first + j]->n_categories > 0;
  if (data == NULL || !has_categories || !writer->sink->keeps_display)
    return TRUE;
  row = shs_alloc (self->n_features, sizeof (double), error);
  if (row == NULL
      || !begin_texts (writer, "display_data", part->suffix, 2, shape,
                       get_display_width (self, part), error))
    return FALSE;
  for (gsize i = 0; i < self->n_rows; i++)
    {
      if (!shs_progress_check (writer->progress, error)
          || !shs_values_read_row (data, 0, i, row, error))
        return FALSE;
      for (gsize j = part->first; j < part->first + part->count; j++)
        if (!writer->sink->write_text (
                writer->data,
                get_display_text (self->columns[j], row[j], shs_values_is_double (data), buffer),
                error))
          return FALSE;
    }
  return TRUE;
}

static gboolean
write_meta (const Writer *writer, GError **error)
{
  g_autofree char *meta = shs_explanation_meta_write (writer->explanation);

  return begin_texts (writer, "meta", NULL, 0, NULL, (gsize)g_utf8_strlen (meta, -1), error)
         && writer->sink->write_text (writer->data, meta, error);
}

/* ---- all of it ---- */

static gboolean
write_input_numbers (const Writer *writer, const ShsInput *input, const Part *part, GError **error)
{
  const ShsExplanationParts *parts = &writer->explanation->parts;

  return write_values (writer, "values", parts->values, part, input, error)
         && write_values (writer, "data", parts->data, part, input, error);
}

static gboolean
write_input_errors (const Writer *writer, const ShsInput *input, const Part *part, GError **error)
{
  return write_values (writer, "std_errors", writer->explanation->parts.std_errors, part, input,
                       error);
}

static gboolean
write_input_texts (const Writer *writer, const ShsInput *input, const Part *part, GError **error)
{
  return write_feature_names (writer, part, error) && write_display_data (writer, part, error);
}

typedef gboolean (*InputFunc) (const Writer *writer, const ShsInput *input, const Part *part,
                               GError **error);

static gboolean
write_inputs (const Writer *writer, InputFunc write_input, GError **error)
{
  const ShsExplanationParts *parts = &writer->explanation->parts;
  Part part = { 0 };

  for (guint i = 0; i < parts->n_inputs; i++)
    {
      g_autofree char *suffix
          = parts->n_inputs > 1 ? g_strconcat (":", parts->inputs[i].name, NULL) : NULL;

      part.count = parts->inputs[i].n_columns;
      part.suffix = suffix;
      if (!write_input (writer, &parts->inputs[i], &part, error))
        return FALSE;
      part.first += part.count;
    }
  return TRUE;
}

gboolean
shs_explanation_write (const ShsExplanation *self, const ShsArraySink *sink, gpointer sink_data,
                       ShsProgress *progress, GError **error)
{
  const Writer writer = { self, sink, sink_data, progress };
  const ShsExplanationParts *parts = &self->parts;

  /* The large arrays come first, as a ShsResultStore has them; it never has standard errors. */
  return write_inputs (&writer, write_input_numbers, error) && write_interactions (&writer, error)
         && write_inputs (&writer, write_input_errors, error)
         && write_inputs (&writer, write_input_texts, error) && write_base_values (&writer, error)
         && write_matrix (&writer, "predictions", parts->predictions, error)
         && write_strings (&writer, "output_names", parts->output_names, self->n_outputs, error)
         && write_numbers (&writer, "target", parts->target, 1, &self->n_rows, error)
         && write_row_index (&writer, error) && write_pairs (&writer, error)
         && write_strings (&writer, "row_names", parts->row_names, self->n_rows, error)
         && write_strings (&writer, SHS_BACKGROUND_VALUES, parts->background_values,
                           self->n_features, error)
         && write_matrix (&writer, "clustering", parts->clustering, error)
         && write_hierarchy (&writer, error)
         && write_numbers (&writer, "seconds", &parts->seconds, 0, NULL, error)
         && write_meta (&writer, error);
}
