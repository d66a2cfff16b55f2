/* A picture as a flat display list in points (1/72 inch), computed once and used many times. */
#pragma once

#include <glib.h>

#include "core/shs-color.h"

G_BEGIN_DECLS

/** ShsLayer: marks are painted layer by layer, within a layer in order. */
typedef enum
{
  SHS_LAYER_DATA,
  SHS_LAYER_AXES,
  SHS_LAYER_OVERLAY,
} ShsLayer;

#define SHS_LAYERS_ALL ((1u << SHS_LAYER_DATA) | (1u << SHS_LAYER_AXES) | (1u << SHS_LAYER_OVERLAY))

/** ShsRole: what a mark stands for; stable across plot kinds. */
typedef enum
{
  SHS_ROLE_NONE,
  SHS_ROLE_BACKGROUND,
  SHS_ROLE_TITLE,
  SHS_ROLE_NOTE, /* a line that says what is shown or left out */
  SHS_ROLE_AXIS, /* axis line or tick */
  SHS_ROLE_TICK_LABEL,
  SHS_ROLE_AXIS_LABEL,
  SHS_ROLE_GRID, /* row lines, zero lines */
  SHS_ROLE_FEATURE_LABEL,
  SHS_ROLE_VALUE, /* the mark of one SHAP value: a bar, an arrow, a block */
  SHS_ROLE_VALUE_LABEL,
  SHS_ROLE_POINT, /* one row of a point cloud */
  SHS_ROLE_CONNECTOR,
  SHS_ROLE_BASE_VALUE,
  SHS_ROLE_PREDICTION,
  SHS_ROLE_HISTOGRAM,
  SHS_ROLE_COLOR_BAR,
  SHS_ROLE_LEGEND,
  SHS_ROLE_HIGHLIGHT,
} ShsRole;

/** ShsMarkKey: identity of a mark; -1 where a part does not apply. @feature -2: "other features".
 * @partner: the other feature of a pair. */
typedef struct
{
  ShsRole role;
  gint64 row;
  gint32 feature;
  gint32 output;
  gint32 input;
  gint32 partner;
} ShsMarkKey;

#define SHS_KEY(role_) ((ShsMarkKey){ (role_), -1, -1, -1, -1, -1 })
#define SHS_FEATURE_REST (-2)

/** ShsRectangle: @y grows downwards, as everywhere in a scene. */
typedef struct
{
  double x, y, width, height;
} ShsRectangle;

/** ShsFont: sizes in points; the family is the measurer's and the painter's. */
typedef struct
{
  double size;
  gboolean is_bold;
} ShsFont;

/** ShsAnchor: which point of a text line @x is; @y is always the baseline. */
typedef enum
{
  SHS_ANCHOR_START,
  SHS_ANCHOR_MIDDLE,
  SHS_ANCHOR_END,
} ShsAnchor;

/** ShsStroke: @width 0 draws nothing; @dash: lengths on, off, on, off; all 0 for a solid line. */
typedef struct
{
  ShsColor color;
  double width;
  float dash[4];
} ShsStroke;

typedef enum
{
  SHS_MARK_RECTANGLE,
  SHS_MARK_PATH,     /* filled and stroked, with curves */
  SHS_MARK_POLYLINE, /* stroked, open */
  SHS_MARK_TEXT,
  SHS_MARK_POINTS,
  SHS_MARK_IMAGE,
  SHS_MARK_CLIP, /* clips all marks up to its SHS_MARK_UNCLIP */
  SHS_MARK_UNCLIP,
} ShsMarkType;

typedef enum
{
  SHS_PATH_MOVE,  /* 1 point */
  SHS_PATH_LINE,  /* 1 point */
  SHS_PATH_CURVE, /* 3 points: two controls, the end */
  SHS_PATH_CLOSE, /* 0 points */
} ShsPathStep;

/** ShsPath: @steps and the coordinates they use up, x and y in turn. */
typedef struct
{
  gsize n_steps;
  guint8 *steps;
  gsize n_coordinates;
  double *coordinates;
} ShsPath;

/**
 * ShsText: one line of text.
 * @string: what is drawn, perhaps elided
 * @whole: (nullable): the whole text where @string is elided; shown as tooltip
 * @rotation: degrees, counter-clockwise, around (@x, @y)
 * @box: measured bounds on the page, after rotation
 */
typedef struct
{
  char *string;
  char *whole;
  ShsFont font;
  ShsAnchor anchor;
  double x, y;
  double rotation;
  ShsColor color;
  ShsRectangle box;
} ShsText;

typedef enum
{
  SHS_POINT_DISC,
  SHS_POINT_RING, /* missing values */
  SHS_POINT_TICK, /* a short horizontal stroke */
} ShsPointShape;

/**
 * ShsPoints: a cloud of @n marks of one shape.
 * @rgba: colour of each, 0xRRGGBBAA
 * @rows: the explanation's row of each
 * @radius: of every point
 */
typedef struct
{
  gsize n;
  float *x;
  float *y;
  guint32 *rgba;
  guint32 *rows;
  double radius;
  ShsPointShape shape;
} ShsPoints;

/** ShsImage: @pixels: width * height values 0xRRGGBBAA, row by row, stretched over the mark's box.
 */
typedef struct
{
  guint width, height;
  guint32 *pixels;
  gboolean smooth;
} ShsImage;

/**
 * ShsMark: one entry of the display list.
 * @box: bounds; for rectangles, images and clips the thing itself
 */
typedef struct
{
  ShsMarkType type;
  ShsLayer layer;
  ShsMarkKey key;
  ShsRectangle box;
  ShsColor fill;
  ShsStroke stroke;
  union
  {
    ShsPath path; /* also polylines: MOVE, then LINEs */
    ShsText text;
    ShsPoints points;
    ShsImage image;
  };
} ShsMark;

/** ShsScene: built by one thread, immutable afterwards, reference counted. */
typedef struct _ShsScene ShsScene;

ShsScene *shs_scene_new (double width, double height);
ShsScene *shs_scene_ref (ShsScene *self);
void shs_scene_unref (ShsScene *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsScene, shs_scene_unref)

double shs_scene_get_width (const ShsScene *self);
double shs_scene_get_height (const ShsScene *self);
gsize shs_scene_get_n_marks (const ShsScene *self);
const ShsMark *shs_scene_get_mark (const ShsScene *self, gsize index);

/** shs_scene_set_title: what the picture is, in one line: document title, accessible name. */
void shs_scene_set_title (ShsScene *self, const char *title);
const char *shs_scene_get_title (const ShsScene *self);
/** shs_scene_set_description: what it shows, in words, for those who do not see it. */
void shs_scene_set_description (ShsScene *self, const char *description);
const char *shs_scene_get_description (const ShsScene *self);
/** shs_scene_set_partner: the feature whose value colours the points of another one; -1 for none.
 */
void shs_scene_set_partner (ShsScene *self, gint32 feature);
gint32 shs_scene_get_partner (const ShsScene *self);

void shs_scene_add_rectangle (ShsScene *self, ShsLayer layer, ShsMarkKey key, ShsRectangle box,
                              ShsColor fill, ShsStroke stroke);
void shs_scene_add_line (ShsScene *self, ShsLayer layer, ShsMarkKey key, double x1, double y1,
                         double x2, double y2, ShsStroke stroke);
/** shs_scene_add_polyline: @coordinates: @n points, x and y in turn; copied. */
void shs_scene_add_polyline (ShsScene *self, ShsLayer layer, ShsMarkKey key,
                             const double *coordinates, gsize n, ShsStroke stroke);

/** ShsPathBuilder: collects the steps of a path. */
typedef struct
{
  GByteArray *steps;
  GArray *coordinates;
} ShsPathBuilder;

ShsPathBuilder shs_path_builder_init (void);
/** shs_path_builder_clear: for a path that is not added to a scene. */
void shs_path_builder_clear (ShsPathBuilder *self);
void shs_path_builder_move (ShsPathBuilder *self, double x, double y);
void shs_path_builder_line (ShsPathBuilder *self, double x, double y);
void shs_path_builder_curve (ShsPathBuilder *self, double x1, double y1, double x2, double y2,
                             double x, double y);
void shs_path_builder_close (ShsPathBuilder *self);
/** shs_scene_add_path: takes over and clears @path. */
void shs_scene_add_path (ShsScene *self, ShsLayer layer, ShsMarkKey key, ShsPathBuilder *path,
                         ShsColor fill, ShsStroke stroke);

/**
 * shs_scene_add_points: @points: (transfer full): arrays of shs_alloc() of @points->n elements;
 *   NULL rows are 0, 1, 2, ...
 */
void shs_scene_add_points (ShsScene *self, ShsLayer layer, ShsMarkKey key, ShsPoints points);
/** shs_scene_add_image: @pixels: (transfer full): of shs_alloc(). */
void shs_scene_add_image (ShsScene *self, ShsLayer layer, ShsMarkKey key, ShsRectangle box,
                          guint width, guint height, guint32 *pixels, gboolean smooth);
void shs_scene_begin_clip (ShsScene *self, ShsLayer layer, ShsRectangle box);
void shs_scene_end_clip (ShsScene *self, ShsLayer layer);

/** ShsTextExtents: of one line; @ascent above and @descent below the baseline, both >= 0. */
typedef struct
{
  double width, ascent, descent;
} ShsTextExtents;

/**
 * ShsTextMeasurer: what a plot builder may know about fonts. render/ has the real one; tests have
 * one of fixed width.
 */
typedef struct _ShsTextMeasurer ShsTextMeasurer;
struct _ShsTextMeasurer
{
  void (*measure) (ShsTextMeasurer *self, const char *text, ShsFont font, ShsTextExtents *extents);
  /* (transfer full): @text cut at a grapheme border with an ellipsis, at most @width wide */
  char *(*elide) (ShsTextMeasurer *self, const char *text, ShsFont font, double width);
};

/** shs_text_width: width of one line. */
double shs_text_width (ShsTextMeasurer *measurer, const char *text, ShsFont font);

/** ShsTextPlace: where and how a text is put. @max_width: > 0 elides longer text. @whole:
 * (nullable): what the text stands for where it is a shorter form of it. */
typedef struct
{
  double x, y;
  ShsAnchor anchor;
  ShsFont font;
  ShsColor color;
  double rotation;
  double max_width;
  const char *whole;
} ShsTextPlace;

/** shs_scene_add_text: measures, elides where needed, and adds one line of text. */
void shs_scene_add_text (ShsScene *self, ShsLayer layer, ShsMarkKey key, const char *text,
                         ShsTextPlace place, ShsTextMeasurer *measurer);

/**
 * shs_scene_try_text: as shs_scene_add_text(), but adds nothing and returns FALSE when the text
 * would leave the figure or touch a text that is already there.
 *
 * Builders place every text with it, the most important first: what does not fit is left out.
 */
gboolean shs_scene_try_text (ShsScene *self, ShsLayer layer, ShsMarkKey key, const char *text,
                             ShsTextPlace place, ShsTextMeasurer *measurer);

/** shs_scene_has_room: whether shs_scene_try_text() would add it. */
gboolean shs_scene_has_room (const ShsScene *self, const char *text, ShsTextPlace place,
                             ShsTextMeasurer *measurer);

/**
 * ShsHit: what lies under the pointer.
 * @mark: index of the mark
 * @point: index within a point cloud, or -1
 * @key: the mark's key, with the row of the point
 * @x, @y: centre of what was hit
 */
typedef struct
{
  gsize mark;
  gssize point;
  ShsMarkKey key;
  double x, y;
} ShsHit;

/**
 * shs_scene_pick:
 * @tolerance: points around the pointer that still count
 *
 * Returns: whether a mark with a row, a feature or an elided text lies at (@x, @y); the topmost
 *   mark wins, among points the nearest
 */
gboolean shs_scene_pick (const ShsScene *self, double x, double y, double tolerance, ShsHit *hit);

/** shs_scene_pick_rows: (transfer full): rows (guint32) of all points inside @box, ascending, once.
 */
GArray *shs_scene_pick_rows (const ShsScene *self, ShsRectangle box);

/**
 * shs_scene_highlight:
 * @selected: (nullable): n_rows bytes, not 0 for selected rows
 * @primary: the primary row, or -1
 * @feature: the picked feature, or -1
 * @accent: colour of rings and frames
 *
 * Returns: (transfer full): a scene of the same size with overlay marks only: selected rows in full
 *   strength, the primary row ringed, the feature's row marked. It is drawn over @self.
 */
ShsScene *shs_scene_highlight (const ShsScene *self, const guint8 *selected, gsize n_rows,
                               gint64 primary, gint32 feature, ShsColor accent);

/** shs_scene_to_text: (transfer full): every mark as a line of text, numbers to 1e-6. */
char *shs_scene_to_text (const ShsScene *self);

G_END_DECLS
