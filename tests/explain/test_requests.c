/*
 * test_requests.c - the parts of each request's latency sum to it, exactly, for
 * every request of loads of all kinds; and they are where they must be. So are
 * the waits of all VMs meanwhile.
 * Called with the folders of the scenarios and of the guests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/run/session.h"
#include "cli/views/explain/requests.h"
#include "sim/devices/machine.h"
#include "tests/explain/waits_check.h"

#define SETS_MOST 8

static const char *folder, *guests;

struct variant {
    const char *name;
    const char *file;
    const char *sets[SETS_MOST]; /* Ended by NULL. */
    uint32_t spinning;           /* Groups after the first that run spin. */
    bool is_lossy;     /* By the wire, or as receive queues are full. */
    const char *guest; /* Of the first group; NULL: httpd. */
    bool ticks;        /* The server answers when its clock says so. */
};

static const struct variant variants[] = {
    { .name = "first.yaml", .file = "first.yaml" },
    { .name = "mix.yaml", .file = "mix.yaml", .spinning = 3 },
    { .name = "closed loop",
      .file = "first.yaml",
      .sets = { "run.duration=300ms", "load[0].rate=", "load[0].clients=60",
                "load[0].think=5ms" } },
    { .name = "keep-alive",
      .file = "first.yaml",
      .sets = { "run.duration=300ms", "load[0].rate=", "load[0].clients=30",
                "load[0].keep_alive=true", "vms[0].count=20" } },
    { .name = "a bad link",
      .file = "first.yaml",
      .sets = { "run.duration=400ms", "run.drain=60s", "load[0].timeout=25s",
                "link.loss=5%", "link.reorder=5%", "link.duplicate=5%",
                "vms[0].count=20" },
      .is_lossy = true },
    { .name = "too little time",
      .file = "first.yaml",
      .sets = { "run.duration=300ms", "load[0].timeout=300us" } },
    { .name = "too little memory",
      .file = "first.yaml",
      .sets = { "run.duration=300ms", "machine.ram=6MiB", "kernel.rx_pool=256",
                "kernel.min_free=256KiB", "vms[0].count=60",
                "vms[0].memory=2MiB" },
      .is_lossy = true },
    { .name = "datagrams",
      .file = "datagrams.yaml",
      .sets = { "run.warmup=0s", "run.duration=5s" },
      .guest = "discard" },
    { .name = "datagrams, some twice or late",
      .file = "datagrams.yaml",
      .sets = { "run.warmup=0s", "run.duration=2s", "load[0].rate=500",
                "load[0].timeout=1s", "link.loss=5%", "link.reorder=5%",
                "link.duplicate=20%" },
      .guest = "discard" },
    { .name = "games",
      .file = "game.yaml",
      .sets = { "run.warmup=0s", "run.duration=500ms", "vms[0].count=4" },
      .guest = "game",
      .ticks = true },
    { .name = "games on a bad link",
      .file = "game.yaml",
      .sets = { "run.warmup=0s", "run.duration=1s", "vms[0].count=4",
                "link.loss=2%", "link.reorder=2%", "link.duplicate=5%" },
      .guest = "game",
      .ticks = true },
};

struct tally {
    struct waits_check *waits;
    uint64_t begun, replies, latency; /* By the events. */
    uint64_t told, answered, open;
    uint64_t sum; /* Of the latencies told. */
    uint64_t parts[LATENCY_PART_COUNT];
    uint64_t by_reply, by_taking; /* What the path of an answer ends with. */
    uint64_t without_wire; /* Answers that no frame of the client's led to. */
};

static void check_request(void *ctx, const struct request *r,
                          const struct request_leg *legs, size_t count)
{
    struct tally *t = ctx;
    t->told++;
    t->open += r->end == OUTCOME_OPEN;
    if (r->end != OUTCOME_COMPLETED) {
        assert_int_equal(count, 0);
        return;
    }
    uint64_t sum = 0;
    for (int p = 0; p < LATENCY_PART_COUNT; p++) {
        sum += r->parts[p];
        t->parts[p] += r->parts[p];
    }
    assert_int_equal(sum, r->latency);
    assert_int_equal(r->ended - r->due, r->latency);
    assert_true(count > 0);
    uint64_t at = r->due;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(legs[i].from, at);
        assert_true(legs[i].to > at);
        uint64_t of_leg = 0;
        for (int p = 0; p < LATENCY_PART_COUNT; p++) {
            of_leg += legs[i].parts[p];
        }
        assert_int_equal(of_leg, legs[i].to - legs[i].from);
        at = legs[i].to;
    }
    assert_int_equal(at, r->ended);
    waits_check_legs(t->waits, r->vm, legs, count);
    /* Nobody answers a datagram but by taking it. */
    t->by_taking += legs[count - 1].kind == LEG_QUEUE;
    t->by_reply += legs[count - 1].kind == LEG_REPLY;
    t->without_wire += r->parts[LATENCY_WIRE] == 0;
    t->answered++;
    t->sum += r->latency;
}

struct watch {
    struct tally tally;
    struct waits_check waits;
    struct requests *requests;
};

static void on_event(void *ctx, const struct trace_event *e)
{
    struct watch *w = ctx;
    w->tally.begun += e->kind == TRACE_REQUEST;
    if (e->kind == TRACE_REPLY) {
        w->tally.replies++;
        w->tally.latency += trace_get_reply(e).latency;
    }
    requests_event(w->requests, e);
    waits_index_event(&w->waits.index, e);
}

/* From the first event on. */
static bool watch_all(void *ctx, struct session *s,
                      char message[SCENARIO_MESSAGE_BYTES])
{
    struct watch *w = ctx;
    message[0] = '\0';
    w->requests =
        requests_create(s->scenario->vm_count, check_request, &w->tally);
    assert_non_null(w->requests);
    w->tally.waits = &w->waits;
    waits_check_begin(&w->waits, s->scenario->vm_count,
                      s->scenario->machine->disk_count);
    trace_add_sink(s->trace, on_event, w);
    return true;
}

static void check_variant(const struct variant *v)
{
    char path[4096];
    char message[SCENARIO_MESSAGE_BYTES];
    struct session s;
    struct watch w = { .requests = NULL };
    char images[4][4096];
    const char *sets[SETS_MOST + 4];
    uint32_t count = 0;
    while (v->sets[count]) {
        sets[count] = v->sets[count];
        count++;
    }
    for (uint32_t g = 0; g <= v->spinning; g++) {
        snprintf(images[g], sizeof(images[g]), "vms[%u].image=%s/%s.elf", g,
                 guests,
                 g > 0      ? "spin"
                 : v->guest ? v->guest
                            : "httpd");
        sets[count++] = images[g];
    }
    snprintf(path, sizeof(path), "%s/%s", folder, v->file);
    struct session_options options = {
        .path = path,
        .scenario = { .sets = sets, .set_count = count },
        .observer = { .built = watch_all, .ctx = &w },
    };
    bool is_open = session_open(&s, &options, message);
    if (!is_open) {
        fail_msg("%s: %s", v->name, message);
    }
    assert_true(session_run(&s));
    assert_true(requests_finish(w.requests));
    const struct tally *t = &w.tally;
    print_message("%s: %llu requests, %llu answered;", v->name,
                  (unsigned long long)t->told, (unsigned long long)t->answered);
    for (int p = 0; p < LATENCY_PART_COUNT; p++) {
        print_message(" %s %.1f %%",
                      word_name(&latency_part_words, (uint64_t)p),
                      100.0 * (double)t->parts[p] / (double)t->sum);
    }
    print_message("\n");
    assert_int_equal(t->told, t->begun);
    assert_int_equal(t->answered, t->replies);
    assert_int_equal(t->sum, t->latency);
    assert_true(t->answered > 30);
    assert_int_equal(t->without_wire, 0);
    /* Where no frame is lost, nobody waits for a timer. */
    assert_int_equal(t->parts[LATENCY_TIMERS] > 0, v->is_lossy || v->ticks);
    bool is_taken = v->guest && strcmp(v->guest, "discard") == 0;
    assert_int_equal(is_taken ? t->by_taking : t->by_reply, t->answered);
    waits_check_end(&w.waits, v->name, s.stats);
    requests_free(w.requests);
    session_close(&s);
}

static void parts_sum_to_the_latency_of_every_request(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++) {
        check_variant(&variants[i]);
    }
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        return 2;
    }
    folder = argv[1];
    guests = argv[2];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_sum_to_the_latency_of_every_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
