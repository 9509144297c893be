/* app.c - see app.h. */
#include "viz/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/units.h"

#include "sim/banned.h"

#define SPEED_LEAST (-20)
#define SPEED_MOST  6
#define SPEED_FIRST (-7)

static const char *const trace_absence =
    "A trace holds no registers, no code, no console.";
static const char *const live_absence =
    "A run that goes on has no raster yet: write its trace with `iksim run "
    "--trace FILE`, and watch that.";
static const char *const past_absence =
    "Registers, code and console: at the newest moment only.";

bool app_init(struct app *a, struct arena *arena, struct source *source,
              const char *name, char message[VIZ_MESSAGE_BYTES])
{
    *a = (struct app){ .name = name, .speed_log2 = SPEED_FIRST };
    a->in.mouse_x = -1;
    a->ui.selected = REPLAY_NONE;
    a->ui.raster.is_whole = true;
    a->raster_absence = source->ops->is_live ? live_absence : "";
    if (!draw_init(&a->draw, arena) || !player_init(&a->player, source)) {
        snprintf(message, VIZ_MESSAGE_BYTES, "the host is out of memory");
        return false;
    }
    return true;
}

void app_release(struct app *a)
{
    player_release(&a->player);
}

/* ---- What is done ------------------------------------------------------- */

static void go_to(struct app *a, uint64_t time)
{
    player_go_to(&a->player, time);
    a->clock = (double)time;
}

static void step(struct app *a, enum player_gait gait)
{
    a->is_paused = true;
    player_step(&a->player, gait, a->ui.selected);
}

static void toggle_pause(struct app *a)
{
    a->is_paused = !a->is_paused;
    a->clock = (double)a->player.replay->now;
}

static void back(struct app *a)
{
    uint64_t now = a->player.replay->now;
    uint64_t part = a->player.end / 100;
    go_to(a, now > part ? now - part : 0);
}

/* True: what is typed is a time of the run. */
static bool search_time(struct app *a)
{
    uint64_t ns = 0;
    uint64_t hz = a->player.replay->info.cpu_hz;
    if (units_read_time(a->ui.search, &ns)) {
        return false;
    }
    double cycle = (double)ns * 1e-9 * (double)hz;
    if (cycle > (double)a->player.end) {
        snprintf(a->ui.search_wrong, sizeof(a->ui.search_wrong),
                 "the run ends before %s", a->ui.search);
        return true;
    }
    a->is_paused = true;
    go_to(a, (uint64_t)(cycle + 0.5));
    return true;
}

static void end_search(struct app *a)
{
    struct ui *ui = &a->ui;
    if (search_time(a)) {
        ui->is_searching = ui->search_wrong[0] != '\0';
        return;
    }
    ui->is_searching = ui->search[0] != '\0' &&
                       !vm_name_read(&a->player.replay->info.roster, ui->search,
                                     &ui->selected, ui->search_wrong);
}

static void type_search(struct app *a, char c)
{
    size_t used = strlen(a->ui.search);
    if (c > ' ' && c <= '~' && c != '/' && used + 1 < UI_SEARCH_BYTES) {
        a->ui.search[used] = c;
        a->ui.search[used + 1] = '\0';
        a->ui.search_wrong[0] = '\0';
    }
}

static void show_all(struct ui *ui)
{
    for (int i = 0; i < UI_LIST_COUNT; i++) {
        ui->lists[i].zoom = UI_ZOOM_AUTO;
        ui->lists[i].first = 0;
    }
    ui->memory_zoom = 0;
    ui->raster.is_whole = true;
    ui->raster.count = 0;
}

static void next_order(struct app *a)
{
    a->ui.raster.order =
        (enum raster_order)((a->ui.raster.order + 1) % RASTER_ORDER_COUNT);
    if (a->raster) {
        raster_sort(a->raster, a->ui.raster.order);
    }
}

static void change_speed(struct app *a, int by)
{
    int speed = a->speed_log2 + by;
    a->speed_log2 = speed < SPEED_LEAST  ? SPEED_LEAST
                    : speed > SPEED_MOST ? SPEED_MOST
                                         : speed;
}

/* False: the character has no meaning in the raster alone. */
static bool take_raster(struct app *a, char c)
{
    if (a->ui.view != UI_RASTER) {
        return false;
    }
    switch (c) {
    case 'w':
    case 'W':
        a->in.zoom++;
        return true;
    case 's':
    case 'S':
        a->in.zoom--;
        return true;
    case 'a':
    case 'A':
        a->in.pan--;
        return true;
    case 'd':
    case 'D':
        a->in.pan++;
        return true;
    case 'o':
    case 'O':
        next_order(a);
        return true;
    default:
        return false;
    }
}

static void take_typed(struct app *a, char c)
{
    struct ui *ui = &a->ui;
    if (ui->is_searching) {
        type_search(a, c);
        return;
    }
    if (take_raster(a, c)) {
        return;
    }
    switch (c) {
    case ' ':
        toggle_pause(a);
        break;
    case '+':
    case '=':
        change_speed(a, 1);
        break;
    case '-':
        change_speed(a, -1);
        break;
    case '/':
        ui->is_searching = true;
        ui->search[0] = '\0';
        ui->search_wrong[0] = '\0';
        break;
    case '?':
        ui->shows_help = !ui->shows_help;
        break;
    case '0':
        show_all(ui);
        break;
    case 'm':
    case 'M':
        ui->memory =
            ui->memory == UI_MEMORY_OWNER ? UI_MEMORY_STATE : UI_MEMORY_OWNER;
        break;
    case 'n':
    case 'N':
        ui->selected = a->player.replay->running;
        break;
    case 'v':
    case 'V':
        ui->view = ui->view == UI_RASTER ? UI_PANELS : UI_RASTER;
        break;
    case 'q':
    case 'Q':
        a->wants_quit = true;
        break;
    default:
        break;
    }
}

static void escape(struct app *a)
{
    if (a->ui.shows_help) {
        a->ui.shows_help = false;
    } else if (a->ui.is_searching) {
        a->ui.is_searching = false;
    } else {
        a->wants_quit = true;
    }
}

static void take_key(struct app *a, const struct window_event *e)
{
    size_t used = strlen(a->ui.search);
    switch (e->key) {
    case WINDOW_ESCAPE:
        escape(a);
        break;
    case WINDOW_ENTER:
        if (a->ui.is_searching) {
            end_search(a);
        }
        break;
    case WINDOW_BACKSPACE:
        if (used > 0) {
            a->ui.search[used - 1] = '\0';
            a->ui.search_wrong[0] = '\0';
        }
        break;
    case WINDOW_TAB:
        step(a, PLAYER_ONE_PICK);
        break;
    case WINDOW_RIGHT:
        step(a, e->has_shift && a->ui.selected != REPLAY_NONE
                    ? PLAYER_ONE_OF_VM
                    : PLAYER_ONE_EVENT);
        break;
    case WINDOW_BACK:
        back(a);
        break;
    case WINDOW_HOME:
        go_to(a, 0);
        break;
    case WINDOW_END:
        go_to(a, a->player.end);
        break;
    case WINDOW_PAGE_UP:
    case WINDOW_PAGE_DOWN:
        a->in.page = e->key == WINDOW_PAGE_DOWN ? 1 : -1;
        break;
    case WINDOW_F1:
        a->ui.shows_help = !a->ui.shows_help;
        break;
    case WINDOW_NO_KEY:
        break;
    }
}

void app_take(struct app *a, const struct window_event *e)
{
    switch (e->kind) {
    case WINDOW_QUIT:
        a->wants_quit = true;
        break;
    case WINDOW_KEY:
        take_key(a, e);
        break;
    case WINDOW_TYPED:
        take_typed(a, e->typed);
        break;
    case WINDOW_MOVED:
        a->in.mouse_x = e->x;
        a->in.mouse_y = e->y;
        break;
    case WINDOW_LEFT:
        a->in.mouse_x = -1;
        break;
    case WINDOW_DOWN:
    case WINDOW_UP:
        a->in.mouse_x = e->x;
        a->in.mouse_y = e->y;
        a->in.is_down = e->kind == WINDOW_DOWN;
        a->in.pressed = a->in.pressed || a->in.is_down;
        break;
    case WINDOW_WHEEL:
        a->in.wheel += e->wheel;
        break;
    case WINDOW_RESIZED: /* Each picture asks for the size. */
        break;
    }
}

/* ---- Time --------------------------------------------------------------- */

static double speed_of(const struct app *a)
{
    double speed = 1;
    for (int i = 0; i < abs(a->speed_log2); i++) {
        speed *= 2;
    }
    return a->speed_log2 < 0 ? 1 / speed : speed;
}

/* All of a trace is read once, to know its end and its samples. */
static void index_on(struct app *a, player_enough_fn *enough, void *ctx)
{
    struct player *p = &a->player;
    player_go_to(p, UINT64_MAX);
    if (player_advance(p, enough, ctx)) {
        a->is_indexing = false;
        go_to(a, 0);
    }
}

void app_advance(struct app *a, double seconds, player_enough_fn *enough,
                 void *ctx)
{
    struct player *p = &a->player;
    if (a->is_indexing) {
        index_on(a, enough, ctx);
        return;
    }
    if (p->gait == PLAYER_STANDING && !a->is_paused) {
        a->clock += seconds * speed_of(a) * (double)p->replay->info.cpu_hz;
        player_go_to(p, (uint64_t)a->clock);
    }
    if (!player_advance(p, enough, ctx) && !a->is_paused) {
        /* Folding is slower than the chosen speed: the clock waits. */
        a->clock = (double)p->replay->now;
    }
}

/* ---- The picture -------------------------------------------------------- */

static void fill_model(struct app *a)
{
    struct player *p = &a->player;
    struct model *m = &a->model;
    const struct source_ops *ops = p->source->ops;
    bool is_newest = ops->is_live && p->replay->now >= p->end;
    replay_settle(p->replay);
    *m = (struct model){
        .now = p->replay,
        .edge = p->replay,
        .recent = &p->recent,
        .guest_absence = ops->is_live ? past_absence : trace_absence,
        .raster = a->raster,
        .raster_absence = a->raster_absence,
        .source = a->name,
        .notice = p->wrong,
        .end = p->end,
        .phase_count = p->phase_count,
        .is_live = ops->is_live,
        .is_paused = a->is_paused,
        .is_at_end = p->is_at_end,
        .is_indexing = a->is_indexing,
        .speed = speed_of(a),
        .frames_hz = a->frames_hz,
        .event_index = p->replay->events,
    };
    memcpy(m->phases, p->phases, sizeof(m->phases));
    if (is_newest && ops->guest &&
        ops->guest(p->source, a->ui.selected, &a->guest)) {
        m->guest = &a->guest;
    }
}

void app_draw(struct app *a, const struct draw_metrics *metrics)
{
    fill_model(a);
    ui_begin(&a->ui, &a->draw, metrics, &a->in);
    scene_draw(&a->ui, &a->model);
    a->in.pressed = false;
    a->in.wheel = 0;
    a->in.page = 0;
    a->in.zoom = 0;
    a->in.pan = 0;
    if (a->ui.wants_seek && !a->is_indexing) {
        go_to(a, (uint64_t)(a->ui.seek_share * (double)a->player.end));
    }
    if (a->ui.wants_pause) {
        toggle_pause(a);
    }
}
