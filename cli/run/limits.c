/* limits.c - see limits.h. */
#define _GNU_SOURCE
#include "cli/run/limits.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim/units.h"

#include "sim/banned.h"

#define NS_PER_SECOND 1000000000u
#define WATCH_NS      100000000

static const struct {
    const char *word;
    const char *sentence;
    bool repeats;
} ends[SESSION_END_COUNT] = {
    [SESSION_WHOLE] = { "whole", NULL, true },
    [SESSION_CUT] = { "cut", "cut short by --until: results so far", true },
    [SESSION_INSTRUCTIONS] = { "instructions",
                               "the run reached its limit of instructions: "
                               "results so far",
                               true },
    [SESSION_INTERRUPTED] = { "interrupted", "interrupted: results so far",
                              false },
    [SESSION_WALL] = { "wall",
                       "the run reached its limit of the host's time: "
                       "results so far",
                       false },
    [SESSION_MEMORY] = { "memory",
                         "the run reached its limit of the host's memory: "
                         "results so far",
                         false },
};

const char *session_end_word(enum session_end end)
{
    return ends[end].word;
}

const char *session_end_sentence(enum session_end end)
{
    return ends[end].sentence;
}

bool session_end_repeats(enum session_end end)
{
    return ends[end].repeats;
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
             "must be wall=TIME, memory=SIZE or instructions=N, with commas in "
             "between, not '%s'",
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

/* Pages that the process has in memory; 0: the host does not say. A signal's
   handler may call no more than this: no stdio. */
static uint64_t resident_pages(void)
{
    char text[64];
    int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t count = file >= 0 ? read(file, text, sizeof(text)) : 0;
    if (file >= 0) {
        close(file);
    }
    uint64_t pages = 0;
    ssize_t at = 0;
    while (at < count && text[at] != ' ') {
        at++; /* The first number is of address space. */
    }
    for (at++; at < count && text[at] >= '0' && text[at] <= '9'; at++) {
        pages = pages * 10 + (uint64_t)(text[at] - '0');
    }
    return pages;
}

static bool is_late(const struct limits_watch *w)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return w->deadline.tv_sec != 0 && (now.tv_sec > w->deadline.tv_sec ||
                                       (now.tv_sec == w->deadline.tv_sec &&
                                        now.tv_nsec >= w->deadline.tv_nsec));
}

static void on_tick(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)context;
    const struct limits_watch *w = info->si_value.sival_ptr;
    if (*w->end != SESSION_WHOLE) {
        return;
    }
    if (is_late(w)) {
        *w->end = SESSION_WALL;
    } else if (w->pages > 0 && resident_pages() > w->pages) {
        *w->end = SESSION_MEMORY;
    }
}

static struct timespec deadline_of(uint64_t wall_ns)
{
    struct timespec t = { 0 };
    if (wall_ns > 0) {
        clock_gettime(CLOCK_MONOTONIC, &t);
        wall_ns += (uint64_t)t.tv_nsec;
        t.tv_sec += (time_t)(wall_ns / NS_PER_SECOND);
        t.tv_nsec = (long)(wall_ns % NS_PER_SECOND);
    }
    return t;
}

bool limits_watch(struct limits_watch *w, const struct limits *limits)
{
    if (limits->wall_ns == 0 && limits->memory_bytes == 0) {
        return true;
    }
    w->deadline = deadline_of(limits->wall_ns);
    w->pages = limits->memory_bytes / (uint64_t)sysconf(_SC_PAGESIZE);
    struct sigaction action = { .sa_sigaction = on_tick,
                                .sa_flags = SA_RESTART | SA_SIGINFO };
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
                              .sigev_signo = SIGALRM,
                              .sigev_value.sival_ptr = w };
    struct itimerspec tick = { .it_interval.tv_nsec = WATCH_NS,
                               .it_value.tv_nsec = WATCH_NS };
    timer_t timer;
    return sigaction(SIGALRM, &action, NULL) == 0 &&
           timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 &&
           timer_settime(timer, 0, &tick, NULL) == 0;
}
