/* What inputs, features, outputs, rows and values are called. */
#include "result/shs-explanation-private.h"

#include "core/shs-i18n.h"
#include "core/shs-number.h"

#include <math.h>
#include <string.h>

#define SHOWN_DIGITS 5

char *
shs_feature_make_name (const ShsInput *input, gsize index, gboolean with_input)
{
  GString *name = g_string_new (NULL);
  gsize place[SHS_INPUT_MAX_DIMENSIONS] = { 0 };
  gboolean is_image = input->n_dimensions == 3;

  for (guint d = input->n_dimensions; d-- > 0;)
    {
      place[d] = input->shape[d] > 0 ? index % input->shape[d] : 0;
      index = input->shape[d] > 0 ? index / input->shape[d] : 0;
    }
  if (with_input && input->name != NULL && input->name[0] != '\0')
    g_string_append_printf (name, "%s: ", input->name);
  g_string_append (name, is_image ? _ ("pixel") : _ ("value"));
  for (guint d = 0; d < input->n_dimensions - (is_image ? 1 : 0); d++)
    g_string_append_printf (name, "%c%" G_GSIZE_FORMAT, d == 0 ? ' ' : ',', place[d]);
  if (is_image && input->shape[2] > 1)
    g_string_append_printf (name, _ (" channel %d"), (int)place[2]);
  return g_string_free (name, FALSE);
}

/* An index written as decimal digits alone, below n; -1 for anything else. */
static gssize
parse_index (const char *text, gsize n)
{
  guint64 index;

  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXSSIZE, &index, NULL) || index >= n)
    return -1;
  return (gssize)index;
}

gssize
shs_explanation_find_feature (const ShsExplanation *self, const char *name)
{
  for (gsize j = 0; j < self->n_features; j++)
    if (g_str_equal (self->columns[j]->name, name))
      return (gssize)j;
  return parse_index (name[0] == '#' ? name + 1 : name, self->n_features);
}

static gssize
find_name (char *const *names, const char *name, gsize n)
{
  for (gsize i = 0; names != NULL && i < n; i++)
    if (g_str_equal (names[i], name))
      return (gssize)i;
  return parse_index (name, n);
}

gssize
shs_explanation_find_output (const ShsExplanation *self, const char *name)
{
  return find_name (self->parts.output_names, name, self->n_outputs);
}

gssize
shs_explanation_find_row (const ShsExplanation *self, const char *name)
{
  return find_name (self->parts.row_names, name, self->n_rows);
}

char *
shs_explanation_describe_row (const ShsExplanation *self, gsize row)
{
  g_return_val_if_fail (row < self->n_rows, NULL);
  if (self->parts.row_names != NULL)
    return g_strdup (self->parts.row_names[row]);
  return g_strdup_printf (_ ("row %" G_GSIZE_FORMAT),
                          self->parts.row_index != NULL ? self->parts.row_index[row] : row);
}

char *
shs_explanation_describe_rows (const ShsExplanation *self)
{
  const gsize *index = self->parts.row_index;
  gsize last = self->n_rows > 0 ? self->n_rows - 1 : 0;
  gboolean is_run = index != NULL && self->n_rows > 0;

  for (gsize i = 0; is_run && i < self->n_rows; i++)
    is_run = index[i] == index[0] + i;
  if (is_run && last == 0)
    return g_strdup_printf (
        "rows 0 to 0 of the explanation, which is row %" G_GSIZE_FORMAT " of the data", index[0]);
  if (is_run && index[0] > 0)
    return g_strdup_printf ("rows 0 to %" G_GSIZE_FORMAT
                            " of the explanation, which are rows %" G_GSIZE_FORMAT
                            " to %" G_GSIZE_FORMAT " of the data",
                            last, index[0], index[last]);
  return g_strdup_printf ("rows 0 to %" G_GSIZE_FORMAT " of the explanation", last);
}

char *
shs_explanation_describe_comparison (const ShsExplanation *self, gsize row)
{
  const char *other = self->parts.provenance.background_row;
  g_autofree char *name = shs_explanation_describe_row (self, row);

  if (other[0] == '\0')
    return g_steal_pointer (&name);
  return g_strdup_printf (_ ("%s compared with %s"), name, other);
}

char *
shs_explanation_describe_value (const ShsExplanation *self, gsize feature, double value)
{
  return shs_column_describe_value (shs_explanation_get_column (self, feature), value);
}

char *
shs_column_describe_value (const ShsColumn *column, double value)
{
  const char *text = shs_column_get_text (column, value);
  ShsNumberStyle style = { .trim_zeros = TRUE };

  if (text != NULL)
    return g_strdup (text);
  style.decimals = isfinite (value) ? shs_number_decimals (fabs (value), SHOWN_DIGITS) : 0;
  return shs_number_format (value, style);
}
