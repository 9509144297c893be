/* trace_bytes.c - see trace_bytes.h. */
#include "tests/fuzz/trace_bytes.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "sim/bytes.h"
#include "sim/limits.h"
#include "sim/trace/file_format.h"
#include "tests/events.h"

#define WIDE_KIND     128
#define RAW_KIND      127
#define END_TEXT      "{}"
#define FAST_LEVEL    1
#define DISKS_LARGEST 1024

static void put(struct trace_bytes *t, const void *bytes, size_t count)
{
    while (t->count + count > t->room) {
        t->room = 2 * t->room + 4096;
        t->bytes = realloc(t->bytes, t->room);
        SIM_ASSERT(t->bytes);
    }
    if (count > 0) {
        memcpy(t->bytes + t->count, bytes, count);
    }
    t->count += count;
}

static void put_block(struct trace_bytes *t, struct file_head *h,
                      const void *stored, size_t count)
{
    uint8_t head[FILE_HEAD_BYTES];
    h->stored_bytes = (uint32_t)count;
    h->hash = trace_hash(stored, count);
    file_head_write(h, head);
    put(t, head, sizeof(head));
    put(t, stored, count);
}

static void put_text(struct trace_bytes *t, enum file_tag tag, const void *text,
                     size_t count)
{
    struct file_head h = { .tag = tag, .raw_bytes = (uint32_t)count };
    put_block(t, &h, text, count);
}

static void put_start(struct trace_bytes *t)
{
    uint8_t start[FILE_START_BYTES] = FILE_MAGIC;
    put_le32(start + FILE_MAGIC_BYTES, TRACE_FILE_VERSION);
    put(t, start, sizeof(start));
}

/* ---- A file, with its sums made right ------------------------------------ */

static void mend(struct trace_bytes *t, struct fuzz_input in)
{
    put_start(t);
    in.at += in.count < FILE_START_BYTES ? in.count : FILE_START_BYTES;
    in.count -= in.count < FILE_START_BYTES ? in.count : FILE_START_BYTES;
    while (in.count >= FILE_HEAD_BYTES) {
        struct file_head h;
        bool was_right = file_head_read(&h, in.at);
        (void)was_right; /* It is made right. */
        in.at += FILE_HEAD_BYTES;
        in.count -= FILE_HEAD_BYTES;
        size_t stored = h.stored_bytes < in.count ? h.stored_bytes : in.count;
        put_block(t, &h, in.at, stored);
        in.at += stored;
        in.count -= stored;
    }
    put(t, in.at, in.count);
}

/* ---- A file of parts ----------------------------------------------------- */

static void put_header(struct trace_bytes *t, struct fuzz_input *in)
{
    struct trace_info info = { .name = "fuzz.yaml" };
    info.cpu_hz = fuzz_take(in, 4) + 1;
    info.vm_limit = (uint32_t)fuzz_take(in, 1);
    info.frames = (uint32_t)fuzz_take(in, 2);
    info.disks = (uint32_t)fuzz_take(in, 1);
    if (info.vm_limit == UINT8_MAX && info.disks == UINT8_MAX) {
        info.vm_limit = VM_LIMIT;
        info.frames = FRAME_LIMIT;
        info.disks = DISKS_LARGEST;
    }
    struct vm_group groups[] = { { .name = "web", .count = info.vm_limit / 2 },
                                 { .name = "b-c",
                                   .first = info.vm_limit / 2,
                                   .count =
                                       info.vm_limit - info.vm_limit / 2 } };
    info.roster = (struct vm_roster){ .groups = groups, .group_count = 2 };
    struct fuzz_input json = fuzz_until(in, '\0');
    if (json.count > 0) {
        put_text(t, FILE_HEADER, json.at, json.count);
        return;
    }
    char *text = file_header_text(&info);
    SIM_ASSERT(text);
    put_text(t, FILE_HEADER, text, strlen(text));
    free(text);
}

static void put_columns(struct trace_bytes *t, struct file_head *h,
                        const void *raw, size_t count)
{
    size_t room = ZSTD_compressBound(count);
    void *packed = malloc(room);
    SIM_ASSERT(packed);
    size_t bytes = ZSTD_compress(packed, room, raw, count, FAST_LEVEL);
    SIM_ASSERT(!ZSTD_isError(bytes));
    h->tag = FILE_EVENTS;
    h->raw_bytes = (uint32_t)count;
    put_block(t, h, packed, bytes);
    h->first += h->events;
    free(packed);
}

static void put_collected(struct trace_bytes *t, struct file_head *h,
                          struct file_columns *columns)
{
    if (columns->events > 0) {
        uint8_t *raw = malloc(FILE_RAW_LIMIT);
        SIM_ASSERT(raw);
        h->events = columns->events;
        put_columns(t, h, raw, file_columns_pack(columns, raw));
        file_columns_clear(columns);
        free(raw);
    }
}

static void put_raw(struct trace_bytes *t, struct file_head *h,
                    struct fuzz_input *in)
{
    h->events = (uint32_t)fuzz_take(in, 2);
    size_t count = (size_t)fuzz_take(in, 2);
    count = count < in->count ? count : in->count;
    put_columns(t, h, in->at, count);
    in->at += count;
    in->count -= count;
}

static struct trace_event take_event(struct fuzz_input *in, uint32_t kind,
                                     uint64_t *time)
{
    bool is_wide = kind >= WIDE_KIND;
    uint32_t vm = (uint32_t)fuzz_take(in, is_wide ? 4 : 1);
    *time += fuzz_take(in, is_wide ? 8 : 2);
    uint64_t a = fuzz_take(in, is_wide ? 8 : 3);
    struct trace_event e = event_of_bits(
        (enum trace_kind)(kind % WIDE_KIND % TRACE_KIND_COUNT),
        vm == UINT8_MAX ? TRACE_NO_VM : vm, a, fuzz_take(in, is_wide ? 8 : 3));
    e.time = *time;
    return e;
}

static void put_events(struct trace_bytes *t, struct fuzz_input *in)
{
    uint8_t *room = malloc(FILE_RAW_LIMIT);
    SIM_ASSERT(room);
    struct file_columns columns;
    struct file_head h = { .tag = FILE_EVENTS };
    uint64_t time = 0;
    file_columns_init(&columns, room);
    while (!fuzz_is_over(in)) {
        uint32_t kind = (uint32_t)fuzz_take(in, 1);
        if (kind == RAW_KIND) {
            put_collected(t, &h, &columns);
            put_raw(t, &h, in);
            continue;
        }
        struct trace_event e = take_event(in, kind, &time);
        h.max_time = e.time > h.max_time ? e.time : h.max_time;
        file_columns_put(&columns, &e);
        if (columns.events == FILE_CHUNK_EVENTS) {
            put_collected(t, &h, &columns);
        }
    }
    put_collected(t, &h, &columns);
    free(room);
}

void trace_bytes_make(struct trace_bytes *t, const uint8_t *data, size_t size)
{
    struct fuzz_input in = { data, size };
    *t = (struct trace_bytes){ .bytes = NULL };
    if (size >= FILE_MAGIC_BYTES &&
        memcmp(data, FILE_MAGIC, FILE_MAGIC_BYTES) == 0) {
        mend(t, in);
        return;
    }
    put_start(t);
    put_header(t, &in);
    put_events(t, &in);
    put_text(t, FILE_END, END_TEXT, strlen(END_TEXT));
}

void trace_bytes_free(struct trace_bytes *t)
{
    free(t->bytes);
}
