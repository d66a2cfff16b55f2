/* What a benchmark of the tree engine is asked for. */
#pragma once

#include "tree/shs-tree-explain.h"

G_BEGIN_DECLS

/**
 * BenchOptions:
 * @quick: a smoke run
 * @processor_time: see bench_seconds()
 * @depth: this depth alone; 0 for all
 * @threads: tables for 1 to so many
 * @kernel: of path-dependent values
 */
typedef struct
{
  gboolean quick;
  gboolean processor_time;
  gint depth;
  gint threads;
  ShsPrecision precision;
  ShsInstructions instructions;
  ShsTreeKernel kernel;
} BenchOptions;

/** bench_options_parse: the words of the command line; ends the program where they are wrong. */
BenchOptions bench_options_parse (int argc, char **argv, const char *what);

/** bench_options_print_setting: "1 thread, avx512, single". */
void bench_options_print_setting (const BenchOptions *self, gint n_threads);

G_END_DECLS
