/*
 * source.h - records where in a scenario's file each key stands, so that a
 * complaint about a key, made at any time, names its line.
 */
#ifndef SIM_SCENARIO_SOURCE_H
#define SIM_SCENARIO_SOURCE_H

#include <string.h>

#include "sim/scenario.h"

#define SOURCE_LIMIT_BYTES (1u << 20) /* Of the file. */
#define KEY_PATH_BYTES     192        /* "vms[0].count" and its 0. */
#define QUOTE_BYTES        64

/* One key or one list item. Only those a scenario can have are marked. */
struct mark {
    struct mark *next;         /* In the order of the file. */
    const struct mark *parent; /* NULL: at the top. */
    const char *key;           /* NULL: a list item. */
    uint32_t index;            /* Of a list item. */
    uint32_t line;             /* From 1. */
};

struct scenario_source {
    const char *path;
    struct scenario_options options;
    struct mark *marks;
    struct mark *last_mark;
    char *text; /* Owned, until source_close. */
    size_t size_bytes;
};

/*
 * Reads the file and marks its keys. Refuses a file that is no text or no YAML,
 * that has more than one document or an alias, or that is nested too deep.
 * NULL: `message` says why, and nothing is left to close.
 */
struct scenario_source *source_open(struct arena *arena, const char *path,
                                    const struct scenario_options *options,
                                    char message[SCENARIO_MESSAGE_BYTES]);

/* Lets go of the text; the marks stay, in the arena. */
void source_close(struct scenario_source *s);

/* Writes "FILE:LINE: KEY: TEXT", or "--set KEY=VALUE: TEXT" if --set gave the
   key. A key that the file lacks is placed at the nearest one above that the
   file has. */
void source_complain(const struct scenario_source *s,
                     char message[SCENARIO_MESSAGE_BYTES], const char *key,
                     const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* How long the step "[...]" is that a path begins with; one that is not closed
   is the rest of the path. */
static inline size_t source_item_bytes(const char *path)
{
    size_t length = strcspn(path, "]");
    return length + (path[length] != '\0');
}

/* Makes one clean line of a message, as source_complain and source_open do. */
void make_printable(char message[SCENARIO_MESSAGE_BYTES]);

/* A copy in the arena; NULL when it is full. */
char *copy_text(struct arena *arena, const char *text);

/* The text in quotation marks, shortened, without control characters. */
const char *quote(const char *text, char room[QUOTE_BYTES]);

#endif /* SIM_SCENARIO_SOURCE_H */
