/*
 * fuzz_scenario.c - any bytes as a scenario, and behind a NUL as `--set` words
 * with NULs between them. What is taken can be saved, and read back as the
 * same.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "sim/arena.h"
#include "sim/scenario.h"

#define SETS 8

static void save_and_load(struct arena *arena, const struct scenario *s)
{
    char message[SCENARIO_MESSAGE_BYTES] = "";
    const char *path = fuzz_file(1, "", 0);
    bool is_saved = scenario_save(s, path);
    SIM_ASSERT(is_saved);
    const struct scenario *again = scenario_load(arena, path, NULL, message);
    if (!again) {
        sim_assert_failed(message, __FILE__, __LINE__);
    }
    char *one = scenario_write_json(s);
    char *other = scenario_write_json(again);
    SIM_ASSERT(one && other);
    SIM_ASSERT(strcmp(one, other) == 0);
    free(one);
    free(other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = { data, size };
    struct fuzz_input text = fuzz_until(&in, '\0');
    char *words[SETS];
    const char *sets[SETS];
    struct scenario_options options = { .sets = sets };
    while (!fuzz_is_over(&in) && options.set_count < SETS) {
        struct fuzz_input word = fuzz_until(&in, '\0');
        words[options.set_count] = fuzz_text(&word);
        sets[options.set_count] = words[options.set_count];
        options.set_count++;
    }
    struct arena arena;
    char message[SCENARIO_MESSAGE_BYTES] = "";
    bool is_mapped = arena_map(&arena, 64u << 20);
    SIM_ASSERT(is_mapped);
    const struct scenario *s = scenario_load(
        &arena, fuzz_file(0, text.at, text.count), &options, message);
    if (s) {
        save_and_load(&arena, s);
    } else {
        SIM_ASSERT(message[0] != '\0' && !strpbrk(message, "\n\r"));
    }
    arena_unmap(&arena);
    for (uint32_t i = 0; i < options.set_count; i++) {
        free(words[i]);
    }
    return 0;
}
