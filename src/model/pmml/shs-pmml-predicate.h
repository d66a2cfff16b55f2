/* What nodes and segments ask. Private to model/. */
#pragma once

#include "model/pmml/shs-pmml-document.h"
#include "model/pmml/shs-pmml-facts.h"

G_BEGIN_DECLS

/** ShsPmmlPredicateKind: of #ShsPmmlPredicate; @SHS_PMML_ASKS: one test. */
typedef enum
{
  SHS_PMML_ALWAYS,
  SHS_PMML_NEVER,
  SHS_PMML_ASKS,
  SHS_PMML_AND,
  SHS_PMML_OR,
  SHS_PMML_XOR,
  SHS_PMML_SURROGATE,
} ShsPmmlPredicateKind;

/**
 * ShsPmmlPredicate:
 * @is_turned: whether the test's answer is turned round
 * @set: of the test's values, as shs_tree_builder_add_set() will number it; -1 for none yet
 * @start: what is known of the test's feature before anything was asked
 * @parts: (element-type ShsPmmlPredicate): of AND, OR, XOR and surrogates
 */
typedef struct
{
  ShsPmmlPredicateKind kind;
  ShsPmmlTest test;
  gboolean is_turned;
  gint32 set;
  ShsPmmlFact *start;
  GPtrArray *parts;
} ShsPmmlPredicate;

void shs_pmml_predicate_free (ShsPmmlPredicate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsPmmlPredicate, shs_pmml_predicate_free)

/** shs_pmml_predicate_find: (nullable): the predicate among the children of a node or segment. */
const ShsPmmlElement *shs_pmml_predicate_find (const ShsPmmlElement *element);

/**
 * shs_pmml_predicate_read: (transfer full): @element: a predicate.
 *
 * Returns: NULL with %SHS_ERROR_INVALID or %SHS_ERROR_UNSUPPORTED, which name the line
 */
ShsPmmlPredicate *shs_pmml_predicate_read (ShsPmml *self, const ShsPmmlElement *element,
                                           GError **error);

/**
 * shs_pmml_predicate_ask:
 * @open: (out): the first test that is not decided, where the answer is %SHS_PMML_OPEN
 *
 * Three-valued logic as the standard's tables have it.
 */
ShsPmmlTruth shs_pmml_predicate_ask (const ShsPmmlPredicate *self, const ShsPmmlFacts *facts,
                                     const ShsPmmlPredicate **open);

/** shs_pmml_predicate_fact: what is known of the feature that @self, one test, asks. */
const ShsPmmlFact *shs_pmml_predicate_fact (const ShsPmmlPredicate *self,
                                            const ShsPmmlFacts *facts);

G_END_DECLS
