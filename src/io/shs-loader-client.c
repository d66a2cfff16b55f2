#include "io/shs-loader-client.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM "shapscope-loader"
#define INPUT_FD 3  /* where the loader finds the file ... */
#define ANSWER_FD 4 /* ... and where it puts its answer */
#define SAFE_FD 10  /* ours are above, so that none is in the way of those two */
#define POLL_MS 20
#define LIBRARIES_BYTES (64u << 20) /* what they need whatever the file */
#define XGBOOST_BYTES (G_GUINT64_CONSTANT (2) << 30)
#define XGBOOST_BYTES_PER_BYTE 64
#define MAX_MESSAGE 4096
#define BASE_SECONDS 60
#define BYTES_PER_SECOND (1u << 20) /* slower than this is no reading any more */

/* A call of the loader program, from its start to its end. */
typedef struct
{
  const char *path;
  ShsProgress *progress;
  int input;
  int answer;
  int messages[2];
  pid_t child;
  guint64 size;
  gint64 give_up_at;
  GString *text; /* the line of messages that is not complete yet */
  guint percent;
} Call;

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static void
call_clear (Call *call)
{
  close_fd (&call->input);
  close_fd (&call->answer);
  close_fd (&call->messages[0]);
  close_fd (&call->messages[1]);
  if (call->child > 0)
    {
      kill (call->child, SIGKILL);
      while (waitpid (call->child, NULL, 0) < 0 && errno == EINTR)
        ;
    }
  g_string_free (call->text, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Call, call_clear)

static gboolean
fail (const Call *call, int code, GError **error, const char *message)
{
  g_set_error (error, SHS_ERROR, code, "%s: %s", call->path, message);
  return FALSE;
}

static char *
find_program (GError **error)
{
  const char *chosen = g_getenv ("SHAPSCOPE_LOADER");
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
  g_autofree char *beside = folder != NULL ? g_build_filename (folder, PROGRAM, NULL) : NULL;
  const char *installed = SHS_LIBEXECDIR "/" PROGRAM;

  if (chosen != NULL && chosen[0] != '\0')
    return g_strdup (chosen);
  if (beside != NULL && g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);
  if (g_file_test (installed, G_FILE_TEST_IS_EXECUTABLE))
    return g_strdup (installed);
  g_set_error (error, SHS_ERROR, SHS_ERROR_FILE,
               "The program " PROGRAM ", which reads files of this kind, is neither beside this "
               "program nor at %s; install Shapscope again, or let SHAPSCOPE_LOADER name it",
               installed);
  return NULL;
}

/* Moves a descriptor out of the way of INPUT_FD and ANSWER_FD. */
static int
lift (int fd)
{
  int lifted = fd >= 0 ? fcntl (fd, F_DUPFD_CLOEXEC, SAFE_FD) : -1;
  int reason = errno;

  if (fd >= 0)
    close (fd);
  errno = reason;
  return lifted;
}

static gboolean
take_input (Call *call, const ShsFile *file, GError **error)
{
  guint64 n_pieces = shs_file_get_size (file) / BYTES_PER_SECOND;

  call->input = fcntl (shs_file_get_descriptor (file), F_DUPFD_CLOEXEC, SAFE_FD);
  if (call->input < 0)
    return fail (call, SHS_ERROR_FILE, error, g_strerror (errno));
  call->size = shs_file_get_size (file);
  call->give_up_at
      = g_get_monotonic_time () + (gint64)(BASE_SECONDS + n_pieces) * (gint64)G_USEC_PER_SEC;
  return TRUE;
}

static gboolean
open_channels (Call *call, GError **error)
{
  call->answer = lift (memfd_create ("shapscope-answer", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (call->answer >= 0 && pipe2 (call->messages, O_CLOEXEC) == 0)
    {
      call->messages[0] = lift (call->messages[0]);
      call->messages[1] = lift (call->messages[1]);
    }
  if (call->answer >= 0 && call->messages[0] >= 0 && call->messages[1] >= 0)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_FILE,
               "%s cannot be read: the system gave no memory or descriptors for the loader (%s); "
               "close other programs",
               call->path, g_strerror (errno));
  return FALSE;
}

/* Only what the libraries need; nothing of the person's. */
static char **
make_environment (void)
{
  static const char *const kept[] = { "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS" };
  GPtrArray *environment = g_ptr_array_new ();

  g_ptr_array_add (environment, g_strdup ("HDF5_PLUGIN_PRELOAD=::"));
  g_ptr_array_add (environment, g_strdup ("OMP_NUM_THREADS=1"));
  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    if (g_getenv (kept[i]) != NULL)
      g_ptr_array_add (environment, g_strconcat (kept[i], "=", g_getenv (kept[i]), NULL));
  g_ptr_array_add (environment, NULL);
  return (char **)g_ptr_array_free (environment, FALSE);
}

/* libxgboost fills whatever memory the lengths in a damaged file ask for, which takes long. */
static guint64
choose_memory (const Call *call, const char *task)
{
  guint64 budget = MAX (shs_memory_budget (), LIBRARIES_BYTES);

  if (!g_str_has_prefix (task, "xgboost") || call->size > budget / XGBOOST_BYTES_PER_BYTE)
    return budget;
  return MIN (budget, XGBOOST_BYTES + call->size * XGBOOST_BYTES_PER_BYTE);
}

static gboolean
start (Call *call, const char *task, GError **error)
{
  g_autofree char *program = find_program (error);
  g_autofree char *memory = g_strdup_printf ("%" G_GUINT64_FORMAT, choose_memory (call, task));
  g_autofree char *seconds = g_strdup_printf (
      "%" G_GINT64_FORMAT, (call->give_up_at - g_get_monotonic_time ()) / G_USEC_PER_SEC + 1);
  char *arguments[] = { (char *)PROGRAM, (char *)task, memory, seconds, NULL };
  g_auto (GStrv) environment = make_environment ();
  posix_spawn_file_actions_t actions;
  int status;

  if (program == NULL)
    return FALSE;
  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_addopen (&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen (&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2 (&actions, call->messages[1], 2);
  posix_spawn_file_actions_adddup2 (&actions, call->input, INPUT_FD);
  posix_spawn_file_actions_adddup2 (&actions, call->answer, ANSWER_FD);
  status = posix_spawn (&call->child, program, &actions, NULL, arguments, environment);
  posix_spawn_file_actions_destroy (&actions);
  close_fd (&call->messages[1]);
  if (status == 0)
    return TRUE;
  call->child = 0;
  g_set_error (error, SHS_ERROR, SHS_ERROR_FILE,
               "%s cannot be read: %s does not start (%s); install Shapscope again", call->path,
               program, g_strerror (status));
  return FALSE;
}

/* Lines "%43" tell of progress; any other line is the reason of a failure. */
static void
take_lines (Call *call)
{
  const char *end;

  while (call->text->str[0] == '%' && (end = strchr (call->text->str, '\n')) != NULL)
    {
      guint64 percent = g_ascii_strtoull (call->text->str + 1, NULL, 10);

      if (percent > call->percent && percent <= 100)
        {
          shs_progress_add (call->progress, percent - call->percent);
          call->percent = (guint)percent;
        }
      g_string_erase (call->text, 0, end + 1 - call->text->str);
    }
}

/* Reads what the loader says; FALSE once it has closed its end. */
static gboolean
listen_to (Call *call)
{
  struct pollfd poller = { .fd = call->messages[0], .events = POLLIN };
  char piece[512];
  ssize_t got;

  if (poll (&poller, 1, POLL_MS) <= 0)
    return TRUE;
  got = read (call->messages[0], piece, sizeof piece);
  if (got <= 0)
    return got < 0 && (errno == EINTR || errno == EAGAIN);
  if (call->text->len < MAX_MESSAGE)
    g_string_append_len (call->text, piece, got);
  take_lines (call);
  return TRUE;
}

static gboolean
may_go_on (Call *call, GError **error)
{
  if (!shs_progress_check (call->progress, error))
    return FALSE;
  if (g_get_monotonic_time () < call->give_up_at)
    return TRUE;
  return fail (call, SHS_ERROR_INVALID, error,
               "this file could not be read: the loader was stopped, since it took far longer "
               "than a file of this size should; it may be damaged");
}

static gboolean
wait_for_end (Call *call, int *status, GError **error)
{
  gboolean speaks = TRUE;

  for (;;)
    {
      pid_t ended = speaks ? 0 : waitpid (call->child, status, WNOHANG);

      if (ended == call->child)
        {
          call->child = 0;
          return TRUE;
        }
      if (!may_go_on (call, error))
        return FALSE;
      if (speaks)
        speaks = listen_to (call);
      else if (ended == 0)
        g_usleep (500);
    }
}

/* One valid line of the loader's own message. */
static char *
tidy_message (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  return g_strstrip (g_strdelimit (g_steal_pointer (&valid), "\r\n", ' '));
}

static gboolean
judge (const Call *call, int status, GError **error)
{
  g_autofree char *message = tidy_message (call->text->str);
  g_autofree char *reason = NULL;

  if (WIFEXITED (status) && WEXITSTATUS (status) == 0)
    return TRUE;
  if (WIFEXITED (status) && WEXITSTATUS (status) >= SHS_LOADER_EXIT
      && WEXITSTATUS (status) <= SHS_LOADER_EXIT + SHS_ERROR_CANCELLED && message[0] != '\0')
    return fail (call, WEXITSTATUS (status) - SHS_LOADER_EXIT, error, message);
  if (WIFSIGNALED (status) && sigabbrev_np (WTERMSIG (status)) != NULL)
    reason = g_strdup_printf ("SIG%s", sigabbrev_np (WTERMSIG (status)));
  else
    reason = g_strdup_printf ("status %d", status);
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
               "%s: this file could not be read: the loader stopped (%s); it is damaged, or made "
               "to do harm",
               call->path, reason);
  return FALSE;
}

typedef struct
{
  gpointer address;
  gsize length;
} Mapping;

static void
unmap (gpointer data)
{
  Mapping *mapping = data;

  munmap (mapping->address, mapping->length);
  g_free (mapping);
}

static GBytes *
take_answer (const Call *call, GError **error)
{
  const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
  struct stat status;
  Mapping mapping;

  if (fcntl (call->answer, F_ADD_SEALS, seals) != 0 || fstat (call->answer, &status) != 0
      || status.st_size <= 0)
    {
      fail (call, SHS_ERROR_INVALID, error,
            "this file could not be read: the loader left no answer");
      return NULL;
    }
  mapping.length = (gsize)status.st_size;
  mapping.address = mmap (NULL, mapping.length, PROT_READ, MAP_PRIVATE, call->answer, 0);
  if (mapping.address == MAP_FAILED)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_MEMORY,
                   "%s: its content of %zu bytes cannot be mapped; close other programs",
                   call->path, mapping.length);
      return NULL;
    }
  return g_bytes_new_with_free_func (mapping.address, mapping.length, unmap,
                                     g_memdup2 (&mapping, sizeof mapping));
}

GBytes *
shs_loader_run_on (const char *task, const ShsFile *file, ShsProgress *progress, GError **error)
{
  g_auto (Call) call = { .path = shs_file_get_path (file),
                         .progress = progress,
                         .input = -1,
                         .answer = -1,
                         .messages = { -1, -1 },
                         .text = g_string_new (NULL) };
  int status;

  if (!take_input (&call, file, error) || !open_channels (&call, error)
      || !start (&call, task, error))
    return NULL;
  shs_progress_start (progress, 100);
  if (!wait_for_end (&call, &status, error) || !judge (&call, status, error))
    return NULL;
  return take_answer (&call, error);
}

GBytes *
shs_loader_run (const char *task, const char *path, ShsProgress *progress, GError **error)
{
  g_autoptr (ShsFile) file = shs_file_open (path, error);

  return file != NULL ? shs_loader_run_on (task, file, progress, error) : NULL;
}
