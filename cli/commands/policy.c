/* policy.c - `iksim policy`: policies of one's own: a file to begin with, and
   what a policy is worth. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands/commands.h"
#include "cli/host_clock.h"
#include "cli/plugin/conform.h"
#include "cli/plugin/texts.h"
#include "sim/vocabulary/text.h"
#include "sim/vocabulary/vocabulary.h"

/* ---- new ----------------------------------------------------------------- */

static const char *const kinds[] = { "scheduler", "gatekeeper", "replacement",
                                     NULL };

struct new_call {
    const char *path;
    const char *kind; /* NULL: a scheduler. */
};

static const struct cli_option new_arguments[] = {
    { .name = "file",
      .argument = "FILE",
      CLI_FILE(struct new_call, path),
      .help = "The file that is written: its name ends in .lua or .c." },
    CLI_END
};

static const struct cli_option new_options[] = {
    { .name = "kind",
      .argument = "KIND",
      CLI_CHOICE(struct new_call, kind, kinds),
      .otherwise = "scheduler",
      .help = "What the policy decides." },
    CLI_END
};

static const char *text_for(const struct new_call *call)
{
    const char *end = strrchr(call->path, '.');
    const char *kind = call->kind ? call->kind : kinds[0];
    char wanted[32];
    snprintf(wanted, sizeof(wanted), "%s%s", kind, end ? end : "");
    for (int i = 0; i < PLUGIN_TEXT_COUNT; i++) {
        if (strcmp(plugin_texts[i].name, wanted) == 0) {
            return plugin_texts[i].text;
        }
    }
    return NULL;
}

static int run_new(const struct command *self, void *ctx)
{
    const struct new_call *call = ctx;
    const char *text = text_for(call);
    if (!text) {
        return cli_misuse(self, "there is nothing to begin such a file with: a "
                                "name ends in .lua or in .c");
    }
    FILE *file = fopen(call->path, "wx"); /* What is there stays. */
    bool is_well = file && fputs(text, file) != EOF;
    is_well = file && fclose(file) == 0 && is_well;
    if (!is_well) {
        return cli_complain("cannot write '%s': %s", call->path,
                            strerror(errno));
    }
    const char *kind = call->kind ? call->kind : kinds[0];
    const char *here = strchr(call->path, '/') ? "" : "./";
    printf("%s is a %s.\n  iksim policy test %s%s\n  iksim run SCENARIO "
           "--set kernel.%s=%s%s\n",
           text_shown(call->path).chars, kind, here, call->path, kind, here,
           call->path);
    return CLI_DONE;
}

static const struct command policy_new = {
    .name = "policy new",
    .summary = "Writes a policy to begin with",
    .about = "It does what a built-in one does, in a page. What is there is "
             "not overwritten.",
    .exits = { [CLI_EXIT_DONE] = "The file is written.",
               [CLI_EXIT_USAGE] = "It is not, or the call is wrong." },
    .arguments = new_arguments,
    .options = new_options,
    .size_bytes = sizeof(struct new_call),
    .run = run_new,
};

/* ---- test and list ------------------------------------------------------- */

struct files_call {
    struct cli_words files;
};

static const struct cli_option files_arguments[] = {
    { .name = "policy",
      .argument = "FILE",
      CLI_WORDS(struct files_call, files),
      .help = "Each FILE is a policy, in Lua, in C, or a library." },
    CLI_END
};

static void print_row(const struct conform_row *row)
{
    static const char *const verdicts[] = { [CONFORM_SEEN] = "-",
                                            [CONFORM_KEPT] = "kept",
                                            [CONFORM_BROKEN] = "BROKEN" };
    printf("  %-16s %-7s %s\n", row->what, verdicts[row->verdict], row->seen);
    if (row->verdict != CONFORM_SEEN && row->promised[0] != '\0') {
        printf("  %-16s %-7s promised: %s\n", "", "", row->promised);
    }
}

/* Returns the exit code. */
static int test_source(const struct plugin_source *source)
{
    struct conform c;
    char message[PLUGIN_MESSAGE_BYTES];
    struct timespec started = host_now();
    if (!conform_try(&c, source, message)) {
        return cli_complain("%s: %s", source->name, message);
    }
    double ns = host_seconds(started, host_now()) * 1e9;
    int code = CLI_DONE;
    printf("%s\n", text_shown(source->name).chars);
    for (uint32_t i = 0; i < c.count; i++) {
        print_row(&c.rows[i]);
        code = c.rows[i].verdict == CONFORM_BROKEN ? CLI_WRONG : code;
    }
    if (c.broken[0] != '\0') {
        cli_complain("%s: %s", source->name, c.broken);
        return CLI_WRONG;
    }
    printf("  %-16s %-7s %.0f ns a call here, checker and bench included\n",
           "cost", "-", c.calls > 0 ? ns / (double)c.calls : 0);
    return code;
}

/* Calls `fn` for each file. Returns the worst exit code. */
static int each_file(const struct files_call *call,
                     int (*fn)(const struct plugin_source *source))
{
    int code = CLI_DONE;
    for (int i = 0; i < call->files.count; i++) {
        struct arena arena;
        struct plugin_source source;
        char message[PLUGIN_MESSAGE_BYTES];
        if (!arena_map(&arena, ARENA_UNLIMITED)) {
            return cli_complain("out of memory");
        }
        int one = CLI_USAGE;
        if (!plugin_is_file(call->files.items[i])) {
            cli_complain("'%s' does not end in .lua, .c or .so",
                         call->files.items[i]);
        } else if (!plugin_read(&source, &arena, call->files.items[i], NULL,
                                message)) {
            cli_complain("%s", message);
        } else {
            one = fn(&source);
        }
        arena_unmap(&arena);
        code = one > code ? one : code;
    }
    return code;
}

static int run_test(const struct command *self, void *ctx)
{
    (void)self;
    return each_file(ctx, test_source);
}

static const struct command policy_test = {
    .name = "policy test",
    .summary = "Tries policies, and says what they guarantee",
    .about = "Each policy lives through a long random history, twice, behind "
             "the checker that stands between it and any kernel. Of a "
             "scheduler it is measured, too, whether it conserves work, how "
             "long a VM waits, whether it goes by shares, and whether who "
             "idles before its quantum ends gains by it; what it promises of "
             "these is held against what is seen. No machine is simulated.",
    .exits = { [CLI_EXIT_DONE] = "All that is promised is kept.",
               [CLI_EXIT_WRONG] = "A promise, or the contract, is broken.",
               [CLI_EXIT_USAGE] = "A policy cannot be loaded, or the call is "
                                  "wrong." },
    .arguments = files_arguments,
    .size_bytes = sizeof(struct files_call),
    .run = run_test,
};

static int list_source(const struct plugin_source *source)
{
    struct arena arena;
    struct plugin p;
    char message[PLUGIN_MESSAGE_BYTES];
    if (!arena_map(&arena, ARENA_UNLIMITED)) {
        return cli_complain("out of memory");
    }
    int code = CLI_DONE;
    if (plugin_load_any(&p, &arena, source, message)) {
        const struct policy_facts *facts = p.sched  ? &p.sched->facts
                                           : p.gate ? &p.gate->facts
                                                    : &p.replace->facts;
        printf("%-12s %s: %s\n", word_name(&policy_kind_words, p.kind),
               text_shown(source->name).chars,
               text_shown(facts->summary).chars);
    } else {
        code = cli_complain("%s: %s", source->name, message);
    }
    plugin_release(&p);
    arena_unmap(&arena);
    return code;
}

static int run_list(const struct command *self, void *ctx)
{
    (void)self;
    return each_file(ctx, list_source);
}

static const struct command policy_list = {
    .name = "policy list",
    .summary = "Says of files which policies they are",
    .about = "A line each: the kind, the file, and its rule. `iksim policies` "
             "lists those that are built in.",
    .exits = { [CLI_EXIT_DONE] = "All are listed.",
               [CLI_EXIT_USAGE] = "One cannot be loaded, or the call is "
                                  "wrong." },
    .arguments = files_arguments,
    .size_bytes = sizeof(struct files_call),
    .run = run_list,
};

const struct command command_policy = {
    .name = "policy",
    .summary = "Begins, tries and lists policies that are files",
    .about = "docs/policy.md shows how to write one.",
    .commands = (const struct command *const[]){ &policy_new, &policy_test,
                                                 &policy_list, NULL },
};
