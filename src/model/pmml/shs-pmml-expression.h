/* Expressions of derived fields: functions of columns. Private to model/. */
#pragma once

#include "model/shs-feature-map.h"

G_BEGIN_DECLS

/** ShsPmmlExpression: reference counted, immutable. Texts are numbers of a dictionary. */
typedef struct _ShsPmmlExpression ShsPmmlExpression;

ShsPmmlExpression *shs_pmml_expression_ref (ShsPmmlExpression *self);
void shs_pmml_expression_unref (ShsPmmlExpression *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsPmmlExpression, shs_pmml_expression_unref)

gboolean shs_pmml_expression_is_text (const ShsPmmlExpression *self);

/** shs_pmml_arguments_new: (transfer full): an empty list that owns its expressions. */
GPtrArray *shs_pmml_arguments_new (void);

/** shs_pmml_constant_new: (transfer full): a number, or the number of a text. */
ShsPmmlExpression *shs_pmml_constant_new (double value, gboolean is_text);

/** shs_pmml_column_new: (transfer full): a column as it stands. */
ShsPmmlExpression *shs_pmml_column_new (gsize column, gboolean is_text);

/** shs_pmml_look_up_new: (transfer full): what @table (transfer full) has for @argument (transfer
 * full). */
ShsPmmlExpression *shs_pmml_look_up_new (ShsPmmlExpression *argument, ShsMapTable *table,
                                         gboolean is_text);

/**
 * ShsPmmlPiece: of a function of one number that is given piece by piece.
 * @low, @high: where it counts; @low_open, @high_open: whether without the end itself
 * @value: at @anchor; @slope: from there on
 */
typedef struct
{
  double low;
  double high;
  gboolean low_open;
  gboolean high_open;
  double anchor;
  double slope;
  double value;
} ShsPmmlPiece;

/** shs_pmml_pieces_new: (transfer full): @pieces: (transfer full) (element-type ShsPmmlPiece): the
 * first that holds the argument counts; @otherwise: where none does; missing stays missing. */
ShsPmmlExpression *shs_pmml_pieces_new (ShsPmmlExpression *argument, GArray *pieces,
                                        double otherwise, gboolean is_text);

/**
 * shs_pmml_rows_new: (transfer full): looks rows of several arguments up.
 * @cells: (transfer full) (element-type double): rows of one cell an argument and a value behind
 */
ShsPmmlExpression *shs_pmml_rows_new (GPtrArray *arguments, GArray *cells, double otherwise,
                                      gboolean is_text);

/** ShsPmmlFunction: a function that the standard has built in. */
typedef struct _ShsPmmlFunction ShsPmmlFunction;
/** shs_pmml_function_find: (nullable): of that name, of so many arguments. */
const ShsPmmlFunction *shs_pmml_function_find (const char *name, guint n_arguments);
/** shs_pmml_function_compares: whether arguments may be texts. */
gboolean shs_pmml_function_compares (const ShsPmmlFunction *self);
/** shs_pmml_function_passes: whether the result is one of the arguments ("if"). */
gboolean shs_pmml_function_passes (const ShsPmmlFunction *self);
/** shs_pmml_function_call: NaN is missing, in and out. */
double shs_pmml_function_call (const ShsPmmlFunction *self, const double *arguments, guint n);

/** shs_pmml_call_new: (transfer full): @arguments: (transfer full). */
ShsPmmlExpression *shs_pmml_call_new (const ShsPmmlFunction *function, GPtrArray *arguments,
                                      gboolean is_text);

/** shs_pmml_guard_new: (transfer full): @value (transfer full), but @instead where any of @asked
 * (transfer full) is missing. */
ShsPmmlExpression *shs_pmml_guard_new (GPtrArray *asked, ShsPmmlExpression *value, double instead);

/** shs_pmml_step_new: (transfer full): @argument (transfer full), then a step. */
ShsPmmlExpression *shs_pmml_step_new (ShsPmmlExpression *argument, const ShsMapStep *step);

/** shs_pmml_expression_is_too_large: whether it takes too long, or nests too deep, to be used. */
gboolean shs_pmml_expression_is_too_large (const ShsPmmlExpression *self);

/** shs_pmml_expression_add: adds the feature that @self is to @map; FALSE where no column takes
 * part in it. */
gboolean shs_pmml_expression_add (ShsPmmlExpression *self, ShsFeatureMap *map);

G_END_DECLS
