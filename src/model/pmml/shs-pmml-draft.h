/* A tree on its way from nodes with predicates to splits. Private to model/. */
#pragma once

#include "model/pmml/shs-pmml-predicate.h"

G_BEGIN_DECLS

/**
 * ShsPmmlPlaceKind: how far a row has come.
 * @SHS_PMML_ASKING: @child is to be decided: of @element, or where that is NULL of the gates and
 *   then the root; @open is the test that decides next
 * @SHS_PMML_INSIDE: it is in the node @element
 * @SHS_PMML_STOPPED: @element's own score is the prediction
 * @SHS_PMML_OUTSIDE: a gate held it back
 */
typedef enum
{
  SHS_PMML_ASKING,
  SHS_PMML_INSIDE,
  SHS_PMML_STOPPED,
  SHS_PMML_OUTSIDE,
} ShsPmmlPlaceKind;

/** ShsPmmlPlace: see #ShsPmmlPlaceKind. */
typedef struct
{
  ShsPmmlPlaceKind kind;
  const ShsPmmlElement *element;
  guint child;
  ShsPmmlPredicate *open;
} ShsPmmlPlace;

/** ShsPmmlStrategy: what becomes of rows where a missing value leaves a predicate open. */
typedef enum
{
  SHS_PMML_UNKNOWN_IS_FALSE,
  SHS_PMML_UNKNOWN_IS_NULL,
  SHS_PMML_UNKNOWN_STOPS,
  SHS_PMML_UNKNOWN_TAKES_DEFAULT,
  SHS_PMML_UNKNOWN_IS_REFUSED,
} ShsPmmlStrategy;

/**
 * ShsPmmlDraft:
 * @leaves: per node the element whose score it has, or NULL; @visits: how many leaves have the
 * score of an element, as a node inside and as one that rows stopped at
 * @predicates: by element; @chosen: the default child of @chooser; @problem: the first of the
 *   walking; @walked_to: the child at which the last walk through a node's children ended
 */
typedef struct
{
  ShsPmml *model;
  const ShsPmmlElement *tree;
  const ShsPmmlElement *root;
  gsize n_outputs;
  ShsPmmlStrategy strategy;
  gboolean returns_last;
  GArray *nodes;
  GArray *vectors;
  GPtrArray *leaves;
  GHashTable *visits;
  GHashTable *stops;
  GHashTable *predicates;
  const ShsPmmlElement *chooser;
  const ShsPmmlElement *chosen;
  ShsPmmlFacts *facts;
  guint walked_to;
  GError *problem;
} ShsPmmlDraft;

/** shs_pmml_draft_walk: from @place as far as what is known of the row decides; sets @problem of
 * @self at most. */
ShsPmmlPlace shs_pmml_draft_walk (ShsPmmlDraft *self, ShsPmmlPlace place);

/** shs_pmml_has_children: whether rows can go on below @element. */
gboolean shs_pmml_has_children (const ShsPmmlElement *element);

/** shs_pmml_draft_add_covers: from the file's record counts. */
void shs_pmml_draft_add_covers (ShsPmmlDraft *self);

static inline ShsTreeNode *
shs_pmml_draft_get_node (const ShsPmmlDraft *self, guint i)
{
  return &g_array_index (self->nodes, ShsTreeNode, i);
}

G_END_DECLS
