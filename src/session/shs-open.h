/* Opens the files a person names, finds out what each is, and how they fit together. */
#pragma once

#include "core/shs-progress.h"
#include "model/match/shs-column-match.h"
#include "result/shs-explanation.h"

G_BEGIN_DECLS

/**
 * ShsOpened: what is open together.
 * @model, @dataset, @explanation: NULL for what is not there
 * @model_file, @data_file: those that were read, to be hashed when they are explained
 * @parts: (nullable): tables or sheets of the data file, where there are several; @part: the one
 *   that is open
 * @names_part: whether a person named the part
 * @takes_first_part: to be set before opening where a person can choose another part afterwards:
 *   of several tables the first is opened, which is an error otherwise
 * @offered_path: (nullable): a second data file: it may become the background
 * @target: (nullable): name of the target column
 * @target_is_guessed: whether nobody chose it: then it may turn out not to fit
 */
typedef struct
{
  ShsModel *model;
  char *model_path;
  ShsFile *model_file;
  ShsDataset *dataset;
  char *data_path;
  ShsFile *data_file;
  char **parts;
  char *part;
  gboolean names_part;
  gboolean takes_first_part;
  ShsExplanation *explanation;
  char *explanation_path;
  char *offered_path;
  char *target;
  gboolean target_is_guessed;
} ShsOpened;

void shs_opened_clear (ShsOpened *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsOpened, shs_opened_clear)

/**
 * shs_open_files:
 * @paths: NULL-ended
 * @opened: (out caller-allocates): zeroed by the caller, but for takes_first_part
 *
 * Content decides what a file is. Two files of the same sort are an error, but for a second data
 * file, which is kept aside unopened.
 */
gboolean shs_open_files (const char *const *paths, guint n_threads, ShsProgress *progress,
                         ShsOpened *opened, GError **error);

/**
 * shs_open_complete:
 * @opened: what was opened now
 * @before: what was open before; its model or data stay when no new one takes their place
 * @target: (nullable): a target that a person chose
 *
 * Fills the gaps of @opened from @before (with references of its own), chooses the target, and
 * summarises an explanation, so that the main thread need not. Any thread.
 */
void shs_open_complete (ShsOpened *opened, const ShsOpened *before, const char *target);

/** shs_opened_copy_references: (transfer full): the same things once more. */
ShsOpened shs_opened_copy_references (const ShsOpened *self);

/** shs_open_summarise: fills the explanation's cache of summaries, for all outputs. */
void shs_open_summarise (ShsExplanation *explanation);

/**
 * shs_open_guess_target:
 *
 * Returns: (transfer full) (nullable): the name of the one column that feeds no feature and whose
 *   values the model could have been trained on; NULL when there is none or more than one
 */
char *shs_open_guess_target (ShsModel *model, ShsDataset *dataset);

G_END_DECLS
