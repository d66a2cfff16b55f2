/* The hub of a running program: model, data, match, task, explanation, view, undo. */
#pragma once

#include <gio/gio.h>

#include "core/shs-progress.h"
#include "explain/shs-explain.h"
#include "model/quick/shs-quick-model.h"
#include "render/shs-render.h"
#include "session/shs-view.h"

G_BEGIN_DECLS

/**
 * ShsSession: lives on one thread (the main thread of the window, the only one of the command
 * line). Work runs on other threads; its results arrive here.
 *
 * Properties, all read-only, each with "notify":
 * - "status": "empty", "loading 0.40" (also while a quick model is trained), "ready", "exporting"
 * or "failed: reason"
 * - "explain-status": "idle", "running 0.43", "done", "cancelled" or "failed: reason"
 *   (both untranslated, at most ten changes a second)
 * - "view": #ShsView (boxed)
 * Signals:
 * - "opened": model, data set or match changed
 * - "explained": the explanation changed (it may now be NULL)
 * - "problem" (GError): something failed that a person must hear about
 */
#define SHS_TYPE_SESSION (shs_session_get_type ())
G_DECLARE_FINAL_TYPE (ShsSession, shs_session, SHS, SESSION, GObject)

ShsSession *shs_session_new (void);

/* What is open. All may be NULL; borrowed until the next "opened" or "explained". */
ShsModel *shs_session_get_model (ShsSession *self);
ShsDataset *shs_session_get_dataset (ShsSession *self);
ShsColumnMatch *shs_session_get_match (ShsSession *self);
ShsExplanation *shs_session_get_explanation (ShsSession *self);
/** shs_session_get_explained_data: (nullable): the data that the explanation was computed from,
 * while they are open. */
ShsDataset *shs_session_get_explained_data (ShsSession *self);
const char *shs_session_get_model_path (ShsSession *self);
const char *shs_session_get_data_path (ShsSession *self);
const char *shs_session_get_explanation_path (ShsSession *self);
/** shs_session_get_offered_background: (nullable): the second of two data files that were opened
 * together: it waits to be chosen as background. */
const char *shs_session_get_offered_background (ShsSession *self);
/** shs_session_get_match_error: why model and data do not fit, or NULL. */
const GError *shs_session_get_match_error (ShsSession *self);

/**
 * shs_session_open:
 * @paths: NULL-ended: models, data files, explanations, in any order
 *
 * Opens files now, on this thread, and matches model and data (command line, tests). What a file is
 * is found by its content. The target is guessed when none is chosen: the one column that is no
 * feature. The explanation is dropped unless one of the files is one.
 *
 * Returns: FALSE when a file cannot be opened (what was open stays open), or when model and data do
 *   not match (both are open then, see shs_session_get_match_error())
 */
gboolean shs_session_open (ShsSession *self, const char *const *paths, ShsProgress *progress,
                           GError **error);
/** shs_session_open_async: the same on another thread; "status" and signals tell the rest. */
void shs_session_open_async (ShsSession *self, const char *const *paths);

/**
 * shs_session_explain:
 * @options: precision, seed and threads count; what else there is to choose comes from the view
 *
 * Explains now, on this thread (and the pool's).
 */
gboolean shs_session_explain (ShsSession *self, const ShsExplainOptions *options,
                              ShsProgress *progress, GError **error);
/** shs_session_explain_async: the same on another thread; cancel with shs_session_cancel(). */
void shs_session_explain_async (ShsSession *self);
/**
 * shs_session_is_outdated: whether explaining now would answer another question than the
 * explanation does: rows, target, trees, explainer or space were chosen differently since.
 */
gboolean shs_session_is_outdated (ShsSession *self);
/** shs_session_cancel: stops what runs (explaining, loading, training, writing of files); heard
 * within 100 ms. */
void shs_session_cancel (ShsSession *self);
/** shs_session_can_cancel: whether anything runs that can be stopped. */
gboolean shs_session_can_cancel (ShsSession *self);
/** shs_session_is_explaining: whether an explanation is being computed. */
gboolean shs_session_is_explaining (ShsSession *self);
/** shs_session_get_progress: (transfer none) (nullable): of the task that runs. */
ShsProgress *shs_session_get_progress (ShsSession *self);
/** shs_session_get_rate: rows per second of the run; 0 while unknown. */
double shs_session_get_rate (ShsSession *self);
/** shs_session_get_seconds_left: of the run; NaN while unknown. */
double shs_session_get_seconds_left (ShsSession *self);

/** shs_session_save_explanation: now, by extension; %SHS_ERROR_CHOICE when there is none. */
gboolean shs_session_save_explanation (ShsSession *self, const char *path, ShsProgress *progress,
                                       GError **error);
/**
 * shs_session_export_figure: writes the figure of the focused place, in its own theme.
 * @width, @height: points; 0 for the natural size
 */
gboolean shs_session_export_figure (ShsSession *self, ShsPlace place, const char *path,
                                    double width, double height, double dpi, GError **error);

/**
 * shs_session_save_async: saves the explanation on another thread; "status" is "exporting".
 * @callback: told when it is done; it calls shs_session_export_finish()
 */
void shs_session_save_async (ShsSession *self, const char *path, GAsyncReadyCallback callback,
                             gpointer data);
/**
 * shs_session_export_async: writes any figure of the explanation on another thread.
 * @options: complete, as from shs_view_get_figure(); copied
 * @width, @height: points, as for shs_figure_export()
 * @figure: copied with its texts
 */
void shs_session_export_async (ShsSession *self, const ShsPlotOptions *options, double width,
                               double height, const ShsFigureOptions *figure, const char *path,
                               GAsyncReadyCallback callback, gpointer data);
/** shs_session_export_finish: how shs_session_save_async() or shs_session_export_async() ended. */
gboolean shs_session_export_finish (ShsSession *self, GAsyncResult *result, GError **error);

/** shs_session_train_async: a quick model on the open data; it replaces the model when done. */
void shs_session_train_async (ShsSession *self, const ShsQuickModelOptions *options,
                              const char *path);
/**
 * shs_session_get_training_score: of the rows held out, after the last round; also after the
 * training, while the quick model is open.
 * @metric: (out) (transfer full): "rmse", "logloss", ...
 *
 * Returns: FALSE while no quick model is trained or no round is done
 */
gboolean shs_session_get_training_score (ShsSession *self, guint *round, char **metric,
                                         double *score);

/* The view, and undo. */
ShsView *shs_session_get_view (ShsSession *self);
/**
 * shs_session_change:
 * @view: (transfer full): a changed copy
 *
 * Makes it the view, and the former one a step of undo. Values out of range (a row that does not
 * exist) are brought into range. A view equal to the present one changes nothing.
 */
void shs_session_change (ShsSession *self, ShsView *view);
gboolean shs_session_can_undo (ShsSession *self);
gboolean shs_session_can_redo (ShsSession *self);
void shs_session_undo (ShsSession *self);
void shs_session_redo (ShsSession *self);

/**
 * shs_session_list_tables: (nullable): the tables or sheets of the data file, where there are
 * several and it was opened by shs_session_open_async(), which takes the first.
 */
const char *const *shs_session_list_tables (ShsSession *self);
/** shs_session_get_table: (nullable): the one that is open. */
const char *shs_session_get_table (ShsSession *self);
/** shs_session_set_table: opens another one, on another thread; no step of undo. */
gboolean shs_session_set_table (ShsSession *self, const char *name, GError **error);

/* Changes of one thing, for actions; each is one step of undo. FALSE with SHS_ERROR_CHOICE. */
gboolean shs_session_set_row (ShsSession *self, gint64 row, GError **error);
gboolean shs_session_set_feature (ShsSession *self, const char *name, GError **error);
gboolean shs_session_set_output (ShsSession *self, const char *name, GError **error);
gboolean shs_session_set_target (ShsSession *self, const char *name, GError **error);
/** shs_session_set_trees: "" for all rounds of the file, a number of rounds, or "best". */
gboolean shs_session_set_trees (ShsSession *self, const char *text, GError **error);
gboolean shs_session_set_rows (ShsSession *self, const char *range, GError **error);
/** shs_session_list_explainers: (transfer full): the names that can be set: "auto, tree, ...". */
char *shs_session_list_explainers (void);
gboolean shs_session_set_explainer (ShsSession *self, const char *name, GError **error);
/** shs_session_set_background: a failure to explain is past then. */
gboolean shs_session_set_background (ShsSession *self, const char *text, GError **error);
/** shs_session_lacks_background: whether nothing more than rows to compare with is missing to
 * explain what is open. */
gboolean shs_session_lacks_background (ShsSession *self);
gboolean shs_session_set_space (ShsSession *self, const char *name, GError **error);
/** shs_session_choose_space: as shs_session_set_space(), and in the same step of undo all rows of
 * the data become the background where there is none: probabilities and losses need one. */
gboolean shs_session_choose_space (ShsSession *self, const char *name, GError **error);
/** shs_session_set_interactions: "none" or "" for none, "all", or a number of strongest pairs. */
gboolean shs_session_set_interactions (ShsSession *self, const char *text, GError **error);
/** shs_session_ask_interactions: the same; those that the explanation does not have are computed at
 * once on another thread: nothing else would follow from asking. */
gboolean shs_session_ask_interactions (ShsSession *self, const char *text, GError **error);
/**
 * shs_session_set_comparison: makes a row of the explanation the background: explained again, every
 * row tells what sets it apart from that one.
 * @row: of the explanation; -1 for the primary row
 */
gboolean shs_session_set_comparison (ShsSession *self, gint64 row, GError **error);
/** shs_session_set_pair: picks @feature together with a @partner, which may be itself. */
gboolean shs_session_set_pair (ShsSession *self, gsize feature, gsize partner, GError **error);
/** shs_session_set_pair_by_name: "carat, cut": two features, by name or as #3. */
gboolean shs_session_set_pair_by_name (ShsSession *self, const char *text, GError **error);
/** shs_session_describe_pair: (transfer full): the picked pair as the function above takes it; ""
 * without one. */
char *shs_session_describe_pair (ShsSession *self);
gboolean shs_session_set_page (ShsSession *self, const char *name, GError **error);
gboolean shs_session_set_plot (ShsSession *self, const char *kind, GError **error);
/**
 * shs_session_check_rule: whether @rule chooses rows of what is explained, or, before that, of the
 * data. Cost: no row is read.
 */
gboolean shs_session_check_rule (ShsSession *self, const char *rule, GError **error);
/** shs_session_set_cohort: "Women: sex = female" defines a group of rows, or gives it another rule.
 */
gboolean shs_session_set_cohort (ShsSession *self, const char *text, GError **error);
/** shs_session_remove_cohort: by name; with it goes a background that it was. */
gboolean shs_session_remove_cohort (ShsSession *self, const char *name, GError **error);
/** shs_session_set_filter: the rule, or the cohort's name, of the rows that are listed; blank for
 * all. */
gboolean shs_session_set_filter (ShsSession *self, const char *text, GError **error);
/** shs_session_type_filter: the same of a text that is being typed: it may not be understood yet,
 * and is no step of undo. */
void shs_session_type_filter (ShsSession *self, const char *text);
gboolean shs_session_select_rows (ShsSession *self, const char *text, GError **error);
/** shs_session_set_figure_option: "name=value" of the figure in the focused place. */
gboolean shs_session_set_figure_option (ShsSession *self, const char *text, GError **error);
/** shs_session_focus: makes @place the one that actions mean; no step of undo. */
void shs_session_focus (ShsSession *self, ShsPlace place);

/** ShsExample: a bundled example. */
typedef struct
{
  char *name;
  char *title;
  char *summary;
  char *model_path;
  char *data_path;
  char *target;
} ShsExample;

/** shs_examples_list: (transfer full): (element-type ShsExample): what is installed; may be empty.
 */
GPtrArray *shs_examples_list (void);
/** shs_examples_find: by name; %SHS_ERROR_CHOICE names those that exist. */
const ShsExample *shs_examples_find (GPtrArray *examples, const char *name, GError **error);
/** shs_session_open_example_async: FALSE with %SHS_ERROR_CHOICE naming those that exist. */
gboolean shs_session_open_example_async (ShsSession *self, const char *name, GError **error);

G_END_DECLS
