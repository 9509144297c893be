/*
 * test_cause.c - whose account a spindle's work is on: page-ins and virtual
 * disks that of who asks, page-outs that of who wanted the frame.
 */
#include "tests/ik_paging/machines.h"

#include "sim/arena.h"

#define HEAP 0x00440000
#define VMS  2

/* A queue in the order of issue that counts requests by owner. */
struct disk_shares {
    uint32_t owners;
    uint32_t reads[VMS], writes[VMS];
};

static struct disk_shares *spy_create(struct arena *arena, uint32_t owners)
{
    struct disk_shares *s =
        arena_alloc(arena, sizeof(*s), alignof(struct disk_shares));
    if (s) {
        s->owners = owners;
    }
    return s;
}

static void spy_arrived(struct disk *d, struct disk_request *r)
{
    assert_true(r->owner < VMS);
    ++*(r->is_write ? &d->shares->writes[r->owner]
                    : &d->shares->reads[r->owner]);
}

static struct disk_request *spy_choose(struct disk *d)
{
    return d->head;
}

static const struct disk_policy spy = {
    .name = "spy",
    .summary = "counts by owner",
    .create = spy_create,
    .arrived = spy_arrived,
    .choose = spy_choose,
};

/* VM 0 dirties 40 pages and sleeps; VM 1 wants as many as there are frames. Pages
   of VM 0 go, and VM 1 has caused it. Then VM 0 reads its own back, for which
   those of VM 1 go. */
static void page_outs_are_on_the_account_of_who_wants_the_frame(void **state)
{
    (void)state;
    struct guest_asm a, b;
    asm_init(&a);
    asm_crowd(&a, HEAP, 40);
    asm_idle(&a, 20000000);
    asm_crowd(&a, HEAP, 40);
    asm_terminate(&a, 0);
    asm_init(&b);
    asm_idle(&b, 5000000);
    asm_crowd(&b, HEAP, 40);
    asm_idle_for_ever(&b);
    struct bench *m = small_machine(70);
    m->disk_policy = &spy;
    bench_add(m, &a, 1);
    bench_add(m, &b, 1);
    bench_boot(m);
    small_end_boot(m);
    small_run(m, 4000000);
    const struct disk_shares *s = m->kernel->swap.disks[0].shares;
    assert_int_equal(s->owners, VMS);
    assert_int_equal(s->writes[0] + s->writes[1], 0);
    small_run(m, 15000000);
    assert_int_equal(s->writes[0], 0);
    assert_true(s->writes[1] >= 5);
    assert_int_equal(s->reads[0], 0);
    uint32_t by_other = s->writes[1];
    small_run(m, 60000000);
    bench_expect_end(m, 0, VM_END_TERMINATE, 0);
    assert_true(s->reads[0] >= 5);
    assert_true(s->writes[0] >= 5);
    assert_int_equal(s->writes[1], by_other);
    bench_release(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_outs_are_on_the_account_of_who_wants_the_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
