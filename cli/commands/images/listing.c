/* listing.c - see listing.h. */
#include "cli/commands/images/listing.h"

#include <stdio.h>

#include "cli/commands/shared.h"

const struct cli_option listing_arguments[] = {
    ARGUMENT_IMAGE(struct listing, name, ), CLI_END
};

static int open_image(struct listing *l)
{
    char path[4096];
    int code = image_find(l->name, path, sizeof(path));
    if (code != CLI_DONE) {
        return code;
    }
    if (!arena_map(&l->arena, ARENA_UNLIMITED)) {
        return cli_complain("out of memory");
    }
    char why[IMAGE_MESSAGE_BYTES];
    if (image_load(&l->image, &l->arena, path, why) != IMAGE_OK) {
        return cli_complain("%s: %s", l->name, why);
    }
    l->disasm = disasm_create(&l->arena);
    return l->disasm ? CLI_DONE : cli_complain("out of memory");
}

int listing_run(struct listing *l, listing_fn *print)
{
    int code = open_image(l);
    if (code == CLI_DONE) {
        code = print(l);
    }
    disasm_release(l->disasm);
    arena_unmap(&l->arena);
    return code;
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
