#include "model/treelite/shs-treelite-document.h"

#include "core/shs-memory.h"
#include "core/shs-shown.h"

#include <math.h>

#define MAX_FEATURES 1000000
#define MAX_OUTPUTS 100000

enum
{
  TYPE_FLOAT = 2,
  TYPE_DOUBLE = 3,
};

enum
{
  TASK_BINARY,
  TASK_REGRESSION,
  TASK_MULTICLASS,
  TASK_RANKING,
  TASK_ISOLATION,
};

#define AGAIN "; save the model again with model.serialize()"

static gboolean
read_version (ShsTreelite *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (self->version); i++)
    self->version[i] = shs_treelite_read_int (self);
  if (self->error == NULL && self->version[0] != 4)
    shs_treelite_fail (self, SHS_ERROR_UNSUPPORTED,
                       "a checkpoint of treelite %d.%d; those of treelite 4 can be opened: load it "
                       "with the treelite that wrote it and save it with a newer one",
                       self->version[0], self->version[1]);
  return self->error == NULL;
}

static gboolean
read_types (ShsTreelite *self)
{
  guint8 threshold = shs_treelite_read_byte (self);
  guint8 leaf = shs_treelite_read_byte (self);

  if (self->error == NULL
      && (threshold != leaf || (threshold != TYPE_FLOAT && threshold != TYPE_DOUBLE)))
    shs_treelite_fail (self, SHS_ERROR_INVALID,
                       "thresholds of type %d with leaves of type %d do not exist" AGAIN, threshold,
                       leaf);
  self->number_size = threshold == TYPE_FLOAT ? 4 : 8;
  return self->error == NULL;
}

static void
read_counts (ShsTreelite *self)
{
  guint64 n_trees = shs_treelite_read_long (self);
  gint32 n_features;
  gint32 n_targets;

  n_features = shs_treelite_read_int (self);
  self->task = shs_treelite_read_byte (self);
  self->is_average = shs_treelite_read_byte (self) != 0;
  n_targets = shs_treelite_read_int (self);
  if (self->error == NULL
      && (n_features <= 0 || n_features > MAX_FEATURES || n_targets <= 0 || n_targets > MAX_OUTPUTS
          || n_trees > (guint64)(self->end - self->at)))
    shs_treelite_fail (self, SHS_ERROR_INVALID,
                       "the counts of trees, features or targets are impossible" AGAIN);
  self->n_trees = (gsize)n_trees;
  self->n_features = (gsize)n_features;
  self->n_targets = (gsize)n_targets;
}

static void
count_outputs (ShsTreelite *self, GError **problem)
{
  if (self->n_classes.n != self->n_targets)
    {
      shs_treelite_fail (self, SHS_ERROR_INVALID,
                         "num_class has %" G_GSIZE_FORMAT " entries for %" G_GSIZE_FORMAT
                         " targets" AGAIN,
                         self->n_classes.n, self->n_targets);
      return;
    }
  self->first_output = shs_alloc0 (self->n_targets + 1, sizeof (gsize), problem);
  for (gsize i = 0; self->first_output != NULL && i < self->n_targets; i++)
    {
      gint32 n = shs_treelite_get_int (&self->n_classes, i);

      if (n < 1 || n > MAX_OUTPUTS || self->first_output[i] > MAX_OUTPUTS)
        {
          shs_treelite_fail (self, SHS_ERROR_INVALID, "a target of %d classes is impossible" AGAIN,
                             n);
          return;
        }
      self->most_classes = MAX (self->most_classes, (gsize)n);
      self->first_output[i + 1] = self->first_output[i] + (gsize)n;
    }
  if (self->first_output != NULL)
    self->n_outputs = self->first_output[self->n_targets];
}

static void
check_shapes (ShsTreelite *self, const ShsTreeliteArray *shape)
{
  gsize n_base = self->n_targets * self->most_classes;

  if (shape->n != 2 || self->target_of.n != self->n_trees || self->class_of.n != self->n_trees
      || self->base_scores.n != n_base)
    {
      shs_treelite_fail (self, SHS_ERROR_INVALID,
                         "the arrays of the header have wrong lengths" AGAIN);
      return;
    }
  for (gsize i = 0; i < 2; i++)
    self->vector_shape[i] = shs_treelite_get_int (shape, i);
  if ((self->vector_shape[0] != 1 && (gsize)self->vector_shape[0] != self->n_targets)
      || (self->vector_shape[1] != 1 && (gsize)self->vector_shape[1] != self->most_classes))
    shs_treelite_fail (self, SHS_ERROR_INVALID, "leaves of %d x %d numbers fit no output" AGAIN,
                       self->vector_shape[0], self->vector_shape[1]);
  self->has_vectors = self->vector_shape[0] > 1 || self->vector_shape[1] > 1;
}

gboolean
shs_treelite_read_header (ShsTreelite *self, GError **error)
{
  GError *problem = NULL;
  ShsTreeliteArray shape;
  g_autofree char *attributes = NULL;

  if (!read_version (self) || !read_types (self))
    return shs_treelite_check (self, error);
  read_counts (self);
  self->n_classes = shs_treelite_read_array (self, 4);
  if (self->error == NULL)
    count_outputs (self, &problem);
  if (problem != NULL)
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  shape = shs_treelite_read_array (self, 4);
  self->target_of = shs_treelite_read_array (self, 4);
  self->class_of = shs_treelite_read_array (self, 4);
  self->postprocessor = shs_treelite_read_text (self);
  self->sigmoid_alpha = shs_treelite_read_float (self);
  shs_treelite_read_float (self);
  self->base_scores = shs_treelite_read_array (self, 8);
  attributes = shs_treelite_read_text (self);
  shs_treelite_skip_extensions (self);
  if (self->error == NULL)
    check_shapes (self, &shape);
  return shs_treelite_check (self, error);
}

static const struct
{
  const char *name;
  ShsLink link;
  const char *unit;
} postprocessors[] = {
  { "identity", SHS_LINK_IDENTITY, "" },
  { "identity_multiclass", SHS_LINK_IDENTITY, "" },
  { "signed_square", SHS_LINK_SIGNED_SQUARE, "" },
  { "hinge", SHS_LINK_STEP, "" },
  { "sigmoid", SHS_LINK_LOGISTIC, "log-odds" },
  { "multiclass_ova", SHS_LINK_LOGISTIC, "log-odds" },
  { "exponential", SHS_LINK_EXP, "log" },
  { "logarithm_one_plus_exp", SHS_LINK_SOFTPLUS, "" },
  { "softmax", SHS_LINK_SOFTMAX, "score" },
};

static ShsTask
choose_task (const ShsTreelite *self)
{
  switch (self->task)
    {
    case TASK_BINARY:
      return self->n_outputs == 1 ? SHS_TASK_BINARY : SHS_TASK_MULTICLASS;
    case TASK_MULTICLASS:
      return SHS_TASK_MULTICLASS;
    case TASK_RANKING:
      return SHS_TASK_RANKING;
    case TASK_REGRESSION:
      return SHS_TASK_REGRESSION;
    default:
      return SHS_TASK_OTHER;
    }
}

void
shs_treelite_apply_postprocessor (const ShsTreelite *self, ShsModelParts *parts)
{
  g_autofree char *shown = shs_name_shown (self->postprocessor);
  g_autoptr (GStrvBuilder) notes = g_strv_builder_new ();
  g_autofree char *note = NULL;
  gboolean is_known = FALSE;

  parts->task = choose_task (self);
  parts->link = SHS_LINK_IDENTITY;
  parts->margin_unit = "";
  for (gsize i = 0; i < G_N_ELEMENTS (postprocessors); i++)
    if (g_str_equal (self->postprocessor, postprocessors[i].name))
      {
        is_known = TRUE;
        parts->link = postprocessors[i].link;
        parts->margin_unit = postprocessors[i].unit;
      }
  if (parts->link == SHS_LINK_LOGISTIC && isfinite (self->sigmoid_alpha)
      && self->sigmoid_alpha != 0)
    parts->link_scale = self->sigmoid_alpha;
  note = g_strdup_printf ("The file passes the sum of the trees through %s; the sum itself is "
                          "explained and predicted",
                          shown);
  parts->is_unfinished = !is_known;
  if (!is_known)
    g_strv_builder_add (notes, note);
  parts->notes = g_strv_builder_end (notes);
}
