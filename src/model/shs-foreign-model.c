#include "model/shs-foreign-model.h"

#include "core/shs-error.h"

#include <string.h>

#define SAVE_JSON "save the model with model.save_model(\"model.json\") and open that"
#define PICKLE                                                                                     \
  "it is never loaded, since loading runs what is in it; save the model safely in the Python "     \
  "that "                                                                                          \
  "wrote it: scikit-learn skops.io.dump(model, \"model.skops\") or, without more to install, "     \
  "shapscope-cli export-script > shapscope.py and python3 shapscope.py FILE -o model.json; "       \
  "XGBoost model.save_model(\"model.json\"), LightGBM booster.save_model(\"model.txt\"), "         \
  "CatBoost model.save_model(\"model.cbm\")"
#define SUPPORTED                                                                                  \
  "models of XGBoost, LightGBM and CatBoost can be opened, as "                                    \
  "model.save_model(\"model.json\"), booster.save_model(\"model.txt\") and "                       \
  "model.save_model(\"model.cbm\") write them, scikit-learn's as skops.io.dump(model, "            \
  "\"model.skops\") does, and files of ONNX, PMML, H2O (MOJO), Spark and Treelite"

/* @signature: bytes at the beginning; '?' stands for any byte. */
typedef struct
{
  const char *signature;
  gsize length;
  const char *what;
  const char *advice;
} ForeignModel;

#define SIGNATURE(text) text, sizeof (text) - 1

static const ForeignModel foreign[] = {
  { SIGNATURE ("\x80\x02"), "a Python pickle", PICKLE },
  { SIGNATURE ("\x80\x03"), "a Python pickle", PICKLE },
  { SIGNATURE ("\x80\x04"), "a Python pickle", PICKLE },
  { SIGNATURE ("\x80\x05"), "a Python pickle", PICKLE },
  { SIGNATURE ("\x78\x01"), "zlib data, as joblib writes it", PICKLE },
  { SIGNATURE ("\x78\x5e"), "zlib data, as joblib writes it", PICKLE },
  { SIGNATURE ("\x78\x9c"), "zlib data, as joblib writes it", PICKLE },
  { SIGNATURE ("\x78\xda"), "zlib data, as joblib writes it", PICKLE },
  { SIGNATURE ("ZF0x"), "an old joblib file", PICKLE },
  { SIGNATURE ("\x04\x22\x4d\x18"), "LZ4 data, as joblib writes it", PICKLE },
  { SIGNATURE ("BZh"), "bzip2 data", "unpack it, then open what is inside" },
  { SIGNATURE ("\xfd"
               "7zXZ"),
    "xz data", "unpack it, then open what is inside" },
  { SIGNATURE ("bs64"), "an XGBoost model in the base64 form of before 1.0",
    "load it with the XGBoost that wrote it and " SAVE_JSON },
  { SIGNATURE ("\x89HDF\r\n\x1a\n"), "an HDF5 file, as Keras saves models", SUPPORTED },
  { SIGNATURE ("PK\x03\x04"), "a ZIP archive, as Keras and PyTorch save models", SUPPORTED },
  { SIGNATURE ("<?xml"), "an XML file that is no PMML document", SUPPORTED },
  { SIGNATURE ("RDX"), "an R data file", "load it in R and use xgb.save(model, \"model.json\")" },
};

static gboolean
matches (const ForeignModel *model, const guint8 *head, gsize length)
{
  if (length < model->length)
    return FALSE;
  for (gsize i = 0; i < model->length; i++)
    if (model->signature[i] != '?' && head[i] != (guint8)model->signature[i])
      return FALSE;
  return TRUE;
}

static const ForeignModel *
find (const guint8 *head, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (foreign); i++)
    if (matches (&foreign[i], head, length))
      return &foreign[i];
  return NULL;
}

const char *
shs_foreign_model_sniff (const guint8 *head, gsize length)
{
  const ForeignModel *model = find (head, length);

  return model != NULL ? model->what : NULL;
}

gboolean
shs_foreign_model_fail (const char *name, const guint8 *head, gsize length, GError **error)
{
  const ForeignModel *model = find (head, length);

  if (model == NULL)
    return FALSE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
               "%s is %s, which this version cannot open; %s", name, model->what, model->advice);
  return TRUE;
}
