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

static struct ledger_frame *frame_at(const struct ledger *l, uint64_t b)
{
    uint32_t frame = (uint32_t)b;
    assert_true(frame < l->frame_count);
    return &l->frames[frame];
}

/* Of a page that is in: its frame is the one that was said to hold it. */
static struct ledger_frame *page_frame(const struct ledger *l,
                                       const struct trace_event *e)
{
    struct ledger_frame *f = frame_at(l, e->b);
    assert_int_equal(f->vm, e->vm);
    assert_int_equal(f->page, e->a);
    return f;
}

static void on_memory(struct ledger *l, const struct trace_event *e)
{
    struct ledger_frame *f;
    switch ((int)e->kind) {
    case TRACE_FILL:
        f = frame_at(l, e->b);
        assert_int_equal(f->vm, VM_NONE);
        *f = (struct ledger_frame){ .vm = e->vm, .page = (uint32_t)e->a };
        break;
    case TRACE_TOUCH:
        page_frame(l, e);
        break;
    case TRACE_DIRTY:
        f = page_frame(l, e);
        assert_false(f->is_dirty);
        f->is_dirty = true;
        break;
    case TRACE_CLEAN:
        f = page_frame(l, e);
        assert_true(f->is_dirty);
        f->is_dirty = false;
        break;
    case TRACE_EVICT:
        f = page_frame(l, e);
        assert_true(!f->is_dirty || (e->b >> 32 & 1));
        f->vm = VM_NONE;
        f->is_dirty = false;
        break;
    case TRACE_TABLE:
        assert_int_equal(frame_at(l, e->a >> 32)->vm, VM_NONE);
        l->tables += e->b ? 1u : 0u - 1u;
        break;
    default:
        break;
    }
}

static void charge(struct ledger *l, const struct trace_event *e,
                   uint64_t category, uint64_t cycles)
{
    assert_true(category < CPU_CATEGORY_COUNT);
    l->cpu[category] += cycles;
    vm_of(l, e)->cpu[category] += cycles;
}

static void on_sched(struct ledger *l, const struct trace_event *e)
{
    struct ledger_vm *vm = vm_of(l, e);
    switch ((int)e->kind) {
    case TRACE_READY:
        assert_false(vm->is_ready);
        vm->is_ready = true;
        break;
    case TRACE_PICK:
        assert_int_equal(vm->is_aside, e->b == 3);
        assert_int_equal(vm->is_ready, e->b != 3);
        vm->is_ready = false;
        vm->is_aside = false;
        break;
    case TRACE_SET_ASIDE:
        vm->is_aside = true;
        break;
    default:
        break;
    }
}

static void on_packet(struct ledger *l, const struct trace_event *e)
{
    struct ledger_vm *vm = vm_of(l, e);
    switch ((int)e->kind) {
    case TRACE_RX:
        vm->rx++;
        assert_int_equal(vm->rx, e->b);
        break;
    case TRACE_RECV:
        vm->rx--;
        assert_int_equal(vm->rx, e->b);
        break;
    case TRACE_SEND:
        vm->tx++;
        assert_int_equal(vm->tx, e->b);
        break;
    case TRACE_TX:
    case TRACE_TX_DROP:
        assert_true(vm->tx > 0);
        vm->tx--;
        break;
    default:
        return;
    }
    assert_true(e->a >> 16 > 0); /* The packet's number. */
}

void ledger_event(void *ctx, const struct trace_event *event)
{
    struct ledger *l = ctx;
    const struct trace_event *e = event;
    assert_true(e->time >= l->time);
    assert_true(e->vm < l->vm_count || e->vm == TRACE_NO_VM);
    l->time = e->time;
    switch ((int)e->kind) {
    case TRACE_RUN:
        charge(l, e, CPU_GUEST, e->b);
        break;
    case TRACE_CHARGE:
        assert_int_not_equal(e->b, CPU_GUEST);
        charge(l, e, e->b, e->a);
        break;
    case TRACE_END:
        l->vms[e->vm].is_ready = false;
        l->vms[e->vm].is_aside = false;
        l->vms[e->vm].rx = 0;
        l->vms[e->vm].tx = 0;
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
    default:
        break;
    }
    on_memory(l, e);
    on_sched(l, e);
    on_packet(l, e);
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
    assert_int_equal(told->is_aside, k->summons.aside.vm == number);
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
