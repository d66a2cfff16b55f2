#include "model/exported/shs-exported-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <math.h>

/* In the order of #ShsMapKind. */
static const char *const kinds[]
    = { "add",        "subtract",   "multiply", "divide",  "clip",  "float", "impute",
        "missing_if", "is_missing", "equals",   "greater", "table", NULL };

typedef struct
{
  double *keys;
  double *values;
  gsize n_keys;
  gsize n_values;
  double otherwise;
  double missing;
} TableDraft;

static void
read_keys (ShsExported *self, gpointer data)
{
  TableDraft *draft = data;

  shs_free (draft->keys);
  draft->keys = shs_document_reader_read_doubles (self->reader, &draft->n_keys);
}

static void
read_values (ShsExported *self, gpointer data)
{
  TableDraft *draft = data;

  shs_free (draft->values);
  draft->values = shs_document_reader_read_doubles (self->reader, &draft->n_values);
}

static void
read_otherwise (ShsExported *self, gpointer data)
{
  ((TableDraft *)data)->otherwise = shs_exported_read_number (self);
}

static void
read_missing (ShsExported *self, gpointer data)
{
  ((TableDraft *)data)->missing = shs_exported_read_number (self);
}

static ShsMapTable *
read_table (ShsExported *self)
{
  static const ShsExportedField fields[] = { { "keys", read_keys },
                                             { "values", read_values },
                                             { "otherwise", read_otherwise },
                                             { "missing", read_missing } };
  TableDraft draft = { .otherwise = NAN, .missing = NAN };
  GError *error = NULL;
  ShsMapTable *table = NULL;

  shs_exported_read_object (self, fields, G_N_ELEMENTS (fields), &draft);
  if (draft.n_keys != draft.n_values)
    shs_document_reader_fail (self->reader, SHS_ERROR_INVALID,
                              "a table needs as many values as keys");
  if (shs_document_reader_check (self->reader, NULL))
    table = shs_map_table_new (draft.keys, draft.values, draft.n_keys, draft.otherwise,
                               draft.missing, &error);
  shs_exported_take_error (self, error);
  shs_free (draft.keys);
  shs_free (draft.values);
  return table;
}

static guint
find_kind (const char *word)
{
  guint kind = 0;

  while (kinds[kind] != NULL && !g_str_equal (kinds[kind], word))
    kind++;
  return kind;
}

static void
read_limits (ShsExported *self, ShsMapStep *step)
{
  gsize n = 0;
  SHS_AUTOFREE double *limits = shs_document_reader_read_doubles (self->reader, &n);

  if (limits != NULL && n == 2 && limits[0] <= limits[1])
    {
      step->a = limits[0];
      step->b = limits[1];
    }
  else
    shs_document_reader_fail (self->reader, SHS_ERROR_INVALID,
                              "it takes two numbers, the smaller one first");
}

/* One key whose value is what the operation takes: {"subtract": 3.5} */
static void
read_step (ShsExported *self, ShsFeatureMap *map)
{
  ShsMapStep step = { 0 };
  const char *key;

  shs_document_reader_begin_object (self->reader);
  while ((key = shs_document_reader_next_key (self->reader)) != NULL)
    {
      step = (ShsMapStep){ .kind = (ShsMapKind)find_kind (key) };
      if (kinds[step.kind] == NULL)
        shs_document_reader_fail (self->reader, SHS_ERROR_INVALID,
                                  "this operation is not known; data/export/README.md lists those "
                                  "that are");
      else if (step.kind == SHS_MAP_TABLE)
        step.table = read_table (self);
      else if (step.kind == SHS_MAP_CLIP)
        read_limits (self, &step);
      else if (step.kind == SHS_MAP_FLOAT || step.kind == SHS_MAP_IS_MISSING)
        shs_document_reader_read_boolean (self->reader);
      else
        step.a = shs_document_reader_read_number (self->reader);
      if (shs_document_reader_check (self->reader, NULL))
        shs_feature_map_append (map, &step);
      shs_map_table_unref (step.table);
    }
}

/* @n: features before the present one */
typedef struct
{
  ShsFeatureMap *map;
  gsize n;
} MapDraft;

static void
read_column (ShsExported *self, gpointer data)
{
  MapDraft *draft = data;
  gsize column = shs_exported_read_count (self, self->parts.n_features - 1, "a column");

  if (shs_document_reader_check (self->reader, NULL))
    shs_feature_map_add_column (draft->map, column);
}

static void
read_steps (ShsExported *self, gpointer data)
{
  MapDraft *draft = data;

  if (shs_feature_map_get_n_features (draft->map) != draft->n + 1)
    shs_document_reader_fail (self->reader, SHS_ERROR_INVALID,
                              "\"column\" must stand before \"steps\"");
  shs_document_reader_begin_array (self->reader);
  while (shs_document_reader_next_element (self->reader))
    read_step (self, draft->map);
}

static gboolean
check_entry (ShsExported *self, const MapDraft *draft)
{
  if (shs_feature_map_get_n_features (draft->map) != draft->n + 1)
    shs_document_reader_fail (self->reader, SHS_ERROR_INVALID, "a feature needs one \"column\"");
  else if (draft->n >= SHS_EXPORTED_MAX_FEATURES)
    shs_document_reader_fail (self->reader, SHS_ERROR_INVALID, "there are more than %d features",
                              SHS_EXPORTED_MAX_FEATURES);
  return shs_document_reader_check (self->reader, NULL);
}

void
shs_exported_read_map (ShsExported *self)
{
  static const ShsExportedField fields[] = { { "column", read_column }, { "steps", read_steps } };
  g_autoptr (ShsFeatureMap) map = shs_feature_map_new (self->parts.n_features);
  MapDraft draft = { map, 0 };

  if (self->parts.map != NULL)
    shs_document_reader_fail (self->reader, SHS_ERROR_INVALID, "the map stands here twice");
  shs_document_reader_begin_array (self->reader);
  for (; shs_document_reader_next_element (self->reader); draft.n++)
    {
      shs_exported_read_object (self, fields, G_N_ELEMENTS (fields), &draft);
      if (!check_entry (self, &draft))
        return;
    }
  self->n_features = draft.n;
  self->parts.map = g_steal_pointer (&map);
}
