/* The wall around the foreign parsers: limits, landlock, seccomp; each as far as the system goes.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShsSandboxLimits: for setrlimit().
 * @memory: bytes of address space beyond what the program has at its start; 0 for no limit
 * @answer: bytes of the largest file written
 * @seconds: of processor time
 */
typedef struct
{
  guint64 memory;
  guint64 answer;
  guint64 seconds;
} ShsSandboxLimits;

/**
 * shs_sandbox_prepare: first thing in the program: ends with the parent, leaves no core, closes
 * every descriptor from @first_unknown_fd on, sets the limits, and gives up gaining privileges.
 */
void shs_sandbox_prepare (const ShsSandboxLimits *limits, guint first_unknown_fd);

/**
 * shs_sandbox_enter: from here on the process can compute, use memory and the descriptors that it
 * has; it can open, start, connect, signal and ask nothing. Call when all libraries are
 * initialised.
 *
 * Returns: whether the filter of system calls is in place; landlock is added where the kernel has
 * it
 */
gboolean shs_sandbox_enter (void);

G_END_DECLS
