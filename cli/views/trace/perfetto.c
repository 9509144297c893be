/*
 * perfetto.c - writes Perfetto's own format: a stream of TracePackets, for
 * ui.perfetto.dev and trace_processor.
 *
 * The numbers are those of Perfetto's published schema. The part that is used
 * here is tests/e2e/data/perfetto.proto, by which a test reads what is written.
 */
#include <string.h>

#include "cli/views/trace/protobuf.h"
#include "cli/views/trace/timeline.h"

#define SEQUENCE    1          /* All packets have one writer. */
#define PARENT      UINT64_MAX /* The track that holds all others. */
#define TITLE_BYTES 256

enum { TRACE_PACKET = 1 };

enum {
    PACKET_TIMESTAMP = 8,
    PACKET_SEQUENCE = 10,
    PACKET_TRACK_EVENT = 11,
    PACKET_TRACK_DESCRIPTOR = 60,
};

enum {
    DESCRIPTOR_UUID = 1,
    DESCRIPTOR_NAME = 2,
    DESCRIPTOR_PARENT = 5,
    DESCRIPTOR_COUNTER = 8,
};

enum { COUNTER_UNIT = 3, UNIT_COUNT = 2 };

enum {
    EVENT_ANNOTATION = 4,
    EVENT_TYPE = 9,
    EVENT_TRACK = 11,
    EVENT_NAME = 23,
    EVENT_COUNTER_VALUE = 30,
    EVENT_FLOW = 47,
    EVENT_FLOW_END = 48,
};

enum { ANNOTATION_UINT = 3, ANNOTATION_NAME = 10 };

enum { TYPE_BEGIN = 1, TYPE_END = 2, TYPE_INSTANT = 3, TYPE_COUNTER = 4 };

/* ---- Tracks ------------------------------------------------------------- */

static void put_descriptor(FILE *out, const struct protobuf *descriptor)
{
    struct protobuf packet = { .count = 0 };
    protobuf_put_uint(&packet, PACKET_SEQUENCE, SEQUENCE);
    protobuf_put_message(&packet, PACKET_TRACK_DESCRIPTOR, descriptor);
    protobuf_write(&packet, TRACE_PACKET, out);
}

/* A title may be longer than the name of a track can be. */
static void perfetto_start(FILE *out, const char *title)
{
    char name[TITLE_BYTES];
    struct protobuf d = { .count = 0 };
    (void)snprintf(name, sizeof(name), "%s", title);
    protobuf_put_uint(&d, DESCRIPTOR_UUID, PARENT);
    protobuf_put_text(&d, DESCRIPTOR_NAME, name);
    put_descriptor(out, &d);
}

static struct protobuf child(uint32_t track, const char *name)
{
    struct protobuf d = { .count = 0 };
    protobuf_put_uint(&d, DESCRIPTOR_UUID, track);
    protobuf_put_text(&d, DESCRIPTOR_NAME, name);
    protobuf_put_uint(&d, DESCRIPTOR_PARENT, PARENT);
    return d;
}

static void perfetto_slices(FILE *out, uint32_t track, const char *name)
{
    struct protobuf d = child(track, name);
    put_descriptor(out, &d);
}

static void perfetto_counter(FILE *out, uint32_t track, const char *name)
{
    struct protobuf counter = { .count = 0 };
    struct protobuf d = child(track, name);
    protobuf_put_uint(&counter, COUNTER_UNIT, UNIT_COUNT);
    protobuf_put_message(&d, DESCRIPTOR_COUNTER, &counter);
    put_descriptor(out, &d);
}

/* ---- Events ------------------------------------------------------------- */

static struct protobuf event(uint32_t track, uint32_t type)
{
    struct protobuf e = { .count = 0 };
    protobuf_put_uint(&e, EVENT_TYPE, type);
    protobuf_put_uint(&e, EVENT_TRACK, track);
    return e;
}

static void put_event(FILE *out, uint64_t ns, const struct protobuf *e)
{
    struct protobuf packet = { .count = 0 };
    protobuf_put_uint(&packet, PACKET_TIMESTAMP, ns);
    protobuf_put_uint(&packet, PACKET_SEQUENCE, SEQUENCE);
    protobuf_put_message(&packet, PACKET_TRACK_EVENT, e);
    protobuf_write(&packet, TRACE_PACKET, out);
}

static void perfetto_begin(FILE *out, uint64_t ns, uint32_t track,
                           const char *name)
{
    struct protobuf e = event(track, TYPE_BEGIN);
    protobuf_put_text(&e, EVENT_NAME, name);
    put_event(out, ns, &e);
}

static void perfetto_end(FILE *out, uint64_t ns, uint32_t track)
{
    struct protobuf e = event(track, TYPE_END);
    put_event(out, ns, &e);
}

static void perfetto_instant(FILE *out, uint64_t ns,
                             const struct timeline_instant *i)
{
    struct protobuf e = event(i->track, TYPE_INSTANT);
    struct protobuf packet = { .count = 0 };
    protobuf_put_text(&e, EVENT_NAME, i->name);
    for (int f = 0; f < TIMELINE_FLOWS; f++) {
        if (i->flows[f].id != 0) {
            protobuf_put_fixed64(
                &e, i->flows[f].part == FLOW_ENDS ? EVENT_FLOW_END : EVENT_FLOW,
                i->flows[f].id);
        }
    }
    protobuf_put_text(&packet, ANNOTATION_NAME, "packet");
    protobuf_put_uint(&packet, ANNOTATION_UINT, i->flows[0].id);
    protobuf_put_message(&e, EVENT_ANNOTATION, &packet);
    put_event(out, ns, &e);
}

static void perfetto_value(FILE *out, uint64_t ns, uint32_t track,
                           const char *name, uint64_t value)
{
    (void)name; /* The track has the name. */
    struct protobuf e = event(track, TYPE_COUNTER);
    protobuf_put_uint(&e, EVENT_COUNTER_VALUE, value);
    put_event(out, ns, &e);
}

static void perfetto_finish(FILE *out)
{
    (void)out;
}

static enum trace_read perfetto_write(struct trace_file *file,
                                      struct event_filter *filter, FILE *out)
{
    static const struct timeline_format format = {
        .start = perfetto_start,
        .slices = perfetto_slices,
        .counter = perfetto_counter,
        .begin = perfetto_begin,
        .end = perfetto_end,
        .instant = perfetto_instant,
        .value = perfetto_value,
        .finish = perfetto_finish,
    };
    return timeline_write(&format, file, filter, out);
}

const struct exporter exporter_perfetto = {
    .reads_twice = true,
    .is_binary = true,
    .write = perfetto_write,
};
