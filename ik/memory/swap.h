/*
 * swap.h - the disks as one space of pages: a static region per VM (and per
 * virtual disk), striped over the spindles in units of the paging block.
 *
 * A VM's region is taken at its creation and is as large as its memory, so a
 * page's place is arithmetic and its metadata are the 20 bytes of the Denali
 * paper, section 3.2.2, inside VM_PINNED_BYTES. The host keeps contents in
 * chunks of some pages, each made when one of its pages is first written.
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
    uint64_t page_count; /* On all disks, or ever taken at once: the lesser. */
    uint8_t **chunks;    /* NULL: no page of the chunk was ever written. */
    struct arena *arena; /* Borrowed. Where chunks come from. */
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
    uint64_t page_limit;   /* As many as will ever be taken at once. */
    uint32_t region_limit; /* Regions at once. */
    uint32_t owners;       /* VMs are [0, owners). */
    struct event_queue *events;
    uint64_t cpu_hz;
};

/* False when the arena is full. The arena is kept, for what will be written. */
SIM_MUST_USE bool swap_init(struct swap *s, struct arena *arena,
                            const struct swap_config *config);

/* First fit; false when no room for `pages` together is left. */
SIM_MUST_USE bool swap_take(struct swap *s, uint64_t pages, uint64_t *first);
void swap_give_back(struct swap *s, uint64_t first, uint64_t pages);

/* The spindle and the block on it of a page. */
struct disk *swap_locate(struct swap *s, uint64_t page, uint64_t *block);

/* Comes before the first write to any of the pages. False when the arena is
   full. */
SIM_MUST_USE bool swap_make_room(struct swap *s, uint64_t page, uint64_t count);

/* A page's contents: to be read, zeros at first; and to be written. */
const uint8_t *swap_read(const struct swap *s, uint64_t page);
uint8_t *swap_write(struct swap *s, uint64_t page);

#endif /* IK_SWAP_H */
