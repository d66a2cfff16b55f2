/* The fields of a document by their names. */

#include "model/pmml/shs-pmml-document.h"

#include "core/shs-error.h"
#include "core/shs-number.h"
#include "core/shs-shown.h"

#include <math.h>
#include <string.h>

#define MAX_FIELDS 100000

void
shs_pmml_field_free (ShsPmmlField *self)
{
  shs_pmml_expression_unref (self->expression);
  g_clear_error (&self->problem);
  g_clear_pointer (&self->codes, g_hash_table_unref);
  g_clear_pointer (&self->valid, g_array_unref);
  g_free (self);
}

void
shs_pmml_displaced_clear (gpointer data)
{
  ShsPmmlDisplaced *self = data;

  g_free (self->name);
  if (self->before != NULL)
    shs_pmml_field_free (self->before);
}

static ShsPmmlField *
add_field (ShsPmml *self, const char *name)
{
  ShsPmmlField *field = g_new0 (ShsPmmlField, 1);
  ShsPmmlDisplaced displaced = { .name = g_strdup (name) };
  g_autofree char *key = NULL;

  g_hash_table_steal_extended (self->fields, name, (gpointer *)&key, (gpointer *)&displaced.before);
  g_array_append_val (self->displaced, displaced);
  field->feature = field->column = -1;
  g_hash_table_insert (self->fields, g_strdup (name), field);
  return field;
}

void
shs_pmml_add_problem (ShsPmml *self, const char *name, GError *problem)
{
  add_field (self, name)->problem = problem;
}

void
shs_pmml_leave_scope (ShsPmml *self, guint n_displaced)
{
  while (self->displaced->len > n_displaced)
    {
      ShsPmmlDisplaced *last
          = &g_array_index (self->displaced, ShsPmmlDisplaced, self->displaced->len - 1);

      if (last->before != NULL)
        g_hash_table_insert (self->fields, g_strdup (last->name), g_steal_pointer (&last->before));
      else
        g_hash_table_remove (self->fields, last->name);
      g_array_set_size (self->displaced, self->displaced->len - 1);
    }
}

gboolean
shs_pmml_parse_number (const char *text, double *number)
{
  const char *end;

  if (text == NULL)
    return FALSE;
  *number = g_ascii_strcasecmp (text, "true") == 0 ? 1 : 0;
  if (*number == 1 || g_ascii_strcasecmp (text, "false") == 0)
    return TRUE;
  while (g_ascii_isspace (*text))
    text++;
  end = text + strlen (text);
  while (end > text && g_ascii_isspace (end[-1]))
    end--;
  return shs_number_parse (text, end, number) && isfinite (*number);
}

double
shs_pmml_get_text_id (ShsPmml *self, const char *text)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (self->text_ids, text));

  if (place == 0)
    {
      g_ptr_array_add (self->texts, g_strdup (text));
      place = self->texts->len;
      g_hash_table_insert (self->text_ids, self->texts->pdata[place - 1], GUINT_TO_POINTER (place));
    }
  return place - 1;
}

gboolean
shs_pmml_get_code (ShsPmml *self, const ShsPmmlField *field, const char *text, double *code)
{
  *code = -1;
  if (text == NULL)
    return FALSE;
  if (!field->is_text)
    {
      if (!shs_pmml_parse_number (text, code))
        return FALSE;
      *code = field->is_float ? (float)*code : *code;
    }
  else if (field->column < 0)
    *code = shs_pmml_get_text_id (self, text);
  else
    *code = (double)GPOINTER_TO_UINT (g_hash_table_lookup (field->codes, text)) - 1;
  return TRUE;
}

ShsPmmlField *
shs_pmml_find_field (const ShsPmml *self, const ShsPmmlElement *element, const char *word)
{
  const char *name = shs_pmml_get (element, word);

  return name != NULL ? g_hash_table_lookup (self->fields, name) : NULL;
}

gboolean
shs_pmml_add_feature (ShsPmml *self, const ShsPmmlElement *element, ShsPmmlExpression *expression,
                      GError **error)
{
  if (shs_feature_map_get_n_features (self->map) > MAX_FIELDS)
    return shs_pmml_fail (self, element, SHS_ERROR_UNSUPPORTED, error,
                          "there are more than %d fields; export the model without what prepares "
                          "its data",
                          MAX_FIELDS);
  return shs_pmml_expression_add (expression, self->map)
         || shs_pmml_refuse (self, element, "a field that depends on no column", error);
}

ShsPmmlField *
shs_pmml_use_field (ShsPmml *self, const ShsPmmlElement *element, const char *word, GError **error)
{
  ShsPmmlField *field = shs_pmml_find_field (self, element, word);
  const char *name = shs_pmml_get (element, word);
  g_autofree char *shown = shs_name_shown (name != NULL ? name : "");

  if (field == NULL)
    {
      shs_pmml_fail (self, element, SHS_ERROR_UNSUPPORTED, error,
                     "the field %s is neither a column of the data nor derived of them; export the "
                     "model without its preparation",
                     shown);
      return NULL;
    }
  if (field->problem != NULL)
    {
      g_propagate_error (error, g_error_copy (field->problem));
      return NULL;
    }
  if (field->feature >= 0)
    return field;
  if (!shs_pmml_add_feature (self, element, field->expression, error))
    return NULL;
  field->feature = (gint32)shs_feature_map_get_n_features (self->map) - 1;
  return field;
}

/* Codes of a column's categories become numbers of the document's texts. */
static ShsPmmlExpression *
name_texts (ShsPmml *self, const ShsPmmlField *field, GError **error)
{
  const ShsColumn *column = &g_array_index (self->columns, ShsColumn, field->column);
  g_autofree double *codes = g_new (double, column->n_categories);
  g_autofree double *ids = g_new (double, column->n_categories);
  ShsMapTable *table;

  for (gsize i = 0; i < column->n_categories; i++)
    {
      codes[i] = (double)i;
      ids[i] = shs_pmml_get_text_id (self, column->categories[i]);
    }
  table = shs_map_table_new (codes, ids, column->n_categories, -1, NAN, error);
  return table != NULL
             ? shs_pmml_look_up_new (shs_pmml_expression_ref (field->expression), table, TRUE)
             : NULL;
}

ShsPmmlExpression *
shs_pmml_field_expression (ShsPmml *self, const ShsPmmlField *field, GError **error)
{
  if (field->problem != NULL)
    {
      g_propagate_error (error, g_error_copy (field->problem));
      return NULL;
    }
  if (field->is_text && field->column >= 0)
    return name_texts (self, field, error);
  return shs_pmml_expression_ref (field->expression);
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

gboolean
shs_pmml_check_schema (const ShsPmml *self, const ShsPmmlElement *schema, GError **error)
{
  const ShsPmmlElement *mining;

  for (guint i = 0; (mining = shs_pmml_child (schema, i)) != NULL; i++)
    if (shs_pmml_get (mining, "missingValueReplacement") != NULL
        || g_strcmp0 (shs_pmml_get (mining, "outliers"), "asMissingValues") == 0
        || g_strcmp0 (shs_pmml_get (mining, "outliers"), "asExtremeValues") == 0)
      return shs_pmml_refuse (
          self, mining, "a MiningField that a model inside another treats in its own way", error);
  return TRUE;
}

static void
read_target (ShsPmml *self, const ShsPmmlElement *mining)
{
  const char *name = shs_pmml_get (mining, "name");
  const ShsPmmlElement *data_field
      = name != NULL ? g_hash_table_lookup (self->data_fields, name) : NULL;

  g_free (self->target);
  self->target = g_strdup (name);
  g_clear_pointer (&self->classes, g_ptr_array_unref);
  if (data_field != NULL)
    self->classes = shs_pmml_read_classes (data_field);
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

/* Fields that cannot be followed are kept with the reason, which is told where they are asked for.
 */
gboolean
shs_pmml_read_derived (ShsPmml *self, const ShsPmmlElement *element, GError **error)
{
  const ShsPmmlScope scope = { .model = self };
  const ShsPmmlElement *field;

  for (guint i = 0; (field = shs_pmml_child (element, i)) != NULL; i++)
    {
      const char *name = shs_pmml_get (field, "name");
      const char *type = shs_pmml_get (field, "dataType");
      g_autoptr (GError) problem = NULL;
      ShsPmmlExpression *expression;
      ShsPmmlField *added;

      if (!shs_pmml_is (field, "DerivedField") || name == NULL)
        continue;
      if (self->gates->len > 0 && g_hash_table_contains (self->fields, name))
        return shs_pmml_refuse (self, field,
                                "a field that takes the name of another, inside a Segment that "
                                "only some rows go through,",
                                error);
      self->n_expressions = 0;
      expression = shs_pmml_read_expression (
          &scope, shs_pmml_child (field, 0),
          g_strcmp0 (type, "string") == 0 ? SHS_PMML_A_TEXT : SHS_PMML_A_NUMBER, &problem);
      if (g_error_matches (problem, SHS_ERROR, SHS_ERROR_MEMORY)
          || g_error_matches (problem, SHS_ERROR, SHS_ERROR_CANCELLED))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      added = add_field (self, name);
      added->problem = g_steal_pointer (&problem);
      added->is_float = g_strcmp0 (type, "float") == 0;
      if (expression != NULL && added->is_float)
        expression = shs_pmml_step_new (expression, &(ShsMapStep){ .kind = SHS_MAP_FLOAT });
      added->expression = expression;
      added->is_text = expression != NULL && shs_pmml_expression_is_text (expression);
    }
  return TRUE;
}

/* Of several with one name the first counts. */
static void
find_data_fields (ShsPmml *self, const ShsPmmlElement *dictionary)
{
  const ShsPmmlElement *child;

  for (guint i = 0; (child = shs_pmml_child (dictionary, i)) != NULL; i++)
    {
      const char *name = shs_pmml_is (child, "DataField") ? shs_pmml_get (child, "name") : NULL;

      if (name != NULL && !g_hash_table_contains (self->data_fields, name))
        g_hash_table_insert (self->data_fields, (gpointer)name, (gpointer)child);
    }
}

static void
find_functions (ShsPmml *self, const ShsPmmlElement *dictionary)
{
  const ShsPmmlElement *child;

  for (guint i = 0; (child = shs_pmml_child (dictionary, i)) != NULL; i++)
    if (shs_pmml_is (child, "DefineFunction") && shs_pmml_get (child, "name") != NULL)
      g_hash_table_insert (self->functions, g_strdup (shs_pmml_get (child, "name")),
                           (gpointer)child);
}

gboolean
shs_pmml_read_fields (ShsPmml *self, const ShsPmmlElement *document, const ShsPmmlElement *model,
                      GError **error)
{
  const ShsPmmlElement *dictionary = shs_pmml_find (document, "DataDictionary");
  const ShsPmmlElement *transformations = shs_pmml_find (document, "TransformationDictionary");
  const ShsPmmlElement *schema = shs_pmml_find (model, "MiningSchema");
  const ShsPmmlElement *mining;
  gsize n = count_active (schema);

  if (dictionary == NULL || n == 0 || n > MAX_FIELDS)
    return shs_pmml_fail (self, model, SHS_ERROR_INVALID, error,
                          "there is no DataDictionary, or the MiningSchema has no active fields; "
                          "export the model again");
  self->map = shs_feature_map_new (n);
  find_data_fields (self, dictionary);
  for (guint i = 0; (mining = shs_pmml_child (schema, i)) != NULL; i++)
    {
      const ShsPmmlElement *data_field;

      if (shs_pmml_is (mining, "MiningField") && is_target (mining))
        read_target (self, mining);
      if (!is_active (mining))
        continue;
      data_field = g_hash_table_lookup (self->data_fields, shs_pmml_get (mining, "name"));
      if (data_field == NULL)
        {
          g_autofree char *shown = shs_name_shown (shs_pmml_get (mining, "name"));

          return shs_pmml_fail (self, mining, SHS_ERROR_INVALID, error,
                                "the field %s is not in the DataDictionary; export the model again",
                                shown);
        }
      if (!shs_pmml_add_column (self, document, data_field, mining,
                                add_field (self, shs_pmml_get (mining, "name")), error))
        return FALSE;
    }
  find_functions (self, transformations);
  return shs_pmml_read_derived (self, transformations, error);
}
