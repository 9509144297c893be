/*
 * file_format.h - the bytes of a trace file that its writer and its reader
 * share; docs/trace.md has them for everyone else.
 *
 *     magic, version          16 bytes
 *     block HEADER            what the run was, as JSON
 *     block EVENTS ...        each compressed, and readable by itself
 *     block END               the fingerprints, as JSON
 *
 * Each block has a head with its length and two sums, so that damage is told
 * from an end that is missing. Numbers are little-endian.
 */
#ifndef SIM_TRACE_FILE_FORMAT_H
#define SIM_TRACE_FILE_FORMAT_H

#include "sim/trace/file.h"

#define FILE_MAGIC         "\x89IKT\r\n\x1a\n" /* As PNG's: no text. */
#define FILE_MAGIC_BYTES   8
#define FILE_START_BYTES   16 /* Magic, version, a reserved word. */
#define FILE_HEAD_BYTES    48
#define FILE_TEXT_LIMIT    (64u << 20) /* Of a header. */
#define FILE_CHUNK_EVENTS  16384u      /* A writer's limit, and a reader's. */
#define FILE_CHUNKS_SECOND 10u /* Of virtual time, if there is anything. */

enum file_tag { FILE_HEADER = 1, FILE_EVENTS = 2, FILE_END = 3 };

/* A block's head; what follows it is `stored_bytes` long. */
struct file_head {
    uint32_t tag;
    uint32_t stored_bytes;
    uint32_t raw_bytes; /* Before compression; of JSON the same. */
    uint32_t events;    /* In this block. */
    uint64_t max_time;  /* The greatest time of all events up to its end. */
    uint64_t first;     /* The number of events before the block. */
    uint64_t hash;      /* XXH3-64 of the bytes stored. */
};

void file_head_write(const struct file_head *h, uint8_t to[FILE_HEAD_BYTES]);

/* False: the bytes are not what was written. */
SIM_MUST_USE bool file_head_read(struct file_head *h,
                                 const uint8_t from[FILE_HEAD_BYTES]);

/* ---- The header's JSON: file_header.c ---- */

/* Returns the header's JSON, which the caller frees. NULL: out of memory. */
char *file_header_text(const struct trace_info *info);

/* Owns what `info` points at. False: `message` says why. */
SIM_MUST_USE bool file_header_read(struct trace_info *info, const char *text,
                                   size_t bytes,
                                   char message[TRACE_MESSAGE_BYTES]);
void file_header_free(struct trace_info *info);

/* ---- Events as columns: file_code.c ---- */

enum { COLUMN_KIND, COLUMN_TIME, COLUMN_VM, COLUMN_A, COLUMN_B, COLUMN_COUNT };

#define FILE_EVENT_LIMIT 36 /* Bytes of an event in all columns, at most. */
#define FILE_RAW_LIMIT   (4 * COLUMN_COUNT + FILE_CHUNK_EVENTS * FILE_EVENT_LIMIT)

/* What the next event is coded against; all zero at the start of a block. */
struct file_coder {
    uint64_t time;
    uint32_t vm;
    uint64_t a[TRACE_KIND_COUNT]; /* The last event's words, by kind. */
    uint64_t b[TRACE_KIND_COUNT];
};

struct file_columns {
    struct file_coder coder;
    uint32_t events;
    size_t bytes[COLUMN_COUNT];
    uint8_t *at[COLUMN_COUNT]; /* Room for FILE_CHUNK_EVENTS; borrowed. */
};

/* `room` has FILE_RAW_LIMIT bytes. */
void file_columns_init(struct file_columns *c, uint8_t *room);
void file_columns_clear(struct file_columns *c);
void file_columns_put(struct file_columns *c, const struct trace_event *e);

/* All of them, one behind the other, with their lengths; their size. */
size_t file_columns_pack(const struct file_columns *c, uint8_t *to);

/* A block's events, one after another. */
struct file_decoder {
    struct file_coder coder;
    uint32_t left; /* Events. */
    const uint8_t *at[COLUMN_COUNT];
    const uint8_t *end[COLUMN_COUNT];
};

/* False: `raw` is not a block of `events`. Borrows it. */
SIM_MUST_USE bool file_decoder_init(struct file_decoder *d, const uint8_t *raw,
                                    size_t bytes, uint32_t events);

/* left > 0. False: it is not an event. */
SIM_MUST_USE bool file_decoder_next(struct file_decoder *d,
                                    struct trace_event *e);

#endif /* SIM_TRACE_FILE_FORMAT_H */
