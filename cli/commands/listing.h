/*
 * listing.h - an image's text, instruction by instruction: what `iksim verify`
 * and `iksim disasm` share.
 */
#ifndef CLI_COMMANDS_LISTING_H
#define CLI_COMMANDS_LISTING_H

#include "cli/command.h"
#include "isa/disasm.h"
#include "isa/image.h"
#include "isa/verify.h"
#include "sim/arena.h"

struct listing {
    const char *name; /* Borrowed: the argument of the call. */
    struct arena arena;
    struct image image;
    struct disasm *disasm;
};

/* The row of the image, the one argument of both commands. */
extern const struct cli_option listing_arguments[];

/* Opens the image that is named. Returns CLI_DONE, or the exit code, having
   complained; listing_close is allowed either way. */
int listing_open(struct listing *l);
void listing_close(struct listing *l);

/* Prints a line: address, bytes, disassembly, and why the instruction is
   refused. */
void listing_print(const struct listing *l, const struct image_insn *in);

#endif /* CLI_COMMANDS_LISTING_H */
