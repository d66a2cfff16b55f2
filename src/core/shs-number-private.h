/* What reading and printing numbers share. */
#pragma once

#include "core/shs-number.h"

G_BEGIN_DECLS

#define SHS_NUMBER_MIN_POWER -342
#define SHS_NUMBER_MAX_POWER 324

/* Above this the table's powers of five are no longer exact; below 0 they never are. */
#define SHS_NUMBER_MAX_EXACT_POWER 55
/* From here up to -1 they are rounded up, all other inexact ones down. */
#define SHS_NUMBER_MIN_ROUNDED_UP_POWER -27

extern const guint64 shs_number_powers[SHS_NUMBER_MAX_POWER - SHS_NUMBER_MIN_POWER + 1][2];

/** ShsNumberLayout: how a binary floating-point type is laid out. */
typedef struct
{
  int n_mantissa_bits; /* without the hidden one */
  int exponent_bias;
  int max_exponent; /* the biased one that stands for infinity */
} ShsNumberLayout;

static const ShsNumberLayout shs_number_double = { 52, 1023, 0x7ff };
static const ShsNumberLayout shs_number_float = { 23, 127, 0xff };

G_END_DECLS
