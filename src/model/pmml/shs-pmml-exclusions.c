#include "model/pmml/shs-pmml-exclusions.h"

#include <string.h>

/* @places: of each number its place in @values, plus 1 */
struct _ShsPmmlLog
{
  guint references;
  GArray *values;
  GHashTable *places;
};

static guint
hash_number (gconstpointer key)
{
  double value = *(const double *)key + 0.0; /* no -0 */
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  return (guint)((bits * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) >> 32);
}

static ShsPmmlLog *
log_new (void)
{
  ShsPmmlLog *self = g_new (ShsPmmlLog, 1);

  self->references = 1;
  self->values = g_array_new (FALSE, FALSE, sizeof (double));
  self->places = g_hash_table_new_full (hash_number, g_double_equal, g_free, NULL);
  return self;
}

static void
log_unref (ShsPmmlLog *self)
{
  if (--self->references > 0)
    return;
  g_array_unref (self->values);
  g_hash_table_unref (self->places);
  g_free (self);
}

static void
log_append (ShsPmmlLog *self, double value)
{
  g_array_append_val (self->values, value);
  g_hash_table_insert (self->places, g_memdup2 (&value, sizeof value),
                       GUINT_TO_POINTER (self->values->len));
}

ShsPmmlExclusions
shs_pmml_exclusions_copy (const ShsPmmlExclusions *self)
{
  if (self->log != NULL)
    self->log->references++;
  return *self;
}

void
shs_pmml_exclusions_clear (ShsPmmlExclusions *self)
{
  if (self->log != NULL)
    log_unref (self->log);
  *self = (ShsPmmlExclusions){ 0 };
}

gboolean
shs_pmml_exclusions_has (const ShsPmmlExclusions *self, double value)
{
  guint place
      = self->log != NULL ? GPOINTER_TO_UINT (g_hash_table_lookup (self->log->places, &value)) : 0;

  return place > 0 && place <= self->n;
}

void
shs_pmml_exclusions_add (ShsPmmlExclusions *self, double value)
{
  if (self->log == NULL || self->log->values->len > self->n)
    {
      ShsPmmlLog *own = log_new ();

      for (guint i = 0; i < self->n; i++)
        log_append (own, g_array_index (self->log->values, double, i));
      if (self->log != NULL)
        log_unref (self->log);
      self->log = own;
    }
  log_append (self->log, value);
  self->n++;
}
