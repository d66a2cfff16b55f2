#include "model/match/shs-target-translation.h"

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "core/shs-number.h"
#include "core/shs-shown.h"
#include "model/match/shs-column-translation.h"

#include <math.h>
#include <string.h>

static gsize
count_classes (const ShsModelParts *parts)
{
  if (parts->task == SHS_TASK_MULTICLASS)
    return parts->n_outputs;
  return parts->task == SHS_TASK_BINARY && parts->n_outputs == 1 ? 2 : 0;
}

static void
set_problem (ShsTargetTranslation *self, const ShsColumn *column, const char *why)
{
  g_autofree char *name = shs_name_shown (column->name);
  g_autofree char *example = shs_name_shown (column->n_categories > 0 ? column->categories[0] : "");

  g_set_error (&self->problem, SHS_ERROR, SHS_ERROR_MISMATCH,
               "the target %s holds text (such as %s), but %s", name, example, why);
}

static gboolean
find_named_classes (ShsTargetTranslation *self, char *const *names, const ShsColumn *column)
{
  g_autoptr (GHashTable) index = shs_text_index (names, self->n_classes);

  self->n_codes = column->n_categories;
  self->codes = g_new (double, MAX (1, self->n_codes));
  self->spelled = shs_spelled_codes_new (names, self->n_classes, NAN);
  for (gsize c = 0; c < column->n_categories; c++)
    {
      guint place = GPOINTER_TO_UINT (g_hash_table_lookup (index, column->categories[c]));

      if (place == 0)
        return FALSE;
      self->codes[c] = place - 1.0;
    }
  return TRUE;
}

static void
number_sorted_classes (ShsTargetTranslation *self, const ShsColumn *column, GPtrArray *notes)
{
  g_autofree char *name = shs_name_shown (column->name);

  self->n_codes = column->n_categories;
  self->codes = shs_text_ranks (column->categories, column->n_categories);
  self->class_names = g_new0 (char *, self->n_classes + 1);
  for (gsize c = 0; c < column->n_categories; c++)
    self->class_names[(gsize)self->codes[c]] = g_strdup (column->categories[c]);
  g_ptr_array_add (notes,
                   g_strdup_printf (_ ("the model does not name its classes; those of %s are "
                                       "numbered in sorted order, as scikit-learn does"),
                                    name));
}

static void
translate_text (ShsTargetTranslation *self, const ShsModelParts *parts, const ShsColumn *column,
                GPtrArray *notes)
{
  if (self->n_classes == 0)
    set_problem (self, column, "the model predicts a number; choose another target");
  else if (parts->class_names != NULL && !find_named_classes (self, parts->class_names, column))
    set_problem (self, column,
                 "not all of its classes are known to the model; choose another target");
  else if (parts->class_names == NULL && column->n_categories != self->n_classes)
    {
      g_autofree char *why
          = g_strdup_printf ("it has %" G_GSIZE_FORMAT " classes where the model has "
                             "%" G_GSIZE_FORMAT "; choose another target",
                             column->n_categories, self->n_classes);

      set_problem (self, column, why);
    }
  else if (parts->class_names == NULL)
    number_sorted_classes (self, column, notes);
}

static void
translate_numbers (ShsTargetTranslation *self, const ShsModelParts *parts)
{
  if (parts->class_names == NULL || self->n_classes == 0)
    return;
  self->values = g_new (double, self->n_classes);
  for (gsize c = 0; c < self->n_classes; c++)
    {
      const char *name = parts->class_names[c];

      if (!shs_number_parse (name, name + strlen (name), &self->values[c]))
        {
          g_clear_pointer (&self->values, g_free);
          return;
        }
    }
}

void
shs_target_translation_init (ShsTargetTranslation *self, const ShsModel *model,
                             const ShsColumn *column, GPtrArray *notes)
{
  const ShsModelParts *parts = shs_model_get_parts (model);

  *self = (ShsTargetTranslation){ .n_classes = count_classes (parts) };
  if (parts->n_outputs > 1 && self->n_classes == 0)
    g_set_error (&self->problem, SHS_ERROR, SHS_ERROR_MISMATCH,
                 "%s has %" G_GSIZE_FORMAT " outputs, which one target column cannot stand for; "
                 "leave the target out",
                 shs_model_get_name (model), parts->n_outputs);
  else if (column->type == SHS_COLUMN_CATEGORY)
    translate_text (self, parts, column, notes);
  else
    translate_numbers (self, parts);
}

void
shs_target_translation_clear (ShsTargetTranslation *self)
{
  g_free (self->codes);
  g_free (self->spelled);
  g_free (self->values);
  g_strfreev (self->class_names);
  g_clear_error (&self->problem);
}

static double
find_class (const ShsTargetTranslation *self, double value)
{
  if (self->values == NULL)
    return value >= 0 && value < self->n_classes && value == floor (value) ? value : NAN;
  for (gsize c = 0; c < self->n_classes; c++)
    if (self->values[c] == value)
      return (double)c;
  return NAN;
}

static gboolean
apply_to_numbers (const ShsTargetTranslation *self, const char *column, double *values, gsize n,
                  GError **error)
{
  for (gsize i = 0; i < n; i++)
    {
      double found = find_class (self, values[i]);

      if (isnan (found) && !isnan (values[i]))
        {
          g_autofree char *name = shs_name_shown (column);
          char text[SHS_NUMBER_LENGTH];

          g_set_error (error, SHS_ERROR, SHS_ERROR_MISMATCH,
                       "the target %s holds %s, which is none of the model's %" G_GSIZE_FORMAT
                       " classes; choose another target",
                       name, shs_number_print (text, values[i]), self->n_classes);
          return FALSE;
        }
      values[i] = found;
    }
  return TRUE;
}

gboolean
shs_target_translation_apply (const ShsTargetTranslation *self, const char *column, double *values,
                              gsize n, GError **error)
{
  if (self->problem != NULL)
    {
      g_propagate_error (error, g_error_copy (self->problem));
      return FALSE;
    }
  if (self->codes == NULL)
    return self->n_classes == 0 || apply_to_numbers (self, column, values, n, error);
  for (gsize i = 0; i < n; i++)
    values[i] = values[i] >= 0 && values[i] < self->n_codes
                    ? self->codes[(gsize)values[i]]
                    : shs_spelled_codes_find (self->spelled, NAN, values[i]);
  return TRUE;
}
