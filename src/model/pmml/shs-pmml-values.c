/* Which texts a document compares a column with, for columns whose values it does not list. */

#include "model/pmml/shs-pmml-document.h"

typedef struct
{
  const char *field;
  GPtrArray *values;
  GHashTable *seen;
} Search;

static void
add_value (Search *self, const char *value)
{
  char *copy;

  if (value == NULL || g_hash_table_contains (self->seen, value))
    return;
  copy = g_strdup (value);
  g_ptr_array_add (self->values, copy);
  g_hash_table_add (self->seen, copy);
}

static gboolean
names (const Search *self, const ShsPmmlElement *element, const char *word)
{
  return g_strcmp0 (shs_pmml_get (element, word), self->field) == 0;
}

static void
add_array (Search *self, const ShsPmmlElement *array)
{
  g_autoptr (GPtrArray) words = shs_pmml_split_array (array);

  for (guint i = 0; i < words->len; i++)
    add_value (self, words->pdata[i]);
}

/* Cells of the columns of a table that stand for the field. */
static void
add_cells (Search *self, const ShsPmmlElement *map_values)
{
  const ShsPmmlElement *table = shs_pmml_find (map_values, "InlineTable");
  const ShsPmmlElement *pair;
  const ShsPmmlElement *row;

  for (guint i = 0; (pair = shs_pmml_child (map_values, i)) != NULL; i++)
    if (shs_pmml_is (pair, "FieldColumnPair") && names (self, pair, "field")
        && shs_pmml_get (pair, "column") != NULL)
      for (guint r = 0; (row = shs_pmml_child (table, r)) != NULL; r++)
        {
          const ShsPmmlElement *cell = shs_pmml_find (row, shs_pmml_get (pair, "column"));

          if (cell != NULL)
            add_value (self, cell->text->str);
        }
}

/* Constants beside the field in a function. */
static void
add_constants (Search *self, const ShsPmmlElement *apply)
{
  const ShsPmmlElement *child;
  gboolean is_asked = FALSE;

  for (guint i = 0; (child = shs_pmml_child (apply, i)) != NULL; i++)
    is_asked = is_asked || (shs_pmml_is (child, "FieldRef") && names (self, child, "field"));
  for (guint i = 0; is_asked && (child = shs_pmml_child (apply, i)) != NULL; i++)
    if (shs_pmml_is (child, "Constant"))
      add_value (self, child->text->str);
}

/* Recursion is as deep as the document is nested, which is bounded. */
static void
search (Search *self, const ShsPmmlElement *element)
{
  const ShsPmmlElement *child;

  if (shs_pmml_is (element, "SimpleSetPredicate") && names (self, element, "field"))
    add_array (self, shs_pmml_find (element, "Array"));
  else if (shs_pmml_is (element, "MapValues"))
    add_cells (self, element);
  else if (shs_pmml_is (element, "Apply"))
    add_constants (self, element);
  else if (names (self, element, "field")
           || (shs_pmml_is (element, "CategoricalPredictor") && names (self, element, "name")))
    add_value (self, shs_pmml_get (element, "value"));
  for (guint i = 0; (child = shs_pmml_child (element, i)) != NULL; i++)
    search (self, child);
}

void
shs_pmml_find_values (const ShsPmmlElement *document, const char *name, GPtrArray *values)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  Search self = { name, values, seen };

  for (guint i = 0; i < values->len; i++)
    g_hash_table_add (seen, values->pdata[i]);
  search (&self, document);
}
