/* limits.c - see limits.h. */
#define _GNU_SOURCE
#include "cli/run/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/host_clock.h"
#include "sim/units.h"

#include "sim/banned.h"

#define LOOK_S        0.1
#define ASKED_BETWEEN 16 /* Questions between looks at the clock. */

#define SO_FAR ": results so far"

static const struct session_end_facts ends[SESSION_END_COUNT] = {
    [SESSION_WHOLE] = { "whole", NULL, CLI_DONE, true },
    [SESSION_CUT] = { "cut", "cut short by --until" SO_FAR, CLI_DONE, true },
    [SESSION_INSTRUCTIONS] = { "instructions",
                               "the run reached its limit of "
                               "instructions" SO_FAR,
                               CLI_WRONG, true },
    [SESSION_INTERRUPTED] = { "interrupted", "interrupted" SO_FAR,
                              CLI_INTERRUPTED, false },
    [SESSION_WALL] = { "wall",
                       "the run reached its limit of the host's time" SO_FAR,
                       CLI_WRONG, false },
    [SESSION_MEMORY] = { "memory",
                         "the run reached its limit of the host's "
                         "memory" SO_FAR,
                         CLI_WRONG, false },
    [SESSION_OUTPUT] = { "output",
                         "the run ended, as a file that it writes cannot be "
                         "written any more" SO_FAR,
                         CLI_USAGE, false },
};

const struct session_end_facts *session_end_facts(enum session_end end)
{
    return &ends[end];
}

/* ---- Reading ------------------------------------------------------------ */

typedef const char *read_fn(const char *text, uint64_t *value);

static const struct {
    const char *name;
    size_t at;
    read_fn *read;
} kinds[] = {
    { "wall", offsetof(struct limits, wall_ns), units_read_time },
    { "memory", offsetof(struct limits, memory_bytes), units_read_size },
    { "instructions", offsetof(struct limits, instructions), units_read_whole },
    { "translation", offsetof(struct limits, translation_ns), units_read_time },
};

/* One "name=value". */
static bool read_one(const char *text, void *at,
                     char message[CLI_MESSAGE_BYTES])
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        size_t length = strlen(kinds[i].name);
        if (strncmp(text, kinds[i].name, length) != 0 || text[length] != '=') {
            continue;
        }
        uint64_t value = 0;
        const char *why = kinds[i].read(text + length + 1, &value);
        if (why || value == 0) {
            snprintf(message, CLI_MESSAGE_BYTES, "%s: %s, not '%s'",
                     kinds[i].name, why ? why : "must be more than 0",
                     text + length + 1);
            return false;
        }
        memcpy((char *)at + kinds[i].at, &value, sizeof(value));
        return true;
    }
    snprintf(message, CLI_MESSAGE_BYTES,
             "must be wall=TIME, memory=SIZE, instructions=N or "
             "translation=TIME, with commas in between, not '%s'",
             text);
    return false;
}

bool limits_read(const char *text, void *at, char message[CLI_MESSAGE_BYTES])
{
    char word[64];
    for (;;) {
        size_t length = strcspn(text, ",");
        snprintf(word, sizeof(word), "%.*s", (int)length, text);
        if (!read_one(word, at, message)) {
            return false;
        }
        if (text[length] == '\0') {
            return true;
        }
        text += length + 1;
    }
}

/* ---- Watching ----------------------------------------------------------- */

/* Pages that the process has in memory; 0: the host does not say. */
static uint64_t resident_pages(void)
{
    char text[128] = "";
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file) {
        return 0;
    }
    const char *second =
        fgets(text, sizeof(text), file) ? strchr(text, ' ') : NULL;
    fclose(file);
    return second ? strtoull(second, NULL, 10) : 0;
}

void limits_start(struct limits_watch *w)
{
    w->started = host_now();
    w->looked = w->started;
}

enum session_end limits_reached(struct limits_watch *w)
{
    const struct limits *l = &w->limits;
    if ((l->wall_ns == 0 && l->memory_bytes == 0) ||
        ++w->asked % ASKED_BETWEEN != 0) {
        return SESSION_WHOLE;
    }
    struct timespec now = host_now();
    if (l->wall_ns > 0 &&
        host_seconds(w->started, now) >= (double)l->wall_ns / 1e9) {
        return SESSION_WALL;
    }
    if (l->memory_bytes == 0 || host_seconds(w->looked, now) < LOOK_S) {
        return SESSION_WHOLE;
    }
    w->looked = now;
    uint64_t page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
    return resident_pages() > l->memory_bytes / page_bytes ? SESSION_MEMORY
                                                           : SESSION_WHOLE;
}
