/*
 * test_zydis.c - the decoder and the facts about flags against Zydis, which
 * shares nothing with them.
 *
 * Every opcode of both maps, with every ModRM byte, a choice of SIB bytes and
 * immediates, and every pair of prefixes: what the decoder allows, Zydis
 * decodes, to the same length and a name that is the same. What the decoder
 * refuses may be anything, but its length is the same where both know it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <Zydis/Zydis.h>

#include "isa/subset.h"
#include "tests/native/flags.h"

struct counts {
    uint64_t encodings, allowed, unknown_to_zydis;
};

static ZydisDecoder make_decoder(void)
{
    ZydisDecoder decoder;
    ZyanStatus status = ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LEGACY_32,
                                         ZYDIS_STACK_WIDTH_32);
    assert_true(ZYAN_SUCCESS(status));
    return decoder;
}

/* ---- Names --------------------------------------------------------------- */

/* "jcc" is any of Zydis's "jz", "jnbe"...; of "movs" it has "movsb", "movsd"
   and so on. */
static bool is_same_name(const char *ours, const char *theirs)
{
    static const struct {
        const char *ours, *theirs;
    } other[] = {
        { "cwde", "cbw" },   { "cdq", "cwd" },     { "pushf", "pushfd" },
        { "popf", "popfd" }, { "bsf", "tzcnt" },   { "nop", "xchg" },
        { "sal", "shl" },    { "jecxz", "jecxz" },
    };
    for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
        if (strcmp(ours, other[i].ours) == 0 &&
            strcmp(theirs, other[i].theirs) == 0) {
            return true;
        }
    }
    size_t length = strlen(ours);
    if (strcmp(ours, "jcc") == 0 || strcmp(ours, "setcc") == 0) {
        return strncmp(theirs, ours, length - 2) == 0;
    }
    bool has_size = strncmp(theirs, ours, length) == 0 &&
                    strlen(theirs) == length + 1 &&
                    strchr("bwd", theirs[length]) != NULL;
    return strcmp(ours, theirs) == 0 || has_size ||
           (strcmp(ours, "xlat") == 0 && strcmp(theirs, "xlat") == 0);
}

/* ---- Encodings ----------------------------------------------------------- */

static void fail_encoding(const uint8_t *bytes, const char *what)
{
    fail_msg("%02x %02x %02x %02x %02x %02x %02x %02x: %s", bytes[0], bytes[1],
             bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7], what);
}

/* A refused instruction is as long as is known of it, which is all of it but
   for these. */
static bool has_length(const struct insn *insn)
{
    static const char *const unknown[] = { "0f 38 map", "0f 3a map",
                                           "vmread/vmwrite" /* or EXTRQ */ };
    bool has = insn->name != NULL;
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]) && has; i++) {
        has = strcmp(insn->name, unknown[i]) != 0;
    }
    return has;
}

static void compare(const ZydisDecoder *decoder, const uint8_t *bytes,
                    struct counts *c)
{
    ZydisDecodedInstruction theirs;
    struct insn ours;
    bool is_known = ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(
        decoder, NULL, bytes, INSN_MAX_BYTES, &theirs));
    enum insn_result result = insn_decode(bytes, INSN_MAX_BYTES, &ours);
    c->encodings++;
    if (result == INSN_OK) {
        c->allowed++;
        if (!is_known) {
            fail_encoding(bytes, "allowed, but Zydis does not know it");
        }
        if (!is_same_name(ours.name, ZydisMnemonicGetString(theirs.mnemonic))) {
            fail_encoding(bytes, "another name");
        }
    }
    if (!is_known) {
        c->unknown_to_zydis++;
    } else if (result != INSN_TRUNCATED && has_length(&ours) &&
               ours.size_bytes != theirs.length &&
               theirs.encoding == ZYDIS_INSTRUCTION_ENCODING_LEGACY) {
        fail_encoding(bytes, "another length");
    }
}

/* The tail: SIB, displacement, immediate. */
static const uint8_t tails[][10] = {
    { 0x00, 0x41, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00 },
    { 0x25, 0x45, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41 },
    { 0x65, 0xff, 0xff, 0x7f, 0x80, 0xf0, 0x66, 0x0f, 0xff, 0x01 },
    { 0xe4, 0x40, 0x48, 0x49, 0x00, 0x01, 0x00, 0x00, 0x80, 0x80 },
};

static void try_prefixes(const ZydisDecoder *decoder, const uint8_t *prefixes,
                         size_t count, struct counts *c)
{
    uint8_t bytes[INSN_MAX_BYTES + 1] = { 0 };
    memcpy(bytes, prefixes, count);
    for (uint32_t op = 0; op < 512; op++) {
        size_t at = count;
        if (op >= 256) {
            bytes[at++] = 0x0f;
        }
        bytes[at++] = (uint8_t)op;
        for (uint32_t modrm = 0; modrm < 256; modrm++) {
            bytes[at] = (uint8_t)modrm;
            for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
                memcpy(bytes + at + 1, tails[i], sizeof(tails[i]));
                compare(decoder, bytes, c);
            }
        }
    }
}

static void the_decoder_is_held_against_zydis(void **state)
{
    static const uint8_t all[] = { 0x66, 0x67, 0xf0, 0xf2, 0xf3, 0x2e,
                                   0x26, 0x36, 0x3e, 0x64, 0x65 };
    const size_t count = sizeof(all);
    ZydisDecoder decoder = make_decoder();
    struct counts c = { 0 };
    (void)state;
    try_prefixes(&decoder, all, 0, &c);
    for (size_t i = 0; i < count; i++) {
        try_prefixes(&decoder, &all[i], 1, &c);
        for (size_t j = 0; j < 6; j++) {
            uint8_t two[] = { all[i], all[j] };
            try_prefixes(&decoder, two, 2, &c);
        }
    }
    print_message("%llu encodings, %llu allowed, %llu unknown to Zydis\n",
                  (unsigned long long)c.encodings,
                  (unsigned long long)c.allowed,
                  (unsigned long long)c.unknown_to_zydis);
    assert_true(c.allowed > 100000);
}

/* ---- Flags --------------------------------------------------------------- */

static struct flag_facts facts_of(const ZydisDecodedInstruction *insn)
{
    const ZydisAccessedFlags *f = insn->cpu_flags;
    uint32_t defines = f->modified | f->set_0 | f->set_1;
    return (struct flag_facts){
        .reads = (uint16_t)(f->tested & FLAGS_ALL),
        .defines = (uint16_t)(defines & FLAGS_ALL),
        .undefined = (uint16_t)(f->undefined & FLAGS_ALL),
    };
}

static struct flag_facts theirs_of(const ZydisDecoder *decoder,
                                   const struct subset_row *row)
{
    uint8_t bytes[INSN_MAX_BYTES] = { 0 };
    size_t at = 0;
    if (row->map == SUBSET_0F) {
        bytes[at++] = 0x0f;
    }
    bytes[at++] = row->first;
    if ((row->flags & SUBSET_MODRM) != 0) {
        unsigned digit = row->digit == SUBSET_ANY ? 0 : (unsigned)row->digit;
        bytes[at++] =
            (uint8_t)(((row->flags & SUBSET_MEM) != 0 ? 0 : 0xc0) | digit << 3);
    }
    bytes[at] = 0x41;
    ZydisDecodedInstruction insn;
    ZyanStatus status = ZydisDecoderDecodeInstruction(decoder, NULL, bytes,
                                                      sizeof(bytes), &insn);
    assert_true(ZYAN_SUCCESS(status));
    return facts_of(&insn);
}

static void check_facts(const ZydisDecoder *decoder,
                        const struct subset_row *row)
{
    struct flag_facts ours = flags_of(row->name, 32, 2, false);
    struct flag_facts theirs = theirs_of(decoder, row);
    if (strcmp(row->name, "jcc") == 0 || strcmp(row->name, "setcc") == 0) {
        assert_int_equal(theirs.reads & ~ours.reads, 0); /* One condition. */
        theirs.reads = ours.reads;
    }
    if (strcmp(row->name, "sbb") == 0) { /* Zydis 4 is wrong about AF. */
        theirs.defines |= FLAG_AF;
        theirs.undefined &= (uint16_t)~FLAG_AF;
    }
    if (ours.reads != theirs.reads || ours.defines != theirs.defines ||
        ours.undefined != theirs.undefined) {
        fail_msg("%s: reads %03x, Zydis %03x; defines %03x, %03x; undefined "
                 "%03x, %03x",
                 row->name, ours.reads, theirs.reads, ours.defines,
                 theirs.defines, ours.undefined, theirs.undefined);
    }
}

static void flags_are_those_of_zydis(void **state)
{
    size_t count = 0;
    const struct subset_row *rows = subset_rows(&count);
    ZydisDecoder decoder = make_decoder();
    (void)state;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].refusal == NULL) {
            check_facts(&decoder, &rows[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_decoder_is_held_against_zydis),
        cmocka_unit_test(flags_are_those_of_zydis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
