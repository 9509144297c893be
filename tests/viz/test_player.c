/* test_player.c - going on, stepping and going back come to the same machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "tests/viz/fixture.h"

/* What can be seen of a moment, as a number. */
static uint64_t hash_of(const struct replay *r)
{
    uint64_t parts[8] = {
        trace_hash(r->frames, r->info.frames * sizeof(*r->frames)),
        trace_hash(r->vms, r->info.vm_limit * sizeof(*r->vms)),
        trace_hash(r->disks, r->info.disks * sizeof(*r->disks)),
        trace_hash(r->flight, r->flight_count * sizeof(*r->flight)),
        trace_hash(r->lists, sizeof(r->lists)),
        r->events,
        r->now,
        trace_hash(r->cpu, sizeof(r->cpu)),
    };
    return trace_hash(parts, sizeof(parts));
}

static void step(struct watch *w, enum player_gait gait, uint32_t vm)
{
    player_step(&w->app.player, gait, vm);
    assert_true(player_advance(&w->app.player, NULL, NULL));
}

static void a_step_is_one_event(void **state)
{
    (void)state;
    struct watch w;
    watch_init(&w, 10, 256, 200);
    for (uint64_t n = 1; n < 100; n++) {
        step(&w, PLAYER_ONE_EVENT, 0);
        assert_int_equal(w.app.player.replay->events, n);
    }
    watch_release(&w);
}

static void a_quantum_ends_at_the_next_choice(void **state)
{
    (void)state;
    struct watch w;
    watch_init(&w, 10, 256, 2000);
    for (int n = 0; n < 50; n++) {
        step(&w, PLAYER_ONE_PICK, 0);
        const struct trace_event *e = recent_event(&w.app.player.recent, 0);
        assert_int_equal(e->kind, TRACE_PICK);
        assert_int_equal(w.app.player.replay->running, e->vm);
    }
    step(&w, PLAYER_ONE_OF_VM, 4);
    assert_int_equal(recent_event(&w.app.player.recent, 0)->vm, 4);
    watch_release(&w);
}

static void going_back_and_on_comes_to_the_same(void **state)
{
    (void)state;
    struct watch w;
    watch_init(&w, 50, 1024, 30000);
    w.app.player.mark_events = 1000; /* Many, so that they are thinned out. */
    enum { MOMENTS = 40 };
    uint64_t times[MOMENTS];
    uint64_t hashes[MOMENTS];
    for (int i = 0; i < MOMENTS; i++) {
        times[i] = (uint64_t)(i + 1) * 7000000;
        watch_until(&w, times[i]);
        hashes[i] = hash_of(w.app.player.replay);
    }
    assert_true(w.app.player.mark_events > 1000);
    uint64_t end = w.app.player.end;
    size_t samples = w.app.player.replay->sample_count;
    for (int i = 0; i < 200; i++) {
        int to = i * 17 % MOMENTS;
        watch_until(&w, times[to]);
        assert_true(w.app.player.replay->now <= times[to]);
        assert_int_equal(hash_of(w.app.player.replay), hashes[to]);
    }
    assert_int_equal(w.app.player.end, end);
    assert_int_equal(w.app.player.phase_count, 2); /* Its window is later. */
    assert_int_equal(w.app.player.replay->sample_count, samples);
    watch_release(&w);
}

static void key(struct watch *w, enum window_key which)
{
    struct window_event e = { .kind = WINDOW_KEY, .key = which };
    app_take(&w->app, &e);
}

static void type(struct watch *w, const char *text)
{
    for (; *text != '\0'; text++) {
        struct window_event e = { .kind = WINDOW_TYPED, .typed = *text };
        app_take(&w->app, &e);
    }
}

static void a_vm_is_searched_by_number_or_name(void **state)
{
    (void)state;
    struct watch w;
    watch_init(&w, 50, 1024, 100);
    type(&w, "/17");
    assert_true(w.app.ui.is_searching);
    key(&w, WINDOW_BACKSPACE);
    type(&w, "2");
    key(&w, WINDOW_ENTER);
    assert_false(w.app.ui.is_searching);
    assert_int_equal(w.app.ui.selected, 12);
    type(&w, "/web-49");
    key(&w, WINDOW_ENTER);
    assert_false(w.app.ui.is_searching);
    assert_int_equal(w.app.ui.selected, 49);
    /* What means none is said, and may be mended. */
    type(&w, "/web-50");
    key(&w, WINDOW_ENTER);
    assert_true(w.app.ui.is_searching);
    assert_string_equal(w.app.ui.search_wrong,
                        "there is no VM 'web-50': VMs of this run are 0 to "
                        "49, or web-0 to web-49 by name");
    assert_int_equal(w.app.ui.selected, 49);
    key(&w, WINDOW_BACKSPACE);
    assert_string_equal(w.app.ui.search_wrong, "");
    key(&w, WINDOW_ENTER);
    assert_false(w.app.ui.is_searching);
    assert_int_equal(w.app.ui.selected, 5);
    watch_release(&w);
}

static void time_goes_by_its_speed(void **state)
{
    (void)state;
    struct watch w;
    watch_init(&w, 50, 1024, 100000);
    w.app.is_paused = false;
    type(&w, "+++");
    assert_int_equal(w.app.speed_log2, -4);
    for (int i = 0; i < 60; i++) {
        app_advance(&w.app, 1.0 / 60, NULL, NULL);
    }
    /* A sixteenth of a second, to the event before it. */
    uint64_t want = w.machine.info.cpu_hz / 16;
    uint64_t now = w.app.player.replay->now;
    assert_true(now <= want && now > want - want / 100);
    type(&w, " ");
    for (int i = 0; i < 60; i++) {
        app_advance(&w.app, 1.0 / 60, NULL, NULL);
    }
    assert_int_equal(w.app.player.replay->now, now);
    key(&w, WINDOW_HOME);
    app_advance(&w.app, 1.0 / 60, NULL, NULL);
    assert_int_equal(w.app.player.replay->now, 0);
    watch_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_is_one_event),
        cmocka_unit_test(a_quantum_ends_at_the_next_choice),
        cmocka_unit_test(going_back_and_on_comes_to_the_same),
        cmocka_unit_test(a_vm_is_searched_by_number_or_name),
        cmocka_unit_test(time_goes_by_its_speed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
