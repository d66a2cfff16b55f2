/* Asks the loader program to read what must not be parsed in this process. */
#pragma once

#include <glib.h>

#include "core/shs-progress.h"
#include "io/shs-file.h"

G_BEGIN_DECLS

/** SHS_LOADER_EXIT: the loader ends with this status plus an ShsError when it has said why. */
#define SHS_LOADER_EXIT 64

/**
 * shs_loader_run:
 * @task: what to do: "hdf5" (a data file or explanation to arrays), "hdf5-places" (the same, but
 *   large numbers stay in the file), "xgboost-binary" (old model to JSON)
 * @path: the foreign file; it is opened here and handed over as a descriptor
 *
 * Starts shapscope-loader (beside this program, or where SHAPSCOPE_LOADER points, or in the
 * installed libexec folder), which is walled in by landlock, seccomp and resource limits where the
 * system has them, and waits for its answer: sealed memory, which the caller must still parse as
 * hostile. Arrays come as an uncompressed .npz archive, so that one bounded reader serves.
 *
 * Any thread; blocks, with @progress in per cent. Cancelling stops the loader within 50 ms.
 *
 * Returns: (transfer full): the answer, mapped; NULL with the loader's own message, or with
 *   "... stopped (SIGSEGV)" when the foreign parser crashed or met a limit
 */
GBytes *shs_loader_run (const char *task, const char *path, ShsProgress *progress, GError **error);
/** shs_loader_run_on: the same on a file that is open. */
GBytes *shs_loader_run_on (const char *task, const ShsFile *file, ShsProgress *progress,
                           GError **error);

G_END_DECLS
