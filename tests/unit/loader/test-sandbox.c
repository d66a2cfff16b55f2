#include "shs-test.h"

#include "loader/shs-sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

Suite *sandbox_suite (void);

#define SKIPPED 77

/* Runs @body in a child behind the wall; gives what it returned as exit status. */
static int
run_walled (int (*body) (void))
{
  const ShsSandboxLimits limits = { .memory = 256u << 20, .answer = 1u << 20, .seconds = 5 };
  pid_t child = fork ();
  int status;

  ck_assert_int_ge (child, 0);
  if (child == 0)
    {
      shs_sandbox_prepare (&limits, 1000);
      _exit (shs_sandbox_enter () ? body () : SKIPPED);
    }
  ck_assert_int_eq (waitpid (child, &status, 0), child);
  ck_assert_msg (WIFEXITED (status), "the child ended by signal %d", WTERMSIG (status));
  return WEXITSTATUS (status);
}

/* The wall is as high as the system allows: without seccomp there is nothing to test. */
static void
assert_walled (int (*body) (void))
{
  int result = run_walled (body);

  if (result == SKIPPED)
    printf ("skipped: this system has no seccomp\n");
  else
    ck_assert_msg (result == 0, "attempt %d was not refused", result);
}

static int
try_files (void)
{
  struct stat status;

  if (open ("/etc/passwd", O_RDONLY) >= 0 || errno != EPERM)
    return 1;
  if (open ("/tmp/shapscope-must-not-be", O_WRONLY | O_CREAT, 0600) >= 0 || errno != EPERM)
    return 2;
  if (unlink ("/tmp/shapscope-must-not-be") == 0 || errno != EPERM)
    return 3;
  if (stat ("/etc/passwd", &status) == 0 || errno != EPERM)
    return 4;
  if (syscall (SYS_memfd_create, "more", 0) >= 0 || errno != EPERM)
    return 5;
  return 0;
}

static int
try_the_world (void)
{
  if (socket (AF_INET, SOCK_STREAM, 0) >= 0 || errno != EPERM)
    return 1;
  if (socket (AF_UNIX, SOCK_STREAM, 0) >= 0 || errno != EPERM)
    return 2;
  if (syscall (SYS_execve, "/bin/true", NULL, NULL) >= 0 || errno != EPERM)
    return 3;
  if (fork () >= 0 || errno != EPERM)
    return 4;
  if (kill (getppid (), 0) == 0 || errno != EPERM)
    return 5;
  if (syscall (SYS_ptrace, 16, getppid (), 0, 0) == 0 || errno != EPERM)
    return 6;
  return 0;
}

static int
try_more_rights (void)
{
  struct rlimit more = { RLIM_INFINITY, RLIM_INFINITY };
  struct rlimit now;
  void *page = mmap (NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (setrlimit (RLIMIT_CPU, &more) == 0 || errno != EPERM)
    return 1;
  if (getrlimit (RLIMIT_CPU, &now) != 0 || now.rlim_cur != 5)
    return 2;
  if (mmap (NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
    return 3;
  if (page == MAP_FAILED || mprotect (page, 4096, PROT_READ | PROT_EXEC) == 0)
    return 4;
  if (syscall (SYS_setuid, 0) == 0 || errno != EPERM)
    return 5;
  return 0;
}

static int
work_as_usual (void)
{
  void *page = mmap (NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *memory = malloc (64u << 20);

  if (memory == NULL || page == MAP_FAILED || munmap (page, 4096) != 0)
    return 1;
  memset (memory, 1, 64u << 20);
  memory = realloc (memory, 128u << 20);
  if (memory == NULL || memory[(64u << 20) - 1] != 1)
    return 2;
  free (memory);
  return g_get_monotonic_time () > 0 ? 0 : 3;
}

static int
take_too_much_memory (void)
{
  char *memory = malloc ((gsize)1 << 30);

  return memory == NULL ? 0 : 1;
}

START_TEST (files_are_out_of_reach)
{
  assert_walled (try_files);
}
END_TEST

START_TEST (network_processes_and_signals_are_out_of_reach)
{
  assert_walled (try_the_world);
}
END_TEST

START_TEST (limits_and_rights_cannot_be_raised)
{
  assert_walled (try_more_rights);
}
END_TEST

START_TEST (memory_and_the_clock_work)
{
  assert_walled (work_as_usual);
}
END_TEST

START_TEST (memory_ends_at_its_limit)
{
#if defined(__SANITIZE_ADDRESS__)
  printf ("skipped: the sanitizer's own memory has no limit\n");
#else
  assert_walled (take_too_much_memory);
#endif
  (void)take_too_much_memory;
}
END_TEST

START_TEST (the_filter_is_there_on_the_usual_machines)
{
#if defined(__x86_64__) || defined(__aarch64__)
  ck_assert_int_ne (run_walled (work_as_usual), SKIPPED);
#endif
}
END_TEST

Suite *
sandbox_suite (void)
{
  Suite *suite = suite_create ("sandbox");
  TCase *cases = tcase_create ("sandbox");

  tcase_set_timeout (cases, 30);
  tcase_add_test (cases, files_are_out_of_reach);
  tcase_add_test (cases, network_processes_and_signals_are_out_of_reach);
  tcase_add_test (cases, limits_and_rights_cannot_be_raised);
  tcase_add_test (cases, memory_and_the_clock_work);
  tcase_add_test (cases, memory_ends_at_its_limit);
  tcase_add_test (cases, the_filter_is_there_on_the_usual_machines);
  suite_add_tcase (suite, cases);
  return suite;
}
