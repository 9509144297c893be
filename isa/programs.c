/* programs.c - see programs.h. */
#include "isa/programs.h"

#include <string.h>

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

/* Adds one text to the store, behind those that are there. */
static bool add(struct programs *p, struct arena *arena, uint32_t i,
                const struct cpu_config *config)
{
    const struct image *image = &config->images[i];
    struct program *to = &p->table[i];
    if (!text_init(&to->text, arena, image, config->listed_count)) {
        return false;
    }
    for (uint32_t l = 0; l < config->listed_count; l++) {
        if (config->listed[l].image == i) {
            text_list(&to->text, config->listed[l].va - image->text_va);
        }
    }
    memcpy(p->store + p->store_bytes, image->text, image->text_bytes);
    to->physical = p->physical + p->store_bytes;
    p->store_bytes += image->text_bytes;
    return true;
}

bool programs_init(struct programs *p, struct arena *arena,
                   const struct cpu_config *config, const char **why)
{
    if (has_abort(config)) {
        *why = "An image holds a locked bit test of a register, which aborts "
               "the engine.";
        return false;
    }
    *why = "There is no memory left for the processor.";
    uint64_t ram_bytes = (uint64_t)config->frame_count * ABI_PAGE_BYTES;
    size_t bytes = 0;
    for (uint32_t i = 0; i < config->image_count; i++) {
        bytes += config->images[i].text_bytes;
    }
    *p = (struct programs){
        .table = arena_alloc(arena, config->image_count * sizeof(*p->table),
                             alignof(struct program)),
        .store = arena_alloc(arena, bytes, ABI_PAGE_BYTES),
        .physical = ram_bytes > STORE_BASE ? ram_bytes : STORE_BASE,
    };
    bool is_good = p->table != NULL && p->store != NULL;
    for (uint32_t i = 0; is_good && i < config->image_count; i++) {
        is_good = add(p, arena, i, config);
    }
    return is_good;
}
