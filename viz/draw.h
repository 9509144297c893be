/*
 * draw.h - a picture as a list of commands: what views write, and what one file
 * that knows SDL turns into pixels.
 *
 * Nothing here knows a screen. Sizes of text come from a table of advances
 * that the window measured once, so a view can lay out without the window. All
 * sizes are pixels. A list has fixed room from an arena; commands that do not
 * fit are left out as a whole, and counted.
 */
#ifndef VIZ_DRAW_H
#define VIZ_DRAW_H

#include "sim/base.h"

struct arena;

typedef uint32_t draw_color; /* 0xAARRGGBB. */

struct draw_box {
    int32_t x, y, w, h;
};

enum draw_font {
    DRAW_SMALL, /* Labels on axes, numbers in boxes. */
    DRAW_BODY,
    DRAW_BOLD,  /* Titles of panels. */
    DRAW_LARGE, /* The one figure of a panel. */
    DRAW_MONO,  /* Registers, code, consoles. */
    DRAW_FONT_COUNT
};

/* ASCII from ' ' to '~', then draw_extra_glyphs. */
#define DRAW_ASCII_COUNT 95
#define DRAW_EXTRA_COUNT 11
#define DRAW_GLYPH_COUNT (DRAW_ASCII_COUNT + DRAW_EXTRA_COUNT)

/* Code points beyond ASCII that text may hold, in UTF-8. */
extern const uint16_t draw_extra_glyphs[DRAW_EXTRA_COUNT];

struct draw_metrics {
    struct {
        uint8_t height; /* Of a line. */
        uint8_t advance[DRAW_GLYPH_COUNT];
    } fonts[DRAW_FONT_COUNT];
};

enum draw_kind {
    DRAW_CLIP,  /* Later commands draw inside `box` only. */
    DRAW_FILL,  /* `box` in `color`; its alpha counts. */
    DRAW_TEXT,  /* `at`: first byte in texts; `count` of them. */
    DRAW_IMAGE, /* `at`: first pixel; columns x rows, stretched to `box`. */
    DRAW_LAYER, /* Later commands draw over all earlier ones. */
};

struct draw_command {
    struct draw_box box; /* TEXT: exactly what it covers. */
    draw_color color;
    uint32_t at, count;
    uint16_t columns, rows; /* IMAGE. */
    uint8_t kind, font;
};

#define DRAW_COMMAND_LIMIT (1u << 17)
#define DRAW_TEXT_LIMIT    (1u << 20)
#define DRAW_PIXEL_LIMIT   (1u << 23) /* A whole screen of 3840 x 2160. */

struct draw_list {
    const struct draw_metrics *metrics; /* Borrowed. */
    struct draw_command *commands;
    char *texts;
    draw_color *pixels;
    uint32_t count, text_bytes, pixel_count;
    uint32_t left_out;  /* Commands that found no room. */
    uint32_t shortened; /* Texts that ended in an ellipsis. */
    struct draw_box clip;
};

/* False: the arena is full. */
SIM_MUST_USE bool draw_init(struct draw_list *d, struct arena *arena);

/* Begins a picture of `width` by `height`, clipped to it. */
void draw_begin(struct draw_list *d, const struct draw_metrics *metrics,
                int32_t width, int32_t height);

void draw_clip(struct draw_list *d, struct draw_box box);
void draw_layer(struct draw_list *d);
void draw_fill(struct draw_list *d, struct draw_box box, draw_color color);

/* The box's edge, one pixel wide, inside it. */
void draw_edge(struct draw_list *d, struct draw_box box, draw_color color);

/* Returns pixels for the caller to write, row by row. NULL: there is no
   room. */
draw_color *draw_image(struct draw_list *d, struct draw_box box,
                       uint32_t columns, uint32_t rows);

/* Draws text whose top left corner is at x, y. Returns the width. */
int32_t draw_text(struct draw_list *d, enum draw_font font, int32_t x,
                  int32_t y, draw_color color, const char *text);

/* Draws text, with an ellipsis if it would be wider than `width`. */
int32_t draw_text_within(struct draw_list *d, enum draw_font font,
                         struct draw_box at, draw_color color,
                         const char *text);

int32_t draw_text_width(const struct draw_metrics *m, enum draw_font font,
                        const char *text);

/* Returns the glyph at *text, and moves *text past it; unknown ones are '?'. */
uint32_t draw_next_glyph(const char **text);

/* `share` of 256 of `a`, the rest of `b`; opaque. */
draw_color draw_mix(draw_color a, draw_color b, uint32_t share);

bool draw_box_has(struct draw_box box, int32_t x, int32_t y);

/* Smaller by `by` on each side. */
struct draw_box draw_inset(struct draw_box box, int32_t by);

#endif /* VIZ_DRAW_H */
