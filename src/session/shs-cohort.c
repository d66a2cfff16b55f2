#include "session/shs-cohort.h"

#include "core/shs-error.h"
#include "core/shs-i18n.h"

#include <string.h>

static ShsCohort *
cohort_new (const char *name, const char *rule)
{
  ShsCohort *self = g_new (ShsCohort, 1);

  self->name = g_strdup (name);
  self->rule = g_strdup (rule);
  return self;
}

void
shs_cohort_free (ShsCohort *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->rule);
  g_free (self);
}

/* None of the words that a choice of background has a meaning for already. */
static gboolean
is_name (const char *name)
{
  return name[0] != '\0' && strspn (name, "0123456789") != strlen (name)
         && g_ascii_strcasecmp (name, "all") != 0 && g_ascii_strcasecmp (name, "none") != 0
         && g_ascii_strcasecmp (name, "row") != 0;
}

ShsCohort *
shs_cohort_parse (const char *text, GError **error)
{
  g_autofree char *line = g_strdelimit (g_strdup (text), "\n\r", ' ');
  const char *colon = strchr (line, ':');
  g_autofree char *name = g_strndup (line, colon != NULL ? (gsize)(colon - line) : 0);
  g_autofree char *rule = g_strdup (colon != NULL ? colon + 1 : "");

  g_strstrip (name);
  g_strstrip (rule);
  if (colon == NULL)
    g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                 _ ("“%s” is no group of rows; write a name, a colon and a rule, such as "
                    "Women: sex = female"),
                 line);
  else if (!is_name (name))
    g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                 _ ("“%s” cannot be the name of a group; choose one that is no number and none of "
                    "all, none and row"),
                 name);
  else if (rule[0] == '\0')
    g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                 _ ("The group “%s” has no rule; write one, such as sex = female"), name);
  else
    return cohort_new (name, rule);
  return NULL;
}

char *
shs_cohort_describe (const ShsCohort *self)
{
  return g_strdup_printf ("%s: %s", self->name, self->rule);
}

static gboolean
is_called (const ShsCohort *self, const char *folded_name)
{
  g_autofree char *folded = g_utf8_casefold (self->name, -1);

  return g_str_equal (folded, folded_name);
}

static guint
find (GPtrArray *cohorts, const char *name)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);
  guint i = 0;

  while (cohorts != NULL && i < cohorts->len && !is_called (cohorts->pdata[i], folded))
    i++;
  return i;
}

const ShsCohort *
shs_cohorts_find (GPtrArray *cohorts, const char *name)
{
  guint i = find (cohorts, name);

  return cohorts != NULL && i < cohorts->len ? cohorts->pdata[i] : NULL;
}

static gpointer
copy_cohort (gconstpointer cohort, gpointer unused)
{
  const ShsCohort *self = cohort;

  return cohort_new (self->name, self->rule);
}

static GPtrArray *
copy_list (GPtrArray *cohorts)
{
  GPtrArray *copy
      = cohorts != NULL ? g_ptr_array_copy (cohorts, copy_cohort, NULL) : g_ptr_array_new ();

  g_ptr_array_set_free_func (copy, (GDestroyNotify)shs_cohort_free);
  return copy;
}

GPtrArray *
shs_cohorts_with (GPtrArray *cohorts, ShsCohort *cohort)
{
  guint place = find (cohorts, cohort->name);
  GPtrArray *list = copy_list (cohorts);

  if (place < list->len)
    g_ptr_array_remove_index (list, place);
  g_ptr_array_insert (list, (int)place, cohort);
  return list;
}

GPtrArray *
shs_cohorts_without (GPtrArray *cohorts, const char *name)
{
  guint place = find (cohorts, name);
  g_autoptr (GPtrArray) list = copy_list (cohorts);

  if (place < list->len)
    g_ptr_array_remove_index (list, place);
  return list->len > 0 ? g_steal_pointer (&list) : NULL;
}

gboolean
shs_cohorts_equal (GPtrArray *a, GPtrArray *b)
{
  guint n = a != NULL ? a->len : 0;

  if (a == b || n != (b != NULL ? b->len : 0))
    return a == b;
  for (guint i = 0; i < n; i++)
    {
      const ShsCohort *one = a->pdata[i], *other = b->pdata[i];

      if (!g_str_equal (one->name, other->name) || !g_str_equal (one->rule, other->rule))
        return FALSE;
    }
  return TRUE;
}

char *
shs_cohorts_describe (GPtrArray *cohorts)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; cohorts != NULL && i < cohorts->len; i++)
    {
      const ShsCohort *cohort = cohorts->pdata[i];

      g_string_append_printf (text, "%s%s: %s", i > 0 ? "\n" : "", cohort->name, cohort->rule);
    }
  return g_string_free (text, FALSE);
}
