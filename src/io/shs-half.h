/* Numbers of 16 bits. */
#pragma once

#include <glib.h>
#include <math.h>

G_BEGIN_DECLS

/** shs_half_to_double: the bits of an IEEE 754 binary16 number. */
static inline double
shs_half_to_double (guint16 bits)
{
  int exponent = bits >> 10 & 0x1f;
  double fraction = bits & 0x3ff;
  double magnitude = exponent == 0    ? ldexp (fraction, -24)
                     : exponent == 31 ? (fraction == 0 ? INFINITY : NAN)
                                      : ldexp (fraction + 1024, exponent - 25);

  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

G_END_DECLS
