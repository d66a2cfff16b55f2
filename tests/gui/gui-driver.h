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

/** gui_start_example: with a bundled example, explained. */
GuiProgram gui_start_example (const char *name);
/** gui_start_big: with a model of 500 trees and @n_rows x 50 numbers, not explained yet. */
GuiProgram gui_start_big (int n_rows);
/** gui_end: gui_stop() without a look at what it wrote. */
void gui_end (GuiProgram *program);

/** gui_activate: an action of the window, or with "app." of the program; @parameter may be NULL. */
void gui_activate (GuiProgram *program, const char *action, GVariant *parameter);
/** gui_state: (transfer full): the state of an action of the window; NULL for none. */
GVariant *gui_state (GuiProgram *program, const char *action);
/** gui_text: (transfer full): the same, of a text. */
char *gui_text (GuiProgram *program, const char *action);
/** gui_wait: waits until the text state begins with one of @prefixes ("a|b"), or, with "", until
 * there is none; @seconds at most. */
void gui_wait (GuiProgram *program, const char *action, const char *prefixes, double seconds);
/** gui_is_enabled: whether an action of the window can be activated. */
gboolean gui_is_enabled (GuiProgram *program, const char *action);

/** gui_check_names: fails for controls without a name, or whose name is a type's; waits until there
 * are @at_least accessibles. */
void gui_check_names (int at_least);
/** gui_see: (transfer full): the name of a thing on screen whose name contains @part; waits for it.
 */
char *gui_see (const char *part, double seconds);
/** gui_press: presses the button whose name contains @name, as an assistive technology does. */
void gui_press (const char *name, double seconds);
/** gui_write: puts @text into the entry whose name contains @name, in place of what is there. */
void gui_write (const char *name, const char *text, double seconds);
/** gui_home: (transfer full): a path in the home of the programs of this test. */
char *gui_home (const char *name);

G_END_DECLS
