/* Memory whose size comes from a file or from rows x columns: checked, aligned, able to fail. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * shs_alloc:
 * @count: number of elements
 * @size: bytes of one element
 *
 * Allocates @count x @size bytes, aligned to 64 bytes (a cache line, a vector register), with
 * undefined content. An empty array gives a valid pointer.
 *
 * Returns: (transfer full): the memory, for shs_free(); %NULL with %SHS_ERROR_MEMORY when the
 *   product overflows, exceeds shs_memory_budget(), or the machine refuses.
 */
gpointer shs_alloc (gsize count, gsize size, GError **error);

/** shs_alloc0: as shs_alloc(), filled with zero bytes. */
gpointer shs_alloc0 (gsize count, gsize size, GError **error);

/**
 * shs_realloc:
 * @memory: (transfer full) (nullable): memory of shs_alloc()
 * @old_count: elements to keep
 *
 * Returns: (transfer full): memory of @new_count elements whose first @old_count are the old ones;
 *   on failure %NULL, and @memory stays valid.
 */
gpointer shs_realloc (gpointer memory, gsize old_count, gsize new_count, gsize size,
                      GError **error);

/** shs_free: gives back what shs_alloc() gave; %NULL is allowed. */
void shs_free (gpointer memory);

/** shs_free_indirect: for SHS_AUTOFREE. */
void shs_free_indirect (void *pointer_to_memory);

/** SHS_AUTOFREE: frees a local pointer made by shs_alloc() at the end of its scope. */
#define SHS_AUTOFREE __attribute__ ((cleanup (shs_free_indirect)))

/**
 * shs_memory_budget:
 *
 * Bytes that one computation may plan with: 60 % of the least of available memory, the control
 * group's limit and the address-space limit; no more than shs_memory_set_limit() says, or else the
 * environment's SHAPSCOPE_MEMORY ("500M"). Read once a second at most.
 */
guint64 shs_memory_budget (void);

/** shs_memory_set_limit: holds the budget to @bytes from now on; 0 for no limit of its own. */
void shs_memory_set_limit (guint64 bytes);

/**
 * shs_memory_check:
 * @bytes: what a computation would need
 * @what: (nullable): what it is for, as the subject of the message ("the interaction values")
 *
 * Returns: whether @bytes fit into the budget; sets %SHS_ERROR_MEMORY otherwise.
 */
gboolean shs_memory_check (guint64 bytes, const char *what, GError **error);

/**
 * shs_memory_fit_block:
 * @most: bytes of working memory that are worth while
 *
 * Returns: @most; where the budget is small an eighth of it, but never less than 1 MiB (or @most)
 */
gsize shs_memory_fit_block (gsize most);

/** shs_size_multiply: the product of two sizes; FALSE when it overflows. */
gboolean shs_size_multiply (gsize a, gsize b, gsize *product);

/** shs_size_add: the sum of two sizes; FALSE when it overflows. */
gboolean shs_size_add (gsize a, gsize b, gsize *sum);

/**
 * shs_alloc_fail_at:
 * @nth: which call of shs_alloc() from now on is to fail, counted from 1; 0 for none
 *
 * For tests of failure paths: call with 1, 2, ... until the code under test succeeds.
 */
void shs_alloc_fail_at (guint64 nth);

G_END_DECLS
