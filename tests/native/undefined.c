/*
 * undefined.c - see undefined.h.
 *
 * Of each flag that an instruction leaves undefined, the rules below are tried
 * on many trials; those that a single execution contradicts fall away, and the
 * first that is left is the answer.
 */
#include "tests/native/undefined.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isa/subset.h"
#include "tests/native/engine.h"
#include "tests/native/flags.h"

enum rule {
    RULE_CLEAR,
    RULE_SET,
    RULE_KEPT,
    RULE_RESULT,
    RULE_OPERAND,
    RULE_LEFT,
    RULE_RIGHT,
    RULE_OUT,
    RULE_NONE
};

static const char *const rule_words[] = {
    [RULE_CLEAR] = "0",
    [RULE_SET] = "1",
    [RULE_KEPT] = "as before",
    [RULE_RESULT] = "by the result (of a product: its low half)",
    [RULE_OPERAND] = "by the operand",
    [RULE_LEFT] = "the result's top bit differs from CF",
    [RULE_RIGHT] = "the result's two top bits differ",
    [RULE_OUT] = "the last bit that went out, 0 when none was left",
    [RULE_NONE] = "the engine's choice",
};

static const unsigned flags[] = { FLAG_OF, FLAG_SF, FLAG_ZF,
                                  FLAG_AF, FLAG_PF, FLAG_CF };
#define FLAG_COUNT (sizeof(flags) / sizeof(flags[0]))

/* Each name once, in the order of the table. */
struct form {
    const char *name;
    unsigned seen;              /* Flags that were undefined in a trial. */
    unsigned rules[FLAG_COUNT]; /* Bits: not contradicted yet. */
};

#define FORM_LIMIT  128u
#define TRIAL_COUNT 16384u

struct survey {
    struct form forms[FORM_LIMIT];
    uint32_t count;
    uint8_t text[TEXT_BYTES];
    struct trial trials[SLOT_LIMIT];
    struct state before[STATE_LIMIT], after[STATE_LIMIT];
    struct ending ending;
};

static struct form *form_of(struct survey *s, const char *name)
{
    for (uint32_t i = 0; i < s->count; i++) {
        if (strcmp(s->forms[i].name, name) == 0) {
            return &s->forms[i];
        }
    }
    SIM_ASSERT(s->count < FORM_LIMIT);
    struct form *form = &s->forms[s->count++];
    form->name = name;
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        form->rules[i] = (1u << (RULE_NONE + 1)) - 1;
    }
    return form;
}

/* The low `bits` of a register, by the numbers of encodings. */
static uint32_t register_of(const struct state *s, unsigned reg, unsigned bits)
{
    const uint32_t gpr[] = { s->eax, s->ecx, s->edx, s->ebx,
                             s->esp, s->ebp, s->esi, s->edi };
    if (bits == 8) {
        return reg < 4 ? gpr[reg] & 0xff : gpr[reg - 4] >> 8 & 0xff;
    }
    return bits == 16 ? gpr[reg] & 0xffff : gpr[reg];
}

/* The flag that a value has when an instruction leaves it. */
static bool flag_of(unsigned flag, uint32_t value, unsigned bits)
{
    switch (flag) {
    case FLAG_SF:
        return (value >> (bits - 1) & 1) != 0;
    case FLAG_ZF:
        return value == 0;
    case FLAG_PF:
        return __builtin_parity(value & 0xff) == 0;
    default:
        return false;
    }
}

/* The bit that a shift by all bits, or more, takes out last. */
static bool last_out(const struct trial *t, const struct state *before,
                     uint32_t operand)
{
    unsigned count = t->count == FLAG_COUNT_UNKNOWN ? before->ecx : t->count;
    bool is_left = strcmp(t->name, "shl") == 0;
    return (count & 31) == t->bits &&
           (is_left ? (operand & 1) != 0 : flag_of(FLAG_SF, operand, t->bits));
}

static bool speaks_of(enum rule rule, unsigned flag)
{
    switch (rule) {
    case RULE_RESULT:
    case RULE_OPERAND:
        return flag != FLAG_OF && flag != FLAG_CF && flag != FLAG_AF;
    case RULE_LEFT:
    case RULE_RIGHT:
        return flag == FLAG_OF;
    case RULE_OUT:
        return flag == FLAG_CF;
    case RULE_CLEAR:
    case RULE_SET:
    case RULE_KEPT:
    case RULE_NONE:
        break;
    }
    return true;
}

/* What the rule looks at is in a register, and can be seen. */
static bool can_see(const struct trial *t, enum rule rule)
{
    bool of_operand = rule == RULE_OPERAND || rule == RULE_OUT;
    bool of_result =
        rule == RULE_RESULT || rule == RULE_LEFT || rule == RULE_RIGHT;
    return !(of_operand && t->operand_reg == TRIAL_NO_REG) &&
           !(of_result && t->result_reg == TRIAL_NO_REG);
}

/* Bits: the rules by which the flag is what it is. */
static unsigned rules_that_hold(const struct trial *t, unsigned flag,
                                const struct state *before,
                                const struct state *after)
{
    bool is_set = (after->flags & flag) != 0;
    uint32_t result = t->result_reg != TRIAL_NO_REG
                          ? register_of(after, t->result_reg, t->bits)
                          : 0;
    uint32_t operand = t->operand_reg != TRIAL_NO_REG
                           ? register_of(before, t->operand_reg, t->bits)
                           : 0;
    bool top = flag_of(FLAG_SF, result, t->bits);
    bool next = flag_of(FLAG_SF, result << 1, t->bits);
    bool carry = (after->flags & FLAG_CF) != 0;
    const bool would_be[] = {
        [RULE_CLEAR] = false,
        [RULE_SET] = true,
        [RULE_KEPT] = (before->flags & flag) != 0,
        [RULE_RESULT] = flag_of(flag, result, t->bits),
        [RULE_OPERAND] = flag_of(flag, operand, t->bits),
        [RULE_LEFT] = top != carry,
        [RULE_RIGHT] = top != next,
        [RULE_OUT] = last_out(t, before, operand),
    };
    unsigned rules = 1u << RULE_NONE;
    for (unsigned i = 0; i < RULE_NONE; i++) {
        enum rule rule = (enum rule)i;
        bool holds = speaks_of(rule, flag) &&
                     (!can_see(t, rule) || would_be[i] == is_set);
        rules |= holds ? 1u << i : 0;
    }
    return rules;
}

/* Where a division error ended it, nothing was left undefined. */
static bool has_happened(const struct survey *s, const struct trial *t,
                         uint32_t i)
{
    return s->ending.fault_count == 0 || strcmp(t->name, "aam") != 0 ||
           s->before[i].eax != s->after[i].eax;
}

static void note(struct survey *s, const struct trial *t)
{
    struct form *form = form_of(s, t->name);
    for (uint32_t i = 0; i < t->state_count; i++) {
        unsigned undefined =
            has_happened(s, t, i) ? trial_undefined(t, &s->before[i]) : 0;
        form->seen |= undefined;
        for (size_t f = 0; f < FLAG_COUNT; f++) {
            if ((undefined & flags[f]) != 0) {
                form->rules[f] &=
                    rules_that_hold(t, flags[f], &s->before[i], &s->after[i]);
            }
        }
    }
}

static void survey_some(struct survey *s, uint64_t first)
{
    memset(s->text, 0x90, sizeof(s->text));
    for (uint32_t i = 0; i < SLOT_LIMIT; i++) {
        struct trial *t = &s->trials[i];
        bool is_made = trial_make(t, TRIAL_SINGLE, first + i, i, 1);
        SIM_ASSERT(is_made);
        memcpy(s->text + (t->entry - ABI_TEXT_BASE), t->text, t->size);
    }
    struct engine *engine = engine_open(s->text);
    for (uint32_t i = 0; i < SLOT_LIMIT; i++) {
        const struct trial *t = &s->trials[i];
        trial_states(t, s->before);
        engine_run(engine, t, s->before, ENGINE_WHOLE, &s->ending);
        note(s, t);
    }
    engine_close(engine);
}

/* ---- The table ----------------------------------------------------------- */

static size_t write_answers(const struct form *form, char *text, size_t room)
{
    size_t at = 0;
    for (unsigned rule = 0; rule <= RULE_NONE; rule++) {
        unsigned which = 0;
        for (size_t f = 0; f < FLAG_COUNT; f++) {
            unsigned first = form->rules[f] & (0u - form->rules[f]);
            which |= first == 1u << rule ? flags[f] & form->seen : 0;
        }
        if (which != 0) {
            char names[FLAGS_TEXT_BYTES];
            flags_write(which, names);
            at += (size_t)snprintf(text + at, room - at, "%s%s %s",
                                   at > 0 ? "; " : "", names, rule_words[rule]);
        }
    }
    return at;
}

static const char *condition(const char *name)
{
    if (!flags_depend_on_count(name)) {
        return "";
    }
    bool loses = (flags_of(name, 8, 8, false).undefined & FLAG_CF) != 0;
    return loses
               ? " (OF if the count is above 1, CF if it is the size or more, "
                 "none if it is 0)"
               : " (OF if the count is above 1, none if it is 0)";
}

static void write_table(const struct survey *s, char *text)
{
    size_t at = (size_t)snprintf(text, UNDEFINED_BYTES,
                                 "| instruction | undefined | here |\n"
                                 "|---|---|---|\n");
    size_t count = 0;
    const struct subset_row *rows = subset_rows(&count);
    bool is_written[FORM_LIMIT] = { false };
    for (size_t r = 0; r < count; r++) {
        for (uint32_t i = 0; i < s->count; i++) {
            const struct form *form = &s->forms[i];
            if (form->seen == 0 || is_written[i] ||
                strcmp(form->name, rows[r].name) != 0) {
                continue;
            }
            is_written[i] = true;
            char names[FLAGS_TEXT_BYTES];
            flags_write(form->seen, names);
            at += (size_t)snprintf(text + at, UNDEFINED_BYTES - at,
                                   "| %s | %s%s | ", form->name, names,
                                   condition(form->name));
            at += write_answers(form, text + at, UNDEFINED_BYTES - at);
            at += (size_t)snprintf(text + at, UNDEFINED_BYTES - at, " |\n");
            SIM_ASSERT(at < UNDEFINED_BYTES);
        }
    }
}

void undefined_write(char *text)
{
    struct survey *s = calloc(1, sizeof(*s));
    SIM_ASSERT(s != NULL);
    s->ending.states = s->after;
    for (uint64_t first = 1; first < TRIAL_COUNT; first += SLOT_LIMIT) {
        survey_some(s, first);
    }
    write_table(s, text);
    free(s);
}
