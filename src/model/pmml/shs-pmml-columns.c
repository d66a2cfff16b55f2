/* The columns of the data: what values they take, and what becomes of those that are missing,
 * invalid or far out. */

#include "model/pmml/shs-pmml-document.h"

#include "core/shs-error.h"

#include <math.h>

static gboolean
is_of_type (const ShsPmmlElement *element, const char *type)
{
  return g_strcmp0 (shs_pmml_get (element, "dataType"), type) == 0;
}

static gboolean
says (const ShsPmmlElement *element, const char *word, const char *value)
{
  return g_strcmp0 (shs_pmml_get (element, word), value) == 0;
}

static GPtrArray *
read_values (const ShsPmmlElement *data_field, gboolean missing)
{
  GPtrArray *values = g_ptr_array_new_with_free_func (g_free);
  const ShsPmmlElement *child;

  for (guint i = 0; (child = shs_pmml_child (data_field, i)) != NULL; i++)
    {
      const char *property = shs_pmml_get (child, "property");
      const char *value = shs_pmml_get (child, "value");

      if (shs_pmml_is (child, "Value") && value != NULL
          && g_str_equal (property != NULL ? property : "valid", missing ? "missing" : "valid"))
        g_ptr_array_add (values, g_strdup (value));
    }
  return values;
}

static gboolean
is_categorical (const ShsPmmlElement *data_field, const ShsPmmlElement *mining)
{
  const char *optype = shs_pmml_get (mining, "optype");

  optype = optype != NULL ? optype : shs_pmml_get (data_field, "optype");
  if (is_of_type (data_field, "boolean"))
    return FALSE;
  return g_strcmp0 (optype, "categorical") == 0 || is_of_type (data_field, "string");
}

/* A column whose feature is being made. */
typedef struct
{
  ShsPmml *model;
  const ShsPmmlElement *mining;
  const ShsPmmlElement *data_field;
  ShsPmmlField *field;
} Making;

static void
append (const Making *making, const ShsMapStep *step)
{
  making->field->expression = shs_pmml_step_new (making->field->expression, step);
}

static gboolean
read_attribute (const Making *making, const char *word, double *value, GError **error)
{
  if (shs_pmml_get_code (making->model, making->field, shs_pmml_get (making->mining, word), value))
    return TRUE;
  return shs_pmml_fail (making->model, making->mining, SHS_ERROR_INVALID, error,
                        "%s is missing or no number; export the model again", word);
}

static void
drop_missing_values (const Making *making)
{
  g_autoptr (GPtrArray) missing = read_values (making->data_field, TRUE);

  for (guint i = 0; i < missing->len; i++)
    {
      double code;

      if (shs_pmml_get_code (making->model, making->field, missing->pdata[i], &code))
        append (making, &(ShsMapStep){ .kind = SHS_MAP_MISSING_IF, .a = code });
    }
}

/* Texts that are not listed become @instead. */
static gboolean
replace_unlisted (const Making *making, double instead, GError **error)
{
  gsize n = making->field->n_valid;
  g_autofree double *codes = g_new (double, n);
  g_autoptr (ShsMapTable) table = NULL;

  for (gsize i = 0; i < n; i++)
    codes[i] = (double)i;
  table = shs_map_table_new (codes, codes, n, instead, NAN, error);
  if (table != NULL)
    append (making, &(ShsMapStep){ .kind = SHS_MAP_TABLE, .table = table });
  return table != NULL;
}

/* Numbers outside the intervals become @instead. */
static gboolean
replace_outside (const Making *making, double instead, GError **error)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (ShsPmmlPiece));
  const ShsPmmlElement *child;

  for (guint i = 0; (child = shs_pmml_child (making->data_field, i)) != NULL; i++)
    {
      ShsPmmlPiece piece = { .slope = 1 };

      if (!shs_pmml_is (child, "Interval"))
        continue;
      if (!shs_pmml_read_interval (making->model, child, &piece, error))
        {
          g_array_unref (pieces);
          return FALSE;
        }
      g_array_append_val (pieces, piece);
    }
  making->field->expression
      = shs_pmml_pieces_new (making->field->expression, pieces, instead, FALSE);
  return TRUE;
}

static gboolean
treat_invalid (const Making *making, gboolean is_listed, GError **error)
{
  const ShsPmmlElement *mining = making->mining;
  double instead = NAN;

  if (!is_listed || says (mining, "invalidValueTreatment", "asIs"))
    return TRUE;
  if (says (mining, "invalidValueTreatment", "asValue"))
    {
      if (!read_attribute (making, "invalidValueReplacement", &instead, error))
        return FALSE;
    }
  else if (!says (mining, "invalidValueTreatment", "asMissing"))
    {
      if (!making->field->is_text)
        shs_pmml_note (making->model,
                       "The file gives rows with a number outside a field's interval no "
                       "prediction; here they are treated as all others");
      return TRUE;
    }
  return making->field->is_text ? replace_unlisted (making, instead, error)
                                : replace_outside (making, instead, error);
}

static gboolean
treat_outliers (const Making *making, GError **error)
{
  ShsMapStep clip = { .kind = SHS_MAP_CLIP };
  ShsPmmlPiece piece = { .slope = 1 };
  const char *outliers = shs_pmml_get (making->mining, "outliers");
  GArray *pieces;

  if (outliers == NULL || g_str_equal (outliers, "asIs"))
    return TRUE;
  if (!read_attribute (making, "lowValue", &clip.a, error)
      || !read_attribute (making, "highValue", &clip.b, error))
    return FALSE;
  if (g_str_equal (outliers, "asExtremeValues"))
    {
      append (making, &clip);
      return TRUE;
    }
  piece.low = clip.a;
  piece.high = clip.b;
  pieces = g_array_new (FALSE, FALSE, sizeof (ShsPmmlPiece));
  g_array_append_val (pieces, piece);
  making->field->expression = shs_pmml_pieces_new (making->field->expression, pieces, NAN, FALSE);
  return TRUE;
}

static gboolean
impute (const Making *making, GError **error)
{
  double value;

  if (shs_pmml_get (making->mining, "missingValueReplacement") == NULL)
    return TRUE;
  if (!read_attribute (making, "missingValueReplacement", &value, error))
    return FALSE;
  if (value < 0 && making->field->is_text)
    value = (double)g_array_index (making->model->columns, ShsColumn, making->field->column)
                .n_categories;
  append (making, &(ShsMapStep){ .kind = SHS_MAP_IMPUTE, .a = value });
  making->field->never_missing = TRUE;
  return TRUE;
}

/* Of a text that is listed twice the first place counts. */
static GHashTable *
number_categories (const ShsColumn *column)
{
  GHashTable *codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; i < column->n_categories; i++)
    if (!g_hash_table_contains (codes, column->categories[i]))
      g_hash_table_insert (codes, g_strdup (column->categories[i]), GUINT_TO_POINTER (i + 1));
  return codes;
}

/* The texts of a column: those that are listed, then those that predicates ask for. */
static void
list_categories (Making *making, const ShsPmmlElement *document, ShsColumn *column)
{
  GPtrArray *values = read_values (making->data_field, FALSE);
  g_autoptr (GPtrArray) missing = read_values (making->data_field, TRUE);
  gboolean takes_all = values->len == 0 || says (making->mining, "invalidValueTreatment", "asIs");

  making->field->is_text = TRUE;
  making->field->n_valid = takes_all ? 0 : values->len;
  if (takes_all)
    shs_pmml_find_values (document, column->name, values);
  for (guint i = 0; i < missing->len; i++)
    g_ptr_array_add (values, g_strdup (missing->pdata[i]));
  column->type = SHS_COLUMN_CATEGORY;
  column->n_categories = values->len;
  g_ptr_array_add (values, NULL);
  column->categories = (char **)g_ptr_array_free (values, FALSE);
  making->field->codes = number_categories (column);
}

static gboolean
is_plain_float (const Making *making)
{
  return !making->field->is_text && is_of_type (making->data_field, "float");
}

static gboolean
treat (const Making *making, GError **error)
{
  gboolean is_listed = making->field->is_text
                           ? making->field->n_valid > 0
                           : shs_pmml_find (making->data_field, "Interval") != NULL;

  if (is_plain_float (making))
    append (making, &(ShsMapStep){ .kind = SHS_MAP_FLOAT });
  drop_missing_values (making);
  return treat_invalid (making, is_listed, error) && treat_outliers (making, error)
         && impute (making, error);
}

gboolean
shs_pmml_add_column (ShsPmml *self, const ShsPmmlElement *document,
                     const ShsPmmlElement *data_field, const ShsPmmlElement *mining,
                     ShsPmmlField *field, GError **error)
{
  Making making = { self, mining, data_field, field };
  ShsColumn column = { .name = g_strdup (shs_pmml_get (mining, "name")) };

  field->column = (gint32)self->columns->len;
  if (is_categorical (data_field, mining))
    list_categories (&making, document, &column);
  field->is_float = is_plain_float (&making);
  g_array_append_val (self->columns, column);
  field->expression = shs_pmml_column_new ((gsize)field->column, field->is_text);
  if (!treat (&making, error) || !shs_pmml_add_feature (self, mining, field->expression, error))
    return FALSE;
  field->feature = (gint32)shs_feature_map_get_n_features (self->map) - 1;
  return TRUE;
}

GPtrArray *
shs_pmml_read_classes (const ShsPmmlElement *data_field)
{
  return is_categorical (data_field, NULL) || is_of_type (data_field, "boolean")
             ? read_values (data_field, FALSE)
             : NULL;
}
