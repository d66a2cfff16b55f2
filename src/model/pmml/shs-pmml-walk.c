/* The way of a row through gates and nodes, as far as what is known of it decides. */

#include "model/pmml/shs-pmml-draft.h"

#include "core/shs-error.h"

static ShsPmmlPredicate *
get_predicate (ShsPmmlDraft *self, const ShsPmmlElement *element)
{
  ShsPmmlPredicate *predicate = g_hash_table_lookup (self->predicates, element);

  if (predicate != NULL || self->problem != NULL)
    return predicate;
  if (element == NULL)
    shs_pmml_fail (self->model, self->tree, SHS_ERROR_INVALID, &self->problem,
                   "a node has no predicate; export the model again");
  else
    predicate = shs_pmml_predicate_read (self->model, element, &self->problem);
  if (predicate != NULL)
    g_hash_table_insert (self->predicates, (gpointer)element, predicate);
  return predicate;
}

static ShsPmmlTruth
ask (ShsPmmlDraft *self, const ShsPmmlElement *element, ShsPmmlPlace *place)
{
  ShsPmmlPredicate *predicate = get_predicate (self, element);
  const ShsPmmlPredicate *open = NULL;
  ShsPmmlTruth truth
      = predicate != NULL ? shs_pmml_predicate_ask (predicate, self->facts, &open) : SHS_PMML_TRUE;

  self->model->n_asked++;
  place->open = (ShsPmmlPredicate *)open;
  return truth;
}

static ShsPmmlPlace
place_of (ShsPmmlPlaceKind kind, const ShsPmmlElement *element)
{
  return (ShsPmmlPlace){ .kind = kind, .element = element };
}

static const ShsPmmlElement *
find_default_child (ShsPmmlDraft *self, const ShsPmmlElement *element)
{
  const char *id = shs_pmml_get (element, "defaultChild");
  const ShsPmmlElement *child;

  if (self->chooser == element)
    return self->chosen;
  self->chooser = element;
  self->chosen = NULL;
  for (guint i = 0; id != NULL && (child = shs_pmml_child (element, i)) != NULL; i++)
    if (shs_pmml_is (child, "Node") && g_strcmp0 (shs_pmml_get (child, "id"), id) == 0)
      self->chosen = child;
  return self->chosen;
}

static gboolean
has_score (const ShsPmmlElement *element)
{
  return shs_pmml_get (element, "score") != NULL
         || shs_pmml_find (element, "ScoreDistribution") != NULL;
}

/* A missing value leaves a child's predicate open: TRUE where that decides. */
static gboolean
decide_unknown (ShsPmmlDraft *self, const ShsPmmlElement *element, ShsPmmlPlace *place)
{
  const ShsPmmlElement *child;

  if (self->strategy == SHS_PMML_UNKNOWN_IS_NULL)
    shs_pmml_note (self->model, "The file gives rows with a missing value no prediction; here a "
                                "question that a missing value leaves open is answered no");
  if (self->strategy == SHS_PMML_UNKNOWN_STOPS && has_score (element))
    *place = place_of (SHS_PMML_STOPPED, element);
  else if (self->strategy == SHS_PMML_UNKNOWN_TAKES_DEFAULT
           && (child = find_default_child (self, element)) != NULL)
    *place = place_of (SHS_PMML_INSIDE, child);
  else if (self->strategy == SHS_PMML_UNKNOWN_IS_REFUSED && self->problem == NULL)
    {
      g_autofree char *what
          = g_strdup_printf ("the missingValueStrategy %s, which takes several leaves at once for "
                             "a row with a missing value,",
                             shs_pmml_get (self->tree, "missingValueStrategy"));

      shs_pmml_refuse (self->model, element, what, &self->problem);
      *place = place_of (SHS_PMML_STOPPED, element);
    }
  else
    return FALSE;
  return TRUE;
}

static gboolean
is_possible (const ShsPmmlElement *child)
{
  return shs_pmml_is (child, "Node") && !shs_pmml_is (shs_pmml_predicate_find (child), "False");
}

static ShsPmmlPlace
take_last (ShsPmmlDraft *self, const ShsPmmlElement *element)
{
  guint i = element->children->len;

  if (self->returns_last && has_score (element))
    return place_of (SHS_PMML_STOPPED, element);
  shs_pmml_note (self->model, "Where the file leaves a row without a prediction, the row goes on "
                              "to the last child here");
  while (i-- > 0)
    if (is_possible (element->children->pdata[i]))
      return place_of (SHS_PMML_INSIDE, element->children->pdata[i]);
  return place_of (SHS_PMML_STOPPED, element);
}

static ShsPmmlPlace
walk_children (ShsPmmlDraft *self, ShsPmmlPlace place)
{
  const ShsPmmlElement *element = place.element;
  const ShsPmmlElement *child;

  for (; (child = shs_pmml_child (element, place.child)) != NULL && self->problem == NULL;
       place.child++)
    {
      ShsPmmlTruth truth = SHS_PMML_FALSE;

      self->walked_to = place.child;
      if (is_possible (child))
        truth = ask (self, shs_pmml_predicate_find (child), &place);
      if (truth == SHS_PMML_OPEN)
        return place;
      if (truth == SHS_PMML_TRUE)
        return place_of (SHS_PMML_INSIDE, child);
      if (truth == SHS_PMML_UNKNOWN && decide_unknown (self, element, &place))
        return place;
    }
  self->walked_to = place.child;
  return take_last (self, element);
}

/* A gate whose predicate a missing value leaves open is not true. */
static ShsPmmlPlace
walk_gates (ShsPmmlDraft *self, ShsPmmlPlace place)
{
  const GArray *gates = self->model->gates;

  for (; place.child < gates->len; place.child++)
    {
      const ShsPmmlGate *gate = &g_array_index (gates, ShsPmmlGate, place.child);
      ShsPmmlTruth truth = ask (self, gate->predicate, &place);

      if (truth == SHS_PMML_OPEN)
        return place;
      if ((truth == SHS_PMML_TRUE) != gate->is_true)
        return place_of (SHS_PMML_OUTSIDE, NULL);
    }
  switch (ask (self, shs_pmml_predicate_find (self->root), &place))
    {
    case SHS_PMML_OPEN:
      return place;
    case SHS_PMML_TRUE:
      break;
    default:
      shs_pmml_note (self->model,
                     "The file gives rows for which the root's predicate does not hold "
                     "no prediction; here they go on");
    }
  return place_of (SHS_PMML_INSIDE, self->root);
}

/* As far as what is known of the row decides. */
ShsPmmlPlace
shs_pmml_draft_walk (ShsPmmlDraft *self, ShsPmmlPlace place)
{
  place.open = NULL;
  if (place.kind != SHS_PMML_ASKING || self->problem != NULL)
    return place;
  return place.element == NULL ? walk_gates (self, place) : walk_children (self, place);
}

gboolean
shs_pmml_has_children (const ShsPmmlElement *element)
{
  const ShsPmmlElement *child;

  for (guint i = 0; (child = shs_pmml_child (element, i)) != NULL; i++)
    if (is_possible (child))
      return TRUE;
  return FALSE;
}
