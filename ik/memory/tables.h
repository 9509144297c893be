/*
 * tables.h - page tables, and the frames that they take: a directory and its
 * leaves.
 *
 * Table 0 of a VM is its directory, table n + 1 its leaf n. With eager page
 * tables all are taken at a VM's creation; on demand a leaf exists while it
 * maps a page, and the directory while there is a leaf. Tables are taken by
 * ik/memory/paging.c, which finds frames for them.
 */
#ifndef IK_TABLES_H
#define IK_TABLES_H

#include "ik/state.h"

/* For so many pages: those of a VM of the group that ended, or new ones. False
   when the arena is full. */
SIM_MUST_USE bool tables_init_vm(struct kernel *k, struct arena *arena,
                                 struct vm *vm, uint32_t pages);

/* The VM, which has ended, gives them back. */
void tables_release_vm(struct kernel *k, struct vm *vm);

/* The leaf page tables that map all of the VM's memory. */
uint32_t tables_leaf_count(const struct vm *vm);

/* Where the frame of a table is said: FRAME_NONE while it has none. */
uint32_t *tables_frame(struct vm *vm, uint32_t table);

/* With tables on demand: gives back a leaf that maps nothing. */
void tables_drop(struct kernel *k, struct vm *vm, uint32_t leaf);

/* Gives back all tables of a VM without pages. */
void tables_drop_all(struct kernel *k, struct vm *vm);

#endif /* IK_TABLES_H */
