#include "shs-test.h"

Suite *bytes_suite (void);
Suite *csv_hostile_suite (void);
Suite *csv_suite (void);
Suite *data_file_suite (void);
Suite *file_writer_suite (void);
Suite *flatbuffer_suite (void);
Suite *hdf5_writer_suite (void);
Suite *json_reader_suite (void);
Suite *json_writer_suite (void);
Suite *libsvm_suite (void);
Suite *npy_dataset_suite (void);
Suite *npy_fixtures_suite (void);
Suite *npy_suite (void);
Suite *npz_suite (void);
Suite *parquet_suite (void);
Suite *sqlite_suite (void);
Suite *text_codes_suite (void);
Suite *ubjson_reader_suite (void);
Suite *xlsx_suite (void);
Suite *wire_suite (void);
Suite *zip_suite (void);

int
main (void)
{
  Suite *(*const suites[]) (void) = {
    bytes_suite,       csv_hostile_suite,
    csv_suite,         data_file_suite,
    file_writer_suite, json_reader_suite,
    json_writer_suite, libsvm_suite,
    npy_dataset_suite, npy_fixtures_suite,
    npy_suite,         npz_suite,
    parquet_suite,     sqlite_suite,
    text_codes_suite,  ubjson_reader_suite,
    xlsx_suite,        wire_suite,
    flatbuffer_suite,  hdf5_writer_suite,
    zip_suite,         NULL,
  };

  return shs_test_main ("io", suites);
}
