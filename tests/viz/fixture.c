/* fixture.c - see fixture.h. */
#include "tests/viz/fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

void watch_init(struct watch *w, uint32_t vms, uint32_t frames,
                uint32_t step_limit)
{
    *w = (struct watch){ 0 };
    assert_true(arena_map(&w->arena, 8ull << 30));
    machine_init(&w->machine, vms, frames, step_limit);
    struct source *source = source_open_live(&w->arena, &w->machine.live);
    assert_non_null(source);
    char message[VIZ_MESSAGE_BYTES];
    assert_true(app_init(&w->app, &w->arena, source, "machine.yaml", message));
    w->app.is_paused = true;
    static const uint8_t heights[DRAW_FONT_COUNT] = { 14, 15, 15, 21, 14 };
    static const uint8_t advances[DRAW_FONT_COUNT] = { 6, 7, 8, 10, 7 };
    for (int f = 0; f < DRAW_FONT_COUNT; f++) {
        w->metrics.fonts[f].height = heights[f];
        for (int g = 0; g < DRAW_GLYPH_COUNT; g++) {
            w->metrics.fonts[f].advance[g] = advances[f];
        }
    }
}

void watch_release(struct watch *w)
{
    app_release(&w->app);
    machine_release(&w->machine);
    arena_unmap(&w->arena);
}

void watch_until(struct watch *w, uint64_t time)
{
    player_go_to(&w->app.player, time);
    assert_true(player_advance(&w->app.player, NULL, NULL));
}

void watch_draw(struct watch *w, const struct draw_metrics *metrics,
                int32_t width, int32_t height)
{
    w->app.in.width = width;
    w->app.in.height = height;
    app_draw(&w->app, metrics);
}
