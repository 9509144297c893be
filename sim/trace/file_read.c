/*
 * file_read.c - a trace file as it is read: nothing in it is believed before
 * its sums are right, and whatever is wrong ends the reading with a sentence,
 * after all events before it.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <zstd.h>

#include "sim/bytes.h"
#include "sim/grow.h"
#include "sim/trace/file_format.h"
#include "sim/vocabulary/vocabulary.h"

#define SIM_MAY_ALLOCATE
#include "sim/banned.h"

/* The place of a block, to which a reader may go back. */
struct place {
    long at; /* The offset of its head in the file. */
    uint64_t max_time;
};

/* Memory that grows with what it must hold. */
struct room {
    uint8_t *bytes; /* Owned. */
    size_t count;
};

struct trace_file {
    FILE *file; /* Owned. */
    char *path; /* Owned. */
    struct trace_info info;
    enum trace_read state; /* TRACE_READ_EVENT: there may be more. */
    char message[TRACE_MESSAGE_BYTES];

    /* The block that is being read. */
    struct file_decoder decoder;
    uint64_t read;   /* Events before the next one. */
    struct room raw; /* Its bytes, as columns. */
    bool is_held;    /* The next event is this one: */
    struct trace_event held;

    struct room stored;   /* The last block's, whatever it is. */
    struct place *places; /* Owned; of blocks of events, from the first on. */
    size_t place_count, place_room;
    long first_block;

    bool has_fingerprints;
    char fingerprints[TRACE_LAYER_COUNT + 1][FINGERPRINT_CHARS];
};

bool file_head_read(struct file_head *h, const uint8_t from[FILE_HEAD_BYTES])
{
    *h = (struct file_head){
        .tag = get_le32(from),
        .stored_bytes = get_le32(from + 4),
        .raw_bytes = get_le32(from + 8),
        .events = get_le32(from + 12),
        .max_time = get_le64(from + 16),
        .first = get_le64(from + 24),
        .hash = get_le64(from + 32),
    };
    return get_le64(from + 40) == trace_hash(from, 40);
}

/* ---- Blocks ------------------------------------------------------------- */

static void stop(struct trace_file *f, enum trace_read state,
                 const char *format, ...) __attribute__((format(printf, 3, 4)));

static void stop(struct trace_file *f, enum trace_read state,
                 const char *format, ...)
{
    va_list args;
    va_start(args, format);
    f->state = state;
    vsnprintf(f->message, sizeof(f->message), format, args);
    va_end(args);
}

static void stop_damaged(struct trace_file *f)
{
    stop(f, TRACE_READ_CORRUPT,
         "'%s' is damaged after %llu events: they are whole, the rest is lost",
         f->path, (unsigned long long)f->read);
}

static void stop_truncated(struct trace_file *f)
{
    stop(f, TRACE_READ_TRUNCATED,
         "'%s' has no end: after %llu events its run was killed, or is still "
         "going",
         f->path, (unsigned long long)f->read);
}

/* False: the file ends before. */
static bool read_bytes(struct trace_file *f, uint8_t *to, size_t bytes)
{
    return fread(to, 1, bytes, f->file) == bytes;
}

/* A block of that length can be: it is neither empty nor larger than any. */
static bool is_possible(const struct file_head *h)
{
    switch (h->tag) {
    case FILE_HEADER:
    case FILE_END:
        return h->stored_bytes > 0 && h->stored_bytes <= FILE_TEXT_LIMIT &&
               h->raw_bytes == h->stored_bytes;
    case FILE_EVENTS:
        return h->stored_bytes > 0 &&
               h->stored_bytes <= ZSTD_compressBound(FILE_RAW_LIMIT) &&
               h->raw_bytes <= FILE_RAW_LIMIT && h->events > 0 &&
               h->events <= FILE_CHUNK_EVENTS;
    default:
        return false;
    }
}

/* False: it has stopped. */
static bool read_head(struct trace_file *f, struct file_head *h)
{
    uint8_t bytes[FILE_HEAD_BYTES];
    if (!read_bytes(f, bytes, sizeof(bytes))) {
        stop_truncated(f);
        return false;
    }
    if (!file_head_read(h, bytes) || !is_possible(h)) {
        stop_damaged(f);
        return false;
    }
    return true;
}

/* What was in it is lost. False: it has stopped. */
static bool make_room(struct trace_file *f, struct room *room, size_t count)
{
    if (count > room->count) {
        free(room->bytes);
        room->bytes = malloc(count);
        room->count = room->bytes ? count : 0;
    }
    if (!room->bytes) {
        stop(f, TRACE_READ_CORRUPT, "out of memory for '%s'", f->path);
    }
    return room->bytes;
}

/* Into `stored`. False: it has stopped. */
static bool read_stored(struct trace_file *f, const struct file_head *h)
{
    if (!make_room(f, &f->stored, h->stored_bytes)) {
        return false;
    }
    if (!read_bytes(f, f->stored.bytes, h->stored_bytes)) {
        stop_truncated(f);
        return false;
    }
    if (trace_hash(f->stored.bytes, h->stored_bytes) != h->hash) {
        stop_damaged(f);
        return false;
    }
    return true;
}

/* Blocks are met in order; those met again are known. */
static void note_place(struct trace_file *f, long at, uint64_t max_time)
{
    bool is_known =
        f->place_count > 0 && f->places[f->place_count - 1].at >= at;
    if (at < 0 || is_known) {
        return;
    }
    struct place *places =
        grow_array(f->places, f->place_count, &f->place_room, sizeof(*places));
    if (!places) {
        return; /* Going back will read more than it must. */
    }
    f->places = places;
    f->places[f->place_count++] = (struct place){ at, max_time };
}

static void read_events(struct trace_file *f, const struct file_head *h)
{
    f->decoder.left = 0;
    if (!make_room(f, &f->raw, h->raw_bytes + 1u)) {
        return;
    }
    size_t raw = ZSTD_decompress(f->raw.bytes, f->raw.count, f->stored.bytes,
                                 h->stored_bytes);
    if (ZSTD_isError(raw) || raw != h->raw_bytes ||
        !file_decoder_init(&f->decoder, f->raw.bytes, raw, h->events)) {
        f->decoder.left = 0;
        stop_damaged(f);
        return;
    }
    f->read = h->first;
}

static bool take_fingerprint(const json_t *object, const char *key,
                             char to[FINGERPRINT_CHARS])
{
    const char *text = json_string_value(json_object_get(object, key));
    if (!text || strlen(text) != FINGERPRINT_CHARS - 1) {
        return false;
    }
    memcpy(to, text, FINGERPRINT_CHARS);
    return true;
}

static void read_end(struct trace_file *f, const struct file_head *h)
{
    json_t *root =
        json_loadb((const char *)f->stored.bytes, h->stored_bytes, 0, NULL);
    const json_t *layers = json_object_get(root, "fingerprints");
    bool has_all = take_fingerprint(root, "fingerprint",
                                    f->fingerprints[TRACE_LAYER_COUNT]);
    for (int i = 0; i < TRACE_LAYER_COUNT; i++) {
        has_all =
            take_fingerprint(layers, word_name(&trace_layer_words, (uint64_t)i),
                             f->fingerprints[i]) &&
            has_all;
    }
    json_decref(root);
    if (fgetc(f->file) != EOF) {
        stop(f, TRACE_READ_CORRUPT,
             "'%s' goes on behind its end: something else was written to it",
             f->path);
        return;
    }
    f->has_fingerprints = has_all;
    f->state = TRACE_READ_END;
}

/* To the next block; a stop, or events. */
static void read_block(struct trace_file *f)
{
    struct file_head h;
    long at = ftell(f->file);
    if (!read_head(f, &h) || !read_stored(f, &h)) {
        return;
    }
    if (h.tag == FILE_EVENTS) {
        note_place(f, at, h.max_time);
        read_events(f, &h);
    } else if (h.tag == FILE_END) {
        read_end(f, &h);
    } else {
        stop_damaged(f);
    }
}

enum trace_read trace_file_next(struct trace_file *f, struct trace_event *event)
{
    if (f->is_held) {
        f->is_held = false;
        f->read++;
        *event = f->held;
        return TRACE_READ_EVENT;
    }
    while (f->state == TRACE_READ_EVENT && f->decoder.left == 0) {
        read_block(f);
    }
    if (f->state != TRACE_READ_EVENT) {
        return f->state;
    }
    if (!file_decoder_next(&f->decoder, event)) {
        f->decoder.left = 0;
        stop_damaged(f);
        return f->state;
    }
    f->read++;
    return TRACE_READ_EVENT;
}

/* ---- Seeking ------------------------------------------------------------ */

/* Over a block's contents, also where there is no going back. */
static bool skip(struct trace_file *f, uint32_t bytes)
{
    if (fseek(f->file, (long)bytes, SEEK_CUR) == 0) {
        return true;
    }
    for (; bytes > 0; bytes--) {
        if (fgetc(f->file) == EOF) {
            return false;
        }
    }
    return true;
}

/* The first known block that may hold the time; the last known otherwise. */
static long known_place(const struct trace_file *f, uint64_t time)
{
    size_t low = 0;
    size_t high = f->place_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (f->places[middle].max_time >= time) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    if (f->place_count == 0) {
        return f->first_block;
    }
    return f->places[low < f->place_count ? low : low - 1].at;
}

/* Stands at the head of the block that holds the time, or of the end. */
static void find_block(struct trace_file *f, uint64_t time)
{
    while (f->state == TRACE_READ_EVENT) {
        struct file_head h;
        long at = ftell(f->file);
        if (!read_head(f, &h)) {
            return;
        }
        if (h.tag != FILE_EVENTS || h.max_time >= time) {
            if (fseek(f->file, at, SEEK_SET) != 0) {
                stop_damaged(f);
            }
            return;
        }
        note_place(f, at, h.max_time);
        f->read = h.first + h.events;
        if (!skip(f, h.stored_bytes)) {
            stop_truncated(f);
        }
    }
}

bool trace_file_seek(struct trace_file *f, uint64_t time)
{
    if (fseek(f->file, known_place(f, time), SEEK_SET) != 0) {
        return false; /* A pipe: the caller reads all of it. */
    }
    f->state = TRACE_READ_EVENT;
    f->message[0] = '\0';
    f->decoder.left = 0;
    f->is_held = false;
    find_block(f, time);
    struct trace_event *e = &f->held;
    while (trace_file_next(f, e) == TRACE_READ_EVENT) {
        if (e->time >= time) {
            f->is_held = true;
            f->read--;
            break;
        }
    }
    return true;
}

/* ---- Its life ----------------------------------------------------------- */

void trace_file_close(struct trace_file *f)
{
    if (!f) {
        return;
    }
    if (f->file) {
        fclose(f->file);
    }
    file_header_free(&f->info);
    free(f->path);
    free(f->raw.bytes);
    free(f->stored.bytes);
    free(f->places);
    free(f);
}

static bool say(char message[TRACE_MESSAGE_BYTES], const char *path,
                const char *why)
{
    snprintf(message, TRACE_MESSAGE_BYTES, "'%s' %s", path, why);
    return false;
}

/* What can be said of a file before its first block. */
static bool read_start(struct trace_file *f, char message[TRACE_MESSAGE_BYTES])
{
    uint8_t start[FILE_START_BYTES];
    size_t bytes = fread(start, 1, sizeof(start), f->file);
    if (ferror(f->file)) {
        snprintf(message, TRACE_MESSAGE_BYTES, "cannot read '%s': %s", f->path,
                 strerror(errno));
        return false;
    }
    if (bytes == 0) {
        return say(message, f->path, "is empty: it is no trace");
    }
    size_t magic = bytes < FILE_MAGIC_BYTES ? bytes : FILE_MAGIC_BYTES;
    if (memcmp(start, FILE_MAGIC, magic) != 0) {
        return say(message, f->path, "is not a trace of iksim");
    }
    if (bytes < sizeof(start)) {
        return say(message, f->path, "ends before its header: nothing is left");
    }
    uint32_t version = get_le32(start + FILE_MAGIC_BYTES);
    if (version != TRACE_FILE_VERSION) {
        snprintf(message, TRACE_MESSAGE_BYTES,
                 "'%s' is a trace of format version %u; this program reads "
                 "version %d",
                 f->path, version, TRACE_FILE_VERSION);
        return false;
    }
    return true;
}

static bool read_header(struct trace_file *f, char message[TRACE_MESSAGE_BYTES])
{
    struct file_head h;
    if (!read_head(f, &h) || !read_stored(f, &h)) {
        return say(message, f->path,
                   f->state == TRACE_READ_TRUNCATED
                       ? "ends within its header: nothing is left"
                       : "has a damaged header: it cannot be read");
    }
    if (h.tag != FILE_HEADER) {
        return say(message, f->path, "has no header: it cannot be read");
    }
    char why[TRACE_MESSAGE_BYTES];
    if (!file_header_read(&f->info, (const char *)f->stored.bytes,
                          h.stored_bytes, why)) {
        snprintf(message, TRACE_MESSAGE_BYTES,
                 "'%.200s' cannot be read: %.280s", f->path, why);
        return false;
    }
    f->first_block = ftell(f->file);
    return true;
}

struct trace_file *trace_file_open(const char *path,
                                   char message[TRACE_MESSAGE_BYTES])
{
    struct trace_file *f = calloc(1, sizeof(*f));
    if (!f) {
        snprintf(message, TRACE_MESSAGE_BYTES, "out of memory for a trace");
        return NULL;
    }
    f->path = strdup(path);
    f->file = fopen(path, "rb");
    if (!f->file) {
        snprintf(message, TRACE_MESSAGE_BYTES, "cannot read '%s': %s", path,
                 strerror(errno));
    } else if (!f->path) {
        snprintf(message, TRACE_MESSAGE_BYTES, "out of memory for a trace");
    } else if (read_start(f, message) && read_header(f, message)) {
        return f;
    }
    trace_file_close(f);
    return NULL;
}

const struct trace_info *trace_file_info(const struct trace_file *f)
{
    return &f->info;
}

const char *trace_file_message(const struct trace_file *f)
{
    return f->message;
}

const char (*trace_file_fingerprints(struct trace_file *f))[FINGERPRINT_CHARS]
{
    return f->has_fingerprints
               ? (const char(*)[FINGERPRINT_CHARS])f->fingerprints
               : NULL;
}
