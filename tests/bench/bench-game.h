/* Explanations against a background, in the two steps that are timed. */
#pragma once

#include "tree/shs-tree-background.h"

G_BEGIN_DECLS

/**
 * BenchGame:
 * @at_hand: rows in memory, that stand again and again for the @n_background rows
 * @background: (nullable): of the last bench_game_count()
 * @rows, @values: what is explained, and where the values go
 */
typedef struct
{
  ShsTreeEnsemble *ensemble;
  ShsTreeOptions options;
  ShsMatrix at_hand;
  gsize n_background;
  ShsTreeBackground *background;
  ShsMatrix rows;
  ShsMatrix *values;
} BenchGame;

/** bench_check: ends the program with the message of @error, if there is one. */
void bench_check (const GError *error);

/** bench_game_count: of a #BenchGame: makes its background. */
void bench_game_count (gpointer game);

/** bench_game_explain: of a #BenchGame. */
void bench_game_explain (gpointer game);

G_END_DECLS
