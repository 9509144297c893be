/* viz.c - opens what is to be watched, and shows it one way or another. */
#define _POSIX_C_SOURCE 200809L
#include "viz/viz.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sim/arena.h"
#include "sim/quantity.h"
#include "viz/app.h"
#include "viz/script.h"

#include "sim/banned.h"

#define PICTURE_NS 16666667ull /* 60 a second. */
#define FOLDING_NS 5000000ull  /* The most of a picture's time for events. */
#define INDEX_NS   30000000ull /* The same while a trace is being indexed. */

struct viz {
    struct arena arena;
    struct app app;
    struct raster raster;
    bool has_tried_raster;
    char raster_message[TRACE_MESSAGE_BYTES]; /* Why there is none. */
    struct window *window;
    const struct viz_options *options; /* Borrowed. */
    char *message;                     /* Borrowed. */
    uint64_t enough_ns;                /* Host clock. */
    uint64_t counted_ns;               /* Pictures are counted since. */
    uint32_t counted;
};

void viz_options_init(struct viz_options *o)
{
    *o = (struct viz_options){ .width = VIZ_WIDTH, .height = VIZ_HEIGHT };
}

static uint64_t host_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static bool is_enough(void *ctx)
{
    const struct viz *v = ctx;
    return host_ns() >= v->enough_ns;
}

static uint64_t cycles_of(const struct viz *v, uint64_t ns)
{
    uint64_t hz = v->app.player.replay->info.cpu_hz;
    return ns / 1000000000 * hz + ns % 1000000000 * hz / 1000000000;
}

/* A trace is read for its raster when this is first looked at. */
static void load_raster(struct viz *v)
{
    struct app *a = &v->app;
    if (v->has_tried_raster || a->ui.view != UI_RASTER ||
        a->player.source->ops->is_live) {
        return;
    }
    v->has_tried_raster = true;
    if (!raster_load(&v->raster, &v->arena, v->options->trace_path,
                     v->raster_message)) {
        a->raster_absence = v->raster_message;
        return;
    }
    a->raster = &v->raster;
    raster_sort(a->raster, a->ui.raster.order);
}

/* False: the fonts cannot be had. */
static bool show(struct viz *v)
{
    struct app *a = &v->app;
    load_raster(v);
    window_sdl.size(v->window, &a->in.width, &a->in.height);
    a->ui.in = a->in;
    const struct draw_metrics *metrics = window_sdl.fonts(
        v->window, ui_scale(a->in.width, a->in.height), v->message);
    if (!metrics) {
        return false;
    }
    app_draw(a, metrics);
    window_sdl.show(v->window, &a->draw);
    return true;
}

/* All of a trace is read, so that its time line is whole. */
static void go_to(struct viz *v, uint64_t time)
{
    struct player *p = &v->app.player;
    if (!p->source->ops->is_live) {
        player_go_to(p, UINT64_MAX);
        while (!player_advance(p, NULL, NULL)) {
        }
    }
    player_go_to(p, time);
    while (!player_advance(p, NULL, NULL)) {
    }
    v->app.is_indexing = false;
}

/* Takes a picture of the moment asked for, or, saying so, of the end of the run
   if that comes earlier. */
static bool take_picture(struct viz *v)
{
    struct player *p = &v->app.player;
    uint64_t hz = p->replay->info.cpu_hz;
    uint64_t time = cycles_of(v, v->options->picture_ns);
    go_to(v, time);
    v->app.is_paused = true;
    bool is_early = p->is_at_end && p->replay->now < time;
    bool is_raster_past =
        !p->source->ops->is_live && p->end <= cycles_of(v, v->options->from_ns);
    if ((is_early || is_raster_past) && p->wrong[0] == '\0') {
        struct quantity end = quantity_time((double)p->end * 1e9 / (double)hz);
        snprintf(p->wrong, sizeof(p->wrong),
                 "the last event is at %s: the picture is of then", end.chars);
    }
    return show(v) &&
           window_sdl.save(v->window, v->options->picture, v->message);
}

/* A trace passes once from its beginning to its end; a machine goes on at its
   usual speed. */
static void bench_advance(struct viz *v, double share)
{
    struct player *p = &v->app.player;
    if (p->source->ops->is_live) {
        app_advance(&v->app, 1.0 / 60, is_enough, v);
        return;
    }
    if (p->gait == PLAYER_STANDING) {
        player_go_to(p, (uint64_t)(share * (double)p->end));
    }
    (void)player_advance(p, is_enough, v);
}

/* As a person would watch it, but without waiting for the next picture. */
static bool bench(struct viz *v)
{
    go_to(v, 0);
    uint64_t begin = host_ns();
    uint64_t span = v->options->bench_seconds * 1000000000ull;
    uint64_t slowest = 0;
    uint32_t pictures = 0;
    uint64_t last = begin;
    while (last < begin + span) {
        v->enough_ns = last + FOLDING_NS;
        bench_advance(v, (double)(last - begin) / (double)span);
        if (!show(v)) {
            return false;
        }
        uint64_t now = host_ns();
        slowest = now - last > slowest ? now - last : slowest;
        last = now;
        pictures++;
    }
    double seconds = (double)(last - begin) / 1e9;
    printf("%u pictures of %d x %d in %.2f s: %.1f a second, the slowest in "
           "%.1f ms\n",
           pictures, v->options->width, v->options->height, seconds,
           pictures / seconds, (double)slowest / 1e6);
    return true;
}

static void count_picture(struct viz *v, uint64_t now)
{
    v->counted++;
    if (now - v->counted_ns >= 500000000u) {
        double seconds = (double)(now - v->counted_ns) / 1e9;
        v->app.frames_hz = (uint32_t)(v->counted / seconds + 0.5);
        v->counted = 0;
        v->counted_ns = now;
    }
}

static void wait_until(uint64_t ns)
{
    uint64_t now = host_ns();
    if (now < ns) {
        struct timespec t = { .tv_nsec = (long)(ns - now) };
        nanosleep(&t, NULL);
    }
}

static void take_events(struct viz *v)
{
    struct window_event event;
    while (window_sdl.poll(v->window, &event)) {
        app_take(&v->app, &event);
    }
}

static bool watch(struct viz *v)
{
    v->app.is_indexing = !v->app.player.source->ops->is_live;
    uint64_t last = host_ns();
    while (!v->app.wants_quit) {
        uint64_t now = host_ns();
        double seconds = (double)(now - last) / 1e9;
        last = now;
        take_events(v);
        v->enough_ns = now + (v->app.is_indexing ? INDEX_NS : FOLDING_NS);
        app_advance(&v->app, seconds < 0.1 ? seconds : 0.1, is_enough, v);
        if (!show(v)) {
            return false;
        }
        count_picture(v, now);
        wait_until(now + PICTURE_NS);
    }
    return true;
}

/* Time goes by pictures, so the same script does the same on any host. */
static bool follow(struct viz *v)
{
    struct script *s =
        script_open(&v->arena, v->options->script_path, v->message);
    if (!s) {
        return false;
    }
    go_to(v, 0);
    enum script_state state = SCRIPT_GOES_ON;
    while (state == SCRIPT_GOES_ON && !v->app.wants_quit) {
        take_events(v);
        app_advance(&v->app, 1.0 / 60, NULL, NULL);
        if (!show(v)) {
            state = SCRIPT_WRONG;
            break;
        }
        state = script_advance(s, &v->app, v->window, v->message);
    }
    script_close(s);
    return state != SCRIPT_WRONG;
}

static bool open_window(struct viz *v)
{
    const struct viz_options *o = v->options;
    char title[256];
    snprintf(title, sizeof(title), "iksim: %s", o->name);
    struct window_options window = {
        .width = o->width,
        .height = o->height,
        .title = title,
        .on_screen = !o->picture && o->bench_seconds == 0,
    };
    v->window = window_sdl.open(&v->arena, &window, v->message);
    return v->window;
}

static bool show_somehow(struct viz *v)
{
    if (v->options->picture) {
        return take_picture(v);
    }
    if (v->options->bench_seconds > 0) {
        return bench(v);
    }
    return v->options->script_path ? follow(v) : watch(v);
}

static bool select_vm(struct viz *v)
{
    return !v->options->selected ||
           vm_name_read(&v->app.player.replay->info.roster,
                        v->options->selected, &v->app.ui.selected, v->message);
}

/* False: there is no such order. */
static bool choose_view(struct viz *v)
{
    const struct viz_options *o = v->options;
    struct ui *ui = &v->app.ui;
    ui->view = o->shows_raster ? UI_RASTER : UI_PANELS;
    if (o->from_ns > 0 || o->to_ns > 0) {
        ui->raster.is_whole = false;
        ui->raster.span = (struct raster_span){
            cycles_of(v, o->from_ns),
            o->to_ns > 0 ? cycles_of(v, o->to_ns) : UINT64_MAX,
        };
    }
    return !o->order ||
           raster_order_read(o->order, &ui->raster.order, v->message);
}

static enum viz_end run(struct viz *v)
{
    const struct viz_options *o = v->options;
    struct source *source =
        o->live ? source_open_live(&v->arena, o->live)
                : source_open_trace(&v->arena, o->trace_path, v->message);
    if (!source) {
        return VIZ_REFUSED;
    }
    enum viz_end end = VIZ_REFUSED;
    if (open_window(v)) {
        bool is_ready =
            app_init(&v->app, &v->arena, source, o->name, v->message);
        if (is_ready && select_vm(v) && choose_view(v) && show_somehow(v)) {
            const char *wrong = v->app.player.wrong;
            snprintf(v->message, VIZ_MESSAGE_BYTES, "%s", wrong);
            end = wrong[0] == '\0' ? VIZ_DONE : VIZ_PARTLY;
        }
        app_release(&v->app);
        raster_release(&v->raster);
        window_sdl.close(v->window);
    }
    source->ops->close(source);
    return end;
}

enum viz_end viz_run(const struct viz_options *options,
                     char message[VIZ_MESSAGE_BYTES])
{
    struct viz v = { .options = options, .message = message };
    snprintf(message, VIZ_MESSAGE_BYTES, "the host is out of memory");
    if (!arena_map(&v.arena, ARENA_UNLIMITED)) {
        return VIZ_REFUSED;
    }
    enum viz_end end = run(&v);
    arena_unmap(&v.arena);
    return end;
}
