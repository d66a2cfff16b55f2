/* Expressions: fields, constants, functions, and what documents define as functions. */

#include "model/pmml/shs-pmml-document.h"

#include "core/shs-error.h"
#include "core/shs-shown.h"

#include <math.h>

#define MOST_CALLS_INSIDE 50
#define MOST_EXPRESSIONS 20000

gboolean
shs_pmml_read_value (const ShsPmmlScope *scope, const ShsPmmlElement *element, const char *text,
                     gboolean is_text, double *value, GError **error)
{
  if (text != NULL && is_text)
    {
      *value = shs_pmml_get_text_id (scope->model, text);
      return TRUE;
    }
  if (shs_pmml_parse_number (text, value))
    return TRUE;
  return shs_pmml_fail (scope->model, element, SHS_ERROR_UNSUPPORTED, error,
                        "%s has a text where a number is needed, which cannot be followed; export "
                        "the model without its preparation",
                        element->name);
}

/* The number that each text of the document spells. */
static ShsPmmlExpression *
read_numbers (const ShsPmmlScope *scope, ShsPmmlExpression *expression, GError **error)
{
  const GPtrArray *texts = scope->model->texts;
  g_autofree double *ids = g_new (double, texts->len);
  g_autofree double *numbers = g_new (double, texts->len);
  ShsMapTable *table;

  for (guint i = 0; i < texts->len; i++)
    {
      ids[i] = i;
      if (!shs_pmml_parse_number (texts->pdata[i], &numbers[i]))
        numbers[i] = NAN;
    }
  table = shs_map_table_new (ids, numbers, texts->len, NAN, NAN, error);
  if (table != NULL)
    return shs_pmml_look_up_new (expression, table, FALSE);
  shs_pmml_expression_unref (expression);
  return NULL;
}

/* @expression: (transfer full) (nullable) */
static ShsPmmlExpression *
fit (const ShsPmmlScope *scope, const ShsPmmlElement *element, ShsPmmlExpression *expression,
     ShsPmmlWants wants, GError **error)
{
  const char *problem = NULL;

  if (expression == NULL)
    return NULL;
  if (wants == SHS_PMML_A_NUMBER && shs_pmml_expression_is_text (expression))
    return read_numbers (scope, expression, error);
  if (wants == SHS_PMML_A_TEXT && !shs_pmml_expression_is_text (expression))
    problem = "the text of a number";
  else if (shs_pmml_expression_is_too_large (expression))
    problem = "an expression of so many parts";
  if (problem == NULL)
    return expression;
  shs_pmml_expression_unref (expression);
  shs_pmml_refuse (scope->model, element, problem, error);
  return NULL;
}

ShsPmmlExpression *
shs_pmml_read_reference (const ShsPmmlScope *scope, const ShsPmmlElement *element,
                         ShsPmmlWants wants, GError **error)
{
  const char *name = shs_pmml_get (element, "field");
  ShsPmmlExpression *parameter = name != NULL && scope->parameters != NULL
                                     ? g_hash_table_lookup (scope->parameters, name)
                                     : NULL;
  const ShsPmmlField *field = shs_pmml_find_field (scope->model, element, "field");
  g_autofree char *shown = shs_name_shown (name != NULL ? name : "");

  if (parameter != NULL)
    return fit (scope, element, shs_pmml_expression_ref (parameter), wants, error);
  if (field != NULL)
    return fit (scope, element, shs_pmml_field_expression (scope->model, field, error), wants,
                error);
  shs_pmml_fail (scope->model, element, SHS_ERROR_UNSUPPORTED, error,
                 "the field %s is neither a column of the data nor derived of them; export the "
                 "model without its preparation",
                 shown);
  return NULL;
}

ShsPmmlExpression *
shs_pmml_map_missing (const ShsPmmlScope *scope, const ShsPmmlElement *element, GPtrArray *asked,
                      ShsPmmlExpression *value, GError **error)
{
  const char *text = shs_pmml_get (element, "mapMissingTo");
  double instead = NAN;

  if (text != NULL && value != NULL
      && shs_pmml_read_value (scope, element, text, shs_pmml_expression_is_text (value), &instead,
                              error))
    return shs_pmml_guard_new (asked, value, instead);
  g_ptr_array_unref (asked);
  if (text == NULL)
    return value;
  shs_pmml_expression_unref (value);
  return NULL;
}

static ShsPmmlExpression *
read_field_ref (const ShsPmmlScope *scope, const ShsPmmlElement *element, ShsPmmlWants wants,
                GError **error)
{
  ShsPmmlExpression *value = shs_pmml_read_reference (scope, element, wants, error);
  GPtrArray *asked = shs_pmml_arguments_new ();

  if (value != NULL)
    g_ptr_array_add (asked, shs_pmml_expression_ref (value));
  return shs_pmml_map_missing (scope, element, asked, value, error);
}

static ShsPmmlExpression *
read_constant (const ShsPmmlScope *scope, const ShsPmmlElement *element, ShsPmmlWants wants,
               GError **error)
{
  const char *type = shs_pmml_get (element, "dataType");
  gboolean is_text = wants == SHS_PMML_A_TEXT;
  double value = NAN;

  if (wants == SHS_PMML_ANY_TYPE)
    is_text = g_strcmp0 (type, "string") == 0
              || (type == NULL && !shs_pmml_parse_number (element->text->str, &value));
  if (g_strcmp0 (shs_pmml_get (element, "missing"), "true") == 0)
    value = NAN;
  else if (!shs_pmml_read_value (scope, element, element->text->str, is_text, &value, error))
    return NULL;
  return shs_pmml_constant_new (value, is_text);
}

static gboolean
read_arguments (const ShsPmmlScope *scope, const ShsPmmlElement *apply, ShsPmmlWants first,
                ShsPmmlWants others, GPtrArray *arguments, GError **error)
{
  const ShsPmmlElement *child;

  for (guint i = 0; (child = shs_pmml_child (apply, i)) != NULL; i++)
    {
      ShsPmmlExpression *argument
          = shs_pmml_read_expression (scope, child, i == 0 ? first : others, error);

      if (argument == NULL)
        return FALSE;
      g_ptr_array_add (arguments, argument);
    }
  return TRUE;
}

/* Those that are compared have the type of the first which is no constant. */
static gboolean
read_compared (const ShsPmmlScope *scope, const ShsPmmlElement *apply, GPtrArray *arguments,
               GError **error)
{
  ShsPmmlWants type = SHS_PMML_ANY_TYPE;
  const ShsPmmlElement *child;

  g_ptr_array_set_size (arguments, (int)apply->children->len);
  for (guint i = 0; (child = shs_pmml_child (apply, i)) != NULL; i++)
    if (!shs_pmml_is (child, "Constant"))
      {
        ShsPmmlExpression *argument = shs_pmml_read_expression (scope, child, type, error);

        if (argument == NULL)
          return FALSE;
        arguments->pdata[i] = argument;
        type = shs_pmml_expression_is_text (argument) ? SHS_PMML_A_TEXT : SHS_PMML_A_NUMBER;
      }
  for (guint i = 0; (child = shs_pmml_child (apply, i)) != NULL; i++)
    if (shs_pmml_is (child, "Constant"))
      {
        arguments->pdata[i] = shs_pmml_read_expression (scope, child, type, error);
        if (arguments->pdata[i] == NULL)
          return FALSE;
      }
  return TRUE;
}

static ShsPmmlExpression *
read_built_in (const ShsPmmlScope *scope, const ShsPmmlElement *apply,
               const ShsPmmlFunction *function, ShsPmmlWants wants, GPtrArray *arguments,
               GError **error)
{
  gboolean passes = shs_pmml_function_passes (function);
  gboolean compares = shs_pmml_function_compares (function);
  gboolean is_text = FALSE;

  if (compares && !passes ? !read_compared (scope, apply, arguments, error)
                          : !read_arguments (scope, apply, SHS_PMML_A_NUMBER,
                                             passes ? wants : SHS_PMML_A_NUMBER, arguments, error))
    return NULL;
  for (guint i = 1; passes && i < arguments->len; i++)
    is_text = shs_pmml_expression_is_text (arguments->pdata[i]);
  return shs_pmml_call_new (function, g_ptr_array_ref (arguments), is_text);
}

/* The body of a function that the document defines, with its arguments for its parameters. */
static ShsPmmlExpression *
read_defined (const ShsPmmlScope *scope, const ShsPmmlElement *apply,
              const ShsPmmlElement *definition, ShsPmmlWants wants, GPtrArray *arguments,
              GError **error)
{
  g_autoptr (GHashTable) parameters = g_hash_table_new (g_str_hash, g_str_equal);
  const ShsPmmlScope inside = { scope->model, parameters, scope->depth + 1 };
  const ShsPmmlElement *body = NULL;
  const ShsPmmlElement *child;
  guint n = 0;

  if (!read_arguments (scope, apply, SHS_PMML_ANY_TYPE, SHS_PMML_ANY_TYPE, arguments, error))
    return NULL;
  for (guint i = 0; (child = shs_pmml_child (definition, i)) != NULL; i++)
    {
      const char *name = shs_pmml_get (child, "name");

      if (!shs_pmml_is (child, "ParameterField"))
        body = child;
      else if (name != NULL && n++ < arguments->len)
        g_hash_table_insert (parameters, (gpointer)name, arguments->pdata[n - 1]);
    }
  if (body != NULL && n == arguments->len && inside.depth <= MOST_CALLS_INSIDE)
    return shs_pmml_read_expression (&inside, body, wants, error);
  shs_pmml_refuse (scope->model, apply,
                   "a function without a body, with other arguments or of itself", error);
  return NULL;
}

static ShsPmmlExpression *
read_apply (const ShsPmmlScope *scope, const ShsPmmlElement *apply, ShsPmmlWants wants,
            GError **error)
{
  const char *name = shs_pmml_get (apply, "function");
  const ShsPmmlElement *defined
      = name != NULL ? g_hash_table_lookup (scope->model->functions, name) : NULL;
  const ShsPmmlFunction *function
      = name != NULL ? shs_pmml_function_find (name, apply->children->len) : NULL;
  g_autoptr (GPtrArray) arguments = shs_pmml_arguments_new ();
  g_autofree char *shown = shs_name_shown (name != NULL ? name : "");
  const char *otherwise = shs_pmml_get (apply, "defaultValue");
  ShsPmmlExpression *value = NULL;
  GPtrArray *asked;
  double instead;

  if (defined != NULL)
    value = read_defined (scope, apply, defined, wants, arguments, error);
  else if (function != NULL)
    value = read_built_in (scope, apply, function, wants, arguments, error);
  else
    shs_pmml_fail (scope->model, apply, SHS_ERROR_UNSUPPORTED, error,
                   "the function %s of %u arguments cannot be followed; export the model without "
                   "its preparation",
                   shown, apply->children->len);
  if (value == NULL)
    return NULL;
  asked = shs_pmml_arguments_new ();
  for (guint i = 0; i < arguments->len; i++)
    g_ptr_array_add (asked, shs_pmml_expression_ref (arguments->pdata[i]));
  value = shs_pmml_map_missing (scope, apply, asked, value, error);
  if (value == NULL || otherwise == NULL)
    return value;
  if (shs_pmml_read_value (scope, apply, otherwise, shs_pmml_expression_is_text (value), &instead,
                           error))
    return shs_pmml_step_new (value, &(ShsMapStep){ .kind = SHS_MAP_IMPUTE, .a = instead });
  shs_pmml_expression_unref (value);
  return NULL;
}

/* What functions make of their arguments may leave them out, so what is read counts too. */
static gboolean
count_expression (const ShsPmmlScope *scope, const ShsPmmlElement *element, GError **error)
{
  if (++scope->model->n_expressions > MOST_EXPRESSIONS)
    return shs_pmml_refuse (scope->model, element,
                            "a field whose functions unfold into more than 20,000 expressions",
                            error);
  return shs_progress_check (scope->model->progress, error);
}

/* Recursion is as deep as the document is nested and as functions call each other, which is
 * bounded; so is what is made of them (shs_pmml_expression_is_too_large()). */
ShsPmmlExpression *
shs_pmml_read_expression (const ShsPmmlScope *scope, const ShsPmmlElement *element,
                          ShsPmmlWants wants, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autofree char *shown = NULL;
  ShsPmmlExpression *value;

  if (!count_expression (scope, element, error))
    return NULL;
  if (shs_pmml_is (element, "FieldRef"))
    return read_field_ref (scope, element, wants, error);
  if (shs_pmml_is (element, "Constant"))
    return read_constant (scope, element, wants, error);
  if (shs_pmml_is (element, "Apply"))
    return fit (scope, element, read_apply (scope, element, wants, error), wants, error);
  value = shs_pmml_read_table (scope, element, wants, &problem);
  if (value != NULL)
    return fit (scope, element, value, wants, error);
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    {
      shown = shs_name_shown (element != NULL ? element->name : "nothing");
      shs_pmml_fail (scope->model, element, SHS_ERROR_UNSUPPORTED, error,
                     "the expression %s cannot be followed; export the model without its "
                     "preparation",
                     shown);
    }
  return NULL;
}
