/*
 * fuzz_load.c - any bytes as the files that loads name: an access log, a CSV, or
 * a script of what is said and heard, which then hears the rest.
 */
#define _POSIX_C_SOURCE 200809L
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/arena.h"
#include "workloads/replay/log_file.h"
#include "workloads/talk/talk.h"

#define ARENA_BYTES (8u << 20)
#define VMS         7

/* What was checked is read again, and in order. */
static void try_log(struct arena *arena, enum scenario_log_format format,
                    const struct fuzz_input *in)
{
    struct log_config config = {
        .fd = open(fuzz_file(0, in->at, in->count), O_RDONLY | O_CLOEXEC),
        .format = format,
        .vm_count = VMS,
    };
    struct log_file *f = log_file_create(arena, &config);
    struct log_facts facts;
    uint64_t line;
    SIM_ASSERT(config.fd >= 0 && f);
    if (!log_file_check(f, &facts, &line)) {
        struct log_request request;
        uint64_t count = 0;
        uint64_t last = 0;
        enum log_result result;
        while ((result = log_file_next(f, &request)) == LOG_REQUEST) {
            SIM_ASSERT(request.after_ns >= last);
            SIM_ASSERT(request.line.vm == LOG_NO_VM || request.line.vm < VMS);
            last = request.after_ns;
            count++;
        }
        SIM_ASSERT(result == LOG_END && count == facts.requests);
    }
    close(config.fd);
}

static void try_talk(struct arena *arena, struct fuzz_input *in)
{
    struct fuzz_input text = fuzz_until(in, '\0');
    struct talk_script script;
    struct talk t;
    uint32_t line;
    uint64_t said = 0;
    enum talk_result result = TALK_MORE;
    if (talk_script_read(arena, (const char *)text.at, text.count, &script,
                         &line)) {
        return;
    }
    talk_init(&t, &script, 1);
    said += talk_say(&t);
    while (in->count > 0 && result == TALK_MORE) {
        uint32_t most = 1 + fuzz_below(in, 64);
        uint32_t count = (uint32_t)(most < in->count ? most : in->count);
        result = talk_hear(&t, in->at, count);
        said += result == TALK_MORE ? talk_say(&t) : 0;
        in->at += count;
        in->count -= count;
    }
    SIM_ASSERT(said <= script.send_bytes);
    SIM_ASSERT(result != TALK_DONE || said == script.send_bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = { data, size };
    struct arena arena;
    void *memory = malloc(ARENA_BYTES);
    SIM_ASSERT(memory);
    arena_init(&arena, memory, ARENA_BYTES);
    switch (fuzz_below(&in, 3)) {
    case 0:
        try_log(&arena, LOG_COMMON, &in);
        break;
    case 1:
        try_log(&arena, LOG_CSV, &in);
        break;
    default:
        try_talk(&arena, &in);
        break;
    }
    free(memory);
    return 0;
}
