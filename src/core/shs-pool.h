/* The one place where work is spread over threads. */
#pragma once

#include "core/shs-progress.h"

G_BEGIN_DECLS

/**
 * ShsBlockFunc:
 * @block: which block, in 0 .. n_blocks - 1
 * @worker: which worker calls, in 0 .. n_threads - 1: an index into per-worker scratch memory
 * @data: what was given to shs_pool_run()
 *
 * Computes one block and writes to places that belong to this block alone, so that the result does
 * not depend on the number of threads.
 *
 * Returns: FALSE with @error set to end the whole run.
 */
typedef gboolean (*ShsBlockFunc) (gsize block, guint worker, gpointer data, GError **error);

/**
 * shs_pool_run:
 * @n_threads: most threads to use, the calling one included (1,024 at most); 0 for
 *   shs_pool_get_n_threads()
 * @n_blocks: number of blocks; each is computed exactly once
 * @progress: (nullable): checked before each block; the function itself adds what is done
 *
 * Runs @function over all blocks. The calling thread works too, so one block never waits for
 * another thread; where the system gives no thread, it does all the work. Blocks are taken in
 * ascending order.
 *
 * Returns: FALSE with the first error (of the lowest failing block) or %SHS_ERROR_CANCELLED.
 */
gboolean shs_pool_run (guint n_threads, gsize n_blocks, ShsBlockFunc function, gpointer data,
                       ShsProgress *progress, GError **error);

/** shs_pool_get_n_threads: processors this program may run on (its affinity), at least 1. */
guint shs_pool_get_n_threads (void);

/** shs_pool_count_workers: workers that shs_pool_run() would use for these arguments. */
guint shs_pool_count_workers (guint n_threads, gsize n_blocks);

/**
 * shs_pool_step_back:
 *
 * Lets threads that a person waits for go first: the calling thread, and the pool's threads from
 * their next run on, get a lower priority for good. Not for the main thread of a window.
 */
void shs_pool_step_back (void);

G_END_DECLS
