/*
 * args.h - the grammar of a guest's command line, `vms[].args`: one parser,
 * compiled for guests and for the host alike, and one table of a guest's words,
 * which its image carries.
 *
 * The line is words `name=value` with blanks between them (space, tab, line
 * feed, carriage return), in any order. A name that is not in the table, a name
 * that comes twice and a value that the table does not allow are refused. A
 * number is decimal: "0100" is a hundred, and "0x10" is none. What may follow a
 * number is said by its kind.
 *
 * A guest states its words in one list and names the list in ARGS_PROGRAM:
 *
 *     #define SPIN_ARGS(X)                                          \
 *         X(burst, "burst", ARGS_COUNT, 0, UINT32_MAX, 0, "rounds", \
 *           "between two naps; 0: no naps")
 *     ARGS_PROGRAM("computes and never waits", SPIN_ARGS)
 *
 * From the list follow ARG_burst (the index of the value), args_rules (what the
 * parser reads) and the section ".iksim.args" of the image, which is not loaded:
 * the host reads the same words there (isa/args/carried.h).
 */
#ifndef ISA_ARGS_ARGS_H
#define ISA_ARGS_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum args_kind {
    ARGS_COUNT,  /* A whole number. */
    ARGS_SIZE,   /* Bytes; KiB, MiB or GiB may follow. */
    ARGS_TIME,   /* ns, us, ms or s may follow; alone it counts `unit`s. */
    ARGS_CHOICE, /* One of the words of `unit`. */
    ARGS_LIST,   /* Whole numbers with commas between them. */
};

/* A word that a guest knows. Tables end with a rule whose name is NULL. */
struct args_rule {
    const char *name;
    enum args_kind kind;
    /* Bounds of a number, or of each number of a list; of a time in ns. */
    uint64_t low, high;
    /* The value when the word is not given: of a time in ns, of a choice the
       index of its word. A list has none. */
    uint64_t fallback;
    /* What a bare number counts ("bytes", "ms"); of a choice its words, with a
       blank between each two. */
    const char *unit;
};

struct args_value {
    uint64_t number;  /* A time in ns; the index of a choice; else as given. */
    const char *text; /* A list's, borrowed from the line; else NULL. */
    uint32_t text_bytes;
    bool is_given;
};

enum args_fault_kind {
    ARGS_FINE,
    ARGS_UNKNOWN,   /* No rule has this name, or the word has no `=`. */
    ARGS_TWICE,     /* An earlier word has the name, too. */
    ARGS_NO_NUMBER, /* The value is not of its rule's kind. */
    ARGS_OUT_OF_BOUNDS,
    ARGS_NO_CHOICE,
};

/* What is wrong with a line, and where. */
struct args_fault {
    enum args_fault_kind kind;
    const char *word; /* In the line; borrowed. */
    uint32_t word_bytes;
    uint32_t name_bytes;          /* Of the word, those before its `=`. */
    const struct args_rule *rule; /* NULL with ARGS_UNKNOWN. */
};

/*
 * Reads `line` into values[i] for each rules[i]. False: *fault says why, and
 * `values` are of no use.
 */
bool args_read(const struct args_rule *rules, const char *line,
               struct args_value *values, struct args_fault *fault);

/* One sentence, without a full stop, on a fault that args_read has found. */
void args_explain(const struct args_fault *fault, char *text, size_t bytes);

/*
 * The number at *text, which then stands behind the comma that follows; false
 * at the end of the list. To begin with, *text is a value's `text`, and `end`
 * the end of it.
 */
bool args_list_next(const char **text, const char *end, uint64_t *number);

/* Nanoseconds of a time's unit: 1 of "ns", 1,000,000,000 of "s"; 0: no unit. */
uint32_t args_unit_ns(const char *unit, size_t bytes);

/* ---- What an image carries ---------------------------------------------- */

#define ARGS_SECTION       ".iksim.args"
#define ARGS_MAGIC         "IKARGS1" /* With its zero: 8 bytes. */
#define ARGS_SUMMARY_BYTES 112
#define ARGS_NAME_BYTES    24
#define ARGS_UNIT_BYTES    72
#define ARGS_MEANING_BYTES 128

/* Integers are little-endian; texts end with a zero. */
struct args_header {
    char magic[8];
    uint32_t record_bytes; /* sizeof(struct args_record) */
    uint32_t count;        /* Records that follow. */
    char summary[ARGS_SUMMARY_BYTES];
};

struct args_record {
    uint64_t low, high, fallback;
    uint32_t kind;
    uint32_t zero;
    char name[ARGS_NAME_BYTES];
    char unit[ARGS_UNIT_BYTES];
    char meaning[ARGS_MEANING_BYTES];
};

_Static_assert(sizeof(struct args_header) == 128, "the header has no gaps");
_Static_assert(sizeof(struct args_record) == 256, "a record has no gaps");

/* Each takes an item of a list: the value's name in C, the word's name, its
   kind, least, greatest and usual value, its unit, and what it means. */
#define ARGS_INDEX(id, ...) ARG_##id,
#define ARGS_RULE(id, name, kind, low, high, fallback, unit, meaning) \
    { name, kind, low, high, fallback, unit },
#define ARGS_RECORD(id, name, kind, low, high, fallback, unit, meaning) \
    { low, high, fallback, kind, 0, name, unit, meaning },
#define ARGS_FITS(id, name, kind, low, high, fallback, unit, meaning) \
    _Static_assert(sizeof(name) <= ARGS_NAME_BYTES &&                 \
                       sizeof(unit) <= ARGS_UNIT_BYTES &&             \
                       sizeof(meaning) <= ARGS_MEANING_BYTES,         \
                   name ": a text is too long");

/* In one file of a guest: what it is, in a few words, and its list. */
#define ARGS_PROGRAM(what, LIST)                                            \
    enum { LIST(ARGS_INDEX) ARG_COUNT };                                    \
    LIST(ARGS_FITS)                                                         \
    static const struct args_rule args_rules[] = { LIST(ARGS_RULE){         \
        NULL, ARGS_COUNT, 0, 0, 0, NULL } };                                \
    __attribute__((section(ARGS_SECTION), used)) static const struct {      \
        struct args_header header;                                          \
        struct args_record records[ARG_COUNT + 1];                          \
    } args_carried = { { ARGS_MAGIC, sizeof(struct args_record), ARG_COUNT, \
                         what },                                            \
                       { LIST(ARGS_RECORD){ 0, 0, 0, 0, 0, "", "", "" } } };

#endif /* ISA_ARGS_ARGS_H */
