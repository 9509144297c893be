/*
 * replay_samples.c - what happened in each span of virtual time.
 *
 * There are never more than a limit: when a run turns out longer, two and two
 * samples become one and the span doubles. So nobody needs to know beforehand
 * how long a run is, and an absurd time in a damaged file costs nothing.
 */
#include <stdlib.h>

#include "sim/trace/replay_own.h"

#define FIRST_ROOM 256

bool samples_init(struct replay *r, const struct replay_options *options)
{
    r->sample_cycles = options->sample_cycles > 0 ? options->sample_cycles : 1;
    r->sample_limit =
        options->sample_limit > 0 ? options->sample_limit : REPLAY_SAMPLE_LIMIT;
    r->sample_limit += r->sample_limit == 1;
    r->own->sample_room =
        r->sample_limit < FIRST_ROOM ? r->sample_limit : FIRST_ROOM;
    r->samples = calloc(r->own->sample_room, sizeof(*r->samples));
    r->sample_count = 1;
    return r->samples;
}

/* Two spans in a row become one: `a`, the earlier one. */
static void join(struct replay_sample *a, const struct replay_sample *b)
{
    for (int i = 0; i < CPU_CATEGORY_COUNT; i++) {
        a->cpu[i] += b->cpu[i];
    }
    a->requests += b->requests;
    a->replies += b->replies;
    a->lost += b->lost;
    a->latency_sum += b->latency_sum;
    if (b->latency_max > a->latency_max) {
        a->latency_max = b->latency_max;
    }
    a->faults += b->faults;
    a->evictions += b->evictions;
    a->rx_packets += b->rx_packets;
    a->tx_packets += b->tx_packets;
    a->switches += b->switches;
    a->deliveries += b->deliveries;
    a->waiting = b->waiting;
    a->ready = b->ready;
    a->paging = b->paging;
    a->idle = b->idle;
    a->resident = b->resident;
    a->disk_depth = b->disk_depth;
}

static void halve(struct replay *r)
{
    size_t count = r->sample_count;
    for (size_t i = 0; i < count / 2; i++) {
        r->samples[i] = r->samples[2 * i];
        join(&r->samples[i], &r->samples[2 * i + 1]);
    }
    if (count % 2 > 0) {
        r->samples[count / 2] = r->samples[count - 1];
    }
    r->sample_count = (count + 1) / 2;
    r->sample_cycles *= 2;
}

/* Room for one more; false: there is none to be had. */
static bool grow(struct replay *r)
{
    struct replay_own *own = r->own;
    if (r->sample_count < own->sample_room) {
        return true;
    }
    size_t room = own->sample_room < r->sample_limit / 2 ? own->sample_room * 2
                                                         : r->sample_limit;
    if (r->sample_count >= room) {
        return false;
    }
    struct replay_sample *samples =
        realloc(r->samples, room * sizeof(*samples));
    if (!samples) {
        return false;
    }
    r->samples = samples;
    own->sample_room = room;
    return true;
}

void replay_settle(struct replay *r)
{
    struct replay_sample *s = &r->samples[r->sample_count - 1];
    uint32_t depth = 0;
    for (uint32_t i = 0; i < r->info.disks; i++) {
        depth += r->disks[i].depth;
    }
    s->waiting = r->lists[VM_WAITING].count;
    s->ready = r->lists[VM_READY].count;
    s->paging = r->lists[VM_PAGING].count;
    s->idle = r->lists[VM_IDLE].count;
    s->resident = r->frames_used;
    s->disk_depth = depth;
}

/* Samples up to the one that `time` lies in. */
static void extend(struct replay *r, uint64_t time)
{
    while (time / r->sample_cycles >= r->sample_count) {
        replay_settle(r);
        /* Where the span could double no more, the last one takes the rest. */
        if (time / r->sample_cycles >= r->sample_limit || !grow(r)) {
            if (r->sample_cycles > UINT64_MAX / 2) {
                return;
            }
            halve(r);
            continue;
        }
        r->samples[r->sample_count++] = (struct replay_sample){ 0 };
    }
}

void samples_advance(struct replay *r)
{
    struct replay_own *own = r->own;
    if (r->events <= own->sampled) {
        own->current = &own->ignored;
        return;
    }
    own->sampled = r->events;
    extend(r, r->now);
    own->current = &r->samples[r->sample_count - 1];
}

void samples_charge(struct replay *r, uint64_t from, uint64_t cycles,
                    enum cpu_category category)
{
    struct replay_own *own = r->own;
    if (own->current == &own->ignored) {
        return;
    }
    size_t i = from / r->sample_cycles;
    while (cycles > 0 && i + 1 < r->sample_count) {
        uint64_t left = (i + 1) * r->sample_cycles - from;
        uint64_t part = cycles < left ? cycles : left;
        r->samples[i].cpu[category] += part;
        from += part;
        cycles -= part;
        i++;
    }
    r->samples[r->sample_count - 1].cpu[category] += cycles;
}

void replay_reply(struct replay *r, const struct trace_event *e)
{
    struct replay_sample *s = r->own->current;
    uint64_t latency = trace_get_reply(e).latency;
    r->replies++;
    s->replies++;
    s->latency_sum += latency;
    s->latency_max = latency > s->latency_max ? latency : s->latency_max;
}
