/*
 * chrome.c - writes the trace event format of Chrome's about:tracing, which
 * Perfetto and speedscope read, too: JSON, event by event.
 */
#include "cli/views/trace/timeline.h"

#define PROCESS 1

static void put_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\') {
            fprintf(out, "\\%c", *c);
        } else if (*c < ' ') {
            fprintf(out, "\\u%04x", *c);
        } else {
            fputc(*c, out);
        }
    }
    fputc('"', out);
}

/* Writes the beginning of an event, with its time in microseconds, to the
   nanosecond. */
static void put_head(FILE *out, const char *phase, uint64_t ns, uint32_t track)
{
    fprintf(out, ",\n{\"ph\":\"%s\",\"ts\":%llu.%03llu,\"pid\":%d,\"tid\":%u",
            phase, (unsigned long long)(ns / 1000),
            (unsigned long long)(ns % 1000), PROCESS, track);
}

static void put_name(FILE *out, const char *name)
{
    fputs(",\"name\":", out);
    put_text(out, name);
}

static void chrome_start(FILE *out, const char *title)
{
    fprintf(out,
            "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n"
            "{\"ph\":\"M\",\"pid\":%d,\"tid\":0,\"name\":\"process_name\","
            "\"args\":{\"name\":",
            PROCESS);
    put_text(out, title);
    fputs("}}", out);
}

static void chrome_slices(FILE *out, uint32_t track, const char *name)
{
    fprintf(out,
            ",\n{\"ph\":\"M\",\"pid\":%d,\"tid\":%u,\"name\":\"thread_name\","
            "\"args\":{\"name\":",
            PROCESS, track);
    put_text(out, name);
    fputs("}}", out);
}

/* Counters are identified by their names alone. */
static void chrome_counter(FILE *out, uint32_t track, const char *name)
{
    (void)out;
    (void)track;
    (void)name;
}

static void chrome_begin(FILE *out, uint64_t ns, uint32_t track,
                         const char *name)
{
    put_head(out, "B", ns, track);
    put_name(out, name);
    fputc('}', out);
}

static void chrome_end(FILE *out, uint64_t ns, uint32_t track)
{
    put_head(out, "E", ns, track);
    fputc('}', out);
}

/* Flows bind to slices, so an instant is a slice without length. */
static void chrome_instant(FILE *out, uint64_t ns,
                           const struct timeline_instant *i)
{
    static const char *const phases[] = {
        [FLOW_BEGINS] = "s",
        [FLOW_PASSES] = "t",
        [FLOW_ENDS] = "f",
    };
    put_head(out, "X", ns, i->track);
    put_name(out, i->name);
    fprintf(out, ",\"dur\":0,\"args\":{\"packet\":%llu}}",
            (unsigned long long)i->flows[0].id);
    for (int f = 0; f < TIMELINE_FLOWS; f++) {
        if (i->flows[f].id != 0) {
            put_head(out, phases[i->flows[f].part], ns, i->track);
            put_name(out, "packet");
            fprintf(out, ",\"cat\":\"packet\",\"id\":%llu,\"bp\":\"e\"}",
                    (unsigned long long)i->flows[f].id);
        }
    }
}

static void chrome_value(FILE *out, uint64_t ns, uint32_t track,
                         const char *name, uint64_t value)
{
    put_head(out, "C", ns, track);
    put_name(out, name);
    fprintf(out, ",\"args\":{\"value\":%llu}}", (unsigned long long)value);
}

static void chrome_finish(FILE *out)
{
    fputs("\n]}\n", out);
}

static enum trace_read chrome_write(struct trace_file *file,
                                    struct event_filter *filter, FILE *out)
{
    static const struct timeline_format format = {
        .start = chrome_start,
        .slices = chrome_slices,
        .counter = chrome_counter,
        .begin = chrome_begin,
        .end = chrome_end,
        .instant = chrome_instant,
        .value = chrome_value,
        .finish = chrome_finish,
    };
    return timeline_write(&format, file, filter, out);
}

const struct exporter exporter_chrome = {
    .reads_twice = true,
    .write = chrome_write,
};
