#include "core/shs-unit.h"

static const char *const words[] = {
  [SHS_UNIT_OWN] = "",          [SHS_UNIT_LOG_ODDS] = "log-odds",
  [SHS_UNIT_LOG] = "log",       [SHS_UNIT_PROBABILITY] = "probability",
  [SHS_UNIT_LOSS] = "log-loss", [SHS_UNIT_SCORE] = "score",
};

ShsUnit
shs_unit_parse (const char *word)
{
  if (word == NULL)
    return SHS_UNIT_UNKNOWN;
  for (guint i = SHS_UNIT_LOG_ODDS; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i], word))
      return (ShsUnit)i;
  return g_str_equal (word, "squared error") ? SHS_UNIT_LOSS : SHS_UNIT_OWN;
}

const char *
shs_unit_get_word (ShsUnit unit)
{
  return words[unit];
}
