/*
 * store.h - named contents on a virtual disk. It is not a file system: blocks
 * are written once, in order, and never reused. There is no directory to keep,
 * no free list to lose, nothing is overwritten and nothing is ever in two
 * states; so whatever moment a VM ends at, what had been stored is there for
 * the next VM that gets the disk. Denali's library OS did the same: "There is
 * no real file system, just disk blocks which are not reused."
 *
 * What that costs: to store a name again is to store it anew, so a disk is
 * full after so many versions, for ever; nothing can be deleted; the space of
 * a write that was interrupted is lost; and mounting reads two blocks for each
 * version there ever was.
 *
 * On disk, all blocks end in a seal (16 bytes: kind, sequence number, own block
 * number, CRC-32 of the rest), which leaves STORE_PAYLOAD_BYTES:
 *
 *     block 0          the superblock
 *     record           name, version, size: from here on the blocks are taken
 *     data...          the contents
 *     commit           from here on they are valid
 *     record ...
 *
 * and after the last commit zeros, as a new disk is. A record without a commit
 * is an interrupted write: its blocks are passed over.
 *
 * All functions may wait, and other threads run meanwhile; they may use the
 * same store. Errors of the disk (ABI_E...) are handed through.
 */
#ifndef ILWACO_STORE_H
#define ILWACO_STORE_H

#include "ilwaco/disk.h"
#include "ilwaco/lock.h"

#include <stdbool.h>
#include <stdint.h>

#define STORE_PAYLOAD_BYTES (ABI_BLOCK_BYTES - 16)
#define STORE_NAME_BYTES    32 /* With its 0. */
/* Requests under way for one call. */
#define STORE_WINDOW 4

enum store_error {
    STORE_EFOREIGN = -16, /* The disk holds something that is no store. */
    STORE_EDAMAGED = -17, /* A block is not as it was written. */
    STORE_EFULL = -18,    /* Too few blocks are left; none were taken. */
    STORE_ENAME = -19,    /* A name is empty or too long. */
    STORE_ENOMEM = -20,
};

/* The newest version under a name. Never freed, and const once found. */
struct store_entry {
    char name[STORE_NAME_BYTES];
    uint32_t version; /* 1, 2... */
    uint32_t bytes;
    uint32_t first_block; /* Of its data. */
    uint32_t sequence;
    struct store_entry *next; /* The store's. */
};

struct store {
    uint32_t disk;
    uint32_t blocks;      /* Of the disk. */
    uint32_t next_block;  /* The first that was never taken; <= blocks. */
    uint32_t lost_blocks; /* In interrupted writes. */
    uint32_t sequence;    /* Of the last record. */
    /* After the last record that could be read comes something else: what was
       found is good, but nobody knows where to go on. */
    bool is_read_only;
    struct store_entry *entries; /* Owned. */
    struct mutex mutex;
    struct disk_request requests[STORE_WINDOW]; /* Valid while locked. */
    uint8_t *buffers;                           /* STORE_WINDOW blocks. */
};

/*
 * Finds what is on the disk; one that holds only zeros becomes an empty store.
 * 0 or an error: with STORE_EDAMAGED the store is read-only but usable, after
 * any other it is not.
 */
int32_t store_mount(struct store *store, uint32_t disk);

/* NULL: there is none. */
const struct store_entry *store_find(const struct store *store,
                                     const char *name);

/* Writes bytes [offset, offset + count) of some contents to `to`. */
typedef void store_fill(void *argument, uint32_t offset, void *to,
                        uint32_t count);

/*
 * Stores `bytes` bytes under the name, as a new version if there is one. 0
 * once all is on the disk and valid; after an error the last version is what
 * it was, and the blocks are lost if any had been written.
 */
int32_t store_write(struct store *store, const char *name, uint32_t bytes,
                    store_fill *fill, void *argument);

/* Reads all of it, entry->bytes. 0 or an error. */
int32_t store_read(struct store *store, const struct store_entry *entry,
                   void *to);

/*
 * To read asynchronously: block `index` of the entry, which holds its bytes
 * from index * STORE_PAYLOAD_BYTES on, is the disk's block
 * entry->first_block + index. Returns how many bytes it holds, from the
 * buffer's start, or STORE_EDAMAGED.
 */
int32_t store_check(const struct store_entry *entry, uint32_t index,
                    const void *buffer);

#endif /* ILWACO_STORE_H */
