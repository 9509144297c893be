/*
 * command.h - a command of `iksim` as data: one row for each of its options and
 * arguments. A row says the name, the kind and the limits of a value, what is
 * said of it, and the member of the command's struct that the value goes to.
 * The parser (parse.c), --help (help.c), the manual page (man.c) and what
 * shells complete (complete.c) follow from the rows.
 *
 * A row names its member through a macro of its kind, CLI_TIME(struct run,
 * until_ns): a member of another type does not compile.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stddef.h>

#include "cli/cli.h"
#include "sim/vocabulary/vocabulary.h"

#define CLI_ROW_LIMIT     32 /* Options of a command; arguments likewise. */
#define CLI_LIST_LIMIT    256
#define CLI_MESSAGE_BYTES 1024

enum cli_kind {
    CLI_KIND_NONE,     /* The row that ends a table. */
    CLI_KIND_FLAG,     /* bool: set to true. */
    CLI_KIND_CONSTANT, /* const void *: set to `constant`. */
    CLI_KIND_TEXT,     /* const char * */
    CLI_KIND_FILE,     /* const char *: a file or a folder. */
    CLI_KIND_CHOICE,   /* const char *: one of `choices`. */
    CLI_KIND_WHOLE,    /* uint64_t */
    CLI_KIND_WHOLE32,  /* uint32_t */
    CLI_KIND_TIME,     /* uint64_t: nanoseconds. */
    CLI_KIND_REAL,     /* struct cli_real */
    CLI_KIND_LIST,     /* struct cli_list: the option may be repeated. */
    CLI_KIND_WORDS,    /* struct cli_words: all arguments that are left. */
    CLI_KIND_OWN,      /* What `read` takes; the option may be repeated. */
};

struct cli_real {
    double value;
    const char *text; /* The value as it was given; NULL: it was not given. */
};

struct cli_list {
    const char *items[CLI_LIST_LIMIT]; /* Borrowed. */
    uint32_t count;
};

struct cli_words {
    char **items; /* Borrowed. */
    int count;
};

/* Takes one value into the member at `at`. False: `message` is the end of a
   sentence that begins with the option's name ("must be ..."). */
typedef bool cli_read_fn(const char *text, void *at,
                         char message[CLI_MESSAGE_BYTES]);

/* Says to a shell what a value may be, by cli_offer. */
struct cli_offers;
typedef void cli_offer_fn(struct cli_offers *to);

struct cli_option {
    /* "seed" for --seed. An argument has the noun that sentences call it by:
       "no scenario is named". */
    const char *name;
    char letter;          /* 'o': it may be called -o, too; 0. */
    const char *argument; /* The place of the value in help; NULL: none. */
    const char *help;     /* Sentences; `words` to be typed so. */

    enum cli_kind kind;
    size_t at; /* The offset of the member in the command's struct. */

    uint64_t least, most;       /* Limits of a number, inclusive; `most` also
                                   limits the items of a list. 0: no limit. */
    uint64_t initial;           /* The default of a number. */
    uint64_t alone;             /* > 0: a number's value may be left out, and is
                                   then this. */
    const char *otherwise;      /* The default in words, if `initial` is not. */
    const char *const *choices; /* Ended by NULL. */
    const struct vocabulary *words; /* The value is a list of some of these,
                                       with commas in between. */
    const void *constant;
    cli_read_fn *read;
    cli_offer_fn *offer;            /* NULL: `choices` and the kind tell. */
    const struct cli_option *after; /* The second value, if there is one. */

    /* Names of other rows, with blanks between them. */
    const char *excludes; /* None of these may be given with it. */
    const char *needs;    /* These must be given with it. */
    const char *unless;   /* An argument need not be named with this. */

    /* True: the word is this optional argument; NULL: any word is. */
    bool (*fits)(const char *word);
    bool is_optional; /* For arguments, which are required otherwise. */
    bool is_required; /* For options, which are optional otherwise. */
    bool is_hidden;   /* The option is for tests, and not in help. */
};

/* The offset of a member that must be of this type. */
#define CLI_AT(S, member, type) \
    _Generic(((S *)NULL)->member, type: offsetof(S, member))

#define CLI_FLAG(S, member) .kind = CLI_KIND_FLAG, .at = CLI_AT(S, member, bool)
#define CLI_TEXT(S, member) \
    .kind = CLI_KIND_TEXT, .at = CLI_AT(S, member, const char *)
#define CLI_FILE(S, member) \
    .kind = CLI_KIND_FILE, .at = CLI_AT(S, member, const char *)
#define CLI_CHOICE(S, member, list)                                 \
    .kind = CLI_KIND_CHOICE, .at = CLI_AT(S, member, const char *), \
    .choices = (list)
#define CLI_WHOLE(S, member)              \
    .kind = _Generic(((S *)NULL)->member, \
        uint32_t: CLI_KIND_WHOLE32,       \
        uint64_t: CLI_KIND_WHOLE),        \
    .at = offsetof(S, member)
#define CLI_TIME(S, member) \
    .kind = CLI_KIND_TIME, .at = CLI_AT(S, member, uint64_t)
#define CLI_REAL(S, member) \
    .kind = CLI_KIND_REAL, .at = CLI_AT(S, member, struct cli_real)
#define CLI_LIST(S, member) \
    .kind = CLI_KIND_LIST, .at = CLI_AT(S, member, struct cli_list)
#define CLI_WORDS(S, member) \
    .kind = CLI_KIND_WORDS, .at = CLI_AT(S, member, struct cli_words)
/* Options with a constant of one member exclude each other. */
#define CLI_CONSTANT(S, member, type, value)                          \
    .kind = CLI_KIND_CONSTANT, .at = CLI_AT(S, member, const type *), \
    .constant = (value)
#define CLI_OWN(S, member, type, reader) \
    .kind = CLI_KIND_OWN, .at = CLI_AT(S, member, type), .read = (reader)

/* Ends a table. */
#define CLI_END { .name = NULL }

struct cli_example {
    const char *what; /* A sentence without its end; NULL: as before. */
    const char *line; /* NULL ends a list. */
};

/* Exit codes, in the order in which help tells them. */
enum cli_exit {
    CLI_EXIT_DONE,
    CLI_EXIT_WRONG,
    CLI_EXIT_USAGE,
    CLI_EXIT_INTERRUPTED,
    CLI_EXIT_COUNT
};

struct command {
    const char *name;    /* The whole name: "trace show". */
    const char *summary; /* A sentence without its end. */
    const char *about;   /* Sentences; paragraphs have "\n\n" between them. */

    /* Either commands of its own, ended by NULL, */
    const struct command *const *commands;

    /* or all of this. */
    const struct cli_option *arguments; /* NULL: none. */
    const struct cli_option *options;   /* NULL: none. */
    const char *exits[CLI_EXIT_COUNT];  /* NULL: this exit does not occur. */
    const struct cli_example *examples; /* NULL: none. */
    size_t size_bytes;                  /* The size of its struct. */
    /* `ctx` is its struct: zeros, but for what the rows say and the call has
       filled in. It is freed by the caller. Returns the exit code. */
    int (*run)(const struct command *self, void *ctx);
};

/* ---- The call ------------------------------------------------------------ */

/*
 * Finds the command that is called, from argv[1] on, and runs it. Returns the
 * exit code, having complained.
 */
int cli_run(const struct command *root, int argc, char **argv);

/*
 * Fills in the command's struct from the words that follow its name. Returns
 * CLI_DONE to go on, CLI_HELPED, or CLI_USAGE, having complained.
 */
int cli_parse(const struct command *self, int count, char **words, void *ctx);

/* ---- What is said of a command ------------------------------------------- */

/* Finds the command of that name below `of`. NULL: there is none. */
const struct command *command_find(const struct command *of, const char *name);

/* Returns the last word of the command's name, which is typed. */
const char *command_word(const struct command *c);

/* Prints "there is no command 'rum'; did you mean run?" Returns CLI_USAGE. */
int command_complain(const struct command *of, const char *name);

/* Writes an option as help shows it: "--check[=N]", "--screenshot TIME
   FILE". */
#define CLI_SYNTAX_BYTES 96
void cli_write_syntax(const struct cli_option *o, char text[CLI_SYNTAX_BYTES]);

/* Writes the note behind an option's help, "(default: 5)", or "". */
#define CLI_NOTE_BYTES 256
void cli_write_note(const struct cli_option *o, char text[CLI_NOTE_BYTES]);

/*
 * Writes what follows the command's name in its usage number `index`. False:
 * the command has no more usages.
 */
#define CLI_USAGE_BYTES 256
bool cli_write_usage(const struct command *c, uint32_t index,
                     char text[CLI_USAGE_BYTES]);

/* True: the name stands in a list separated by blanks; NULL is an empty
   list. */
bool cli_is_listed(const char *list, const char *name);

extern const int cli_exit_codes[CLI_EXIT_COUNT];

/*
 * Prints the first paragraph of `text` in 80 columns, from `column` on, and
 * each further line from `indent` on. What stands between backquotes stays in
 * one line. Returns what is behind the paragraph.
 */
const char *cli_print_paragraph(const char *text, int column, int indent);

/* Prints the help of a command on stdout. */
void cli_help(const struct command *c);

/* Prints the manual page of a command, or of all, on stdout. */
void cli_print_manual(const struct command *c);

/* ---- What shells complete ------------------------------------------------ */

/*
 * Prints what may stand in the place of the last word, a line each: the word,
 * and what it means behind a tab. A line ":files" says that files may, too.
 */
void cli_complete(const struct command *root, int count, char **words);

/* Offers a word, unless it does not begin as the word that is typed. `help` may
   be NULL. */
void cli_offer(struct cli_offers *to, const char *word, const char *help);
/* Offers a name as the last of a list with commas. */
void cli_offer_item(struct cli_offers *to, const char *name);
/* Offers names of files. */
void cli_offer_files(struct cli_offers *to);
/* Returns what is typed so far of the value. */
const char *cli_offers_begun(const struct cli_offers *to);

#endif /* CLI_COMMAND_H */
