/*
 * How fast a CSV becomes columns: a numeric table and a mixed one, on one and on two threads,
 * beside a plain C library loop (fread, strtod per cell) over the same file in the same run.
 *
 *   bench-csv [--quick]
 */
#include "core/shs-random.h"
#include "io/shs-bytes.h"
#include "io/csv/shs-csv.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define N_COLUMNS 30
#define N_REPEATS 3
#define MEGA 1e6

typedef struct
{
  const char *title;
  gboolean is_mixed; /* every third column holds texts, one of them all different */
} Kind;

static void
append_cell (GString *out, const Kind *kind, gsize row, int column, ShsRandom *random)
{
  static const char *const cities[] = { "Graz", "Oslo", "New York", "Lyon", "Kyoto", "Lima" };

  if (!kind->is_mixed || column % 3 != 0)
    g_string_append_printf (out, "%.6g", shs_random_normal (random) * (1 + column * column));
  else if (column == 0)
    g_string_append_printf (out, "id-%zu", row);
  else
    g_string_append (out, cities[shs_random_below (random, G_N_ELEMENTS (cities))]);
}

static void
write_table (const char *path, const Kind *kind, gsize n_bytes)
{
  FILE *file = fopen (path, "wb");
  g_autoptr (GString) out = g_string_new (NULL);
  ShsRandom random = shs_random_init (7, kind->is_mixed);
  gsize written = 0;

  if (file == NULL)
    g_error ("%s cannot be written", path);
  for (int j = 0; j < N_COLUMNS; j++)
    g_string_append_printf (out, "x%d%c", j, j + 1 < N_COLUMNS ? ',' : '\n');
  for (gsize row = 0; written + out->len < n_bytes; row++)
    {
      for (int j = 0; j < N_COLUMNS; j++)
        {
          append_cell (out, kind, row, j, &random);
          g_string_append_c (out, j + 1 < N_COLUMNS ? ',' : '\n');
        }
      if (out->len > MEGA)
        {
          fwrite (out->str, 1, out->len, file);
          written += out->len;
          g_string_truncate (out, 0);
        }
    }
  fwrite (out->str, 1, out->len, file);
  fclose (file);
}

static double
time_reader (const char *path, guint n_threads)
{
  double best = G_MAXDOUBLE;

  for (int i = 0; i < N_REPEATS; i++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsDataset) table = shs_csv_open (path, NULL, n_threads, NULL, &error);

      if (table == NULL)
        g_error ("%s", error->message);
      best = MIN (best, (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC);
    }
  return best;
}

/* The obvious loop: the file into memory, each cell by strtod, texts passed over. */
static double
time_c_library (const char *path, gsize n_bytes)
{
  gint64 start = g_get_monotonic_time ();
  FILE *file = fopen (path, "rb");
  g_autofree char *text = g_malloc (n_bytes + 1);
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  gsize length = fread (text, 1, n_bytes, file);

  fclose (file);
  text[length] = '\0';
  for (char *p = text + strcspn (text, "\n") + 1; *p != '\0'; p += *p != '\0')
    {
      double value = strtod (p, &p);

      g_array_append_val (values, value);
      p += strcspn (p, ",\n");
    }
  return (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
}

static void
run (const char *folder, const Kind *kind, gsize n_bytes)
{
  g_autofree char *path = g_build_filename (folder, "table.csv", NULL);
  GStatBuf info;
  double one, two, plain, megabytes;

  write_table (path, kind, n_bytes);
  g_stat (path, &info);
  megabytes = (double)info.st_size / MEGA;
  plain = time_c_library (path, (gsize)info.st_size);
  one = time_reader (path, 1);
  two = time_reader (path, 2);
  g_print ("%-8s %6.0f MB   1 thread %6.0f MB/s   2 threads %6.0f MB/s   strtod %5.0f MB/s   "
           "ratio %.1f\n",
           kind->title, megabytes, megabytes / one, megabytes / two, megabytes / plain,
           plain / one);
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  const Kind kinds[] = { { "numeric", FALSE }, { "mixed", TRUE } };
  gsize n_bytes = argc > 1 && g_str_equal (argv[1], "--quick") ? 10000000 : 200000000;
  g_autofree char *folder = g_dir_make_tmp ("shapscope-bench-XXXXXX", NULL);

  if (folder == NULL)
    g_error ("no temporary folder");
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    run (folder, &kinds[i], n_bytes);
  g_rmdir (folder);
  return EXIT_SUCCESS;
}
