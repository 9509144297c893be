/* guests.c - `iksim guests`: the bundled guests, and whose they are. */
#include <stdio.h>
#include <string.h>

#include "cli/commands/commands.h"
#include "cli/run/reference.h"
#include "sim/arena.h"
#include "sim/vocabulary/vocabulary.h"

struct call {
    bool are_hashes;
    struct arena arena;
    int code;
};

static const struct cli_option option_rows[] = {
    { .name = "hashes",
      CLI_FLAG(struct call, are_hashes),
      .help = "The hashes are printed as `xxhsum -H2` prints them: "
              "workloads/guests/reference.txt is that of the reference "
              "guests." },
    CLI_END
};

/* A guest is the reference guest of its own name, or another. */
static void print_guest(void *ctx, const char *name, const char *path)
{
    struct call *call = ctx;
    char why[IMAGE_MESSAGE_BYTES];
    struct image image;
    if (image_load(&image, &call->arena, path, why) != IMAGE_OK) {
        call->code = cli_complain("%s: %s", path, why);
        return;
    }
    char hash[FINGERPRINT_CHARS];
    reference_hash(&image, hash);
    if (call->are_hashes) {
        printf("%s  %s.elf\n", hash, name);
        return;
    }
    const char *found = reference_name(&image);
    bool is_reference = found && strcmp(found, name) == 0;
    printf("%-8s %s  %s\n", name, hash,
           word_name(&guests_words,
                     is_reference ? GUESTS_REFERENCE : GUESTS_OTHER));
    if (!is_reference && call->code == CLI_DONE) {
        call->code = CLI_WRONG;
    }
}

static int run(const struct command *self, void *ctx)
{
    (void)self;
    struct call *call = ctx;
    if (!arena_map(&call->arena, ARENA_UNLIMITED)) {
        return cli_complain("out of memory");
    }
    cli_each_image(print_guest, call);
    arena_unmap(&call->arena);
    if (call->code == CLI_WRONG) {
        fputs("iksim: not all of these are the reference guests, so that runs "
              "have other figures\nthan those of the documents: were they "
              "built by clang-19, with tools/setup's lwIP?\n",
              stderr);
    }
    return call->code;
}

const struct command command_guests = {
    .name = "guests",
    .summary = "Lists the bundled guests, and whether they are the reference",
    .about = "Of each guest, the name and the XXH3-128 of its image are "
             "printed, and `reference` if it is as the compiler of the "
             "reference guests builds it: the same bytes on every machine. "
             "Reports and manifests say `guests: reference` if all images of "
             "their run are.",
    .options = option_rows,
    .exits = { [CLI_EXIT_DONE] = "The guests are the reference guests.",
               [CLI_EXIT_WRONG] = "At least one is another.",
               [CLI_EXIT_USAGE] =
                   "The call is wrong, or a guest cannot be read." },
    .size_bytes = sizeof(struct call),
    .run = run,
};
