/* The loader's answer as arrays; layout in shs-hdf5-convert.h. The answer counts as hostile. */
#include "io/hdf5/shs-hdf5.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/shs-bytes.h"
#include "io/shs-loader-client.h"

#include <math.h>

#define LARGEST 9007199254740992.0 /* 2^53 */

ShsNpz *
shs_hdf5_arrays_open (const ShsFile *file, gboolean with_places, ShsProgress *progress,
                      GError **error)
{
  g_autoptr (GBytes) answer
      = shs_loader_run_on (with_places ? "hdf5-places" : "hdf5", file, progress, error);

  return answer != NULL ? shs_npz_open_bytes (shs_file_get_path (file), answer, error) : NULL;
}

static gboolean
is_whole (double number)
{
  return number >= 0 && number <= LARGEST && number == floor (number);
}

/* Whether the numbers are a place inside a file of @size bytes. */
static gboolean
parse_place (const double *numbers, gsize count, guint64 size, ShsHdf5Place *place)
{
  gsize end;

  for (gsize i = 0; i < count; i++)
    if (!is_whole (numbers[i]))
      return FALSE;
  *place = (ShsHdf5Place){ .offset = (guint64)numbers[0],
                           .width = (gsize)numbers[1],
                           .n_dimensions = (guint)(count - 2) };
  if (place->width != 4 && place->width != 8)
    return FALSE;
  end = place->width;
  for (gsize d = 0; d < place->n_dimensions; d++)
    {
      place->shape[d] = (gsize)numbers[2 + d];
      if (!shs_size_multiply (end, place->shape[d], &end))
        return FALSE;
    }
  return shs_size_add (end, place->offset, &end) && end <= size;
}

gboolean
shs_hdf5_arrays_find_place (ShsNpz *arrays, const char *name, const ShsFile *file,
                            ShsHdf5Place *place, GError **error)
{
  g_autofree char *member = g_strconcat (SHS_HDF5_PLACE, name, NULL);
  g_autoptr (ShsNpyArray) array = shs_npz_read (arrays, member, error);
  double numbers[2 + SHS_NPY_MAX_DIMENSIONS];

  if (array == NULL)
    return FALSE;
  if (array->n_fields == 1 && array->n_items >= 2 && array->n_items <= G_N_ELEMENTS (numbers))
    {
      shs_npy_array_read_doubles (array, 0, 0, array->n_items, numbers);
      if (parse_place (numbers, array->n_items, shs_file_get_size (file), place))
        return TRUE;
    }
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
               "%s: the numbers of `%s` do not lie inside the file; it is damaged or cut short",
               shs_file_get_path (file), name);
  return FALSE;
}

ShsNpyArray *
shs_hdf5_arrays_map (const ShsHdf5Place *place, GBytes *content, GError **error)
{
  g_autoptr (ShsNpyArray) array = g_new0 (ShsNpyArray, 1);

  array->n_fields = 1;
  array->fields = g_new0 (ShsNpyField, 1);
  array->fields[0] = (ShsNpyField){ .name = g_strdup (""),
                                    .kind = 'f',
                                    .item_size = place->width,
                                    .swap_bytes = G_BYTE_ORDER != G_LITTLE_ENDIAN };
  array->stride = place->width;
  array->n_dimensions = place->n_dimensions;
  array->n_items = 1;
  for (guint d = 0; d < place->n_dimensions; d++)
    array->n_items *= array->shape[d] = place->shape[d];
  if (place->offset + array->n_items * place->width > g_bytes_get_size (content))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_FILE,
                   "The file was shortened while it was opened; open it again");
      return NULL;
    }
  array->bytes = g_bytes_ref (content);
  array->data = (const guint8 *)g_bytes_get_data (content, NULL) + place->offset;
  return g_steal_pointer (&array);
}
