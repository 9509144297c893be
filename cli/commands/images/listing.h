/*
 * listing.h - an image's text, instruction by instruction: what `iksim verify`
 * and `iksim disasm` share.
 */
#ifndef CLI_COMMANDS_IMAGES_LISTING_H
#define CLI_COMMANDS_IMAGES_LISTING_H

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

/* What a command prints of an image that has been opened. Returns the exit
   code. */
typedef int listing_fn(struct listing *l);

/* Opens the image that is named, calls `print`, and closes it again. Returns
   the exit code; what cannot be opened has been complained about. */
int listing_run(struct listing *l, listing_fn *print);

/* Prints a line: address, bytes, disassembly, and why the instruction is
   refused. */
void listing_print(const struct listing *l, const struct image_insn *in);

#endif /* CLI_COMMANDS_IMAGES_LISTING_H */
