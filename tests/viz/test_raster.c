/*
 * test_raster.c - the raster against a painter that asks of each pixel, cycle by
 * cycle and stretch by stretch, what it must show.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "sim/arena.h"
#include "tests/viz/fixture.h"
#include "viz/raster/raster.h"

static struct arena arena;

static int begin(void **state)
{
    (void)state;
    return arena_map(&arena, 1u << 30) ? 0 : -1;
}

static int end_of(void **state)
{
    (void)state;
    arena_unmap(&arena);
    return 0;
}

static void take(void *ctx, const struct trace_event *event)
{
    waits_index_event(ctx, event);
}

static void of_machine(struct raster *r, uint32_t vms, uint32_t steps)
{
    struct machine m;
    machine_init(&m, vms, 64, steps);
    assert_true(raster_init(r, &arena, vms, m.info.disks));
    m.live.sink = take;
    m.live.sink_ctx = &r->index;
    while (m.live.step(m.live.ctx)) {
    }
    assert_true(raster_finish(r, &m.info.roster));
    machine_release(&m);
}

static uint64_t common(uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    uint64_t from = a > c ? a : c;
    uint64_t to = b < d ? b : d;
    return to > from ? to - from : 0;
}

/* What a row's VMs did from cycle `from` to cycle `to`, by looking at all
   stretches of all VMs. */
static void ask_all(const struct raster *r, const struct raster_rows *rows,
                    uint32_t row, uint64_t from, uint64_t to,
                    uint64_t cycles[VM_STATE_COUNT])
{
    memset(cycles, 0, VM_STATE_COUNT * sizeof(*cycles));
    for (size_t i = 0; i < r->index.stretch_count; i++) {
        const struct stretch *s = &r->index.stretches[i];
        uint32_t place = 0;
        while (r->vms[place] != s->vm) {
            place++;
        }
        if (place < rows->first || place >= rows->first + rows->count ||
            (place - rows->first) / rows->fold != row) {
            continue;
        }
        cycles[s->state] += common(s->from, s->to, from, to);
    }
}

/* The words of the rule: one pixel at least, or an eighth, of each state that is
   there; the rest by time, where each ends at the part of the rest that the time so
   far has of the whole. Says the state of pixel y; -1: the ground. */
static int told(const uint64_t cycles[VM_STATE_COUNT], uint64_t whole,
                int32_t height, int32_t y)
{
    static const int order[] = { VM_PAGING,  VM_WAITING, VM_READY, VM_RUNNING,
                                 VM_CREATED, VM_IDLE,    VM_DEAD };
    uint64_t there = 0;
    int32_t kinds = 0;
    for (int i = 0; i < VM_STATE_COUNT; i++) {
        there += cycles[i];
        kinds += cycles[i] > 0;
    }
    kinds += there < whole;
    int32_t least =
        height / 8 > 0 && height / 8 * kinds <= height ? height / 8 : 1;
    int32_t rest = height - kinds * least;
    rest = rest < 0 ? 0 : rest;
    uint64_t so_far = 0;
    int32_t seen = 0;
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        if (cycles[order[i]] == 0) {
            continue;
        }
        so_far += cycles[order[i]];
        seen++;
        double end = least * seen +
                     (int32_t)((double)rest * (double)so_far / (double)whole);
        if (y < end) {
            return order[i];
        }
    }
    return -1;
}

/* The colours are by state; the last is the ground's. */
static void check_pixels(const struct raster *r, const struct raster_rows *rows,
                         struct raster_span span, uint32_t columns,
                         const uint32_t *pixels,
                         const uint32_t colors[VM_STATE_COUNT + 1])
{
    uint32_t count = raster_row_count(rows);
    int32_t gap = rows->height / (int32_t)count >= 4;
    for (uint32_t i = 0; i < columns * count; i++) {
        uint32_t x = i % columns;
        uint32_t row = i / columns;
        uint64_t from = span.from + (span.to - span.from) * x / columns;
        uint64_t to = span.from + (span.to - span.from) * (x + 1) / columns;
        uint64_t cycles[VM_STATE_COUNT];
        ask_all(r, rows, row, from, to, cycles);
        uint32_t vms = rows->count - row * rows->fold;
        vms = vms < rows->fold ? vms : rows->fold;
        int32_t top = raster_row_top(rows, row);
        int32_t height = raster_row_top(rows, row + 1) - top;
        for (int32_t y = 0; y < height; y++) {
            assert_int_equal(raster_row_at(rows, top + y), row);
            uint32_t is = pixels[(size_t)(top + y) * columns + x];
            int must = y < height - gap
                           ? told(cycles, (to - from) * vms, height - gap, y)
                           : -1;
            assert_int_equal(is, colors[must < 0 ? VM_STATE_COUNT : must]);
        }
    }
}

static void check_picture(struct raster *r, struct raster_rows rows,
                          struct raster_span span, uint32_t columns)
{
    static const uint32_t colors[VM_STATE_COUNT + 1] = { 0, 1, 2, 3,
                                                         4, 5, 6, UINT32_MAX };
    const struct raster_paint paint = { colors, UINT32_MAX };
    static struct raster_grid g;
    raster_grid_make(&g, span, columns);
    uint32_t *pixels = calloc((size_t)rows.height * columns, sizeof(*pixels));
    raster_paint(r, &rows, &g, &paint, pixels);
    check_pixels(r, &rows, span, columns, pixels, colors);
    struct raster_rows all = { 0, r->vm_count, r->vm_count, 1 };
    for (uint32_t x = 0; x < columns; x++) {
        uint64_t cycles[VM_STATE_COUNT];
        ask_all(r, &all, 0, g.edges[x], g.edges[x + 1], cycles);
        for (uint32_t i = 0; i < VM_STATE_COUNT; i++) {
            assert_int_equal(r->totals[i * columns + x], cycles[i]);
        }
    }
    free(pixels);
}

static void each_pixel_is_what_the_stretches_say(void **state)
{
    (void)state;
    struct raster r;
    of_machine(&r, 23, 3000);
    uint64_t end = r.end;
    const struct raster_span spans[] = {
        { 0, end }, { end / 3, end / 2 }, { end - 9000, end }, { 0, 4096 }
    };
    for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
        struct raster_span s = raster_span_fit(spans[i], end);
        for (int32_t height = 5; height <= 400; height = height * 3 + 1) {
            raster_sort(&r, (enum raster_order)(i % RASTER_ORDER_COUNT));
            check_picture(&r, raster_rows_fit(0, 23, height, 2, 30), s, 61);
            check_picture(&r, raster_rows_fit(4, 9, height, 2, 30), s, 61);
        }
    }
    raster_release(&r);
}

static void at(struct raster *r, uint64_t time, struct trace_event event)
{
    event.time = time;
    waits_index_event(&r->index, &event);
}

/* All idle, but that two wait for a page, one cycle each. */
static void two_of_ten_thousand_that_page_are_seen(void **state)
{
    (void)state;
    enum { VMS = 10000, COLUMNS = 100 };
    struct raster r;
    struct vm_group group = { "web", 0, VMS };
    struct vm_roster roster = { 1, &group };
    assert_true(raster_init(&r, &arena, VMS, 1));
    for (uint32_t vm = 0; vm < VMS; vm++) {
        at(&r, 0, TRACE_EVENT(create, vm, .memory = 1));
        at(&r, 0, TRACE_EVENT(idle, vm, .deadline = UINT64_MAX));
    }
    for (uint32_t vm = 77; vm < VMS; vm += 9000) {
        at(&r, 500000 + 3 * vm, TRACE_EVENT(block, vm, .why = VM_WAIT_FRAME));
        at(&r, 500001 + 3 * vm, TRACE_EVENT(idle, vm, .deadline = UINT64_MAX));
    }
    at(&r, 1000000, TRACE_EVENT(end, 0, .why = VM_END_TERMINATE));
    assert_true(raster_finish(&r, &roster));
    static const uint32_t colors[VM_STATE_COUNT] = { [VM_PAGING] = 1 };
    const struct raster_paint paint = { colors, 0 };
    static struct raster_grid g;
    raster_grid_make(&g, (struct raster_span){ 0, r.end }, COLUMNS);
    for (int32_t height = 1; height < 700; height += 33) {
        struct raster_rows rows = raster_rows_fit(0, VMS, height, 2, 30);
        uint32_t *pixels = calloc((size_t)height * COLUMNS, sizeof(*pixels));
        raster_paint(&r, &rows, &g, &paint, pixels);
        uint32_t seen = 0;
        for (int32_t i = 0; i < rows.height * COLUMNS; i++) {
            seen += pixels[i];
        }
        assert_true(seen >= 2);
        uint32_t row = 77 / rows.fold;
        const struct stretch *s =
            raster_at(&r, &rows, row, &g, raster_column(&g, 500231));
        assert_int_equal(s->state, VM_PAGING);
        assert_int_equal(s->vm, 77);
        free(pixels);
    }
    raster_release(&r);
}

/* The image of the rows: all tracks are lower. */
static struct draw_command image_of(const struct draw_list *d)
{
    struct draw_command rows = { .rows = 0 };
    for (uint32_t i = 0; i < d->count; i++) {
        const struct draw_command *c = &d->commands[i];
        if (c->kind == DRAW_IMAGE && c->rows > rows.rows) {
            rows = *c;
        }
    }
    assert_true(rows.rows > 0);
    return rows;
}

static void check_list(struct watch *w, struct raster *r)
{
    const struct draw_list *d = &w->app.draw;
    const struct draw_command c = image_of(d);
    assert_int_equal(d->left_out, 0);
    uint32_t colors[VM_STATE_COUNT + 1];
    for (uint32_t i = 0; i < VM_STATE_COUNT; i++) {
        colors[i] = paint_word(&vm_state_words, i);
    }
    colors[VM_STATE_COUNT] = paint(COLOR_WELL);
    struct raster_rows rows = { 0, r->vm_count, 1, c.rows };
    check_pixels(r, &rows, w->app.ui.raster.span, c.columns, d->pixels + c.at,
                 colors);
}

/* The window's picture is the painter's, whole and nearer; the wheel keeps the
   moment under the pointer, and the tip tells of the VM of that row. */
static void the_picture_is_the_painters_and_follows_the_pointer(void **state)
{
    (void)state;
    struct raster r;
    struct watch w;
    of_machine(&r, 23, 300);
    watch_init(&w, 23, 64, 300);
    watch_until(&w, r.end);
    w.app.raster = &r;
    w.app.ui.view = UI_RASTER;
    watch_draw(&w, &w.metrics, 1280, 800);
    check_list(&w, &r);
    struct draw_box box = image_of(&w.app.draw).box;
    struct window_event e = { .kind = WINDOW_MOVED,
                              .x = box.x + box.w / 3,
                              .y = box.y + box.h / 2 };
    app_take(&w.app, &e);
    static struct raster_grid g;
    raster_grid_make(&g, w.app.ui.raster.span, (uint32_t)box.w);
    uint64_t cycle = (g.edges[box.w / 3] + g.edges[box.w / 3 + 1]) / 2;
    e = (struct window_event){ .kind = WINDOW_WHEEL, .wheel = 5 };
    app_take(&w.app, &e);
    watch_draw(&w, &w.metrics, 1280, 800);
    check_list(&w, &r);
    raster_grid_make(&g, w.app.ui.raster.span, (uint32_t)box.w);
    assert_true(g.span.to - g.span.from < r.end / 2);
    assert_true(abs((int32_t)raster_column(&g, cycle) - box.w / 3) <= 1);
    assert_non_null(
        strstr(w.app.ui.tip, model_vm_name(&w.app.model, 11).chars));
    watch_release(&w);
    raster_release(&r);
}

static void a_live_run_says_that_it_has_no_raster(void **state)
{
    (void)state;
    struct watch w;
    watch_init(&w, 5, 64, 300);
    w.app.ui.view = UI_RASTER;
    watch_draw(&w, &w.metrics, 1280, 800);
    const struct draw_list *d = &w.app.draw;
    bool is_said = false;
    for (uint32_t i = 0; i < d->count; i++) {
        const struct draw_command *c = &d->commands[i];
        is_said = is_said || (c->kind == DRAW_TEXT && c->count > 10 &&
                              memcmp(d->texts + c->at, "A run that", 10) == 0);
    }
    assert_true(is_said);
    watch_release(&w);
}

/* Zooming in and out by any steps, the cycle under the pointer stays in its
   column or beside it, wherever the run's ends allow. */
static void zoom_keeps_the_moment_under_the_pointer(void **state)
{
    (void)state;
    enum { COLUMNS = 1000 };
    const uint64_t end = 5000000000;
    static struct raster_grid g;
    for (uint32_t column = 0; column < COLUMNS; column += 111) {
        struct raster_span s = { 0, end };
        for (int i = 0; i < 60; i++) {
            raster_grid_make(&g, s, COLUMNS);
            uint64_t cycle = (g.edges[column] + g.edges[column + 1]) / 2;
            s = raster_span_zoom(s, end, cycle, 0.7);
            raster_grid_make(&g, s, COLUMNS);
            int32_t off = (int32_t)raster_column(&g, cycle) - (int32_t)column;
            assert_true(abs(off) <= 1);
        }
        assert_int_equal(s.to - s.from, RASTER_SPAN_LEAST);
        for (int i = 0; i < 80; i++) {
            s = raster_span_zoom(s, end, s.from, 1.4);
        }
        assert_int_equal(s.from, 0);
        assert_int_equal(s.to, end);
    }
}

static void a_span_stays_in_the_run(void **state)
{
    (void)state;
    const uint64_t end = 1000000;
    struct raster_span s = { 400000, 500000 };
    s = raster_span_pan(s, end, 0.5);
    assert_int_equal(s.from, 450000);
    assert_int_equal(s.to, 550000);
    s = raster_span_pan(s, end, -100);
    assert_int_equal(s.from, 0);
    assert_int_equal(s.to, 100000);
    s = raster_span_pan(s, end, 100);
    assert_int_equal(s.from, 900000);
    assert_int_equal(s.to, end);
    s = raster_span_show(s, end, 950000);
    assert_int_equal(s.from, 900000);
    s = raster_span_show(s, end, 300000);
    assert_int_equal(s.from, 250000);
    assert_int_equal(s.to, 350000);
    /* A run that is shorter than the nearest view. */
    s = raster_span_fit((struct raster_span){ 7, 9 }, 100);
    assert_int_equal(s.from, 0);
    assert_int_equal(s.to, RASTER_SPAN_LEAST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pixel_is_what_the_stretches_say),
        cmocka_unit_test(two_of_ten_thousand_that_page_are_seen),
        cmocka_unit_test(the_picture_is_the_painters_and_follows_the_pointer),
        cmocka_unit_test(a_live_run_says_that_it_has_no_raster),
        cmocka_unit_test(zoom_keeps_the_moment_under_the_pointer),
        cmocka_unit_test(a_span_stays_in_the_run),
    };
    return cmocka_run_group_tests(tests, begin, end_of);
}
