/* test_gate_fifo.c - first come, first admitted, while frames are free. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ik/policy/policies.h"
#include "sim/arena.h"

#define LIMIT    8
#define MIN_FREE 100

struct fixture {
    struct arena arena;
    struct gate *gate;
    alignas(16) uint8_t memory[1024];
};

static const struct gate_config config = { .vm_limit = LIMIT,
                                           .min_free_frames = MIN_FREE };

static void fixture_init(struct fixture *f)
{
    arena_init(&f->arena, f->memory, sizeof(f->memory));
    f->gate = gate_fifo.create(&gate_fifo, &f->arena, &config);
    assert_non_null(f->gate);
}

static vmid_t admit(struct fixture *f, uint64_t free_frames, uint64_t unfilled)
{
    struct gate_view view = { .free_frames = free_frames,
                              .unfilled_frames = unfilled };
    return gate_fifo.admit(f->gate, &view);
}

static void vms_pass_in_the_order_of_their_arrival(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    assert_int_equal(gate_fifo.head(f.gate), VM_NONE);
    assert_int_equal(admit(&f, 1000, 0), VM_NONE);
    static const vmid_t order[] = { 5, 0, 7, 3 };
    for (int i = 0; i < 4; i++) {
        gate_fifo.arrive(f.gate, order[i], 1);
    }
    for (int i = 0; i < 4; i++) {
        assert_int_equal(gate_fifo.head(f.gate), order[i]);
        assert_int_equal(admit(&f, 1000, 0), order[i]);
    }
    assert_int_equal(admit(&f, 1000, 0), VM_NONE);
}

static void nobody_passes_below_min_free(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    gate_fifo.arrive(f.gate, 1, 1);
    assert_int_equal(admit(&f, 0, 0), VM_NONE);
    assert_int_equal(admit(&f, MIN_FREE - 1, 0), VM_NONE);
    assert_int_equal(gate_fifo.head(f.gate), 1);
    assert_int_equal(admit(&f, MIN_FREE, 0), 1);
}

static void promised_frames_count_as_taken(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    gate_fifo.arrive(f.gate, 1, 1);
    assert_int_equal(admit(&f, MIN_FREE + 15, 16), VM_NONE);
    assert_int_equal(admit(&f, 0, MIN_FREE), VM_NONE);
    assert_int_equal(admit(&f, MIN_FREE, UINT32_MAX), VM_NONE);
    assert_int_equal(admit(&f, MIN_FREE + 16, 16), 1);
}

static void a_dead_vm_leaves_from_where_it_stands(void **state)
{
    (void)state;
    for (vmid_t gone = 0; gone < 3; gone++) {
        struct fixture f;
        fixture_init(&f);
        for (vmid_t vm = 0; vm < 3; vm++) {
            gate_fifo.arrive(f.gate, vm, 1);
        }
        gate_fifo.leave(f.gate, gone);
        for (vmid_t vm = 0; vm < 3; vm++) {
            if (vm != gone) {
                assert_int_equal(admit(&f, 1000, 0), vm);
            }
        }
        assert_int_equal(admit(&f, 1000, 0), VM_NONE);
    }
}

static void a_full_arena_gives_no_instance(void **state)
{
    (void)state;
    alignas(16) uint8_t memory[1024];
    struct arena arena;
    struct gate *g = NULL;
    size_t bytes = 0;
    for (; !g; bytes++) {
        assert_true(bytes < sizeof(memory));
        arena_init(&arena, memory, bytes);
        g = gate_fifo.create(&gate_fifo, &arena, &config);
    }
    assert_true(bytes > LIMIT * 2 * sizeof(vmid_t));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vms_pass_in_the_order_of_their_arrival),
        cmocka_unit_test(nobody_passes_below_min_free),
        cmocka_unit_test(promised_frames_count_as_taken),
        cmocka_unit_test(a_dead_vm_leaves_from_where_it_stands),
        cmocka_unit_test(a_full_arena_gives_no_instance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
