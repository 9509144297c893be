/*
 * test_frames.c - isolation, between any two steps of the kernel: what is in a
 * frame changes only in a stretch of the VM that owns it, by its own transfers,
 * or as the frame is given to another page; and text never. Guests and machines
 * are drawn; of all frames some are looked at in each step, others in the next.
 *
 *   simulation.frames [FIRST_SEED COUNT]
 */
#include "ik/policy/policies.h"
#include "tests/ik/drawn_guest.h"
#include "tests/ik/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IMAGES  10
#define SAMPLE  48 /* Frames in a step. */
#define UNTIL   3000000
#define MESSAGE 160

/* A frame as it was before the step. */
struct seen {
    uint32_t frame, page;
    vmid_t owner; /* VM_NONE: nobody's; it may hold anything. */
    bool is_text;
    uint64_t hash;
};

struct watch {
    struct bench *bench;
    struct rng rng;
    struct seen seen[SAMPLE];
    uint32_t count;
    uint64_t step;
    uint64_t acted[BENCH_VMS];  /* The last step in which the VM did, */
    uint64_t filled[BENCH_VMS]; /* or in which it was given a page. */
    uint64_t looks, changes;    /* How often; with something new. */
    vmid_t dirtied;             /* Whose frame is spoilt, once; VM_NONE. */
    char finding[MESSAGE];      /* "": none. */
};

/* A sink: the VM has the processor, or what it asked for is done. */
static void on_event(void *ctx, const struct trace_event *e)
{
    struct watch *w = ctx;
    if (e->vm >= BENCH_VMS) {
        return;
    }
    enum trace_kind kind = trace_kind(e);
    bool is_its_own = kind == TRACE_RUN || kind == TRACE_PICK ||
                      kind == TRACE_VINSN || kind == TRACE_DELIVER ||
                      kind == TRACE_RECV || kind == TRACE_DISK_DONE;
    if (is_its_own) {
        w->acted[e->vm] = w->step;
    }
    if (kind == TRACE_FILL) {
        w->filled[e->vm] = w->step;
    }
}

static uint64_t hash_of(const struct watch *w, uint32_t frame)
{
    return trace_hash(w->bench->ram + (size_t)frame * ABI_PAGE_BYTES,
                      ABI_PAGE_BYTES);
}

static struct seen look(const struct watch *w, uint32_t frame)
{
    const struct kernel *k = w->bench->kernel;
    const struct frame *f = &k->frames.table[frame];
    struct seen s = { .frame = frame, .owner = VM_NONE };
    if (frame >= k->frames.fresh || f->owner == VM_NONE ||
        f->page == FRAME_PAGE_TABLE) {
        return s;
    }
    const struct pte *pte = &k->vms[f->owner].ptes[f->page];
    if ((pte->flags & PTE_PRESENT) == 0) {
        return s; /* On its way in. */
    }
    s.owner = f->owner;
    s.page = f->page;
    s.is_text = (pte->flags & PTE_TEXT) != 0;
    s.hash = hash_of(w, frame);
    return s;
}

static void compare(struct watch *w, const struct seen *before)
{
    struct seen after = look(w, before->frame);
    if (before->owner == VM_NONE || after.owner != before->owner ||
        after.page != before->page) {
        return; /* It came or went. */
    }
    w->looks++;
    bool is_filled = w->filled[before->owner] == w->step;
    bool is_own = w->acted[before->owner] == w->step && !before->is_text;
    bool is_changed = after.hash != before->hash;
    w->changes += is_changed;
    if (is_changed && !is_filled && !is_own && w->finding[0] == '\0') {
        snprintf(
            w->finding, sizeof(w->finding),
            "step %llu: page %u of VM %u, in frame %u%s, changes and it is "
            "not its VM's doing",
            (unsigned long long)w->step, before->page, before->owner,
            before->frame, before->is_text ? " (text)" : "");
    }
}

static void spoil(struct watch *w)
{
    struct kernel *k = w->bench->kernel;
    for (uint32_t i = 0; i < w->count && w->dirtied != VM_NONE; i++) {
        const struct seen *s = &w->seen[i];
        if (s->owner != w->dirtied) {
            continue;
        }
        enum vm_state state = k->vms[s->owner].state;
        if (state == VM_IDLE || state == VM_WAITING || state == VM_PAGING) {
            w->bench->ram[(size_t)s->frame * ABI_PAGE_BYTES + 77] ^= 1;
            w->dirtied = VM_NONE;
        }
    }
}

/* Between any two steps. */
static bool between(void *ctx)
{
    struct watch *w = ctx;
    for (uint32_t i = 0; i < w->count; i++) {
        compare(w, &w->seen[i]);
    }
    bench_audit(w->bench);
    w->step++;
    uint32_t frames = w->bench->kernel->frames.fresh;
    for (w->count = 0; frames > 0 && w->count < SAMPLE; w->count++) {
        w->seen[w->count] = look(w, (uint32_t)rng_below(&w->rng, frames));
    }
    spoil(w);
    return w->finding[0] != '\0';
}

static void draw_machine(struct bench *b, struct rng *r,
                         struct scenario_disk *disk)
{
    static const char *const profiles[] = { "denali-2002", "ideal", "modern" };
    struct scenario *s = &b->scenario;
    b->machine = *machine_find(profiles[rng_below(r, 3)]);
    s->ram_bytes = (560 + rng_below(r, 500)) * ABI_PAGE_BYTES;
    s->min_free_bytes = rng_below(r, 16) * ABI_PAGE_BYTES;
    s->quantum_ns = 1000 + rng_below(r, 100000);
    s->lease_ns = 1 + rng_below(r, 1000000);
    s->text = rng_below(r, 2) ? TEXT_SHARED : TEXT_PRIVATE;
    s->page_tables = rng_below(r, 2) ? TABLES_EAGER : TABLES_ON_DEMAND;
    s->swap = rng_below(r, 2) ? SWAP_SPARSE : SWAP_STATIC;
    s->paging_block_bytes = (uint32_t)ABI_PAGE_BYTES << rng_below(r, 3);
    s->interrupts = (enum scenario_interrupts)rng_below(r, 3);
    *disk = (struct scenario_disk){
        .group = (uint32_t)rng_below(r, IMAGES),
        .size_bytes = (uint64_t)DRAWN_DISK_BLOCKS * ABI_BLOCK_BYTES,
    };
    s->disks = disk;
    s->disk_count = 1;
    uint32_t policies = 0;
    while (replace_policies[policies]) {
        policies++;
    }
    b->replace = replace_policies[rng_below(r, policies)];
    b->whole_audit_period = 64;
}

/* Runs the seed's machine; of VM `dirtied`, if any, a frame is spoilt. The
   watch, without its bench, is what came of it. */
static struct watch *run_seed(uint64_t seed, vmid_t dirtied)
{
    static struct guest_asm a;
    static struct watch w;
    struct scenario_disk disk;
    struct rng r;
    rng_init(&r, seed, "frames", 0);
    w = (struct watch){ .bench = bench_create(),
                        .step = 1,
                        .dirtied = dirtied };
    rng_init(&w.rng, seed, "look", 0);
    struct bench *b = w.bench;
    b->extra_sink = on_event;
    b->extra_ctx = &w;
    draw_machine(b, &r, &disk);
    for (uint32_t i = 0; i < IMAGES; i++) {
        drawn_guest(&a, &(struct draws){ .rng = &r });
        bench_add_vms(b, bench_add_image(b, &a), 1 + (uint32_t)rng_below(&r, 2),
                      "");
    }
    if (bench_try_boot(b)) {
        if (rng_below(&r, 4) > 0) {
            kernel_end_boot(b->kernel); /* From now on disks take time. */
        }
        for (uint64_t n = 0; n < 60; n++) {
            bench_send_to(b, rng_below(&r, UNTIL),
                          (vmid_t)rng_below(&r, b->scenario.vm_count));
        }
        (void)kernel_advance(b->kernel, UNTIL, between, &w);
    }
    bench_release(b);
    return &w;
}

static uint64_t first_seed = 1;
static uint64_t seed_count = 12;

static void a_frame_changes_only_by_its_own_vm(void **state)
{
    (void)state;
    uint64_t looks = 0;
    uint64_t changes = 0;
    for (uint64_t seed = first_seed; seed < first_seed + seed_count; seed++) {
        const struct watch *w = run_seed(seed, VM_NONE);
        if (w->finding[0] != '\0') {
            fail_msg("seed %llu: %s", (unsigned long long)seed, w->finding);
        }
        looks += w->looks;
        changes += w->changes;
    }
    print_message("%llu looks at frames, %llu had changed\n",
                  (unsigned long long)looks, (unsigned long long)changes);
    assert_true(changes > 10 * seed_count); /* Or nothing is looked at. */
}

static void a_frame_that_somebody_else_changes_is_noticed(void **state)
{
    (void)state;
    uint32_t spoilt = 0;
    uint32_t noticed = 0;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        for (vmid_t vm = 0; vm < 4; vm++) {
            const struct watch *w = run_seed(seed, vm);
            spoilt += w->dirtied == VM_NONE;
            noticed += w->finding[0] != '\0';
        }
    }
    print_message("%u frames spoilt, %u noticed\n", spoilt, noticed);
    /* Unless its VM wakes in that very step. */
    assert_true(spoilt > 1 && noticed <= spoilt && 2 * noticed > spoilt);
}

int main(int argc, char **argv)
{
    if (argc == 3) {
        first_seed = strtoull(argv[1], NULL, 10);
        seed_count = strtoull(argv[2], NULL, 10);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_changes_only_by_its_own_vm),
        cmocka_unit_test(a_frame_that_somebody_else_changes_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
