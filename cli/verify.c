/* verify.c - `iksim verify` and `iksim disasm`: an image's text, read. */
#include "isa/verify.h"

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "isa/disasm.h"
#include "isa/image.h"
#include "sim/arena.h"

/* What both commands work on. */
struct listing {
    struct arena arena;
    struct image image;
    struct disasm *disasm;
};

static int open_listing(struct listing *l, const struct command *self, int argc,
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

static void close_listing(struct listing *l)
{
    disasm_release(l->disasm);
    arena_unmap(&l->arena);
}

static void print_insn(const struct listing *l, const struct image_insn *in)
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

static int run_disasm(const struct command *self, int argc, char **argv)
{
    if (argc > 1 && cli_wants_help(argv[1])) {
        return cli_help(self);
    }
    struct listing l;
    int code = open_listing(&l, self, argc, argv);
    if (code == CLI_DONE) {
        struct image_cursor cursor = { 0 };
        struct image_insn in;
        while (image_next_insn(&l.image, &cursor, &in)) {
            print_insn(&l, &in);
        }
    }
    close_listing(&l);
    return code;
}

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
    int code = open_listing(&l, self, argc, argv);
    if (code == CLI_DONE) {
        struct image_cursor cursor = { 0 };
        struct image_insn in;
        uint32_t total = 0;
        uint32_t refused = 0;
        while (image_next_insn(&l.image, &cursor, &in)) {
            total++;
            if (in.insn.refusal) {
                print_insn(&l, &in);
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
    close_listing(&l);
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

const struct command command_disasm = {
    .name = "disasm",
    .arguments = "IMAGE",
    .summary = "Disassembles an image's text, virtual instructions by name",
    .help = "IMAGE is a bundled guest's name or the path of an ELF file.\n",
    .run = run_disasm,
};
