/*
 * test_scene.c - pictures as lists of commands: nothing is cut, nothing lies
 * over anything, at any number of VMs and any size; and one picture, whole.
 */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/viz/fixture.h"
#include "viz/window.h"

static const char *golden_path;

static bool is_inside(struct draw_box a, struct draw_box b)
{
    return a.x >= b.x && a.y >= b.y && a.x + a.w <= b.x + b.w &&
           a.y + a.h <= b.y + b.h;
}

static bool do_meet(struct draw_box a, struct draw_box b)
{
    return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h &&
           b.y < a.y + a.h;
}

static const char *text_of(const struct draw_list *d,
                           const struct draw_command *c, char text[256])
{
    snprintf(text, 256, "%.*s", (int)c->count, d->texts + c->at);
    return text;
}

static const char *shortened(const struct draw_list *d)
{
    static char text[256];
    for (uint32_t i = 0; i < d->count; i++) {
        const struct draw_command *c = &d->commands[i];
        if (c->kind == DRAW_TEXT && c->count >= 3 &&
            memcmp(d->texts + c->at + c->count - 3, "\xe2\x80\xa6", 3) == 0) {
            return text_of(d, c, text);
        }
    }
    return "nothing";
}

/* Text that lies over text of the same layer, or leaves its clip. */
static void check_texts(const struct draw_list *d, const char *what)
{
    struct draw_box window = d->commands[0].box;
    struct draw_box clip = window;
    uint32_t layer_begin = 0;
    char one[256];
    char two[256];
    for (uint32_t i = 0; i < d->count; i++) {
        const struct draw_command *c = &d->commands[i];
        if (c->kind == DRAW_LAYER) {
            layer_begin = i;
        } else if (c->kind == DRAW_CLIP) {
            clip = c->box;
            if (!is_inside(clip, window)) {
                fail_msg("%s: a clip outside the window", what);
            }
        } else if (c->kind == DRAW_TEXT) {
            if (!is_inside(c->box, clip)) {
                fail_msg("%s: '%s' is cut", what, text_of(d, c, one));
            }
            for (uint32_t j = layer_begin; j < i; j++) {
                const struct draw_command *b = &d->commands[j];
                if (b->kind == DRAW_TEXT && do_meet(b->box, c->box)) {
                    fail_msg("%s: '%s' lies over '%s'", what,
                             text_of(d, c, one), text_of(d, b, two));
                }
            }
        }
    }
}

static void check_boxes(const struct draw_list *d, const char *what)
{
    struct draw_box window = d->commands[0].box;
    for (uint32_t i = 0; i < d->count; i++) {
        const struct draw_command *c = &d->commands[i];
        if ((c->kind == DRAW_FILL || c->kind == DRAW_IMAGE) &&
            !is_inside(c->box, window)) {
            fail_msg("%s: a box leaves the window", what);
        }
    }
}

/* The true letters, if there is a window to measure them; else `own`. */
static const struct draw_metrics *letters(struct watch *w, struct window **win,
                                          int32_t width, int32_t height)
{
#ifdef IKSIM_HAVE_SDL
    char message[WINDOW_MESSAGE_BYTES];
    struct window_options options = { .width = width, .height = height };
    if (!*win) {
        *win = window_sdl.open(&w->arena, &options, message);
        assert_non_null(*win);
    }
    const struct draw_metrics *metrics =
        window_sdl.fonts(*win, ui_scale(width, height), message);
    assert_non_null(metrics);
    return metrics;
#else
    (void)win;
    (void)width;
    (void)height;
    return &w->metrics;
#endif
}

static void close_letters(struct window *win)
{
#ifdef IKSIM_HAVE_SDL
    window_sdl.close(win);
#else
    (void)win;
#endif
}

static const struct {
    int32_t w, h;
} sizes[] = { { 1280, 800 }, { 1920, 1080 }, { 1024, 700 }, { 3840, 2160 } };

#define SIZE_COUNT (sizeof(sizes) / sizeof(sizes[0]))

/* Also with a VM selected, and near, and with the help over it. */
static void check_all_ways(struct watch *w, const struct draw_metrics *m,
                           int32_t width, int32_t height, const char *what)
{
    struct ui *ui = &w->app.ui;
    for (uint32_t way = 0; way < 8; way++) {
        char which[96];
        snprintf(which, sizeof(which), "%s, %dx%d, way %u", what, width, height,
                 way);
        ui->selected = way >= 1 ? w->machine.info.vm_limit - 1 : REPLAY_NONE;
        ui->memory = way == 2 ? UI_MEMORY_STATE : UI_MEMORY_OWNER;
        for (int i = 0; i < UI_LIST_COUNT; i++) {
            ui->lists[i].zoom = way >= 2 && way <= 5
                                    ? (enum ui_zoom)(UI_ZOOM_DENSITY + way - 2)
                                    : UI_ZOOM_AUTO;
        }
        w->machine.is_shy = way == 2 || way == 4;
        ui->is_searching = way == 6;
        ui->shows_help = way == 7;
        watch_draw(w, m, width, height);
        check_texts(&w->app.draw, which);
        check_boxes(&w->app.draw, which);
        /* Below 1280 x 800, an ellipsis is allowed. */
        if (w->app.draw.shortened > 0 && width >= 1280) {
            fail_msg("%s: %u texts are shortened, one to '%s'", which,
                     w->app.draw.shortened, shortened(&w->app.draw));
        }
        assert_int_equal(w->app.draw.left_out, 0);
    }
    ui->shows_help = false;
}

static void no_text_is_cut_or_covered(void **state)
{
    (void)state;
    static const uint32_t counts[] = { 10, 1000, 10000 };
    for (size_t n = 0; n < 3; n++) {
        struct watch w;
        watch_init(&w, counts[n], counts[n] < 100 ? 2048 : 262144, 4000);
        watch_until(&w, UINT64_MAX);
        struct window *win = NULL;
        for (size_t i = 0; i < SIZE_COUNT; i++) {
            char what[64];
            snprintf(what, sizeof(what), "%u VMs", counts[n]);
            check_all_ways(&w, letters(&w, &win, sizes[i].w, sizes[i].h),
                           sizes[i].w, sizes[i].h, what);
        }
        close_letters(win);
        watch_release(&w);
    }
}

/* A tip is wherever the pointer is, and never outside the window. */
static void every_tip_lies_in_the_window(void **state)
{
    (void)state;
    struct watch w;
    watch_init(&w, 300, 4096, 4000);
    watch_until(&w, UINT64_MAX);
    struct window *win = NULL;
    const struct draw_metrics *m = letters(&w, &win, 1280, 800);
    uint32_t tips = 0;
    for (int32_t y = 4; y < 800; y += 13) {
        for (int32_t x = 4; x < 1280; x += 17) {
            w.app.in.mouse_x = x;
            w.app.in.mouse_y = y;
            watch_draw(&w, m, 1280, 800);
            tips += w.app.ui.tip[0] != '\0';
            check_boxes(&w.app.draw, w.app.ui.tip);
        }
    }
    close_letters(win);
    assert_true(tips > 1000);
    watch_release(&w);
}

/* What a list shows is the list: in its order, all of it. */
static void boxes_stand_in_the_order_of_the_list(void **state)
{
    (void)state;
    struct watch w;
    watch_init(&w, 40, 2048, 400);
    watch_until(&w, UINT64_MAX);
    watch_draw(&w, &w.metrics, 1920, 1080);
    const struct replay *r = w.app.player.replay;
    const struct draw_list *d = &w.app.draw;
    static const enum vm_state states[] = { VM_WAITING, VM_READY, VM_PAGING,
                                            VM_IDLE };
    for (size_t s = 0; s < 4; s++) {
        uint32_t vm = r->lists[states[s]].head;
        for (uint32_t i = 1; i < d->count && vm != REPLAY_NONE; i++) {
            char want[16];
            char text[256];
            snprintf(want, sizeof(want), "%u", vm);
            const struct draw_command *c = &d->commands[i];
            const struct draw_command *b = &d->commands[i - 1];
            /* Its number follows its box, or the mark of preference. */
            if (c->kind == DRAW_TEXT && b->kind == DRAW_FILL &&
                (b->color == paint_word(&vm_state_words, states[s]) ||
                 b->color == paint(COLOR_ACCENT)) &&
                strcmp(text_of(d, c, text), want) == 0) {
                vm = r->vms[vm].next;
            }
        }
        if (vm != REPLAY_NONE) {
            fail_msg("VM %u of list %zu is not in its place", vm, s);
        }
    }
    watch_release(&w);
}

static void click(struct watch *w, int32_t x, int32_t y)
{
    struct window_event e = { .kind = WINDOW_DOWN, .x = x, .y = y };
    app_take(&w->app, &e);
    watch_draw(w, &w->metrics, 1280, 800);
    e.kind = WINDOW_UP;
    app_take(&w->app, &e);
}

static void a_click_on_a_box_selects_its_vm(void **state)
{
    (void)state;
    struct watch w;
    watch_init(&w, 12, 2048, 400);
    watch_until(&w, UINT64_MAX);
    watch_draw(&w, &w.metrics, 1280, 800);
    const struct replay *r = w.app.player.replay;
    uint32_t vm = r->lists[VM_IDLE].tail;
    assert_int_not_equal(vm, REPLAY_NONE);
    const struct draw_list *d = &w.app.draw;
    struct draw_box at = { 0 };
    for (uint32_t i = 1; i < d->count; i++) {
        char text[256];
        char want[16];
        snprintf(want, sizeof(want), "%u", vm);
        if (d->commands[i].kind == DRAW_TEXT &&
            d->commands[i - 1].color == paint_word(&vm_state_words, VM_IDLE) &&
            strcmp(text_of(d, &d->commands[i], text), want) == 0) {
            at = d->commands[i - 1].box;
        }
    }
    assert_true(at.w > 0);
    click(&w, at.x + 1, at.y + 1);
    assert_int_equal(w.app.ui.selected, vm);
    watch_release(&w);
}

static void print_list(FILE *out, const struct draw_list *d)
{
    static const char *const kinds[] = { "clip", "fill", "text", "image",
                                         "layer" };
    for (uint32_t i = 0; i < d->count; i++) {
        const struct draw_command *c = &d->commands[i];
        fprintf(out, "%s %d,%d %dx%d", kinds[c->kind], c->box.x, c->box.y,
                c->box.w, c->box.h);
        if (c->kind == DRAW_TEXT) {
            fprintf(out, " %08x %u '%.*s'", c->color, c->font, (int)c->count,
                    d->texts + c->at);
        } else if (c->kind == DRAW_FILL) {
            fprintf(out, " %08x", c->color);
        } else if (c->kind == DRAW_IMAGE) {
            fprintf(out, " %ux%u %016llx", c->columns, c->rows,
                    (unsigned long long)trace_hash(
                        d->pixels + c->at, c->count * sizeof(draw_color)));
        }
        fputc('\n', out);
    }
}

/* With VIZ_GOLDEN=write in the environment, it is written anew. */
static void a_small_picture_is_as_it_was(void **state)
{
    (void)state;
    struct watch w;
    watch_init(&w, 10, 256, 60);
    watch_until(&w, UINT64_MAX);
    w.app.ui.selected = 3;
    watch_draw(&w, &w.metrics, 1280, 800);
    const char *wish = getenv("VIZ_GOLDEN");
    if (wish && strcmp(wish, "write") == 0) {
        FILE *out = fopen(golden_path, "w");
        assert_non_null(out);
        print_list(out, &w.app.draw);
        assert_int_equal(fclose(out), 0);
    }
    char *made = NULL;
    size_t bytes = 0;
    FILE *memory = open_memstream(&made, &bytes);
    assert_non_null(memory);
    print_list(memory, &w.app.draw);
    fclose(memory);
    FILE *golden = fopen(golden_path, "r");
    assert_non_null(golden);
    char line[512];
    const char *at = made;
    for (int number = 1; fgets(line, sizeof(line), golden); number++) {
        size_t length = strlen(line);
        if (strncmp(at, line, length) != 0) {
            fail_msg("line %d of %s was: %s and is: %.*s", number, golden_path,
                     line, (int)strcspn(at, "\n"), at);
        }
        at += length;
    }
    assert_string_equal(at, "");
    fclose(golden);
    free(made);
    watch_release(&w);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: viz.scene GOLDEN\n", stderr);
        return 2;
    }
    golden_path = argv[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_text_is_cut_or_covered),
        cmocka_unit_test(every_tip_lies_in_the_window),
        cmocka_unit_test(boxes_stand_in_the_order_of_the_list),
        cmocka_unit_test(a_click_on_a_box_selects_its_vm),
        cmocka_unit_test(a_small_picture_is_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
