/* tables.c - see tables.h. */
#include "ik/memory/tables.h"

#include "sim/arena.h"

uint32_t tables_leaf_count(const struct vm *vm)
{
    return (vm->page_count + TABLE_PAGES - 1) / TABLE_PAGES;
}

bool tables_init_vm(struct arena *arena, struct vm *vm, uint32_t memory_bytes)
{
    vm->page_count = memory_bytes / ABI_PAGE_BYTES;
    vm->first_frame = FRAME_NONE;
    vm->ptes = arena_alloc(arena, vm->page_count * sizeof(*vm->ptes),
                           alignof(struct pte));
    vm->leaf_resident =
        arena_alloc(arena, tables_leaf_count(vm) * sizeof(*vm->leaf_resident),
                    alignof(uint16_t));
    vm->leaf_frame =
        arena_alloc(arena, tables_leaf_count(vm) * sizeof(*vm->leaf_frame),
                    alignof(uint32_t));
    if (!vm->ptes || !vm->leaf_resident || !vm->leaf_frame) {
        return false;
    }
    vm->directory_frame = FRAME_NONE;
    for (uint32_t i = 0; i < tables_leaf_count(vm); i++) {
        vm->leaf_frame[i] = FRAME_NONE;
    }
    return true;
}

uint32_t *tables_frame(struct vm *vm, uint32_t table)
{
    return table == 0 ? &vm->directory_frame : &vm->leaf_frame[table - 1];
}

static void drop_table(struct kernel *k, struct vm *vm, uint32_t table)
{
    uint32_t *frame = tables_frame(vm, table);
    frames_give_back(&k->frames, vm, *frame);
    kernel_emit(k, TRACE_EVENT(table, vm->id, .table = table, .frame = *frame,
                               .change = TABLE_FREED));
    *frame = FRAME_NONE;
    k->paging.frame_news = true;
}

void tables_drop(struct kernel *k, struct vm *vm, uint32_t leaf)
{
    if (k->config.scenario->page_tables == TABLES_EAGER ||
        vm->leaf_resident[leaf] > 0 || vm->leaf_frame[leaf] == FRAME_NONE) {
        return;
    }
    drop_table(k, vm, leaf + 1);
    for (uint32_t i = 0; i < tables_leaf_count(vm); i++) {
        /* A leaf that is being allocated counts its page already. */
        if (vm->leaf_frame[i] != FRAME_NONE || vm->leaf_resident[i] > 0) {
            return;
        }
    }
    drop_table(k, vm, 0);
}

void tables_drop_all(struct kernel *k, struct vm *vm)
{
    for (uint32_t leaf = 0; leaf < tables_leaf_count(vm); leaf++) {
        if (vm->leaf_frame[leaf] != FRAME_NONE) {
            drop_table(k, vm, leaf + 1);
        }
    }
    if (vm->directory_frame != FRAME_NONE) {
        drop_table(k, vm, 0);
    }
}
