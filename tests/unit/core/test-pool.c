#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-pool.h"

#include <sys/resource.h>
#include <unistd.h>

Suite *pool_suite (void);

#define N_BLOCKS 1000

static gboolean
count_visit (gsize block, guint worker, gpointer data, GError **error)
{
  __atomic_add_fetch (&((int *)data)[block], 1, __ATOMIC_RELAXED);
  return TRUE;
}

START_TEST (every_block_runs_exactly_once)
{
  int visits[N_BLOCKS] = { 0 };

  ck_assert (shs_pool_run (_i, N_BLOCKS, count_visit, visits, NULL, NULL));
  for (int i = 0; i < N_BLOCKS; i++)
    ck_assert_int_eq (visits[i], 1);
}
END_TEST

static gboolean
fail_from_500_on (gsize block, guint worker, gpointer data, GError **error)
{
  if (block < 500)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID, "%d", (int)block);
  return FALSE;
}

START_TEST (the_lowest_failing_block_gives_the_error)
{
  g_autoptr (GError) error = NULL;

  ck_assert (!shs_pool_run (4, N_BLOCKS, fail_from_500_on, NULL, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_INVALID);
  ck_assert_str_eq (error->message, "500");
}
END_TEST

static gboolean
cancel_at_10 (gsize block, guint worker, gpointer data, GError **error)
{
  if (block == 10)
    shs_progress_cancel (data);
  return TRUE;
}

START_TEST (a_cancelled_run_ends_with_cancelled)
{
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  g_autoptr (GError) error = NULL;

  ck_assert (!shs_pool_run (2, N_BLOCKS, cancel_at_10, progress, progress, &error));
  shs_test_assert_error (error, SHS_ERROR_CANCELLED);
}
END_TEST

#ifndef __SANITIZE_ADDRESS__ /* it takes terabytes of address space itself */
/* Takes the address space away in which a thread's stack would stand. */
static void
forbid_threads (void)
{
  g_autofree char *text = NULL;
  struct rlimit limit;

  ck_assert (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  ck_assert_int_eq (getrlimit (RLIMIT_AS, &limit), 0);
  limit.rlim_cur = g_ascii_strtoull (text, NULL, 10) * (gsize)sysconf (_SC_PAGESIZE) + (2u << 20);
  ck_assert_int_eq (setrlimit (RLIMIT_AS, &limit), 0);
}

static gpointer
return_at_once (gpointer data)
{
  return data;
}

START_TEST (without_threads_the_caller_does_all_the_work)
{
  int visits[N_BLOCKS] = { 0 };
  struct rlimit limit;

  ck_assert_int_eq (getrlimit (RLIMIT_AS, &limit), 0);
  forbid_threads ();
  GThread *thread = g_thread_try_new ("none", return_at_once, NULL, NULL);
  ck_assert_msg (thread == NULL, "the system gives threads all the same");
  ck_assert (shs_pool_run (4, N_BLOCKS, count_visit, visits, NULL, NULL));
  ck_assert_int_eq (setrlimit (RLIMIT_AS, &limit), 0);
  ck_assert (shs_pool_run (4, N_BLOCKS, count_visit, visits, NULL, NULL));
  for (int i = 0; i < N_BLOCKS; i++)
    ck_assert_int_eq (visits[i], 2);
}
END_TEST
#endif

START_TEST (workers_are_never_more_than_blocks)
{
  ck_assert_uint_eq (shs_pool_count_workers (G_MAXUINT, G_MAXSIZE), 1024);
  ck_assert_uint_eq (shs_pool_count_workers (8, 3), 3);
  ck_assert_uint_eq (shs_pool_count_workers (8, 0), 1);
  ck_assert_uint_ge (shs_pool_count_workers (0, 100), 1);
}
END_TEST

Suite *
pool_suite (void)
{
  Suite *suite = suite_create ("pool");
  TCase *cases = tcase_create ("pool");

  tcase_add_loop_test (cases, every_block_runs_exactly_once, 0, 9);
  tcase_add_test (cases, the_lowest_failing_block_gives_the_error);
  tcase_add_test (cases, a_cancelled_run_ends_with_cancelled);
#ifndef __SANITIZE_ADDRESS__
  tcase_add_test (cases, without_threads_the_caller_does_all_the_work);
#endif
  tcase_add_test (cases, workers_are_never_more_than_blocks);
  suite_add_tcase (suite, cases);
  return suite;
}
