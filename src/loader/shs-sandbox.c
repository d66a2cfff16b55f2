#include "loader/shs-sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAS_SHADOW_MEMORY TRUE /* address space without end: no limit on it is possible */
#else
#define HAS_SHADOW_MEMORY FALSE
#endif

#if defined(__x86_64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#define DESCRIPTORS 16

/* ---- limits ---- */

static guint64
get_address_space (void)
{
  FILE *file = fopen ("/proc/self/statm", "r");
  unsigned long long pages = 0;

  if (file == NULL)
    return 0;
  if (fscanf (file, "%llu", &pages) != 1)
    pages = 0;
  fclose (file);
  return pages * (guint64)sysconf (_SC_PAGESIZE);
}

static void
set_limit (int which, guint64 value)
{
  struct rlimit limit;

  if (getrlimit (which, &limit) != 0)
    return;
  limit.rlim_max = MIN (limit.rlim_max, value);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (which, &limit);
}

void
shs_sandbox_prepare (const ShsSandboxLimits *limits, guint first_unknown_fd)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  prctl (PR_SET_DUMPABLE, 0);
  close_range (first_unknown_fd, ~0u, 0);
  set_limit (RLIMIT_CORE, 0);
  set_limit (RLIMIT_NOFILE, DESCRIPTORS);
  set_limit (RLIMIT_CPU, limits->seconds);
  set_limit (RLIMIT_FSIZE, limits->answer);
  if (limits->memory > 0 && !HAS_SHADOW_MEMORY)
    set_limit (RLIMIT_AS, limits->memory + get_address_space ());
  signal (SIGXFSZ, SIG_IGN); /* write() says EFBIG then */
  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* ---- landlock ---- */

/* struct landlock_ruleset_attr as of ABI 6; older headers have less of it. */
typedef struct
{
  guint64 files;
  guint64 network;
  guint64 scopes;
} Ruleset;

/* A ruleset that handles every right the kernel knows and grants none. */
static void
enter_landlock (void)
{
  long version = syscall (SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  static const guint n_file_rights[] = { 0, 13, 14, 15, 15, 16 };
  Ruleset ruleset = { 0 };
  gsize size = sizeof ruleset.files;
  long fd;

  if (version < 1)
    return;
  ruleset.files = (1u << n_file_rights[MIN ((gsize)version, G_N_ELEMENTS (n_file_rights) - 1)]) - 1;
  if (version >= 4)
    {
      ruleset.network = 3; /* bind, connect */
      size = offsetof (Ruleset, scopes);
    }
  if (version >= 6)
    {
      ruleset.scopes = 3; /* abstract sockets, signals */
      size = sizeof ruleset;
    }
  fd = syscall (SYS_landlock_create_ruleset, &ruleset, size, 0);
  if (fd < 0)
    return;
  syscall (SYS_landlock_restrict_self, (int)fd, 0);
  close ((int)fd);
}

/* ---- seccomp ---- */

#ifdef OUR_ARCHITECTURE

/* Calls that memory, threads' locks, the clock, and descriptors already open need. */
static const int harmless_calls[] = {
  SYS_read,
  SYS_pread64,
  SYS_readv,
  SYS_preadv,
  SYS_write,
  SYS_pwrite64,
  SYS_writev,
  SYS_lseek,
  SYS_fstat,
  SYS_close,
  SYS_ftruncate,
  SYS_munmap,
  SYS_mremap,
  SYS_madvise,
  SYS_brk,
  SYS_futex,
  SYS_sched_yield,
  SYS_exit,
  SYS_exit_group,
  SYS_rt_sigreturn,
  SYS_rt_sigaction,
  SYS_rt_sigprocmask,
  SYS_sigaltstack,
  SYS_getpid,
  SYS_gettid,
  SYS_clock_gettime,
  SYS_gettimeofday,
  SYS_getrandom,
  SYS_getrusage,
  SYS_sched_getaffinity,
  SYS_restart_syscall,
};

#define LOAD(field) BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, field))
#define ARGUMENT(n) offsetof (struct seccomp_data, args[n]) /* its low half, little-endian */
#define LOAD_ARGUMENT(n) BPF_STMT (BPF_LD | BPF_W | BPF_ABS, ARGUMENT (n))
#define LOAD_ARGUMENT_HIGH(n) BPF_STMT (BPF_LD | BPF_W | BPF_ABS, ARGUMENT (n) + 4)
#define JUMP_UNLESS(value, distance)                                                               \
  BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, (guint)(value), 0, (distance))
#define ANSWER(action) BPF_STMT (BPF_RET | BPF_K, (action))
#define REFUSE ANSWER (SECCOMP_RET_ERRNO | EPERM)
#define ALLOW ANSWER (SECCOMP_RET_ALLOW)

typedef struct
{
  struct sock_filter code[256];
  gsize length;
} Program;

static void
append (Program *program, const struct sock_filter *code, gsize length)
{
  g_assert (program->length + length <= G_N_ELEMENTS (program->code));
  for (gsize i = 0; i < length; i++)
    program->code[program->length++] = code[i];
}

/* Memory may be mapped and protected, but never be made executable. */
static void
append_without_execution (Program *program, int call)
{
  const struct sock_filter code[] = {
    JUMP_UNLESS (call, 5),
    LOAD_ARGUMENT (2),
    BPF_STMT (BPF_ALU | BPF_AND | BPF_K, PROT_EXEC),
    JUMP_UNLESS (0, 1),
    ALLOW,
    REFUSE,
  };

  append (program, code, G_N_ELEMENTS (code));
}

/* A signal to itself (abort() raises one) and to nobody else. */
static void
append_signal_to_self (Program *program, int call)
{
  const struct sock_filter code[] = {
    JUMP_UNLESS (call, 4), LOAD_ARGUMENT (0), JUMP_UNLESS (getpid (), 1), ALLOW, REFUSE,
  };

  append (program, code, G_N_ELEMENTS (code));
}

/* Limits may be read (the new value is NULL), not set. */
static void
append_reading_limits (Program *program)
{
  const struct sock_filter code[] = {
    JUMP_UNLESS (SYS_prlimit64, 6),
    LOAD_ARGUMENT (2),
    JUMP_UNLESS (0, 3),
    LOAD_ARGUMENT_HIGH (2),
    JUMP_UNLESS (0, 1),
    ALLOW,
    REFUSE,
  };

  append (program, code, G_N_ELEMENTS (code));
}

static gboolean
enter_seccomp (void)
{
  Program program = { .length = 0 };
  const struct sock_filter head[] = {
    LOAD (arch),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCHITECTURE, 1, 0),
    ANSWER (SECCOMP_RET_KILL_PROCESS),
    LOAD (nr),
  };
  const struct sock_filter refuse[] = { REFUSE };
  struct sock_fprog whole;

  append (&program, head, G_N_ELEMENTS (head));
  for (gsize i = 0; i < G_N_ELEMENTS (harmless_calls); i++)
    {
      const struct sock_filter pair[] = { JUMP_UNLESS (harmless_calls[i], 1), ALLOW };

      append (&program, pair, G_N_ELEMENTS (pair));
    }
  append_without_execution (&program, SYS_mmap);
  append_without_execution (&program, SYS_mprotect);
  append_signal_to_self (&program, SYS_tgkill);
  append_signal_to_self (&program, SYS_kill);
  append_reading_limits (&program);
  append (&program, refuse, 1);
  whole = (struct sock_fprog){ (gushort)program.length, program.code };
  return prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &whole) == 0;
}

#else

static gboolean
enter_seccomp (void)
{
  return FALSE;
}

#endif

gboolean
shs_sandbox_enter (void)
{
  enter_landlock ();
  return enter_seccomp ();
}
