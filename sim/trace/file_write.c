/*
 * file_write.c - a trace file as it grows: a block is written when it is full
 * or FILE_CHUNKS_SECOND-th of a virtual second old, by one call, so that a
 * writer that is killed has lost at most the block it was filling.
 *
 * A failed write is kept for the close, and whoever asks: the run need not go on,
 * and its results come.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zstd.h>

#include "sim/bytes.h"
#include "sim/trace/file_format.h"
#include "sim/vocabulary/vocabulary.h"

#define SIM_MAY_ALLOCATE
#include "sim/banned.h"

#define LEVEL 1 /* Of compression. */

struct trace_writer {
    int fd;
    int failure;           /* errno of the first failed write, or 0. */
    char *path;            /* Owned. */
    ZSTD_CCtx *compressor; /* Owned. */
    uint64_t chunk_cycles;
    uint64_t chunk_end; /* The block is old from this time on. */
    uint64_t max_time;
    uint64_t written; /* Events in blocks before this one. */
    struct file_columns columns;
    size_t out_bytes; /* Room in `out`. */
    uint8_t *out;     /* Owned; a head, then what is stored. */
    uint8_t *packed;  /* Owned. */
    uint8_t *room;    /* Owned; of the columns. */
};

void file_head_write(const struct file_head *h, uint8_t to[FILE_HEAD_BYTES])
{
    put_le32(to, h->tag);
    put_le32(to + 4, h->stored_bytes);
    put_le32(to + 8, h->raw_bytes);
    put_le32(to + 12, h->events);
    put_le64(to + 16, h->max_time);
    put_le64(to + 24, h->first);
    put_le64(to + 32, h->hash);
    put_le64(to + 40, trace_hash(to, 40));
}

static void write_all(struct trace_writer *w, const uint8_t *bytes,
                      size_t count)
{
    while (count > 0 && !w->failure) {
        ssize_t n = write(w->fd, bytes, count);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            w->failure = n < 0 ? errno : EIO;
            return;
        }
        bytes += n;
        count -= (size_t)n;
    }
}

/* What is stored lies behind the head's place in `block`. */
static void write_block(struct trace_writer *w, struct file_head *h,
                        uint8_t *block)
{
    h->first = w->written;
    h->max_time = w->max_time;
    h->hash = trace_hash(block + FILE_HEAD_BYTES, h->stored_bytes);
    file_head_write(h, block);
    write_all(w, block, FILE_HEAD_BYTES + h->stored_bytes);
}

static void write_text(struct trace_writer *w, enum file_tag tag,
                       const char *text, size_t bytes)
{
    uint8_t *block =
        bytes <= FILE_TEXT_LIMIT ? malloc(FILE_HEAD_BYTES + bytes) : NULL;
    if (!block) {
        w->failure = w->failure ? w->failure : ENOMEM;
        return;
    }
    memcpy(block + FILE_HEAD_BYTES, text, bytes);
    struct file_head head = { .tag = tag,
                              .stored_bytes = (uint32_t)bytes,
                              .raw_bytes = (uint32_t)bytes };
    write_block(w, &head, block);
    free(block);
}

static void write_events(struct trace_writer *w)
{
    if (w->columns.events == 0) {
        return;
    }
    size_t raw = file_columns_pack(&w->columns, w->packed);
    size_t stored = ZSTD_compressCCtx(w->compressor, w->out + FILE_HEAD_BYTES,
                                      w->out_bytes - FILE_HEAD_BYTES, w->packed,
                                      raw, LEVEL);
    if (ZSTD_isError(stored)) {
        w->failure = w->failure ? w->failure : ENOMEM;
        stored = 0;
    }
    struct file_head head = { .tag = FILE_EVENTS,
                              .stored_bytes = (uint32_t)stored,
                              .raw_bytes = (uint32_t)raw,
                              .events = w->columns.events };
    write_block(w, &head, w->out);
    w->written += w->columns.events;
    file_columns_clear(&w->columns);
}

/* ---- Its life ----------------------------------------------------------- */

static void writer_free(struct trace_writer *w)
{
    if (w->fd >= 0) {
        close(w->fd);
    }
    ZSTD_freeCCtx(w->compressor);
    free(w->path);
    free(w->out);
    free(w->packed);
    free(w->room);
    free(w);
}

static struct trace_writer *writer_new(const char *path, uint64_t cpu_hz)
{
    struct trace_writer *w = calloc(1, sizeof(*w));
    if (!w) {
        return NULL;
    }
    w->fd = -1;
    w->chunk_cycles = cpu_hz / FILE_CHUNKS_SECOND + 1;
    w->out_bytes = FILE_HEAD_BYTES + ZSTD_compressBound(FILE_RAW_LIMIT);
    w->path = strdup(path);
    w->compressor = ZSTD_createCCtx();
    w->out = malloc(w->out_bytes);
    w->packed = malloc(FILE_RAW_LIMIT);
    w->room = malloc(FILE_RAW_LIMIT);
    if (!w->path || !w->compressor || !w->out || !w->packed || !w->room) {
        writer_free(w);
        return NULL;
    }
    file_columns_init(&w->columns, w->room);
    return w;
}

static void write_start(struct trace_writer *w, const struct trace_info *info)
{
    uint8_t start[FILE_START_BYTES] = FILE_MAGIC;
    put_le32(start + FILE_MAGIC_BYTES, TRACE_FILE_VERSION);
    put_le32(start + FILE_MAGIC_BYTES + 4, 0);
    char *text = file_header_text(info);
    if (!text) {
        w->failure = ENOMEM;
        return;
    }
    write_all(w, start, sizeof(start));
    write_text(w, FILE_HEADER, text, strlen(text));
    free(text);
}

struct trace_writer *trace_writer_open(const char *path,
                                       const struct trace_info *info,
                                       char message[TRACE_MESSAGE_BYTES])
{
    struct trace_writer *w = writer_new(path, info->cpu_hz);
    if (!w) {
        snprintf(message, TRACE_MESSAGE_BYTES, "out of memory for a trace");
        return NULL;
    }
    w->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (w->fd < 0) {
        w->failure = errno;
    } else {
        write_start(w, info);
    }
    if (w->failure) {
        snprintf(message, TRACE_MESSAGE_BYTES, "cannot write '%s': %s", path,
                 strerror(w->failure));
        writer_free(w);
        return NULL;
    }
    return w;
}

void trace_writer_sink(void *ctx, const struct trace_event *event)
{
    struct trace_writer *w = ctx;
    if (w->failure) {
        return;
    }
    if (w->columns.events == FILE_CHUNK_EVENTS ||
        (event->time >= w->chunk_end && w->columns.events > 0)) {
        write_events(w);
    }
    if (w->columns.events == 0) {
        w->chunk_end = event->time + w->chunk_cycles;
    }
    w->max_time = event->time > w->max_time ? event->time : w->max_time;
    file_columns_put(&w->columns, event);
}

bool trace_writer_has_failed(const struct trace_writer *w)
{
    return w->failure != 0;
}

/* To be freed; NULL: no memory. */
static char *end_text(const struct trace_writer *w, const struct trace *t)
{
    json_t *root = json_pack("{s:I}", "events", (json_int_t)w->written);
    if (root && t) {
        char hex[FINGERPRINT_CHARS];
        trace_fingerprint(t, hex);
        json_object_set_new(root, "fingerprint", json_string(hex));
        json_t *layers = json_object();
        for (int i = 0; i < TRACE_LAYER_COUNT; i++) {
            trace_layer_fingerprint(t, (enum trace_layer)i, hex);
            json_object_set_new(layers,
                                word_name(&trace_layer_words, (uint64_t)i),
                                json_string(hex));
        }
        json_object_set_new(root, "fingerprints", layers);
    }
    char *text = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
    json_decref(root);
    return text;
}

bool trace_writer_close(struct trace_writer *w, const struct trace *t,
                        char message[TRACE_MESSAGE_BYTES])
{
    write_events(w);
    char *text = end_text(w, t);
    if (text) {
        write_text(w, FILE_END, text, strlen(text));
    } else {
        w->failure = w->failure ? w->failure : ENOMEM;
    }
    free(text);
    if (close(w->fd) != 0 && !w->failure) {
        w->failure = errno;
    }
    w->fd = -1;
    bool is_whole = w->failure == 0;
    if (!is_whole) {
        snprintf(message, TRACE_MESSAGE_BYTES,
                 "cannot write '%s': %s; the trace ends there", w->path,
                 strerror(w->failure));
    }
    writer_free(w);
    return is_whole;
}
