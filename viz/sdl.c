/*
 * sdl.c - the only file that knows SDL: turns a command list into pixels, and
 * what a person does into events.
 *
 * It draws with SDL's software renderer on a surface in memory, the same with
 * and without a screen, so a picture does not depend on a display. Text comes
 * from an atlas: each glyph is drawn once when the fonts are opened.
 */
#include <stdio.h>
#include <string.h>

#include <SDL.h>
#include <SDL_image.h>
#include <SDL_ttf.h>

#include "sim/arena.h"
#include "viz/paint.h"
#include "viz/window.h"

#include "sim/banned.h"

struct face {
    SDL_Texture *atlas; /* All glyphs in a row, white. */
    SDL_Rect glyphs[DRAW_GLYPH_COUNT];
};

struct window {
    SDL_Window *screen; /* NULL: in memory only. */
    SDL_Surface *surface;
    SDL_Renderer *renderer;
    SDL_Texture *stream; /* Images pass through it. */
    int stream_w, stream_h;
    struct face faces[DRAW_FONT_COUNT];
    struct draw_metrics metrics;
    double scale;
};

static void say(char message[WINDOW_MESSAGE_BYTES], const char *what)
{
    snprintf(message, WINDOW_MESSAGE_BYTES, "%s: %s", what, SDL_GetError());
}

/* ---- Fonts -------------------------------------------------------------- */

struct font_look {
    const char *file;
    int points; /* At scale 1. */
};

static const struct font_look font_looks[DRAW_FONT_COUNT] = {
    [DRAW_SMALL] = { "DejaVuSans.ttf", 11 },
    [DRAW_BODY] = { "DejaVuSans.ttf", 12 },
    [DRAW_BOLD] = { "DejaVuSans-Bold.ttf", 12 },
    [DRAW_LARGE] = { "DejaVuSans.ttf", 17 },
    [DRAW_MONO] = { "DejaVuSansMono.ttf", 11 },
};

/* Where the packages of fonts put them. */
static const char *const font_folders[] = {
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/dejavu-sans-fonts",
    "/usr/share/fonts/TTF",
    "/usr/share/fonts/dejavu",
};

static TTF_Font *open_font(const struct font_look *look, double scale)
{
    int size = (int)(look->points * scale + 0.5);
    for (size_t i = 0; i < sizeof(font_folders) / sizeof(font_folders[0]);
         i++) {
        char path[256];
        snprintf(path, sizeof(path), "%s/%s", font_folders[i], look->file);
        TTF_Font *font = TTF_OpenFont(path, size);
        if (font) {
            TTF_SetFontHinting(font, TTF_HINTING_LIGHT);
            return font;
        }
    }
    return NULL;
}

static uint16_t code_of(uint32_t glyph)
{
    return (uint16_t)(glyph < DRAW_ASCII_COUNT
                          ? ' ' + glyph
                          : draw_extra_glyphs[glyph - DRAW_ASCII_COUNT]);
}

/* Hinting can push a glyph below what the font says of its height. */
static int line_height(TTF_Font *font)
{
    int height = TTF_FontHeight(font);
    int ascent = TTF_FontAscent(font);
    for (uint32_t g = 0; g < DRAW_ASCII_COUNT; g++) {
        int lowest = 0;
        TTF_GlyphMetrics(font, code_of(g), NULL, NULL, &lowest, NULL, NULL);
        height = ascent - lowest > height ? ascent - lowest : height;
    }
    return height;
}

/* Draws all glyphs in a row, and notes where each is. */
static SDL_Surface *draw_glyphs(struct window *w, enum draw_font f,
                                TTF_Font *font)
{
    int height = line_height(font);
    int width = 0;
    for (uint32_t g = 0; g < DRAW_GLYPH_COUNT; g++) {
        int advance = 0;
        TTF_GlyphMetrics(font, code_of(g), NULL, NULL, NULL, NULL, &advance);
        advance = advance < 0 ? 0 : advance > 255 ? 255 : advance;
        w->metrics.fonts[f].advance[g] = (uint8_t)advance;
        w->faces[f].glyphs[g] = (SDL_Rect){ width, 0, advance, height };
        width += advance + 1;
    }
    w->metrics.fonts[f].height = (uint8_t)(height > 255 ? 255 : height);
    SDL_Surface *row = SDL_CreateRGBSurfaceWithFormat(0, width, height, 32,
                                                      SDL_PIXELFORMAT_ARGB8888);
    for (uint32_t g = 0; row && g < DRAW_GLYPH_COUNT; g++) {
        SDL_Color white = { 255, 255, 255, 255 };
        SDL_Surface *glyph = TTF_RenderGlyph_Blended(font, code_of(g), white);
        if (!glyph) {
            continue; /* A blank has no picture. */
        }
        SDL_SetSurfaceBlendMode(glyph, SDL_BLENDMODE_NONE);
        SDL_Rect from = { 0, 0, w->faces[f].glyphs[g].w, glyph->h };
        SDL_Rect to = w->faces[f].glyphs[g];
        SDL_BlitSurface(glyph, &from, row, &to);
        SDL_FreeSurface(glyph);
    }
    return row;
}

static bool load_face(struct window *w, enum draw_font f, double scale,
                      char message[WINDOW_MESSAGE_BYTES])
{
    TTF_Font *font = open_font(&font_looks[f], scale);
    if (!font) {
        snprintf(message, WINDOW_MESSAGE_BYTES,
                 "the font %s is not on this machine: install the package "
                 "fonts-dejavu-core",
                 font_looks[f].file);
        return false;
    }
    SDL_Surface *row = draw_glyphs(w, f, font);
    TTF_CloseFont(font);
    struct face *face = &w->faces[f];
    if (face->atlas) {
        SDL_DestroyTexture(face->atlas);
    }
    face->atlas = row ? SDL_CreateTextureFromSurface(w->renderer, row) : NULL;
    SDL_FreeSurface(row);
    if (!face->atlas) {
        say(message, "no room for letters");
        return false;
    }
    SDL_SetTextureBlendMode(face->atlas, SDL_BLENDMODE_BLEND);
    return true;
}

static const struct draw_metrics *sdl_fonts(struct window *w, double scale,
                                            char message[WINDOW_MESSAGE_BYTES])
{
    if (w->scale > 0 && w->scale >= scale && w->scale <= scale) {
        return &w->metrics;
    }
    for (int f = 0; f < DRAW_FONT_COUNT; f++) {
        if (!load_face(w, (enum draw_font)f, scale, message)) {
            return NULL;
        }
    }
    w->scale = scale;
    return &w->metrics;
}

/* ---- Opening and closing ------------------------------------------------ */

static void drop_textures(struct window *w)
{
    for (int f = 0; f < DRAW_FONT_COUNT; f++) {
        if (w->faces[f].atlas) {
            SDL_DestroyTexture(w->faces[f].atlas);
            w->faces[f].atlas = NULL;
        }
    }
    if (w->stream) {
        SDL_DestroyTexture(w->stream);
        w->stream = NULL;
    }
    w->scale = 0;
}

static void sdl_close(struct window *w)
{
    if (!w) {
        return;
    }
    drop_textures(w);
    if (w->renderer) {
        SDL_DestroyRenderer(w->renderer);
    }
    if (w->surface && !w->screen) {
        SDL_FreeSurface(w->surface);
    }
    if (w->screen) {
        SDL_DestroyWindow(w->screen);
    }
    TTF_Quit();
    SDL_Quit();
}

/* The surface of a window is another after its size has changed. */
static bool make_renderer(struct window *w, int32_t width, int32_t height)
{
    drop_textures(w);
    if (w->renderer) {
        SDL_DestroyRenderer(w->renderer);
        w->renderer = NULL;
    }
    w->surface = w->screen
                     ? SDL_GetWindowSurface(w->screen)
                     : SDL_CreateRGBSurfaceWithFormat(0, width, height, 32,
                                                      SDL_PIXELFORMAT_ARGB8888);
    if (w->surface) {
        w->renderer = SDL_CreateSoftwareRenderer(w->surface);
    }
    return w->renderer;
}

/* Where there is no display, SDL falls back to one that nobody sees. */
static bool is_seen(void)
{
    static const char *const unseen[] = { "offscreen", "dummy", "evdev" };
    const char *driver = SDL_GetCurrentVideoDriver();
    for (size_t i = 0; driver && i < sizeof(unseen) / sizeof(unseen[0]); i++) {
        if (strcmp(driver, unseen[i]) == 0) {
            return false;
        }
    }
    return driver;
}

static struct window *sdl_open(struct arena *arena,
                               const struct window_options *o,
                               char message[WINDOW_MESSAGE_BYTES])
{
    struct window *w = arena_alloc(arena, sizeof(*w), alignof(struct window));
    if (!w) {
        snprintf(message, WINDOW_MESSAGE_BYTES, "out of memory");
        return NULL;
    }
    SDL_SetMainReady();
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    if (SDL_Init(o->on_screen ? SDL_INIT_VIDEO : 0) != 0) {
        say(message, "there is no display to open a window on (--screenshot "
                     "needs none)");
        return NULL;
    }
    if (o->on_screen && !is_seen()) {
        snprintf(message, WINDOW_MESSAGE_BYTES,
                 "there is no display to open a window on (--screenshot needs "
                 "none)");
        SDL_Quit();
        return NULL;
    }
    if (TTF_Init() != 0) {
        say(message, "no letters");
        SDL_Quit();
        return NULL;
    }
    if (o->on_screen) {
        w->screen = SDL_CreateWindow(o->title, SDL_WINDOWPOS_UNDEFINED,
                                     SDL_WINDOWPOS_UNDEFINED, o->width,
                                     o->height, SDL_WINDOW_RESIZABLE);
    }
    if ((o->on_screen && !w->screen) ||
        !make_renderer(w, o->width, o->height)) {
        say(message, "the window cannot be opened");
        sdl_close(w);
        return NULL;
    }
    if (w->screen) {
        SDL_SetWindowMinimumSize(w->screen, 1024, 700);
        SDL_StartTextInput();
    }
    return w;
}

static void sdl_size(const struct window *w, int32_t *width, int32_t *height)
{
    *width = w->surface->w;
    *height = w->surface->h;
}

/* ---- Showing ------------------------------------------------------------ */

static SDL_Rect rect_of(struct draw_box box)
{
    return (SDL_Rect){ box.x, box.y, box.w, box.h };
}

/* Boxes that lie behind each other in the list and share a colour are filled
   by one call. */
#define FILL_BATCH 512

static uint32_t show_fills(struct window *w, const struct draw_list *list,
                           uint32_t at)
{
    SDL_Rect rects[FILL_BATCH];
    draw_color color = list->commands[at].color;
    int count = 0;
    while (at < list->count && count < FILL_BATCH &&
           list->commands[at].kind == DRAW_FILL &&
           list->commands[at].color == color) {
        rects[count++] = rect_of(list->commands[at++].box);
    }
    uint8_t alpha = (uint8_t)(color >> 24);
    SDL_SetRenderDrawBlendMode(w->renderer, alpha < 255 ? SDL_BLENDMODE_BLEND
                                                        : SDL_BLENDMODE_NONE);
    SDL_SetRenderDrawColor(w->renderer, (uint8_t)(color >> 16),
                           (uint8_t)(color >> 8), (uint8_t)color, alpha);
    SDL_RenderFillRects(w->renderer, rects, count);
    return at;
}

static void show_text(struct window *w, const struct draw_list *list,
                      const struct draw_command *c)
{
    struct face *face = &w->faces[c->font];
    char text[512];
    snprintf(text, sizeof(text), "%.*s", (int)c->count, list->texts + c->at);
    SDL_SetTextureColorMod(face->atlas, (uint8_t)(c->color >> 16),
                           (uint8_t)(c->color >> 8), (uint8_t)c->color);
    int32_t x = c->box.x;
    for (const char *s = text; *s != '\0';) {
        uint32_t glyph = draw_next_glyph(&s);
        SDL_Rect from = face->glyphs[glyph];
        SDL_Rect to = { x, c->box.y, from.w, from.h };
        if (glyph != 0) {
            SDL_RenderCopy(w->renderer, face->atlas, &from, &to);
        }
        x += from.w;
    }
}

static void show_image(struct window *w, const struct draw_list *list,
                       const struct draw_command *c)
{
    if (!w->stream || w->stream_w < c->columns || w->stream_h < c->rows) {
        if (w->stream) {
            SDL_DestroyTexture(w->stream);
        }
        w->stream_w = c->columns > w->stream_w ? c->columns : w->stream_w;
        w->stream_h = c->rows > w->stream_h ? c->rows : w->stream_h;
        w->stream = SDL_CreateTexture(w->renderer, SDL_PIXELFORMAT_ARGB8888,
                                      SDL_TEXTUREACCESS_STREAMING, w->stream_w,
                                      w->stream_h);
        SDL_SetTextureBlendMode(w->stream, SDL_BLENDMODE_NONE);
    }
    SDL_Rect part = { 0, 0, c->columns, c->rows };
    SDL_Rect to = rect_of(c->box);
    SDL_UpdateTexture(w->stream, &part, list->pixels + c->at,
                      c->columns * (int)sizeof(draw_color));
    SDL_RenderCopy(w->renderer, w->stream, &part, &to);
    /* The next image must not overtake this one in the same texture. */
    SDL_RenderFlush(w->renderer);
}

static void sdl_show(struct window *w, const struct draw_list *list)
{
    for (uint32_t i = 0; i < list->count;) {
        const struct draw_command *c = &list->commands[i];
        switch ((enum draw_kind)c->kind) {
        case DRAW_CLIP: {
            SDL_Rect clip = rect_of(c->box);
            SDL_RenderSetClipRect(w->renderer, &clip);
            break;
        }
        case DRAW_FILL:
            i = show_fills(w, list, i);
            continue;
        case DRAW_TEXT:
            show_text(w, list, c);
            break;
        case DRAW_IMAGE:
            show_image(w, list, c);
            break;
        case DRAW_LAYER:
            break;
        }
        i++;
    }
    SDL_RenderFlush(w->renderer);
    if (w->screen) {
        SDL_UpdateWindowSurface(w->screen);
    }
}

/* A full disk is seen by whoever closes the file, which IMG_SavePNG does not
   look at. */
static bool write_png(SDL_Surface *picture, const char *path,
                      char message[WINDOW_MESSAGE_BYTES])
{
    SDL_RWops *file = SDL_RWFromFile(path, "wb");
    bool is_whole = file && IMG_SavePNG_RW(picture, file, 0) == 0;
    is_whole = (!file || SDL_RWclose(file) == 0) && is_whole;
    if (!is_whole) {
        snprintf(message, WINDOW_MESSAGE_BYTES, "cannot write '%s': %s", path,
                 SDL_GetError());
    }
    return is_whole;
}

static bool sdl_save(struct window *w, const char *path,
                     char message[WINDOW_MESSAGE_BYTES])
{
    /* Without alpha, which is always 255. */
    SDL_Surface *plain =
        SDL_ConvertSurfaceFormat(w->surface, SDL_PIXELFORMAT_RGB24, 0);
    bool is_saved = plain && write_png(plain, path, message);
    SDL_FreeSurface(plain);
    return is_saved;
}

/* ---- Events ------------------------------------------------------------- */

static const struct {
    SDL_Keycode code;
    enum window_key key;
} keys[] = {
    { SDLK_ESCAPE, WINDOW_ESCAPE },
    { SDLK_RETURN, WINDOW_ENTER },
    { SDLK_KP_ENTER, WINDOW_ENTER },
    { SDLK_BACKSPACE, WINDOW_BACKSPACE },
    { SDLK_TAB, WINDOW_TAB },
    { SDLK_RIGHT, WINDOW_RIGHT },
    { SDLK_LEFT, WINDOW_BACK },
    { SDLK_HOME, WINDOW_HOME },
    { SDLK_END, WINDOW_END },
    { SDLK_PAGEUP, WINDOW_PAGE_UP },
    { SDLK_PAGEDOWN, WINDOW_PAGE_DOWN },
    { SDLK_F1, WINDOW_F1 },
};

#define KEY_COUNT (sizeof(keys) / sizeof(keys[0]))

static bool translate_key(const SDL_KeyboardEvent *e, struct window_event *out)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (keys[i].code == e->keysym.sym) {
            out->kind = WINDOW_KEY;
            out->key = keys[i].key;
            out->has_shift = (e->keysym.mod & KMOD_SHIFT) != 0;
            return true;
        }
    }
    return false;
}

/* A window of another size has another surface. */
static bool translate_window(struct window *w, const SDL_WindowEvent *e,
                             struct window_event *out)
{
    if (e->event == SDL_WINDOWEVENT_SIZE_CHANGED) {
        out->kind = make_renderer(w, 0, 0) ? WINDOW_RESIZED : WINDOW_QUIT;
        out->x = e->data1;
        out->y = e->data2;
        return true;
    }
    out->kind = WINDOW_LEFT;
    return e->event == SDL_WINDOWEVENT_LEAVE;
}

/* False: it means nothing here. */
static bool translate(struct window *w, const SDL_Event *e,
                      struct window_event *out)
{
    *out = (struct window_event){ 0 };
    switch (e->type) {
    case SDL_QUIT:
        out->kind = WINDOW_QUIT;
        return true;
    case SDL_KEYDOWN:
        return translate_key(&e->key, out);
    case SDL_TEXTINPUT:
        out->kind = WINDOW_TYPED;
        out->typed = e->text.text[0];
        return out->typed > 0;
    case SDL_MOUSEMOTION:
        out->kind = WINDOW_MOVED;
        out->x = e->motion.x;
        out->y = e->motion.y;
        return true;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        out->kind = e->type == SDL_MOUSEBUTTONDOWN ? WINDOW_DOWN : WINDOW_UP;
        out->x = e->button.x;
        out->y = e->button.y;
        return e->button.button == SDL_BUTTON_LEFT;
    case SDL_MOUSEWHEEL:
        out->kind = WINDOW_WHEEL;
        out->wheel = e->wheel.y;
        return true;
    case SDL_WINDOWEVENT:
        return translate_window(w, &e->window, out);
    default:
        return false;
    }
}

static bool sdl_poll(struct window *w, struct window_event *event)
{
    SDL_Event e;
    while (w->screen && SDL_PollEvent(&e)) {
        if (translate(w, &e, event)) {
            return true;
        }
    }
    return false;
}

void window_sdl_inject(struct window *w, const struct window_event *event)
{
    SDL_Event e = { 0 };
    uint32_t id = w->screen ? SDL_GetWindowID(w->screen) : 0;
    switch (event->kind) {
    case WINDOW_QUIT:
        e.type = SDL_QUIT;
        break;
    case WINDOW_KEY:
        e.type = SDL_KEYDOWN;
        e.key.windowID = id;
        for (size_t i = 0; i < KEY_COUNT; i++) {
            if (keys[i].key == event->key) {
                e.key.keysym.sym = keys[i].code;
            }
        }
        e.key.keysym.mod = event->has_shift ? KMOD_LSHIFT : KMOD_NONE;
        break;
    case WINDOW_TYPED:
        e.type = SDL_TEXTINPUT;
        e.text.windowID = id;
        e.text.text[0] = event->typed;
        break;
    case WINDOW_MOVED:
    case WINDOW_LEFT:
        e.type = SDL_MOUSEMOTION;
        e.motion.windowID = id;
        e.motion.x = event->x;
        e.motion.y = event->y;
        break;
    case WINDOW_DOWN:
    case WINDOW_UP:
        e.type = event->kind == WINDOW_DOWN ? SDL_MOUSEBUTTONDOWN
                                            : SDL_MOUSEBUTTONUP;
        e.button.windowID = id;
        e.button.button = SDL_BUTTON_LEFT;
        e.button.x = event->x;
        e.button.y = event->y;
        break;
    case WINDOW_WHEEL:
        e.type = SDL_MOUSEWHEEL;
        e.wheel.windowID = id;
        e.wheel.y = event->wheel;
        break;
    case WINDOW_RESIZED:
        SDL_SetWindowSize(w->screen, event->x, event->y);
        return;
    }
    SDL_PushEvent(&e);
}

const struct window_ops window_sdl = {
    .name = "sdl",
    .open = sdl_open,
    .size = sdl_size,
    .fonts = sdl_fonts,
    .show = sdl_show,
    .poll = sdl_poll,
    .save = sdl_save,
    .close = sdl_close,
};
