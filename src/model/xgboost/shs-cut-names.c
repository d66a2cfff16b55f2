#include "model/xgboost/shs-cut-names.h"

#include "core/shs-error.h"
#include "core/shs-shown.h"

#include <string.h>

typedef struct
{
  const char *name;
  gsize length; /* without the mark */
  gsize category;
  const char *text; /* that stands for it */
} CutName;

struct _ShsCutNames
{
  GArray *names;
};

ShsCutNames *
shs_cut_names_new (const ShsColumn *feature)
{
  ShsCutNames *self = g_new (ShsCutNames, 1);

  self->names = g_array_new (FALSE, FALSE, sizeof (CutName));
  for (gsize c = 0; c < feature->n_categories; c++)
    {
      const char *name = feature->categories[c];

      if (g_str_has_suffix (name, SHS_CUT_MARK))
        {
          CutName cut = { name, strlen (name) - strlen (SHS_CUT_MARK), c, NULL };

          g_array_append_val (self->names, cut);
        }
    }
  return self;
}

void
shs_cut_names_free (ShsCutNames *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->names);
  g_free (self);
}

static gboolean
fail (const char *column, const char *text, const CutName *cut, const char *why, GError **error)
{
  g_autofree char *column_name = shs_name_shown (column);
  g_autofree char *value = shs_name_shown (text);
  g_autofree char *name = shs_name_shown (cut->name);

  g_set_error (error, SHS_ERROR, SHS_ERROR_MISMATCH,
               "the column %s holds %s, but XGBoost 3.1 and 3.2 save category names that are not "
               "ASCII cut short: the model's file has %s %s; train and save it "
               "with XGBoost 3.3 or newer, or with names in ASCII",
               column_name, value, name, why);
  return FALSE;
}

gboolean
shs_cut_names_find (ShsCutNames *self, const char *column, const char *text, gssize *category,
                    GError **error)
{
  CutName *found = NULL;

  *category = -1;
  for (guint i = 0; i < self->names->len; i++)
    {
      CutName *cut = &g_array_index (self->names, CutName, i);

      if (strncmp (text, cut->name, cut->length) != 0)
        continue;
      if (cut->length == 0)
        return fail (column, text, cut, "where a whole name was", error);
      if (found != NULL)
        return fail (column, text, cut, "and other names that it can be", error);
      found = cut;
    }
  if (found == NULL)
    return TRUE;
  if (found->text != NULL)
    {
      g_autofree char *other = shs_name_shown (found->text);
      g_autofree char *why = g_strdup_printf ("for it and for %s alike", other);

      return fail (column, text, found, why, error);
    }
  found->text = text;
  *category = (gssize)found->category;
  return TRUE;
}
