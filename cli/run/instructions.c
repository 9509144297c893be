/* instructions.c - see instructions.h. */
#include "cli/run/instructions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "ik/state.h"
#include "isa/decode.h"
#include "isa/disasm.h"

/* Texts are cached, since disassembling takes longer than all else here, and
   programs loop. */
#define TEXTS_KEPT 8192

struct instructions_text {
    uint32_t va;
    uint8_t size_bytes; /* 0: this entry is empty. */
    char where[64];
    char bytes[2 * INSN_MAX_BYTES + 1];
    char text[DISASM_TEXT_BYTES];
};

static const char *const reg_names[CPU_GPR_COUNT] = { "eax", "ecx", "edx",
                                                      "ebx", "esp", "ebp",
                                                      "esi", "edi" };

static const struct {
    const char *name;
    uint32_t bit;
} flags[] = {
    { "CF", 0 }, { "PF", 2 },  { "AF", 4 },  { "ZF", 6 },
    { "SF", 7 }, { "DF", 10 }, { "OF", 11 },
};

bool instructions_parse(struct instructions *i, const char *value)
{
    size_t length = strcspn(value, ":");
    if (length == 0 || length >= sizeof(i->vm) ||
        (value[length] == ':' && value[length + 1] == '\0')) {
        return false;
    }
    memcpy(i->vm, value, length);
    i->vm[length] = '\0';
    i->path = value[length] == ':' ? value + length + 1 : NULL;
    return true;
}

static void put_heading(const struct instructions *i, const struct session *s,
                        vmid_t vm)
{
    const struct scenario *sc = s->scenario;
    uint32_t group = vm_roster_group(&sc->roster, vm);
    fprintf(i->out,
            "# Every instruction that %s (VM %u) retired; image %s\n"
            "#%13s %14s  %-8s  %-28s %-20s %s ; %s\n",
            vm_name(&sc->roster, vm).chars, vm, sc->vms[group].image, "cycle",
            "ns", "address", "where", "bytes", "instruction",
            "what it changed");
}

bool instructions_open(struct instructions *i, struct session *s,
                       FILE *otherwise)
{
    vmid_t vm = 0;
    if (i->vm[0] == '\0') {
        return true;
    }
    char message[VM_NAME_MESSAGE_BYTES];
    bool is_known = vm_name_read(&s->scenario->roster, i->vm, &vm, message);
    SIM_ASSERT(is_known); /* session_open has read the name, too. */
    uint32_t image = s->group_images[vm_roster_group(&s->scenario->roster, vm)];
    i->cpu_hz = s->kernel->cpu_hz;
    i->disasm = disasm_create(&s->arena);
    i->kept = calloc(TEXTS_KEPT, sizeof(*i->kept));
    if (!symbols_read(&i->symbols, &s->arena, &s->images[image]) ||
        !i->disasm || !i->kept) {
        cli_complain("out of memory");
        return false;
    }
    i->out = i->path ? fopen(i->path, "w") : otherwise;
    if (!i->out) {
        cli_complain("cannot write '%s': %s", i->path, strerror(errno));
        return false;
    }
    put_heading(i, s, vm);
    return true;
}

/* Writes "main+0x12", or "" if no symbol is known. */
static void format_where(const struct instructions *i, uint32_t va, char *where,
                         size_t bytes)
{
    const struct symbol *symbol = symbols_find(&i->symbols, va);
    where[0] = '\0';
    if (symbol && symbol->va == va) {
        snprintf(where, bytes, "%s", symbol->name);
    } else if (symbol) {
        snprintf(where, bytes, "%s+%#x", symbol->name, va - symbol->va);
    }
}

static const struct instructions_text *text_of(struct instructions *i,
                                               const struct cpu_step *step)
{
    uint32_t va = step->before->eip;
    struct instructions_text *t = &i->kept[va % TEXTS_KEPT];
    if (t->size_bytes != 0 && t->va == va) {
        return t;
    }
    t->va = va;
    t->size_bytes = step->size_bytes;
    format_where(i, va, t->where, sizeof(t->where));
    for (size_t b = 0; b < step->size_bytes; b++) {
        snprintf(t->bytes + 2 * b, 3, "%02x", step->bytes[b]);
    }
    disasm_format(i->disasm, va, step->bytes, step->size_bytes, t->text);
    return t;
}

/* Prints the registers and flags that differ, with their new values. */
static void put_changes(FILE *out, const struct cpu_regs *before,
                        const struct cpu_regs *after)
{
    for (size_t r = 0; r < CPU_GPR_COUNT; r++) {
        if (before->gpr[r] != after->gpr[r]) {
            fprintf(out, " %s=%08x", reg_names[r], after->gpr[r]);
        }
    }
    uint32_t changed = before->eflags ^ after->eflags;
    for (size_t f = 0; f < sizeof(flags) / sizeof(flags[0]); f++) {
        if (changed >> flags[f].bit & 1) {
            fprintf(out, " %s=%u", flags[f].name,
                    after->eflags >> flags[f].bit & 1);
        }
    }
}

/* Prints what the kernel did to the registers since the last instruction. */
static void put_kernel_changes(const struct instructions *i,
                               const struct cpu_regs *now)
{
    struct cpu_regs before = i->regs; /* All 0 before the first instruction. */
    if (i->has_regs && memcmp(&before, now, sizeof(before)) == 0) {
        return;
    }
    fputs(i->has_regs ? "# the kernel set" : "# the VM begins with", i->out);
    put_changes(i->out, &before, now);
    if (before.eip != now->eip) {
        char where[64];
        format_where(i, now->eip, where, sizeof(where));
        fprintf(i->out, " eip=%08x %s", now->eip, where);
    }
    fputc('\n', i->out);
}

void instructions_step(struct instructions *i, uint64_t at,
                       const struct cpu_step *step)
{
    const struct instructions_text *t = text_of(i, step);
    put_kernel_changes(i, step->before);
    fprintf(i->out, "%14llu %14llu  %08x  %-28s %-20s %s ;",
            (unsigned long long)at,
            (unsigned long long)ns_from_cycles(at, i->cpu_hz), t->va, t->where,
            t->bytes, t->text);
    put_changes(i->out, step->before, step->after);
    fputc('\n', i->out);
    i->regs = *step->after;
    i->has_regs = true;
}

bool instructions_close(struct instructions *i)
{
    bool is_whole = true;
    if (i->out && i->path) {
        bool had_failed = ferror(i->out) != 0;
        is_whole = fclose(i->out) == 0 && !had_failed;
        if (!is_whole) {
            cli_complain("cannot write '%s': %s", i->path, strerror(errno));
        }
    }
    i->out = NULL;
    disasm_release(i->disasm);
    i->disasm = NULL;
    free(i->kept);
    i->kept = NULL;
    return is_whole;
}
