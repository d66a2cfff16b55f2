/* What is known of the features of a row at one place of a tree. Private to model/. */
#pragma once

#include "model/pmml/shs-pmml-exclusions.h"

G_BEGIN_DECLS

/**
 * ShsPmmlFact: of one feature.
 * @may_miss: whether it may be missing; @may_be: whether it may have a value
 * @low, @high: between which numbers it lies; @low_open, @high_open: and is not that number itself
 * @listed: (element-type double) (nullable): ascending, each once: the value is among these
 * @excluded: it is none of these, which are all of @listed where there is such a list
 */
typedef struct
{
  gboolean may_miss;
  gboolean may_be;
  gboolean low_open;
  gboolean high_open;
  double low;
  double high;
  GArray *listed;
  ShsPmmlExclusions excluded;
} ShsPmmlFact;

/** ShsPmmlTruth: @SHS_PMML_OPEN: what is known does not decide it. */
typedef enum
{
  SHS_PMML_FALSE,
  SHS_PMML_TRUE,
  SHS_PMML_UNKNOWN,
  SHS_PMML_OPEN,
} ShsPmmlTruth;

/**
 * ShsPmmlTest: one question to one feature, which a value answers yes or no.
 * @kind: what is asked; @number: for comparisons; @listed: (nullable): ascending, for sets
 */
typedef enum
{
  SHS_PMML_LESS,
  SHS_PMML_LESS_EQUAL,
  SHS_PMML_AMONG,
  SHS_PMML_MISSING,
} ShsPmmlTestKind;

typedef struct
{
  ShsPmmlTestKind kind;
  gint32 feature;
  double number;
  GArray *listed;
} ShsPmmlTest;

/** ShsPmmlFacts: the present fact of each feature, with a way back. */
typedef struct _ShsPmmlFacts ShsPmmlFacts;

ShsPmmlFacts *shs_pmml_facts_new (void);
void shs_pmml_facts_free (ShsPmmlFacts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsPmmlFacts, shs_pmml_facts_free)

/** shs_pmml_facts_get: NULL where nothing is known. */
const ShsPmmlFact *shs_pmml_facts_get (const ShsPmmlFacts *self, gint32 feature);
/** shs_pmml_facts_push: @fact: (transfer full): the feature's from now on, until it is popped. */
void shs_pmml_facts_push (ShsPmmlFacts *self, gint32 feature, ShsPmmlFact *fact);
/** shs_pmml_facts_go_on: the same, for good where the feature's last fact was pushed after @mark:
 * nothing goes back to it. */
void shs_pmml_facts_go_on (ShsPmmlFacts *self, guint mark, gint32 feature, ShsPmmlFact *fact);
/** shs_pmml_facts_mark: for shs_pmml_facts_pop_to(). */
guint shs_pmml_facts_mark (const ShsPmmlFacts *self);
void shs_pmml_facts_pop_to (ShsPmmlFacts *self, guint mark);

/** shs_pmml_fact_new: (transfer full): nothing is known. */
ShsPmmlFact *shs_pmml_fact_new (gboolean may_miss);
ShsPmmlFact *shs_pmml_fact_copy (const ShsPmmlFact *self);
void shs_pmml_fact_free (ShsPmmlFact *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsPmmlFact, shs_pmml_fact_free)
/** shs_pmml_fact_ask: what values answer @test: true, false or open; missing ones left aside. */
ShsPmmlTruth shs_pmml_fact_ask (const ShsPmmlFact *self, const ShsPmmlTest *test);
/** shs_pmml_fact_answer: (transfer full): what is known of a value that answered @test so; the test
 * is none for missing values. */
ShsPmmlFact *shs_pmml_fact_answer (const ShsPmmlFact *self, const ShsPmmlTest *test,
                                   gboolean answer);

G_END_DECLS
