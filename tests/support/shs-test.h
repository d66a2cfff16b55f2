/* What every test program shares: running suites, failing on warnings, comparing numbers. */
#pragma once

#include <check.h>
#include <glib.h>

#include "core/shs-random.h"

G_BEGIN_DECLS

/**
 * shs_test_main:
 * @name: name of the program, shown in the closing line
 * @make_suites: NULL-ended functions, each of which makes one suite
 *
 * Runs the suites one after the other; a GLib warning or critical that a test did not announce with
 * g_test_expect_message() ends it. SHS_TEST_CASE limits the run to one case, as Check's
 * CK_RUN_CASE does. Prints Check's closing line.
 *
 * Returns: the exit status of the program
 */
int shs_test_main (const char *name, Suite *(*const *make_suites) (void));

/** shs_test_fixture: (transfer full): path of a file under tests/fixtures. */
char *shs_test_fixture (const char *relative_path);

/** shs_test_source: (transfer full): path of a file in the source tree. */
char *shs_test_source (const char *relative_path);

/** shs_test_bytes: (transfer full): content of a file; ends the test when it is not there. */
GBytes *shs_test_bytes (const char *path);

/** shs_test_temporary: (transfer full): a path in a fresh folder, removed when the program ends. */
char *shs_test_temporary (const char *name);

/** shs_test_assert_no_error: ends the test with the message of @error when there is one. */
#define shs_test_assert_no_error(error)                                                            \
  ck_assert_msg ((error) == NULL, "unexpected error: %s", (error) != NULL ? (error)->message : "")

/** shs_test_assert_error: @error is of SHS_ERROR with @code, and its message is one line. */
void shs_test_assert_error (const GError *error, int code);

/**
 * ShsMutationFunc: reads hostile bytes; must neither crash nor hang; returns nothing, since both
 * an error and a success are right.
 */
typedef void (*ShsMutationFunc) (GBytes *bytes, gpointer data);

/** shs_test_truncate: calls @read with every prefix of @bytes. */
void shs_test_truncate (GBytes *bytes, ShsMutationFunc read, gpointer data);

/** shs_test_mutant: (transfer full): @bytes with one to four changes. */
GBytes *shs_test_mutant (GBytes *bytes, ShsRandom *random);

/**
 * shs_test_mutate:
 * @n: how many mutants (SHS_TEST_MUTANTS says otherwise); each changes, inserts, removes or repeats
 * a few bytes of @bytes
 * @seed: the same seed gives the same mutants
 */
void shs_test_mutate (GBytes *bytes, gsize n, guint64 seed, ShsMutationFunc read, gpointer data);

G_END_DECLS
