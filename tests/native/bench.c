/* bench.c - see bench.h. */
#include "tests/native/bench.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "isa/disasm.h"
#include "sim/arena.h"
#include "tests/native/hardware.h"
#include "tests/native/judge.h"

/* Disagreements that are printed whole. */
#define SHOWN_LIMIT 10u

struct bench {
    struct arena arena;
    struct hardware *hardware;
    struct disasm *disasm;
    uint8_t text[TEXT_BYTES];
    struct trial trials[SLOT_LIMIT];
    struct state before[STATE_LIMIT];
    struct state after[2][STATE_LIMIT];
    struct ending native, simulated;
    XXH3_state_t *hash;
    uint32_t shown;
};

struct bench *bench_open(const char **why)
{
    struct hardware *hardware = hardware_open(why);
    if (hardware == NULL) {
        return NULL;
    }
    struct bench *b = calloc(1, sizeof(*b));
    SIM_ASSERT(b != NULL);
    bool is_mapped = arena_map(&b->arena, 1u << 20);
    b->hash = XXH3_createState();
    SIM_ASSERT(is_mapped && b->hash != NULL);
    b->hardware = hardware;
    b->disasm = disasm_create(&b->arena);
    b->native.states = b->after[0];
    b->simulated.states = b->after[1];
    (void)XXH3_64bits_reset(b->hash);
    return b;
}

void bench_close(struct bench *b)
{
    hardware_close(b->hardware);
    disasm_release(b->disasm);
    (void)XXH3_freeState(b->hash);
    arena_unmap(&b->arena);
    free(b);
}

/* The trials from `first` on, in their slots; how many there are. */
static uint32_t fill_slots(struct bench *b, const struct bench_range *range,
                           uint32_t count, uint32_t insn_limit)
{
    memset(b->text, 0x90, sizeof(b->text));
    for (uint32_t i = 0; i < count; i++) {
        struct trial *t = &b->trials[i];
        if (!trial_make(t, range->kind, range->first + i, i, insn_limit)) {
            return i;
        }
        if (range->state_count != 0) {
            t->state_count = range->state_count;
        }
        memcpy(b->text + (t->entry - ABI_TEXT_BASE), t->text, t->size);
    }
    return count;
}

static const char *run_trial(struct bench *b, struct engine *engine,
                             const struct trial *t, enum engine_mode mode,
                             uint32_t *index)
{
    trial_states(t, b->before);
    hardware_run(b->hardware, t, b->before, &b->native);
    engine_run(engine, t, b->before, mode, &b->simulated);
    return judge_trial(t, b->before, &b->native, &b->simulated, index);
}

/* One trial alone; what differs, or NULL. */
static const char *run_alone(struct bench *b, const struct bench_range *range,
                             uint32_t insn_limit, bool is_shown)
{
    uint32_t count = fill_slots(b, range, 1, insn_limit);
    SIM_ASSERT(count == 1);
    struct engine *engine = engine_open(b->text);
    hardware_set_text(b->hardware, b->text);
    uint32_t index;
    const char *what = run_trial(b, engine, &b->trials[0], range->mode, &index);
    if (is_shown) {
        judge_print(&b->trials[0], b->disasm, b->before, &b->native,
                    &b->simulated, index);
    }
    engine_close(engine);
    return what;
}

bool bench_show(struct bench *b, const struct bench_range *range,
                uint32_t insn_limit)
{
    const char *what = run_alone(b, range, insn_limit, true);
    (void)printf("%s\n", what != NULL ? what : "the same");
    return what == NULL;
}

/* The fewest instructions that still disagree. */
static void show_shrunk(struct bench *b, const struct bench_range *range)
{
    uint32_t limit = 1;
    while (limit < TRIAL_INSN_LIMIT &&
           run_alone(b, range, limit, false) == NULL) {
        limit++;
    }
    const char *what = run_alone(b, range, limit, false);
    (void)printf(
        "%s: build/tests/native.trials --show %s %s %" PRIu64 " %" PRIu32 "\n",
        what != NULL ? what : "not alone", trial_kind_names[range->kind],
        engine_mode_names[range->mode], range->first, limit);
    (void)run_alone(b, range, limit, true);
}

/* Up to SLOT_LIMIT trials in one text; true: there are no more. */
static bool run_slots(struct bench *b, const struct bench_range *range,
                      struct bench_counts *counts)
{
    uint64_t bad[SLOT_LIMIT];
    uint32_t bad_count = 0;
    uint32_t count =
        fill_slots(b, range, (uint32_t)range->count, TRIAL_INSN_LIMIT);
    struct engine *engine = engine_open(b->text);
    hardware_set_text(b->hardware, b->text);
    for (uint32_t i = 0; i < count; i++) {
        const struct trial *t = &b->trials[i];
        uint32_t index;
        if (run_trial(b, engine, t, range->mode, &index) != NULL) {
            bad[bad_count++] = t->seed;
        }
        (void)XXH3_64bits_update(b->hash, t->text, t->size);
        (void)XXH3_64bits_update(b->hash, b->before,
                                 t->state_count * sizeof(*b->before));
        counts->executions += t->state_count;
        counts->faults += b->native.fault_count;
    }
    engine_close(engine);
    counts->trials += count;
    counts->disagreements += bad_count;
    for (uint32_t i = 0; i < bad_count && b->shown < SHOWN_LIMIT; i++) {
        struct bench_range one = *range;
        one.first = bad[i];
        show_shrunk(b, &one);
        b->shown++;
    }
    return count < range->count;
}

void bench_run(struct bench *b, const struct bench_range *range,
               struct bench_counts *counts)
{
    bool is_over = false;
    for (uint64_t done = 0; done < range->count && !is_over;
         done += SLOT_LIMIT) {
        struct bench_range part = *range;
        part.first += done;
        part.count -= done;
        part.count = part.count < SLOT_LIMIT ? part.count : SLOT_LIMIT;
        is_over = run_slots(b, &part, counts);
    }
    counts->hash = XXH3_64bits_digest(b->hash);
}
