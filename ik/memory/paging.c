/* paging.c - pages come in. See paging.h; eviction.c is how they go. */
#include "ik/memory/paging.h"

#include <string.h>

#include "ik/admission.h"
#include "ik/memory/eviction.h"
#include "ik/memory/issue.h"
#include "ik/memory/pins.h"
#include "ik/memory/tables.h"
#include "ik/virtual/vregs.h"
#include "isa/image.h"

#define PAGE_BYTES ABI_PAGE_BYTES

static uint32_t va_of(uint32_t page)
{
    return ABI_MEM_BASE + page * PAGE_BYTES;
}

static const struct image *image_of(const struct kernel *k, const struct vm *vm)
{
    return &k->config.images[vm->image];
}

/* A page that is not resident is on disk, or else untouched, of which a static
   swap region knows nothing. */
static bool is_on_disk(const struct kernel *k, const struct vm *vm,
                       uint32_t page)
{
    return k->config.scenario->swap == SWAP_STATIC ||
           (vm->ptes[page].flags & PTE_SWAPPED) ||
           image_page_has_bytes(image_of(k, vm), va_of(page));
}

/* Whether a fault elsewhere in its block brings the page in, too. */
static bool comes_along(const struct kernel *k, const struct vm *vm,
                        uint32_t page)
{
    uint32_t busy = PTE_PRESENT | PTE_READING | PTE_WRITING;
    return vm->frame_limit == 0 && !(vm->ptes[page].flags & busy) &&
           is_on_disk(k, vm, page);
}

/* The first page of the page's block; *count of them are the VM's. */
static uint32_t block_of(const struct kernel *k, const struct vm *vm,
                         uint32_t page, uint32_t *count)
{
    uint32_t unit = k->swap.unit_pages;
    uint32_t first = page / unit * unit;
    *count = vm->page_count - first < unit ? vm->page_count - first : unit;
    return first;
}

/* ---- Coming in ---------------------------------------------------------- */

static void load_bytes(struct kernel *k, struct vm *vm, uint32_t page,
                       uint32_t frame, bool is_text)
{
    uint8_t *bytes = k->config.ram + (size_t)frame * PAGE_BYTES;
    if (is_text && k->config.scenario->text == TEXT_SHARED) {
        return;
    }
    if (is_text) {
        cpu_forget_frame(k->cpu, frame);
    }
    if (vm->ptes[page].flags & PTE_SWAPPED) {
        memcpy(bytes, swap_read(&k->swap, vm->region + page), PAGE_BYTES);
    } else if (image_page_has_bytes(image_of(k, vm), va_of(page))) {
        image_fill_page(image_of(k, vm), va_of(page), bytes);
    } else {
        memset(bytes, 0, PAGE_BYTES);
    }
    if (page == 0 && (vm->ptes[page].flags & PTE_SWAPPED)) {
        vregs_update(k, vm, bytes);
    } else if (page == 0) {
        vregs_fill(k, vm, bytes);
    }
}

/* The frame, taken for the page before, holds it from now on. */
static void make_present(struct kernel *k, struct vm *vm, uint32_t page,
                         uint32_t frame)
{
    struct pte *pte = &vm->ptes[page];
    bool is_text = image_page_is_text(image_of(k, vm), va_of(page));
    bool is_zero = !is_on_disk(k, vm, page);
    load_bytes(k, vm, page, frame, is_text);
    uint32_t kept = pte->flags & (PTE_SWAPPED | PTE_WRITING);
    pte->frame = frame & (FRAME_LIMIT - 1);
    pte->flags =
        (kept | PTE_PRESENT | (is_text ? (uint32_t)PTE_TEXT : 0u)) & 0xffu;
    pte->epoch = 0;
    k->frames.table[frame].seen_epoch = k->space.epoch - 1;
    k->replace->policy->enter(k->replace, frame, vm->id);
    struct stats *s = k->config.stats;
    if (s->in_window) {
        s->memory.zero_fills += is_zero;
    }
    kernel_emit(k, TRACE_EVENT(fill, vm->id, .page = page, .frame = frame,
                               .zeroed = is_zero));
}

/* Keeps the greatest number of frames that were ever in use. */
static void note_peak(struct kernel *k)
{
    struct stats *s = k->config.stats;
    uint64_t used = k->frames.count - k->frames.free_count;
    if (used > s->memory.resident_peak) {
        s->memory.resident_peak = used;
    }
}

/* ---- Page tables as memory: a directory and its leaves ------------------ */

/* The VM has that page table. False: no frame is to be had now. */
static bool ensure_table(struct kernel *k, struct vm *vm, uint32_t table)
{
    uint32_t *frame = tables_frame(vm, table);
    if (*frame != FRAME_NONE) {
        return true;
    }
    k->paging.cause = vm->id;
    if (k->frames.free_count == 0 &&
        !eviction_evict(k,
                        (struct eviction){ VM_NONE, vm->id, EVICTION_TABLE })) {
        return false;
    }
    *frame = frames_take(&k->frames, vm, FRAME_PAGE_TABLE);
    struct stats *s = k->config.stats;
    if (k->frames.tables > s->memory.table_frames) {
        s->memory.table_frames = k->frames.tables;
    }
    note_peak(k);
    kernel_emit(k, TRACE_EVENT(table, vm->id, .table = table, .frame = *frame,
                               .change = TABLE_ALLOCATED));
    kernel_charge(k, vm, CPU_PAGING, k->costs->table_page);
    return true;
}

/* The leaf and the directory, which map the leaf's pages, have frames. */
static bool ensure_leaf(struct kernel *k, struct vm *vm, uint32_t leaf)
{
    return ensure_table(k, vm, 0) && ensure_table(k, vm, leaf + 1);
}

bool paging_take_tables(struct kernel *k, struct vm *vm)
{
    for (uint32_t leaf = 0; leaf < tables_leaf_count(vm); leaf++) {
        if (!ensure_leaf(k, vm, leaf)) {
            return false;
        }
    }
    return true;
}

/* A frame for the page, counted as its VM's; FRAME_NONE: none to be had. */
static uint32_t take_frame(struct kernel *k, struct vm *vm, uint32_t page)
{
    uint32_t leaf = page / TABLE_PAGES;
    vm->leaf_resident[leaf]++; /* Keeps the leaf's table where it is. */
    uint32_t frame = FRAME_NONE;
    if (ensure_leaf(k, vm, leaf) && eviction_make_room(k, vm, page)) {
        frame = frames_take(&k->frames, vm, page);
    }
    if (frame == FRAME_NONE) {
        vm->leaf_resident[leaf]--;
        tables_drop(k, vm, leaf);
        return FRAME_NONE;
    }
    admission_resident(k, vm, +1);
    vm->limited_resident += eviction_is_limited(k, vm, page);
    note_peak(k);
    return frame;
}

/* Reads the page's whole block; the VM waits for it. */
static void begin_read(struct kernel *k, struct vm *vm, uint32_t page,
                       uint32_t frame)
{
    struct transfer *x = transfer_new(k);
    if (!x) {
        return;
    }
    x->kind = TRANSFER_PAGE_IN;
    x->vm = vm->id;
    x->page = block_of(k, vm, page, &x->count);
    x->frames[page - x->page] = frame;
    vm->ptes[page].flags |= PTE_READING;
    for (uint32_t i = 0; i < x->count; i++) {
        if (!comes_along(k, vm, x->page + i)) {
            continue;
        }
        x->frames[i] = take_frame(k, vm, x->page + i);
        if (x->frames[i] == FRAME_NONE) {
            break;
        }
        vm->ptes[x->page + i].flags |= PTE_READING;
    }
    transfer_issue(k, x, vm->region + x->page);
    vm->wait = VM_WAIT_READ;
}

/* The rest of the page's block comes in at once, as far as there are frames. */
static void fill_block(struct kernel *k, struct vm *vm, uint32_t page)
{
    uint32_t count;
    uint32_t first = block_of(k, vm, page, &count);
    for (uint32_t p = first; p < first + count; p++) {
        if (!comes_along(k, vm, p)) {
            continue;
        }
        uint32_t frame = take_frame(k, vm, p);
        if (frame == FRAME_NONE) {
            break;
        }
        make_present(k, vm, p, frame);
    }
}

bool paging_page_in(struct kernel *k, struct vm *vm, uint32_t page)
{
    struct pte *pte = &vm->ptes[page];
    SIM_ASSERT(!(pte->flags & (PTE_PRESENT | PTE_READING)));
    uint32_t frame = take_frame(k, vm, page);
    if (frame == FRAME_NONE) {
        vm->wait = VM_WAIT_FRAME;
        return false;
    }
    pins_add(k, vm, frame);
    bool is_read = is_on_disk(k, vm, page) && !k->devices_free;
    /* What still waits to be written is taken from the writer's copy. */
    if (is_read && !(pte->flags & PTE_WRITING)) {
        begin_read(k, vm, page, frame);
        return false;
    }
    make_present(k, vm, page, frame);
    if (k->devices_free && k->config.scenario->swap == SWAP_STATIC) {
        fill_block(k, vm, page);
    }
    kernel_charge(k, vm, CPU_PAGING, k->costs->zero_page);
    return true;
}

/* ---- Waiting ------------------------------------------------------------ */

void paging_begin_wait(struct kernel *k, struct vm *vm)
{
    vm_enter(vm, VM_PAGING);
    kernel_emit(k, TRACE_EVENT(block, vm->id, .why = vm->wait,
                               .transfers = k->transfers.in_flight));
    if (vm->wait == VM_WAIT_FRAME) {
        vmlist_push(&k->paging.frame_waiters, k->paging.links, vm->id);
    }
}

static void end_wait(struct kernel *k, struct vm *vm, enum ready_why why)
{
    SIM_ASSERT(vm->state == VM_PAGING);
    vm->wait = VM_WAIT_NONE;
    kernel_make_ready(k, vm, why);
}

void paging_wake_waiters(struct kernel *k)
{
    if (!k->paging.frame_news) {
        return;
    }
    k->paging.frame_news = false;
    for (uint32_t n = k->paging.frame_waiters.count; n > 0; n--) {
        end_wait(
            k,
            kernel_vm(k, vmlist_pop(&k->paging.frame_waiters, k->paging.links)),
            READY_FRAME);
    }
}

void paging_finish_in(struct kernel *k, const struct transfer *x)
{
    struct stats *s = k->config.stats;
    struct vm *vm = x->vm == VM_NONE ? NULL : kernel_vm(k, x->vm);
    for (uint32_t i = 0; i < x->count; i++) {
        uint32_t frame = x->frames[i];
        if (frame == FRAME_NONE) {
            continue;
        }
        if (!vm) {
            frames_end_orphan(&k->frames, frame);
            continue;
        }
        vm->ptes[x->page + i].flags &= 0xffu & ~(uint32_t)PTE_READING;
        make_present(k, vm, x->page + i, frame);
        s->memory.page_ins += s->in_window;
    }
    if (vm) {
        end_wait(k, vm, READY_PAGE);
    }
}

/* Another write of the page is still on its way. */
static bool is_still_writing(const struct kernel *k, vmid_t vm, uint32_t page)
{
    for (const struct transfer *x = k->transfers.flying; x; x = x->next) {
        if (x->kind == TRANSFER_PAGE_OUT && x->vm == vm && page >= x->page &&
            page - x->page < x->count) {
            return true;
        }
    }
    return false;
}

void paging_finish_out(struct kernel *k, const struct transfer *x)
{
    for (uint32_t i = 0; x->vm != VM_NONE && i < x->count; i++) {
        if (!is_still_writing(k, x->vm, x->page + i)) {
            k->vms[x->vm].ptes[x->page + i].flags &=
                0xffu & ~(uint32_t)PTE_WRITING;
        }
    }
}

/* The greatest goes back to the gate first. */
static uint32_t rank_of(const struct kernel *k, const struct vm *vm)
{
    const struct gate_policy *policy = k->admission.gate->policy;
    return policy->rank ? policy->rank(k->admission.gate, vm->id, vm->resident)
                        : 0;
}

bool paging_break_deadlock(struct kernel *k)
{
    if (k->paging.frame_waiters.count == 0 || k->transfers.in_flight > 0 ||
        k->paging.frame_news) {
        return k->paging.frame_waiters.count > 0 && k->paging.frame_news;
    }
    struct vm *last = kernel_vm(k, k->paging.frame_waiters.head);
    for (vmid_t i = last->id; i != VM_NONE; i = k->paging.links[i].next) {
        struct vm *vm = kernel_vm(k, i);
        uint32_t rank = rank_of(k, vm);
        uint32_t most = rank_of(k, last);
        if (rank > most || (rank == most && vm->admitted >= last->admitted)) {
            last = vm;
        }
    }
    vmlist_remove(&k->paging.frame_waiters, k->paging.links, last->id);
    last->wait = VM_WAIT_NONE;
    admission_end(k, last);
    admission_arrive(k, last);
    /* Or the gate would admit the VM again at once. */
    k->admission.is_crowded = true;
    k->paging.frame_news = true;
    k->admission.is_stalled = false;
    return true;
}

/* ---- The end ------------------------------------------------------------ */

static void release_transfer(struct kernel *k, struct vm *vm,
                             struct transfer *x)
{
    uint32_t frames[TRANSFER_PAGES];
    memcpy(frames, x->frames, sizeof(frames));
    bool is_page_in = x->kind == TRANSFER_PAGE_IN;
    uint32_t count = x->count;
    x->vm = VM_NONE;
    bool cancelled = transfer_cancel(k, x);
    for (uint32_t i = 0; is_page_in && i < count; i++) {
        if (frames[i] == FRAME_NONE) {
            continue;
        }
        uint32_t page = k->frames.table[frames[i]].page;
        vm->ptes[page].flags &= 0xffu & ~(uint32_t)PTE_READING;
        eviction_forget_frame(k, vm, page, frames[i], cancelled);
    }
}

void paging_leave(struct kernel *k, struct vm *vm)
{
    if (vm->state == VM_PAGING && vm->wait == VM_WAIT_FRAME) {
        vmlist_remove(&k->paging.frame_waiters, k->paging.links, vm->id);
    }
    vm->wait = VM_WAIT_NONE;
    pins_release(k, vm);
}

void paging_release_vm(struct kernel *k, struct vm *vm)
{
    for (struct transfer *x = k->transfers.flying; x;) {
        struct transfer *next = x->next;
        if (x->vm == vm->id) {
            release_transfer(k, vm, x);
        }
        x = next;
    }
    eviction_drop_all(k, vm);
    k->admission.is_crowded = false;
    swap_give_back(&k->swap, vm->region, vm->page_count);
    k->paging.frame_news = true;
    k->admission.is_stalled = false;
}
