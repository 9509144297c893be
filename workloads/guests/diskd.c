/*
 * diskd.c - a web server whose document lies on its disk: each request reads
 * it from there, block by block. Nothing of it is kept in memory.
 *
 * Disk 0 of the VM holds a block store (ilwaco/store.h), which is made at the
 * first boot. The document is "index" in it, the same bytes as httpd's, which
 * say the serving VM's number. Contents outlive VMs, but numbers are given only
 * once: so a VM that gets the disk of another finds that one's document. It
 * then stores its own under the same name, a further version: the old one's
 * blocks are not used again, and after enough VMs the disk is full. One whose
 * size or VM is right is served as it was found.
 *
 * HTTP is as httpd has it. A block that cannot be read, or is not as it was
 * written, is answered with 500, or with a reset when part of the answer is out
 * already; a VM that could neither find nor store its document (no disk, a full
 * or a foreign one) says so on the console and answers 500 to all.
 *
 * As many requests are read for at a time as the disk takes; each waits only
 * for its own blocks and for its turn. A connection has one block under way,
 * and only when TCP has room for it: so a slow client holds no buffer.
 */
#include "workloads/guests/http_site.h"

#include "ilwaco/cmdline.h"
#include "ilwaco/net/net.h"
#include "ilwaco/panic.h"
#include "ilwaco/start.h"
#include "ilwaco/store.h"

#include <stdio.h>
#include <string.h>

#define DISK        0
#define DOCUMENT    "index"
#define FIRST_BYTES DOCUMENT_LINE_BYTES

ARGS_PROGRAM("a web server: one document, on its disk", HTTP_SITE_ARGS)

/* A block on its way. */
struct read {
    struct disk_request request; /* Its buffer is owned. */
    struct http_fetch *fetch;    /* NULL: free, or the client is gone, */
    bool is_busy;                /* which this tells. */
    uint32_t index;              /* Of the block in the document. */
};

static struct {
    struct store store;
    const struct store_entry *document; /* NULL: there is none. */
    struct read reads[ABI_DISK_RING];
    struct http_fetch *first, *last; /* Waiting for one of them. */
} diskd;

/* ---- Reading ------------------------------------------------------------- */

static struct read *free_read(void)
{
    for (size_t i = 0; i < ABI_DISK_RING; i++) {
        if (!diskd.reads[i].is_busy) {
            return &diskd.reads[i];
        }
    }
    return NULL;
}

static void begin_read(struct read *read, struct http_fetch *fetch)
{
    read->fetch = fetch;
    read->is_busy = true;
    read->index = fetch->offset / STORE_PAYLOAD_BYTES;
    /* Without a document: a block that is on no disk. */
    read->request.block = diskd.document == NULL
                              ? UINT32_MAX
                              : diskd.document->first_block + read->index;
    disk_submit(&read->request);
}

static void begin_waiting(void)
{
    for (struct read *read = free_read(); read != NULL && diskd.first != NULL;
         read = free_read()) {
        struct http_fetch *fetch = diskd.first;
        diskd.first = fetch->next;
        begin_read(read, fetch);
    }
}

/* disk.h: a request is done. */
static void on_read(struct disk_request *request)
{
    struct read *read = request->owner;
    struct http_fetch *fetch = read->fetch;
    int32_t count = request->result;
    if (count == 0) {
        count = store_check(diskd.document, read->index, request->buffer);
    }
    if (fetch != NULL) {
        read->fetch = NULL; /* No cancelling any more. */
        http_connection_fetched(fetch, request->buffer, count);
    }
    read->is_busy = false;
    begin_waiting();
}

static void fetch_begin(struct http_fetch *fetch)
{
    fetch->next = NULL;
    if (diskd.first == NULL) {
        diskd.first = fetch;
    } else {
        diskd.last->next = fetch;
    }
    diskd.last = fetch;
    begin_waiting();
}

static void fetch_cancel(struct http_fetch *fetch)
{
    for (size_t i = 0; i < ABI_DISK_RING; i++) {
        if (diskd.reads[i].fetch == fetch) {
            diskd.reads[i].fetch = NULL; /* It is read for nobody. */
            return;
        }
    }
    struct http_fetch *before = NULL;
    for (struct http_fetch *f = diskd.first; f != fetch; f = f->next) {
        before = f;
    }
    if (before == NULL) {
        diskd.first = fetch->next;
    } else {
        before->next = fetch->next;
    }
    if (diskd.last == fetch) {
        diskd.last = before;
    }
}

static void make_reads(void)
{
    char *buffers = disk_buffers(ABI_DISK_RING);
    if (buffers == NULL) {
        panic("no memory for buffers");
    }
    for (size_t i = 0; i < ABI_DISK_RING; i++) {
        struct read *read = &diskd.reads[i];
        read->request =
            (struct disk_request){ .disk = DISK,
                                   .buffer = buffers + i * ABI_BLOCK_BYTES,
                                   .done = on_read,
                                   .owner = read };
    }
}

/* ---- The document -------------------------------------------------------- */

static void fill_document(void *argument, uint32_t offset, void *to,
                          uint32_t count)
{
    (void)argument;
    http_document_fill(offset, to, count);
}

/* Whether it is this VM's: its first line says whose. */
static bool is_mine(const struct store_entry *entry, uint32_t size_bytes)
{
    if (entry->bytes != size_bytes) {
        return false;
    }
    if (size_bytes == 0) {
        return true;
    }
    struct disk_request *request = &diskd.reads[0].request;
    struct disk_request read = { .disk = DISK,
                                 .block = entry->first_block,
                                 .buffer = request->buffer };
    char line[FIRST_BYTES];
    uint32_t count = size_bytes < FIRST_BYTES ? size_bytes : FIRST_BYTES;
    http_document_fill(0, line, count);
    return disk_transfer(&read) == 0 &&
           store_check(entry, 0, read.buffer) > 0 &&
           memcmp(read.buffer, line, count) == 0;
}

/* 0, or why there is none: STORE_E..., ABI_E... */
static int32_t find_document(uint32_t size_bytes)
{
    int32_t err = store_mount(&diskd.store, DISK);
    if (err != 0 && err != STORE_EDAMAGED) {
        return err;
    }
    const struct store_entry *entry = store_find(&diskd.store, DOCUMENT);
    if (entry == NULL || !is_mine(entry, size_bytes)) {
        err = store_write(&diskd.store, DOCUMENT, size_bytes, fill_document,
                          NULL);
        if (err != 0) {
            return err;
        }
        entry = store_find(&diskd.store, DOCUMENT);
    }
    diskd.document = entry;
    return 0;
}

int main(void)
{
    static const struct http_source source = {
        .begin = fetch_begin,
        .cancel = fetch_cancel,
        .piece_bytes = STORE_PAYLOAD_BYTES,
    };
    static struct http_site site = { .source = &source };
    struct args_value args[ARG_COUNT];
    cmdline_read(args_rules, args);
    site.body_bytes = (uint32_t)args[ARG_size].number;
    site.timeout_seconds =
        (uint32_t)(args[ARG_timeout].number / HTTP_TIMEOUT_UNIT_NS);

    make_reads();
    int32_t err = find_document(site.body_bytes);
    if (err != 0) {
        printf("diskd: no document: error %d\n", (int)err);
    } else {
        printf("diskd: version %u of the document, %u of %u blocks taken\n",
               diskd.document->version, diskd.store.next_block,
               diskd.store.blocks);
    }
    disk_serve();
    net_take_irq(ABI_IRQ_DISK, disk_poll);
    http_site_serve(&site, (uint16_t)args[ARG_port].number);
}
