/* Dates and times as texts that sort as they follow each other. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** shs_instant_format_date: (transfer full): "2024-02-29" for days after 1970-01-01 in the
 * Gregorian calendar; NULL beyond 32 bits. */
char *shs_instant_format_date (gint64 days);

/** shs_instant_format_time: (transfer full): "12:30:05.25" as "12:30:05.250" for @value units of
 * 1/@unit second after midnight; NULL where that is no time of a day. */
char *shs_instant_format_time (gint64 value, gint64 unit);

/**
 * shs_instant_format:
 * @value: units of 1/@unit second after 1970-01-01 00:00:00
 * @unit: 1, 1000, 1000000 or 1000000000
 *
 * Returns: (transfer full): "2024-02-29 12:30:05", or only the date
 */
char *shs_instant_format (gint64 value, gint64 unit, gboolean only_date);

/** ShsInstant: since 1970-01-01 00:00:00; @nanoseconds: 0 .. 999999999 */
typedef struct
{
  gint64 seconds;
  gint32 nanoseconds;
} ShsInstant;

/**
 * shs_instant_parse:
 * @instant: (out): of a time zone's offset, the instant in UTC
 *
 * Whether @text is a date, or a date and a time, as ISO 8601 writes them: "2024-02-29",
 * "2024-02-29T12:30", "2024-02-29 12:30:05.25+01:00", "2024-02-29t12:30:05z".
 */
gboolean shs_instant_parse (const char *text, ShsInstant *instant);

/** shs_instant_compare: below 0, 0 or above 0, as @a is before, at or after @b. */
int shs_instant_compare (const ShsInstant *a, const ShsInstant *b);

G_END_DECLS
