/*
 * swap.h - the disks as one space of pages: a static region per VM (and per
 * virtual disk), striped over the spindles in units of the paging block.
 *
 * A VM's region is taken at its creation and is as large as its memory, so a
 * page's place is arithmetic and its metadata are the 20 bytes of the Denali
 * paper, section 3.2.2, inside VM_PINNED_BYTES. Contents live in a sparse
 * mapping of the host that costs only what was written.
 */
#ifndef IK_SWAP_H
#define IK_SWAP_H

#include "ik/vm.h"
#include "sim/devices/disk.h"

struct arena;

struct swap_extent {
    uint64_t first; /* Page. */
    uint64_t count;
};

struct swap {
    struct disk *disks;
    uint32_t disk_count;
    uint32_t unit_pages; /* Of the stripe; regions begin on such a boundary. */
    uint64_t page_count; /* On all disks, and in the mapping: the lesser. */
    uint8_t *backing;    /* Borrowed; page_count pages, zero at first. */
    struct swap_extent *extents; /* Free ones, ascending, never adjacent. */
    uint32_t extent_count;
    uint32_t extent_limit;
    uint64_t free_pages;
};

struct swap_config {
    const struct disk_model *model;
    const struct disk_policy *policy;
    uint32_t disk_count;
    uint32_t unit_pages;
    uint8_t *backing;
    uint64_t backing_pages; /* As many as will ever be taken at once. */
    uint32_t region_limit;  /* Regions at once. */
    struct event_queue *events;
    uint64_t cpu_hz;
};

/* False when the arena is full. */
SIM_MUST_USE bool swap_init(struct swap *s, struct arena *arena,
                            const struct swap_config *config);

/* First fit; false when no room for `pages` together is left. */
SIM_MUST_USE bool swap_take(struct swap *s, uint64_t pages, uint64_t *first);
void swap_give_back(struct swap *s, uint64_t first, uint64_t pages);

/* The spindle and the block on it of a page. */
struct disk *swap_locate(struct swap *s, uint64_t page, uint64_t *block);

/* A page's contents. */
uint8_t *swap_bytes(struct swap *s, uint64_t page);

#endif /* IK_SWAP_H */
