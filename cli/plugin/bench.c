/* bench.c - see bench.h. */
#include "cli/plugin/bench.h"

#include <stdio.h>
#include <string.h>

/* ---- The host ------------------------------------------------------------ */

static uint64_t on_now(void *ctx)
{
    const struct bench *b = ctx;
    return b->now;
}

static void on_wake_at(void *ctx, uint64_t cycle)
{
    struct bench *b = ctx;
    b->wake = cycle;
}

static void on_give_up(void *ctx, const char *why)
{
    struct bench *b = ctx;
    if (b->said[0] == '\0') {
        snprintf(b->said, sizeof(b->said), "%s", why);
    }
}

static struct entitlement entitlement(const void *ctx, vmid_t vm)
{
    const struct bench *b = ctx;
    return (struct entitlement){ .shares =
                                     b->has_shares ? 100 * (vm + 1) : 100 };
}

bool bench_open(struct bench *b, const struct plugin_source *source,
                char message[PLUGIN_MESSAGE_BYTES])
{
    memset(b, 0, sizeof(*b));
    snprintf(message, PLUGIN_MESSAGE_BYTES, "the host has too little memory");
    return arena_map(&b->arena, ARENA_UNLIMITED) &&
           plugin_load_any(&b->plugin, &b->arena, source, message);
}

void bench_close(struct bench *b)
{
    plugin_release(&b->plugin);
    arena_unmap(&b->arena);
}

static void create(struct bench *b, uint32_t vms)
{
    b->now = 1;
    b->host = (struct policy_host){
        .ctx = b, .now = on_now, .wake_at = on_wake_at, .give_up = on_give_up
    };
    rng_init(&b->host.rng, 1, "policy", 0);
    rng_init(&b->rng, 1, "history", 0);
    const struct sched_config of_sched = { .vm_limit = vms,
                                           .quantum_cycles = BENCH_QUANTUM,
                                           .switch_cycles = 1000,
                                           .host = &b->host,
                                           .vm = entitlement,
                                           .vm_ctx = b };
    const struct gate_config of_gate = { .vm_limit = vms,
                                         .min_free_frames = 16,
                                         .host = &b->host,
                                         .vm = entitlement,
                                         .vm_ctx = b };
    const struct replace_config of_replace = { .frame_count = BENCH_FRAMES,
                                               .vm_limit = vms,
                                               .tau_cycles = BENCH_QUANTUM,
                                               .host = &b->host,
                                               .vm = entitlement,
                                               .vm_ctx = b };
    const struct plugin *p = &b->plugin;
    b->sched =
        p->sched ? p->sched->create(p->sched, &b->arena, &of_sched) : NULL;
    b->gate = p->gate ? p->gate->create(p->gate, &b->arena, &of_gate) : NULL;
    b->replace = p->replace
                     ? p->replace->create(p->replace, &b->arena, &of_replace)
                     : NULL;
    if (!b->sched && !b->gate && !b->replace) {
        on_give_up(b, "it cannot be created");
    }
}

static bool goes_on(struct bench *b, uint64_t of)
{
    b->hash = (b->hash ^ of) * 0x9e3779b97f4a7c15u;
    b->calls++;
    return b->said[0] == '\0';
}

/* ---- Histories ----------------------------------------------------------- */

static void make_ready(struct bench *b, vmid_t vm)
{
    struct sched_place place = b->sched->policy->ready(b->sched, vm);
    (void)goes_on(b, place.key);
    b->is_here[vm] = b->said[0] == '\0';
}

static void run_for(struct bench *b, const struct sched_choice *choice)
{
    static const enum sched_stop whys[] = { SCHED_STOP_QUANTUM, SCHED_STOP_IDLE,
                                            SCHED_STOP_PAGING, SCHED_STOP_LEASE,
                                            SCHED_STOP_QUANTUM };
    enum sched_stop why = whys[rng_below(&b->rng, 5)];
    uint64_t used = why == SCHED_STOP_QUANTUM
                        ? choice->quantum_cycles + rng_below(&b->rng, 100)
                        : rng_below(&b->rng, choice->quantum_cycles) + 1;
    b->is_here[choice->vm] = false;
    b->now += used;
    b->sched->policy->stop(b->sched, choice->vm, why, choice->quantum_cycles,
                           used);
    (void)goes_on(b, choice->vm);
    if (why == SCHED_STOP_QUANTUM) {
        make_ready(b, choice->vm);
    }
}

static void step_sched(struct bench *b)
{
    const struct sched_policy *p = b->sched->policy;
    vmid_t vm = (vmid_t)rng_below(&b->rng, BENCH_VMS);
    uint64_t what = rng_below(&b->rng, 8);
    b->now += 1 + rng_below(&b->rng, 1000);
    if (what < 4) {
        struct sched_choice choice = p->pick(b->sched);
        if (goes_on(b, choice.vm ^ choice.quantum_cycles << 8) &&
            choice.vm != VM_NONE) {
            run_for(b, &choice);
        }
        b->now = b->wake > b->now ? b->wake : b->now;
    } else if (!b->is_here[vm]) {
        make_ready(b, vm);
    } else if (what == 4) {
        p->remove(b->sched, vm);
        b->is_here[vm] = false;
        (void)goes_on(b, vm);
    } else if (what == 5) {
        struct sched_choice choice = p->take(b->sched, vm);
        if (goes_on(b, choice.quantum_cycles)) {
            run_for(b, &choice);
        }
    }
}

static void step_gate(struct bench *b)
{
    const struct gate_policy *p = b->gate->policy;
    vmid_t vm = (vmid_t)rng_below(&b->rng, BENCH_VMS);
    const struct gate_view view = { .free_frames = rng_below(&b->rng, 256),
                                    .unfilled_frames = rng_below(&b->rng, 128),
                                    .admitted = 4 };
    b->now += 1 + rng_below(&b->rng, 1000);
    if (rng_below(&b->rng, 2)) {
        (void)goes_on(b, p->head(b->gate));
        vmid_t admitted = b->said[0] ? VM_NONE : p->admit(b->gate, &view);
        if (goes_on(b, admitted) && admitted != VM_NONE) {
            b->is_here[admitted] = false;
        }
    } else if (!b->is_here[vm]) {
        p->arrive(b->gate, vm, (uint32_t)rng_below(&b->rng, 64));
        b->is_here[vm] = goes_on(b, vm);
    } else if (rng_below(&b->rng, 4) == 0) {
        p->leave(b->gate, vm);
        b->is_here[vm] = false;
        (void)goes_on(b, vm);
    }
}

/* Some are pinned now, touched, dirty: by the cycle and the frame alone. */
static bool may_take(void *ctx, uint32_t frame)
{
    const struct bench *b = ctx;
    return b->is_here[frame] && (frame ^ b->now) % 5 != 0;
}

static bool is_true(void *ctx, uint32_t frame)
{
    const struct bench *b = ctx;
    return (frame * 7 ^ b->now) % 3 == 0;
}

static void step_replace(struct bench *b)
{
    const struct replace_policy *p = b->replace->policy;
    uint32_t frame = (uint32_t)rng_below(&b->rng, BENCH_FRAMES);
    vmid_t vm = (vmid_t)rng_below(&b->rng, BENCH_VMS);
    const struct replace_view view = { b,       vm,      may_take,
                                       is_true, is_true, is_true };
    b->now += 1 + rng_below(&b->rng, 1000);
    if (!b->is_here[frame]) {
        b->is_here[frame] = true;
        p->enter(b->replace, frame, vm);
    } else if (rng_below(&b->rng, 3) == 0) {
        frame = p->victim(b->replace, &view);
        if (goes_on(b, frame) && frame != FRAME_NONE) {
            b->is_here[frame] = false;
            p->leave(b->replace, frame);
        }
    } else if (p->touch) {
        p->touch(b->replace, frame);
    }
    if (p->ran && b->said[0] == '\0') {
        p->ran(b->replace, vm, b->now);
    }
    (void)goes_on(b, 0);
}

void bench_history(struct bench *b, uint32_t steps)
{
    create(b, BENCH_VMS);
    for (uint32_t i = 0; i < steps && b->said[0] == '\0'; i++) {
        if (b->sched) {
            step_sched(b);
        } else if (b->gate) {
            step_gate(b);
        } else {
            step_replace(b);
        }
    }
}

/* ---- Those that are always ready ----------------------------------------- */

void bench_compute(struct bench *b, uint32_t vms, uint32_t turns, bool games)
{
    uint64_t since[BENCH_VMS] = { 0 };
    uint64_t all = 0;
    bool is_away = false;
    create(b, vms);
    for (vmid_t vm = 0; vm < vms && b->said[0] == '\0'; vm++) {
        make_ready(b, vm);
    }
    for (uint32_t i = 0; i < turns && b->said[0] == '\0'; i++) {
        struct sched_choice c = b->sched->policy->pick(b->sched);
        if (!goes_on(b, c.vm) || c.vm == VM_NONE) {
            b->rests++;
            b->now = b->wake > b->now ? b->wake : b->now + 1;
            continue;
        }
        uint64_t early = BENCH_QUANTUM / 16;
        bool idles = games && c.vm == 0 && c.quantum_cycles > early;
        uint64_t used = c.quantum_cycles - (idles ? early : 0);
        uint64_t wait = all - since[c.vm];
        b->longest_wait = wait > b->longest_wait ? wait : b->longest_wait;
        b->now += used;
        all += used;
        b->used[c.vm] += used;
        since[c.vm] = all;
        b->sched->policy->stop(b->sched, c.vm,
                               idles ? SCHED_STOP_IDLE : SCHED_STOP_QUANTUM,
                               c.quantum_cycles, used);
        if (is_away) { /* It is back while another ran. */
            make_ready(b, 0);
        }
        is_away = idles;
        if (!idles) {
            make_ready(b, c.vm);
        }
    }
    for (vmid_t vm = 0; vm < vms; vm++) {
        uint64_t wait = all - since[vm];
        b->longest_wait = wait > b->longest_wait ? wait : b->longest_wait;
        b->starved += b->used[vm] == 0;
    }
}
