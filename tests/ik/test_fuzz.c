/*
 * test_fuzz.c - guests drawn from a seed: hostile arguments, registers, jumps
 * and bytes in any order, on machines drawn from it too. No guest bytes may
 * trip an assertion, and all invariants hold between any two steps.
 *
 *   ik.fuzz [FIRST_SEED COUNT]
 */
#include "tests/ik/fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "ik/policy/policies.h"
#include "sim/bytes.h"
#include "sim/random.h"

#define IMAGES     8
#define STATEMENTS 120
#define MEM_END    (ABI_MEM_BASE + (1u << 20))

static uint32_t draw(struct rng *r, uint32_t bound)
{
    return (uint32_t)rng_below(r, bound);
}

/* A number that something depends on, or that is next to one. */
static uint32_t draw_value(struct rng *r)
{
    static const uint32_t edges[] = {
        0,          1,
        12,         14,
        60,         1514,
        4096,       ABI_MEM_BASE,
        GUEST_DATA, MEM_END,
        0x80000000, ABI_TEXT_BASE,
        0x00421000, 0x00430ffc,
        UINT32_MAX, ABI_TEXT_BASE + 0x200,
        20000,      ABI_VM_NET + 1,
    };
    uint32_t count = sizeof(edges) / sizeof(edges[0]);
    uint32_t pick = draw(r, count + 2);
    if (pick >= count) {
        return (uint32_t)rng_u64(r);
    }
    return edges[pick] + draw(r, 3) - 1 + (draw(r, 4) ? 0 : draw(r, 64));
}

static void draw_frame(struct guest_asm *a, struct rng *r)
{
    uint8_t frame[16] = { 0 };
    uint32_t to = draw(r, 4) ? ABI_VM_NET + 1 + draw(r, 20) : ABI_CLIENT_NET;
    static const uint16_t types[] = { 0x800, 0x806, FRAME_TYPE_OTHER };
    frame_head(frame, to, ABI_VM_NET + 1 + draw(r, 16), types[draw(r, 3)]);
    frame[0] = draw(r, 8) ? frame[0] : 0xff;
    for (uint32_t i = 0; i < sizeof(frame); i += 4) {
        asm_store(a, GUEST_DATA + i, get_le32(frame + i));
    }
    asm_buffer(a, ABI_VI_PACKET_SEND, GUEST_DATA,
               14 + draw(r, PACKET_MAX_BYTES - 13));
}

static void draw_statement(struct guest_asm *a, struct rng *r, uint32_t handler)
{
    switch (draw(r, 16)) {
    case 0:
    case 1:
    case 2:
        asm_mov(a, (enum cpu_reg)draw(r, CPU_GPR_COUNT), draw_value(r));
        break;
    case 3:
    case 4:
    case 5: /* Not `terminate`, or all would be over soon. */
        asm_int(a, (uint8_t)(draw(r, 8) ? ABI_VI_PACKET_SEND + draw(r, 7)
                                        : ABI_VI_IDLE));
        break;
    case 6:
        asm_idle(a, draw(r, 2000000));
        break;
    case 7:
        asm_alarm(a, draw(r, 2000000));
        break;
    case 8:
        asm_use_handler(a, handler);
        break;
    case 9:
        asm_store(a, ABI_VREGS_BASE + 4 * draw(r, 20), draw_value(r));
        break;
    case 10:
        asm_mov(a, CPU_ESP, MEM_END - 4 * draw(r, 2000));
        break;
    case 11:
        draw_frame(a, r);
        break;
    case 12:
        asm_spin(a, 1 + draw(r, 20000));
        break;
    case 13:
        asm_store(a, 0x00410000 + 4 * draw(r, 0x3c000), draw_value(r));
        break;
    case 14:
        asm_buffer(a, (uint8_t)(ABI_VI_PACKET_RECV + draw(r, 2) * 3),
                   GUEST_DATA + draw(r, 8192), draw(r, 4097));
        break;
    default:
        if (draw(r, 12) == 0) {
            ASM(a, (uint8_t)draw(r, 256), (uint8_t)draw(r, 256));
        } else {
            asm_jmp(a, ABI_TEXT_BASE + draw(r, draw(r, 20) ? 1000 : 9000));
        }
        break;
    }
}

static void draw_guest(struct guest_asm *a, struct rng *r)
{
    asm_init(a);
    uint32_t handler = asm_handler(a);
    asm_entry(a);
    uint32_t statements = 1 + draw(r, STATEMENTS);
    for (uint32_t i = 0; i < statements; i++) {
        draw_statement(a, r, handler);
    }
    asm_jmp(a, a->entry);
}

static void draw_machine(struct bench *b, struct rng *r)
{
    static const char *const profiles[] = { "denali-2002", "ideal", "modern" };
    struct scenario *s = &b->scenario;
    b->machine = *machine_find(profiles[draw(r, 3)]);
    s->ram_bytes = (uint64_t)(400 + draw(r, 6000)) * 4096;
    s->min_free_bytes = (uint64_t)draw(r, 64) * 4096;
    s->quantum_ns = 1 + draw(r, 200000);
    s->lease_ns = 1 + draw(r, 1000000);
    s->rx_queue = 1 + draw(r, 8);
    s->tx_queue = 1 + draw(r, 8);
    s->rx_pool = 1 + draw(r, 40);
    s->text = draw(r, 2) ? TEXT_SHARED : TEXT_PRIVATE;
    s->page_tables = draw(r, 2) ? TABLES_EAGER : TABLES_ON_DEMAND;
    s->swap = draw(r, 2) ? SWAP_SPARSE : SWAP_STATIC;
    s->link.bits_per_second = 1000000ull << draw(r, 10);
    b->whole_audit_period = 1 + draw(r, 40);
    b->receive = rx_policies[draw(r, 2)];
    b->transmit = tx_policies[draw(r, 2)];
}

/* Returns the VMs that are still alive. */
static uint32_t run_seed(uint64_t seed, char hex[FINGERPRINT_CHARS])
{
    static struct guest_asm a;
    struct rng r;
    rng_init(&r, seed, "fuzz", 0);
    struct bench *b = bench_create();
    draw_machine(b, &r);
    for (uint32_t i = 0; i < IMAGES; i++) {
        draw_guest(&a, &r);
        bench_add_vms(b, bench_add_image(b, &a), 1 + draw(&r, 2), "");
    }
    uint32_t alive = 0;
    if (bench_try_boot(b)) {
        for (uint64_t n = 0; n < 50; n++) {
            uint8_t frame[60] = { 0 };
            frame_head(frame, ABI_VM_NET + 1 + draw(&r, 20), ABI_CLIENT_NET + 1,
                       draw(&r, 4) ? 0x800 : 0x806);
            bench_send(b, draw(&r, 4000000), frame, 14 + draw(&r, 46));
        }
        enum kernel_stop stop = bench_try_run(b, 4000000);
        alive = b->kernel->alive;
        if (stop == KERNEL_FAILED && b->kernel->failure[0] != 'R') {
            fail_msg("seed %llu: %s", (unsigned long long)seed,
                     b->kernel->failure);
        }
    }
    trace_fingerprint(b->trace, hex);
    bench_release(b);
    return alive;
}

static uint64_t first_seed = 1;
static uint64_t seed_count = 24;

static void no_guest_breaks_the_kernel(void **state)
{
    (void)state;
    uint64_t alive = 0;
    for (uint64_t seed = first_seed; seed < first_seed + seed_count; seed++) {
        char hex[FINGERPRINT_CHARS];
        char again[FINGERPRINT_CHARS];
        alive += run_seed(seed, hex);
        if (seed % 4 == 0) { /* Audits and addresses change nothing. */
            run_seed(seed, again);
            assert_string_equal(hex, again);
        }
    }
    /* Otherwise the seeds draw nothing but sudden deaths. */
    assert_true(alive > seed_count);
}

int main(int argc, char **argv)
{
    if (argc == 3) {
        first_seed = strtoull(argv[1], NULL, 10);
        seed_count = strtoull(argv[2], NULL, 10);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_guest_breaks_the_kernel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
