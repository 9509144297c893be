/* listing.c - see listing.h. */
#include "cli/commands/listing.h"

#include <stdio.h>

int listing_open(struct listing *l, const struct command *self, int argc,
                 char **argv)
{
    *l = (struct listing){ 0 };
    if (argc != 2) {
        return cli_misuse(self, argc < 2 ? "no image is named"
                                         : "one image at a time");
    }
    if (argv[1][0] == '-') {
        return cli_misuse(self, "unknown option '%s'", argv[1]);
    }
    char path[4096];
    if (!cli_find_image(argv[1], path, sizeof(path))) {
        return cli_complain(
            "there is no bundled guest '%s', and no file of that name",
            argv[1]);
    }
    if (!arena_map(&l->arena, ARENA_UNLIMITED)) {
        return cli_complain("out of memory");
    }
    char why[IMAGE_MESSAGE_BYTES];
    if (image_load(&l->image, &l->arena, path, why) != IMAGE_OK) {
        return cli_complain("%s: %s", argv[1], why);
    }
    l->disasm = disasm_create(&l->arena);
    return l->disasm ? CLI_DONE : cli_complain("out of memory");
}

void listing_close(struct listing *l)
{
    disasm_release(l->disasm);
    arena_unmap(&l->arena);
}

void listing_print(const struct listing *l, const struct image_insn *in)
{
    char bytes[3 * INSN_MAX_BYTES + 1] = "";
    for (size_t i = 0; i < in->insn.size_bytes && i < INSN_MAX_BYTES; i++) {
        snprintf(bytes + 3 * i, 4, "%02x ", in->bytes[i]);
    }
    char text[DISASM_TEXT_BYTES];
    disasm_format(l->disasm, in->va, in->bytes, in->insn.size_bytes, text);
    printf("%08x  %-30s %s", in->va, bytes, text);
    if (in->insn.refusal) {
        printf("   <- %s", in->insn.refusal);
    }
    putchar('\n');
}
