/* What the files of the session share; nobody else includes this. */
#pragma once

#include "session/shs-open.h"
#include "session/shs-session.h"

G_BEGIN_DECLS

/**
 * ShsTaskKind: a sort of work that runs on another thread; the session waits for one at a time.
 * @explains: whether "explain-status" tells of it, not "status"
 * @run: any thread: does the work of @job; NULL with an error set when it failed
 * @finish: the session's thread: takes over @result; not called after a failure or a cancel
 * @free_job, @free_result: give back what was not taken over
 */
typedef struct
{
  gboolean explains;
  gpointer (*run) (gpointer job, ShsProgress *progress, GError **error);
  void (*finish) (ShsSession *self, gpointer job, gpointer result);
  GDestroyNotify free_job;
  GDestroyNotify free_result;
} ShsTaskKind;

struct _ShsSession
{
  GObject parent_instance;

  ShsOpened opened;
  ShsColumnMatch *match;
  GError *match_error;
  char *model_hash; /* of the open files; NULL until they were needed */
  char *data_hash;

  ShsView *view;
  GPtrArray *undone; /* ShsView, the last one is redone first */
  GPtrArray *done;   /* ShsView, the last one is undone first */

  char *status; /* what the properties say; made by shs_session_refresh() alone */
  char *explain_status;

  const ShsTaskKind *task; /* what runs, or NULL */
  ShsProgress *progress;
  gint64 task_start;
  gpointer task_job; /* of the task that runs, borrowed */
  gsize task_rows;
  guint ticker;
  guint n_exports;
  ShsProgress *exporting; /* of all files being written; NULL while there are none */
  guint trained_round;    /* score of the quick model that is open; no metric for others */
  char *trained_metric;
  double trained_score;
  char *failure;           /* why opening failed last, until something is opened */
  char *explain_rest;      /* explain-status while nothing is explained */
  char *explained_choices; /* those behind the explanation; NULL when it was opened */
};

/** ShsExplainJob: everything one explanation needs, so that a thread can run without the session.
 */
typedef struct
{
  ShsColumnMatch *match;
  ShsExplainOptions options;
  ShsProvenance files;
  char *background; /* see shs_background_choice_open() */
  ShsBackgroundKind background_kind;
  char *choices;
  ShsFile *model_file; /* to be hashed; NULL when that was done */
  char *model_folder;  /* the same of a model that is a folder */
  ShsFile *data_file;
} ShsExplainJob;

ShsExplainJob *shs_session_make_job (ShsSession *self, const ShsExplainOptions *options,
                                     GError **error);
void shs_explain_job_free (ShsExplainJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsExplainJob, shs_explain_job_free)
/** shs_explain_job_run: any thread; the summaries of all outputs are computed here too. */
ShsExplanation *shs_explain_job_run (ShsExplainJob *job, ShsProgress *progress, GError **error);
/** shs_session_keep_facts: the files need not be hashed again while they stay open, and the choices
 * are known that the explanation was made with. */
void shs_session_keep_facts (ShsSession *self, const ShsExplainJob *job);

/* Take over results, on the session's thread. */
void shs_session_take_opened (ShsSession *self, ShsOpened *opened);
void shs_session_take_explanation (ShsSession *self, ShsExplanation *explanation);

/**
 * shs_session_start: runs @job on another thread; what ran before is cancelled and forgotten.
 * @job: (transfer full)
 */
void shs_session_start (ShsSession *self, const ShsTaskKind *kind, gpointer job);
/** shs_session_refresh: makes the status properties say what is so now. */
void shs_session_refresh (ShsSession *self);
/** shs_session_rest_explain: sets explain-status for the time when nothing is explained. */
void shs_session_rest_explain (ShsSession *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/** shs_session_notify_status: sets a property's text; tells when it changed. */
void shs_session_notify_status (ShsSession *self, gboolean explain, char *text);

/** shs_session_update_match: matches model and data anew after either, target or trees changed. */
void shs_session_update_match (ShsSession *self);

/** shs_session_report: emits "problem". */
void shs_session_report (ShsSession *self, const GError *error);

/** shs_session_set_view: replaces the view without a step of undo. @view: (transfer full). */
void shs_session_set_view (ShsSession *self, ShsView *view);
/** shs_session_find_first_feature: the most important one of @output, or -1. */
gssize shs_session_find_first_feature (ShsSession *self, gsize output);
/** shs_session_forget_steps: clears undo and redo. */
void shs_session_forget_steps (ShsSession *self);

G_END_DECLS
