/* disasm.c - `iksim disasm`: an image's text, disassembled. */
#include "cli/commands/commands.h"
#include "cli/commands/listing.h"

static int run_disasm(const struct command *self, int argc, char **argv)
{
    if (argc > 1 && cli_wants_help(argv[1])) {
        return cli_help(self);
    }
    struct listing l;
    int code = listing_open(&l, self, argc, argv);
    if (code == CLI_DONE) {
        struct image_cursor cursor = { 0 };
        struct image_insn in;
        while (image_next_insn(&l.image, &cursor, &in)) {
            listing_print(&l, &in);
        }
    }
    listing_close(&l);
    return code;
}

const struct command command_disasm = {
    .name = "disasm",
    .arguments = "IMAGE",
    .summary = "Disassembles an image's text, virtual instructions by name",
    .help = "IMAGE is a bundled guest's name or the path of an ELF file.\n",
    .run = run_disasm,
};
