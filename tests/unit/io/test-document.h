/* Reading whole documents in tests, whatever is in them. */
#pragma once

#include <glib.h>

/* Reads every value of the document by the function made for it; whether that went well. */
gboolean test_document_walk (GBytes *bytes, gboolean is_json);

/* For shs_test_mutate(); @is_json points to a gboolean. Reads in three ways. */
void test_document_mutant (GBytes *bytes, gpointer is_json);

/* Walks with the 1st, 2nd, ... allocation failing until none fails; returns how many there are. */
guint64 test_document_fail_allocations (GBytes *bytes, gboolean is_json);

/*
 * Reads the same document from JSON and from UBJSON value by value; ends the test where they part.
 * Returns how many values there were.
 */
gsize test_document_compare (GBytes *json, GBytes *ubjson);
