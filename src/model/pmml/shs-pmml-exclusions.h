/* Values that are ruled out one after the other. Private to model/. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** ShsPmmlLog: numbers in the order in which they came. */
typedef struct _ShsPmmlLog ShsPmmlLog;

/**
 * ShsPmmlExclusions: the first @n numbers of a log that those share who came the same way: so that
 * a chain of thousands of questions, each of which rules one value out, needs memory and time for
 * each value once. All zero is none.
 */
typedef struct
{
  ShsPmmlLog *log;
  guint n;
} ShsPmmlExclusions;

ShsPmmlExclusions shs_pmml_exclusions_copy (const ShsPmmlExclusions *self);
void shs_pmml_exclusions_clear (ShsPmmlExclusions *self);

gboolean shs_pmml_exclusions_has (const ShsPmmlExclusions *self, double value);

/** shs_pmml_exclusions_add: @value is not among them yet. Where another went on with the log, this
 * one gets its own. */
void shs_pmml_exclusions_add (ShsPmmlExclusions *self, double value);

G_END_DECLS
