/*
 * window.h - where pictures go: a window on a screen, or memory. Both draw with
 * the same code, on the same kind of surface.
 */
#ifndef VIZ_WINDOW_H
#define VIZ_WINDOW_H

#include "viz/draw.h"

#define WINDOW_MESSAGE_BYTES 512

enum window_event_kind {
    WINDOW_QUIT,
    WINDOW_KEY,   /* A key without a character, or with one; see `key`. */
    WINDOW_TYPED, /* A character. */
    WINDOW_MOVED,
    WINDOW_LEFT, /* The pointer. */
    WINDOW_DOWN,
    WINDOW_UP,
    WINDOW_WHEEL,
    WINDOW_RESIZED, /* To x by y; the window knows. */
};

enum window_key {
    WINDOW_NO_KEY,
    WINDOW_ESCAPE,
    WINDOW_ENTER,
    WINDOW_BACKSPACE,
    WINDOW_TAB,
    WINDOW_RIGHT,
    WINDOW_BACK,
    WINDOW_HOME,
    WINDOW_END,
    WINDOW_PAGE_UP,
    WINDOW_PAGE_DOWN,
    WINDOW_F1,
};

struct window_event {
    enum window_event_kind kind;
    enum window_key key;
    bool has_shift;
    char typed;    /* ASCII. */
    int32_t x, y;  /* MOVED, DOWN, UP, RESIZED. */
    int32_t wheel; /* Notches; > 0: away from the watcher. */
};

struct arena;
struct window;

struct window_options {
    int32_t width, height;
    const char *title;
    bool on_screen; /* False: pictures go to memory, without a display. */
};

/* The thread that opened the window calls all of these. */
struct window_ops {
    const char *name;
    /* Opens a window. NULL: `message` says why not. */
    struct window *(*open)(struct arena *arena,
                           const struct window_options *options,
                           char message[WINDOW_MESSAGE_BYTES]);
    void (*size)(const struct window *w, int32_t *width, int32_t *height);
    /* Returns the sizes of text at a scale, valid until the next call. NULL:
       the fonts cannot be loaded, and `message` says why. */
    const struct draw_metrics *(*fonts)(struct window *w, double scale,
                                        char message[WINDOW_MESSAGE_BYTES]);
    void (*show)(struct window *w, const struct draw_list *list);
    bool (*poll)(struct window *w, struct window_event *event);
    /* Saves the picture shown last, as PNG. False: `message` says why not. */
    bool (*save)(struct window *w, const char *path,
                 char message[WINDOW_MESSAGE_BYTES]);
    void (*close)(struct window *w);
};

extern const struct window_ops window_sdl;

/* Injects an event, which is handled as one of a person is. */
void window_sdl_inject(struct window *w, const struct window_event *event);

#endif /* VIZ_WINDOW_H */
