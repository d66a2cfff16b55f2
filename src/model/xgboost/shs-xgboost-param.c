#include "model/xgboost/shs-xgboost-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"

#include <string.h>

/* Numbers are spelled as strings; the files of some converters have plain numbers. */
static gint64
read_count (ShsXgboost *self, gint64 largest)
{
  double value = -1;

  if (shs_document_reader_peek (self->reader) == SHS_DOCUMENT_STRING)
    {
      const char *text = shs_document_reader_read_string (self->reader);

      if (text == NULL || !shs_number_parse (text, text + strlen (text), &value))
        value = -1;
    }
  else
    value = shs_document_reader_read_number (self->reader);
  if (value >= 0 && value <= largest && value == (gint64)value)
    return (gint64)value;
  shs_document_reader_fail (self->reader, SHS_ERROR_INVALID,
                            "a whole number from 0 to %" G_GINT64_FORMAT " should stand here; "
                            "save the model again with save_model()",
                            largest);
  return 0;
}

static gsize
count_commas (const char *text)
{
  gsize n = 0;

  for (; *text != '\0'; text++)
    n += *text == ',';
  return n;
}

double *
shs_xgboost_parse_list (const char *text, gsize *count)
{
  g_autofree char *copy = g_strstrip (g_strdup (text));
  gsize length = strlen (copy);
  char *at = copy;
  SHS_AUTOFREE double *values = NULL;
  gsize n;

  if (length >= 2 && (*copy == '[' || *copy == '('))
    {
      if (copy[length - 1] != (*copy == '[' ? ']' : ')'))
        return NULL;
      copy[length - 1] = '\0';
      at++;
    }
  n = count_commas (at) + 1;
  values = n <= SHS_XGBOOST_MAX_OUTPUTS ? shs_alloc (n, sizeof *values, NULL) : NULL;
  for (gsize i = 0; values != NULL && i < n; i++)
    {
      char *end = strchrnul (at, ',');
      char *next = *end == ',' ? end + 1 : end;
      float value;

      *end = '\0';
      g_strstrip (at);
      if (!shs_number_parse_float (at, at + strlen (at), &value))
        return NULL;
      values[i] = value;
      at = next;
    }
  *count = values != NULL ? n : 0;
  return g_steal_pointer (&values);
}

static void
read_list (ShsXgboost *self, double **values, gsize *count)
{
  shs_free (g_steal_pointer (values));
  *count = 0;
  if (shs_document_reader_peek (self->reader) == SHS_DOCUMENT_ARRAY)
    {
      *values = shs_document_reader_read_doubles (self->reader, count);
      return;
    }
  if (shs_document_reader_peek (self->reader) == SHS_DOCUMENT_NUMBER)
    {
      double value = shs_document_reader_read_number (self->reader);

      *values = shs_alloc (1, sizeof **values, NULL);
      if (*values != NULL)
        {
          **values = (float)value;
          *count = 1;
        }
      return;
    }
  const char *text = shs_document_reader_read_string (self->reader);

  if (text != NULL && (*values = shs_xgboost_parse_list (text, count)) == NULL)
    shs_document_reader_fail (self->reader, SHS_ERROR_INVALID,
                              "numbers such as \"5E-1\" or \"[1,2]\" should stand here; save the "
                              "model again with save_model()");
}

static void
read_num_feature (ShsXgboost *self)
{
  self->n_features = (gsize)read_count (self, SHS_XGBOOST_MAX_FEATURES);
}

static void
read_num_class (ShsXgboost *self)
{
  self->num_class = read_count (self, SHS_XGBOOST_MAX_OUTPUTS);
}

static void
read_num_target (ShsXgboost *self)
{
  self->num_target = read_count (self, SHS_XGBOOST_MAX_OUTPUTS);
}

static void
read_base_score (ShsXgboost *self)
{
  read_list (self, &self->base_score, &self->n_base_scores);
}

void
shs_xgboost_read_learner_param (ShsXgboost *self)
{
  static const ShsXgboostField fields[] = {
    { "base_score", read_base_score },
    { "num_class", read_num_class },
    { "num_feature", read_num_feature },
    { "num_target", read_num_target },
  };

  shs_xgboost_read_object (self, fields, G_N_ELEMENTS (fields));
}

static void
read_num_parallel_tree (ShsXgboost *self)
{
  self->n_parallel = (gsize)read_count (self, G_MAXINT32);
}

void
shs_xgboost_read_booster_param (ShsXgboost *self)
{
  static const ShsXgboostField fields[] = { { "num_parallel_tree", read_num_parallel_tree } };

  shs_xgboost_read_object (self, fields, G_N_ELEMENTS (fields));
}

static void
read_objective_name (ShsXgboost *self)
{
  g_free (self->objective);
  self->objective = g_strdup (shs_document_reader_read_string (self->reader));
}

static void
read_alpha (ShsXgboost *self)
{
  read_list (self, &self->alphas, &self->n_alphas);
}

static void
read_loss_param (ShsXgboost *self)
{
  static const ShsXgboostField fields[] = {
    { "expectile_alpha", read_alpha },
    { "quantile_alpha", read_alpha },
  };

  shs_xgboost_read_object (self, fields, G_N_ELEMENTS (fields));
}

void
shs_xgboost_read_objective (ShsXgboost *self)
{
  static const ShsXgboostField fields[] = {
    { "expectile_loss_param", read_loss_param },
    { "name", read_objective_name },
    { "quantile_loss_param", read_loss_param },
  };

  shs_xgboost_read_object (self, fields, G_N_ELEMENTS (fields));
}
