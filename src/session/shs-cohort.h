/* Named groups of rows: "Women: sex = female". */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShsCohort: immutable.
 * @name: unlike "all", "none", a number, "row:..."; no colon is in it
 * @rule: which rows belong to it (see ShsRowFilter); not blank
 */
typedef struct
{
  char *name;
  char *rule;
} ShsCohort;

/**
 * shs_cohort_parse:
 * @text: the name, a colon and the rule; blanks around both are dropped, ends of lines become
 *   blanks
 *
 * Returns: (transfer full): NULL with %SHS_ERROR_CHOICE; whether the rule fits some data is not
 *   asked
 */
ShsCohort *shs_cohort_parse (const char *text, GError **error);
void shs_cohort_free (ShsCohort *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsCohort, shs_cohort_free)
/** shs_cohort_describe: (transfer full): as shs_cohort_parse() takes it. */
char *shs_cohort_describe (const ShsCohort *self);

/* Lists of #ShsCohort: never changed once they are shared; NULL stands for the empty one. */

/** shs_cohorts_find: (nullable): by name, in any case. */
const ShsCohort *shs_cohorts_find (GPtrArray *cohorts, const char *name);
/** shs_cohorts_with: (transfer full): a list with @cohort (transfer full) at the end, or in the
 * place of the one of the same name. */
GPtrArray *shs_cohorts_with (GPtrArray *cohorts, ShsCohort *cohort);
/** shs_cohorts_without: (transfer full) (nullable). */
GPtrArray *shs_cohorts_without (GPtrArray *cohorts, const char *name);
gboolean shs_cohorts_equal (GPtrArray *a, GPtrArray *b);
/** shs_cohorts_describe: (transfer full): a line for each, as shs_cohort_parse() takes it. */
char *shs_cohorts_describe (GPtrArray *cohorts);

G_END_DECLS
