/* programs.c - see programs.h. */
#include "isa/programs.h"

#include "isa/abi.h"
#include "isa/image.h"
#include "isa/verify.h"
#include "sim/arena.h"

#include "sim/banned.h"

/* Where the texts begin: RAM may be larger, then they follow the RAM. */
#define STORE_BASE UINT64_C(0x100000000)

static bool has_abort(const struct cpu_config *config)
{
    for (uint32_t i = 0; i < config->image_count; i++) {
        uint32_t va = config->images[i].text_va;
        if (image_find_abort(&config->images[i], &va)) {
            return true;
        }
    }
    return false;
}

struct program *programs_create(struct arena *arena,
                                const struct cpu_config *config,
                                const char **why)
{
    if (has_abort(config)) {
        *why = "An image holds a locked bit test of a register, which aborts "
               "the engine.";
        return NULL;
    }
    *why = "There is no memory left for the processor.";
    uint64_t ram_bytes = (uint64_t)config->frame_count * ABI_PAGE_BYTES;
    uint64_t physical = ram_bytes > STORE_BASE ? ram_bytes : STORE_BASE;
    struct program *programs =
        arena_alloc(arena, config->image_count * sizeof(*programs),
                    alignof(struct program));
    for (uint32_t i = 0; programs && i < config->image_count; i++) {
        if (!text_init(&programs[i].text, arena, &config->images[i])) {
            return NULL;
        }
        programs[i].physical = physical;
        physical += programs[i].text.size_bytes;
    }
    return programs;
}
