/* The options whose values name something of the explanation: a row, an output, a feature. */
#include "plot/shs-plot-options-private.h"

#include <string.h>

gboolean
shs_option_set_row (ShsPlotOptions *self, const char *value, const ShsExplanation *explanation,
                    GError **error)
{
  guint64 row;

  if (shs_option_is_none (value))
    self->row = -1;
  else if (explanation != NULL)
    {
      gssize found = shs_explanation_find_row (explanation, value);
      g_autofree char *rows = shs_explanation_describe_rows (explanation);
      g_autofree char *hint = g_strdup_printf ("give the name of a row, or its number: %s", rows);

      if (found < 0)
        return shs_option_refuse (error, value, hint);
      self->row = found;
    }
  else if (shs_option_parse_count (value, 0, G_MAXINT64, &row, error))
    self->row = (gint64)row;
  else
    return FALSE;
  return TRUE;
}

gboolean
shs_option_set_output (ShsPlotOptions *self, const char *value, const ShsExplanation *explanation,
                       GError **error)
{
  guint64 output;
  gssize found;

  if (explanation == NULL)
    {
      if (!shs_option_parse_count (value, 0, G_MAXUINT32, &output, error))
        return FALSE;
      self->output = output;
      return TRUE;
    }
  found = shs_explanation_find_output (explanation, value);
  if (found < 0)
    return shs_option_refuse_unlisted (
        error, value, (const char *const *)shs_explanation_get_parts (explanation)->output_names);
  self->output = (gsize)found;
  return TRUE;
}

static gssize
find_feature (const ShsExplanation *explanation, const char *value, GError **error)
{
  gssize found = shs_explanation_find_feature (explanation, value);
  g_autofree char *hint = NULL;

  if (found >= 0)
    return found;
  hint = g_strdup_printf ("give the name of a feature (\"%s\", ...), or its number from 0 to "
                          "%" G_GSIZE_FORMAT,
                          shs_explanation_get_column (explanation, 0)->name,
                          shs_explanation_get_n_features (explanation) - 1);
  shs_option_refuse (error, value, hint);
  return -1;
}

gboolean
shs_option_set_feature (ShsPlotOptions *self, const char *value, const ShsExplanation *explanation,
                        GError **error)
{
  guint64 feature;

  if (shs_option_is_none (value) || strcmp (value, "auto") == 0)
    self->feature = -1;
  else if (explanation != NULL)
    {
      gssize found = find_feature (explanation, value, error);

      if (found < 0)
        return FALSE;
      self->feature = found;
    }
  else if (shs_option_parse_count (value[0] == '#' ? value + 1 : value, 0, G_MAXINT32, &feature,
                                   error))
    self->feature = (gssize)feature;
  else
    return FALSE;
  return TRUE;
}

gboolean
shs_option_set_color (ShsPlotOptions *self, const char *value, const ShsExplanation *explanation,
                      GError **error)
{
  gboolean is_word = strcmp (value, "auto") == 0 || strcmp (value, "none") == 0;

  if (!is_word && explanation != NULL && find_feature (explanation, value, error) < 0)
    return FALSE;
  g_free (self->color);
  self->color = g_strdup (value);
  return TRUE;
}

gboolean
shs_option_set_interaction (ShsPlotOptions *self, const char *value,
                            const ShsExplanation *explanation, GError **error)
{
  if (!shs_option_is_none (value) && explanation != NULL
      && find_feature (explanation, value, error) < 0)
    return FALSE;
  g_free (self->interaction);
  self->interaction = shs_option_is_none (value) ? NULL : g_strdup (value);
  return TRUE;
}

char *
shs_option_get_row (const ShsPlotOptions *self)
{
  return self->row < 0 ? g_strdup ("none") : g_strdup_printf ("%" G_GINT64_FORMAT, self->row);
}

char *
shs_option_get_output (const ShsPlotOptions *self)
{
  return g_strdup_printf ("%" G_GSIZE_FORMAT, self->output);
}

char *
shs_option_get_feature (const ShsPlotOptions *self)
{
  return self->feature < 0 ? g_strdup ("auto")
                           : g_strdup_printf ("#%" G_GSSIZE_FORMAT, self->feature);
}

char *
shs_option_get_color (const ShsPlotOptions *self)
{
  return g_strdup (self->color);
}

char *
shs_option_get_interaction (const ShsPlotOptions *self)
{
  return g_strdup (self->interaction != NULL ? self->interaction : "none");
}
