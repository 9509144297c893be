/* disasm.c - `iksim disasm`: an image's text, disassembled. */
#include "cli/commands/commands.h"
#include "cli/commands/images/listing.h"

static int print_all(struct listing *l)
{
    struct image_cursor cursor = { 0 };
    struct image_insn in;
    while (image_next_insn(&l->image, &cursor, &in)) {
        listing_print(l, &in);
    }
    return CLI_DONE;
}

static int run(const struct command *self, void *ctx)
{
    (void)self;
    return listing_run(ctx, print_all);
}

const struct command command_disasm = {
    .name = "disasm",
    .summary = "Disassembles an image's text",
    .about = "Virtual instructions are shown by name.",
    .arguments = listing_arguments,
    .exits = { [CLI_EXIT_DONE] = "The text is printed.",
               [CLI_EXIT_USAGE] =
                   "The call is wrong, or the image cannot be loaded." },
    .size_bytes = sizeof(struct listing),
    .run = run,
};
