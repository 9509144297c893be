/*
 * fuzz_trace.c - any bytes as a trace (trace_bytes.h), read as all views do:
 * from the start and from the middle, replayed, told in sentences, divided into
 * the parts of latencies, counted, and exported in each format.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "cli/views/explain/explain.h"
#include "cli/views/explain/sentence.h"
#include "cli/views/trace/exporter.h"
#include "sim/trace/replay.h"
#include "tests/fuzz/trace_bytes.h"

#define MARKED_FRAMES 4096 /* A mark is a copy of all. */

static void replay_all(struct trace_file *file, struct replay *replay)
{
    struct sentences sentences = { .replay = replay };
    struct replay_mark *mark = NULL;
    struct trace_event e;
    enum trace_read end;
    const struct trace_info *info = trace_file_info(file);
    while ((end = trace_file_next(file, &e)) == TRACE_READ_EVENT) {
        char text[SENTENCE_BYTES];
        enum sentence_kind kind = sentence_write(&sentences, &e, text);
        SIM_ASSERT((kind == SENTENCE_NONE) == (text[0] == '\0'));
        SIM_ASSERT(strlen(text) < SENTENCE_BYTES);
        replay_event(replay, &e);
        if (!mark && info->frames <= MARKED_FRAMES &&
            info->vm_limit <= MARKED_FRAMES) {
            mark = replay_save(replay);
        }
    }
    SIM_ASSERT(end == TRACE_READ_END || trace_file_message(file)[0] != '\0');
    replay_settle(replay);
    if (mark) {
        replay_restore(replay, mark);
        replay_mark_free(mark);
    }
}

static void export_all(const char *path)
{
#define ROW(name, help) &exporter_##name,
    static const struct exporter *const formats[] = { EXPORTERS(ROW) };
#undef ROW
    FILE *out = fopen("/dev/null", "wb");
    SIM_ASSERT(out);
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        struct trace_args args = { .filter = { .to_ns = UINT64_MAX,
                                               .limit = UINT64_MAX } };
        struct trace_file *file = trace_args_open(&args, path);
        if (file) {
            (void)formats[i]->write(file, &args.filter, out);
        }
        trace_file_close(file);
        trace_args_free(&args);
    }
    fclose(out);
}

static void explain_all(const char *path)
{
    struct reading reading;
    if (reading_open(&reading, path) == CLI_DONE) {
        (void)explain_requests(&reading, true);
        (void)explain_requests(&reading, false);
        (void)explain_request(&reading, 1);
    }
    reading_close(&reading);
}

static void read_all(struct trace_file *file)
{
    const struct trace_info *info = trace_file_info(file);
    const struct replay_options options = { .sample_cycles = 1000,
                                            .sample_limit = 64 };
    struct trace_event e;
    struct replay *replay = replay_create(info, &options);
    if (replay) {
        replay_all(file, replay);
        bool is_file = trace_file_seek(file, replay->now / 2);
        SIM_ASSERT(is_file);
    }
    while (trace_file_next(file, &e) == TRACE_READ_EVENT) {
    }
    (void)trace_file_fingerprints(file);
    replay_free(replay);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char message[TRACE_MESSAGE_BYTES] = "";
    struct trace_bytes t;
    trace_bytes_make(&t, data, size);
    const char *path = fuzz_file(0, t.bytes, t.count);
    trace_bytes_free(&t);
    struct trace_file *file = trace_file_open(path, message);
    SIM_ASSERT(file || message[0] != '\0');
    if (file) {
        read_all(file);
        trace_file_close(file);
        explain_all(path);
        export_all(path);
        struct trace_args args = {
            .path = path, .filter = { .to_ns = UINT64_MAX, .limit = UINT64_MAX }
        };
        (void)trace_stats(&args);
        trace_args_free(&args);
    }
    return 0;
}
