/* verify.c - `iksim verify`: the instructions that are outside the subset. */
#include <stdio.h>

#include "cli/commands/commands.h"
#include "cli/commands/images/listing.h"
#include "sim/vocabulary/text.h"

/* Prints the encodings that would stop the engine. They may lie at any offset,
   so they are counted apart. */
static uint32_t print_aborts(const struct listing *l)
{
    uint32_t count = 0;
    for (uint32_t va = l->image.text_va; image_find_abort(&l->image, &va);
         va++) {
        const uint8_t *bytes = l->image.text + (va - l->image.text_va);
        uint32_t room = l->image.text_va + l->image.text_bytes - va;
        char text[DISASM_TEXT_BYTES];
        disasm_format(l->disasm, va, bytes, room < 4 ? room : 4, text);
        printf("%08x  %-30s %s   <- stops the engine itself: never run\n", va,
               "", text);
        count++;
    }
    return count;
}

static int print_refused(struct listing *l)
{
    struct image_walk walk;
    struct image_insn in;
    uint32_t total = 0;
    uint32_t refused = 0;
    if (!image_walk(&walk, &l->arena, &l->image)) {
        return cli_complain("out of memory");
    }
    while (image_walk_next(&walk, &in)) {
        total++;
        if (in.insn.refusal) {
            listing_print(l, &in);
            refused++;
        }
    }
    uint32_t aborts = print_aborts(l);
    printf("%s: %u instructions, %u outside the subset",
           text_shown(l->name).chars, total, refused);
    if (aborts > 0) {
        printf(", %u that stop the engine", aborts);
    }
    putchar('\n');
    return refused + aborts > 0 ? CLI_WRONG : CLI_DONE;
}

static int run(const struct command *self, void *ctx)
{
    (void)self;
    return listing_run(ctx, print_refused);
}

const struct command command_verify = {
    .name = "verify",
    .summary = "Lists the instructions of an image that are outside the subset",
    .about = "Each violation is printed with its address, bytes, disassembly "
             "and reason. docs/isa-subset.md describes the instruction subset. "
             "What is looked at is what control may reach from the entry and "
             "the functions of the symbol table; what only an indirect branch "
             "leads to is verified before it runs.",
    .arguments = listing_arguments,
    .exits = { [CLI_EXIT_DONE] = "There is no violation.",
               [CLI_EXIT_WRONG] = "Violations are listed.",
               [CLI_EXIT_USAGE] =
                   "The call is wrong, or the image cannot be loaded." },
    .size_bytes = sizeof(struct listing),
    .run = run,
};
