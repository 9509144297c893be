/* verify.c - `iksim verify`: what in an image's text is outside the subset. */
#include <stdio.h>

#include "cli/commands/commands.h"
#include "cli/commands/listing.h"

/* The encodings that would stop the engine lie at any offset: apart. */
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

static int run_verify(const struct command *self, int argc, char **argv)
{
    if (argc > 1 && cli_wants_help(argv[1])) {
        return cli_help(self);
    }
    struct listing l;
    int code = listing_open(&l, self, argc, argv);
    if (code == CLI_DONE) {
        struct image_cursor cursor = { 0 };
        struct image_insn in;
        uint32_t total = 0;
        uint32_t refused = 0;
        while (image_next_insn(&l.image, &cursor, &in)) {
            total++;
            if (in.insn.refusal) {
                listing_print(&l, &in);
                refused++;
            }
        }
        uint32_t aborts = print_aborts(&l);
        printf("%s: %u instructions, %u outside the subset", argv[1], total,
               refused);
        if (aborts > 0) {
            printf(", %u that stop the engine", aborts);
        }
        putchar('\n');
        code = refused + aborts > 0 ? CLI_WRONG : CLI_DONE;
    }
    listing_close(&l);
    return code;
}

const struct command command_verify = {
    .name = "verify",
    .arguments = "IMAGE",
    .summary = "Lists what in an image's text lies outside the subset",
    .help = "IMAGE is a bundled guest's name or the path of an ELF file. Each "
            "violation\nis printed with its address, bytes, disassembly and "
            "reason.\n\nExit: 0 none; 1 violations were listed; 2 not an image "
            "that can be loaded.\n",
    .run = run_verify,
};
