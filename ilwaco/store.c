/* store.c - see store.h. */
#include "ilwaco/store.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT_VERSION 1

enum kind {
    KIND_SUPER = 0x70757349,  /* "Isup" */
    KIND_RECORD = 0x63657249, /* "Irec" */
    KIND_DATA = 0x74616449,   /* "Idat" */
    KIND_COMMIT = 0x6d6f6349, /* "Icom" */
};

/* The end of each block. */
struct seal {
    uint32_t kind;
    uint32_t sequence; /* Of the record that the block belongs to; 0: none. */
    uint32_t block;    /* Its own number. */
    uint32_t checksum; /* Of all before it. */
};

struct super {
    uint32_t format;
    uint32_t blocks;
};

/* In the record, and again in the commit. */
struct record {
    uint32_t version;
    uint32_t bytes;
    uint32_t data_blocks;
    char name[STORE_NAME_BYTES];
};

/* ---- Blocks -------------------------------------------------------------- */

/* CRC-32, by halves of a byte: a table of one cache line. */
static uint32_t crc_of(const uint8_t *bytes, size_t count)
{
    static const uint32_t table[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    };
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < count; i++) {
        crc ^= bytes[i];
        crc = (crc >> 4) ^ table[crc & 15];
        crc = (crc >> 4) ^ table[crc & 15];
    }
    return ~crc;
}

static uint32_t checksum_of(const uint8_t *block)
{
    return crc_of(block, ABI_BLOCK_BYTES - sizeof(uint32_t));
}

static void seal_block(uint8_t *block, enum kind kind, uint32_t sequence,
                       uint32_t number)
{
    struct seal seal = { .kind = kind, .sequence = sequence, .block = number };
    memcpy(block + STORE_PAYLOAD_BYTES, &seal, sizeof(seal));
    seal.checksum = checksum_of(block);
    memcpy(block + STORE_PAYLOAD_BYTES, &seal, sizeof(seal));
}

static bool is_sealed(const uint8_t *block, enum kind kind, uint32_t sequence,
                      uint32_t number)
{
    struct seal seal;
    memcpy(&seal, block + STORE_PAYLOAD_BYTES, sizeof(seal));
    return seal.kind == kind && seal.sequence == sequence &&
           seal.block == number && seal.checksum == checksum_of(block);
}

static bool is_zero(const uint8_t *block)
{
    for (size_t i = 0; i < ABI_BLOCK_BYTES; i++) {
        if (block[i] != 0) {
            return false;
        }
    }
    return true;
}

static uint8_t *buffer_of(const struct store *store, uint32_t slot)
{
    return store->buffers + slot * (size_t)ABI_BLOCK_BYTES;
}

static void submit(struct store *store, uint32_t slot, uint32_t block,
                   bool is_write)
{
    store->requests[slot] =
        (struct disk_request){ .disk = store->disk,
                               .block = block,
                               .buffer = buffer_of(store, slot),
                               .is_write = is_write };
    disk_submit(&store->requests[slot]);
}

/* One block, to or from the first buffer. */
static int32_t transfer(struct store *store, uint32_t block, bool is_write)
{
    submit(store, 0, block, is_write);
    return disk_wait(&store->requests[0]);
}

/* Seals the first buffer, which holds the payload, and writes it. */
static int32_t write_sealed(struct store *store, enum kind kind,
                            uint32_t sequence, uint32_t block)
{
    seal_block(store->buffers, kind, sequence, block);
    return transfer(store, block, true);
}

static uint32_t data_blocks_of(uint32_t bytes)
{
    return bytes / STORE_PAYLOAD_BYTES + (bytes % STORE_PAYLOAD_BYTES > 0);
}

/* How many bytes of `bytes` lie in block `index`. */
static uint32_t part_of(uint32_t bytes, uint32_t index)
{
    uint32_t rest = bytes - index * STORE_PAYLOAD_BYTES;
    return rest < STORE_PAYLOAD_BYTES ? rest : STORE_PAYLOAD_BYTES;
}

/* ---- The catalogue ------------------------------------------------------- */

static struct store_entry *find(const struct store *store, const char *name)
{
    struct store_entry *entry = store->entries;
    while (entry != NULL && strcmp(entry->name, name) != 0) {
        entry = entry->next;
    }
    return entry;
}

const struct store_entry *store_find(const struct store *store,
                                     const char *name)
{
    return find(store, name);
}

/* To become the first, so that it is found before older ones of its name. */
static struct store_entry *make_entry(struct store *store)
{
    struct store_entry *entry = malloc(sizeof(*entry));
    if (entry != NULL) {
        *entry = (struct store_entry){ .next = store->entries };
    }
    return entry;
}

static void fill_entry(struct store_entry *entry, const struct record *record,
                       uint32_t sequence, uint32_t record_block)
{
    memcpy(entry->name, record->name, STORE_NAME_BYTES);
    entry->version = record->version;
    entry->bytes = record->bytes;
    entry->first_block = record_block + 1;
    entry->sequence = sequence;
}

/* ---- Mounting ------------------------------------------------------------ */

static int32_t format(struct store *store)
{
    memset(store->buffers, 0, STORE_PAYLOAD_BYTES);
    struct super super = { .format = FORMAT_VERSION, .blocks = store->blocks };
    memcpy(store->buffers, &super, sizeof(super));
    return write_sealed(store, KIND_SUPER, 0, 0);
}

static int32_t read_super(struct store *store)
{
    int32_t err = transfer(store, 0, false);
    if (err != 0) {
        return err;
    }
    if (is_zero(store->buffers)) {
        return format(store);
    }
    struct super super;
    memcpy(&super, store->buffers, sizeof(super));
    bool is_ours = is_sealed(store->buffers, KIND_SUPER, 0, 0) &&
                   super.format == FORMAT_VERSION &&
                   super.blocks <= store->blocks;
    return is_ours ? 0 : STORE_EFOREIGN;
}

static bool record_is_sane(const struct store *store,
                           const struct record *record)
{
    return record->name[0] != '\0' &&
           memchr(record->name, '\0', STORE_NAME_BYTES) != NULL &&
           record->data_blocks == data_blocks_of(record->bytes) &&
           store->blocks - store->next_block >= 2 &&
           record->data_blocks <= store->blocks - store->next_block - 2;
}

/* Takes in the record at next_block, whose payload this is. */
static int32_t take_record(struct store *store, const struct record *record)
{
    uint32_t sequence = store->sequence + 1;
    uint32_t commit = store->next_block + 1 + record->data_blocks;
    int32_t err = transfer(store, commit, false);
    if (err != 0) {
        return err;
    }
    if (is_sealed(store->buffers, KIND_COMMIT, sequence, commit)) {
        struct store_entry *entry = find(store, record->name);
        if (entry == NULL) {
            entry = make_entry(store);
            if (entry == NULL) {
                return STORE_ENOMEM;
            }
            store->entries = entry;
        }
        fill_entry(entry, record, sequence, store->next_block);
    } else {
        store->lost_blocks += record->data_blocks + 2;
    }
    store->sequence = sequence;
    store->next_block = commit + 1;
    return 0;
}

/* Goes from record to record. */
static int32_t read_records(struct store *store)
{
    while (store->next_block < store->blocks) {
        int32_t err = transfer(store, store->next_block, false);
        if (err != 0) {
            return err;
        }
        if (is_zero(store->buffers)) {
            return 0;
        }
        struct record record;
        memcpy(&record, store->buffers, sizeof(record));
        if (!is_sealed(store->buffers, KIND_RECORD, store->sequence + 1,
                       store->next_block) ||
            !record_is_sane(store, &record)) {
            store->is_read_only = true;
            return STORE_EDAMAGED;
        }
        err = take_record(store, &record);
        if (err != 0) {
            return err;
        }
    }
    return 0;
}

int32_t store_mount(struct store *store, uint32_t disk)
{
    *store = (struct store){ .disk = disk,
                             .blocks = disk_blocks(disk),
                             .next_block = 1 };
    if (store->blocks == 0) {
        return ABI_ENODEV;
    }
    store->buffers = disk_buffers(STORE_WINDOW);
    if (store->buffers == NULL) {
        return STORE_ENOMEM;
    }
    mutex_lock(&store->mutex);
    int32_t err = read_super(store);
    if (err == 0) {
        err = read_records(store);
    }
    mutex_unlock(&store->mutex);
    return err;
}

/* ---- Writing ------------------------------------------------------------- */

struct contents {
    uint32_t bytes;
    store_fill *fill;
    void *argument;
};

/* Waits for the first `count` requests; the first error there is, or 0. */
static int32_t wait_for(struct store *store, uint32_t count)
{
    int32_t err = 0;
    for (uint32_t slot = 0; slot < count; slot++) {
        int32_t result = disk_wait(&store->requests[slot]);
        err = err == 0 ? result : err;
    }
    return err;
}

/* Blocks [index, index + count) of the data, count <= STORE_WINDOW. */
static int32_t write_data(struct store *store, const struct contents *contents,
                          uint32_t first_block, uint32_t index, uint32_t count)
{
    for (uint32_t slot = 0; slot < count; slot++) {
        uint8_t *buffer = buffer_of(store, slot);
        uint32_t part = part_of(contents->bytes, index + slot);
        contents->fill(contents->argument, (index + slot) * STORE_PAYLOAD_BYTES,
                       buffer, part);
        memset(buffer + part, 0, STORE_PAYLOAD_BYTES - part);
        uint32_t block = first_block + index + slot;
        seal_block(buffer, KIND_DATA, store->sequence, block);
        submit(store, slot, block, true);
    }
    return wait_for(store, count);
}

static int32_t write_record(struct store *store, enum kind kind,
                            const struct record *record, uint32_t block,
                            uint32_t sequence)
{
    memset(store->buffers, 0, STORE_PAYLOAD_BYTES);
    memcpy(store->buffers, record, sizeof(*record));
    return write_sealed(store, kind, sequence, block);
}

/* Record, data, commit, each once the one before it is on the disk. */
static int32_t append(struct store *store, const struct record *record,
                      const struct contents *contents)
{
    uint32_t at = store->next_block;
    int32_t err =
        write_record(store, KIND_RECORD, record, at, store->sequence + 1);
    if (err != 0) {
        return err; /* Nothing was taken: the next write goes there too. */
    }
    store->sequence++;
    store->next_block += record->data_blocks + 2;
    store->lost_blocks += record->data_blocks + 2; /* Unless all goes well. */
    uint32_t count = 0;
    for (uint32_t i = 0; i < record->data_blocks; i += count) {
        count = record->data_blocks - i;
        count = count < STORE_WINDOW ? count : STORE_WINDOW;
        err = write_data(store, contents, at + 1, i, count);
        if (err != 0) {
            return err;
        }
    }
    err = write_record(store, KIND_COMMIT, record, at + 1 + record->data_blocks,
                       store->sequence);
    if (err == 0) {
        store->lost_blocks -= record->data_blocks + 2;
    }
    return err;
}

/* Locked; the name is fine. */
static int32_t write_version(struct store *store, const char *name,
                             const struct contents *contents)
{
    struct record record = { .version = 1,
                             .bytes = contents->bytes,
                             .data_blocks = data_blocks_of(contents->bytes) };
    uint32_t left = store->blocks - store->next_block;
    if (store->is_read_only) {
        return STORE_EDAMAGED;
    }
    if (left < 2 || record.data_blocks > left - 2) {
        return STORE_EFULL;
    }
    const struct store_entry *old = find(store, name);
    record.version += old == NULL ? 0 : old->version;
    memcpy(record.name, name, strlen(name));
    /* The memory for it first, so that nothing can fail after the commit. */
    struct store_entry *entry = make_entry(store);
    if (entry == NULL) {
        return STORE_ENOMEM;
    }
    uint32_t at = store->next_block;
    int32_t err = append(store, &record, contents);
    if (err != 0) {
        free(entry);
        return err;
    }
    fill_entry(entry, &record, store->sequence, at);
    store->entries = entry;
    return 0;
}

int32_t store_write(struct store *store, const char *name, uint32_t bytes,
                    store_fill *fill, void *argument)
{
    if (name[0] == '\0' || strlen(name) >= STORE_NAME_BYTES) {
        return STORE_ENAME;
    }
    struct contents contents = { bytes, fill, argument };
    mutex_lock(&store->mutex);
    int32_t err = write_version(store, name, &contents);
    mutex_unlock(&store->mutex);
    return err;
}

/* ---- Reading ------------------------------------------------------------- */

int32_t store_check(const struct store_entry *entry, uint32_t index,
                    const void *buffer)
{
    if (!is_sealed(buffer, KIND_DATA, entry->sequence,
                   entry->first_block + index)) {
        return STORE_EDAMAGED;
    }
    return (int32_t)part_of(entry->bytes, index);
}

/* Blocks [index, index + count), count <= STORE_WINDOW. */
static int32_t read_data(struct store *store, const struct store_entry *entry,
                         uint8_t *to, uint32_t index, uint32_t count)
{
    for (uint32_t slot = 0; slot < count; slot++) {
        submit(store, slot, entry->first_block + index + slot, false);
    }
    int32_t err = wait_for(store, count);
    for (uint32_t slot = 0; slot < count && err == 0; slot++) {
        const uint8_t *buffer = buffer_of(store, slot);
        int32_t part = store_check(entry, index + slot, buffer);
        if (part < 0) {
            return part;
        }
        memcpy(to + (size_t)(index + slot) * STORE_PAYLOAD_BYTES, buffer,
               (size_t)part);
    }
    return err;
}

int32_t store_read(struct store *store, const struct store_entry *entry,
                   void *to)
{
    uint32_t blocks = data_blocks_of(entry->bytes);
    int32_t err = 0;
    uint32_t count = 0;
    mutex_lock(&store->mutex);
    for (uint32_t i = 0; i < blocks && err == 0; i += count) {
        count = blocks - i < STORE_WINDOW ? blocks - i : STORE_WINDOW;
        err = read_data(store, entry, to, i, count);
    }
    mutex_unlock(&store->mutex);
    return err;
}
