/*
 * test_partitioned.c - a victim and an attacker that share a processor by slots
 * and nothing else, in one process, each for a frame in turn: the victim's
 * events, consoles and RAM are to the bit what they are without the attacker,
 * whatever the attacker is, and neither is ever seen to work beyond its slot.
 */
#include "tests/attacks/attack_list.h"
#include "tests/ik/fixture.h"

#include <stdio.h>
#include <string.h>

#define MS      1000000ull
#define FRAME   (8 * MS)
#define SLOT    (4 * MS)
#define PADDING MS
#define FRAMES  10
#define VICTIMS 6

/* Sees, from the events alone, when the processor was at work. */
struct watch {
    uint64_t cpu_hz;
    uint64_t outside; /* Cycles of work that lie in no slot. */
    uint64_t work;
};

struct partition {
    struct bench *bench;
    struct watch watch;
};

static void see_work(struct watch *w, uint64_t from, uint64_t until)
{
    uint64_t frame = cycles_from_ns(FRAME, w->cpu_hz);
    uint64_t end = from - from % frame + cycles_from_ns(SLOT, w->cpu_hz);
    w->work += until - from;
    w->outside += until > end ? until - (from > end ? from : end) : 0;
}

static void on_event(void *ctx, const struct trace_event *e)
{
    struct watch *w = ctx;
    if (trace_kind(e) == TRACE_RUN) {
        see_work(w, e->time - trace_get_run(e).cycles, e->time);
    } else if (trace_kind(e) == TRACE_CHARGE &&
               trace_get_charge(e).category != CPU_IDLE) {
        see_work(w, e->time - trace_get_charge(e).cycles, e->time);
    }
}

static void create(struct partition *p)
{
    struct bench *b = bench_create();
    b->machine = *machine_find("denali-2002");
    b->scenario.quantum_ns = MS;
    b->scenario.rx_queue = 64;
    b->scenario.tx_queue = 16;
    b->scenario.rx_pool = 1024;
    b->scenario.major_frame_ns = FRAME;
    b->scenario.own.slot_ns = SLOT;
    b->scenario.padding_ns = PADDING;
    b->whole_audit_period = 1u << 14;
    b->replay_period = 1u << 10;
    p->watch = (struct watch){ .cpu_hz = b->machine.cpu_hz };
    b->extra_sink = on_event;
    b->extra_ctx = &p->watch;
    p->bench = b;
}

static uint32_t load(struct bench *b, const char *build, const char *name)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s.elf", build, name);
    return bench_load_image(b, path);
}

/* They talk to each other, compute, sleep and write. */
static void create_victim(struct partition *p, const char *build)
{
    create(p);
    struct bench *b = p->bench;
    bench_add_vms(b, load(b, build, "tests/attacks/neighbour"), 4, "");
    bench_add_vms(b, load(b, build, "guests/spin"), 1, "iterations=300");
    bench_add_vms(b, load(b, build, "guests/hello"), 1, "");
    bench_boot(b);
}

static void create_attacker(struct partition *p, const char *build,
                            const char *name)
{
    create(p);
    struct bench *b = p->bench;
    bench_add_vms(b, load(b, build, "guests/attackers/attacks"), 2, name);
    bench_boot(b);
}

/* Runs both, frame by frame. `attacker` may be NULL. */
static void run_both(struct partition *victim, struct partition *attacker)
{
    uint64_t frame = cycles_from_ns(FRAME, victim->watch.cpu_hz);
    for (uint64_t until = frame; until <= FRAMES * frame; until += frame) {
        if (attacker) {
            bench_run(attacker->bench, until);
        }
        bench_run(victim->bench, until);
    }
}

static void expect_same(const struct partition *p,
                        const struct partition *alone, const char *attack)
{
    char is[FINGERPRINT_CHARS];
    char was[FINGERPRINT_CHARS];
    trace_fingerprint(p->bench->trace, is);
    trace_fingerprint(alone->bench->trace, was);
    if (strcmp(is, was) != 0) {
        fail_msg("beside %s the victim's fingerprint is %s, alone %s", attack,
                 is, was);
    }
    assert_int_equal(p->watch.work, alone->watch.work);
    assert_memory_equal(p->bench->consoles, alone->bench->consoles,
                        VICTIMS * sizeof(struct console_log));
    if (memcmp(p->bench->ram, alone->bench->ram,
               p->bench->scenario.ram_bytes) != 0) {
        fail_msg("beside %s the victim's RAM is not what it is alone", attack);
    }
}

static void a_victim_is_to_the_bit_what_it_is_alone(void **state)
{
    const char *build = *state;
    struct partition alone;
    create_victim(&alone, build);
    run_both(&alone, NULL);
    assert_int_equal(alone.watch.outside, 0);
    assert_true(alone.watch.work > 0);
    assert_true(alone.bench->consoles[0].bytes > 0);
    for (size_t i = 0; i < ATTACKS; i++) {
        struct partition victim;
        struct partition attacker;
        create_attacker(&attacker, build, attacks[i].name);
        create_victim(&victim, build);
        run_both(&victim, &attacker);
        expect_same(&victim, &alone, attacks[i].name);
        if (attacker.watch.outside != 0) {
            fail_msg("%s works %llu cycles outside its slots", attacks[i].name,
                     (unsigned long long)attacker.watch.outside);
        }
        assert_true(attacker.watch.work > 0);
        bench_release(attacker.bench);
        bench_release(victim.bench);
    }
    bench_release(alone.bench);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s BUILD_FOLDER\n", argv[0]);
        return 2;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(a_victim_is_to_the_bit_what_it_is_alone,
                                  argv[1]),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
