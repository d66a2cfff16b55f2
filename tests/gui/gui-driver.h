/* Drives the real window from outside: starts it, activates actions over D-Bus, reads states. */
#pragma once

#include <gio/gio.h>

#include "shs-test.h"

G_BEGIN_DECLS

/** GuiProgram: a running window. */
typedef struct
{
  GPid pid;
  int output;
  GDBusConnection *bus;
} GuiProgram;

/** gui_start: starts the program with @arguments (NULL-ended) and waits for its window. */
GuiProgram gui_start (const char *const *arguments);
/** gui_stop: (transfer full): quits it; what it wrote. Fails unless it ends with 0. */
char *gui_stop (GuiProgram *program);

/** gui_activate: an action of the window, or with "app." of the program; @parameter may be NULL. */
void gui_activate (GuiProgram *program, const char *action, GVariant *parameter);
/** gui_state: (transfer full): the state of an action of the window; NULL for none. */
GVariant *gui_state (GuiProgram *program, const char *action);
/** gui_text: (transfer full): the same, of a text. */
char *gui_text (GuiProgram *program, const char *action);
/** gui_wait: waits until the text state begins with one of @prefixes ("a|b"); @seconds at most. */
void gui_wait (GuiProgram *program, const char *action, const char *prefixes, double seconds);
/** gui_is_enabled: whether an action of the window can be activated. */
gboolean gui_is_enabled (GuiProgram *program, const char *action);

/** gui_check_names: fails for controls without a name, or whose name is a type's; waits until there
 * are @at_least accessibles. */
void gui_check_names (int at_least);

G_END_DECLS
