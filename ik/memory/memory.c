/* memory.c - see memory.h. */
#include "ik/memory/memory.h"

#include <string.h>

#include "ik/memory/paging.h"
#include "ik/memory/pins.h"
#include "isa/image.h"

#define PAGE_BYTES ABI_PAGE_BYTES
#define COPY_UNIT  64

/* ---- Which accesses are legal ------------------------------------------- */

static const struct image *image_of(const struct kernel *k, const struct vm *vm)
{
    return &k->config.images[vm->image];
}

/* False when `va` lies outside the VM's memory. */
static bool page_of(const struct vm *vm, uint32_t va, uint32_t *page)
{
    *page = (va - ABI_MEM_BASE) / PAGE_BYTES;
    return va >= ABI_MEM_BASE && *page < vm->page_count;
}

static bool page_allows(const struct kernel *k, const struct vm *vm,
                        uint32_t page, enum cpu_access access)
{
    bool is_text = vm->ptes[page].flags & PTE_PRESENT
                       ? (vm->ptes[page].flags & PTE_TEXT) != 0
                       : image_page_is_text(image_of(k, vm),
                                            ABI_MEM_BASE + page * PAGE_BYTES);
    return access == CPU_READ || is_text == (access == CPU_FETCH);
}

bool memory_is_legal(const struct kernel *k, const struct vm *vm, uint32_t va,
                     uint32_t bytes, enum cpu_access access)
{
    if (bytes == 0) {
        return true;
    }
    uint32_t first;
    uint32_t last;
    if (va + (bytes - 1) < va || !page_of(vm, va, &first) ||
        !page_of(vm, va + (bytes - 1), &last)) {
        return false;
    }
    for (uint32_t page = first; page <= last; page++) {
        if (!page_allows(k, vm, page, access)) {
            return false;
        }
    }
    return true;
}

bool memory_is_resident(const struct kernel *k, const struct vm *vm,
                        uint32_t va, uint32_t bytes, enum cpu_access access)
{
    SIM_ASSERT(bytes > 0);
    if (!memory_is_legal(k, vm, va, bytes, access)) {
        return false;
    }
    uint32_t last = (va + (bytes - 1) - ABI_MEM_BASE) / ABI_PAGE_BYTES;
    for (uint32_t p = (va - ABI_MEM_BASE) / ABI_PAGE_BYTES; p <= last; p++) {
        if (!(vm->ptes[p].flags & PTE_PRESENT)) {
            return false;
        }
    }
    return true;
}

/* ---- Touching and filling ----------------------------------------------- */

static void set_dirty(struct kernel *k, struct vm *vm, uint32_t page)
{
    struct pte *pte = &vm->ptes[page];
    if (!(pte->flags & PTE_DIRTY)) {
        pte->flags |= PTE_DIRTY;
        kernel_emit(
            k, TRACE_EVENT(dirty, vm->id, .page = page, .frame = pte->frame));
    }
}

static void touch(struct kernel *k, struct vm *vm, uint32_t page,
                  enum cpu_access access)
{
    struct pte *pte = &vm->ptes[page];
    if (pte->epoch != k->space.epoch && vm->id == k->space.loaded) {
        kernel_emit(
            k, TRACE_EVENT(touch, vm->id, .page = page, .frame = pte->frame));
        if (pte->epoch < k->space.switch_epoch &&
            k->space.cold < k->costs->switch_page_max) {
            k->space.cold++;
            k->space.touched++;
        }
        pte->epoch = k->space.epoch;
        if (k->replace->policy->touch) {
            k->replace->policy->touch(k->replace, pte->frame);
        }
    }
    if (access == CPU_WRITE) {
        set_dirty(k, vm, page);
    }
}

/* Old epochs; a page is touched in one of them, and the policy may have asked
   in another. Those that follow are later than all. */
enum { EPOCH_ASKED_BEFORE = 1, EPOCH_PAST, EPOCH_SWITCH };

void memory_renumber_epochs(struct kernel *k)
{
    for (uint32_t i = 0; i < k->frames.fresh; i++) {
        struct frame *f = &k->frames.table[i];
        if (f->owner == VM_NONE || f->page >= FRAME_PAGE_ORPHAN) {
            continue;
        }
        struct pte *pte = &k->vms[f->owner].ptes[f->page];
        bool was_touched = pte->epoch > f->seen_epoch;
        bool is_warm = pte->epoch >= k->space.switch_epoch;
        f->seen_epoch = was_touched ? EPOCH_ASKED_BEFORE : EPOCH_SWITCH;
        pte->epoch = is_warm ? EPOCH_SWITCH : EPOCH_PAST;
    }
    k->space.switch_epoch = EPOCH_SWITCH;
    k->space.epoch = EPOCH_SWITCH;
}

bool memory_translate(void *ctx, uint32_t page_va, enum cpu_access access,
                      struct cpu_mapping *mapping)
{
    struct kernel *k = ctx;
    struct vm *vm = &k->vms[k->space.loaded];
    uint32_t page;
    if (!page_of(vm, page_va, &page)) {
        return false;
    }
    struct pte *pte = &vm->ptes[page];
    if (!(pte->flags & PTE_PRESENT) || !page_allows(k, vm, page, access)) {
        return false;
    }
    touch(k, vm, page, access);
    *mapping = (struct cpu_mapping){
        .in_text =
            (pte->flags & PTE_TEXT) && k->config.scenario->text == TEXT_SHARED,
        .writable = (pte->flags & PTE_DIRTY) != 0,
        .frame = pte->frame,
    };
    return true;
}

void memory_charge_touches(struct kernel *k, struct vm *vm)
{
    if (k->space.touched > 0) {
        kernel_charge(k, vm, CPU_SWITCH,
                      (uint64_t)k->space.touched * k->costs->switch_per_page);
        k->space.touched = 0;
    }
}

enum memory_result memory_fault(struct kernel *k, struct vm *vm, uint32_t va,
                                enum cpu_access access)
{
    uint32_t page;
    if (k->config.stats->in_window) {
        k->config.stats->memory.faults++;
    }
    kernel_emit(k, TRACE_EVENT(fault, vm->id, .va = va, .access = access));
    kernel_charge(k, vm, CPU_PAGING, k->costs->page_fault);
    if (!page_of(vm, va, &page) || !page_allows(k, vm, page, access)) {
        return MEMORY_ILLEGAL;
    }
    if (vm->ptes[page].flags & PTE_PRESENT) {
        return MEMORY_OK;
    }
    return paging_page_in(k, vm, page) ? MEMORY_OK : MEMORY_BLOCKED;
}

enum memory_result memory_ensure(struct kernel *k, struct vm *vm, uint32_t va,
                                 uint32_t bytes, enum cpu_access access)
{
    if (bytes == 0) {
        return MEMORY_OK;
    }
    uint32_t first;
    uint32_t last;
    bool legal = page_of(vm, va, &first) && page_of(vm, va + bytes - 1, &last);
    SIM_ASSERT(legal);
    for (uint32_t page = first; page <= last; page++) {
        struct pte *pte = &vm->ptes[page];
        if (!(pte->flags & PTE_PRESENT)) {
            enum memory_result result =
                memory_fault(k, vm, ABI_MEM_BASE + page * PAGE_BYTES, access);
            if (result != MEMORY_OK) {
                return result;
            }
        }
        pins_add(k, vm, pte->frame); /* Or the next page may take the frame. */
        touch(k, vm, page, access);
    }
    return MEMORY_OK;
}

/* ---- The kernel's own accesses ------------------------------------------ */

static const uint8_t *bytes_at(const struct kernel *k, const struct vm *vm,
                               uint32_t va)
{
    const struct pte *pte = &vm->ptes[(va - ABI_MEM_BASE) / PAGE_BYTES];
    SIM_ASSERT(pte->flags & PTE_PRESENT);
    if ((pte->flags & PTE_TEXT) && k->config.scenario->text == TEXT_SHARED) {
        const struct image *image = image_of(k, vm);
        return image->text + (va - image->text_va);
    }
    return k->config.ram + (size_t)pte->frame * PAGE_BYTES + va % PAGE_BYTES;
}

static uint32_t bytes_in_page(uint32_t va, uint32_t bytes)
{
    uint32_t room = PAGE_BYTES - va % PAGE_BYTES;
    return bytes < room ? bytes : room;
}

void memory_copy_in(struct kernel *k, struct vm *vm, void *to, uint32_t va,
                    uint32_t bytes)
{
    uint8_t *out = to;
    while (bytes > 0) {
        uint32_t part = bytes_in_page(va, bytes);
        memcpy(out, bytes_at(k, vm, va), part);
        out += part;
        va += part;
        bytes -= part;
    }
}

void memory_copy_out(struct kernel *k, struct vm *vm, uint32_t va,
                     const void *from, uint32_t bytes)
{
    const uint8_t *in = from;
    while (bytes > 0) {
        uint32_t part = bytes_in_page(va, bytes);
        uint32_t page = (va - ABI_MEM_BASE) / PAGE_BYTES;
        const struct pte *pte = &vm->ptes[page];
        SIM_ASSERT((pte->flags & (PTE_PRESENT | PTE_TEXT)) == PTE_PRESENT);
        /* The page may have been written back since it was made present. */
        set_dirty(k, vm, page);
        memcpy(k->config.ram + (size_t)pte->frame * PAGE_BYTES +
                   va % PAGE_BYTES,
               in, part);
        in += part;
        va += part;
        bytes -= part;
    }
}

void memory_charge_copy(struct kernel *k, struct vm *vm, uint32_t bytes,
                        uint32_t unit_cycles)
{
    uint32_t units = (bytes + COPY_UNIT - 1) / COPY_UNIT;
    kernel_charge(k, vm, CPU_PIO, (uint64_t)units * unit_cycles);
}

uint8_t *memory_register_page(struct kernel *k, const struct vm *vm)
{
    SIM_ASSERT(vm->ptes[0].flags & PTE_PRESENT);
    return k->config.ram + (size_t)vm->ptes[0].frame * PAGE_BYTES;
}
