/*
 * test_net_fair.c - the switch under the policies of `kernel.preset:
 * isolated`: what is refused costs nothing, guests run however fast frames
 * come, and a sender's part of a queue is all that it has.
 */
#include "tests/ik/fixture.h"

#include "ik/policy/policies.h"
#include "sim/bytes.h"

#define VM_IP(n)   (ABI_VM_NET + (n) + 1)
#define OUTSIDE_IP (ABI_CLIENT_NET + 7)
#define FRAME_AT   0x00424000
#define ROOM_AT    0x00426000

/* A machine on which a frame costs its receiver 1,000 cycles, and an interrupt
   1,000 more. */
static struct bench *bench_with(const struct rx_policy *policy)
{
    struct bench *b = bench_create();
    b->receive = policy;
    b->machine.costs.rx_packet = 1000;
    b->machine.costs.interrupt = 1000;
    b->scenario.rx_queue = 16;
    b->whole_audit_period = 64;
    return b;
}

static void sleeper(struct guest_asm *a)
{
    asm_init(a);
    asm_idle_for_ever(a);
}

/* Frames that fill the queue of a VM that takes none, then a hundred more; half
   of them shorter than any header. Each is of a connection of its own. */
static uint64_t interrupts_of_refused(const struct rx_policy *policy)
{
    struct guest_asm a;
    sleeper(&a);
    struct bench *b = bench_with(policy);
    bench_add(b, &a, 1);
    bench_boot(b);
    bench_run(b, 1000);
    uint8_t frame[60];
    for (uint32_t i = 0; i < 200; i++) {
        frame_head(frame, VM_IP(0), ABI_CLIENT_NET + i, 0x0800);
        bench_send(b, 10000 + 5000 * i, frame, i % 2 == 0 ? 60 : 14);
    }
    bench_run(b, 5000 + 5000 * 100);
    uint64_t before = b->stats.net.interrupts;
    uint32_t full = bench_vm(b, 0)->rx.count;
    assert_int_equal(full, policy == &rx_pool ? 16 : 12);
    bench_run(b, 10000 + 5000 * 220);
    uint64_t count = b->stats.net.interrupts - before;
    assert_int_equal(b->stats.net.rx_drops_by_cause.vm_full, 200 - full);
    /* A frame for nobody, and one of a broadcast that nobody may send. */
    frame_head(frame, VM_IP(5), OUTSIDE_IP, 0x0800);
    bench_send(b, 2000000, frame, 60);
    memset(frame, 0xff, 6);
    bench_send(b, 2000000, frame, 60);
    before = b->stats.net.interrupts;
    bench_run(b, 2100000);
    count += b->stats.net.interrupts - before;
    assert_int_equal(b->stats.net.rx_drops_by_cause.no_vm, 2);
    bench_release(b);
    return count;
}

static void what_is_refused_costs_nothing(void **state)
{
    (void)state;
    assert_int_equal(interrupts_of_refused(&rx_by_source), 0);
    assert_int_equal(interrupts_of_refused(&rx_pool), 102);
}

/* Takes all packets that come, and never sleeps. */
static void taker(struct guest_asm *a)
{
    asm_init(a);
    uint32_t again = asm_here(a);
    asm_buffer(a, ABI_VI_PACKET_RECV, ROOM_AT, 1514);
    asm_jmp(a, again);
}

/* Instructions of a VM that computes, beside one that takes the frames which
   come at twice the rate that the kernel can bear. */
static uint64_t insns_beside_frames(const struct rx_policy *policy)
{
    struct guest_asm receives, computes;
    taker(&receives);
    asm_init(&computes);
    uint32_t again = asm_here(&computes);
    asm_spin(&computes, 100);
    asm_jmp(&computes, again);
    struct bench *b = bench_with(policy);
    b->scenario.rx_queue = 1024;
    b->scenario.rx_pool = 4096;
    b->scenario.quantum_ns = 10000;
    b->whole_audit_period = 4096;
    b->replay_period = 4096;
    bench_add(b, &receives, 1);
    bench_add(b, &computes, 1);
    bench_boot(b);
    bench_run(b, 100000);
    uint64_t before = bench_vm(b, 1)->insns;
    uint8_t frame[60] = { 0 };
    for (uint32_t i = 0; i < 4000; i++) {
        frame_head(frame, VM_IP(0), ABI_CLIENT_NET + i % 100, 0x0800);
        bench_send(b, 100000 + 500 * i, frame, 60);
    }
    bench_run(b, 100000 + 500 * 4000);
    uint64_t insns = bench_vm(b, 1)->insns - before;
    bench_release(b);
    return insns;
}

/* Of two million cycles hardware may take half; two VMs share the rest. */
static void guests_run_however_fast_frames_come(void **state)
{
    (void)state;
    assert_true(insns_beside_frames(&rx_pool) < 20000);
    assert_true(insns_beside_frames(&rx_by_source) > 400000);
}

/* Sends frames to VM 0 for ever, as fast as it can. */
static void flooder(struct guest_asm *a, vmid_t self)
{
    uint8_t frame[16] = { 0 };
    frame_head(frame, VM_IP(0), VM_IP(self), FRAME_TYPE_OTHER);
    asm_init(a);
    for (uint32_t i = 0; i < sizeof(frame); i += 4) {
        asm_store(a, FRAME_AT + i, get_le32(frame + i));
    }
    uint32_t again = asm_here(a);
    asm_buffer(a, ABI_VI_PACKET_SEND, FRAME_AT, 60);
    asm_jmp(a, again);
}

/* Two VMs flood one that takes nothing; frames from outside still find room,
   of as many connections as there is room for. */
static void flooders_leave_room_for_those_outside(void **state)
{
    (void)state;
    for (size_t p = 0; p < 2; p++) {
        struct guest_asm a, first, second;
        sleeper(&a);
        flooder(&first, 1);
        flooder(&second, 2);
        struct bench *b = bench_with(rx_policies[p]);
        b->scenario.rx_queue = 100;
        b->scenario.rx_pool = 1000;
        b->whole_audit_period = 1024;
        b->replay_period = 1024;
        bench_add(b, &a, 1);
        bench_add(b, &first, 1);
        bench_add(b, &second, 1);
        bench_boot(b);
        bench_run(b, 500000);
        uint32_t of_vms = bench_vm(b, 0)->rx.count;
        assert_int_equal(of_vms, p == 0 ? 100 : 18); /* 10, then 8. */
        uint8_t frame[60] = { 0 };
        for (uint32_t i = 0; i < 10; i++) {
            frame_head(frame, VM_IP(0), ABI_CLIENT_NET + i, 0x0800);
            bench_send(b, 600000, frame, 60);
        }
        bench_run(b, 700000);
        assert_int_equal(bench_vm(b, 0)->rx.count, p == 0 ? 100 : 28);
        bench_release(b);
    }
}

/* Frames have their room in a queue while the card holds them; their VM ends
   before the kernel has looked. Nothing is left, and others have theirs. */
static void a_vm_ends_with_frames_on_the_card(void **state)
{
    (void)state;
    struct guest_asm a, dies;
    sleeper(&a);
    asm_init(&dies);
    asm_idle(&dies, 20000);
    asm_terminate(&dies, 0);
    struct bench *b = bench_with(&rx_by_source);
    bench_add(b, &a, 1);
    bench_add(b, &dies, 1);
    bench_boot(b);
    bench_run(b, 1000);
    uint8_t frame[60] = { 0 };
    for (uint32_t i = 0; i < 40; i++) {
        frame_head(frame, VM_IP(i % 2), ABI_CLIENT_NET + i, 0x0800);
        bench_send(b, 19000, frame, 60);
    }
    bench_run(b, 19000);
    struct vm_ending ending = { .end = VM_END_SUPERVISOR };
    if (bench_vm(b, 1)->rx_on_card > 0) {
        lifecycle_end(b->kernel, kernel_vm(b->kernel, 1), &ending);
    }
    bench_run(b, 200000);
    assert_int_equal(bench_vm(b, 1)->state, VM_DEAD);
    assert_int_equal(bench_vm(b, 1)->rx_on_card, 0);
    assert_int_equal(b->kernel->net.rx_pool.waiting, bench_vm(b, 0)->rx.count);
    assert_int_equal(bench_vm(b, 0)->rx.count, 12);
    bench_release(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_refused_costs_nothing),
        cmocka_unit_test(guests_run_however_fast_frames_come),
        cmocka_unit_test(flooders_leave_room_for_those_outside),
        cmocka_unit_test(a_vm_ends_with_frames_on_the_card),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
