/* replay_check.c - see replay_check.h. */
#include "tests/ik/replay_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "ik/state.h"

#define PREFERRED_RUN 16 /* As in ik/policy/sched_rr.c. */

_Static_assert(REPLAY_NONE == VM_NONE, "no VM");

/* ---- The order of choices ----------------------------------------------- */

static uint32_t first_other(const struct replay *r)
{
    uint32_t vm = r->lists[VM_READY].head;
    while (vm != REPLAY_NONE && r->vms[vm].is_preferred) {
        vm = r->vms[vm].next;
    }
    return vm;
}

/* The replay has not been told of the choice yet. */
static void check_pick(struct replay_check *s, uint32_t vm, enum pick how)
{
    const struct replay *r = s->replay;
    uint32_t head = r->lists[VM_READY].head;
    assert_int_equal(r->vms[vm].state, VM_READY);
    if (how == PICK_SUMMONED || s->draws) {
        return; /* For an interrupt, or drawn. */
    }
    if (how == PICK_RESUMED) {
        assert_int_equal(vm, r->set_aside);
        assert_int_equal(vm, head);
        return;
    }
    assert_int_equal(r->set_aside, REPLAY_NONE);
    if (vm != head) {
        /* Only so that preferred VMs do not starve the others. */
        assert_true(s->preferred_run >= PREFERRED_RUN);
        assert_true(r->vms[head].is_preferred);
        assert_int_equal(vm, first_other(r));
    }
    bool goes_first = r->vms[vm].is_preferred && first_other(r) != REPLAY_NONE;
    s->preferred_run = goes_first ? s->preferred_run + 1 : 0;
    s->picks++;
}

static void on_event(void *ctx, const struct trace_event *e)
{
    struct replay_check *s = ctx;
    if (e->kind == TRACE_PICK) {
        check_pick(s, e->vm, trace_get_pick(e).why);
    }
    s->kinds[e->kind]++;
    replay_event(s->replay, e);
}

void replay_check_init(struct replay_check *s, struct trace *t,
                       const struct scenario *scenario)
{
    /* More is refused by the kernel. */
    const uint64_t most = 1u << 30;
    uint64_t ram_bytes =
        scenario->ram_bytes < most ? scenario->ram_bytes : most;
    const struct trace_info info = {
        .cpu_hz = scenario->machine->cpu_hz,
        .frames = (uint32_t)(ram_bytes / ABI_PAGE_BYTES),
        .disks = scenario->machine->disk_count,
        .vm_limit = scenario->vm_count,
    };
    const struct replay_options options = { .sample_cycles = 997,
                                            .sample_limit = 64 };
    *s = (struct replay_check){ .replay = replay_create(&info, &options) };
    assert_non_null(s->replay);
    trace_add_sink(t, on_event, s);
}

void replay_check_release(struct replay_check *s)
{
    replay_free(s->replay);
}

/* ---- Lists and counts --------------------------------------------------- */

static void check_list(const struct replay *r, enum vm_state state)
{
    const struct replay_list *list = &r->lists[state];
    uint32_t count = 0;
    uint32_t before = REPLAY_NONE;
    for (uint32_t vm = list->head; vm != REPLAY_NONE; vm = r->vms[vm].next) {
        const struct replay_vm *v = &r->vms[vm];
        assert_true(v->exists);
        assert_int_equal(v->state, state);
        assert_int_equal(v->prev, before);
        if (state == VM_READY && before != REPLAY_NONE) {
            const struct replay_vm *u = &r->vms[before];
            assert_true(u->ready_rank <= v->ready_rank);
            bool are_equal = u->ready_rank == v->ready_rank;
            assert_true(!are_equal || u->ready_key <= v->ready_key);
            are_equal = are_equal && u->ready_key == v->ready_key;
            assert_true(!are_equal || u->ready_order < v->ready_order);
        }
        before = vm;
        count++;
    }
    assert_int_equal(list->tail, before);
    assert_int_equal(list->count, count);
}

/* A call to cmocka for each frame would take most of the tests' time. */
static void check_frames(const struct replay *r)
{
    uint32_t used = 0;
    uint32_t dirty = 0;
    uint32_t bad = 0;
    for (uint32_t i = 0; i < r->info.frames; i++) {
        const struct replay_frame *f = &r->frames[i];
        bool is_used = f->flags & REPLAY_FRAME_USED;
        bad += !is_used && (f->flags != 0 || f->owner != 0 || f->touched != 0);
        used += is_used;
        dirty += (f->flags & REPLAY_FRAME_DIRTY) != 0;
    }
    assert_int_equal(bad, 0);
    assert_int_equal(r->frames_used, used);
    assert_int_equal(r->frames_dirty, dirty);
    uint32_t held = 0;
    for (uint32_t vm = 0; vm < r->info.vm_limit; vm++) {
        held += r->vms[vm].resident + r->vms[vm].tables;
    }
    assert_int_equal(held, used);
}

void replay_check_sound(const struct replay *r)
{
    uint32_t listed = 0;
    for (int state = 0; state < VM_STATE_COUNT; state++) {
        check_list(r, (enum vm_state)state);
        listed += r->lists[state].count;
    }
    uint32_t exist = 0;
    for (uint32_t vm = 0; vm < r->info.vm_limit; vm++) {
        exist += r->vms[vm].exists;
    }
    assert_int_equal(listed, exist);
    assert_true(r->lists[VM_RUNNING].count <= 1);
    assert_int_equal(r->lists[VM_RUNNING].head, r->running);
    assert_true(r->hand == REPLAY_NONE || r->hand < r->info.frames);
    check_frames(r);
    for (uint32_t i = 0; i < r->info.disks; i++) {
        const struct replay_disk *d = &r->disks[i];
        assert_true(d->shown <= d->depth);
        assert_true(d->shown <= REPLAY_IO_LIMIT);
    }
    assert_true(r->flight_count <= REPLAY_FLIGHT_LIMIT);
    assert_true(r->sample_count > 0);
    assert_true(r->sample_count <= r->sample_limit);
}

/* ---- The kernel's own --------------------------------------------------- */

static void compare_queue(const struct replay *r, const struct packet_queue *q,
                          uint32_t vm, enum replay_place place)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < r->flight_count; i++) {
        const struct replay_packet *p = &r->flight[i];
        if (p->vm != vm || p->place != place) {
            continue;
        }
        const struct packet *own = q->head;
        while (own && own->serial != p->packet) {
            own = own->next;
        }
        assert_non_null(own);
        SIM_ASSERT(own); /* For the compiler. */
        assert_int_equal(p->bytes, own->length_bytes);
        found++;
    }
    if (r->flight_count < REPLAY_FLIGHT_LIMIT) {
        assert_int_equal(found, q->count);
    }
}

static void compare_vm(const struct replay *r, const struct vm *vm)
{
    const struct replay_vm *v = &r->vms[vm->id];
    assert_true(v->exists);
    assert_int_equal(v->state, vm->state);
    assert_int_equal(v->insns, vm->insns);
    for (int i = 0; i < CPU_CATEGORY_COUNT; i++) {
        assert_int_equal(v->cpu[i], vm->cpu[i]);
    }
    assert_int_equal(v->rx, vm->rx.count);
    assert_int_equal(v->tx, vm->tx.count);
    if (vm->state == VM_DEAD) {
        return;
    }
    assert_int_equal(v->pending, vm->pending);
    if (vm->state == VM_IDLE && timer_is_set(&vm->idle_timer)) {
        assert_true(v->deadline == vm->idle_timer.due || v->deadline < r->now);
    } else if (vm->state == VM_IDLE && !vm->idle_expired) {
        assert_int_equal(v->deadline, TIME_NEVER);
    }
    compare_queue(r, &vm->rx, vm->id, REPLAY_IN_RX);
    compare_queue(r, &vm->tx, vm->id, REPLAY_IN_TX);
}

/* The kernel's list stands in the replay's in the same order, all of it, or
   with others in between. */
static void compare_list(const struct replay *r, enum vm_state state,
                         const struct vmlist *list, const struct vmlink *links)
{
    uint32_t at = r->lists[state].head;
    for (vmid_t vm = list->head; vm != VM_NONE; vm = links[vm].next) {
        while (at != REPLAY_NONE && at != vm) {
            assert_true(state != VM_WAITING);
            at = r->vms[at].next;
        }
        assert_int_equal(at, vm);
        at = r->vms[at].next;
    }
    assert_true(state != VM_WAITING || at == REPLAY_NONE);
}

static bool is_same_frame(const struct replay *r, const struct kernel *k,
                          uint32_t i)
{
    const struct frame *own = &k->frames.table[i];
    const struct replay_frame *f = &r->frames[i];
    if (i >= k->frames.fresh || own->owner == VM_NONE) {
        return f->flags == 0;
    }
    if (own->page == FRAME_PAGE_TABLE) {
        return f->owner == own->owner &&
               f->flags == (REPLAY_FRAME_USED | REPLAY_FRAME_TABLE);
    }
    const struct pte *pte = &k->vms[own->owner].ptes[own->page];
    if (!(pte->flags & PTE_PRESENT) || pte->frame != i) {
        return f->flags == 0; /* On its way in. */
    }
    bool is_dirty = f->flags & REPLAY_FRAME_DIRTY;
    return f->owner == own->owner && f->page == own->page &&
           (f->flags & (REPLAY_FRAME_USED | REPLAY_FRAME_TABLE)) ==
               REPLAY_FRAME_USED &&
           is_dirty == ((pte->flags & PTE_DIRTY) != 0);
}

static void compare_frames(const struct replay *r, const struct kernel *k)
{
    for (uint32_t i = 0; i < k->frames.count; i++) {
        if (!is_same_frame(r, k, i)) {
            fail_msg("frame %u: VM %u, page %u, flags %u; but the kernel's is "
                     "of VM %u, page %u",
                     i, r->frames[i].owner, r->frames[i].page,
                     r->frames[i].flags, k->frames.table[i].owner,
                     k->frames.table[i].page);
        }
    }
    for (vmid_t vm = 0; vm < k->vm_count; vm++) {
        /* What is on its way in has a frame already. */
        uint32_t resident = r->vms[vm].resident;
        if (resident > k->vms[vm].resident ||
            (k->transfers.in_flight == 0 && resident < k->vms[vm].resident)) {
            fail_msg("VM %u: %u frames, not %u", vm, resident,
                     k->vms[vm].resident);
        }
    }
}

/* It waits at its spindle: shown, unless there are too many. */
static bool is_shown(const struct replay_disk *d, const struct transfer *x)
{
    for (uint32_t i = 0; i < d->shown; i++) {
        if (d->io[i].block == x->request.block &&
            d->io[i].is_write == x->request.is_write &&
            d->io[i].blocks == x->count) {
            return true;
        }
    }
    return d->depth > d->shown;
}

static void compare_disks(const struct replay *r, const struct kernel *k)
{
    for (uint32_t i = 0; i < k->swap.disk_count; i++) {
        uint32_t depth = 0;
        const struct transfer *x = k->transfers.flying;
        for (; x; x = x->next) {
            if (x->disk == &k->swap.disks[i]) {
                assert_true(is_shown(&r->disks[i], x));
                depth++;
            }
        }
        assert_int_equal(r->disks[i].depth, depth);
    }
}

static void compare_time(const struct replay *r, const struct kernel *k)
{
    assert_true(r->now <= k->now);
    uint64_t sums[CPU_CATEGORY_COUNT] = { 0 };
    for (size_t i = 0; i < r->sample_count; i++) {
        for (int c = 0; c < CPU_CATEGORY_COUNT; c++) {
            sums[c] += r->samples[i].cpu[c];
        }
    }
    for (int c = 0; c < CPU_CATEGORY_COUNT; c++) {
        assert_int_equal(r->cpu[c], k->config.stats->cpu_whole[c]);
        assert_int_equal(sums[c], r->cpu[c]);
    }
    if (k->turn.running != VM_NONE) {
        uint64_t left =
            k->turn.granted > k->turn.used ? k->turn.granted - k->turn.used : 0;
        uint64_t shown = r->granted > r->used ? r->granted - r->used : 0;
        /* What the kernel's work used of it besides is not shown. */
        assert_true(shown == left ||
                    (shown > left && k->sched->policy->charged));
    }
}

/* They are the next to run, whoever else is ready. */
static void compare_aside(const struct replay *r, const struct kernel *k)
{
    const struct vmlist *aside = &k->summons.aside;
    assert_int_equal(r->set_aside, aside->head);
    assert_int_equal(r->aside_count, aside->count);
    uint32_t shown = r->lists[VM_READY].head;
    for (vmid_t vm = aside->head; vm != VM_NONE;
         vm = k->summons.aside_links[vm].next) {
        assert_int_equal(shown, vm);
        shown = r->vms[shown].next;
    }
}

void replay_check_compare(const struct replay_check *s)
{
    const struct replay *r = s->replay;
    const struct kernel *k = s->kernel;
    replay_check_sound(r);
    assert_int_equal(r->info.vm_limit, k->vm_count);
    for (vmid_t vm = 0; vm < k->vm_count; vm++) {
        if (k->vms[vm].page_count > 0) {
            compare_vm(r, &k->vms[vm]);
        } else {
            assert_false(r->vms[vm].exists);
        }
    }
    assert_int_equal(r->running, k->turn.running);
    compare_aside(r, k);
    assert_int_equal(r->lists[VM_WAITING].count, k->admission.waiting);
    compare_list(r, VM_WAITING, &k->admission.waiters, k->admission.links);
    compare_list(r, VM_IDLE, &k->paging.idlers, k->paging.links);
    compare_list(r, VM_PAGING, &k->paging.frame_waiters, k->paging.links);
    compare_frames(r, k);
    compare_disks(r, k);
    compare_time(r, k);
}

/* ---- One replay and another --------------------------------------------- */

static void compare_vms(const struct replay *a, const struct replay *b)
{
    for (uint32_t i = 0; i < a->info.vm_limit; i++) {
        const struct replay_vm *v = &a->vms[i];
        const struct replay_vm *u = &b->vms[i];
        assert_int_equal(v->state, u->state);
        assert_int_equal(v->exists, u->exists);
        assert_int_equal(v->since, u->since);
        assert_int_equal(v->pending, u->pending);
        assert_int_equal(v->resident, u->resident);
        assert_int_equal(v->rx, u->rx);
        assert_int_equal(v->tx, u->tx);
        assert_int_equal(v->batch, u->batch);
        assert_int_equal(v->insns, u->insns);
        assert_int_equal(v->next, u->next);
        assert_int_equal(v->prev, u->prev);
        assert_memory_equal(v->cpu, u->cpu, sizeof(v->cpu));
    }
}

void replay_check_alike(const struct replay *a, const struct replay *b)
{
    assert_int_equal(a->now, b->now);
    assert_int_equal(a->events, b->events);
    compare_vms(a, b);
    assert_memory_equal(a->lists, b->lists, sizeof(a->lists));
    assert_int_equal(a->running, b->running);
    assert_int_equal(a->set_aside, b->set_aside);
    assert_int_equal(a->aside_count, b->aside_count);
    for (uint32_t i = 0; i < a->info.frames; i++) {
        assert_int_equal(a->frames[i].owner, b->frames[i].owner);
        assert_int_equal(a->frames[i].page, b->frames[i].page);
        assert_int_equal(a->frames[i].flags, b->frames[i].flags);
        assert_int_equal(a->frames[i].touched, b->frames[i].touched);
    }
    assert_int_equal(a->hand, b->hand);
    for (uint32_t i = 0; i < a->info.disks; i++) {
        assert_int_equal(a->disks[i].depth, b->disks[i].depth);
        assert_int_equal(a->disks[i].shown, b->disks[i].shown);
        assert_int_equal(a->disks[i].reads, b->disks[i].reads);
    }
    assert_int_equal(a->flight_count, b->flight_count);
    for (uint32_t i = 0; i < a->flight_count; i++) {
        assert_int_equal(a->flight[i].packet, b->flight[i].packet);
        assert_int_equal(a->flight[i].place, b->flight[i].place);
    }
    assert_memory_equal(a->cpu, b->cpu, sizeof(a->cpu));
    assert_int_equal(a->requests, b->requests);
}
