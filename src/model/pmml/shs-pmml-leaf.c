/* What a node predicts: a number, the shares of the classes, or a vote. */

#include "model/pmml/shs-pmml-document.h"

#include "core/shs-error.h"

#include <math.h>

static gssize
find_class (const ShsPmml *model, const char *value)
{
  for (guint i = 0; value != NULL && i < model->classes->len; i++)
    if (g_str_equal (g_ptr_array_index (model->classes, i), value))
      return (gssize)i;
  return -1;
}

static gboolean
read_shares (const ShsPmml *self, const ShsPmmlElement *node, double *shares, double *total,
             GError **error)
{
  const ShsPmmlElement *part;

  *total = 0;
  for (guint i = 0; (part = shs_pmml_child (node, i)) != NULL; i++)
    if (shs_pmml_is (part, "ScoreDistribution"))
      {
        const char *word
            = shs_pmml_get (part, "probability") != NULL ? "probability" : "recordCount";
        gssize k = find_class (self, shs_pmml_get (part, "value"));
        double share;

        if (!shs_pmml_get_number (self, part, word, NAN, &share, error))
          return FALSE;
        if (k < 0 || share < 0)
          return shs_pmml_fail (self, part, SHS_ERROR_INVALID, error,
                                "a share belongs to no class or is negative; export the model "
                                "again");
        shares[k] = share;
        *total += share;
      }
  return TRUE;
}

static gssize
find_largest (const double *shares, gsize n)
{
  gsize largest = 0;

  for (gsize k = 1; k < n; k++)
    if (shares[k] > shares[largest])
      largest = k;
  return (gssize)largest;
}

/* Shares of the classes, or all for the one that is the score. */
static gboolean
read_classes (const ShsPmml *self, const ShsPmmlElement *node, gsize n, double *shares,
              GError **error)
{
  gssize winner = find_class (self, shs_pmml_get (node, "score"));
  double total;

  if (!read_shares (self, node, shares, &total, error))
    return FALSE;
  if (total == 0 && winner < 0)
    return shs_pmml_fail (self, node, SHS_ERROR_INVALID, error,
                          "a leaf has neither shares nor a score that is a class; export the "
                          "model again");
  if (winner < 0)
    winner = find_largest (shares, n);
  for (gsize k = 0; k < n; k++)
    shares[k] = self->votes || total == 0 ? (gssize)k == winner : shares[k] / total;
  return TRUE;
}

gboolean
shs_pmml_read_leaf (const ShsPmml *self, const ShsPmmlElement *node, gsize n_outputs,
                    double *values, GError **error)
{
  if (shs_pmml_find (node, "Regression") != NULL || shs_pmml_find (node, "DecisionTree") != NULL)
    return shs_pmml_refuse (self, node, "a Node with a model of its own inside", error);
  if (n_outputs > 1)
    return read_classes (self, node, n_outputs, values, error);
  return shs_pmml_get_number (self, node, "score", NAN, values, error);
}
