/*
 * judge_net.c - where each frame is: on the wire, at the switch, in a VM's
 * queue, gone. What the wire may take follows from the scenario's link as
 * docs/scenario.md has it. See judge.h.
 */
#include <stdlib.h>

#include "sim/devices/machine.h"
#include "sim/units.h"
#include "tests/simulation/judge_own.h"

/* Preamble, check sequence and gap; a frame is padded. */
#define OVERHEAD_BYTES 24
#define PADDED_BYTES   60
#define HELD_FRAMES    8 /* "held back by up to the latency and eight frames" */

static uint64_t whole(const json_t *mapping, const char *key)
{
    return strtoull(judge_text(mapping, key), NULL, 10);
}

static bool is_set(const json_t *mapping, const char *key)
{
    return strtod(judge_text(mapping, key), NULL) > 0;
}

void judge_net_init(struct judge *j)
{
    const json_t *link = json_object_get(j->info->scenario, "link");
    const json_t *kernel = json_object_get(j->info->scenario, "kernel");
    j->latency = judge_cycles(j, link, "latency", 0);
    if (units_read_bitrate(judge_text(link, "bandwidth"),
                           &j->bits_per_second) != NULL) {
        j->bits_per_second = 1;
    }
    j->is_disordered = is_set(link, "reorder") || is_set(link, "duplicate");
    j->rx_queue = whole(kernel, "rx_queue");
    j->tx_queue = whole(kernel, "tx_queue");
}

static uint64_t frame_cycles(const struct judge *j, uint64_t bytes)
{
    uint64_t bits =
        ((bytes < PADDED_BYTES ? PADDED_BYTES : bytes) + OVERHEAD_BYTES) * 8;
    return (bits * j->info->cpu_hz + j->bits_per_second - 1) /
           j->bits_per_second;
}

/* ---- Places ------------------------------------------------------------- */

static struct judged_packet *packet_of(struct judge *j,
                                       const struct trace_event *e)
{
    struct trace_packet t = trace_get_packet(e);
    j->packets =
        judge_grow(j->packets, sizeof(*j->packets), &j->packet_room, t.packet);
    struct judged_packet *p = &j->packets[t.packet];
    if (p->was_made && p->bytes != t.bytes) {
        judge_find(j, "packet", "frame %llu had %llu bytes, and has %llu",
                   (unsigned long long)t.packet, (unsigned long long)p->bytes,
                   (unsigned long long)t.bytes);
    }
    return p;
}

static void wire_push(struct judge *j, struct judged_wire *w, uint64_t serial,
                      uint64_t due)
{
    struct judged_packet *p = &j->packets[serial];
    p->due = due;
    p->prev = w->last;
    p->next = 0;
    *(w->last ? &j->packets[w->last].next : &w->first) = serial;
    w->last = serial;
}

static void wire_remove(struct judge *j, struct judged_wire *w, uint64_t serial)
{
    struct judged_packet *p = &j->packets[serial];
    *(p->prev ? &j->packets[p->prev].next : &w->first) = p->next;
    *(p->next ? &j->packets[p->next].prev : &w->last) = p->prev;
}

/* The frame goes on the wire at cycle `at`. */
static void set_out(struct judge *j, struct judged_wire *w, uint64_t serial,
                    uint64_t at)
{
    uint64_t frame = frame_cycles(j, j->packets[serial].bytes);
    w->before = w->busy_until;
    w->busy_until = (at > w->busy_until ? at : w->busy_until) + frame;
    uint64_t held = j->is_disordered ? j->latency + HELD_FRAMES * frame + 1 : 0;
    wire_push(j, w, serial, w->busy_until + j->latency + held);
}

static void be_at(struct judge *j, const struct trace_event *e,
                  const struct judged_packet *p, enum judged_place place)
{
    if (p->place != place ||
        ((place == PLACE_RECEIVE || place == PLACE_TRANSMIT) &&
         p->vm != e->vm)) {
        judge_find(j, "packet",
                   "frame %llu, at place %d (VM %u), is at place %d (kind %u, "
                   "VM %u)",
                   (unsigned long long)trace_get_packet(e).packet,
                   (int)p->place, p->vm, (int)place, e->kind, e->vm);
    }
}

static struct judged_packet *make(struct judge *j, const struct trace_event *e,
                                  enum judged_place place)
{
    struct judged_packet *p = packet_of(j, e);
    if (p->was_made) {
        judge_find(j, "packet", "frame %llu is made again",
                   (unsigned long long)trace_get_packet(e).packet);
    }
    *p = (struct judged_packet){ .bytes = trace_get_packet(e).bytes,
                                 .place = place,
                                 .vm = e->vm,
                                 .was_made = true };
    return p;
}

/* ---- The wire ----------------------------------------------------------- */

static void take_client_send(struct judge *j, const struct trace_event *e)
{
    make(j, e, PLACE_TO_MACHINE);
    set_out(j, &j->in, trace_get_packet(e).packet, e->time);
}

static void take_copy(struct judge *j, const struct trace_event *e)
{
    uint64_t original = trace_get_link_copy(e).original;
    uint64_t serial = trace_get_packet(e).packet;
    if (original >= j->packet_room || !j->packets[original].was_made) {
        judge_find(j, "packet", "a copy of frame %llu, which is none",
                   (unsigned long long)original);
        return;
    }
    /* Its original has set out: it follows by a frame's time. */
    enum judged_place place = j->packets[original].place;
    struct judged_packet *p = make(j, e, place);
    p->vm = e->vm;
    struct judged_wire *w = place == PLACE_TO_MACHINE ? &j->in : &j->out;
    wire_push(j, w, serial,
              w->busy_until + j->latency + frame_cycles(j, p->bytes));
}

/* The frame has left the wire, after those before it. */
static void leave_wire(struct judge *j, struct judged_wire *w, uint64_t serial)
{
    if (j->packets[serial].has_passed) { /* But for frames from VM to VM. */
        judge_find(j, "packet", "frame %llu passes others that its VM sent",
                   (unsigned long long)serial);
    }

    if (!j->is_disordered && w->first != serial) {
        judge_find(j, "packet", "frame %llu overtakes frame %llu on the wire",
                   (unsigned long long)serial, (unsigned long long)w->first);
    }
    wire_remove(j, w, serial);
}

static void take_client_recv(struct judge *j, const struct trace_event *e)
{
    struct judged_packet *p = packet_of(j, e);
    be_at(j, e, p, PLACE_SWITCH);
    leave_wire(j, &j->out, trace_get_packet(e).packet);
    p->place = PLACE_NOWHERE;
}

/* Lost where it sets out, or where it arrives. */
static void take_link_drop(struct judge *j, const struct trace_event *e)
{
    struct judged_packet *p = packet_of(j, e);
    uint64_t serial = trace_get_packet(e).packet;
    if (p->place != PLACE_TO_MACHINE && p->place != PLACE_SWITCH) {
        be_at(j, e, p, PLACE_TO_MACHINE);
        return;
    }
    wire_remove(j, p->place == PLACE_TO_MACHINE ? &j->in : &j->out, serial);
    p->place = PLACE_NOWHERE;
}

/* ---- The VMs' queues ---------------------------------------------------- */

/* From the wire, or from another VM. With `receive: by-source` a frame for which
   there is no room is dropped as it comes, while those before it are still in
   the card. */
static struct judged_packet *arrive(struct judge *j,
                                    const struct trace_event *e)
{
    bool is_early = e->kind == TRACE_RX_DROP && j->may_yield;
    struct judged_packet *p = packet_of(j, e);
    uint64_t serial = trace_get_packet(e).packet;
    if (p->place == PLACE_SWITCH) {
        /* It is for a VM: not on the wire at all. */
        wire_remove(j, &j->out, serial);
        j->out.busy_until = j->out.before;
        return p;
    }
    be_at(j, e, p, PLACE_TO_MACHINE);
    if (is_early) {
        wire_remove(j, &j->in, serial);
    } else {
        leave_wire(j, &j->in, serial);
    }
    return p;
}

static void take_rx(struct judge *j, const struct trace_event *e)
{
    struct judged_vm *vm = judge_vm(j, e);
    struct judged_packet *p = arrive(j, e);
    uint64_t serial = trace_get_packet(e).packet;
    p->place = PLACE_RECEIVE;
    p->vm = e->vm;
    p->next = 0;
    vm->rx++;
    if (vm->rx != trace_get_rx(e).queued || vm->rx > j->rx_queue) {
        judge_find(j, "packet",
                   "VM %u has %llu frames and says %llu; %llu may "
                   "wait",
                   e->vm, (unsigned long long)vm->rx,
                   (unsigned long long)trace_get_rx(e).queued,
                   (unsigned long long)j->rx_queue);
    }
    *(vm->rx_last ? &j->packets[vm->rx_last].next : &vm->rx_first) = serial;
    vm->rx_last = serial;
}

static void take_rx_drop(struct judge *j, const struct trace_event *e)
{
    arrive(j, e)->place = PLACE_NOWHERE;
}

static void take_recv(struct judge *j, const struct trace_event *e)
{
    struct judged_vm *vm = judge_vm(j, e);
    struct judged_packet *p = packet_of(j, e);
    uint64_t serial = trace_get_packet(e).packet;
    be_at(j, e, p, PLACE_RECEIVE);
    p->place = PLACE_NOWHERE;
    vm->rx--;
    if (vm->rx_first != serial || vm->rx != trace_get_recv(e).queued) {
        judge_find(j, "packet", "VM %u takes frame %llu, and %llu is its first",
                   e->vm, (unsigned long long)serial,
                   (unsigned long long)vm->rx_first);
    }
    vm->rx_first = p->next;
    vm->rx_last = p->next ? vm->rx_last : 0;
}

static void take_send(struct judge *j, const struct trace_event *e)
{
    struct judged_vm *vm = judge_vm(j, e);
    make(j, e, PLACE_TRANSMIT);
    wire_push(j, &vm->sending, trace_get_packet(e).packet, 0);
    vm->tx++;
    if (vm->tx != trace_get_send(e).queued || vm->tx > j->tx_queue) {
        judge_find(j, "packet",
                   "VM %u sends %llu frames and says %llu; %llu "
                   "may wait",
                   e->vm, (unsigned long long)vm->tx,
                   (unsigned long long)trace_get_send(e).queued,
                   (unsigned long long)j->tx_queue);
    }
}

static struct judged_packet *leave_vm(struct judge *j,
                                      const struct trace_event *e)
{
    struct judged_packet *p = packet_of(j, e);
    struct judged_vm *vm = judge_vm(j, e);
    uint64_t serial = trace_get_packet(e).packet;
    be_at(j, e, p, PLACE_TRANSMIT);
    if (p->place == PLACE_TRANSMIT && p->vm == e->vm) {
        p->has_passed = vm->sending.first != serial;
        wire_remove(j, &vm->sending, serial);
        vm->tx--;
    }
    return p;
}

/* To a VM or to the wire, the trace does not say: a frame for a VM is in its
   queue before time passes, and leaves this wire again. */
static void take_tx(struct judge *j, const struct trace_event *e)
{
    struct judged_packet *p = leave_vm(j, e);
    p->place = PLACE_SWITCH;
    set_out(j, &j->out, trace_get_packet(e).packet, e->time);
    p->vm = e->vm;
}

static void take_tx_drop(struct judge *j, const struct trace_event *e)
{
    leave_vm(j, e)->place = PLACE_NOWHERE;
}

void judge_net_end(struct judge *j, const struct trace_event *e)
{
    struct judged_vm *vm = judge_vm(j, e);
    for (uint64_t i = vm->rx_first; i != 0; i = j->packets[i].next) {
        j->packets[i].place = PLACE_NOWHERE;
    }
    for (uint64_t i = vm->sending.first; i != 0; i = j->packets[i].next) {
        j->packets[i].place = PLACE_NOWHERE;
    }
    vm->sending = (struct judged_wire){ 0 };
    vm->rx = 0;
    vm->tx = 0;
    vm->rx_first = 0;
    vm->rx_last = 0;
}

/* ---- Time passes -------------------------------------------------------- */

static void look_at(struct judge *j, const struct judged_wire *w, uint64_t from,
                    const char *where)
{
    if (w->first != 0 && judge_is_past(j, j->packets[w->first].due, from)) {
        judge_find(j, "packet",
                   "frame %llu is still on its way to the %s, "
                   "where it was to be at cycle %llu",
                   (unsigned long long)w->first, where,
                   (unsigned long long)j->packets[w->first].due);
    }
}

void judge_net_pass(struct judge *j, uint64_t from)
{
    look_at(j, &j->in, from, "machine");
    look_at(j, &j->out, from, "clients");
}

judge_taker *const judge_net_takers[TRACE_KIND_COUNT] = {
    [TRACE_CLIENT_SEND] = take_client_send,
    [TRACE_CLIENT_RECV] = take_client_recv,
    [TRACE_LINK_COPY] = take_copy,
    [TRACE_LINK_DROP] = take_link_drop,
    [TRACE_RX] = take_rx,
    [TRACE_RX_DROP] = take_rx_drop,
    [TRACE_RECV] = take_recv,
    [TRACE_SEND] = take_send,
    [TRACE_TX] = take_tx,
    [TRACE_TX_DROP] = take_tx_drop,
};
