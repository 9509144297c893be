/*
 * log_file.c - see log_file.h. A second cursor goes ahead of the first, to the end
 * of the second that is being read, and counts that second's requests.
 */
#define _POSIX_C_SOURCE 200809L
#include "workloads/replay/log_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sim/arena.h"

#define PIECE_BYTES 65536
#define SECOND_NS   UINT64_C(1000000000)

struct cursor {
    uint64_t offset; /* Of the first byte of `bytes` in the file. */
    uint32_t count;  /* Bytes that are here; */
    uint32_t at;     /* those before it have been read. */
    uint32_t start;  /* Where the last line begins. */
    bool is_end;     /* The file has no more than is here. */
    uint64_t line;   /* The number of the last line, from 1. */
    char bytes[PIECE_BYTES];
};

struct log_file {
    struct log_config config;
    struct log_facts facts; /* Valid once checked. */
    uint64_t line_count;    /* Lines since the beginning, */
    uint64_t read_count;    /* and requests. */
    uint64_t first_ns;      /* The time of the first request. */
    bool has_time;          /* A line has been read: */
    uint64_t second_ns;     /* its time, or that of one before it. */
    uint64_t in_second; /* Common log: requests of that second; otherwise 0; */
    uint64_t of_second; /* how many of them have been read. */
    struct cursor at, ahead;
};

enum line_result { LINE_READ, LINE_END, LINE_WRONG };

/* ---- Lines -------------------------------------------------------------- */

/* Moves what is not read to the front, and reads on. False: the host cannot. */
static bool refill(const struct log_file *f, struct cursor *c)
{
    memmove(c->bytes, c->bytes + c->at, c->count - c->at);
    c->offset += c->at;
    c->count -= c->at;
    c->at = 0;
    ssize_t n;
    do {
        n = pread(f->config.fd, c->bytes + c->count, PIECE_BYTES - c->count,
                  (off_t)(c->offset + c->count));
    } while (n < 0 && errno == EINTR);
    c->is_end = n == 0;
    c->count += n > 0 ? (uint32_t)n : 0;
    return n >= 0;
}

/* The next line, without its end. */
static enum line_result next_text(const struct log_file *f, struct cursor *c,
                                  struct log_text *text, const char **wrong)
{
    for (;;) {
        uint32_t left = c->count - c->at;
        const char *from = c->bytes + c->at;
        const char *end = memchr(from, '\n', left);
        if (end || (c->is_end && left > 0)) {
            uint32_t bytes = end ? (uint32_t)(end - from) : left;
            *text = (struct log_text){ from, bytes };
            c->start = c->at;
            c->at += bytes + (end != NULL);
            c->line++;
            *wrong = "is longer than 8192 bytes";
            return bytes > LOG_LINE_BYTES ? LINE_WRONG : LINE_READ;
        }
        if (c->is_end) {
            return LINE_END;
        }
        if (left > LOG_LINE_BYTES) {
            c->line++;
            *wrong = "is longer than 8192 bytes";
            return LINE_WRONG;
        }
        if (!refill(f, c)) {
            *wrong = "cannot be read";
            return LINE_WRONG;
        }
    }
}

/* The line comes again. */
static void hold(struct cursor *c)
{
    c->at = c->start;
    c->line--;
}

/* The next line that says something. */
static enum line_result next_line(const struct log_file *f, struct cursor *c,
                                  struct log_line *line, const char **wrong)
{
    struct log_text text;
    enum line_result result;
    bool is_csv = f->config.format == LOG_CSV;
    do {
        result = next_text(f, c, &text, wrong);
    } while (result == LINE_READ &&
             (text.bytes == 0 || (is_csv && c->line == 1 &&
                                  log_line_is_title(text.at, text.bytes))));
    if (result != LINE_READ) {
        return result;
    }
    *wrong = log_line_read(f->config.format, text.at, text.bytes, line);
    if (!*wrong && line->vm != LOG_NO_VM && line->vm >= f->config.vm_count) {
        *wrong = "names a VM that the load's group does not start with";
    }
    return *wrong ? LINE_WRONG : LINE_READ;
}

/* ---- Requests ----------------------------------------------------------- */

/* A line of a later second has been read: counts that second's requests. The
   cursor ahead has stopped where that second begins. */
static enum line_result begin_second(struct log_file *f, uint64_t second_ns,
                                     const char **wrong)
{
    struct log_line line;
    enum line_result result;
    f->second_ns = second_ns;
    f->in_second = 0;
    f->of_second = 0;
    while ((result = next_line(f, &f->ahead, &line, wrong)) == LINE_READ &&
           line.at_ns <= second_ns) {
        f->in_second += line.is_request;
    }
    if (result == LINE_READ) {
        hold(&f->ahead);
    }
    f->at.line = result == LINE_WRONG ? f->ahead.line : f->at.line;
    return result == LINE_WRONG ? LINE_WRONG : LINE_READ;
}

/* Follows the log's clock. False: the line cannot be where it is. */
static bool keep_time(struct log_file *f, const struct log_line *line,
                      const char **wrong)
{
    bool is_first = !f->has_time;
    f->has_time = true;
    if (f->config.format == LOG_COMMON) {
        return (!is_first && line->at_ns <= f->second_ns) ||
               begin_second(f, line->at_ns, wrong) == LINE_READ;
    }
    *wrong = "is earlier than the line before it";
    bool is_in_order = is_first || line->at_ns >= f->second_ns;
    f->second_ns = line->at_ns;
    return is_in_order;
}

static enum line_result next_request(struct log_file *f,
                                     struct log_request *request,
                                     const char **wrong)
{
    struct log_line *line = &request->line;
    do {
        enum line_result result = next_line(f, &f->at, line, wrong);
        if (result != LINE_READ) {
            return result;
        }
        f->line_count++;
        if (!keep_time(f, line, wrong)) {
            return LINE_WRONG;
        }
    } while (!line->is_request);
    uint64_t at_ns = f->second_ns;
    if (f->in_second > 0) {
        at_ns += f->of_second++ * SECOND_NS / f->in_second;
    }
    f->first_ns = f->read_count++ == 0 ? at_ns : f->first_ns;
    request->after_ns = at_ns - f->first_ns;
    return LINE_READ;
}

enum log_result log_file_next(struct log_file *f, struct log_request *request)
{
    const char *wrong;
    switch (next_request(f, request, &wrong)) {
    case LINE_READ:
        return f->read_count <= f->facts.requests ? LOG_REQUEST : LOG_CHANGED;
    case LINE_END:
        return f->read_count == f->facts.requests ? LOG_END : LOG_CHANGED;
    case LINE_WRONG:
        break;
    }
    return LOG_CHANGED;
}

static void rewind_cursor(struct cursor *c)
{
    c->offset = 0;
    c->count = 0;
    c->at = 0;
    c->is_end = false;
    c->line = 0;
}

void log_file_rewind(struct log_file *f)
{
    rewind_cursor(&f->at);
    rewind_cursor(&f->ahead);
    f->line_count = 0;
    f->read_count = 0;
    f->has_time = false;
    f->in_second = 0;
}

const char *log_file_check(struct log_file *f, struct log_facts *facts,
                           uint64_t *line)
{
    struct log_request request = { .after_ns = 0 };
    const char *wrong = NULL;
    enum line_result result;
    log_file_rewind(f);
    do {
        result = next_request(f, &request, &wrong);
    } while (result == LINE_READ);
    *line = f->at.line;
    if (result == LINE_WRONG) {
        return wrong;
    }
    f->facts = (struct log_facts){ .lines = f->line_count,
                                   .requests = f->read_count,
                                   .span_ns = request.after_ns };
    *facts = f->facts;
    log_file_rewind(f);
    *line = 0;
    return facts->requests > 0 ? NULL : "holds no request";
}

struct log_file *log_file_create(struct arena *arena,
                                 const struct log_config *config)
{
    struct log_file *f =
        arena_alloc(arena, sizeof(*f), alignof(struct log_file));
    if (f) {
        f->config = *config;
    }
    return f;
}
