/* draw.c - see draw.h. */
#include "viz/draw.h"

#include <string.h>

#include "sim/arena.h"
#include "sim/banned.h"

#define ELLIPSIS "\xe2\x80\xa6"

/* Middle dot, times, micro, en dash, ellipsis, arrows, pause, triangles. */
const uint16_t draw_extra_glyphs[DRAW_EXTRA_COUNT] = {
    0x00b7, 0x00d7, 0x00b5, 0x2013, 0x2026, 0x2190,
    0x2192, 0x2016, 0x25b6, 0x25be, 0x2022,
};

bool draw_init(struct draw_list *d, struct arena *arena)
{
    *d = (struct draw_list){ 0 };
    d->commands = arena_alloc(arena, DRAW_COMMAND_LIMIT * sizeof(*d->commands),
                              alignof(struct draw_command));
    d->texts = arena_alloc(arena, DRAW_TEXT_LIMIT, 1);
    d->pixels = arena_alloc(arena, DRAW_PIXEL_LIMIT * sizeof(*d->pixels),
                            alignof(draw_color));
    return d->commands && d->texts && d->pixels;
}

void draw_begin(struct draw_list *d, const struct draw_metrics *metrics,
                int32_t width, int32_t height)
{
    d->metrics = metrics;
    d->count = 0;
    d->text_bytes = 0;
    d->pixel_count = 0;
    d->left_out = 0;
    d->shortened = 0;
    draw_clip(d, (struct draw_box){ 0, 0, width, height });
}

static struct draw_command *add(struct draw_list *d, enum draw_kind kind,
                                struct draw_box box, draw_color color)
{
    if (d->count == DRAW_COMMAND_LIMIT) {
        d->left_out++;
        return NULL;
    }
    struct draw_command *c = &d->commands[d->count++];
    *c = (struct draw_command){ .kind = (uint8_t)kind,
                                .box = box,
                                .color = color };
    return c;
}

void draw_clip(struct draw_list *d, struct draw_box box)
{
    d->clip = box;
    add(d, DRAW_CLIP, box, 0);
}

void draw_layer(struct draw_list *d)
{
    add(d, DRAW_LAYER, d->clip, 0);
}

void draw_fill(struct draw_list *d, struct draw_box box, draw_color color)
{
    if (box.w > 0 && box.h > 0) {
        add(d, DRAW_FILL, box, color);
    }
}

void draw_edge(struct draw_list *d, struct draw_box box, draw_color color)
{
    draw_fill(d, (struct draw_box){ box.x, box.y, box.w, 1 }, color);
    draw_fill(d, (struct draw_box){ box.x, box.y + box.h - 1, box.w, 1 },
              color);
    draw_fill(d, (struct draw_box){ box.x, box.y + 1, 1, box.h - 2 }, color);
    draw_fill(d,
              (struct draw_box){ box.x + box.w - 1, box.y + 1, 1, box.h - 2 },
              color);
}

draw_color *draw_image(struct draw_list *d, struct draw_box box,
                       uint32_t columns, uint32_t rows)
{
    uint64_t count = (uint64_t)columns * rows;
    if (count == 0 || columns > UINT16_MAX || rows > UINT16_MAX ||
        count > DRAW_PIXEL_LIMIT - d->pixel_count) {
        d->left_out++;
        return NULL;
    }
    struct draw_command *c = add(d, DRAW_IMAGE, box, 0);
    if (!c) {
        return NULL;
    }
    c->at = d->pixel_count;
    c->count = (uint32_t)count;
    c->columns = (uint16_t)columns;
    c->rows = (uint16_t)rows;
    d->pixel_count += c->count;
    return &d->pixels[c->at];
}

uint32_t draw_next_glyph(const char **text)
{
    const uint8_t *s = (const uint8_t *)*text;
    uint32_t code = s[0];
    uint32_t bytes = 1;
    if (s[0] >= 0xe0 && s[1] != 0 && s[2] != 0) {
        code = (s[0] & 0x0fu) << 12 | (s[1] & 0x3fu) << 6 | (s[2] & 0x3fu);
        bytes = 3;
    } else if (s[0] >= 0xc0 && s[0] < 0xe0 && s[1] != 0) {
        code = (s[0] & 0x1fu) << 6 | (s[1] & 0x3fu);
        bytes = 2;
    }
    *text += bytes;
    if (code >= ' ' && code <= '~') {
        return code - ' ';
    }
    for (uint32_t i = 0; i < DRAW_EXTRA_COUNT; i++) {
        if (draw_extra_glyphs[i] == code) {
            return DRAW_ASCII_COUNT + i;
        }
    }
    return '?' - ' ';
}

int32_t draw_text_width(const struct draw_metrics *m, enum draw_font font,
                        const char *text)
{
    int32_t width = 0;
    while (*text != '\0') {
        width += m->fonts[font].advance[draw_next_glyph(&text)];
    }
    return width;
}

/* `bytes` of `text`, and `tail` after them. */
static int32_t put_text(struct draw_list *d, enum draw_font font,
                        struct draw_box box, draw_color color,
                        const char *const parts[2], const size_t bytes[2])
{
    size_t sum = bytes[0] + bytes[1];
    if (sum == 0) {
        return 0;
    }
    if (sum > DRAW_TEXT_LIMIT - d->text_bytes) {
        d->left_out++;
        return box.w;
    }
    struct draw_command *c = add(d, DRAW_TEXT, box, color);
    if (c) {
        c->font = (uint8_t)font;
        c->at = d->text_bytes;
        c->count = (uint32_t)sum;
        memcpy(d->texts + c->at, parts[0], bytes[0]);
        memcpy(d->texts + c->at + bytes[0], parts[1], bytes[1]);
        d->text_bytes += c->count;
    }
    return box.w;
}

int32_t draw_text(struct draw_list *d, enum draw_font font, int32_t x,
                  int32_t y, draw_color color, const char *text)
{
    struct draw_box box = { x, y, draw_text_width(d->metrics, font, text),
                            d->metrics->fonts[font].height };
    return put_text(d, font, box, color, (const char *const[2]){ text, "" },
                    (const size_t[2]){ strlen(text), 0 });
}

int32_t draw_text_within(struct draw_list *d, enum draw_font font,
                         struct draw_box at, draw_color color, const char *text)
{
    int32_t whole = draw_text_width(d->metrics, font, text);
    if (whole <= at.w) {
        return draw_text(d, font, at.x, at.y, color, text);
    }
    d->shortened++;
    int32_t tail = draw_text_width(d->metrics, font, ELLIPSIS);
    int32_t width = 0;
    const char *end = text;
    for (const char *next = text; *next != '\0'; end = next) {
        int32_t advance =
            d->metrics->fonts[font].advance[draw_next_glyph(&next)];
        if (width + advance + tail > at.w) {
            break;
        }
        width += advance;
    }
    if (width + tail > at.w) {
        return 0;
    }
    struct draw_box box = { at.x, at.y, width + tail,
                            d->metrics->fonts[font].height };
    return put_text(
        d, font, box, color, (const char *const[2]){ text, ELLIPSIS },
        (const size_t[2]){ (size_t)(end - text), sizeof(ELLIPSIS) - 1 });
}

draw_color draw_mix(draw_color a, draw_color b, uint32_t share)
{
    draw_color mixed = 0xff000000u;
    for (uint32_t shift = 0; shift < 24; shift += 8) {
        uint32_t of_a = (a >> shift) & 0xff;
        uint32_t of_b = (b >> shift) & 0xff;
        mixed |= ((of_a * share + of_b * (256 - share)) >> 8) << shift;
    }
    return mixed;
}

bool draw_box_has(struct draw_box box, int32_t x, int32_t y)
{
    return x >= box.x && x < box.x + box.w && y >= box.y && y < box.y + box.h;
}

struct draw_box draw_inset(struct draw_box box, int32_t by)
{
    return (struct draw_box){ box.x + by, box.y + by, box.w - 2 * by,
                              box.h - 2 * by };
}
