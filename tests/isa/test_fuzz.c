/*
 * test_fuzz.c - no text harms the host.
 *
 * Random bytes, random opcodes and damaged programs run in a child process
 * with a time limit: whatever they are, the processor must come out with an
 * exit, and never because the engine and our decoder disagree. Arguments: how
 * many, and the first seed.
 */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "isa/subset.h"
#include "isa/verify.h"
#include "tests/isa/fixture.h"
#include "tests/isa/program.h"

enum {
    DEFAULT_COUNT = 20000,
    PER_MACHINE = 500, /* Slots of one text; opening an engine is slow. */
    SLOT_BYTES = 64,
    SECONDS_LIMIT = 240,
};

struct fuzz {
    uint64_t random;
    uint64_t kinds[CPU_EXIT_REFUSED + 1];
    uint64_t disagreements;
    struct program program;
    uint8_t text[PER_MACHINE * SLOT_BYTES];
    struct machine machine;
};

/* Mostly opcodes of the subset, then ModRM and whatever follows. */
static void draw_opcodes(struct fuzz *f, uint8_t *slot)
{
    size_t count = 0;
    const struct subset_row *rows = subset_rows(&count);
    for (size_t at = 0; at < SLOT_BYTES - 4; at += 4) {
        const struct subset_row *row = &rows[next_random(&f->random) % count];
        if (row->refusal != NULL && next_random(&f->random) % 64 != 0) {
            at -= 4; /* Another. */
            continue;
        }
        if (row->map == SUBSET_0F) {
            slot[at++] = 0x0f;
        }
        slot[at] = row->first;
        slot[at + 1] = (uint8_t)((row->digit & 7) << 3 | (slot[at + 1] & 0xc7));
    }
}

/* The stuff of real programs, cut anywhere and slightly damaged. */
static void draw_damaged(struct fuzz *f, uint8_t *slot)
{
    uint32_t from = next_random(&f->random) % (f->program.size - SLOT_BYTES);
    memcpy(slot, f->program.text + from, SLOT_BYTES);
    for (int i = 0; i < 3; i++) {
        slot[next_random(&f->random) % SLOT_BYTES] =
            (uint8_t)next_random(&f->random);
    }
}

static void fill_text(struct fuzz *f)
{
    program_make(&f->program, f->random);
    for (uint32_t i = 0; i < PER_MACHINE; i++) {
        uint8_t *slot = f->text + i * SLOT_BYTES;
        for (uint32_t k = 0; k < SLOT_BYTES; k++) {
            slot[k] = (uint8_t)next_random(&f->random);
        }
        if (i % 3 == 1) {
            draw_opcodes(f, slot);
        } else if (i % 3 == 2) {
            draw_damaged(f, slot);
        }
    }
    /* The loader would not have let these through. */
    struct image image = { .text = f->text, .text_bytes = sizeof(f->text) };
    uint32_t va = 0;
    while (image_find_abort(&image, &va)) {
        f->text[va] = 0x90;
    }
}

static void run_slots(struct fuzz *f)
{
    struct machine *m = &f->machine;
    for (uint32_t i = 0; i < PER_MACHINE; i++) {
        struct cpu_exit e;
        m->regs = program_regs(f->random + i);
        for (int r = 0; r < CPU_GPR_COUNT; r++) { /* Mostly in memory. */
            m->regs.gpr[r] = 0x00448000 + m->regs.gpr[r] % 0x10000;
        }
        m->regs.eip = ABI_TEXT_BASE + i * SLOT_BYTES + (i % 3 == 0) * i % 7;
        for (int entries = 0; entries < 20; entries++) {
            cpu_run(m->cpu, &m->regs, 500, &e);
            f->kinds[e.kind]++;
            if (e.kind == CPU_EXIT_REFUSED) {
                f->disagreements += strstr(e.refusal, "disagree") != NULL;
                break;
            }
            if (e.kind == CPU_EXIT_PAGE_FAULT || e.kind == CPU_EXIT_EXCEPTION) {
                SIM_ASSERT(e.kind != CPU_EXIT_EXCEPTION || e.vector == 0);
                break;
            }
        }
    }
}

static int run_child(uint32_t count, uint64_t seed)
{
    struct fuzz *f = calloc(1, sizeof(*f));
    if (!f) {
        return 1;
    }
    f->random = seed;
    (void)alarm(SECONDS_LIMIT);
    for (uint32_t i = 0; i < count; i += PER_MACHINE) {
        fill_text(f);
        machine_open(&f->machine, f->text, sizeof(f->text));
        run_slots(f);
        machine_close(&f->machine);
    }
    (void)printf(
        "seed %llu: budget %llu, virtual %llu, fault %llu, "
        "exception %llu, refused %llu, disagreements %llu\n",
        (unsigned long long)seed, (unsigned long long)f->kinds[0],
        (unsigned long long)f->kinds[1], (unsigned long long)f->kinds[2],
        (unsigned long long)f->kinds[3], (unsigned long long)f->kinds[4],
        (unsigned long long)f->disagreements);
    return f->disagreements != 0;
}

int main(int argc, char **argv)
{
    uint32_t count = DEFAULT_COUNT;
    uint64_t seed = 1;
    if (argc > 1) {
        count = (uint32_t)strtoul(argv[1], NULL, 10);
    }
    if (argc > 2) {
        seed = strtoull(argv[2], NULL, 10);
    }
    pid_t child = fork();
    if (child == 0) {
        int failed = run_child(count, seed);
        (void)fflush(stdout);
        _exit(failed);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) {
        (void)fprintf(stderr, "There is no child process.\n");
        return 1;
    }
    if (WIFSIGNALED(status)) {
        (void)fprintf(stderr, "Seed %llu ended by signal %d.\n",
                      (unsigned long long)seed, WTERMSIG(status));
        return 1;
    }
    return WEXITSTATUS(status);
}
