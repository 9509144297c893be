/*
 * app.h - the watcher's side: what keys and the mouse do, and how fast time
 * passes. It does not use SDL; a test drives it with a window of its own.
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
    struct raster *raster;      /* Borrowed; NULL: there is none. */
    const char *raster_absence; /* Why not. */
    const char *name;
    bool is_paused;
    bool is_indexing; /* The trace is being read once, to know its end. */
    bool wants_quit;
    int speed_log2; /* Virtual time passes at 2^speed_log2 of real time. */
    double clock;   /* The cycle that playing has reached. */
    uint32_t frames_hz;
};

/* Starts the watcher's side. False: `message` says why not. */
SIM_MUST_USE bool app_init(struct app *a, struct arena *arena,
                           struct source *source, const char *name,
                           char message[VIZ_MESSAGE_BYTES]);
void app_release(struct app *a);

void app_take(struct app *a, const struct window_event *event);

/* Plays for `seconds` of real time, or until `enough` says true. */
void app_advance(struct app *a, double seconds, player_enough_fn *enough,
                 void *ctx);

/* Draws the picture into a->draw, and obeys clicks in it. */
void app_draw(struct app *a, const struct draw_metrics *metrics);

#endif /* VIZ_APP_H */
