#include "model/shs-model.h"

#include <math.h>

gsize
shs_link_count_outputs (ShsLink link, gsize n_margins)
{
  return link == SHS_LINK_ARGMAX ? 1 : n_margins;
}

static double
logistic (double margin)
{
  return 1 / (1 + exp (-margin));
}

static double
identity (double margin)
{
  return margin;
}

static double
step (double margin)
{
  return isnan (margin) ? margin : margin > 0;
}

static double
softplus (double margin)
{
  return fmax (margin, 0) + log1p (exp (-fabs (margin)));
}

static double
signed_square (double margin)
{
  return margin * fabs (margin);
}

static double
isolation (double margin)
{
  return -exp2 (-margin);
}

static void
apply_elementwise (double (*function) (double), double scale, const ShsMatrix *margins,
                   ShsMatrix *predictions)
{
  for (gsize k = 0; k < margins->n_columns; k++)
    {
      const double *from = shs_matrix_column (margins, k);
      double *to = shs_matrix_column (predictions, k);

      for (gsize i = 0; i < margins->n_rows; i++)
        to[i] = function (scale * from[i]);
    }
}

static double
largest_margin (const ShsMatrix *margins, gsize row, gsize *output)
{
  double largest = shs_matrix_get (margins, row, 0);

  *output = 0;
  for (gsize k = 1; k < margins->n_columns; k++)
    if (shs_matrix_get (margins, row, k) > largest)
      {
        largest = shs_matrix_get (margins, row, k);
        *output = k;
      }
  return largest;
}

static void
apply_softmax (double scale, const ShsMatrix *margins, ShsMatrix *predictions)
{
  for (gsize i = 0; i < margins->n_rows; i++)
    {
      gsize output;
      double largest = largest_margin (margins, i, &output);
      double sum = 0;

      for (gsize k = 0; k < margins->n_columns; k++)
        {
          double share = exp (scale * (shs_matrix_get (margins, i, k) - largest));

          shs_matrix_set (predictions, i, k, share);
          sum += share;
        }
      for (gsize k = 0; k < margins->n_columns; k++)
        shs_matrix_set (predictions, i, k, shs_matrix_get (predictions, i, k) / sum);
    }
}

static void
apply_shares (const ShsMatrix *margins, ShsMatrix *predictions)
{
  for (gsize i = 0; i < margins->n_rows; i++)
    {
      double sum = 0;

      for (gsize k = 0; k < margins->n_columns; k++)
        sum += shs_matrix_get (margins, i, k);
      for (gsize k = 0; k < margins->n_columns; k++)
        shs_matrix_set (predictions, i, k, shs_matrix_get (margins, i, k) / (sum > 0 ? sum : 1));
    }
}

static void
apply_argmax (const ShsMatrix *margins, ShsMatrix *predictions)
{
  for (gsize i = 0; i < margins->n_rows; i++)
    {
      gsize output;

      largest_margin (margins, i, &output);
      shs_matrix_set (predictions, i, 0, (double)output);
    }
}

/* Insertion: there are a handful of quantiles, most often already in order. */
static void
apply_sorted (const ShsMatrix *margins, ShsMatrix *predictions)
{
  for (gsize i = 0; i < margins->n_rows; i++)
    for (gsize k = 0; k < margins->n_columns; k++)
      {
        double value = shs_matrix_get (margins, i, k);
        gsize place = k;

        for (; place > 0 && shs_matrix_get (predictions, i, place - 1) > value; place--)
          shs_matrix_set (predictions, i, place, shs_matrix_get (predictions, i, place - 1));
        shs_matrix_set (predictions, i, place, value);
      }
}

static void
apply_rising (const ShsMatrix *margins, ShsMatrix *predictions)
{
  for (gsize i = 0; i < margins->n_rows; i++)
    {
      double sum = shs_matrix_get (margins, i, 0);

      shs_matrix_set (predictions, i, 0, sum);
      for (gsize k = 1; k < margins->n_columns; k++)
        {
          double margin = shs_matrix_get (margins, i, k);

          sum += softplus (margin) + SHS_RISING_STEP;
          shs_matrix_set (predictions, i, k, sum);
        }
    }
}

void
shs_link_apply (ShsLink link, double scale, const ShsMatrix *margins, ShsMatrix *predictions)
{
  g_return_if_fail (predictions->n_rows == margins->n_rows);
  g_return_if_fail (predictions->n_columns == shs_link_count_outputs (link, margins->n_columns));

  switch (link)
    {
    case SHS_LINK_IDENTITY:
      apply_elementwise (identity, scale, margins, predictions);
      break;
    case SHS_LINK_LOGISTIC:
      apply_elementwise (logistic, scale, margins, predictions);
      break;
    case SHS_LINK_SOFTMAX:
      apply_softmax (scale, margins, predictions);
      break;
    case SHS_LINK_ARGMAX:
      apply_argmax (margins, predictions);
      break;
    case SHS_LINK_EXP:
      apply_elementwise (exp, scale, margins, predictions);
      break;
    case SHS_LINK_STEP:
      apply_elementwise (step, scale, margins, predictions);
      break;
    case SHS_LINK_SORTED:
      apply_sorted (margins, predictions);
      break;
    case SHS_LINK_RISING:
      apply_rising (margins, predictions);
      break;
    case SHS_LINK_SOFTPLUS:
      apply_elementwise (softplus, scale, margins, predictions);
      break;
    case SHS_LINK_SIGNED_SQUARE:
      apply_elementwise (signed_square, scale, margins, predictions);
      break;
    case SHS_LINK_SHARES:
      apply_shares (margins, predictions);
      break;
    case SHS_LINK_ISOLATION:
      apply_elementwise (isolation, scale, margins, predictions);
      break;
    }
}
