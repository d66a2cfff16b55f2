/* Hostile files for the readers: replays a corpus, or makes mutants of it and keeps those that
 * reach new places. The file that is read at the time stands in the folder of --keep, so that it is
 * there after a crash. */
#include "fuzz-coverage.h"
#include "fuzz-readers.h"

#include "shs-test.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SECONDS_PER_FILE 20
#define LARGEST_KEPT 4096
#define LARGEST_SEED (1u << 16)

/* @seeds: GBytes; @endings: of their names, since some formats are told by it */
typedef struct
{
  const FuzzReader *reader;
  GPtrArray *seeds;
  GPtrArray *endings;
  const char *folder;
  guint n_kept;
} Fuzzer;

static void
add_seed (Fuzzer *self, const char *path)
{
  g_autofree char *content = NULL;
  const char *dot = strrchr (path, '.');
  gsize length;

  if (!g_file_get_contents (path, &content, &length, NULL) || length > LARGEST_SEED)
    return;
  g_ptr_array_add (self->seeds, g_bytes_new (content, length));
  g_ptr_array_add (self->endings, g_strdup (dot != NULL && strchr (dot, '/') == NULL ? dot : ""));
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

/* A file, or all files below a folder, in the order of their names. */
static void
add_seeds (Fuzzer *self, const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (folder == NULL)
    {
      add_seed (self, path);
      return;
    }
  while ((name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    add_seeds (self, names->pdata[i]);
}

/* Whether the file reached places that none before it did. */
static gboolean
run (Fuzzer *self, GBytes *bytes, const char *ending)
{
  g_autofree char *name = g_strconcat ("present", ending, NULL);
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  guint64 before = fuzz_coverage_count ();
  gsize length;
  const char *content = g_bytes_get_data (bytes, &length);
  FILE *file = fopen (path, "wb");

  g_assert_nonnull (file);
  g_assert_true (length == 0 || fwrite (content, 1, length, file) == length);
  fclose (file);
  alarm (SECONDS_PER_FILE); /* one that hangs ends the program */
  self->reader->read (path);
  alarm (0);
  unlink (path);
  return fuzz_coverage_count () > before;
}

static void
keep (Fuzzer *self, GBytes *bytes, const char *ending)
{
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, bytes);
  g_autofree char *name = g_strdup_printf ("%.12s%s", hash, ending);
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  gsize length;
  const char *content = g_bytes_get_data (bytes, &length);

  g_file_set_contents (path, content, (gssize)length, NULL);
  g_ptr_array_add (self->seeds, g_bytes_ref (bytes));
  g_ptr_array_add (self->endings, g_strdup (ending));
  self->n_kept++;
}

static void
make_mutants (Fuzzer *self, guint64 n, guint64 seed)
{
  for (guint64 i = 0; i < n; i++)
    {
      ShsRandom random = shs_random_init (seed, i);
      guint which = (guint)shs_random_below (&random, self->seeds->len);
      const char *ending = self->endings->pdata[which];
      g_autoptr (GBytes) mutant = shs_test_mutant (self->seeds->pdata[which], &random);

      if (run (self, mutant, ending) && g_bytes_get_size (mutant) <= LARGEST_KEPT)
        keep (self, mutant, ending);
    }
}

int
main (int argc, char **argv)
{
  gint64 n_mutants = 0, seed = 1;
  g_autofree char *chosen = NULL;
  g_autofree char *temporary = NULL;
  g_auto (GStrv) seeds = NULL;
  const GOptionEntry entries[]
      = { { "mutants", 'n', 0, G_OPTION_ARG_INT64, &n_mutants, "How many mutants (default: replay)",
            "N" },
          { "seed", 's', 0, G_OPTION_ARG_INT64, &seed, "The same seed gives the same mutants",
            "N" },
          { "keep", 'k', 0, G_OPTION_ARG_FILENAME, &chosen, "Where files go that reach new places",
            "FOLDER" },
          { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &seeds, NULL, "READER SEED..." },
          G_OPTION_ENTRY_NULL };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  Fuzzer self = { .seeds = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref),
                  .endings = g_ptr_array_new_with_free_func (g_free) };
  guint n_seeds;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, NULL) || seeds == NULL
      || (self.reader = fuzz_reader_find (seeds[0])) == NULL)
    {
      fputs ("fuzz [-n N] [-s SEED] [-k FOLDER] data|model|explanation SEED...\n", stderr);
      return 2;
    }
  temporary = chosen == NULL ? g_dir_make_tmp ("shapscope-fuzz-XXXXXX", NULL) : g_strdup (chosen);
  self.folder = temporary;
  for (char **path = seeds + 1; *path != NULL; path++)
    add_seeds (&self, *path);
  n_seeds = self.seeds->len;
  for (guint i = 0; i < n_seeds; i++)
    run (&self, self.seeds->pdata[i], self.endings->pdata[i]);
  if (n_seeds > 0)
    make_mutants (&self, (guint64)n_mutants, (guint64)seed);
  printf ("%s: %u files, %" G_GINT64_FORMAT " mutants, %u kept, %" G_GUINT64_FORMAT " places\n",
          self.reader->name, n_seeds, n_mutants, self.n_kept, fuzz_coverage_count ());
  if (chosen == NULL)
    rmdir (temporary);
  g_ptr_array_unref (self.seeds);
  g_ptr_array_unref (self.endings);
  return n_seeds > 0 ? 0 : 1;
}
