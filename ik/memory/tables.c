/* tables.c - see tables.h. */
#include "ik/memory/tables.h"

#include <string.h>

#include "sim/arena.h"

uint32_t tables_leaf_count(const struct vm *vm)
{
    return (vm->page_count + TABLE_PAGES - 1) / TABLE_PAGES;
}

/* What stands in tables that nobody uses: VMs of a group are of one size. */
struct free_tables {
    struct free_tables *next;
};

static size_t bytes_of(const struct vm *vm)
{
    return vm->page_count * sizeof(*vm->ptes) +
           tables_leaf_count(vm) *
               (sizeof(*vm->leaf_frame) + sizeof(*vm->leaf_resident));
}

bool tables_init_vm(struct kernel *k, struct arena *arena, struct vm *vm,
                    uint32_t pages)
{
    vm->page_count = pages;
    struct free_tables **free = &k->paging.free_tables[vm->group];
    void *memory = *free;
    if (*free) {
        *free = (*free)->next;
        memset(memory, 0, bytes_of(vm));
    } else {
        memory = arena_alloc(arena, bytes_of(vm), alignof(struct free_tables));
    }
    if (!memory) {
        vm->page_count = 0;
        return false;
    }
    vm->ptes = memory;
    vm->leaf_frame = (uint32_t *)(void *)(vm->ptes + pages);
    vm->leaf_resident =
        (uint16_t *)(void *)(vm->leaf_frame + tables_leaf_count(vm));
    vm->directory_frame = FRAME_NONE;
    for (uint32_t i = 0; i < tables_leaf_count(vm); i++) {
        vm->leaf_frame[i] = FRAME_NONE;
    }
    return true;
}

void tables_release_vm(struct kernel *k, struct vm *vm)
{
    struct free_tables *free = (struct free_tables *)(void *)vm->ptes;
    free->next = k->paging.free_tables[vm->group];
    k->paging.free_tables[vm->group] = free;
    vm->ptes = NULL;
    vm->leaf_frame = NULL;
    vm->leaf_resident = NULL;
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
