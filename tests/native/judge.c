/*
 * judge.c - see judge.h.
 *
 * Of faults, the pages that one instruction asked for are compared as a set:
 * in which order a processor looks at the pages of an operand, and whether it
 * asks for a page that it is going to change once or twice, is its own affair.
 */
#include "tests/native/judge.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "isa/decode.h"
#include "isa/disasm.h"
#include "tests/native/flags.h"

/* ---- Faults -------------------------------------------------------------- */

/* All that one instruction, or one of its repeats, asked for. */
struct demand {
    struct cpu_regs regs;
    unsigned pages, written; /* Bits. */
    bool divides;            /* In the end. */
};

/* Takes the demand that begins at *at or later; false: there is none. What
   stores the state asks for what the instructions did not. */
static bool take_demand(const struct trial *t, const struct ending *o,
                        uint32_t *at, struct demand *d)
{
    uint32_t count =
        o->fault_count < FAULT_LIMIT ? o->fault_count : FAULT_LIMIT;
    while (*at < count && o->faults[*at].regs.eip >= t->resume) {
        ++*at;
    }
    if (*at == count) {
        return false;
    }
    *d = (struct demand){ .regs = o->faults[*at].regs };
    while (*at < count && !d->divides &&
           memcmp(&o->faults[*at].regs, &d->regs, sizeof(d->regs)) == 0) {
        const struct fault *f = &o->faults[(*at)++];
        d->divides = f->page == FAULT_DIVIDE;
        if (!d->divides) {
            d->pages |= 1u << f->page;
            d->written |= f->is_write ? 1u << f->page : 0;
        }
    }
    return true;
}

/* An instruction that ends in a division error may ask for its page first. */
static bool is_same_demand(const struct demand *a, const struct demand *b)
{
    return a->divides == b->divides &&
           (a->divides || (a->pages == b->pages && a->written == b->written));
}

static const char *judge_faults(const struct trial *t,
                                const struct ending *hardware,
                                const struct ending *engine)
{
    uint32_t at = 0;
    uint32_t engine_at = 0;
    struct demand a;
    struct demand b;
    while (take_demand(t, hardware, &at, &a)) {
        if (!take_demand(t, engine, &engine_at, &b)) {
            return engine->fault_count < FAULT_LIMIT
                       ? "faults of hardware alone"
                       : NULL;
        }
        if (a.regs.eip != b.regs.eip) {
            return "faults at different instructions";
        }
        if (memcmp(&a.regs, &b.regs, sizeof(a.regs)) != 0) {
            return "registers or flags at a fault";
        }
        if (!is_same_demand(&a, &b)) {
            return "pages of a fault";
        }
    }
    bool is_all = hardware->fault_count >= FAULT_LIMIT ||
                  engine->fault_count >= FAULT_LIMIT ||
                  !take_demand(t, engine, &engine_at, &b);
    return is_all ? NULL : "faults of iksim alone";
}

/* ---- States -------------------------------------------------------------- */

static struct state masked(const struct state *s, unsigned flags)
{
    struct state copy = *s;
    copy.flags &= flags;
    return copy;
}

static bool is_same_state(const struct trial *t, const struct state *before,
                          const struct state *a, const struct state *b)
{
    if (memcmp(a, b, sizeof(*a)) == 0) {
        return true;
    }
    unsigned flags = FLAGS_ALL & ~trial_undefined(t, before);
    struct state left = masked(a, flags);
    struct state right = masked(b, flags);
    return memcmp(&left, &right, sizeof(left)) == 0;
}

const char *judge_trial(const struct trial *t, const struct state *before,
                        const struct ending *hardware,
                        const struct ending *engine, uint32_t *index)
{
    *index = 0;
    if (hardware->failure[0] != '\0' || engine->failure[0] != '\0') {
        return "ended otherwise";
    }
    for (uint32_t i = 0; i < t->state_count; i++) {
        if (!is_same_state(t, &before[i], &hardware->states[i],
                           &engine->states[i])) {
            *index = i;
            return "another result";
        }
    }
    if (memcmp(hardware->data, engine->data, DATA_BYTES) != 0) {
        return "other memory";
    }
    return judge_faults(t, hardware, engine);
}

/* ---- For people ---------------------------------------------------------- */

static void print_insns(const struct trial *t, struct disasm *disasm)
{
    uint32_t end = t->resume - t->entry;
    for (uint32_t at = t->first - t->entry; at < end;) {
        struct insn insn;
        char text[DISASM_TEXT_BYTES];
        enum insn_result result = insn_decode(t->text + at, end - at, &insn);
        SIM_ASSERT(result == INSN_OK);
        disasm_format(disasm, t->entry + at, t->text + at, insn.size_bytes,
                      text);
        (void)printf("  %08x ", t->entry + at);
        for (uint32_t i = 0; i < INSN_MAX_BYTES; i++) {
            if (i < insn.size_bytes) {
                (void)printf(" %02x", t->text[at + i]);
            } else if (i < 11) {
                (void)printf("   ");
            }
        }
        (void)printf("  %s\n", text);
        at += insn.size_bytes;
    }
}

static void print_state(const char *whose, const struct state *s)
{
    char flags[FLAGS_TEXT_BYTES];
    flags_write(s->flags & FLAGS_ALL, flags);
    (void)printf("  %-9s eax %08x ecx %08x edx %08x ebx %08x esp %08x\n"
                 "            ebp %08x esi %08x edi %08x operand %08x %08x\n"
                 "            flags %s\n",
                 whose, s->eax, s->ecx, s->edx, s->ebx, s->esp, s->ebp, s->esi,
                 s->edi, s->operand[0], s->operand[1], flags);
}

static void print_faults(const char *whose, const struct ending *o)
{
    if (o->failure[0] != '\0') {
        (void)printf("  %-9s %s\n", whose, o->failure);
    }
    for (uint32_t i = 0; i < o->fault_count && i < 8; i++) {
        const struct fault *f = &o->faults[i];
        char flags[FLAGS_TEXT_BYTES];
        flags_write(f->regs.eflags & FLAGS_ALL, flags);
        (void)printf("  %-9s fault at %08x, page %x %s, ecx %x esi %x edi %x "
                     "esp %x, %s\n",
                     whose, f->regs.eip, f->page,
                     f->is_write ? "write" : "read", f->regs.gpr[CPU_ECX],
                     f->regs.gpr[CPU_ESI], f->regs.gpr[CPU_EDI],
                     f->regs.gpr[CPU_ESP], flags);
    }
}

static void print_data(const struct ending *a, const struct ending *b)
{
    uint32_t at = 0;
    while (at < DATA_BYTES && a->data[at] == b->data[at]) {
        at++;
    }
    if (at < DATA_BYTES) {
        (void)printf("  memory differs first at %08x: %02x, iksim %02x\n",
                     DATA_BASE + at, a->data[at], b->data[at]);
    }
}

void judge_print(const struct trial *t, struct disasm *disasm,
                 const struct state *before, const struct ending *hardware,
                 const struct ending *engine, uint32_t index)
{
    char flags[FLAGS_TEXT_BYTES];
    print_insns(t, disasm);
    flags_write(trial_undefined(t, &before[index]), flags);
    (void)printf("  operand at %08x, state %" PRIu32 ", undefined: %s\n",
                 t->operand, index, flags);
    print_state("before", &before[index]);
    print_state("hardware", &hardware->states[index]);
    print_state("iksim", &engine->states[index]);
    print_faults("hardware", hardware);
    print_faults("iksim", engine);
    print_data(hardware, engine);
}
