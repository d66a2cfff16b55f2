#include "core/shs-random.h"

#include <math.h>

static guint64
splitmix (guint64 *state)
{
  guint64 z = (*state += 0x9e3779b97f4a7c15u);

  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static inline guint64
rotate_left (guint64 x, int bits)
{
  return (x << bits) | (x >> (64 - bits));
}

ShsRandom
shs_random_init (guint64 seed, guint64 stream)
{
  ShsRandom self;
  guint64 mixed_seed = seed;
  guint64 state = splitmix (&mixed_seed) ^ (stream * 0xd1342543de82ef95u + 1);

  for (int i = 0; i < 4; i++)
    self.state[i] = splitmix (&state);
  return self;
}

guint64
shs_random_next (ShsRandom *self)
{
  guint64 *s = self->state;
  guint64 result = rotate_left (s[1] * 5, 7) * 9;
  guint64 shifted = s[1] << 17;

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = rotate_left (s[3], 45);
  return result;
}

double
shs_random_uniform (ShsRandom *self)
{
  return (double)(shs_random_next (self) >> 11) * 0x1p-53;
}

guint64
shs_random_below (ShsRandom *self, guint64 n)
{
  guint64 limit;
  guint64 number;

  g_return_val_if_fail (n > 0, 0);
  limit = G_MAXUINT64 - (G_MAXUINT64 % n + 1) % n;
  do
    number = shs_random_next (self);
  while (number > limit);
  return number % n;
}

double
shs_random_normal (ShsRandom *self)
{
  double radius = sqrt (-2 * log1p (-shs_random_uniform (self)));

  return radius * cos (2 * G_PI * shs_random_uniform (self));
}

void
shs_random_shuffle (ShsRandom *self, guint32 *indices, gsize n)
{
  for (gsize i = n; i > 1; i--)
    {
      gsize j = shs_random_below (self, i);
      guint32 other = indices[j];

      indices[j] = indices[i - 1];
      indices[i - 1] = other;
    }
}
