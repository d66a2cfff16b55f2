#include "gui-driver.h"

#include <string.h>

#define ROOT "/org/a11y/atspi/accessible/root"
#define ACCESSIBLE "org.a11y.atspi.Accessible"
#define ROLE_PUSH_BUTTON 43
#define ROLE_TEXT 61
#define MOST_SEARCHED 60 /* of the children of one thing: tables have thousands of cells */

/* Roles of things that a person operates, by the numbers of AT-SPI. */
static const guint control_roles[] = {
  7,  /* check box */
  11, /* combo box */
  27, /* image */
  31, /* list */
  42, /* progress bar */
  43, /* push button */
  44, /* radio button */
  51, /* slider */
  52, /* spin button */
  62, /* toggle button */
  79, /* entry */
};

static GVariant *
call (GDBusConnection *bus, const char *name, const char *path, const char *interface,
      const char *method, GVariant *parameters)
{
  return g_dbus_connection_call_sync (bus, name, path, interface, method, parameters, NULL,
                                      G_DBUS_CALL_FLAGS_NONE, 5000, NULL, NULL);
}

static GDBusConnection *
connect_to_accessibility (void)
{
  g_autoptr (GDBusConnection) session = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GVariant) answer
      = call (session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", NULL);
  const char *address;

  if (answer == NULL)
    return NULL;
  g_variant_get (answer, "(&s)", &address);
  return g_dbus_connection_new_for_address_sync (
      address,
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
          | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, NULL);
}

static gboolean
is_control (guint role)
{
  for (gsize i = 0; i < G_N_ELEMENTS (control_roles); i++)
    if (control_roles[i] == role)
      return TRUE;
  return FALSE;
}

static char *
get_name (GDBusConnection *bus, const char *owner, const char *path)
{
  g_autoptr (GVariant) answer = call (bus, owner, path, "org.freedesktop.DBus.Properties", "Get",
                                      g_variant_new ("(ss)", ACCESSIBLE, "Name"));
  g_autoptr (GVariant) value = NULL;

  if (answer == NULL)
    return g_strdup ("");
  g_variant_get (answer, "(v)", &value);
  return g_variant_dup_string (value, NULL);
}

static guint
get_role (GDBusConnection *bus, const char *owner, const char *path)
{
  g_autoptr (GVariant) answer = call (bus, owner, path, ACCESSIBLE, "GetRole", NULL);
  guint role = 0;

  if (answer != NULL)
    g_variant_get (answer, "(u)", &role);
  return role;
}

/* GTK gives things without a label the name of their type. */
static gboolean
has_name (const char *name)
{
  return *name != '\0' && !g_str_has_prefix (name, "Gtk") && !g_str_has_prefix (name, "Adw")
         && !g_str_has_prefix (name, "Shs");
}

/* Appends controls without a name below an accessible to @wrong; parts of a control that has a name
   (@is_named_inside) need none. Returns how many accessibles were seen. */
static int
check_below (GDBusConnection *bus, const char *owner, const char *path, const char *parent,
             gboolean is_named_inside, GString *wrong)
{
  g_autofree char *name = get_name (bus, owner, path);
  guint role = get_role (bus, owner, path);
  g_autoptr (GVariant) answer = call (bus, owner, path, ACCESSIBLE, "GetChildren", NULL);
  g_autofree char *here = g_strdup_printf ("%s/%u:%s", parent, role, name);
  g_autoptr (GVariantIter) children = NULL;
  const char *child_owner, *child_path;
  int n = 1;

  if (is_control (role) && !has_name (name) && !is_named_inside)
    g_string_append_printf (wrong, "\nno name: %s", here);
  if (answer == NULL)
    return n;
  g_variant_get (answer, "(a(so))", &children);
  while (g_variant_iter_next (children, "(&s&o)", &child_owner, &child_path))
    n += check_below (bus, child_owner, child_path, here, is_control (role) && has_name (name),
                      wrong);
  return n;
}

/** Sought: a thing by its name, and of a role when that is not 0; where it was found. */
typedef struct
{
  guint role;
  const char *name;
  char *owner, *path, *whole_name;
} Sought;

static gboolean
find_below (GDBusConnection *bus, const char *owner, const char *path, Sought *sought)
{
  g_autofree char *name = get_name (bus, owner, path);
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariantIter) children = NULL;
  const char *child_owner, *child_path;
  int n = 0;

  if (strstr (name, sought->name) != NULL
      && (sought->role == 0 || get_role (bus, owner, path) == sought->role))
    {
      sought->owner = g_strdup (owner);
      sought->path = g_strdup (path);
      sought->whole_name = g_steal_pointer (&name);
      return TRUE;
    }
  answer = call (bus, owner, path, ACCESSIBLE, "GetChildren", NULL);
  if (answer == NULL)
    return FALSE;
  g_variant_get (answer, "(a(so))", &children);
  while (n++ < MOST_SEARCHED && g_variant_iter_next (children, "(&s&o)", &child_owner, &child_path))
    if (find_below (bus, child_owner, child_path, sought))
      return TRUE;
  return FALSE;
}

static GDBusConnection *
find (Sought *sought, double seconds)
{
  g_autoptr (GDBusConnection) bus = connect_to_accessibility ();
  gint64 end = g_get_monotonic_time () + (gint64)(seconds * G_USEC_PER_SEC);

  ck_assert_msg (bus != NULL, "there is no accessibility bus");
  while (!find_below (bus, "org.a11y.atspi.Registry", ROOT, sought))
    {
      ck_assert_msg (g_get_monotonic_time () < end, "there is no \"%s\" after %g s", sought->name,
                     seconds);
      g_usleep (50000);
    }
  return g_steal_pointer (&bus);
}

char *
gui_see (const char *part, double seconds)
{
  Sought sought = { .name = part };
  g_autoptr (GDBusConnection) bus = find (&sought, seconds);

  g_free (sought.owner);
  g_free (sought.path);
  return sought.whole_name;
}

void
gui_press (const char *name, double seconds)
{
  Sought sought = { .role = ROLE_PUSH_BUTTON, .name = name };
  g_autoptr (GDBusConnection) bus = find (&sought, seconds);
  g_autoptr (GVariant) answer = call (bus, sought.owner, sought.path, "org.a11y.atspi.Action",
                                      "DoAction", g_variant_new ("(i)", 0));
  gboolean is_done = FALSE;

  if (answer != NULL)
    g_variant_get (answer, "(b)", &is_done);
  ck_assert_msg (is_done, "\"%s\" cannot be pressed", name);
  g_free (sought.owner);
  g_free (sought.path);
  g_free (sought.whole_name);
}

void
gui_write (const char *name, const char *text, double seconds)
{
  Sought sought = { .role = ROLE_TEXT, .name = name };
  g_autoptr (GDBusConnection) bus = find (&sought, seconds);
  g_autoptr (GVariant) answer = call (bus, sought.owner, sought.path, "org.a11y.atspi.EditableText",
                                      "SetTextContents", g_variant_new ("(s)", text));
  gboolean is_done = FALSE;

  if (answer != NULL)
    g_variant_get (answer, "(b)", &is_done);
  ck_assert_msg (is_done, "nothing can be written into \"%s\"", name);
  g_free (sought.owner);
  g_free (sought.path);
  g_free (sought.whole_name);
}

void
gui_check_names (int at_least)
{
  g_autoptr (GDBusConnection) bus = connect_to_accessibility ();
  g_autoptr (GString) wrong = g_string_new (NULL);
  int n = 0;

  ck_assert_msg (bus != NULL, "there is no accessibility bus");
  /* A program is there some time after its window. */
  for (int i = 0; i < 200 && n < at_least; i++)
    {
      g_string_truncate (wrong, 0);
      n = check_below (bus, "org.a11y.atspi.Registry", ROOT, "", FALSE, wrong);
      g_usleep (n < at_least ? 50000 : 0);
    }
  if (wrong->len > 0)
    g_print ("%s\n", wrong->str);
  ck_assert_int_ge (n, at_least);
  ck_assert_msg (wrong->len == 0, "some controls have no name (see above)");
}
