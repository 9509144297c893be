/*
 * app.h - the watcher's side: what keys and the mouse do, how fast time goes.
 * It knows no SDL; a test drives it with a window of its own.
 */
#ifndef VIZ_APP_H
#define VIZ_APP_H

#include "viz/scene.h"
#include "viz/viz.h"
#include "viz/watch/player.h"
#include "viz/window.h"

struct app {
    struct player player;
    struct ui ui;
    struct ui_input in;
    struct draw_list draw;
    struct model model;
    struct guest_view guest;
    const char *name;
    bool is_paused;
    bool is_indexing; /* Racing through a trace to know all of it. */
    bool wants_quit;
    int speed_log2; /* Virtual time in real time is 2 to that. */
    double clock;   /* Virtual cycles that playing has reached. */
    uint32_t frames_hz;
};

/* False, with a sentence. */
SIM_MUST_USE bool app_init(struct app *a, struct arena *arena,
                           struct source *source, const char *name,
                           char message[VIZ_MESSAGE_BYTES]);
void app_release(struct app *a);

void app_take(struct app *a, const struct window_event *event);

/* Moves on by `seconds` of real time, as long as it is not `enough`. */
void app_advance(struct app *a, double seconds, player_enough_fn *enough,
                 void *ctx);

/* The picture, into a->draw; and what was clicked in it happens. */
void app_draw(struct app *a, const struct draw_metrics *metrics);

#endif /* VIZ_APP_H */
