/*
 * engine.h - trials on the processor of isa/cpu.h.
 */
#ifndef TESTS_NATIVE_ENGINE_H
#define TESTS_NATIVE_ENGINE_H

#include "tests/native/trial.h"

enum engine_mode {
    ENGINE_WHOLE,       /* One run, as long as it takes. */
    ENGINE_CUT,         /* Preempted where each block ends. */
    ENGINE_INTERRUPTED, /* The same, and an interrupt is delivered there. */
    ENGINE_MODE_COUNT
};

extern const char *const engine_mode_names[ENGINE_MODE_COUNT];

struct engine;

/* With this text, TEXT_BYTES long; the first slot is the engine's to fill. */
struct engine *engine_open(uint8_t *text);
void engine_close(struct engine *e);

void engine_run(struct engine *e, const struct trial *t,
                const struct state *states, enum engine_mode mode,
                struct ending *out);

#endif /* TESTS_NATIVE_ENGINE_H */
