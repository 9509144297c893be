/*
 * stream.c - a stream that leaves out what an earlier run has shown. The same
 * run writes the same bytes again up to where the VM ends that came to the
 * listed block; a sum over them tells if it did not.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/run/guard/shared.h"

#define FNV_START UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

struct stream {
    struct guard *guard;
    int fd;
    uint64_t left; /* Bytes that are still to be left out. */
    uint64_t hash; /* Of what was left out. */
};

static uint64_t hash_of(uint64_t hash, const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ (uint8_t)bytes[i]) * FNV_PRIME;
    }
    return hash;
}

static size_t leave_out(struct stream *s, const char *bytes, size_t count)
{
    size_t part = count < s->left ? count : (size_t)s->left;
    s->hash = hash_of(s->hash, bytes, part);
    s->left -= part;
    if (part > 0 && s->left == 0 && s->hash != s->guard->shown_hash) {
        fputs("iksim: what was shown before the engine died is not what the "
              "run shows without the block\n",
              stderr);
    }
    return part;
}

static ssize_t put(void *ctx, const char *bytes, size_t count)
{
    struct stream *s = ctx;
    size_t at = leave_out(s, bytes, count);
    while (at < count) {
        ssize_t n = write(s->fd, bytes + at, count - at);
        if (n < 0 && errno != EINTR) {
            return 0;
        }
        if (n > 0) {
            s->guard->shown_hash =
                hash_of(s->guard->shown_hash, bytes + at, (size_t)n);
            s->guard->shown_bytes += (uint64_t)n;
            at += (size_t)n;
        }
    }
    return (ssize_t)count;
}

static int release(void *ctx)
{
    free(ctx);
    return 0;
}

FILE *guard_open_stream(struct guard *g, FILE *out)
{
    struct stream *s = calloc(1, sizeof(*s));
    if (!s) {
        return NULL;
    }
    if (g->shown_bytes == 0) {
        g->shown_hash = FNV_START;
    }
    *s = (struct stream){
        .guard = g, .fd = fileno(out), .left = g->shown_bytes, .hash = FNV_START
    };
    cookie_io_functions_t functions = { .write = put, .close = release };
    FILE *stream = fopencookie(s, "w", functions);
    if (!stream) {
        free(s);
        return NULL;
    }
    if (isatty(s->fd) || out == stderr) {
        setvbuf(stream, NULL, _IOLBF, BUFSIZ);
    }
    return stream;
}

bool guard_close_stream(FILE *stream)
{
    bool is_good = fflush(stream) == 0 && !ferror(stream);
    return fclose(stream) == 0 && is_good;
}
