/* shapscope: the window. */
#include <locale.h>
#include <signal.h>

#include "app/shs-application.h"
#include "app/shs-loop-watch.h"
#include "core/shs-i18n.h"

int
main (int argc, char **argv)
{
  g_autoptr (ShsApplication) application = NULL;
  int status;

  setlocale (LC_ALL, "");
  /* Numbers are read and written without the locale. */
  setlocale (LC_NUMERIC, "C");
  signal (SIGXFSZ, SIG_IGN); /* a limit to the size of files is an error of writing, no death */
  bindtextdomain (GETTEXT_PACKAGE, SHS_LOCALE_FOLDER);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  /* GTK must not set LC_NUMERIC again. */
  gtk_disable_setlocale ();
  g_set_application_name (_ ("Shapscope"));

  application = shs_application_new ();
  status = g_application_run (G_APPLICATION (application), argc, argv);
  shs_loop_watch_report ();
  return status;
}
