/* timeline.c - see timeline.h. */
#include "cli/views/trace/timeline.h"

#include <stdlib.h>

#include "sim/devices/machine.h"
#include "sim/trace/replay.h"
#include "sim/vocabulary/vocabulary.h"

#define BUSIEST_SHOWN 8

enum { AT_GATE, READY, PAGING, FRAMES, DISK_REQUESTS, PACKETS, COUNTER_COUNT };

static const char *const counter_names[COUNTER_COUNT] = {
    [AT_GATE] = "VMs at the gate",     [READY] = "VMs ready",
    [PAGING] = "VMs paging",           [FRAMES] = "frames used",
    [DISK_REQUESTS] = "disk requests", [PACKETS] = "packets queued",
};

struct shown_vm {
    bool is_shown;
    const char *open; /* The state of its open slice; NULL: none is open. */
    uint64_t taken;   /* The packet taken last; 0: the VM has sent since. */
};

struct timeline {
    const struct timeline_format *format;
    FILE *out;
    const struct trace_info *info;
    struct replay *replay;
    struct shown_vm *vms;
    uint64_t now;    /* The time of the last event, in ns. */
    uint64_t cycles; /* The same in cycles. */
    bool has_begun;  /* The filter's times have begun. */

    /* The open slice of the processor. */
    bool is_busy;
    uint32_t busy_vm;
    enum cpu_category busy_category;

    uint64_t packets; /* Packets in all queues. */
    uint64_t counters[COUNTER_COUNT];
};

/* ---- Which VMs ---------------------------------------------------------- */

/* Returns the cycles that each VM has run. NULL: out of memory. */
static uint64_t *measure(struct trace_file *file, uint32_t vm_limit)
{
    struct trace_event e;
    uint64_t *ran = calloc(vm_limit > 0 ? vm_limit : 1, sizeof(*ran));
    while (ran && trace_file_next(file, &e) == TRACE_READ_EVENT) {
        if (e.kind == TRACE_RUN && e.vm < vm_limit) {
            ran[e.vm] += trace_get_run(&e).cycles;
        }
    }
    (void)trace_file_seek(file, 0); /* write_to has seen that it can. */
    return ran;
}

static bool choose_busiest(struct timeline *t, struct trace_file *file)
{
    uint64_t *ran = measure(file, t->info->vm_limit);
    for (int n = 0; ran && n < BUSIEST_SHOWN; n++) {
        uint32_t most = 0;
        for (uint32_t i = 1; i < t->info->vm_limit; i++) {
            most = ran[i] > ran[most] ? i : most;
        }
        if (t->info->vm_limit == 0 || ran[most] == 0) {
            break;
        }
        t->vms[most].is_shown = true;
        ran[most] = 0;
    }
    bool was_measured = ran != NULL;
    free(ran);
    return was_measured;
}

static bool choose(struct timeline *t, struct trace_file *file,
                   const struct event_filter *filter)
{
    if (!filter->vms) {
        return choose_busiest(t, file);
    }
    for (uint32_t i = 0; i < t->info->vm_limit; i++) {
        t->vms[i].is_shown = i < filter->vm_count && filter->vms[i];
    }
    return true;
}

static void announce(const struct timeline *t)
{
    const struct timeline_format *f = t->format;
    f->start(t->out, t->info->name);
    f->slices(t->out, TRACK_PROCESSOR, "processor");
    f->slices(t->out, TRACK_CARD, "card");
    for (uint32_t i = 0; i < t->info->vm_limit; i++) {
        if (t->vms[i].is_shown) {
            f->slices(t->out, TRACK_FIRST_VM + i,
                      vm_name_and_number(&t->info->roster, i).chars);
        }
    }
    for (uint32_t i = 0; i < COUNTER_COUNT; i++) {
        f->counter(t->out, TRACK_FIRST_COUNTER + i, counter_names[i]);
    }
}

/* ---- Slices ------------------------------------------------------------- */

static void begin_busy(struct timeline *t, uint64_t ns, uint32_t vm,
                       enum cpu_category category)
{
    t->is_busy = category != CPU_IDLE;
    t->busy_vm = vm;
    t->busy_category = category;
    if (category == CPU_GUEST) {
        t->format->begin(t->out, ns, TRACK_PROCESSOR,
                         vm_name(&t->info->roster, vm).chars);
    } else if (t->is_busy) {
        t->format->begin(t->out, ns, TRACK_PROCESSOR,
                         word_phrase(&cpu_category_words, category));
    }
}

static void end_busy(struct timeline *t, uint64_t ns)
{
    if (t->is_busy) {
        t->format->end(t->out, ns, TRACK_PROCESSOR);
    }
    t->is_busy = false;
}

/* Shows the category of the cycles from `before` to now. */
static void spend(struct timeline *t, const struct trace_event *e,
                  uint64_t before, enum cpu_category category)
{
    uint32_t vm = category == CPU_GUEST ? e->vm : TRACE_NO_VM;
    if (t->is_busy && t->busy_vm == vm && t->busy_category == category) {
        return; /* The open slice goes on. */
    }
    end_busy(t, before);
    begin_busy(t, before, vm, category);
}

static void show_state(struct timeline *t, uint32_t vm)
{
    if (vm >= t->info->vm_limit) {
        return;
    }
    struct shown_vm *v = &t->vms[vm];
    const struct replay_vm *now = &t->replay->vms[vm];
    const char *state = now->exists && now->state != VM_DEAD
                            ? word_name(&vm_state_words, now->state)
                            : NULL;
    if (!v->is_shown || state == v->open) {
        return;
    }
    if (v->open) {
        t->format->end(t->out, t->now, TRACK_FIRST_VM + vm);
    }
    if (state) {
        t->format->begin(t->out, t->now, TRACK_FIRST_VM + vm, state);
    }
    v->open = state;
}

/* ---- Packets ------------------------------------------------------------ */

/* Returns the track on which a VM takes and sends packets: its own, if it has
   one, or the processor's. */
static uint32_t track_of(const struct timeline *t, uint32_t vm)
{
    return t->vms[vm].is_shown ? TRACK_FIRST_VM + vm : TRACK_PROCESSOR;
}

/* Shows a packet that passes; its number connects the instants of its flow. */
static void show_packet(struct timeline *t, const struct trace_event *e)
{
    if (e->vm >= t->info->vm_limit) {
        return;
    }
    struct shown_vm *v = &t->vms[e->vm];
    struct timeline_instant i = { .track = TRACK_CARD };
    i.flows[0].id = trace_get_packet(e).packet;
    if (e->kind == TRACE_RX) {
        i.name = "in";
        i.flows[0].part = FLOW_BEGINS;
    } else if (e->kind == TRACE_RECV) {
        i.name = "taken";
        i.track = track_of(t, e->vm);
        i.flows[0].part = FLOW_PASSES;
        v->taken = i.flows[0].id;
    } else if (e->kind == TRACE_SEND) {
        i.name = "sent";
        i.track = track_of(t, e->vm);
        i.flows[0].part = FLOW_BEGINS;
        i.flows[1].id = v->taken;
        i.flows[1].part = FLOW_ENDS;
        v->taken = 0;
    } else {
        i.name = "out";
        i.flows[0].part = FLOW_ENDS;
    }
    t->format->instant(t->out, t->now, &i);
}

/* ---- Counters ----------------------------------------------------------- */

static void read_counters(const struct timeline *t,
                          uint64_t values[COUNTER_COUNT])
{
    const struct replay *r = t->replay;
    values[AT_GATE] = r->lists[VM_WAITING].count;
    values[READY] = r->lists[VM_READY].count;
    values[PAGING] = r->lists[VM_PAGING].count;
    values[FRAMES] = r->frames_used;
    values[DISK_REQUESTS] = 0;
    for (uint32_t i = 0; i < t->info->disks; i++) {
        values[DISK_REQUESTS] += r->disks[i].depth;
    }
    values[PACKETS] = t->packets;
}

/* Shows the counters that have changed, before time moves on. */
static void show_counters(struct timeline *t, bool all)
{
    uint64_t values[COUNTER_COUNT];
    read_counters(t, values);
    for (uint32_t i = 0; i < COUNTER_COUNT; i++) {
        if (all || values[i] != t->counters[i]) {
            t->format->value(t->out, t->now, TRACK_FIRST_COUNTER + i,
                             counter_names[i], values[i]);
        }
        t->counters[i] = values[i];
    }
}

/* ---- Events ------------------------------------------------------------- */

static uint64_t queued(const struct timeline *t, const struct trace_event *e)
{
    if (e->vm >= t->info->vm_limit) {
        return 0;
    }
    return (uint64_t)t->replay->vms[e->vm].rx + t->replay->vms[e->vm].tx;
}

static void begin_all(struct timeline *t)
{
    t->has_begun = true;
    for (uint32_t i = 0; i < t->info->vm_limit; i++) {
        show_state(t, i);
    }
    show_counters(t, true);
}

/* Shows an event: its kind takes time, moves a packet, or may change a VM's
   state. */
static void show(struct timeline *t, const struct trace_event *e,
                 uint64_t before)
{
    switch (trace_kind(e)) {
    case TRACE_RUN:
        spend(t, e, before, CPU_GUEST);
        break;
    case TRACE_CHARGE:
        spend(t, e, before, trace_get_charge(e).category);
        break;
    case TRACE_RX:
    case TRACE_RECV:
    case TRACE_SEND:
    case TRACE_TX:
        show_packet(t, e);
        break;
    case TRACE_EXIT:
    case TRACE_VINSN:
    case TRACE_CREATE:
    case TRACE_END:
    case TRACE_CONSOLE:
    case TRACE_PICK:
    case TRACE_SWITCH:
    case TRACE_PREEMPT:
    case TRACE_IDLE:
    case TRACE_WAKE:
    case TRACE_ARRIVE:
    case TRACE_ADMIT:
    case TRACE_LEASE_END:
    case TRACE_FAULT:
    case TRACE_FILL:
    case TRACE_TABLE:
    case TRACE_RAISE:
    case TRACE_DELIVER:
    case TRACE_RX_DROP:
    case TRACE_REQUEST:
    case TRACE_REPLY:
    case TRACE_GIVE_UP:
    case TRACE_RETRANSMIT:
    case TRACE_WRONG:
    case TRACE_EVICT:
    case TRACE_BLOCK:
    case TRACE_RECLAIM:
    case TRACE_DISK_READ:
    case TRACE_DISK_WRITE:
    case TRACE_DISK_DONE:
    case TRACE_SET_ASIDE:
    case TRACE_READY:
    case TRACE_PHASE:
    case TRACE_TOUCH:
    case TRACE_DIRTY:
    case TRACE_CLEAN:
    case TRACE_HAND:
    case TRACE_CONNECT:
    case TRACE_CLIENT_SEND:
    case TRACE_CLIENT_RECV:
    case TRACE_TX_DROP:
    case TRACE_LINK_DROP:
    case TRACE_LINK_COPY:
    case TRACE_GIVE_WAY:
    case TRACE_REASON:
    case TRACE_REFUSE_CREATE:
    case TRACE_DISK_CANCEL:
        show_state(t, e->vm);
        break;
    }
}

static void take_event(struct timeline *t, const struct trace_event *e,
                       const struct event_filter *filter)
{
    uint64_t before = t->now;
    uint64_t cycles = e->time > t->cycles ? e->time : t->cycles;
    uint64_t ns = ns_from_cycles(cycles, t->info->cpu_hz);
    if (t->has_begun && ns > t->now) {
        show_counters(t, false);
    }
    t->cycles = cycles;
    t->now = ns;
    uint64_t were = queued(t, e);
    replay_event(t->replay, e);
    t->packets += queued(t, e) - were;
    if (!t->has_begun && e->time < filter->from) {
        return;
    }
    if (!t->has_begun) {
        begin_all(t);
        before = t->now;
    }
    show(t, e, before);
}

static void end_all(struct timeline *t)
{
    if (t->has_begun) {
        show_counters(t, false);
    }
    end_busy(t, t->now);
    for (uint32_t i = 0; i < t->info->vm_limit; i++) {
        if (t->vms[i].open) {
            t->format->end(t->out, t->now, TRACK_FIRST_VM + i);
        }
    }
}

static enum trace_read write_events(struct timeline *t, struct trace_file *file,
                                    const struct event_filter *filter)
{
    struct trace_event e;
    enum trace_read got;
    while ((got = trace_file_next(file, &e)) == TRACE_READ_EVENT) {
        if (e.time > filter->to) {
            got = TRACE_READ_END;
            break;
        }
        take_event(t, &e, filter);
    }
    end_all(t);
    return got;
}

enum trace_read timeline_write(const struct timeline_format *format,
                               struct trace_file *file,
                               const struct event_filter *filter, FILE *out)
{
    const struct trace_info *info = trace_file_info(file);
    struct replay_options options = { .sample_cycles = info->cpu_hz };
    struct timeline t = { .format = format, .out = out, .info = info };
    size_t vms = info->vm_limit > 0 ? info->vm_limit : 1;
    enum trace_read got = TRACE_READ_CORRUPT;
    t.vms = calloc(vms, sizeof(*t.vms));
    t.replay = replay_create(info, &options);
    if (t.vms && t.replay) {
        (void)trace_file_seek(file, 0); /* A pipe still is at its beginning. */
        if (choose(&t, file, filter)) {
            announce(&t);
            got = write_events(&t, file, filter);
            format->finish(out);
        }
    }
    if (got == TRACE_READ_CORRUPT && trace_file_message(file)[0] == '\0') {
        cli_complain("out of memory to draw this trace");
    }
    replay_free(t.replay);
    free(t.vms);
    return got;
}
