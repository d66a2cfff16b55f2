/* Random streams derived from (seed, stream): the same numbers in any order and on any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** ShsRandom: the state of one stream; copy it to fork. */
typedef struct
{
  guint64 state[4];
} ShsRandom;

/**
 * shs_random_init:
 * @seed: the person's seed
 * @stream: which stream of this seed, e.g. the row
 *
 * xoshiro256** (Blackman, Vigna 2018), its state filled by splitmix64 from both numbers.
 */
ShsRandom shs_random_init (guint64 seed, guint64 stream);

guint64 shs_random_next (ShsRandom *self);
/** shs_random_uniform: a double in [0, 1) with 53 random bits. */
double shs_random_uniform (ShsRandom *self);
/** shs_random_below: an unbiased integer in 0 .. n - 1; @n > 0. */
guint64 shs_random_below (ShsRandom *self, guint64 n);
/** shs_random_normal: a standard normal number. */
double shs_random_normal (ShsRandom *self);
/** shs_random_shuffle: permutes @n indices in place. */
void shs_random_shuffle (ShsRandom *self, guint32 *indices, gsize n);

G_END_DECLS
