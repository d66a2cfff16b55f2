#include "bench-options.h"

#include <stdlib.h>

static ShsInstructions
find_instructions (const char *name)
{
  for (ShsInstructions i = SHS_INSTRUCTIONS_BASELINE; i <= SHS_INSTRUCTIONS_AVX512; i++)
    if (g_str_equal (name, shs_tree_instructions_get_name (i)))
      return i;
  return SHS_INSTRUCTIONS_BEST;
}

BenchOptions
bench_options_parse (int argc, char **argv, const char *what)
{
  BenchOptions self = { .threads = 2 };
  g_autofree char *precision = NULL;
  g_autofree char *instructions = NULL;
  g_autofree char *kernel = NULL;
  const GOptionEntry entries[] = {
    { "quick", 0, 0, G_OPTION_ARG_NONE, &self.quick, "A smoke run", NULL },
    { "processor-time", 0, 0, G_OPTION_ARG_NONE, &self.processor_time,
      "Count processor time: for a machine that is busy with other things", NULL },
    { "depth", 0, 0, G_OPTION_ARG_INT, &self.depth, "This depth alone", "D" },
    { "threads", 0, 0, G_OPTION_ARG_INT, &self.threads, "Tables for 1 to N threads", "N" },
    { "precision", 0, 0, G_OPTION_ARG_STRING, &precision, "single or double", "P" },
    { "instructions", 0, 0, G_OPTION_ARG_STRING, &instructions, "best, baseline, avx2 or avx512",
      "I" },
    { "kernel", 0, 0, G_OPTION_ARG_STRING, &kernel, "auto, quadrature or tables", "K" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (what);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      exit (2);
    }
  if (g_strcmp0 (precision, "double") == 0)
    self.precision = SHS_PRECISION_DOUBLE;
  if (instructions != NULL)
    self.instructions = find_instructions (instructions);
  if (g_strcmp0 (kernel, "quadrature") == 0)
    self.kernel = SHS_TREE_KERNEL_QUADRATURE;
  if (g_strcmp0 (kernel, "tables") == 0)
    self.kernel = SHS_TREE_KERNEL_TABLES;
  return self;
}

void
bench_options_print_setting (const BenchOptions *self, gint n_threads)
{
  g_print ("%d thread%s, %s, %s", n_threads, n_threads > 1 ? "s" : "",
           shs_tree_instructions_get_name (self->instructions),
           self->precision == SHS_PRECISION_DOUBLE ? "double" : "single");
}
