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

/* Exactly @n digits; -1 if there are others. */
static int
take_digits (const char **at, int n)
{
  int number = 0;

  for (int i = 0; i < n; i++, (*at)++)
    {
      if (!g_ascii_isdigit (**at))
        return -1;
      number = 10 * number + (**at - '0');
    }
  return number;
}

static gboolean
take_sign (const char **at, char sign)
{
  if (**at != sign)
    return FALSE;
  (*at)++;
  return TRUE;
}

/* Days after 1970-01-01; the same source as append_date(). */
static gint64
count_days (int year, int month, int day)
{
  gint64 from_march = month <= 2 ? year - 1 : year;
  gint64 year_of_era;
  gint64 era = divide_down (from_march, 400, &year_of_era);
  gint64 day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year
         - 719468;
}

static gboolean
take_date (const char **at, gint64 *days)
{
  int year = take_digits (at, 4);
  int month = year >= 0 && take_sign (at, '-') ? take_digits (at, 2) : -1;
  int day = month >= 1 && take_sign (at, '-') ? take_digits (at, 2) : -1;

  if (month > 12 || day < 1 || year < 1 || !g_date_valid_dmy (day, month, year))
    return FALSE;
  *days = count_days (year, month, day);
  return TRUE;
}

/* "12:30", "12:30:05" or "12:30:05.25"; decimals beyond the ninth do not count. */
static gboolean
take_time (const char **at, ShsInstant *time)
{
  int hours = take_digits (at, 2);
  int minutes = hours >= 0 && take_sign (at, ':') ? take_digits (at, 2) : -1;
  int seconds = minutes >= 0 && take_sign (at, ':') ? take_digits (at, 2) : 0;
  gint32 unit = 100000000;

  if (hours > 24 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 60)
    return FALSE;
  time->seconds = hours * 3600 + minutes * 60 + seconds;
  if (!take_sign (at, '.'))
    return TRUE;
  if (!g_ascii_isdigit (**at))
    return FALSE;
  for (; g_ascii_isdigit (**at); (*at)++, unit /= 10)
    time->nanoseconds += unit * (**at - '0');
  return TRUE;
}

/* Nothing, "z", "+01:00", "+0100" or "+01". */
static gboolean
take_zone (const char **at, gint64 *offset)
{
  char sign = **at;
  int hours;
  int minutes = 0;

  *offset = 0;
  if (take_sign (at, 'z') || take_sign (at, 'Z') || (sign != '+' && sign != '-'))
    return TRUE;
  (*at)++;
  hours = take_digits (at, 2);
  if (take_sign (at, ':') || g_ascii_isdigit (**at))
    minutes = take_digits (at, 2);
  *offset = (hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
  return hours >= 0 && minutes >= 0;
}

gboolean
shs_instant_parse (const char *text, ShsInstant *instant)
{
  ShsInstant found = { 0 };
  gint64 offset = 0;
  gint64 days;

  if (!take_date (&text, &days))
    return FALSE;
  if (*text != '\0'
      && !((take_sign (&text, 't') || take_sign (&text, 'T') || take_sign (&text, ' '))
           && take_time (&text, &found) && take_zone (&text, &offset)))
    return FALSE;
  found.seconds += days * SECONDS_PER_DAY - offset;
  *instant = found;
  return *text == '\0';
}

int
shs_instant_compare (const ShsInstant *a, const ShsInstant *b)
{
  if (a->seconds != b->seconds)
    return a->seconds < b->seconds ? -1 : 1;
  return (a->nanoseconds > b->nanoseconds) - (a->nanoseconds < b->nanoseconds);
}
