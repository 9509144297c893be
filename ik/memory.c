/* memory.c - see memory.h. */
#include "ik/memory.h"

#include <string.h>

#include "ik/admission.h"
#include "ik/vregs.h"
#include "isa/image.h"
#include "sim/arena.h"

#define PAGE_BYTES ABI_PAGE_BYTES
#define COPY_UNIT  64 /* Bytes; see machine_costs.copy_per_64_bytes. */

static uint32_t leaf_count(const struct vm *vm)
{
    return (vm->page_count + TABLE_PAGES - 1) / TABLE_PAGES;
}

bool memory_init_vm(struct arena *arena, struct vm *vm, uint32_t memory_bytes)
{
    vm->page_count = memory_bytes / PAGE_BYTES;
    vm->first_frame = FRAME_NONE;
    vm->ptes = arena_alloc(arena, vm->page_count * sizeof(*vm->ptes),
                           alignof(struct pte));
    vm->leaf_resident = arena_alloc(
        arena, leaf_count(vm) * sizeof(*vm->leaf_resident), alignof(uint16_t));
    return vm->ptes && vm->leaf_resident;
}

/* ---- Page tables as memory: a directory and its leaves ------------------ */

static bool take_table(struct kernel *k, struct vm *vm, uint32_t index)
{
    if (frames_take(&k->frames, vm, FRAME_PAGE_TABLE) == FRAME_NONE) {
        return false;
    }
    struct stats *s = k->config.stats;
    if (k->frames.tables > s->memory.table_peak) {
        s->memory.table_peak = k->frames.tables;
    }
    kernel_emit(k, TRACE_TABLE, vm->id, index, 1);
    kernel_charge(k, vm, CPU_PAGING, k->costs->table_page);
    return true;
}

bool memory_take_tables(struct kernel *k, struct vm *vm)
{
    for (uint32_t i = 0; i <= leaf_count(vm); i++) {
        if (!take_table(k, vm, i)) {
            return false;
        }
    }
    return true;
}

/* With tables on demand: the leaf for `page`, and the directory, exist. */
static bool ensure_table(struct kernel *k, struct vm *vm, uint32_t page)
{
    if (k->config.scenario->page_tables == TABLES_EAGER) {
        return true;
    }
    if (vm->first_frame == FRAME_NONE && !take_table(k, vm, 0)) {
        return false;
    }
    uint32_t leaf = page / TABLE_PAGES;
    return vm->leaf_resident[leaf] > 0 || take_table(k, vm, leaf + 1);
}

void memory_release(struct kernel *k, struct vm *vm)
{
    while (vm->first_frame != FRAME_NONE) {
        uint32_t frame = vm->first_frame;
        uint32_t page = k->frames.table[frame].page;
        frames_give_back(&k->frames, vm, frame);
        if (page != FRAME_PAGE_TABLE) {
            vm->ptes[page].flags = 0;
            vm->leaf_resident[page / TABLE_PAGES]--;
            admission_resident(k, vm, -1);
        }
    }
    SIM_ASSERT(vm->resident == 0);
}

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

/* ---- Touching and filling ----------------------------------------------- */

static void touch(struct kernel *k, struct vm *vm, struct pte *pte,
                  enum cpu_access access)
{
    if (pte->epoch != k->epoch && vm->id == k->loaded) {
        pte->epoch = k->epoch;
        k->touched++;
    }
    if (access == CPU_WRITE) {
        pte->flags |= PTE_DIRTY;
    }
}

bool memory_translate(void *ctx, uint32_t page_va, enum cpu_access access,
                      struct cpu_mapping *mapping)
{
    struct kernel *k = ctx;
    struct vm *vm = &k->vms[k->loaded];
    uint32_t page;
    if (!page_of(vm, page_va, &page)) {
        return false;
    }
    struct pte *pte = &vm->ptes[page];
    if (!(pte->flags & PTE_PRESENT) || !page_allows(k, vm, page, access)) {
        return false;
    }
    touch(k, vm, pte, access);
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
    if (k->touched > 0) {
        kernel_charge(k, vm, CPU_SWITCH,
                      (uint64_t)k->touched * k->costs->switch_per_page);
        k->touched = 0;
    }
}

/* Writes the first contents of a page to its frame. True: all zeros. */
static bool fill_frame(struct kernel *k, struct vm *vm, uint32_t page,
                       uint32_t frame, bool is_text)
{
    const struct image *image = image_of(k, vm);
    uint32_t va = ABI_MEM_BASE + page * PAGE_BYTES;
    uint8_t *bytes = k->config.ram + (size_t)frame * PAGE_BYTES;
    if (is_text && k->config.scenario->text == TEXT_SHARED) {
        return false;
    }
    if (is_text) {
        cpu_forget_frame(k->cpu, frame);
    }
    if (image_page_has_bytes(image, va)) {
        image_fill_page(image, va, bytes);
        return false;
    }
    memset(bytes, 0, PAGE_BYTES);
    if (page == 0) {
        vregs_fill(k, vm, bytes);
    }
    return true;
}

static enum memory_result page_in(struct kernel *k, struct vm *vm,
                                  uint32_t page)
{
    uint32_t va = ABI_MEM_BASE + page * PAGE_BYTES;
    uint32_t frame = FRAME_NONE;
    if (ensure_table(k, vm, page)) {
        frame = frames_take(&k->frames, vm, page);
    }
    if (frame == FRAME_NONE) {
        kernel_fail(k,
                    "RAM is full: VM %u needs a frame at %#x and none of %u is "
                    "free; give machine.ram more, or run fewer VMs",
                    vm->id, va, k->frames.count);
        return MEMORY_EXHAUSTED;
    }
    bool is_text = image_page_is_text(image_of(k, vm), va);
    vm->ptes[page].frame = frame & (FRAME_LIMIT - 1);
    vm->ptes[page].flags = is_text ? PTE_PRESENT | PTE_TEXT : PTE_PRESENT;
    vm->leaf_resident[page / TABLE_PAGES]++;
    admission_resident(k, vm, +1);
    bool is_zero = fill_frame(k, vm, page, frame, is_text);
    struct stats *s = k->config.stats;
    uint64_t resident = k->frames.count - k->frames.free_count;
    if (resident > s->memory.resident_peak) {
        s->memory.resident_peak = resident;
    }
    if (s->in_window) {
        s->paging.zero_fills += is_zero;
    }
    kernel_emit(k, TRACE_FILL, vm->id, page,
                frame | (is_zero ? 1ull << 32 : 0));
    kernel_charge(k, vm, CPU_PAGING, k->costs->zero_page);
    return MEMORY_OK;
}

enum memory_result memory_fault(struct kernel *k, struct vm *vm, uint32_t va,
                                enum cpu_access access)
{
    uint32_t page;
    if (k->config.stats->in_window) {
        k->config.stats->paging.faults++;
    }
    kernel_emit(k, TRACE_FAULT, vm->id, va, access);
    kernel_charge(k, vm, CPU_PAGING, k->costs->page_fault);
    if (!page_of(vm, va, &page) || !page_allows(k, vm, page, access)) {
        return MEMORY_ILLEGAL;
    }
    if (vm->ptes[page].flags & PTE_PRESENT) {
        return MEMORY_OK;
    }
    return page_in(k, vm, page);
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
        touch(k, vm, pte, access);
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
        const struct pte *pte = &vm->ptes[(va - ABI_MEM_BASE) / PAGE_BYTES];
        SIM_ASSERT((pte->flags & (PTE_PRESENT | PTE_TEXT)) == PTE_PRESENT);
        memcpy(k->config.ram + (size_t)pte->frame * PAGE_BYTES +
                   va % PAGE_BYTES,
               in, part);
        in += part;
        va += part;
        bytes -= part;
    }
}

void memory_charge_copy(struct kernel *k, struct vm *vm, uint32_t bytes)
{
    uint32_t units = (bytes + COPY_UNIT - 1) / COPY_UNIT;
    kernel_charge(k, vm, CPU_PIO,
                  (uint64_t)units * k->costs->copy_per_64_bytes);
}

uint8_t *memory_register_page(struct kernel *k, struct vm *vm)
{
    SIM_ASSERT(vm->ptes[0].flags & PTE_PRESENT);
    return k->config.ram + (size_t)vm->ptes[0].frame * PAGE_BYTES;
}
