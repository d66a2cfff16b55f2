#include "shs-test.h"

Suite *bytes_suite (void);
Suite *csv_suite (void);
Suite *file_writer_suite (void);
Suite *json_reader_suite (void);
Suite *json_writer_suite (void);
Suite *libsvm_suite (void);
Suite *ubjson_reader_suite (void);

int
main (void)
{
  Suite *(*const suites[]) (void) = {
    bytes_suite,
    csv_suite,
    file_writer_suite,
    json_reader_suite,
    json_writer_suite,
    libsvm_suite,
    ubjson_reader_suite,
    NULL,
  };

  return shs_test_main ("io", suites);
}
