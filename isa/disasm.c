/* disasm.c - the home of Capstone. */
#include "isa/disasm.h"

#include <stdio.h>
#include <string.h>

#include <capstone/capstone.h>

#include "isa/abi.h"
#include "sim/arena.h"
#include "sim/vocabulary/vocabulary.h"

struct disasm {
    csh handle;
    cs_insn *insn; /* Owned, the library's. */
};

/* The mnemonic of virtual instruction `number`, or NULL. */
static const char *virtual_name(uint8_t number)
{
    _Static_assert(ABI_VI_FIRST == VI_FIRST &&
                       ABI_VI_LAST == VI_FIRST + VI_COUNT - 1 &&
                       ABI_VI_ALARM == VI_FIRST + VI_ALARM,
                   "every virtual instruction has a name");
    if (number < ABI_VI_FIRST || number > ABI_VI_LAST) {
        return NULL;
    }
    return word_name(&virtual_insn_words, number - VI_FIRST);
}

struct disasm *disasm_create(struct arena *arena)
{
    struct disasm *d = arena_alloc(arena, sizeof(*d), alignof(struct disasm));
    if (d == NULL) {
        return NULL;
    }
    if (cs_open(CS_ARCH_X86, CS_MODE_32, &d->handle) != CS_ERR_OK) {
        return NULL;
    }
    (void)cs_option(d->handle, CS_OPT_SYNTAX, CS_OPT_SYNTAX_ATT);
    d->insn = cs_malloc(d->handle);
    if (d->insn == NULL) {
        (void)cs_close(&d->handle);
        return NULL;
    }
    return d;
}

void disasm_release(struct disasm *d)
{
    if (d == NULL) {
        return;
    }
    cs_free(d->insn, 1);
    (void)cs_close(&d->handle);
}

static void format_bytes(const uint8_t *bytes, size_t size_bytes,
                         char text[DISASM_TEXT_BYTES])
{
    size_t used = 0;
    for (size_t i = 0; i < size_bytes && used < DISASM_TEXT_BYTES; i++) {
        int n = snprintf(text + used, DISASM_TEXT_BYTES - used, "%s0x%02x",
                         i == 0 ? ".byte " : ", ", bytes[i]);
        used += n > 0 ? (size_t)n : 0;
    }
}

void disasm_format(struct disasm *d, uint32_t va, const uint8_t *bytes,
                   size_t size_bytes, char text[DISASM_TEXT_BYTES])
{
    text[0] = '\0';
    if (size_bytes == 2 && bytes[0] == 0xcd && virtual_name(bytes[1]) != NULL) {
        (void)snprintf(text, DISASM_TEXT_BYTES, "%s", virtual_name(bytes[1]));
        return;
    }
    /* Capstone knows no processor for which F3 before BSF means nothing. */
    bool is_rep_bsf = size_bytes > 3 && bytes[0] == 0xf3 && bytes[1] == 0x0f &&
                      bytes[2] == 0xbc;
    const uint8_t *code = bytes + (is_rep_bsf ? 1 : 0);
    size_t left = size_bytes - (is_rep_bsf ? 1 : 0);
    uint64_t at = va;
    if (!cs_disasm_iter(d->handle, &code, &left, &at, d->insn) || left != 0) {
        format_bytes(bytes, size_bytes, text);
        return;
    }
    bool has_operands = d->insn->op_str[0] != '\0';
    (void)snprintf(text, DISASM_TEXT_BYTES, "%s%s%s%s",
                   is_rep_bsf ? "rep " : "", d->insn->mnemonic,
                   has_operands ? " " : "", d->insn->op_str);
}
