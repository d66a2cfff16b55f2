#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-random.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *temporary_folder;
static pid_t folder_owner;

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        remove_folder (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

static void
remove_temporary_folder (void)
{
  /* Check forks: only the parent may take the folder away. */
  if (getpid () == folder_owner)
    remove_folder (temporary_folder);
}

int
shs_test_main (const char *name, Suite *(*const *make_suites) (void))
{
  SRunner *runner = srunner_create (NULL);
  int n_failed;

  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C");
  g_setenv ("SHAPSCOPE_LOADER", SHS_BUILD_ROOT "/shapscope-loader", FALSE);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING | G_LOG_LEVEL_ERROR);
  temporary_folder = g_dir_make_tmp ("shapscope-test-XXXXXX", NULL);
  folder_owner = getpid ();
  atexit (remove_temporary_folder);

  for (gsize i = 0; make_suites[i] != NULL; i++)
    srunner_add_suite (runner, make_suites[i]());
  g_print ("%s\n", name);
  srunner_run_all (runner, CK_NORMAL);
  n_failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

char *
shs_test_source (const char *relative_path)
{
  return g_build_filename (SHS_SOURCE_ROOT, relative_path, NULL);
}

char *
shs_test_fixture (const char *relative_path)
{
  return g_build_filename (SHS_SOURCE_ROOT, "tests", "fixtures", relative_path, NULL);
}

char *
shs_test_temporary (const char *name)
{
  return g_build_filename (temporary_folder, name, NULL);
}

GBytes *
shs_test_bytes (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *content = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &content, &length, &error))
    ck_abort_msg ("%s", error->message);
  return g_bytes_new_take (content, length);
}

void
shs_test_assert_error (const GError *error, int code)
{
  ck_assert_ptr_nonnull (error);
  ck_assert_msg (error->domain == SHS_ERROR && error->code == code, "got error %s %d: %s",
                 g_quark_to_string (error->domain), error->code, error->message);
  ck_assert_msg (strchr (error->message, '\n') == NULL, "more than a line: %s", error->message);
}

/* A copy that ends where the bytes end, so that the sanitizer sees a read past them. */
static GBytes *
exact_copy (const guint8 *bytes, gsize length)
{
  return g_bytes_new_take (g_memdup2 (bytes, MAX (length, 1)), length);
}

void
shs_test_truncate (GBytes *bytes, ShsMutationFunc read, gpointer data)
{
  gsize length;
  const guint8 *content = g_bytes_get_data (bytes, &length);

  for (gsize i = 0; i < length; i++)
    {
      g_autoptr (GBytes) prefix = exact_copy (content, i);

      read (prefix, data);
    }
}

static void
mutate_once (GByteArray *bytes, ShsRandom *random)
{
  static const guint8 interesting[] = { 0, 1, 0x7f, 0x80, 0xff, '0', '9', '-', '{', '[', '"', 'L' };
  gsize at = shs_random_below (random, MAX (1, bytes->len));
  gsize left = bytes->len - MIN (bytes->len, at);
  guint8 byte = interesting[shs_random_below (random, G_N_ELEMENTS (interesting))];

  if (bytes->len == 0)
    return;
  switch (shs_random_below (random, 5))
    {
    case 0:
      bytes->data[at] = (guint8)shs_random_below (random, 256);
      break;
    case 1:
      bytes->data[at] = byte;
      break;
    case 2:
      bytes->data[at] ^= (guint8)(1u << shs_random_below (random, 8));
      break;
    case 3:
      g_byte_array_remove_range (bytes, (guint)at,
                                 (guint)(1 + shs_random_below (random, MIN (left, 16))));
      break;
    default:
      {
        guint length = (guint)(1 + shs_random_below (random, MIN (left, 16)));
        g_autofree guint8 *piece = g_memdup2 (bytes->data + at, length);

        g_byte_array_append (bytes, piece, length);
      }
    }
}

GBytes *
shs_test_mutant (GBytes *bytes, ShsRandom *random)
{
  gsize length;
  const guint8 *content = g_bytes_get_data (bytes, &length);
  g_autoptr (GByteArray) mutant = g_byte_array_sized_new ((guint)length);
  guint n_changes = 1 + (guint)shs_random_below (random, 4);

  g_byte_array_append (mutant, content, (guint)length);
  for (guint j = 0; j < n_changes; j++)
    mutate_once (mutant, random);
  return exact_copy (mutant->data, mutant->len);
}

void
shs_test_mutate (GBytes *bytes, gsize n, guint64 seed, ShsMutationFunc read, gpointer data)
{
  const char *more = g_getenv ("SHS_TEST_MUTANTS"); /* ./dev fuzz */

  if (more != NULL)
    n = (gsize)g_ascii_strtoull (more, NULL, 10);
  for (gsize i = 0; i < n; i++)
    {
      ShsRandom random = shs_random_init (seed, i);
      g_autoptr (GBytes) mutant = shs_test_mutant (bytes, &random);

      read (mutant, data);
    }
}
