/* flags.c - the table, and the rules of shifts and rotations. */
#include "tests/native/flags.h"

#include <stdio.h>
#include <string.h>

#define C FLAG_CF
#define P FLAG_PF
#define A FLAG_AF
#define Z FLAG_ZF
#define S FLAG_SF
#define D FLAG_DF
#define O FLAG_OF

struct flag_row {
    const char *name;
    struct flag_facts facts;
};

/* clang-format off: a table reads by column. */
static const struct flag_row rows[] = {
    { "aaa", { A, A | C, O | S | Z | P } },
    { "aad", { 0, S | Z | P, O | A | C } },
    { "aam", { 0, S | Z | P, O | A | C } },
    { "aas", { A, A | C, O | S | Z | P } },
    { "adc", { C, FLAGS_STATUS, 0 } },
    { "add", { 0, FLAGS_STATUS, 0 } },
    { "and", { 0, O | S | Z | P | C, A } },
    { "bsf", { 0, Z, O | S | A | P | C } },
    { "bsr", { 0, Z, O | S | A | P | C } },
    { "bt", { 0, C, O | S | A | P } },
    { "btc", { 0, C, O | S | A | P } },
    { "btr", { 0, C, O | S | A | P } },
    { "bts", { 0, C, O | S | A | P } },
    { "clc", { 0, C, 0 } },
    { "cld", { 0, D, 0 } },
    { "cmc", { C, C, 0 } },
    { "cmp", { 0, FLAGS_STATUS, 0 } },
    { "cmps", { D, FLAGS_STATUS, 0 } },
    { "cmpxchg", { 0, FLAGS_STATUS, 0 } },
    { "daa", { A | C, S | Z | A | P | C, O } },
    { "das", { A | C, S | Z | A | P | C, O } },
    { "dec", { 0, O | S | Z | A | P, 0 } },
    { "div", { 0, 0, FLAGS_STATUS } },
    { "idiv", { 0, 0, FLAGS_STATUS } },
    { "imul", { 0, O | C, S | Z | A | P } },
    { "inc", { 0, O | S | Z | A | P, 0 } },
    { "jcc", { O | S | Z | P | C, 0, 0 } },
    { "lahf", { S | Z | A | P | C, 0, 0 } },
    { "lods", { D, 0, 0 } },
    { "movs", { D, 0, 0 } },
    { "mul", { 0, O | C, S | Z | A | P } },
    { "neg", { 0, FLAGS_STATUS, 0 } },
    { "or", { 0, O | S | Z | P | C, A } },
    { "popf", { 0, FLAGS_ALL, 0 } },
    { "pushf", { FLAGS_ALL, 0, 0 } },
    { "sahf", { 0, S | Z | A | P | C, 0 } },
    { "sbb", { C, FLAGS_STATUS, 0 } },
    { "scas", { D, FLAGS_STATUS, 0 } },
    { "setcc", { O | S | Z | P | C, 0, 0 } },
    { "stc", { 0, C, 0 } },
    { "std", { 0, D, 0 } },
    { "stos", { D, 0, 0 } },
    { "sub", { 0, FLAGS_STATUS, 0 } },
    { "test", { 0, O | S | Z | P | C, A } },
    { "xadd", { 0, FLAGS_STATUS, 0 } },
    { "xor", { 0, O | S | Z | P | C, A } },
    { NULL, { 0, 0, 0 } },
};

/* As if made more than once; see `of_count`. */
static const struct flag_row counted[] = {
    { "rcl", { C, C, O } },
    { "rcr", { C, C, O } },
    { "rol", { 0, C, O } },
    { "ror", { 0, C, O } },
    { "sar", { 0, S | Z | P | C, O | A } },
    { "shl", { 0, S | Z | P | C, O | A } },
    { "shld", { 0, S | Z | P | C, O | A } },
    { "shr", { 0, S | Z | P | C, O | A } },
    { "shrd", { 0, S | Z | P | C, O | A } },
    { NULL, { 0, 0, 0 } },
};
/* clang-format on */

static const struct flag_row *find(const struct flag_row *row, const char *name)
{
    while (row->name != NULL && strcmp(row->name, name) != 0) {
        row++;
    }
    return row;
}

bool flags_depend_on_count(const char *name)
{
    return find(counted, name)->name != NULL;
}

/* SHL and SHR have no carry that is left when all bits went out. */
static bool loses_carry(const char *name, unsigned bits, unsigned count)
{
    bool is_shift = strcmp(name, "shl") == 0 || strcmp(name, "shr") == 0;
    return is_shift && count >= bits;
}

static struct flag_facts of_count(const struct flag_row *row, unsigned bits,
                                  unsigned count)
{
    struct flag_facts facts = row->facts;
    if (count == FLAG_COUNT_UNKNOWN) {
        facts.defines = 0; /* The count may be 0. */
        facts.undefined |= loses_carry(row->name, bits, 31) ? C : 0;
        return facts;
    }
    count &= 31;
    if (count == 0) {
        return (struct flag_facts){ facts.reads, 0, 0 };
    }
    if (count == 1) {
        facts.undefined &= (uint16_t)~O;
        facts.defines |= O;
    }
    if (loses_carry(row->name, bits, count)) {
        facts.undefined |= C;
        facts.defines &= (uint16_t)~C;
    }
    return facts;
}

struct flag_facts flags_of(const char *name, unsigned bits, unsigned count,
                           bool is_repeated)
{
    const struct flag_row *row = find(counted, name);
    if (row->name != NULL) {
        return of_count(row, bits, count);
    }
    struct flag_facts facts = find(rows, name)->facts;
    if (is_repeated) { /* None at all, if ECX is 0. */
        facts.defines = 0;
    }
    return facts;
}

void flags_write(unsigned flags, char *text)
{
    static const struct {
        unsigned flag;
        const char *name;
    } names[] = {
        { O, "OF" }, { D, "DF" }, { S, "SF" }, { Z, "ZF" },
        { A, "AF" }, { P, "PF" }, { C, "CF" },
    };
    size_t at = 0;
    text[0] = '\0';
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if ((flags & names[i].flag) != 0) {
            at += (size_t)snprintf(text + at, FLAGS_TEXT_BYTES - at, "%s%s",
                                   at > 0 ? " " : "", names[i].name);
        }
    }
    if (at == 0) {
        (void)snprintf(text, FLAGS_TEXT_BYTES, "none");
    }
}
