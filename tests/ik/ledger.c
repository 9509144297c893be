/* ledger.c - see ledger.h. */
#include "tests/ik/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

void ledger_init(struct ledger *l, uint32_t vm_count, uint32_t frame_count)
{
    *l = (struct ledger){
        .vms = calloc(vm_count + 1, sizeof(*l->vms)),
        .frames = calloc(frame_count + 1, sizeof(*l->frames)),
        .vm_count = vm_count,
        .frame_count = frame_count,
    };
    assert_non_null(l->vms);
    assert_non_null(l->frames);
    for (uint32_t i = 0; i < frame_count; i++) {
        l->frames[i].vm = VM_NONE;
    }
}

void ledger_release(struct ledger *l)
{
    free(l->vms);
    free(l->frames);
}

/* Of no VM: the one behind the last. */
static struct ledger_vm *vm_of(const struct ledger *l,
                               const struct trace_event *e)
{
    return &l->vms[e->vm == TRACE_NO_VM ? l->vm_count : e->vm];
}

static struct ledger_frame *frame_at(const struct ledger *l, uint32_t frame)
{
    assert_true(frame < l->frame_count);
    return &l->frames[frame];
}

/* Of a page that is in: its frame is the one that was said to hold it. */
static struct ledger_frame *page_frame(const struct ledger *l,
                                       const struct trace_event *e)
{
    struct trace_resident r = trace_get_resident(e);
    struct ledger_frame *f = frame_at(l, r.frame);
    assert_int_equal(f->vm, e->vm);
    assert_int_equal(f->page, r.page);
    return f;
}

static void on_fill(struct ledger *l, const struct trace_event *e)
{
    struct trace_fill fill = trace_get_fill(e);
    struct ledger_frame *f = frame_at(l, fill.frame);
    assert_int_equal(f->vm, VM_NONE);
    *f = (struct ledger_frame){ .vm = e->vm, .page = fill.page };
}

static void on_dirty(struct ledger *l, const struct trace_event *e,
                     bool is_dirty)
{
    struct ledger_frame *f = page_frame(l, e);
    assert_int_equal(f->is_dirty, !is_dirty);
    f->is_dirty = is_dirty;
}

static void on_evict(struct ledger *l, const struct trace_event *e)
{
    struct ledger_frame *f = page_frame(l, e);
    assert_true(!f->is_dirty || trace_get_evict(e).dirty);
    f->vm = VM_NONE;
    f->is_dirty = false;
}

static void on_table(struct ledger *l, const struct trace_event *e)
{
    struct trace_table table = trace_get_table(e);
    assert_int_equal(frame_at(l, table.frame)->vm, VM_NONE);
    l->tables += table.change == TABLE_ALLOCATED ? 1u : 0u - 1u;
}

static void charge(struct ledger *l, const struct trace_event *e,
                   enum cpu_category category, uint64_t cycles)
{
    l->cpu[category] += cycles;
    vm_of(l, e)->cpu[category] += cycles;
}

static void on_charge(struct ledger *l, const struct trace_event *e)
{
    struct trace_charge c = trace_get_charge(e);
    assert_int_not_equal(c.category, CPU_GUEST);
    charge(l, e, c.category, c.cycles);
}

static void on_ready(struct ledger *l, const struct trace_event *e)
{
    struct ledger_vm *vm = vm_of(l, e);
    assert_false(vm->is_ready);
    vm->is_ready = true;
}

static void on_pick(struct ledger *l, const struct trace_event *e)
{
    struct ledger_vm *vm = vm_of(l, e);
    enum pick why = trace_get_pick(e).why;
    /* Nested interrupts summon who is set aside, too. */
    assert_true(why == PICK_RESUMED ? vm->is_aside
                                    : !vm->is_aside || why == PICK_SUMMONED);
    assert_int_equal(vm->is_ready, !vm->is_aside);
    vm->is_ready = false;
    vm->is_aside = false;
}

static void on_end(struct ledger_vm *vm)
{
    vm->is_ready = false;
    vm->is_aside = false;
    vm->rx = 0;
    vm->tx = 0;
}

/* A packet left the VM's transmit queue. */
static void on_sent(struct ledger *l, const struct trace_event *e)
{
    struct ledger_vm *vm = vm_of(l, e);
    assert_true(vm->tx > 0);
    vm->tx--;
}

/* What each kind says of what is counted. A flat switch.
   NOLINTNEXTLINE(readability-function-size) */
static void take(struct ledger *l, const struct trace_event *e)
{
    switch (trace_kind(e)) {
    case TRACE_RUN:
        charge(l, e, CPU_GUEST, trace_get_run(e).cycles);
        break;
    case TRACE_CHARGE:
        on_charge(l, e);
        break;
    case TRACE_END:
        on_end(vm_of(l, e));
        break;
    case TRACE_DISK_READ:
    case TRACE_DISK_WRITE:
        l->requests++;
        break;
    case TRACE_DISK_DONE:
    case TRACE_DISK_CANCEL:
        assert_true(l->requests > 0);
        l->requests--;
        break;
    case TRACE_FILL:
        on_fill(l, e);
        break;
    case TRACE_TOUCH:
        page_frame(l, e);
        break;
    case TRACE_DIRTY:
        on_dirty(l, e, true);
        break;
    case TRACE_CLEAN:
        on_dirty(l, e, false);
        break;
    case TRACE_EVICT:
        on_evict(l, e);
        break;
    case TRACE_TABLE:
        on_table(l, e);
        break;
    case TRACE_READY:
        on_ready(l, e);
        break;
    case TRACE_PICK:
        on_pick(l, e);
        break;
    case TRACE_SET_ASIDE:
        vm_of(l, e)->is_aside = true;
        break;
    case TRACE_RX:
        assert_int_equal(trace_get_rx(e).queued, ++vm_of(l, e)->rx);
        break;
    case TRACE_RECV:
        assert_int_equal(trace_get_recv(e).queued, --vm_of(l, e)->rx);
        break;
    case TRACE_SEND:
        assert_int_equal(trace_get_send(e).queued, ++vm_of(l, e)->tx);
        break;
    case TRACE_TX:
    case TRACE_TX_DROP:
        on_sent(l, e);
        break;
    case TRACE_EXIT:
    case TRACE_VINSN:
    case TRACE_CREATE:
    case TRACE_CONSOLE:
    case TRACE_SWITCH:
    case TRACE_PREEMPT:
    case TRACE_IDLE:
    case TRACE_WAKE:
    case TRACE_ARRIVE:
    case TRACE_ADMIT:
    case TRACE_LEASE_END:
    case TRACE_FAULT:
    case TRACE_RAISE:
    case TRACE_DELIVER:
    case TRACE_RX_DROP:
    case TRACE_REQUEST:
    case TRACE_REPLY:
    case TRACE_GIVE_UP:
    case TRACE_RETRANSMIT:
    case TRACE_WRONG:
    case TRACE_BLOCK:
    case TRACE_RECLAIM:
    case TRACE_PHASE:
    case TRACE_HAND:
    case TRACE_CONNECT:
    case TRACE_CLIENT_SEND:
    case TRACE_CLIENT_RECV:
    case TRACE_LINK_DROP:
    case TRACE_LINK_COPY:
    case TRACE_GIVE_WAY:
    case TRACE_REASON:
    case TRACE_REFUSE_CREATE:
        break;
    }
}

void ledger_event(void *ctx, const struct trace_event *event)
{
    struct ledger *l = ctx;
    /* The card fetches at its own time, while the kernel works. */
    assert_true(event->time >= l->time || event->kind == TRACE_TX);
    assert_true(event->vm < l->vm_count || event->vm == TRACE_NO_VM);
    l->time = event->time > l->time ? event->time : l->time;
    take(l, event);
    if (trace_is_about(event, TRACE_SUBJECT_PACKET)) {
        assert_true(trace_get_packet(event).packet > 0);
    }
}

static void compare_vm(const struct ledger *l, const struct kernel *k,
                       vmid_t number)
{
    const struct vm *vm = &k->vms[number];
    const struct ledger_vm *told = &l->vms[number];
    for (int c = 0; c < CPU_CATEGORY_COUNT; c++) {
        assert_int_equal(told->cpu[c], vm->cpu[c]);
    }
    assert_int_equal(told->is_ready || told->is_aside, vm->state == VM_READY);
    assert_int_equal(told->is_aside, vm->aside.is_aside);
    assert_int_equal(told->rx, vm->rx.count);
    assert_int_equal(told->tx, vm->tx.count);
}

/* It counts for something only if it holds a page. */
static void compare_frame(const struct ledger *l, const struct kernel *k,
                          uint32_t frame)
{
    const struct ledger_frame *told = &l->frames[frame];
    if (told->vm == VM_NONE) {
        return;
    }
    const struct pte *pte = &k->vms[told->vm].ptes[told->page];
    assert_true(pte->flags & PTE_PRESENT);
    assert_int_equal(pte->frame, frame);
    assert_int_equal(told->is_dirty, (pte->flags & PTE_DIRTY) != 0);
}

/* Pages that are in; those on their way in have a frame, too. */
static uint32_t present_count(const struct kernel *k)
{
    uint32_t count = 0;
    for (vmid_t i = 0; i < k->vm_count; i++) {
        const struct vm *vm = &k->vms[i];
        for (uint32_t p = 0; vm->ptes && p < vm->page_count; p++) {
            count += (vm->ptes[p].flags & PTE_PRESENT) != 0;
        }
    }
    return count;
}

void ledger_compare(const struct ledger *l, const struct kernel *k)
{
    uint64_t sum = 0;
    for (int c = 0; c < CPU_CATEGORY_COUNT; c++) {
        assert_int_equal(l->cpu[c], k->config.stats->cpu_whole[c]);
        sum += l->cpu[c];
    }
    assert_int_equal(sum, k->now);
    for (vmid_t i = 0; i < k->vm_count; i++) {
        compare_vm(l, k, i);
    }
    uint32_t present = 0;
    for (uint32_t i = 0; i < k->frames.count; i++) {
        compare_frame(l, k, i);
        present += l->frames[i].vm != VM_NONE;
    }
    assert_int_equal(present, present_count(k));
    assert_int_equal(l->tables, k->frames.tables);
    assert_int_equal(l->requests, k->transfers.in_flight);
}
