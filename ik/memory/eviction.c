/* eviction.c - see eviction.h. */
#include "ik/memory/eviction.h"

#include <string.h>

#include "ik/admission.h"
#include "ik/memory/issue.h"
#include "ik/memory/tables.h"
#include "isa/image.h"

#define PAGE_BYTES ABI_PAGE_BYTES

/* The pages at the end of memory that count as stack for a limited VM. */
#define STACK_PAGES 16

struct search {
    struct kernel *k;
    vmid_t only;
    uint32_t looked; /* Frames that the policy asked about. */
};

static struct vm *owner_of(struct kernel *k, uint32_t frame)
{
    return kernel_vm(k, k->frames.table[frame].owner);
}

static struct pte *pte_of(struct kernel *k, uint32_t frame)
{
    return &owner_of(k, frame)->ptes[k->frames.table[frame].page];
}

bool eviction_is_limited(const struct kernel *k, const struct vm *vm,
                         uint32_t page)
{
    uint32_t va = ABI_MEM_BASE + page * PAGE_BYTES;
    return vm->frame_limit > 0 && va >= k->config.images[vm->image].end_va &&
           page + STACK_PAGES < vm->page_count;
}

/* A TLB entry of the loaded space may say what is no longer so. */
static void forget_translations(struct kernel *k, const struct vm *vm)
{
    if (vm->id == k->space.loaded) {
        cpu_set_space(k->cpu, vm->image, vm->id);
    }
}

/* ---- Writing back ------------------------------------------------------- */

static bool is_dirty(const struct vm *vm, uint32_t page)
{
    return (vm->ptes[page].flags & (PTE_PRESENT | PTE_DIRTY)) ==
           (PTE_PRESENT | PTE_DIRTY);
}

/* Copies a dirty page to its place on disk, where it will be in time. */
static void copy_out(struct kernel *k, struct vm *vm, uint32_t page)
{
    struct pte *pte = &vm->ptes[page];
    memcpy(swap_write(&k->swap, vm->region + page),
           k->config.ram + (size_t)pte->frame * PAGE_BYTES, PAGE_BYTES);
    uint32_t flags = (pte->flags & ~(uint32_t)PTE_DIRTY) | PTE_SWAPPED;
    pte->flags = (k->devices_free ? flags : flags | PTE_WRITING) & 0xffu;
    kernel_emit(k,
                TRACE_EVENT(clean, vm->id, .page = page, .frame = pte->frame));
    struct stats *s = k->config.stats;
    s->memory.page_outs += s->in_window;
}

static bool is_owed(const struct kernel *k)
{
    const struct replace_policy *policy = k->replace->policy;
    return policy->is_owed && k->paging.cause != VM_NONE &&
           policy->is_owed(k->replace, k->paging.cause);
}

bool eviction_may_write(const struct kernel *k)
{
    bool has_all = !k->replace->policy->is_owed || is_owed(k);
    return k->transfers.pages_writing + k->swap.unit_pages <=
           EVICTION_WRITE_LIMIT / (has_all ? 1 : 2);
}

/* Whether the host has room for the contents of the pages on disk. */
static bool make_room(struct kernel *k, const struct vm *vm, uint32_t page,
                      uint32_t count)
{
    if (!swap_make_room(&k->swap, vm->region + page, count)) {
        kernel_fail(k, "too little host memory for what the disks hold");
        return false;
    }
    return true;
}

/* Cleans the dirty page and its dirty neighbours. False: not now. */
static bool write_back(struct kernel *k, struct vm *vm, uint32_t page)
{
    if (k->devices_free) {
        if (!make_room(k, vm, page, 1)) {
            return false;
        }
        copy_out(k, vm, page);
        forget_translations(k, vm);
        return true;
    }
    if (!eviction_may_write(k)) {
        return false;
    }
    uint32_t unit = k->swap.unit_pages;
    uint32_t first = page;
    uint32_t last = page;
    while (first % unit > 0 && is_dirty(vm, first - 1)) {
        first--;
    }
    while ((last + 1) % unit > 0 && last + 1 < vm->page_count &&
           is_dirty(vm, last + 1)) {
        last++;
    }
    if (!make_room(k, vm, first, last - first + 1)) {
        return false;
    }
    struct transfer *x = transfer_new(k);
    if (!x) {
        return false;
    }
    for (uint32_t p = first; p <= last; p++) {
        copy_out(k, vm, p);
    }
    forget_translations(k, vm);
    x->kind = TRANSFER_PAGE_OUT;
    x->vm = vm->id;
    x->page = first;
    x->count = last - first + 1;
    x->request.owner = is_owed(k) ? vm->id : k->paging.cause;
    transfer_issue(k, x, vm->region + first);
    return true;
}

/* ---- Letting go --------------------------------------------------------- */

void eviction_forget_frame(struct kernel *k, struct vm *vm, uint32_t page,
                           uint32_t frame, bool is_safe)
{
    vm->limited_resident -= eviction_is_limited(k, vm, page);
    frames_give_back(&k->frames, vm, frame);
    admission_resident(k, vm, -1);
    vm->leaf_resident[page / TABLE_PAGES]--;
    if (!is_safe) {
        frames_begin_orphan(&k->frames, frame);
    }
}

/* The page gives up its frame, and keeps its contents, unless its VM ends: false:
   they cannot be written now. A frame that is pinned still has a disk write to
   it. */
static bool drop(struct kernel *k, struct vm *vm, uint32_t page,
                 enum eviction_why why)
{
    struct pte *pte = &vm->ptes[page];
    uint32_t frame = pte->frame;
    bool was_dirty = is_dirty(vm, page);
    if (was_dirty && why != EVICTION_END && !write_back(k, vm, page)) {
        return false;
    }
    k->replace->policy->leave(k->replace, frame);
    pte->flags &= PTE_SWAPPED | PTE_WRITING;
    pte->epoch = 0;
    kernel_emit(k, TRACE_EVENT(evict, vm->id, .page = page, .frame = frame,
                               .dirty = was_dirty, .why = why));
    eviction_forget_frame(k, vm, page, frame, k->frames.table[frame].pins == 0);
    tables_drop(k, vm, page / TABLE_PAGES);
    forget_translations(k, vm);
    k->paging.frame_news = true;
    return true;
}

void eviction_drop(struct kernel *k, struct vm *vm, uint32_t page)
{
    (void)drop(k, vm, page, EVICTION_END);
}

void eviction_drop_all(struct kernel *k, struct vm *vm)
{
    uint32_t frame = vm->first_frame;
    while (vm->resident > 0) {
        uint32_t next = k->frames.table[frame].next;
        uint32_t page = k->frames.table[frame].page;
        if (page != FRAME_PAGE_TABLE) {
            eviction_drop(k, vm, page); /* And its table, when on demand. */
            frame = vm->first_frame;
        } else {
            frame = next;
        }
    }
    tables_drop_all(k, vm);
}

/* ---- Choosing ----------------------------------------------------------- */

static bool may_take(const struct search *s, uint32_t frame)
{
    const struct frame *f = &s->k->frames.table[frame];
    const struct vm *vm = owner_of(s->k, frame);
    return f->pins == 0 && (s->only == VM_NONE || f->owner == s->only) &&
           (vm->frame_limit == 0 || eviction_is_limited(s->k, vm, f->page));
}

static bool view_may_take(void *ctx, uint32_t frame)
{
    struct search *s = ctx;
    s->looked++;
    return may_take(s, frame);
}

static bool view_was_touched(void *ctx, uint32_t frame)
{
    struct kernel *k = ((const struct search *)ctx)->k;
    struct frame *f = &k->frames.table[frame];
    const struct pte *pte = pte_of(k, frame);
    bool was_touched = pte->epoch > f->seen_epoch;
    if (was_touched) {
        f->seen_epoch = k->space.epoch;
        /* Further touches in this epoch would go unseen: begin another. */
        k->space.epoch_is_stale |= pte->epoch == k->space.epoch;
    }
    return was_touched;
}

static bool view_is_dirty(void *ctx, uint32_t frame)
{
    const struct search *s = ctx;
    return (pte_of(s->k, frame)->flags & PTE_DIRTY) != 0;
}

static bool view_clean(void *ctx, uint32_t frame)
{
    const struct search *s = ctx;
    return write_back(s->k, owner_of(s->k, frame),
                      s->k->frames.table[frame].page);
}

/* Where a policy without a hand stands cannot be said. */
static void emit_hand(struct kernel *k, uint32_t looked)
{
    const struct replace_policy *policy = k->replace->policy;
    uint32_t hand = policy->hand ? policy->hand(k->replace) : FRAME_NONE;
    kernel_emit(
        k, TRACE_EVENT(hand, TRACE_NO_VM, .frame = hand, .looked = looked));
}

bool eviction_evict(struct kernel *k, struct eviction what)
{
    struct search search = { k, what.only, 0 };
    const struct replace_view view = {
        .ctx = &search,
        .wanted_by = what.wanted_by,
        .may_take = view_may_take,
        .was_touched = view_was_touched,
        .is_dirty = view_is_dirty,
        .clean = view_clean,
    };
    if (k->turn.running != VM_NONE) {
        kernel_tell_ran(k, kernel_vm(k, k->turn.running));
    }
    uint32_t frame = k->replace->policy->victim(k->replace, &view);
    emit_hand(k, search.looked);
    if (frame == FRAME_NONE) {
        return false;
    }
    SIM_ASSERT(may_take(&search, frame));
    struct vm *vm = owner_of(k, frame);
    kernel_tell_reason(k, POLICY_REPLACEMENT, vm);
    return drop(k, vm, k->frames.table[frame].page, what.why);
}

bool eviction_make_room(struct kernel *k, struct vm *vm, uint32_t page)
{
    k->paging.cause = vm->id;
    if (eviction_is_limited(k, vm, page) &&
        vm->limited_resident >= vm->frame_limit) {
        /* Should all of its own be pinned, the limit gives way. */
        bool evicted = eviction_evict(
            k, (struct eviction){ vm->id, vm->id, EVICTION_LIMIT });
        if (evicted || !eviction_may_write(k)) {
            return evicted;
        }
    }
    return k->frames.free_count > 0 ||
           eviction_evict(k,
                          (struct eviction){ VM_NONE, vm->id, EVICTION_PAGE });
}

uint32_t eviction_kept(const struct kernel *k, vmid_t vm)
{
    const struct replace_policy *policy = k->replace->policy;
    return policy->kept ? policy->kept(k->replace, vm) : 0;
}

uint32_t eviction_empty(struct kernel *k, struct vm *vm)
{
    const struct search search = { k, vm->id, 0 };
    uint32_t before = k->frames.free_count;
    uint32_t kept = eviction_kept(k, vm->id);
    for (uint32_t page = 0; page < vm->page_count && vm->resident > kept;
         page++) {
        const struct pte *pte = &vm->ptes[page];
        if (vm->leaf_resident[page / TABLE_PAGES] == 0) {
            page |= TABLE_PAGES - 1; /* Nothing in this leaf. */
            continue;
        }
        if (!(pte->flags & PTE_PRESENT) || !may_take(&search, pte->frame)) {
            continue;
        }
        if (!drop(k, vm, page, EVICTION_RECLAIM)) {
            break;
        }
    }
    return k->frames.free_count - before;
}
