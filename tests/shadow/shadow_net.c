/*
 * shadow_net.c - frames in the machine: the switch, the queues, the card.
 *
 * No event says that the card interrupts; but what the kernel is charged just
 * before it puts a frame from outside into a queue is the driver's work for one
 * frame, or that and an interrupt. The profile says how much either is.
 */
#include "tests/shadow/shadow.h"

#define INTERRUPT 2 /* The category that the driver's work is charged to. */
#define NET_TX    2 /* The virtual interrupt, as a mask. */

bool shadow_net_init(struct shadow *s)
{
    const char *profile = "";
    (void)json_unpack(s->info->scenario, "{s:{s:s}}", "machine", "profile",
                      &profile);
    const struct machine *machine = machine_find(profile);
    s->costs = machine ? &machine->costs : NULL;
    return machine;
}

/* The event before was a charge of so many cycles for interrupts. */
static bool was_charged(const struct shadow *s, uint64_t cycles)
{
    return s->before.kind == TRACE_CHARGE && s->before.category == INTERRUPT &&
           s->before.cycles == cycles;
}

/* From another VM, or else from outside. */
static bool is_local(const struct shadow *s, const struct fact *f)
{
    return f->packet == s->sent_packet;
}

static void take_from_outside(struct shadow *s)
{
    uint64_t cycles = (uint64_t)s->costs->interrupt + s->costs->rx_packet;
    s->count.interrupts += s->in_window && was_charged(s, cycles);
}

/* The card may interrupt as well when a full queue has room again. */
static void take_room(struct shadow *s)
{
    s->count.interrupts += s->in_window && was_charged(s, s->costs->interrupt);
}

static void take_arrival(struct shadow *s, const struct fact *f)
{
    if (is_local(s, f)) {
        s->count.local_packets += s->sent_in_window;
        s->sent_packet = 0;
    } else {
        take_from_outside(s);
    }
}

static void take_rx(struct shadow *s, struct shadow_vm *vm,
                    const struct fact *f)
{
    vm->rx++;
    s->count.rx_packets += s->in_window;
    s->count.rx_bytes += s->in_window ? f->bytes : 0;
    if (f->queue_length != vm->rx) {
        shadow_wonder(s, "VM %u has %llu packets, not %llu", f->vm,
                      (unsigned long long)vm->rx,
                      (unsigned long long)f->queue_length);
    }
}

static void take_recv(struct shadow *s, struct shadow_vm *vm,
                      const struct fact *f)
{
    (void)s;
    (void)f;
    vm->rx--;
}

static void take_tx(struct shadow *s, struct shadow_vm *vm,
                    const struct fact *f)
{
    (void)vm;
    s->sent_packet = f->packet;
    s->sent_in_window = s->in_window;
    s->count.tx_packets += s->in_window;
    s->count.tx_bytes += s->in_window ? f->bytes : 0;
}

static void take_tx_drop(struct shadow *s, struct shadow_vm *vm,
                         const struct fact *f)
{
    (void)vm;
    (void)f;
    s->count.tx_drops += s->in_window;
}

/* Also of frames that are for no VM. */
static void take_rx_drop(struct shadow *s, const struct fact *f)
{
    s->count.rx_drops += s->in_window;
    s->count.vm_full += s->in_window && f->rx_drop == VNIC_DROP_VM_FULL;
    s->count.pool_full += s->in_window && f->rx_drop == VNIC_DROP_POOL_FULL;
    s->count.no_vm += s->in_window && f->rx_drop == VNIC_DROP_NO_VM;
}

static shadow_taker *const takers[TRACE_KIND_COUNT] = {
    [TRACE_RX] = take_rx,
    [TRACE_RECV] = take_recv,
    [TRACE_TX] = take_tx,
    [TRACE_TX_DROP] = take_tx_drop,
};

void shadow_net(struct shadow *s, const struct fact *f)
{
    if (f->kind == TRACE_RX || f->kind == TRACE_RX_DROP) {
        take_arrival(s, f);
    }
    if (f->kind == TRACE_RX_DROP) {
        take_rx_drop(s, f);
    }
    if (f->kind == TRACE_RAISE && (f->interrupts & NET_TX)) {
        take_room(s);
    }
    if (f->kind == TRACE_LINK_DROP) {
        s->count.overrun += f->link_drop == LINK_OVERRUN;
    }
    shadow_tell(s, takers, f);
}
