/* Opens the files a person names and finds out what each is. */
#pragma once

#include "core/shs-progress.h"
#include "model/shs-column-match.h"
#include "result/shs-explanation.h"

G_BEGIN_DECLS

/** ShsOpened: what a list of files turned out to be; parts that were not among them are NULL. */
typedef struct
{
  ShsModel *model;
  char *model_path;
  ShsDataset *dataset;
  char *data_path;
  ShsExplanation *explanation;
  char *explanation_path;
} ShsOpened;

void shs_opened_clear (ShsOpened *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsOpened, shs_opened_clear)

/**
 * shs_open_files:
 * @paths: NULL-ended
 * @opened: (out caller-allocates): zeroed by the caller
 *
 * Content decides what a file is. Two files of the same sort are an error.
 */
gboolean shs_open_files (const char *const *paths, guint n_threads, ShsProgress *progress,
                         ShsOpened *opened, GError **error);

/**
 * shs_open_guess_target:
 *
 * Returns: (transfer full) (nullable): the name of the one column that feeds no feature and whose
 *   values the model could have been trained on; NULL when there is none or more than one
 */
char *shs_open_guess_target (ShsModel *model, ShsDataset *dataset);

G_END_DECLS
