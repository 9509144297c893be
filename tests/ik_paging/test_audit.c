/* test_audit.c - what the audit of a machine looks at: each number that is made
   wrong is missed by nobody, and put right again. */
#include "tests/ik_paging/machines.h"

#include <string.h>

#define VM_PAGES   64
#define DATA       0x00410000
#define DATA_PAGES 44
#define ENDED      4
#define POKES      5

typedef void audit_fn(struct kernel *k);

/* Some bytes of the kernel, and what they become; the host has the least
   byte first. */
struct poke {
    void *at;
    size_t bytes;
    uint64_t value;
};

struct damage {
    audit_fn *audit;
    const char *what; /* Said by the audit. */
    struct poke pokes[POKES];
};

#define POKE(field, with) { &(field), sizeof(field), (uint64_t)(with) }
#define ONE_MORE_IN(audit, what, field) \
    {                                   \
        audit, what,                    \
        {                               \
            POKE(field, (field) + 1)    \
        }                               \
    }

/* Five VMs that walk through more memory than there is, and one that ended. */
static struct bench *machine_at_work(void)
{
    struct guest_asm a;
    asm_init(&a);
    asm_pattern(&a, &(struct pattern){ DATA, DATA_PAGES, 7, 100000000 });
    struct bench *b = small_machine(11 + 10 + 40);
    b->scenario.page_tables = TABLES_ON_DEMAND;
    b->scenario.quantum_ns = 2000;
    b->scenario.min_free_bytes = 0;
    b->gate = &gate_open;
    bench_add_vms(b, bench_add_image(b, &a), ENDED + 1, "");
    b->groups[0].memory_bytes = VM_PAGES * ABI_PAGE_BYTES;
    bench_boot(b);
    small_end_boot(b);
    small_run(b, b->kernel->now + 400000);
    struct vm_ending ending = { .end = VM_END_SUPERVISOR };
    lifecycle_end(b->kernel, kernel_vm(b->kernel, ENDED), &ending);
    return b;
}

/* Swaps what is there with what is to be; a second call undoes the first. */
static void poke(struct damage *d)
{
    for (size_t i = 0; i < POKES && d->pokes[i].at; i++) {
        struct poke *p = &d->pokes[i];
        uint64_t before = 0;
        memcpy(&before, p->at, p->bytes);
        memcpy(p->at, &p->value, p->bytes);
        p->value = before;
    }
}

static void expect_noticed(struct kernel *k, struct damage *d)
{
    char said[128];
    int length = snprintf(said, sizeof(said), "audit at cycle %llu: %s is ",
                          (unsigned long long)k->now, d->what);
    poke(d);
    d->audit(k);
    poke(d);
    if (strncmp(k->failure, said, (size_t)length) != 0) {
        fail_msg("%s: but the audit says \"%s\"", d->what, k->failure);
    }
    k->failure[0] = '\0';
    d->audit(k);
    assert_string_equal(k->failure, "");
}

static void expect_each_noticed(struct kernel *k, struct damage *rows,
                                size_t count)
{
    for (size_t i = 0; i < count; i++) {
        expect_noticed(k, &rows[i]);
    }
}

#define EXPECT_EACH_NOTICED(k, rows) \
    expect_each_noticed(k, rows, sizeof(rows) / sizeof((rows)[0]))

/* A page of the VM whose flags under the mask are these. */
static struct pte *page_with(struct vm *vm, uint32_t mask, uint32_t flags)
{
    uint32_t page = 0;
    while (page + 1 < vm->page_count &&
           (vm->ptes[page].flags & mask) != flags) {
        page++;
    }
    assert_int_equal(vm->ptes[page].flags & mask, flags);
    return &vm->ptes[page];
}

/* The VM that has most of its pages in core. */
static struct vm *greatest_vm(struct kernel *k)
{
    struct vm *greatest = kernel_vm(k, 0);
    for (vmid_t i = 1; i < ENDED; i++) {
        struct vm *vm = kernel_vm(k, i);
        greatest = vm->resident > greatest->resident ? vm : greatest;
    }
    return greatest;
}

static uint64_t with_flags(struct pte pte, uint32_t flags)
{
    uint64_t bytes = 0;
    pte.flags = (uint8_t)flags;
    memcpy(&bytes, &pte, sizeof(pte));
    return bytes;
}

/* A POKE of an entry's flags, which have no address. */
#define FLAGS(entry, flags_) \
    { entry, sizeof(*(entry)), with_flags(*(entry), (uint32_t)(flags_)) }

static void what_is_counted_is_compared_with_what_is_there(void **state)
{
    (void)state;
    struct bench *b = machine_at_work();
    struct kernel *k = b->kernel;
    struct vm *dead = kernel_vm(k, ENDED);
    assert_int_equal(k->turn.running, VM_NONE);
    struct damage rows[] = {
        ONE_MORE_IN(audit_whole, "waiting VMs", k->admission.waiting),
        ONE_MORE_IN(audit_whole, "admitted VMs", k->admission.admitted),
        ONE_MORE_IN(audit_whole, "living VMs", k->alive),
        { audit_whole, "running VMs", { POKE(k->turn.running, 0) } },
        ONE_MORE_IN(audit_whole, "VMs that are set aside",
                    k->summons.aside.count),
        ONE_MORE_IN(audit_whole, "promised frames", k->admission.unfilled),
        ONE_MORE_IN(audit_whole, "page tables that VMs hold", k->frames.tables),
        ONE_MORE_IN(audit_whole, "resident pages of all VMs",
                    k->paging.resident),
        ONE_MORE_IN(audit_whole, "free and used frames together",
                    k->frames.free_count),
        ONE_MORE_IN(audit_whole, "pinned frames", k->frames.pinned),
        ONE_MORE_IN(audit_whole, "frames of ended VMs", k->frames.orphans),
        ONE_MORE_IN(audit_whole, "a reservation without admission",
                    dead->reservation),
        ONE_MORE_IN(audit_whole, "pages pinned without admission",
                    dead->pin_count),
        ONE_MORE_IN(audit_whole, "packets of a dead VM", dead->rx.count),
        ONE_MORE_IN(audit_whole, "packets of a dead VM", dead->tx.count),
        ONE_MORE_IN(audit_whole, "VMs with packets to be sent", k->net.senders),
        ONE_MORE_IN(audit_whole, "frames on a card that sorts them",
                    k->vms[0].rx_on_card),
        ONE_MORE_IN(audit_whole, "packets in receive queues",
                    k->net.rx_pool.waiting),
        ONE_MORE_IN(audit_whole, "packets beyond their VMs' allotments",
                    k->net.rx_pool.beyond),
        ONE_MORE_IN(audit_step, "processor time",
                    k->config.stats->cpu_whole[0]),
        { audit_step,
          "the running VM's state",
          { POKE(k->turn.running, ENDED) } },
        ONE_MORE_IN(audit_step, "frames in all", k->paging.resident),
        { audit_step,
          "pages waiting to be written",
          { POKE(k->transfers.pages_writing, EVICTION_WRITE_LIMIT + 1) } },
    };
    EXPECT_EACH_NOTICED(k, rows);
    bench_release(b);
}

static void page_tables_and_frames_are_held_to_each_other(void **state)
{
    (void)state;
    struct bench *b = machine_at_work();
    struct kernel *k = b->kernel;
    struct vm *vm = greatest_vm(k);
    struct pte *present =
        page_with(vm, PTE_PRESENT | PTE_READING | PTE_TEXT, PTE_PRESENT);
    struct pte *absent = page_with(vm, PTE_PRESENT | PTE_READING, 0);
    struct pte *text =
        page_with(vm, PTE_PRESENT | PTE_TEXT, PTE_PRESENT | PTE_TEXT);
    struct frame *frame = &k->frames.table[present->frame];
    assert_true(vm->leaf_resident[0] > 0);
    struct damage rows[] = {
        { audit_whole,
          "a page both present and on its way in",
          { FLAGS(present, present->flags | PTE_READING) } },
        { audit_whole,
          "a page dirty or text without a frame",
          { FLAGS(absent, absent->flags | PTE_DIRTY) } },
        { audit_whole,
          "a page dirty or text without a frame",
          { FLAGS(absent, PTE_TEXT) } },
        { audit_whole,
          "a text page that was written",
          { FLAGS(text, text->flags | PTE_DIRTY) } },
        { audit_whole,
          "a text page that was written",
          { FLAGS(text, text->flags | PTE_SWAPPED) } },
        { audit_whole,
          "a leaf without its directory",
          { POKE(vm->directory_frame, FRAME_NONE) } },
        { audit_whole,
          "pages without their leaf",
          { POKE(vm->leaf_frame[0], FRAME_NONE) } },
        { audit_whole,
          "the owner of a present page's frame",
          { POKE(frame->owner, ENDED) } },
        ONE_MORE_IN(audit_whole, "the page of a present page's frame",
                    frame->page),
        ONE_MORE_IN(audit_whole, "a VM's pages present or on their way in",
                    vm->resident),
        { audit_whole,
          "the pages in a VM's ring",
          { POKE(vm->first_frame, FRAME_NONE) } },
    };
    EXPECT_EACH_NOTICED(k, rows);
    bench_release(b);
}

static void a_vm_set_aside_can_go_on(void **state)
{
    (void)state;
    struct bench *b = machine_at_work();
    struct kernel *k = b->kernel;
    struct vm *vm = kernel_vm(k, 0);
    struct vmlist *list = &k->summons.aside;
    k->summons.aside_links[0] = (struct vmlink){ VM_NONE, VM_NONE };
    struct damage rows[] = {
        { audit_step,
          "the state of a VM set aside",
          { POKE(list->head, 0), POKE(vm->state, VM_IDLE) } },
        { audit_step,
          "whether a VM set aside knows it",
          { POKE(list->head, 0), POKE(vm->state, VM_READY) } },
        { audit_step,
          "a quantum set aside that is over",
          { POKE(list->head, 0), POKE(vm->state, VM_READY),
            POKE(vm->aside.is_aside, true), POKE(vm->aside.used, 3),
            POKE(vm->aside.granted, 3) } },
        { audit_step,
          "VMs set aside",
          { POKE(list->head, 0), POKE(vm->state, VM_READY),
            POKE(vm->aside.is_aside, true), POKE(vm->aside.used, 2),
            POKE(vm->aside.granted, 3) } },
    };
    EXPECT_EACH_NOTICED(k, rows);
    bench_release(b);
}

/* The list goes round, so that its one VM stands there twice. */
static void only_nesting_sets_two_aside(void **state)
{
    (void)state;
    struct bench *b = machine_at_work();
    struct kernel *k = b->kernel;
    struct vm *vm = kernel_vm(k, 0);
    struct vmlist *list = &k->summons.aside;
    k->summons.aside_links[0] = (struct vmlink){ 0, VM_NONE };
    vm->aside.granted = vm->aside.used + 1;
    struct damage row = { audit_step,
                          "VMs set aside, without nesting",
                          { POKE(list->head, 0), POKE(list->count, 2),
                            POKE(vm->state, VM_READY),
                            POKE(vm->aside.is_aside, true) } };
    poke(&row);
    audit_step(k); /* It counts three, and gives up. */
    assert_non_null(strstr(k->failure, "VMs set aside is 3"));
    k->failure[0] = '\0';
    poke(&row);
    bench_release(b);
}

static void an_audit_of_a_step_is_whole_now_and_then(void **state)
{
    (void)state;
    struct bench *b = machine_at_work();
    struct kernel *k = b->kernel;
    struct damage row = ONE_MORE_IN(audit_step, "living VMs", k->alive);
    k->config.audit_period = 10;
    for (k->steps = 100; k->steps < 130; k->steps++) {
        if (k->steps % 10 == 0) {
            expect_noticed(k, &row);
            continue;
        }
        poke(&row);
        audit_step(k);
        poke(&row);
        assert_string_equal(k->failure, "");
    }
    bench_release(b);
}

static void what_is_left_at_the_end_is_noticed(void **state)
{
    (void)state;
    struct bench *b = machine_at_work();
    struct kernel *k = b->kernel;
    kernel_end_all(k);
    struct damage rows[] = {
        ONE_MORE_IN(audit_empty, "living VMs at the end", k->alive),
        ONE_MORE_IN(audit_empty, "resident pages at the end",
                    k->paging.resident),
        ONE_MORE_IN(audit_empty, "page tables at the end", k->frames.tables),
        ONE_MORE_IN(audit_empty, "frames of ended VMs at the end",
                    k->frames.orphans),
        ONE_MORE_IN(audit_empty, "pinned frames at the end", k->frames.pinned),
        ONE_MORE_IN(audit_empty, "free frames at the end",
                    k->frames.free_count),
        ONE_MORE_IN(audit_empty, "swap not given back", k->swap.free_pages),
        ONE_MORE_IN(audit_empty, "transfers at the end",
                    k->transfers.in_flight),
        ONE_MORE_IN(audit_empty, "frames promised at the end",
                    k->admission.unfilled),
    };
    EXPECT_EACH_NOTICED(k, rows);
    bench_release(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_counted_is_compared_with_what_is_there),
        cmocka_unit_test(page_tables_and_frames_are_held_to_each_other),
        cmocka_unit_test(a_vm_set_aside_can_go_on),
        cmocka_unit_test(only_nesting_sets_two_aside),
        cmocka_unit_test(an_audit_of_a_step_is_whole_now_and_then),
        cmocka_unit_test(what_is_left_at_the_end_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
