/*
 * listing.h - an image's text, instruction by instruction: what `iksim verify`
 * and `iksim disasm` share.
 */
#ifndef CLI_COMMANDS_LISTING_H
#define CLI_COMMANDS_LISTING_H

#include "cli/cli.h"
#include "isa/disasm.h"
#include "isa/image.h"
#include "isa/verify.h"
#include "sim/arena.h"

struct listing {
    struct arena arena;
    struct image image;
    struct disasm *disasm;
};

/* Opens the image that is the command's one word. Returns CLI_DONE, or the exit
   code, having complained; listing_close is allowed either way. */
int listing_open(struct listing *l, const struct command *self, int argc,
                 char **argv);
void listing_close(struct listing *l);

/* A line: address, bytes, disassembly, and why the instruction is refused. */
void listing_print(const struct listing *l, const struct image_insn *in);

#endif /* CLI_COMMANDS_LISTING_H */
