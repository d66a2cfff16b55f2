#include "io/csv/shs-csv-private.h"

#include "core/shs-memory.h"
#include "core/shs-pool.h"

#include <string.h>

/*
 * Whether a byte stands inside quotes depends on all bytes before it. Each chunk is therefore
 * scanned under both assumptions about its first byte, in parallel, and the right one of the two is
 * picked afterwards in order.
 */
typedef struct
{
  const char *first_line;
  gsize n_rows;
  gboolean ends_inside;
} Scan;

typedef struct
{
  const ShsCsvText *text;
  const char *data;
  ShsCsvChunk *chunks;
  Scan (*scans)[2]; /* [chunk][first byte is inside quotes] */
  const ShsCsvPlan *plan;
} Job;

static inline const char *
find (const char *from, const char *end, char c)
{
  const char *found = memchr (from, c, (gsize)(end - from));

  return found != NULL ? found : end;
}

/* A quote opens a cell when only blanks stand between it and a delimiter or the line's beginning.
 */
static gboolean
quote_opens_cell (const ShsCsvText *text, const char *quote)
{
  const char *p = quote;

  while (p > text->begin && (p[-1] == ' ' || p[-1] == '\t') && p[-1] != text->delimiter)
    p--;
  return p == text->begin || p[-1] == text->delimiter || p[-1] == text->line_end;
}

static const char *
skip_quoted (const char *p, const char *end, gboolean *inside)
{
  while (p < end && (p = find (p, end, '"')) < end)
    {
      if (p + 1 == end || p[1] != '"')
        {
          *inside = FALSE;
          return p + 1;
        }
      p += 2;
    }
  return end;
}

static inline void
begin_line (const ShsCsvText *text, const char *at, Scan *scan)
{
  if (*at <= ' ' && shs_csv_is_blank_line (text, at))
    return;
  if (scan->n_rows++ == 0)
    scan->first_line = at;
}

static Scan
scan_chunk (const Job *job, const ShsCsvChunk *chunk, gboolean inside)
{
  const ShsCsvText *text = job->text;
  const char *end = chunk->end;
  const char *p = chunk->begin;
  const char *newline = p < end ? find (p, end, text->line_end) : end;
  const char *quote = p < end ? find (p, end, '"') : end;
  Scan scan = { end, 0, inside };

  if (!inside && p < end && (p == job->data || p[-1] == text->line_end))
    begin_line (text, p, &scan);
  while (p < end)
    {
      if (inside)
        {
          p = skip_quoted (p, end, &inside);
          continue;
        }
      if (newline < p)
        newline = find (p, end, text->line_end);
      if (quote < p)
        quote = find (p, end, '"');
      if (quote < newline)
        {
          inside = quote_opens_cell (text, quote);
          p = quote + 1;
        }
      else
        {
          p = MIN (newline, end - 1) + 1;
          if (p < end)
            begin_line (text, p, &scan);
        }
    }
  scan.ends_inside = inside;
  return scan;
}

static gboolean
scan_block (gsize block, guint worker, gpointer data, GError **error)
{
  Job *job = data;
  const ShsCsvChunk *chunk = &job->chunks[block];

  for (int inside = 0; inside <= (block > 0); inside++)
    job->scans[block][inside] = scan_chunk (job, chunk, inside);
  shs_progress_add (job->plan->progress, (guint64)(chunk->end - chunk->begin));
  return TRUE;
}

/* Two quotes beside each other must not be parted. */
static void
cut_chunks (const Job *job, gsize n_chunks)
{
  const gsize chunk_bytes = job->plan->chunk_bytes;
  const char *begin = job->data;

  for (gsize i = 0; i < n_chunks; i++)
    {
      const char *nominal = job->data + i * chunk_bytes;
      gboolean is_last = (gsize)(job->text->end - nominal) <= chunk_bytes;
      const char *end = is_last ? job->text->end : nominal + chunk_bytes;

      end = MAX (end, begin);
      while (end > begin && end < job->text->end && end[-1] == '"')
        end++;
      job->chunks[i] = (ShsCsvChunk){ .begin = begin, .end = end };
      begin = end;
    }
}

ShsCsvChunk *
shs_csv_chunks_new (const ShsCsvText *text, const char *data, const ShsCsvPlan *plan,
                    gsize *n_chunks, gsize *n_rows, GError **error)
{
  gsize n = (gsize)(text->end - data) / plan->chunk_bytes + 1;
  SHS_AUTOFREE ShsCsvChunk *chunks = shs_alloc0 (n, sizeof *chunks, error);
  SHS_AUTOFREE void *scans = chunks != NULL ? shs_alloc (n, sizeof (Scan[2]), error) : NULL;
  Job job = { text, data, chunks, scans, plan };
  gboolean inside = FALSE;

  if (scans == NULL)
    return NULL;
  cut_chunks (&job, n);
  if (!shs_pool_run (plan->n_threads, n, scan_block, &job, plan->progress, error))
    return NULL;
  *n_rows = 0;
  for (gsize i = 0; i < n; i++)
    {
      const Scan *scan = &job.scans[i][inside];

      chunks[i].first_line = scan->first_line;
      chunks[i].first_row = *n_rows;
      chunks[i].n_rows = scan->n_rows;
      *n_rows += scan->n_rows;
      inside = scan->ends_inside;
    }
  *n_chunks = n;
  return g_steal_pointer (&chunks);
}
