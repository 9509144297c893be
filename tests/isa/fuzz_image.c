/* fuzz_image.c - any bytes as an image file: `tools/fuzz MINUTES image`. */
#include <stdlib.h>

#include "isa/image.h"
#include "isa/verify.h"
#include "sim/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct image image;
    struct image_insn first;
    char message[IMAGE_MESSAGE_BYTES];
    if (!arena_map(&arena, 64u << 20)) {
        abort();
    }
    if (image_parse(&image, &arena, data, size, message) == IMAGE_OK) {
        uint32_t va = image.text_va;
        (void)image_find_abort(&image, &va);
        (void)image_count_refused(&image, &first);
    } else if (message[0] == '\0') {
        abort();
    }
    arena_unmap(&arena);
    return 0;
}
