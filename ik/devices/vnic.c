/* vnic.c - see vnic.h. */
#include "ik/devices/vnic.h"

#include "ik/check.h"
#include "ik/devices/devices.h"
#include "ik/memory/memory.h"
#include "ik/virtual/virq.h"
#include "sim/bytes.h"

/* Offsets in an Ethernet frame, and in the ARP packet after its header. */
enum {
    ETH_TO = 0,
    ETH_FROM = 6,
    ETH_TYPE = 12,
    ETH_HEADER = ABI_PACKET_MIN_BYTES,
    ARP_OPERATION = ETH_HEADER + 6,
    ARP_SENDER = ETH_HEADER + 8, /* Its MAC, then its IPv4 address. */
    ARP_TARGET_IP = ETH_HEADER + 24,
    ARP_END = ETH_HEADER + 28,
    IPV4_FROM = ETH_HEADER + 12,
    IPV4_END = ETH_HEADER + 20,
};

#define TYPE_IPV4    0x0800
#define TYPE_ARP     0x0806
#define ARP_REQUEST  1
#define SERVE_BUDGET 64 /* Packets in one interrupt. */

/* ---- Addresses ---------------------------------------------------------- */

static bool is_group_address(const uint8_t *mac)
{
    return mac[0] & 1;
}

/* The living VM with that IPv4 address; NULL: there is none. */
static struct vm *vm_of_ip(struct kernel *k, uint32_t ip)
{
    uint32_t number = ip - ABI_VM_NET - 1;
    if (number >= k->vm_count || k->vms[number].state == VM_DEAD) {
        return NULL;
    }
    return &k->vms[number];
}

/*
 * Where the switch sends a frame: to a VM, or, when *is_outside, to the wire.
 * Neither: it is dropped. An address in the VMs' range is never outside.
 */
static struct vm *destination(struct kernel *k, const struct packet *p,
                              bool *is_outside)
{
    const uint8_t *mac = p->bytes + ETH_TO;
    uint32_t ip = get_be32(mac + 2);
    *is_outside = false;
    if (is_group_address(mac)) {
        if (get_be16(p->bytes + ETH_TYPE) != TYPE_ARP ||
            p->length_bytes < ARP_END ||
            get_be16(p->bytes + ARP_OPERATION) != ARP_REQUEST) {
            return NULL;
        }
        ip = get_be32(p->bytes + ARP_TARGET_IP);
    } else if (get_be16(mac) != ABI_MAC_PREFIX) {
        *is_outside = true;
        return NULL;
    }
    bool in_vm_range = ip - ABI_VM_NET - 1 < VM_LIMIT;
    *is_outside = !in_vm_range;
    return in_vm_range ? vm_of_ip(k, ip) : NULL;
}

static void watch(struct kernel *k, enum watch_point where, uint64_t at,
                  struct packet *p)
{
    if (k->config.watch) {
        k->config.watch(k->config.watch_ctx, where, at, p);
    }
}

static void tap(struct kernel *k, uint64_t at, const struct packet *p)
{
    if (k->config.tap) {
        k->config.tap(k->config.tap_ctx, at, p);
    }
}

/* ---- Receive ------------------------------------------------------------ */

static void drop_rx(struct kernel *k, const struct vm *vm, struct packet *p,
                    enum rx_drop cause)
{
    struct stats *s = k->config.stats;
    if (s->in_window) {
        s->net.rx_drops++;
        s->net.rx_drops_by_cause.vm_full += cause == VNIC_DROP_VM_FULL;
        s->net.rx_drops_by_cause.pool_full += cause == VNIC_DROP_POOL_FULL;
        s->net.rx_drops_by_cause.no_vm += cause == VNIC_DROP_NO_VM;
    }
    kernel_emit(k, TRACE_EVENT(rx_drop, vm ? vm->id : TRACE_NO_VM,
                               PACKET_FIELDS(p), .why = cause));
    packet_put(k->config.pool, p);
}

/* On whose account the frame is. Of a VM's frame the switch has checked the
   address that it is from. */
static struct rx_source source_of(const struct packet *p)
{
    const uint8_t *bytes = p->bytes;
    uint32_t ip = get_be32(bytes + ETH_FROM + 2);
    uint32_t number = ip - ABI_VM_NET - 1;
    if (get_be16(bytes + ETH_FROM) == ABI_MAC_PREFIX && number < VM_LIMIT) {
        return (struct rx_source){ .is_vm = true, .key = number };
    }
    bool has_ports = get_be16(bytes + ETH_TYPE) == TYPE_IPV4 &&
                     p->length_bytes >= IPV4_END + 4;
    uint32_t ports = has_ports ? get_be32(bytes + IPV4_END) : 0;
    return (struct rx_source){ .key = (uint64_t)ip << 32 | ports };
}

/* Takes room for the frame in the VM's queue, or drops it. `vm` may be NULL. */
static bool claim(struct kernel *k, struct vm *vm, struct packet *p)
{
    uint32_t queued = vm ? vm->rx.count + vm->rx_on_card : 0;
    const struct rx_policy *policy = k->net.rx->policy;
    struct rx_source from = source_of(p);
    enum rx_drop why;
    if (!vm) {
        why = VNIC_DROP_NO_VM;
    } else if (queued >= k->config.scenario->rx_queue ||
               !policy->takes(k->net.rx, vm->id, &from, queued, k->now)) {
        why = VNIC_DROP_VM_FULL;
    } else if (!rxpool_has_room(&k->net.rx_pool, queued)) {
        why = VNIC_DROP_POOL_FULL;
    } else {
        rxpool_take(&k->net.rx_pool, queued);
        policy->took(k->net.rx, vm->id, &from);
        return true;
    }
    drop_rx(k, vm, p, why);
    return false;
}

/* The room of one of the VM's frames is free again. */
static void unclaim(struct kernel *k, struct vm *vm, const struct packet *p)
{
    const struct rx_policy *policy = k->net.rx->policy;
    struct rx_source from = source_of(p);
    rxpool_give_back(&k->net.rx_pool, vm->rx.count + vm->rx_on_card);
    policy->gave(k->net.rx, vm->id, &from);
}

/*
 * A frame arrives at a card that sorts frames. Of the card's ring a VM may have
 * as much as is free: the ring drains, so n VMs that flood leave one part of
 * n + 1 of it to others.
 */
static bool on_arrival(void *ctx, struct packet *p)
{
    struct kernel *k = ctx;
    bool is_outside;
    struct vm *vm = destination(k, p, &is_outside);
    if (vm && vm->rx_on_card >= NIC_RX_RING - k->net.nic.rx.count) {
        drop_rx(k, vm, p, VNIC_DROP_VM_FULL);
        return false;
    }
    if (!claim(k, vm, p)) {
        return false;
    }
    vm->rx_on_card++;
    p->vm = vm->id;
    return true;
}

/* The frame, for which there is room, is the VM's. */
static void enqueue(struct kernel *k, struct vm *vm, struct packet *p)
{
    packet_queue_push(&vm->rx, p);
    watch(k, WATCH_QUEUED, k->now, p);
    struct stats *s = k->config.stats;
    if (s->in_window) {
        s->net.rx_packets++;
        s->net.rx_bytes += p->length_bytes;
    }
    kernel_emit(
        k, TRACE_EVENT(rx, vm->id, PACKET_FIELDS(p), .queued = vm->rx.count));
    virq_raise(k, vm, ABI_IRQ_NET_RX);
}

/* The first packet of the VM's queue, and its room in the pool; or NULL. */
static struct packet *take_out(struct kernel *k, struct vm *vm)
{
    if (vm->rx.count > 0) {
        unclaim(k, vm, vm->rx.head);
    }
    return packet_queue_pop(&vm->rx);
}

/* The programmed I/Os of a packet, beyond the one charged already. */
static void charge_pios(struct kernel *k, struct vm *vm, uint32_t pcnet32_pios)
{
    if (k->config.scenario->nic == NIC_PCNET32) {
        kernel_charge(k, vm, CPU_PIO,
                      (uint64_t)(pcnet32_pios - 1) * k->costs->pio);
    }
}

/* Copies the VM's next packet to `va`. There is one, and the pages of the buffer
   are present. */
static void receive(struct kernel *k, struct vm *vm, uint32_t va)
{
    struct packet *p = take_out(k, vm);
    SIM_ASSERT(p);
    charge_pios(k, vm, PCNET32_RX_PIOS);
    watch(k, WATCH_TAKEN, k->now, p);
    memory_copy_out(k, vm, va, p->bytes, p->length_bytes);
    kernel_emit(
        k, TRACE_EVENT(recv, vm->id, PACKET_FIELDS(p), .queued = vm->rx.count));
    memory_charge_copy(k, vm, p->length_bytes, k->costs->copy_to_guest);
    packet_put(k->config.pool, p);
}

/* ---- Transmit ----------------------------------------------------------- */

/* The frame passes the switch at cycle `at`. */
static void count_sent(struct kernel *k, const struct vm *from, uint64_t at,
                       const struct packet *p, bool is_outside)
{
    struct stats *s = k->config.stats;
    if (s->in_window) {
        s->net.tx_packets++;
        s->net.tx_bytes += p->length_bytes;
        s->net.local_packets += !is_outside;
    }
    trace_emit(k->config.trace, at,
               TRACE_EVENT(tx, from->id, PACKET_FIELDS(p),
                           .hash = trace_hash(p->bytes, p->length_bytes)));
    tap(k, at, p);
}

/* Says that there is room again, to a VM that was refused some. */
static void ease(struct kernel *k, struct vm *vm)
{
    if (!vm->tx_starved || vm->tx.count > k->config.scenario->tx_queue / 2) {
        return;
    }
    vm->tx_starved = false;
    if (!vm->tx_eased) {
        vm->tx_eased = true;
        vmlist_push(&k->net.eased, k->net.eased_links, vm->id);
    }
}

/* What the card fetches up to cycle `now`: packets of the VMs that the policy
   chooses, each as soon as the card has room, but not before `from`. */
static void fetch(struct kernel *k, uint64_t from, uint64_t now)
{
    struct nic *nic = &k->net.nic;
    struct tx *tx = k->net.tx;
    while (k->net.senders > 0 && nic_tx_room_at(nic) <= now) {
        uint64_t room_at = nic_tx_room_at(nic);
        uint64_t at = room_at > from ? room_at : from;
        struct vm *vm = kernel_vm(k, tx->policy->next(tx));
        struct packet *p = packet_queue_pop(&vm->tx);
        tx->policy->sent(tx, vm->id,
                         vm->tx.head ? vm->tx.head->length_bytes : 0);
        k->net.senders -= vm->tx.count == 0;
        count_sent(k, vm, at, p, true);
        watch(k, WATCH_SENT, at, p);
        nic_transmit(nic, at, p);
        ease(k, vm);
    }
    nic_fetch_more(nic, k->net.senders > 0);
}

static void on_room(void *ctx, uint64_t now)
{
    fetch(ctx, 0, now);
}

/* The last of the VM's transmit queue. */
static void queue(struct kernel *k, struct vm *vm, struct packet *p)
{
    /* What was to be fetched before it came has been. */
    fetch(k, 0, k->now);
    packet_queue_push(&vm->tx, p);
    if (vm->tx.count == 1) {
        k->net.senders++;
        k->net.tx->policy->enter(k->net.tx, vm->id, p->length_bytes);
    }
    fetch(k, k->now, k->now);
}

static bool is_mac_of(const uint8_t *mac, uint32_t ip)
{
    return get_be16(mac) == ABI_MAC_PREFIX && get_be32(mac + 2) == ip;
}

/* Wherever the frame says from whom it is, it says the truth. */
static bool names_its_sender(const struct packet *p, const struct vm *from)
{
    const uint8_t *bytes = p->bytes;
    uint32_t own = ABI_VM_NET + from->id + 1;
    if (!is_mac_of(bytes + ETH_FROM, own)) {
        return false;
    }
    switch (get_be16(bytes + ETH_TYPE)) {
    case TYPE_IPV4:
        return p->length_bytes >= IPV4_END &&
               get_be32(bytes + IPV4_FROM) == own;
    case TYPE_ARP:
        return p->length_bytes >= ARP_END &&
               is_mac_of(bytes + ARP_SENDER, own) &&
               get_be32(bytes + ARP_SENDER + 6) == own;
    default: /* Nobody here reads it. */
        return true;
    }
}

/* Whether the sender may say that, and to whom. The frame is charged for now
   and, if it is for a VM, is there now. */
static void forward(struct kernel *k, struct vm *from, struct packet *p)
{
    bool is_outside;
    struct vm *to = destination(k, p, &is_outside);
    struct stats *s = k->config.stats;
    bool spoofed = !names_its_sender(p, from);
    if (spoofed || (!to && !is_outside)) {
        if (s->in_window) {
            s->net.tx_drops++;
        }
        kernel_emit(k, TRACE_EVENT(tx_drop, from->id, PACKET_FIELDS(p),
                                   .why = spoofed ? VNIC_DROP_SPOOFED
                                                  : VNIC_DROP_NOWHERE));
        packet_put(k->config.pool, p);
        return;
    }
    kernel_charge(k, from, CPU_INTERRUPT, k->costs->tx_packet);
    if (is_outside) {
        queue(k, from, p);
    } else {
        count_sent(k, from, k->now, p, false);
        if (claim(k, to, p)) {
            enqueue(k, to, p);
        }
    }
}

/* Copies `bytes` at `va`, whose pages are present, into a packet of the VM's.
   Returns 0, or ABI_EAGAIN when there is no room. */
static int32_t transmit(struct kernel *k, struct vm *vm, uint32_t va,
                        uint32_t bytes)
{
    SIM_ASSERT(bytes <= PACKET_MAX_BYTES);
    if (vm->tx.count >= k->config.scenario->tx_queue) {
        vm->tx_starved = true;
        return ABI_EAGAIN;
    }
    struct packet *p = packet_get(k->config.pool);
    if (!p) {
        return ABI_EAGAIN; /* The host has no memory for more. */
    }
    charge_pios(k, vm, PCNET32_TX_PIOS);
    memory_copy_in(k, vm, p->bytes, va, bytes);
    p->length_bytes = (uint16_t)bytes;
    p->vm = vm->id;
    kernel_emit(k, TRACE_EVENT(send, vm->id, PACKET_FIELDS(p),
                               .queued = vm->tx.count + 1));
    memory_charge_copy(k, vm, bytes, k->costs->copy_from_guest);
    forward(k, vm, p);
    return 0;
}

bool vnic_waits(const struct kernel *k)
{
    return nic_interrupt_is_up(&k->net.nic) || !vmlist_is_empty(&k->net.eased);
}

/* A frame off the card. */
static void accept(struct kernel *k, struct vm *vm, struct packet *p)
{
    if (!k->net.rx->policy->is_early) {
        if (claim(k, vm, p)) {
            enqueue(k, vm, p);
        }
        return;
    }
    struct vm *claimed = kernel_vm(k, p->vm);
    if (vm) {
        claimed->rx_on_card--;
        enqueue(k, vm, p);
    } else { /* It ended meanwhile. */
        unclaim(k, claimed, p);
        claimed->rx_on_card--;
        drop_rx(k, NULL, p, VNIC_DROP_NO_VM);
    }
}

void vnic_serve(struct kernel *k)
{
    if (!vnic_waits(k)) {
        return;
    }
    struct stats *s = k->config.stats;
    s->net.interrupts += s->in_window;
    bool charged = false;
    for (int budget = SERVE_BUDGET; budget > 0; budget--) {
        struct packet *p = nic_receive(&k->net.nic);
        if (!p) {
            break;
        }
        bool is_outside;
        struct vm *vm = destination(k, p, &is_outside);
        kernel_charge(k, vm, CPU_INTERRUPT,
                      k->costs->rx_packet +
                          (charged ? 0 : k->costs->interrupt));
        charged = true;
        tap(k, k->now, p);
        accept(k, vm, p);
        /* What arrives meanwhile shares the interrupt. */
        while (events_fire_next(k->config.events, k->now)) {
        }
    }
    if (!charged) {
        kernel_charge(k, kernel_vm(k, k->net.eased.head), CPU_INTERRUPT,
                      k->costs->interrupt);
    }
    while (!vmlist_is_empty(&k->net.eased)) {
        struct vm *vm =
            kernel_vm(k, vmlist_pop(&k->net.eased, k->net.eased_links));
        vm->tx_eased = false;
        virq_raise(k, vm, ABI_IRQ_NET_TX);
    }
}

/* ---- The device --------------------------------------------------------- */

static const char *vnic_init(struct kernel *k, struct arena *arena)
{
    const struct kernel_config *c = &k->config;
    const struct scenario *s = c->scenario;
    struct rx_config rx = {
        .vm_limit = k->vm_count,
        .queue_limit = s->rx_queue,
        .quantum_cycles = cycles_from_ns(s->quantum_ns, k->cpu_hz),
    };
    struct tx_config tx = { k->vm_count, PACKET_MAX_BYTES };
    nic_init(&k->net.nic, c->link, s->tx_ahead, on_room, k);
    if (c->receive->is_early) {
        k->net.nic.admit = on_arrival;
    }
    rxpool_init(&k->net.rx_pool, s->rx_pool, s->rx_queue, k->vm_count);
    k->net.rx = c->receive->create(c->receive, arena, &rx);
    k->net.tx = c->transmit->create(c->transmit, arena, &tx);
    return k->net.rx && k->net.tx ? NULL
                                  : "too little host memory for the network";
}

/* Drops the packets in the VM's queues. */
static void vnic_end(struct kernel *k, struct vm *vm)
{
    if (vm->tx.count > 0) {
        k->net.senders--;
        k->net.tx->policy->leave(k->net.tx, vm->id);
    }
    for (struct packet *p; (p = take_out(k, vm)) != NULL;) {
        packet_put(k->config.pool, p);
    }
    for (struct packet *p; (p = packet_queue_pop(&vm->tx)) != NULL;) {
        packet_put(k->config.pool, p);
    }
    vm->tx_starved = false;
    if (vm->tx_eased) {
        vm->tx_eased = false;
        vmlist_remove(&k->net.eased, k->net.eased_links, vm->id);
    }
    nic_fetch_more(&k->net.nic, k->net.senders > 0);
}

/* Bounded memory is bounded: what the pool counts is what queues hold. */
static void vnic_audit(struct kernel *k)
{
    uint32_t queued = 0;
    uint32_t beyond = 0;
    uint32_t senders = 0;
    uint32_t on_card = 0;
    uint32_t allotment = k->net.rx_pool.allotment;
    for (vmid_t i = 0; i < k->vm_count; i++) {
        const struct vm *vm = &k->vms[i];
        uint32_t count = vm->rx.count + vm->rx_on_card;
        queued += count;
        on_card += vm->rx_on_card;
        senders += vm->tx.count > 0;
        beyond += count > allotment ? count - allotment : 0;
        if (vm->state == VM_DEAD) {
            check_equal(k, "packets of a dead VM", vm->rx.count + vm->tx.count,
                        0);
        }
    }
    check_equal(k, "VMs with packets to be sent", k->net.senders, senders);
    check_equal(k, "frames on a card that sorts them", on_card,
                k->config.receive->is_early ? k->net.nic.rx.count : 0);
    check_equal(k, "packets in receive queues", k->net.rx_pool.waiting, queued);
    check_equal(k, "packets beyond their VMs' allotments",
                k->net.rx_pool.beyond, beyond);
}

static int32_t send_decode(struct kernel *k, const struct vm *vm,
                           const struct vinsn_args *a, struct vinsn_buffer *b)
{
    (void)k;
    (void)vm;
    *b = (struct vinsn_buffer){ a->eax, a->ecx, CPU_READ };
    bool is_packet =
        a->ecx >= ABI_PACKET_MIN_BYTES && a->ecx <= ABI_PACKET_MAX_BYTES;
    return is_packet ? 0 : ABI_EINVAL;
}

static int32_t send_invoke(struct kernel *k, struct vm *vm,
                           const struct vinsn_args *a,
                           const struct vinsn_buffer *b)
{
    (void)a;
    return transmit(k, vm, b->va, b->bytes);
}

/* With no packet there is no buffer. */
static int32_t recv_decode(struct kernel *k, const struct vm *vm,
                           const struct vinsn_args *a, struct vinsn_buffer *b)
{
    (void)k;
    uint32_t bytes = vm->rx.head ? vm->rx.head->length_bytes : 0;
    *b = (struct vinsn_buffer){ a->eax, bytes, CPU_WRITE };
    return bytes <= a->ecx ? 0 : ABI_EMSGSIZE;
}

static int32_t recv_invoke(struct kernel *k, struct vm *vm,
                           const struct vinsn_args *a,
                           const struct vinsn_buffer *b)
{
    (void)a;
    if (b->bytes > 0) {
        receive(k, vm, b->va);
    }
    return (int32_t)b->bytes;
}

static const struct vinsn vnic_insns[] = {
    { .vector = ABI_VI_PACKET_SEND,
      .decode = send_decode,
      .invoke = send_invoke },
    { .vector = ABI_VI_PACKET_RECV,
      .decode = recv_decode,
      .invoke = recv_invoke },
    { .invoke = NULL },
};

const struct device device_vnic = {
    .name = "nic",
    .irqs = ABI_IRQ_NET_RX | ABI_IRQ_NET_TX,
    .insns = vnic_insns,
    .init = vnic_init,
    .end = vnic_end,
    .audit = vnic_audit,
};
