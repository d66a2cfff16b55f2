/* The fields of a document: columns of the data, and what is derived of them. */

#include "model/pmml/shs-pmml-document.h"

#include "core/shs-error.h"
#include "core/shs-shown.h"

#include <math.h>
#include <string.h>

#define MAX_FIELDS 100000

static void
add_field (ShsPmml *self, const char *name, gint32 column, gboolean is_float)
{
  ShsPmmlField *field = g_new (ShsPmmlField, 1);

  *field
      = (ShsPmmlField){ (gint32)shs_feature_map_get_n_features (self->map) - 1, column, is_float };
  g_hash_table_replace (self->fields, g_strdup (name), field);
}

static gboolean
is_of_type (const ShsPmmlElement *element, const char *type)
{
  const char *found = shs_pmml_get (element, "dataType");

  return found != NULL && g_str_equal (found, type);
}

static const ShsPmmlElement *
find_data_field (const ShsPmmlElement *dictionary, const char *name)
{
  const ShsPmmlElement *child;

  for (guint i = 0; (child = shs_pmml_child (dictionary, i)) != NULL; i++)
    if (shs_pmml_is (child, "DataField") && g_strcmp0 (shs_pmml_get (child, "name"), name) == 0)
      return child;
  return NULL;
}

static GPtrArray *
read_values (const ShsPmmlElement *data_field)
{
  GPtrArray *values = g_ptr_array_new_with_free_func (g_free);
  const ShsPmmlElement *child;

  for (guint i = 0; (child = shs_pmml_child (data_field, i)) != NULL; i++)
    {
      const char *property = shs_pmml_get (child, "property");
      const char *value = shs_pmml_get (child, "value");

      if (shs_pmml_is (child, "Value") && value != NULL
          && (property == NULL || g_str_equal (property, "valid")))
        g_ptr_array_add (values, g_strdup (value));
    }
  return values;
}

static gboolean
is_categorical (const ShsPmmlElement *data_field)
{
  return g_strcmp0 (shs_pmml_get (data_field, "optype"), "categorical") == 0
         || is_of_type (data_field, "string");
}

gssize
shs_pmml_get_code (const ShsPmml *self, const ShsPmmlField *field, const char *value)
{
  const ShsColumn *column;

  if (field->column < 0)
    return -1;
  column = &g_array_index (self->columns, ShsColumn, field->column);
  for (gsize i = 0; i < column->n_categories; i++)
    if (g_str_equal (column->categories[i], value))
      return (gssize)i;
  return -1;
}

static gboolean
impute (ShsPmml *self, const ShsPmmlElement *mining, const ShsPmmlField *field, GError **error)
{
  const char *replacement = shs_pmml_get (mining, "missingValueReplacement");
  const ShsColumn *column = &g_array_index (self->columns, ShsColumn, field->column);
  double number;
  gssize code;

  if (replacement == NULL)
    return TRUE;
  if (column->type == SHS_COLUMN_NUMBER)
    {
      if (!shs_pmml_get_number (self, mining, "missingValueReplacement", NAN, &number, error))
        return FALSE;
    }
  else
    {
      code = shs_pmml_get_code (self, field, replacement);
      number = code >= 0 ? (double)code : (double)column->n_categories;
    }
  shs_feature_map_append (self->map, &(ShsMapStep){ .kind = SHS_MAP_IMPUTE, .a = number });
  return TRUE;
}

static gboolean
add_column (ShsPmml *self, const ShsPmmlElement *mining, const ShsPmmlElement *data_field,
            GError **error)
{
  const char *name = shs_pmml_get (mining, "name");
  gboolean is_float = is_of_type (data_field, "float");
  ShsColumn column = { .name = g_strdup (name) };
  gint32 index = (gint32)self->columns->len;

  if (is_categorical (data_field))
    {
      GPtrArray *values = read_values (data_field);

      column.type = SHS_COLUMN_CATEGORY;
      column.n_categories = values->len;
      g_ptr_array_add (values, NULL);
      column.categories = (char **)g_ptr_array_free (values, FALSE);
      is_float = FALSE;
    }
  g_array_append_val (self->columns, column);
  shs_feature_map_add_column (self->map, (gsize)index);
  add_field (self, name, index, is_float);
  if (is_float)
    shs_feature_map_append (self->map, &(ShsMapStep){ .kind = SHS_MAP_FLOAT });
  return impute (self, mining, g_hash_table_lookup (self->fields, name), error);
}

static gboolean
is_target (const ShsPmmlElement *mining)
{
  const char *usage = shs_pmml_get (mining, "usageType");

  return usage != NULL && (g_str_equal (usage, "target") || g_str_equal (usage, "predicted"));
}

static gboolean
is_active (const ShsPmmlElement *mining)
{
  const char *usage = shs_pmml_get (mining, "usageType");

  return shs_pmml_is (mining, "MiningField") && shs_pmml_get (mining, "name") != NULL
         && (usage == NULL || g_str_equal (usage, "active"));
}

static void
read_target (ShsPmml *self, const ShsPmmlElement *dictionary, const ShsPmmlElement *mining)
{
  const ShsPmmlElement *data_field = find_data_field (dictionary, shs_pmml_get (mining, "name"));

  g_free (self->target);
  self->target = g_strdup (shs_pmml_get (mining, "name"));
  g_clear_pointer (&self->classes, g_ptr_array_unref);
  if (data_field != NULL && is_categorical (data_field))
    self->classes = read_values (data_field);
}

/* The map has to know how many columns there are before it is made. */
static gsize
count_active (const ShsPmmlElement *schema)
{
  const ShsPmmlElement *mining;
  gsize n = 0;

  for (guint i = 0; (mining = shs_pmml_child (schema, i)) != NULL; i++)
    n += is_active (mining);
  return n;
}

/* Appends what a function of one field and numbers does to the feature that was added last. */
static gboolean
append_function (ShsPmml *self, const char *function, double constant, gboolean constant_first)
{
  ShsMapStep step = { .a = constant };
  const ShsMapStep turn = { .kind = SHS_MAP_MULTIPLY, .a = -1 };

  if (g_str_equal (function, "+"))
    step.kind = SHS_MAP_ADD;
  else if (g_str_equal (function, "*"))
    step.kind = SHS_MAP_MULTIPLY;
  else if (g_str_equal (function, "-"))
    {
      step.kind = constant_first ? SHS_MAP_ADD : SHS_MAP_SUBTRACT;
      if (constant_first)
        shs_feature_map_append (self->map, &turn);
    }
  else if (g_str_equal (function, "/") && !constant_first)
    step.kind = SHS_MAP_DIVIDE;
  else
    return FALSE;
  shs_feature_map_append (self->map, &step);
  return TRUE;
}

static gboolean
get_constant (const ShsPmmlElement *element, double *number)
{
  char *end;

  if (!shs_pmml_is (element, "Constant"))
    return FALSE;
  *number = g_ascii_strtod (element->text->str, &end);
  return end != element->text->str && isfinite (*number);
}

static const ShsPmmlField *
find_field (const ShsPmml *self, const ShsPmmlElement *element)
{
  const char *name = shs_pmml_get (element, "field");
  const ShsPmmlField *field = name != NULL ? g_hash_table_lookup (self->fields, name) : NULL;

  return field != NULL && field->feature >= 0 ? field : NULL;
}

/* The straight line that two points of NormContinuous make. */
static gboolean
derive_line (ShsPmml *self, const ShsPmmlElement *element)
{
  const ShsPmmlElement *points[2] = { shs_pmml_child (element, 0), shs_pmml_child (element, 1) };
  const ShsPmmlField *field = find_field (self, element);
  const char *outliers = shs_pmml_get (element, "outliers");
  double x[2], y[2];
  double factor;

  if (field == NULL || shs_pmml_child (element, 2) != NULL
      || (outliers != NULL && !g_str_equal (outliers, "asIs")))
    return FALSE;
  for (guint i = 0; i < 2; i++)
    if (!shs_pmml_is (points[i], "LinearNorm")
        || !shs_pmml_get_number (self, points[i], "orig", NAN, &x[i], NULL)
        || !shs_pmml_get_number (self, points[i], "norm", NAN, &y[i], NULL))
      return FALSE;
  factor = (y[1] - y[0]) / (x[1] - x[0]);
  if (!isfinite (factor))
    return FALSE;
  shs_feature_map_add_feature (self->map, self->map, (gsize)field->feature);
  append_function (self, "-", x[0], FALSE);
  append_function (self, "*", factor, FALSE);
  return append_function (self, "+", y[0], FALSE);
}

static gboolean
derive_indicator (ShsPmml *self, const ShsPmmlElement *element)
{
  const ShsPmmlField *field = find_field (self, element);
  const char *value = shs_pmml_get (element, "value");
  gssize code = field != NULL && value != NULL ? shs_pmml_get_code (self, field, value) : -1;

  if (code < 0)
    return FALSE;
  shs_feature_map_add_feature (self->map, self->map, (gsize)field->feature);
  shs_feature_map_append (self->map, &(ShsMapStep){ .kind = SHS_MAP_EQUALS, .a = (double)code });
  return TRUE;
}

/* Adds the feature that an expression is; FALSE for what steps on one column cannot say. The depth
 * of nesting is that of the document. */
static gboolean
derive (ShsPmml *self, const ShsPmmlElement *element)
{
  const ShsPmmlElement *a = shs_pmml_child (element, 0);
  const ShsPmmlElement *b = shs_pmml_child (element, 1);
  const char *function = shs_pmml_get (element, "function");
  double constant;

  if (shs_pmml_is (element, "NormContinuous"))
    return derive_line (self, element);
  if (shs_pmml_is (element, "NormDiscrete"))
    return derive_indicator (self, element);
  if (shs_pmml_is (element, "FieldRef"))
    {
      const ShsPmmlField *field = find_field (self, element);

      if (field == NULL)
        return FALSE;
      shs_feature_map_add_feature (self->map, self->map, (gsize)field->feature);
      return TRUE;
    }
  if (!shs_pmml_is (element, "Apply") || function == NULL || b == NULL
      || shs_pmml_child (element, 2) != NULL || shs_pmml_get (element, "mapMissingTo") != NULL)
    return FALSE;
  if (get_constant (b, &constant))
    return derive (self, a) && append_function (self, function, constant, FALSE);
  return get_constant (a, &constant) && derive (self, b)
         && append_function (self, function, constant, TRUE);
}

/* Fields that cannot be followed are left out, and named where a tree asks for them. */
gboolean
shs_pmml_read_derived (ShsPmml *self, const ShsPmmlElement *element, GError **error)
{
  const ShsPmmlElement *field;

  for (guint i = 0; (field = shs_pmml_child (element, i)) != NULL; i++)
    {
      const char *name = shs_pmml_get (field, "name");

      if (!shs_pmml_is (field, "DerivedField") || name == NULL)
        continue;
      if (shs_feature_map_get_n_features (self->map) > MAX_FIELDS)
        return shs_pmml_fail (self, field, SHS_ERROR_UNSUPPORTED, error,
                              "there are more than %d fields; export the model without what "
                              "prepares its data",
                              MAX_FIELDS);
      if (!derive (self, shs_pmml_child (field, 0)))
        continue;
      if (is_of_type (field, "float"))
        shs_feature_map_append (self->map, &(ShsMapStep){ .kind = SHS_MAP_FLOAT });
      add_field (self, name, -1, is_of_type (field, "float"));
    }
  return TRUE;
}

gboolean
shs_pmml_read_fields (ShsPmml *self, const ShsPmmlElement *document, const ShsPmmlElement *model,
                      GError **error)
{
  const ShsPmmlElement *dictionary = shs_pmml_find (document, "DataDictionary");
  const ShsPmmlElement *schema = shs_pmml_find (model, "MiningSchema");
  const ShsPmmlElement *mining;
  gsize n = count_active (schema);

  if (dictionary == NULL || n == 0 || n > MAX_FIELDS)
    return shs_pmml_fail (self, model, SHS_ERROR_INVALID, error,
                          "there is no DataDictionary, or the MiningSchema has no active fields; "
                          "export the model again");
  self->map = shs_feature_map_new (n);
  for (guint i = 0; (mining = shs_pmml_child (schema, i)) != NULL; i++)
    {
      const ShsPmmlElement *data_field;

      if (shs_pmml_is (mining, "MiningField") && is_target (mining))
        read_target (self, dictionary, mining);
      if (!is_active (mining))
        continue;
      data_field = find_data_field (dictionary, shs_pmml_get (mining, "name"));
      if (data_field == NULL)
        {
          g_autofree char *shown = shs_name_shown (shs_pmml_get (mining, "name"));

          return shs_pmml_fail (self, mining, SHS_ERROR_INVALID, error,
                                "the field %s is not in the DataDictionary; export the model again",
                                shown);
        }
      if (!add_column (self, mining, data_field, error))
        return FALSE;
    }
  return shs_pmml_read_derived (self, shs_pmml_find (document, "TransformationDictionary"), error);
}
