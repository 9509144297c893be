/*
 * new.c - `iksim new`: begins a guest of one's own, from the templates of the
 * sdk. A template is a text in which @NAME@ and the like stand for words.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/commands/commands.h"

/* Of a scenario: the name of a group of VMs. */
#define NAME_LIMIT 32

struct call {
    const char *name;
    bool is_asm, is_net;
};

/* ---- One file ------------------------------------------------------------ */

/* What a mark of a template becomes. */
struct mark {
    const char *mark;
    const char *word;
};

/* Copies the text, with words for marks. */
static void put_text(const char *text, const struct mark *marks, FILE *to)
{
    while (*text) {
        size_t length = strcspn(text, "@");
        fwrite(text, 1, length, to);
        text += length;
        const struct mark *m = marks;
        while (m->mark && strncmp(text, m->mark, strlen(m->mark)) != 0) {
            m++;
        }
        if (m->mark) {
            fputs(m->word, to);
            text += strlen(m->mark);
        } else if (*text) {
            putc(*text++, to);
        }
    }
}

/* Makes the file `to` from the template. Complains. */
static bool make_file(const char *template_name, const struct mark *marks,
                      const char *to, mode_t mode)
{
    char name[64];
    char path[CLI_PATH_BYTES];
    char text[4096];
    snprintf(name, sizeof(name), "sdk/templates/%s.in", template_name);
    FILE *from =
        cli_find_bundle(name, path, sizeof(path)) ? fopen(path, "r") : NULL;
    if (!from) {
        cli_complain("'%s' is not where the program has its files", name);
        return false;
    }
    size_t length = fread(text, 1, sizeof(text) - 1, from);
    SIM_ASSERT(length < sizeof(text) - 1); /* It is a file of ours. */
    text[length] = '\0';
    (void)fclose(from);
    FILE *file = fopen(to, "wx");
    if (file) {
        put_text(text, marks, file);
        bool is_whole = !ferror(file);
        if (fclose(file) == 0 && is_whole && chmod(to, mode) == 0) {
            printf("  %s\n", to);
            return true;
        }
    }
    cli_complain("cannot write '%s': %s", to, strerror(errno));
    return false;
}

/* ---- A guest ------------------------------------------------------------- */

static bool is_name(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return name[0] >= 'a' && name[0] <= 'z' && name[length] == '\0' &&
           length <= NAME_LIMIT;
}

static int make_guest(const struct command *self, void *ctx)
{
    const struct call *call = ctx;
    if (!is_name(call->name)) {
        return cli_misuse(self,
                          "'%s': a name is a letter and up to %d more "
                          "letters, digits and hyphens, all small",
                          call->name, NAME_LIMIT - 1);
    }
    if (mkdir(call->name, 0777) != 0) {
        return cli_complain("cannot make the folder '%s': %s", call->name,
                            strerror(errno));
    }
    const struct mark marks[] = {
        { "@NAME@", call->name },
        { "@FLAG@", call->is_asm   ? "--bare "
                    : call->is_net ? "--net "
                                   : "" },
        { "@ENDING@", call->is_asm ? "S" : "c" },
        { "@SAYS@", call->is_asm   ? "is here"
                    : call->is_net ? "takes a first datagram"
                                   : "is VM 2" },
        { NULL, NULL },
    };
    const struct {
        const char *template_name, *ending;
        mode_t mode;
    } files[] = {
        { call->is_asm   ? "guest.S"
          : call->is_net ? "net.c"
                         : "guest.c",
          call->is_asm ? "S" : "c", 0666 },
        { call->is_net ? "net.yaml" : "guest.yaml", "yaml", 0666 },
        { "test.sh", NULL, 0777 },
    };
    mode_t mask = umask(0);
    umask(mask);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char to[2 * NAME_LIMIT + 16];
        if (files[i].ending) {
            snprintf(to, sizeof(to), "%s/%s.%s", call->name, call->name,
                     files[i].ending);
        } else {
            snprintf(to, sizeof(to), "%s/test.sh", call->name);
        }
        if (!make_file(files[i].template_name, marks, to,
                       files[i].mode & ~mask)) {
            return CLI_USAGE;
        }
    }
    printf("Now: %s/test.sh\n", call->name);
    return CLI_DONE;
}

static const struct cli_option argument_rows[] = {
    { .name = "name",
      .argument = "NAME",
      CLI_TEXT(struct call, name),
      .help = "The guest has this name, and a folder of this name is made for "
              "it." },
    CLI_END
};

static const struct cli_option option_rows[] = {
    { .name = "asm",
      CLI_FLAG(struct call, is_asm),
      .excludes = "net",
      .help = "It is in assembly, without Ilwaco." },
    { .name = "net",
      CLI_FLAG(struct call, is_net),
      .help = "It has a network, by lwIP." },
    CLI_END
};

static const struct command for_guest = {
    .name = "new guest",
    .summary = "Writes a guest to begin with, its scenario and its test",
    .about = "The guest is a program in C, the scenario runs three VMs of it, "
             "and the test compiles the guest with iksim-cc, runs the scenario "
             "and looks at what the guest says. docs/guest.md goes on from "
             "there.",
    .arguments = argument_rows,
    .options = option_rows,
    .exits = { [CLI_EXIT_DONE] = "The files are written.",
               [CLI_EXIT_USAGE] =
                   "The call is wrong, or a file could not be written." },
    .examples = (const struct cli_example[]){ { "A guest, and its first run",
                                                "iksim new guest mine" },
                                              { NULL, "mine/test.sh" },
                                              { NULL, NULL } },
    .size_bytes = sizeof(struct call),
    .run = make_guest,
};

const struct command command_new = {
    .name = "new",
    .summary = "Begins a guest of your own",
    .commands = (const struct command *const[]){ &for_guest, NULL },
};
