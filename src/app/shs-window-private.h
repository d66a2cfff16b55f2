/* What the parts of the window share. */
#pragma once

#include "app/shs-row-model.h"
#include "app/shs-window.h"

G_BEGIN_DECLS

/**
 * @explains_when_opened: what is being opened will be explained at once
 * @problem: text of the problem bar
 * @toast: (weak) the last one
 */
struct _ShsWindow
{
  AdwApplicationWindow parent;
  ShsSession *session;
  ShsRowModel *rows;
  GSettings *settings;
  gboolean explains_when_opened;
  gboolean is_narrow;
  gboolean is_offered; /* the second data file, as background */
  char *problem;
  char *seen_page;
  AdwToast *toast;

  GtkWidget *toasts;
  GtkWidget *title_squeezer;
  GtkWidget *title;
  GtkWidget *wide_switcher;
  GtkWidget *narrow_switcher;
  GtkWidget *view_switcher_bar;
  GtkWidget *open_button;
  GtkWidget *sidebar_button;
  GtkWidget *find_button;
  GtkWidget *export_button;
  GtkWidget *explain_control;
  GtkWidget *problem_revealer;
  GtkWidget *problem_bar;
  GtkWidget *problem_label;
  GtkWidget *outdated_revealer;
  GtkWidget *flap;
  GtkWidget *sidebar;
  GtkWidget *main_stack;
  GtkWidget *start_page;
  GtkWidget *state_page;
  GtkWidget *page_stack;
  GtkWidget *overview_page;
  GtkWidget *features_page;
  GtkWidget *rows_page;
  GtkWidget *interactions_page;
  GMenu *recent_menu;
};

/** shs_window_add_actions: the contract of actions, and their states. */
void shs_window_add_actions (ShsWindow *self);
/** shs_window_add_choices: those actions whose parameter is a text; shs_window_update_choices()
 * makes their states say what the session's view does. */
void shs_window_add_choices (ShsWindow *self);
void shs_window_update_choices (ShsWindow *self);
/** shs_window_set_state: of an action of the window. @value: floating. */
void shs_window_set_state (ShsWindow *self, const char *name, GVariant *value);
/** shs_window_add_drop: files dropped anywhere are opened. */
void shs_window_add_drop (ShsWindow *self);
/** shs_window_show_toast: @toast: (transfer full); the last one takes its place. */
void shs_window_show_toast (ShsWindow *self, AdwToast *toast);
/** shs_window_dismiss_problem, shs_window_copy_problem: buttons of the problem bar. */
void shs_window_dismiss_problem (GtkButton *button, ShsWindow *self);
void shs_window_copy_problem (GtkButton *button, ShsWindow *self);
/** shs_window_hide_problem: what it was about is past. */
void shs_window_hide_problem (ShsWindow *self);
/** shs_window_update_outdated: says that choices have changed, unless a problem has the word. */
void shs_window_update_outdated (ShsWindow *self);
/** shs_window_adapt: to its size, before anything in it gets one. */
void shs_window_adapt (ShsWindow *self, int width, int height);
/** shs_window_update_switcher: the switcher of pages stands where it has room. */
void shs_window_update_switcher (ShsWindow *self);
/** shs_window_find: the keyboard goes to the search of the page in front. */
void shs_window_find (ShsWindow *self);

G_END_DECLS
