/*
 * fuzz_image.c - any bytes as an image file: all that is done with it before
 * its first instruction runs. A refusal has a sentence.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "isa/args/carried.h"
#include "isa/image.h"
#include "isa/symbols.h"
#include "isa/verify.h"
#include "sim/arena.h"

#define PAGE_BYTES 4096
#define FEW_PAGES  16

static void read_words(const struct image *image, struct arena *arena)
{
    struct args_table table;
    struct args_value values[ARGS_LIMIT];
    struct args_fault fault;
    const char *why = NULL;
    char text[256];
    if (!args_carried(&table, arena, image, &why)) {
        SIM_ASSERT(why && strlen(why) > 0);
    } else if (table.summary &&
               !args_read(table.rules, table.summary, values, &fault)) {
        args_explain(&fault, text, sizeof(text));
        SIM_ASSERT(strlen(text) > 0);
    }
}

static void look_at(const struct image *image, struct arena *arena)
{
    uint32_t va = image->text_va;
    struct image_insn first;
    struct symbols symbols;
    uint8_t page[PAGE_BYTES];
    bool aborts = image_find_abort(image, &va);
    SIM_ASSERT(!aborts || va - image->text_va < image->text_bytes);
    uint32_t count = 0;
    if (image_count_refused(image, arena, &count, &first) && count > 0) {
        SIM_ASSERT(first.va - image->text_va < image->text_bytes);
    }
    if (symbols_read(&symbols, arena, image)) {
        const struct symbol *found = symbols_find(&symbols, image->entry);
        SIM_ASSERT(!found || found->va <= image->entry);
    }
    for (uint32_t i = 0; i < image->segment_count; i++) {
        uint32_t at = image->segments[i].va & ~(uint32_t)(PAGE_BYTES - 1);
        for (int n = 0; n < FEW_PAGES && at < image->end_va; n++) {
            image_fill_page(image, at, page);
            at += PAGE_BYTES;
        }
    }
    read_words(image, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct image image;
    char message[IMAGE_MESSAGE_BYTES] = "";
    bool is_mapped = arena_map(&arena, 64u << 20);
    SIM_ASSERT(is_mapped);
    if (image_parse(&image, &arena, data, size, message) == IMAGE_OK) {
        look_at(&image, &arena);
    } else {
        SIM_ASSERT(message[0] != '\0');
    }
    arena_unmap(&arena);
    return 0;
}
