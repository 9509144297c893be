/* test_transmit.c - VMs take turns at the wire: what leaves, when, and in which
   order, against a model of ten lines. */
#include <string.h>

#include "sim/bytes.h"
#include "tests/ik/fixture.h"

#define VMS          6
#define SENDS        40 /* Of each VM. */
#define VM_IP(n)     (ABI_VM_NET + (n) + 1)
#define OUTSIDE_IP   (ABI_CLIENT_NET + 7)
#define FRAME_AT     0x00424000
#define CYCLES_A_BIT 10 /* 100 Mbit/s at 1 GHz. */
#define NEVER        UINT64_MAX

struct tx_frame {
    uint64_t time, packet;
    uint32_t vm;
    uint64_t bytes;
};

struct log {
    struct tx_frame sent[VMS * SENDS * 4]; /* Into a queue, or to a VM. */
    struct tx_frame left[VMS * SENDS * 4]; /* To the wire. */
    uint32_t sent_count, left_count;
    uint64_t local_bytes;
};

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* A frame that is at a VM when it has passed the switch was never queued. */
static void forget(struct log *log, uint64_t packet)
{
    assert_true(log->left_count > 0);
    struct tx_frame *last = &log->left[log->left_count - 1];
    if (last->packet == packet) {
        log->local_bytes += last->bytes;
        log->left_count--;
        uint32_t i = log->sent_count - 1;
        assert_int_equal(log->sent[i].packet, packet);
        log->sent_count--;
    }
}

static void on_event(void *ctx, const struct trace_event *e)
{
    struct log *log = ctx;
    if (e->kind == TRACE_SEND) {
        struct trace_send send = trace_get_send(e);
        assert_true(log->sent_count < VMS * SENDS * 4);
        log->sent[log->sent_count++] = (struct tx_frame){
            .time = e->time,
            .packet = send.packet,
            .vm = e->vm,
            .bytes = send.bytes,
        };
    } else if (e->kind == TRACE_TX) {
        struct trace_tx tx = trace_get_tx(e);
        log->left[log->left_count++] = (struct tx_frame){
            .time = e->time,
            .packet = tx.packet,
            .vm = e->vm,
            .bytes = tx.bytes,
        };
    } else if (e->kind == TRACE_RX) {
        forget(log, trace_get_rx(e).packet);
    } else if (e->kind == TRACE_RX_DROP) {
        forget(log, trace_get_rx_drop(e).packet);
    }
}

static uint64_t cycles_of(uint64_t bytes)
{
    return ((bytes < 60 ? 60 : bytes) + 24ull) * 8 * CYCLES_A_BIT;
}

/*
 * What leaves, by the book: the card holds `ahead` frames that have not left;
 * when it has room the VM goes first that has been in the queue longest, which
 * it enters with its first frame, or anew when it has sent one and has more.
 */
static void expect_turns(const struct log *log, uint32_t ahead)
{
    uint64_t room[256] = { 0 };
    uint64_t last[VMS] = { 0 };
    uint32_t head[VMS] = { 0 };
    uint64_t busy = 0;
    for (uint32_t n = 0; n < log->left_count; n++) {
        uint64_t least = NEVER;
        const struct tx_frame *next = NULL;
        for (uint32_t vm = 0; vm < VMS; vm++) {
            while (head[vm] < log->sent_count && log->sent[head[vm]].vm != vm) {
                head[vm]++;
            }
            if (head[vm] == log->sent_count) {
                continue;
            }
            /* Who comes at the cycle at which another is put back is later. */
            const struct tx_frame *f = &log->sent[head[vm]];
            uint64_t key = f->time < last[vm] ? 2 * last[vm] : 2 * f->time + 1;
            next = key < least ? f : next;
            least = key < least ? key : least;
        }
        assert_non_null(next);
        SIM_ASSERT(next); /* For the compiler. */
        uint64_t at = room[n % ahead] > least / 2 ? room[n % ahead] : least / 2;
        const struct tx_frame *left = &log->left[n];
        if (left->packet != next->packet || left->time != at) {
            fail_msg("frame %u is packet %llu of VM %u at %llu, not %llu of VM "
                     "%u at %llu",
                     n, (unsigned long long)left->packet, left->vm,
                     (unsigned long long)left->time,
                     (unsigned long long)next->packet, next->vm,
                     (unsigned long long)at);
        }
        busy = (busy > at ? busy : at) + cycles_of(left->bytes);
        room[n % ahead] = busy;
        last[left->vm] = at;
        head[left->vm]++;
    }
}

/* Between two frames of a VM that always had some: one of each other that
   always had some, and no more of any. Returns how often it was one. */
static uint32_t expect_one_each(const struct log *log)
{
    uint32_t queued[VMS] = { 0 };
    uint64_t since[VMS] = { 0 };            /* While queued. */
    uint64_t last[VMS] = { 0 };             /* Frame of the VM. */
    uint32_t between[VMS][VMS] = { { 0 } }; /* Since that, of others. */
    uint32_t spans = 0;
    uint32_t s = 0;
    for (uint32_t i = 0; i < log->left_count; i++) {
        uint64_t at = log->left[i].time;
        uint32_t vm = log->left[i].vm;
        for (;
             s < log->sent_count && (log->sent[s].time < at || queued[vm] == 0);
             s++) {
            uint32_t sender = log->sent[s].vm;
            since[sender] =
                queued[sender]++ > 0 ? since[sender] : log->sent[s].time;
        }
        for (uint32_t v = 0; v < VMS && since[vm] < last[vm]; v++) {
            bool always = queued[v] > 0 && since[v] < last[vm];
            assert_true(v == vm || between[vm][v] <= 1);
            assert_true(v == vm || !always || between[vm][v] == 1);
            spans += v != vm && always;
        }
        queued[vm]--;
        last[vm] = at;
        memset(between[vm], 0, sizeof(between[vm]));
        for (uint32_t v = 0; v < VMS; v++) {
            between[v][vm]++;
        }
    }
    return spans;
}

static void asm_send(struct guest_asm *a, uint32_t to, uint32_t from,
                     uint32_t bytes)
{
    uint8_t frame[16] = { 0 };
    frame_head(frame, to, from, FRAME_TYPE_OTHER);
    for (uint32_t i = 0; i < sizeof(frame); i += 4) {
        asm_store(a, FRAME_AT + i, get_le32(frame + i));
    }
    asm_buffer(a, ABI_VI_PACKET_SEND, FRAME_AT, bytes);
}

/* Sends at random times frames of random sizes, most of them outside. */
static void random_sender(struct guest_asm *a, uint32_t vm, uint32_t *seed)
{
    asm_init_with_handler(a); /* Or what is pending would keep it awake. */
    for (uint32_t i = 0; i < SENDS; i++) {
        bool is_local = next_random(seed) % 8 == 0;
        asm_send(a, is_local ? VM_IP((vm + 1) % VMS) : OUTSIDE_IP, VM_IP(vm),
                 14 + next_random(seed) % 1501);
        if (next_random(seed) % 4 == 0) {
            asm_spin(a, 1 + next_random(seed) % 20000);
        }
    }
    asm_idle_for_ever(a);
}

static struct bench *make(uint32_t ahead, uint32_t tx_queue, struct log *log)
{
    struct bench *b = bench_create();
    b->scenario.link.bits_per_second = 100000000;
    b->scenario.tx_ahead = ahead;
    b->scenario.tx_queue = tx_queue;
    b->scenario.quantum_ns = 100000;
    b->whole_audit_period = 256;
    b->replay_period = 256;
    b->extra_sink = on_event;
    b->extra_ctx = log;
    *log = (struct log){ .sent_count = 0 };
    return b;
}

static uint64_t bytes_of(const struct tx_frame *frames, uint32_t count)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += frames[i].bytes;
    }
    return sum;
}

static void senders_take_turns(void **state)
{
    (void)state;
    static struct log log;
    uint32_t spans = 0;
    for (uint32_t n = 0; n < 24; n++) {
        static const uint32_t aheads[] = { 2, 1, 3, 256 };
        uint32_t ahead = aheads[n % 4];
        struct bench *b = make(ahead, n % 3 ? 64 : 12, &log);
        uint32_t seed = n + 1;
        for (uint32_t vm = 0; vm < VMS; vm++) {
            struct guest_asm a;
            random_sender(&a, vm, &seed);
            bench_add(b, &a, 1);
        }
        bench_boot(b);
        bench_run(b, 25000000);
        assert_true(log.left_count > 50);
        expect_turns(&log, ahead);
        spans += ahead == 2 ? expect_one_each(&log) : 0;

        /* Nothing is lost, and nothing comes from nowhere. */
        uint64_t bytes = bytes_of(log.left, log.left_count);
        assert_int_equal(bytes_of(log.sent, log.sent_count), bytes);
        assert_int_equal(b->stats.net.tx_bytes, bytes + log.local_bytes);
        assert_int_equal(b->at_clients.count, log.left_count);
        bench_release(b);
    }
    assert_true(spans > 1000); /* The test has seen something. */
}

/* Sends until it is refused, waits until it may again, for ever. */
static void greedy_sender(struct guest_asm *a, uint32_t vm, uint32_t bytes)
{
    asm_init_with_handler(a);
    asm_send(a, OUTSIDE_IP, VM_IP(vm), bytes);
    uint32_t again = asm_here(a);
    asm_buffer(a, ABI_VI_PACKET_SEND, FRAME_AT, bytes);
    ASM(a, 0x85, 0xc0); /* test %eax, %eax */
    ASM(a, 0x0f, 0x84); /* jz again */
    uint8_t rel[4];
    put_le32(rel, again - (asm_here(a) + 4));
    asm_bytes(a, rel, 4);
    asm_idle(a, ABI_TIME_NEVER);
    asm_jmp(a, again);
}

/* The wire is never idle and never too fast: what arrives until any cycle is
   what the link can carry until then, to a frame. */
static void expect_full_wire(const struct log *log, uint64_t until,
                             uint32_t ahead)
{
    uint64_t begun = log->left[0].time;
    uint64_t carried = 0;
    for (uint32_t i = 0; i < log->left_count; i++) {
        /* It is taken when the one `ahead` before it has left. */
        if (i >= ahead) {
            carried += cycles_of(log->left[i - ahead].bytes);
        }
        assert_int_equal(log->left[i].time,
                         i < ahead ? log->left[i].time : begun + carried);
    }
    assert_true(begun + carried + 2 * cycles_of(1514) > until);
}

static void greedy_senders_fill_the_wire_and_share_it(void **state)
{
    (void)state;
    static struct log log;
    for (uint32_t count = 1; count <= 4; count++) {
        struct bench *b = make(2, 8, &log);
        for (uint32_t vm = 0; vm < count; vm++) {
            struct guest_asm a;
            greedy_sender(&a, vm, 1514);
            bench_add(b, &a, 1);
        }
        bench_boot(b);
        bench_run(b, 12000000);
        expect_full_wire(&log, 12000000, 2);
        uint32_t frames[VMS] = { 0 };
        for (uint32_t i = 0; i < log.left_count; i++) {
            frames[log.left[i].vm]++;
        }
        for (uint32_t vm = 0; vm < count; vm++) {
            assert_in_range(frames[vm], log.left_count / count - 10,
                            log.left_count / count + 10);
        }
        bench_release(b);
    }
}

/* What is for another VM does not wait for the wire, and what a dead VM had is
   gone; the others go on. */
static void a_backlog_is_the_wires_alone(void **state)
{
    (void)state;
    static struct log log;
    struct bench *b = make(2, 64, &log);
    struct guest_asm a;
    for (uint32_t vm = 0; vm < 2; vm++) {
        asm_init_with_handler(&a);
        for (uint32_t i = 0; i < 20; i++) {
            asm_send(&a, OUTSIDE_IP, VM_IP(vm), 1514);
        }
        asm_send(&a, VM_IP(2), VM_IP(vm), 60);
        asm_idle_for_ever(&a);
        bench_add(b, &a, 1);
    }
    asm_init_with_handler(&a);
    asm_idle_for_ever(&a);
    bench_add(b, &a, 1);
    bench_boot(b);
    bench_run(b, 50000);
    assert_int_equal(bench_vm(b, 2)->rx.count, 2);
    assert_int_equal(bench_vm(b, 0)->tx.count + bench_vm(b, 1)->tx.count,
                     40 - 2);
    struct vm_ending ending = { .end = VM_END_SUPERVISOR };
    lifecycle_end(b->kernel, kernel_vm(b->kernel, 0), &ending);
    bench_run(b, 10000000);
    assert_int_equal(bench_vm(b, 1)->tx.count, 0);
    assert_in_range(b->at_clients.count, 20, 22);
    bench_release(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(senders_take_turns),
        cmocka_unit_test(greedy_senders_fill_the_wire_and_share_it),
        cmocka_unit_test(a_backlog_is_the_wires_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
