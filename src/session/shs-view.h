/* What a person can change, as one immutable value: undo is a list of these. */
#pragma once

#include <glib-object.h>

#include "plot/shs-plot.h"
#include "session/shs-cohort.h"

G_BEGIN_DECLS

/**
 * ShsBackgroundKind:
 * @SHS_BACKGROUND_NONE: "" or "none"
 * @SHS_BACKGROUND_ALL: "all": all rows of the data
 * @SHS_BACKGROUND_DRAWN: "100": so many rows of the data, drawn with the seed
 * @SHS_BACKGROUND_ROW: "row:#17": one row of the data, by number from 0; "row:17": by name, and by
 *   number where no row is called so
 * @SHS_BACKGROUND_FILE: all rows of another data file
 * @SHS_BACKGROUND_RULE: "age < 30": all rows of the data that answer (see ShsRowFilter)
 * @SHS_BACKGROUND_COHORT: the name of one of the view's cohorts: all its rows of the data
 */
typedef enum
{
  SHS_BACKGROUND_NONE,
  SHS_BACKGROUND_ALL,
  SHS_BACKGROUND_DRAWN,
  SHS_BACKGROUND_ROW,
  SHS_BACKGROUND_FILE,
  SHS_BACKGROUND_RULE,
  SHS_BACKGROUND_COHORT,
} ShsBackgroundKind;

/** ShsPlace: where a figure stands: on the Overview, or on the Interactions page. */
typedef enum
{
  SHS_PLACE_SUMMARY,    /* all rows: beeswarm, bar */
  SHS_PLACE_DEPENDENCE, /* the picked feature */
  SHS_PLACE_LOCAL,      /* the primary row: waterfall, force, bar */
  SHS_PLACE_MATRIX,     /* interactions of all pairs */
  SHS_PLACE_PAIR,       /* the picked feature with its partner */
  SHS_N_PLACES,
} ShsPlace;

/**
 * ShsView: treat as immutable once it was given to a session.
 * @explainer: "auto" or another of shs_explainer_get_name()
 * @background: a choice as shs_background_choice_open() takes it, or a cohort's name; "" for none
 * @background_kind: what it was when it was chosen
 * @space: "margin", ...
 * @interactions: "" for none, "all", or how many of the strongest pairs
 * @target: name of the target column, "" for none
 * @trees: "" for all rounds of a boosted model, a number of rounds, or "best"
 * @rows: "A:B" half-open, "" for all
 * @filter: which rows are listed (see ShsRowFilter), "" for all
 * @cohorts: (nullable) (element-type ShsCohort): named groups of rows, a list that is never changed
 * @page: "overview", "features", "rows", "interactions"
 * @focused: the place that actions without a place mean
 * @output: output shown
 * @row: primary row of the explanation, or -1
 * @feature: picked feature, or -1
 * @partner: the feature picked together with @feature as a pair, or -1
 * @feature_is_chosen: whether a person picked it; otherwise it is the most important one of the
 *   output (no difference to shs_view_equal())
 * @selected: (nullable): one byte a row, not 0 for selected rows; NULL for no selection
 * @figures: options of the figure in each place; their row, feature and output follow the fields
 *   above (see shs_view_get_figure())
 */
typedef struct
{
  gint references;
  char *explainer;
  char *background;
  ShsBackgroundKind background_kind;
  char *space;
  char *interactions;
  char *target;
  char *trees;
  char *rows;
  char *filter;
  GPtrArray *cohorts;
  char *page;
  ShsPlace focused;
  gsize output;
  gint64 row;
  gssize feature;
  gssize partner;
  gboolean feature_is_chosen;
  GBytes *selected;
  ShsPlotOptions *figures[SHS_N_PLACES];
} ShsView;

#define SHS_TYPE_VIEW (shs_view_get_type ())
GType shs_view_get_type (void);

/** shs_view_new: what a new window starts with. */
ShsView *shs_view_new (void);
/** shs_view_copy: (transfer full): a copy to change. */
ShsView *shs_view_copy (const ShsView *self);
ShsView *shs_view_ref (ShsView *self);
void shs_view_unref (ShsView *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsView, shs_view_unref)
gboolean shs_view_equal (const ShsView *a, const ShsView *b);

/** shs_view_set_cohorts: replaces them. @cohorts: (transfer full) (nullable). */
void shs_view_set_cohorts (ShsView *self, GPtrArray *cohorts);

/** shs_view_set_text: replaces a text field of a copy: shs_view_set_text (&view->target, "price").
 */
void shs_view_set_text (char **field, const char *text);

/**
 * shs_view_get_figure: (transfer full): the options of a place with row, feature and output filled
 * in from the view: what shs_plot_build() takes. The local place has the row, and in the others the
 * kinds that need one; the matrix of interactions frames the pair.
 */
ShsPlotOptions *shs_view_get_figure (const ShsView *self, ShsPlace place);

/** shs_view_name_feature: the word by which an option of a figure means a feature, whatever it is
 * called: a name that looks like a number must not be taken for one. */
void shs_view_name_feature (char **field, gsize feature);

/** shs_view_is_selected: whether a row is in the selection. */
gboolean shs_view_is_selected (const ShsView *self, gsize row);
/** shs_view_count_selected: rows in the selection. */
gsize shs_view_count_selected (const ShsView *self);
/** shs_view_select: makes @rows (ascending or not) of @n_rows the selection; none clears it. */
void shs_view_select (ShsView *self, const guint32 *rows, gsize n, gsize n_rows);
/**
 * shs_view_choose_rows: puts @n @rows into the selection, or takes them out of it.
 * @clears: all others leave it
 */
void shs_view_choose_rows (ShsView *self, const guint32 *rows, gsize n, gboolean is_selected,
                           gboolean clears, gsize n_rows);
/** shs_view_parse_rows: "3,7-12" to a selection; FALSE with %SHS_ERROR_CHOICE. "" clears it. */
gboolean shs_view_parse_rows (ShsView *self, const char *text, gsize n_rows, GError **error);
/** shs_view_describe_rows: (transfer full): the selection as shs_view_parse_rows() takes it. */
char *shs_view_describe_rows (const ShsView *self);

/** shs_range_parse: "A:B" half-open from 0, A and B may be left out; checks against @n_rows. */
gboolean shs_range_parse (const char *text, gsize n_rows, gsize *first, gsize *count,
                          GError **error);

G_END_DECLS
