/* test_vnic.c - the switch, its queues, and who may say what to whom. */
#include "tests/ik/fixture.h"

#include <string.h>

#include "sim/bytes.h"

#define VM_IP(n)   (ABI_VM_NET + (n) + 1)
#define OUTSIDE_IP (ABI_CLIENT_NET + 7)
#define FRAME_AT   0x00424000 /* Where guests put together what they send. */
#define ROOM_AT    0x00426ffd /* Where they receive: across two pages. */
#define TYPE_IP    0x0800
#define TYPE_ARP   0x0806

static void store_frame(struct guest_asm *a, uint32_t va, const uint8_t *frame,
                        uint32_t count)
{
    for (uint32_t i = 0; i < count; i += 4) {
        asm_store(a, va + i, get_le32(frame + i));
    }
}

/* Sends a small frame; the result is in EAX. */
static void asm_send(struct guest_asm *a, uint32_t to, uint32_t from,
                     uint32_t bytes)
{
    uint8_t frame[16] = { 0 };
    frame_head(frame, to, from, FRAME_TYPE_OTHER);
    store_frame(a, FRAME_AT, frame, sizeof(frame));
    asm_buffer(a, ABI_VI_PACKET_SEND, FRAME_AT, bytes);
}

/* A guest that sleeps, with interrupts disabled and nothing received. */
static void sleeper(struct guest_asm *a)
{
    asm_init(a);
    asm_idle_for_ever(a);
}

static void a_packet_goes_from_vm_to_vm(void **state)
{
    (void)state;
    struct guest_asm sender;
    asm_init(&sender);
    asm_store(&sender, FRAME_AT + 1510, 0xabcdef01);
    asm_send(&sender, VM_IP(1), VM_IP(0), 1514);
    asm_terminate_eax(&sender);
    struct guest_asm receiver;
    asm_init(&receiver);
    asm_idle(&receiver, ABI_TIME_NEVER);
    asm_buffer(&receiver, ABI_VI_PACKET_RECV, ROOM_AT, 1514);
    asm_save_to(&receiver, GUEST_WORD(1), CPU_EAX);
    asm_load_from(&receiver, CPU_EAX, ROOM_AT + 1510);
    asm_save_to(&receiver, GUEST_WORD(2), CPU_EAX);
    asm_buffer(&receiver, ABI_VI_PACKET_RECV, ROOM_AT, 1514);
    asm_terminate_eax(&receiver);
    struct bench *b = bench_create();
    bench_add(b, &sender, 1);
    bench_add(b, &receiver, 1);
    bench_boot(b);
    uint32_t word[2] = { 0 };
    for (uint64_t t = 10; bench_vm(b, 1)->state != VM_DEAD; t += 10) {
        word[0] = bench_peek(b, 1, GUEST_WORD(1));
        word[1] = bench_peek(b, 1, GUEST_WORD(2));
        bench_run(b, t);
        assert_true(t < 10000);
    }
    bench_expect_end(b, 0, VM_END_TERMINATE, 0);
    bench_expect_end(b, 1, VM_END_TERMINATE, 0); /* The queue was empty. */
    assert_int_equal(word[0], 1514);
    assert_int_equal(word[1], 0xabcdef01);
    assert_int_equal(b->stats.net.local_packets, 1);
    assert_int_equal(b->stats.net.tx_packets, 1);
    assert_int_equal(b->stats.net.rx_packets, 1);
    assert_int_equal(b->tapped, 1);
    assert_int_equal(b->at_clients.count, 0);
    bench_release(b);
}

static void a_packet_for_others_goes_outside(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_send(&a, OUTSIDE_IP, VM_IP(0), 60);
    asm_terminate_eax(&a);
    struct bench *b = bench_of(&a);
    bench_run(b, 100000);
    bench_expect_end(b, 0, VM_END_TERMINATE, 0);
    assert_int_equal(b->at_clients.count, 1);
    assert_int_equal(b->at_clients.head->length_bytes, 60);
    assert_int_equal(get_be32(b->at_clients.head->bytes + 2), OUTSIDE_IP);
    assert_int_equal(b->stats.net.local_packets, 0);
    bench_release(b);
}

/* One packet sent, one received, one look into an empty queue. */
static void a_pcnet32_costs_what_vmwares_costs(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct guest_asm a;
        asm_init(&a);
        asm_send(&a, VM_IP(0), VM_IP(0), 60);
        asm_buffer(&a, ABI_VI_PACKET_RECV, ROOM_AT, 1514);
        asm_save_to(&a, GUEST_WORD(1), CPU_EAX);
        asm_buffer(&a, ABI_VI_PACKET_RECV, ROOM_AT, 1514);
        asm_terminate(&a, 0);
        struct bench *b = bench_create();
        b->scenario.nic = i ? NIC_PCNET32 : NIC_SIMPLE;
        b->scenario.quantum_ns = 1000000;
        b->machine.costs.pio = 1000;
        b->machine.costs.trap = 1;
        bench_add(b, &a, 1);
        bench_boot(b);
        bench_run(b, 100000);
        assert_int_equal(b->stats.net.rx_packets, 1);
        assert_int_equal(bench_vm(b, 0)->cpu[CPU_PIO] / 1000,
                         i ? 12 + 10 + 1 : 1 + 1 + 1);
        bench_release(b);
    }
}

/* A packet that finds the transmit queue full costs one look. */
static void a_pcnet32_that_is_full_costs_one(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    for (int i = 0; i < 3; i++) {
        asm_send(&a, OUTSIDE_IP, VM_IP(0), 1514);
    }
    asm_terminate_eax(&a);
    struct bench *b = bench_create();
    b->scenario.nic = NIC_PCNET32;
    b->scenario.tx_queue = 1;
    b->scenario.quantum_ns = 1000000;
    b->scenario.link.bits_per_second = 1000000;
    b->machine.costs.pio = 1000;
    bench_add(b, &a, 1);
    bench_boot(b);
    /* The card is full already, and so is the queue after one more. */
    while (nic_tx_room_at(&b->kernel->net.nic) == 0) {
        struct packet *p = packet_get(&b->pool);
        p->length_bytes = 1514;
        nic_transmit(&b->kernel->net.nic, 0, p);
    }
    bench_run(b, 100000);
    bench_expect_end(b, 0, VM_END_TERMINATE, (uint32_t)ABI_EAGAIN);
    assert_int_equal(bench_vm(b, 0)->cpu[CPU_PIO] / 1000, 12 + 1 + 1);
    bench_release(b);
}

static void a_vm_may_write_to_itself(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_send(&a, VM_IP(0), VM_IP(0), 60);
    asm_idle(&a, ABI_TIME_NEVER); /* Pending. */
    asm_buffer(&a, ABI_VI_PACKET_RECV, ROOM_AT, 60);
    asm_terminate_eax(&a);
    struct bench *b = bench_of(&a);
    bench_run(b, 10000);
    bench_expect_end(b, 0, VM_END_TERMINATE, 60);
    bench_release(b);
}

/* Another's address, or none of ours: nobody gets it, the sender is not told.
   The same for addresses that no living VM has, and for broadcasts. */
static void what_may_not_pass_is_dropped(void **state)
{
    (void)state;
    static const struct {
        uint32_t to, from;
        uint8_t first; /* Put in place of the first byte, when not 0. */
        uint32_t passes;
    } rows[] = {
        { VM_IP(1), VM_IP(0), 0, 1 },
        { OUTSIDE_IP, VM_IP(0), 0, 1 },
        { VM_IP(1), VM_IP(1), 0, 0 },
        { OUTSIDE_IP, VM_IP(1), 0, 0 },
        { OUTSIDE_IP, OUTSIDE_IP, 0, 0 },
        { OUTSIDE_IP, 0, 0, 0 },
        { VM_IP(2), VM_IP(0), 0, 0 },
        { ABI_VM_NET, VM_IP(0), 0, 1 }, /* Not in the VMs' range. */
        { VM_IP(VM_LIMIT - 1), VM_IP(0), 0, 0 },
        { VM_IP(VM_LIMIT), VM_IP(0), 0, 1 },
        { VM_IP(1), VM_IP(0), 0xff, 0 },
        { VM_IP(1), VM_IP(0), 0x01, 0 },
        { VM_IP(1), VM_IP(0), 0x04, 1 }, /* A stranger's, outside. */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct guest_asm sender;
        asm_init(&sender);
        uint8_t frame[16] = { 0 };
        frame_head(frame, rows[i].to, rows[i].from, FRAME_TYPE_OTHER);
        frame[0] = rows[i].first ? rows[i].first : frame[0];
        store_frame(&sender, FRAME_AT, frame, sizeof(frame));
        asm_buffer(&sender, ABI_VI_PACKET_SEND, FRAME_AT, 60);
        asm_terminate_eax(&sender);
        struct guest_asm other;
        sleeper(&other);
        struct bench *b = bench_create();
        bench_add(b, &sender, 1);
        bench_add(b, &other, 1);
        bench_boot(b);
        bench_run(b, 100000);
        bench_expect_end(b, 0, VM_END_TERMINATE, 0);
        uint32_t passed = b->at_clients.count + bench_vm(b, 1)->rx.count;
        assert_int_equal(passed, rows[i].passes);
        assert_int_equal(b->tapped, rows[i].passes);
        assert_int_equal(b->stats.net.tx_drops, !rows[i].passes);
        bench_release(b);
    }
}

/* What a frame of VM 0 says of its sender, beyond Ethernet's address. */
static void what_names_another_sender_is_dropped(void **state)
{
    (void)state;
    static const struct {
        uint16_t type;
        uint32_t ip;     /* IPv4's source, or ARP's sender. */
        uint32_t mac_ip; /* ARP's sender has the MAC of this address. */
        uint32_t bytes;
        bool passes;
    } rows[] = {
        { TYPE_IP, VM_IP(0), 0, 60, true },
        { TYPE_IP, VM_IP(0), 0, 34, true },
        { TYPE_IP, VM_IP(0), 0, 33, false },
        { TYPE_IP, VM_IP(0), 0, 14, false },
        { TYPE_IP, VM_IP(1), 0, 60, false },
        { TYPE_IP, OUTSIDE_IP, 0, 60, false },
        { TYPE_IP, 0, 0, 60, false },
        { TYPE_ARP, VM_IP(0), VM_IP(0), 42, true },
        { TYPE_ARP, VM_IP(0), VM_IP(0), 41, false },
        { TYPE_ARP, VM_IP(1), VM_IP(0), 60, false },
        { TYPE_ARP, VM_IP(0), VM_IP(1), 60, false },
        { FRAME_TYPE_OTHER, VM_IP(1), VM_IP(1), 60, true },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t frame[60] = { 0 };
        frame_head(frame, OUTSIDE_IP, VM_IP(0), rows[i].type);
        if (rows[i].type == TYPE_ARP) {
            put_be16(frame + 14 + 8, ABI_MAC_PREFIX);
            put_be32(frame + 14 + 10, rows[i].mac_ip);
            put_be32(frame + 14 + 14, rows[i].ip);
        } else {
            put_be32(frame + 26, rows[i].ip);
        }
        struct guest_asm a;
        asm_init(&a);
        store_frame(&a, FRAME_AT, frame, sizeof(frame));
        asm_buffer(&a, ABI_VI_PACKET_SEND, FRAME_AT, rows[i].bytes);
        asm_terminate_eax(&a);
        struct bench *b = bench_create();
        bench_add(b, &a, 1);
        bench_boot(b);
        bench_run(b, 100000);
        bench_expect_end(b, 0, VM_END_TERMINATE, 0);
        assert_int_equal(b->at_clients.count, rows[i].passes);
        assert_int_equal(b->stats.net.tx_drops, !rows[i].passes);
        bench_release(b);
    }
}

static void an_arp_request_goes_to_the_owner_only(void **state)
{
    (void)state;
    static const struct {
        uint16_t operation;
        uint32_t target;
        int owner; /* -1: nobody. */
    } rows[] = {
        { 1, VM_IP(1), 1 },        { 1, VM_IP(0), 0 },  { 1, VM_IP(3), -1 },
        { 1, ABI_CLIENT_NET, -1 }, { 2, VM_IP(1), -1 }, { 0, VM_IP(1), -1 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct guest_asm a;
        sleeper(&a);
        struct bench *b = bench_create();
        bench_add(b, &a, 3);
        bench_boot(b);
        bench_run(b, 1000);
        uint8_t frame[60] = { 0 };
        frame_head(frame, 0, OUTSIDE_IP, TYPE_ARP);
        memset(frame, 0xff, 6);
        put_be16(frame + 14 + 6, rows[i].operation);
        put_be32(frame + 14 + 24, rows[i].target);
        bench_send(b, 2000, frame, sizeof(frame));
        bench_send(b, 2000, frame, 41); /* Cut off: no target to be read. */
        bench_run(b, 10000);
        for (int vm = 0; vm < 3; vm++) {
            assert_int_equal(bench_vm(b, (vmid_t)vm)->rx.count,
                             vm == rows[i].owner);
        }
        assert_int_equal(b->stats.net.rx_drops_by_cause.no_vm,
                         1 + (rows[i].owner < 0));
        bench_release(b);
    }
}

/* ... from a VM, too, and a client's address is asked for outside. */
static void a_vm_may_ask_for_an_address(void **state)
{
    (void)state;
    struct guest_asm asker;
    asm_init(&asker);
    for (int i = 0; i < 2; i++) {
        uint8_t frame[44] = { 0 };
        frame_head(frame, 0, VM_IP(0), TYPE_ARP);
        memset(frame, 0xff, 6);
        put_be16(frame + 14 + 6, 1);
        put_be16(frame + 14 + 8, ABI_MAC_PREFIX);
        put_be32(frame + 14 + 10, VM_IP(0));
        put_be32(frame + 14 + 14, VM_IP(0));
        put_be32(frame + 14 + 24, i ? OUTSIDE_IP : VM_IP(2));
        store_frame(&asker, FRAME_AT, frame, sizeof(frame));
        asm_buffer(&asker, ABI_VI_PACKET_SEND, FRAME_AT, 42);
    }
    asm_terminate_eax(&asker);
    struct guest_asm other;
    sleeper(&other);
    struct bench *b = bench_create();
    bench_add(b, &asker, 1);
    bench_add(b, &other, 2);
    bench_boot(b);
    bench_run(b, 100000);
    assert_int_equal(bench_vm(b, 1)->rx.count, 0);
    assert_int_equal(bench_vm(b, 2)->rx.count, 1);
    assert_int_equal(b->at_clients.count, 1);
    bench_release(b);
}

static void what_a_full_queue_cannot_take_is_counted(void **state)
{
    (void)state;
    struct guest_asm a;
    sleeper(&a);
    struct bench *b = bench_create();
    b->scenario.rx_pool = 6;
    bench_add(b, &a, 3);
    bench_boot(b);
    bench_run(b, 1000);
    for (int i = 0; i < 7; i++) {
        bench_send_to(b, 5000, 0); /* rx_queue takes 4. */
    }
    for (int i = 0; i < 3; i++) {
        bench_send_to(b, 6000, 1); /* One of the pool is its own. */
    }
    bench_send_to(b, 6500, 2);
    bench_send_to(b, 7000, 3);
    bench_run(b, 20000);
    assert_int_equal(bench_vm(b, 0)->rx.count, 4);
    assert_int_equal(bench_vm(b, 1)->rx.count, 1);
    assert_int_equal(bench_vm(b, 2)->rx.count, 1);
    assert_int_equal(b->stats.net.rx_drops_by_cause.vm_full, 3);
    assert_int_equal(b->stats.net.rx_drops_by_cause.pool_full, 2);
    assert_int_equal(b->stats.net.rx_drops_by_cause.no_vm, 1);
    assert_int_equal(b->stats.net.rx_drops, 6);
    assert_int_equal(b->stats.net.rx_packets, 6);
    bench_release(b);
}

/* A hundred take nothing out; what is sent to the last reaches it, also what
   comes after the hoarders have ended, and they leave nothing behind. */
static void hoarders_cannot_deny_others_their_packets(void **state)
{
    (void)state;
    struct guest_asm a;
    struct bench *b = bench_create();
    b->scenario.rx_pool = 256;
    b->whole_audit_period = 64;
    sleeper(&a);
    bench_add(b, &a, 101);
    bench_boot(b);
    bench_run(b, 100000);
    for (uint32_t i = 0; i < 400; i++) {
        bench_send_to(b, 200000 + 1000 * i, i / 4);
    }
    bench_send_to(b, 700000, 100);
    bench_run(b, 800000);
    assert_int_equal(bench_vm(b, 100)->rx.count, 1);
    assert_int_equal(b->stats.net.rx_packets, 256);
    assert_int_equal(b->stats.net.rx_drops_by_cause.pool_full, 400 - 255);
    for (vmid_t vm = 0; vm < 100; vm++) {
        struct vm_ending ending = { .end = VM_END_SUPERVISOR };
        lifecycle_end(b->kernel, kernel_vm(b->kernel, vm), &ending);
    }
    for (uint32_t i = 0; i < 4; i++) {
        bench_send_to(b, 900000, 100);
    }
    bench_run(b, 1000000);
    assert_int_equal(bench_vm(b, 100)->rx.count, 4);
    assert_int_equal(b->stats.net.rx_drops_by_cause.vm_full, 1);
    bench_release(b);
}

static void a_packet_that_finds_no_room_stays(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_idle(&a, ABI_TIME_NEVER);
    static const uint32_t rooms[] = { 0, 59 };
    for (uint32_t i = 0; i < 2; i++) {
        asm_buffer(&a, ABI_VI_PACKET_RECV, ROOM_AT, rooms[i]);
        asm_save_to(&a, GUEST_WORD(i), CPU_EAX);
    }
    asm_buffer(&a, ABI_VI_PACKET_RECV, 0, UINT32_MAX);
    asm_save_to(&a, GUEST_WORD(2), CPU_EAX);
    asm_buffer(&a, ABI_VI_PACKET_RECV, ROOM_AT, 60);
    asm_save_to(&a, GUEST_WORD(3), CPU_EAX);
    asm_buffer(&a, ABI_VI_PACKET_RECV, 0, 0); /* Empty: no buffer needed. */
    asm_save_to(&a, GUEST_WORD(4), CPU_EAX);
    asm_idle_for_ever(&a);
    struct bench *b = bench_of(&a);
    bench_send_to(b, 5000, 0);
    bench_run(b, 10000);
    static const int32_t results[] = { ABI_EMSGSIZE, ABI_EMSGSIZE, ABI_EFAULT,
                                       60, 0 };
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal((int32_t)bench_peek(b, 0, GUEST_WORD(i)), results[i]);
    }
    bench_release(b);
}

/* Until its queue is full; then it waits for NET_TX and tries again. */
static void a_full_transmit_queue_says_when_it_has_room(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    uint32_t handler = asm_handler(&a);
    asm_entry(&a);
    asm_mov(&a, CPU_EBX, 0);
    asm_send(&a, OUTSIDE_IP, VM_IP(0), 60);
    uint32_t again = asm_here(&a);
    asm_buffer(&a, ABI_VI_PACKET_SEND, FRAME_AT, 60);
    ASM(&a, 0x43, 0x85, 0xc0); /* inc %ebx; test %eax, %eax */
    ASM(&a, 0x0f, 0x84);       /* jz again */
    uint8_t rel[4];
    put_le32(rel, again - (asm_here(&a) + 4));
    asm_bytes(&a, rel, 4);
    asm_save_to(&a, GUEST_WORD(0), CPU_EAX);
    asm_save_to(&a, GUEST_WORD(1), CPU_EBX);
    asm_idle(&a, ABI_TIME_NEVER);
    asm_load_from(&a, CPU_EAX, GUEST_REG(IRQ_PENDING));
    asm_save_to(&a, GUEST_WORD(2), CPU_EAX);
    asm_buffer(&a, ABI_VI_PACKET_SEND, FRAME_AT, 60);
    asm_save_to(&a, GUEST_WORD(3), CPU_EAX);
    asm_use_handler(&a, handler);
    asm_idle_for_ever(&a);
    struct bench *b = bench_create();
    b->scenario.link.bits_per_second = 1000000; /* 672 us a frame. */
    b->whole_audit_period = 16;
    bench_add(b, &a, 1);
    bench_boot(b);
    bench_run(b, 60000);
    assert_int_equal((int32_t)bench_peek(b, 0, GUEST_WORD(0)), ABI_EAGAIN);
    /* What the card takes, the VM's queue, and the one refused. */
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(1)), 2 + 4);
    assert_int_equal(bench_vm(b, 0)->state, VM_IDLE);
    assert_true(bench_vm(b, 0)->tx_starved);
    bench_run(b, 10000000);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(2)), ABI_IRQ_NET_TX);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(3)), 0);
    assert_false(bench_vm(b, 0)->tx_starved);
    bench_run(b, 1000000000);
    assert_int_equal(b->at_clients.count, 2 + 4 + 1);
    bench_release(b);
}

/* Two VMs with full queues and a card that is full: they take turns. */
static void senders_take_turns(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_load_from(&a, CPU_EBX, GUEST_REG(VM_NUMBER));
    asm_send(&a, OUTSIDE_IP, VM_IP(0), 0);
    ASM(&a, 0x00, 0x1d); /* add %bl, to the last byte of its address */
    uint8_t va[4];
    put_le32(va, FRAME_AT + 11);
    asm_bytes(&a, va, 4);
    uint32_t again = asm_here(&a);
    asm_spin(&a, 400);
    asm_buffer(&a, ABI_VI_PACKET_SEND, FRAME_AT, 60);
    asm_jmp(&a, again);
    struct bench *b = bench_create();
    b->scenario.link.bits_per_second = 10000000;
    b->scenario.quantum_ns = 1000;
    b->whole_audit_period = 1024;
    bench_add(b, &a, 3);
    bench_boot(b);
    bench_run(b, 50000000);
    uint32_t count[3] = { 0 };
    uint32_t seen = 0;
    for (const struct packet *p = b->at_clients.head; p; p = p->next) {
        uint32_t from = get_be32(p->bytes + 8) - VM_IP(0);
        assert_true(from < 3);
        count[from] += seen++ >= 300; /* The first one filled the ring. */
    }
    assert_in_range(seen, 700, 750);
    for (int i = 0; i < 3; i++) {
        assert_in_range(count[i], (seen - 300) / 3 - 20, (seen - 300) / 3 + 20);
    }
    bench_release(b);
}

/* Who sends it is refused, and no one else: the run goes on. */
static void a_packet_that_finds_no_host_memory_is_refused(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_send(&a, OUTSIDE_IP, VM_IP(0), 60);
    asm_terminate_eax(&a);
    struct bench *b = bench_of(&a);
    struct arena full = { 0 };
    b->pool.arena = &full;
    assert_int_not_equal(bench_try_run(b, 10000), KERNEL_FAILED);
    bench_expect_end(b, 0, VM_END_TERMINATE, (uint32_t)ABI_EAGAIN);
    bench_release(b);
}

/* What a dead VM had queued is gone, and it gets no more. */
static void death_empties_the_queues(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_idle(&a, 1000000);
    asm_terminate(&a, 0);
    struct bench *b = bench_of(&a);
    bench_run(b, 500);
    for (uint64_t i = 0; i < 3; i++) {
        bench_send_to(b, 1000, 0);
    }
    bench_run(b, 2000000);
    bench_expect_end(b, 0, VM_END_TERMINATE, 0);
    bench_send_to(b, 3000000, 0);
    bench_run(b, 4000000);
    assert_int_equal(b->stats.net.rx_drops_by_cause.no_vm, 1);
    bench_release(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packet_goes_from_vm_to_vm),
        cmocka_unit_test(a_packet_for_others_goes_outside),
        cmocka_unit_test(a_pcnet32_costs_what_vmwares_costs),
        cmocka_unit_test(a_pcnet32_that_is_full_costs_one),
        cmocka_unit_test(a_vm_may_write_to_itself),
        cmocka_unit_test(what_may_not_pass_is_dropped),
        cmocka_unit_test(what_names_another_sender_is_dropped),
        cmocka_unit_test(an_arp_request_goes_to_the_owner_only),
        cmocka_unit_test(a_vm_may_ask_for_an_address),
        cmocka_unit_test(what_a_full_queue_cannot_take_is_counted),
        cmocka_unit_test(hoarders_cannot_deny_others_their_packets),
        cmocka_unit_test(a_packet_that_finds_no_room_stays),
        cmocka_unit_test(a_full_transmit_queue_says_when_it_has_room),
        cmocka_unit_test(senders_take_turns),
        cmocka_unit_test(a_packet_that_finds_no_host_memory_is_refused),
        cmocka_unit_test(death_empties_the_queues),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
