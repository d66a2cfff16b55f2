#include "io/shs-instant.h"

#define SECONDS_PER_DAY 86400

/* Whole part and rest of a division, the rest never negative. */
static gint64
divide_down (gint64 value, gint64 by, gint64 *rest)
{
  gint64 whole = value / by - (value % by < 0);

  *rest = value - whole * by;
  return whole;
}

/* The day of the proleptic Gregorian calendar, @days after 1970-01-01; after H. Hinnant,
 * "chrono-compatible low-level date algorithms". */
static void
append_date (GString *text, gint64 days)
{
  gint64 day_of_era, era, year_of_era, day_of_year, month;

  era = divide_down (days + 719468, 146097, &day_of_era);
  year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  month = (5 * day_of_year + 2) / 153;
  g_string_append_printf (
      text, "%04" G_GINT64_FORMAT "-%02d-%02d", year_of_era + era * 400 + (month >= 10),
      (int)(month < 10 ? month + 3 : month - 9), (int)(day_of_year - (153 * month + 2) / 5 + 1));
}

/* "12:30:00", and behind it as many groups of three decimals as are not zero. */
static void
append_time (GString *text, gint64 seconds, gint64 fraction, gint64 unit)
{
  g_string_append_printf (text, "%02d:%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60),
                          (int)(seconds % 60));
  if (fraction == 0)
    return;
  g_string_append_c (text, '.');
  for (; fraction > 0; fraction %= unit)
    {
      unit /= 1000;
      g_string_append_printf (text, "%03d", (int)(fraction / unit));
    }
}

char *
shs_instant_format_date (gint64 days)
{
  GString *text;

  if (days < G_MININT32 || days > G_MAXINT32)
    return NULL;
  text = g_string_new (NULL);
  append_date (text, days);
  return g_string_free (text, FALSE);
}

char *
shs_instant_format_time (gint64 value, gint64 unit)
{
  gint64 fraction;
  gint64 seconds = divide_down (value, unit, &fraction);
  GString *text;

  if (seconds < 0 || seconds > SECONDS_PER_DAY)
    return NULL;
  text = g_string_new (NULL);
  append_time (text, seconds, fraction, unit);
  return g_string_free (text, FALSE);
}

char *
shs_instant_format (gint64 value, gint64 unit, gboolean only_date)
{
  GString *text = g_string_new (NULL);
  gint64 fraction;
  gint64 of_day;
  gint64 seconds = divide_down (value, unit, &fraction);

  append_date (text, divide_down (seconds, SECONDS_PER_DAY, &of_day));
  if (!only_date)
    {
      g_string_append_c (text, ' ');
      append_time (text, of_day, fraction, unit);
    }
  return g_string_free (text, FALSE);
}
