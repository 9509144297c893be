/* load_files.c - see load_files.h. */
#define _POSIX_C_SOURCE 200809L
#include "cli/run/inputs/load_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/replace.h"
#include "cli/run/inputs/images.h"
#include "cli/run/inputs/input.h"
#include "sim/trace/trace.h"
#include "workloads/replay/log_file.h"
#include "workloads/talk/talk_script.h"

static bool complain(const struct session *s, uint32_t item, const char *what,
                     char *message)
{
    const struct scenario_load *load = &s->scenario->loads[item];
    return input_complain(s->scenario, "load", load->item, load->file, what,
                          message);
}

/* O_NONBLOCK: opening a pipe without a writer must not wait. Returns NULL, or
   what is wrong. */
static const char *open_file(const char *path, int *fd)
{
    struct stat info;
    *fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (*fd < 0 || fstat(*fd, &info) != 0) {
        return strerror(errno);
    }
    return S_ISREG(info.st_mode) ? NULL : "it is not a regular file";
}

/* `wrong`, which may be NULL, in that line of the file; 0: with all of it. */
static bool judge(const struct session *s, uint32_t i, const char *wrong,
                  uint64_t line, char *message)
{
    char what[256];
    if (wrong && line > 0) {
        snprintf(what, sizeof(what), ":%llu: %s", (unsigned long long)line,
                 wrong);
    } else if (wrong) {
        snprintf(what, sizeof(what), " %s", wrong);
    }
    return !wrong || complain(s, i, what, message);
}

static bool open_log(struct session *s, uint32_t i, char *message)
{
    const struct scenario_load *load = &s->scenario->loads[i];
    struct log_facts facts;
    uint64_t line;
    s->logs[i] = log_file_create(
        &s->arena, &(struct log_config){
                       .fd = s->load_files[i],
                       .format = load->format,
                       .vm_count = s->scenario->vms[load->target].count,
                   });
    if (!s->logs[i]) {
        return complain(s, i, " does not fit in the host's memory", message);
    }
    const char *wrong = log_file_check(s->logs[i], &facts, &line);
    return judge(s, i, wrong, line, message);
}

/* Reads the script of a load of kind lines from `text`. */
static const char *read_script(struct session *s, uint32_t i, const char *text,
                               size_t bytes, uint32_t *line)
{
    struct talk_script *script =
        arena_alloc(&s->arena, sizeof(*script), alignof(struct talk_script));
    s->scripts[i] = script;
    *line = 0;
    return script ? talk_script_read(&s->arena, text, bytes, script, line)
                  : "does not fit in the host's memory";
}

static bool open_script(struct session *s, uint32_t i, char *message)
{
    uint32_t line = 0;
    char *text = malloc(TALK_SCRIPT_BYTES + 1);
    ssize_t bytes =
        text ? pread(s->load_files[i], text, TALK_SCRIPT_BYTES + 1, 0) : -1;
    const char *wrong = bytes < 0
                            ? "cannot be read"
                            : read_script(s, i, text, (size_t)bytes, &line);
    free(text);
    return judge(s, i, wrong, line, message);
}

static bool take_inline_script(struct session *s, uint32_t i, char *message)
{
    const struct scenario_load *load = &s->scenario->loads[i];
    char key[64];
    uint32_t line;
    const char *wrong =
        read_script(s, i, load->script, strlen(load->script), &line);
    if (wrong) {
        snprintf(key, sizeof(key), "load[%u].script", load->item);
        scenario_complain(s->scenario, key, wrong, message);
    }
    return !wrong;
}

static bool open_load(struct session *s, uint32_t i, char *message)
{
    const struct scenario_load *load = &s->scenario->loads[i];
    char path[4096];
    char what[256];
    if (!images_beside(s, load->file, path, sizeof(path))) {
        snprintf(path, sizeof(path), "%s", load->file);
    }
    const char *wrong = open_file(path, &s->load_files[i]);
    if (wrong) {
        snprintf(what, sizeof(what), " cannot be read: %s", wrong);
        return complain(s, i, what, message);
    }
    return load->kind == LOAD_LINES ? open_script(s, i, message)
                                    : open_log(s, i, message);
}

bool load_files_open(struct session *s, char message[SCENARIO_MESSAGE_BYTES])
{
    uint32_t count = s->scenario->load_count;
    s->logs = arena_alloc(&s->arena, count * sizeof(*s->logs),
                          alignof(struct log_file *));
    s->scripts = arena_alloc(&s->arena, count * sizeof(*s->scripts),
                             alignof(struct talk_script *));
    s->load_files =
        arena_alloc(&s->arena, count * sizeof(*s->load_files), alignof(int));
    if (!s->logs || !s->scripts || !s->load_files) {
        snprintf(message, SCENARIO_MESSAGE_BYTES,
                 "the host has too little memory");
        s->load_files = NULL;
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        s->load_files[i] = -1;
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct scenario_load *load = &s->scenario->loads[i];
        if ((load->file && !open_load(s, i, message)) ||
            (load->script && !take_inline_script(s, i, message))) {
            return false;
        }
    }
    return true;
}

void load_files_close(const struct session *s)
{
    for (uint32_t i = 0; s->load_files && i < s->scenario->load_count; i++) {
        if (s->load_files[i] >= 0) {
            close(s->load_files[i]);
        }
    }
}

/* All of it, from its beginning, whoever else reads it. */
static bool copy(int fd, FILE *to)
{
    char bytes[65536];
    off_t at = 0;
    ssize_t n;
    while ((n = pread(fd, bytes, sizeof(bytes), at)) > 0) {
        if (fwrite(bytes, 1, (size_t)n, to) != (size_t)n) {
            return false;
        }
        at += n;
    }
    return n == 0 && fflush(to) == 0;
}

bool load_files_copy(struct session *s, uint32_t item, const char *path)
{
    struct replacement r;
    return replace_open(&r, path) &&
           replace_finish(&r, copy(s->load_files[item], r.file));
}

bool load_files_hash(const struct session *s, uint32_t item,
                     char hex[FINGERPRINT_CHARS])
{
    struct stat info;
    int fd = s->load_files[item];
    if (fstat(fd, &info) != 0 || info.st_size == 0) {
        return false;
    }
    size_t count = (size_t)info.st_size;
    void *bytes = mmap(NULL, count, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED) {
        return false;
    }
    trace_hash_wide(bytes, count, hex);
    munmap(bytes, count);
    return true;
}
