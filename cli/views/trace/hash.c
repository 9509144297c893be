/*
 * hash.c - `iksim trace hash`: folds the fingerprints from the events anew, and
 * compares them with those that the run wrote at the trace's end.
 */
#include <stdio.h>
#include <string.h>

#include "cli/views/trace/args.h"
#include "sim/arena.h"
#include "sim/vocabulary/vocabulary.h"

/* Prints a fingerprint. `kept` is the one of the trace's end; NULL: there is
   none. False: they differ. */
static bool print_one(const char *name, const char *hex, const char *kept)
{
    printf("%-11s  %s", name, hex);
    bool is_same = !kept || strcmp(kept, hex) == 0;
    if (!is_same) {
        printf("  but the trace ends with %s", kept);
    }
    puts("");
    return is_same;
}

/* Prints the whole and then the layers, as the report does. False: one
   differs. */
static bool print(const struct trace *t, struct trace_file *file)
{
    const char(*kept)[FINGERPRINT_CHARS] = trace_file_fingerprints(file);
    char hex[FINGERPRINT_CHARS];
    trace_fingerprint(t, hex);
    bool is_same =
        print_one("fingerprint", hex, kept ? kept[TRACE_LAYER_COUNT] : NULL);
    for (int i = 0; i < TRACE_LAYER_COUNT; i++) {
        trace_layer_fingerprint(t, (enum trace_layer)i, hex);
        is_same = print_one(word_name(&trace_layer_words, (uint64_t)i), hex,
                            kept ? kept[i] : NULL) &&
                  is_same;
    }
    return is_same;
}

static int hash(struct trace *t, struct trace_file *file)
{
    enum trace_read got;
    struct trace_event e;
    while ((got = trace_file_next(file, &e)) == TRACE_READ_EVENT) {
        trace_emit(t, e.time, e);
    }
    if (!print(t, file)) {
        cli_complain("the events are not those that the run folded");
        return CLI_WRONG;
    }
    if (got == TRACE_READ_END && !trace_file_fingerprints(file)) {
        cli_complain("the run did not end well: there is no fingerprint to "
                     "compare with");
        return CLI_WRONG;
    }
    return trace_finish(file, got);
}

int trace_hash_verb(struct trace_args *a)
{
    struct arena arena = { 0 };
    struct trace_file *file = trace_args_open(a, a->path);
    struct trace *t =
        arena_map(&arena, ARENA_UNLIMITED) ? trace_create(&arena) : NULL;
    int code = !file ? CLI_USAGE
               : t   ? hash(t, file)
                     : cli_complain("out of memory");
    trace_release(t);
    trace_file_close(file);
    arena_unmap(&arena);
    return code;
}
