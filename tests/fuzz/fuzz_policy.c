/*
 * fuzz_policy.c - bytes as calls of a policy, each within its contract: a
 * scheduler, a gatekeeper, or a replacement policy. What it answers is one of
 * those that it may answer, and what is promised is kept.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "ik/policy/policies.h"
#include "sim/arena.h"
#include "tests/ik_policy/fake_memory.h"

#define VMS         16
#define FRAMES      64
#define QUANTUM     8000
#define ARENA_BYTES 65536

static uint64_t time_now(void *ctx)
{
    const uint64_t *now = ctx;
    return *now;
}

static void no_wake(void *ctx, uint64_t cycle)
{
    (void)ctx;
    (void)cycle;
}

static void no_reason(void *ctx, uint32_t which, uint64_t value)
{
    (void)ctx;
    (void)which;
    (void)value;
}

/* ---- Schedulers ---------------------------------------------------------- */

enum place { AWAY, READY, RUNNING, ASIDE };

struct sched_trial {
    alignas(max_align_t) uint8_t memory[ARENA_BYTES];
    struct arena arena;
    struct policy_host host;
    struct sched *s;
    struct fuzz_input *in;
    struct entitlement vms[VMS];
    enum place place[VMS];
    struct sched_choice turns[VMS]; /* The last runs, others are aside. */
    uint32_t depth, ready;
    uint64_t now;
};

static struct entitlement entitlement(const void *ctx, vmid_t vm)
{
    const struct sched_trial *t = ctx;
    SIM_ASSERT(vm < VMS);
    return t->vms[vm];
}

static void sched_init(struct sched_trial *t, struct fuzz_input *in)
{
    size_t count = 0;
    memset(t, 0, sizeof(*t));
    while (sched_policies[count]) {
        count++;
    }
    const struct sched_policy *policy =
        sched_policies[fuzz_below(in, (uint32_t)count)];
    t->in = in;
    t->host = (struct policy_host){
        .ctx = &t->now, .now = time_now, .wake_at = no_wake, .reason = no_reason
    };
    rng_init(&t->host.rng, 1, "scheduler", 0);
    for (vmid_t vm = 0; vm < VMS; vm++) {
        uint32_t shares = 1 + fuzz_below(in, 200);
        t->vms[vm].shares = shares == 200 ? SHARES_LIMIT : shares;
        t->vms[vm].priority = fuzz_below(in, PRIORITY_LIMIT + 1);
    }
    const struct sched_config config = { .vm_limit = VMS,
                                         .quantum_cycles =
                                             1 + fuzz_below(in, QUANTUM),
                                         .switch_cycles = fuzz_below(in, 1000),
                                         .host = &t->host,
                                         .vm = entitlement,
                                         .vm_ctx = t };
    arena_init(&t->arena, t->memory, sizeof(t->memory));
    t->s = policy->create(policy, &t->arena, &config);
    SIM_ASSERT(t->s);
}

static void begin_turn(struct sched_trial *t, const struct sched_choice *c)
{
    SIM_ASSERT(c->vm < VMS && t->place[c->vm] == READY);
    SIM_ASSERT(c->quantum_cycles >= 1);
    t->place[c->vm] = RUNNING;
    t->ready--;
    t->turns[t->depth++] = *c;
}

static void make_ready(struct sched_trial *t, vmid_t vm)
{
    (void)t->s->policy->ready(t->s, vm);
    t->place[vm] = READY;
    t->ready++;
}

static void end_turn(struct sched_trial *t, enum sched_stop why)
{
    const struct sched_choice *c = &t->turns[--t->depth];
    uint64_t part = fuzz_take(t->in, 2);
    uint64_t used = why == SCHED_STOP_QUANTUM || why == SCHED_STOP_LEASE
                        ? c->quantum_cycles + part % 64
                        : part % (2 * c->quantum_cycles);
    t->now += used;
    t->place[c->vm] = AWAY;
    t->s->policy->stop(t->s, c->vm, why, c->quantum_cycles, used);
    if (why == SCHED_STOP_QUANTUM || why == SCHED_STOP_PREEMPTED) {
        make_ready(t, c->vm);
    }
    if (t->depth > 0) {
        t->place[t->turns[t->depth - 1].vm] = RUNNING;
    }
}

static void pick(struct sched_trial *t)
{
    struct sched_choice c = t->s->policy->pick(t->s);
    if (c.vm == VM_NONE) {
        SIM_ASSERT(t->ready == 0 || t->s->policy->promises.may_rest);
        return;
    }
    begin_turn(t, &c);
}

static void take(struct sched_trial *t, vmid_t vm)
{
    if (t->depth > 0) {
        t->place[t->turns[t->depth - 1].vm] = ASIDE;
    }
    struct sched_choice c = t->s->policy->take(t->s, vm);
    SIM_ASSERT(c.vm == vm);
    begin_turn(t, &c);
}

/* A VM becomes ready, and perhaps goes before the one that runs. */
static void wake(struct sched_trial *t, vmid_t vm)
{
    make_ready(t, vm);
    const struct sched_policy *policy = t->s->policy;
    if (t->depth == 1 && policy->preempts &&
        policy->preempts(t->s, vm, t->turns[0].vm,
                         fuzz_take(t->in, 1) % t->turns[0].quantum_cycles)) {
        end_turn(t, SCHED_STOP_PREEMPTED);
    }
}

static void sched_step(struct sched_trial *t)
{
    static const enum sched_stop whys[] = { SCHED_STOP_QUANTUM, SCHED_STOP_IDLE,
                                            SCHED_STOP_PAGING, SCHED_STOP_LEASE,
                                            SCHED_STOP_END };
    uint32_t what = fuzz_below(t->in, 256);
    vmid_t vm = what >> 4;
    t->now += what;
    switch (what & 7) {
    case 0:
    case 1:
        if (t->place[vm] == AWAY) {
            wake(t, vm);
        }
        break;
    case 2:
        if (t->place[vm] == READY) {
            t->s->policy->remove(t->s, vm);
            t->place[vm] = AWAY;
            t->ready--;
        }
        break;
    case 3:
        if (t->place[vm] == READY && t->depth < VMS) {
            take(t, vm);
        }
        break;
    default:
        if (t->depth == 0) {
            pick(t);
        } else {
            end_turn(t, whys[vm % 5]);
        }
        break;
    }
}

/* In the end everyone who is ready is chosen. */
static void try_sched(struct fuzz_input *in)
{
    static struct sched_trial t;
    sched_init(&t, in);
    while (!fuzz_is_over(in)) {
        sched_step(&t);
    }
    while (t.depth > 0) {
        end_turn(&t, SCHED_STOP_END);
    }
    for (uint32_t i = 0; i < VMS && t.ready > 0; i++) {
        pick(&t);
        if (t.depth > 0) {
            end_turn(&t, SCHED_STOP_END);
        }
    }
    SIM_ASSERT(t.ready == 0 || t.s->policy->promises.may_rest);
}

/* ---- Gatekeepers --------------------------------------------------------- */

/* Whoever waits is admitted once memory is free. */
static void empty_gate(struct gate *g, uint32_t waiting)
{
    const struct gate_view ample = { .free_frames = 1u << 24 };
    for (; waiting > 0; waiting--) {
        vmid_t vm = g->policy->admit(g, &ample);
        SIM_ASSERT(vm < VMS);
    }
    SIM_ASSERT(g->policy->admit(g, &ample) == VM_NONE);
    SIM_ASSERT(g->policy->head(g) == VM_NONE);
}

static void try_gate(struct fuzz_input *in)
{
    static alignas(max_align_t) uint8_t memory[ARENA_BYTES];
    struct arena arena;
    bool waits[VMS] = { false };
    uint32_t waiting = 0;
    size_t count = 0;
    while (gate_policies[count]) {
        count++;
    }
    const struct gate_policy *policy =
        gate_policies[fuzz_below(in, (uint32_t)count)];
    const struct gate_config config = { .vm_limit = VMS,
                                        .min_free_frames = fuzz_below(in, 64) };
    arena_init(&arena, memory, sizeof(memory));
    struct gate *g = policy->create(policy, &arena, &config);
    SIM_ASSERT(g);
    while (!fuzz_is_over(in)) {
        uint32_t what = fuzz_below(in, 256);
        vmid_t vm = what >> 4;
        if ((what & 3) == 0 && !waits[vm]) {
            policy->arrive(g, vm, (uint32_t)fuzz_take(in, 3));
            waits[vm] = true;
            waiting++;
        } else if ((what & 3) == 1 && waits[vm]) {
            policy->leave(g, vm);
            waits[vm] = false;
            waiting--;
        } else if ((what & 3) > 1) {
            const struct gate_view view = { .free_frames = fuzz_take(in, 2),
                                            .unfilled_frames = fuzz_take(in, 2),
                                            .admitted = fuzz_below(in, VMS) };
            vm = policy->admit(g, &view);
            SIM_ASSERT(vm == VM_NONE || (vm < VMS && waits[vm]));
            if (vm != VM_NONE) {
                waits[vm] = false;
                waiting--;
            }
        }
        vm = policy->head(g);
        SIM_ASSERT(waiting > 0 ? vm < VMS && waits[vm] : vm == VM_NONE);
    }
    empty_gate(g, waiting);
}

/* ---- Replacement --------------------------------------------------------- */

static void replace_step(struct fake_memory *m, struct fuzz_input *in)
{
    uint32_t what = fuzz_below(in, 8);
    uint32_t frame = fuzz_below(in, 256);
    vmid_t vm = frame % VMS;
    frame %= m->frame_count;
    struct fake_frame *f = &m->frames[frame];
    if (what == 0) {
        m->virtual_time[vm] += fuzz_take(in, 3);
    } else if (what == 1) {
        fake_evict(m); /* It asserts that the victim may be taken. */
    } else if (what == 2) {
        m->clean_room = vm;
        m->only_vm = frame % 5 == 0 ? vm : VM_NONE;
        m->writes_copy = frame & 1;
    } else if (!f->is_entered) {
        fake_enter(m, frame, vm);
    } else if (what == 3) {
        fake_leave(m, frame);
    } else if (what == 4) {
        f->is_pinned = !f->is_pinned;
    } else if (what == 5) {
        f->is_dirty = !f->is_writing;
    } else if (what == 6) {
        f->is_writing = false;
    } else {
        fake_touch(m, frame);
    }
}

/* Every page can be had in the end: none is lost from the policy's tables. */
static void empty_memory(struct fake_memory *m)
{
    uint32_t left = 0;
    m->only_vm = VM_NONE;
    for (uint32_t i = 0; i < m->frame_count; i++) {
        left += m->frames[i].is_entered;
        m->frames[i].is_pinned = false;
        m->frames[i].is_writing = false;
        m->frames[i].is_dirty = false;
    }
    for (; left > 0; left--) {
        uint32_t frame = fake_evict(m);
        SIM_ASSERT(frame != FRAME_NONE);
    }
    uint32_t none = fake_evict(m);
    SIM_ASSERT(none == FRAME_NONE);
}

static void try_replace(struct fuzz_input *in)
{
    static struct fake_memory m;
    size_t count = 0;
    while (replace_policies[count]) {
        count++;
    }
    const struct replace_policy *policy =
        replace_policies[fuzz_below(in, (uint32_t)count)];
    const struct replace_config config = {
        .frame_count = 1 + fuzz_below(in, FRAMES),
        .vm_limit = VMS,
        .tau_cycles = fuzz_take(in, 3),
    };
    fake_init(&m, policy, &config, 0xa5);
    while (!fuzz_is_over(in)) {
        replace_step(&m, in);
        uint32_t hand = policy->hand ? policy->hand(m.r) : FRAME_NONE;
        SIM_ASSERT(hand == FRAME_NONE || m.frames[hand].is_entered);
    }
    empty_memory(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = { data, size };
    switch (fuzz_below(&in, 3)) {
    case 0:
        try_sched(&in);
        break;
    case 1:
        try_gate(&in);
        break;
    default:
        try_replace(&in);
        break;
    }
    return 0;
}
