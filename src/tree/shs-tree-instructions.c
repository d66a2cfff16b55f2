#include "tree/kernels/shs-tree-kernels.h"

#include "core/shs-error.h"
#include "tree/kernels/shs-tree-kernel-table.h"

static gboolean
processor_has_avx2 (void)
{
#ifdef SHS_TREE_X86
  return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
#else
  return FALSE;
#endif
}

static gboolean
processor_has_avx512 (void)
{
#ifdef SHS_TREE_X86
  return processor_has_avx2 () && __builtin_cpu_supports ("avx512f")
         && __builtin_cpu_supports ("avx512bw") && __builtin_cpu_supports ("avx512dq")
         && __builtin_cpu_supports ("avx512vl");
#else
  return FALSE;
#endif
}

static ShsInstructions
resolve (ShsInstructions instructions)
{
  if (instructions != SHS_INSTRUCTIONS_BEST)
    return instructions;
  if (processor_has_avx512 ())
    return SHS_INSTRUCTIONS_AVX512;
  return processor_has_avx2 () ? SHS_INSTRUCTIONS_AVX2 : SHS_INSTRUCTIONS_BASELINE;
}

gboolean
shs_tree_instructions_available (ShsInstructions instructions)
{
  switch (resolve (instructions))
    {
    case SHS_INSTRUCTIONS_AVX512:
      return processor_has_avx512 ();
    case SHS_INSTRUCTIONS_AVX2:
      return processor_has_avx2 ();
    default:
      return TRUE;
    }
}

const char *
shs_tree_instructions_get_name (ShsInstructions instructions)
{
  static const char *const names[] = {
    [SHS_INSTRUCTIONS_BASELINE] = "baseline",
    [SHS_INSTRUCTIONS_AVX2] = "avx2",
    [SHS_INSTRUCTIONS_AVX512] = "avx512",
  };

  return names[resolve (instructions)];
}

const ShsTreeKernels *
shs_tree_kernels_get (ShsInstructions instructions, ShsPrecision precision, GError **error)
{
  static const ShsTreeKernels *const kernels[][2] = {
    [SHS_INSTRUCTIONS_BASELINE]
    = { &shs_tree_kernels_baseline_single, &shs_tree_kernels_baseline_double },
#ifdef SHS_TREE_X86
    [SHS_INSTRUCTIONS_AVX2] = { &shs_tree_kernels_avx2_single, &shs_tree_kernels_avx2_double },
    [SHS_INSTRUCTIONS_AVX512]
    = { &shs_tree_kernels_avx512_single, &shs_tree_kernels_avx512_double },
#endif
  };

  if (shs_tree_instructions_available (instructions))
    return kernels[resolve (instructions)][precision == SHS_PRECISION_DOUBLE];
  g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
               "This processor has no %s instructions; choose another build of the kernels",
               shs_tree_instructions_get_name (instructions));
  return NULL;
}
