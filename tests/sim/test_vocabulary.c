/*
 * test_vocabulary.c - each list of words is whole, and its words are told
 * apart.
 */
#include "sim/vocabulary/vocabulary.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void every_word_has_a_name_and_a_phrase(void **state)
{
    (void)state;
    for (const struct vocabulary *const *v = vocabularies; *v; v++) {
        assert_true((*v)->count > 1);
        for (uint32_t i = 0; i < (*v)->count; i++) {
            const struct word *w = &(*v)->words[i];
            assert_non_null(w->name);
            assert_true(w->name[0] != '\0');
            assert_true(w->phrase && w->phrase[0] != '\0');
            for (const char *c = w->name; *c; c++) {
                assert_true(islower((unsigned char)*c) || *c == '-' ||
                            *c == '_');
            }
            assert_true(w->color < PALETTE_COLOR_COUNT);
        }
    }
}

static void no_two_words_of_a_list_have_one_name(void **state)
{
    (void)state;
    for (const struct vocabulary *const *v = vocabularies; *v; v++) {
        for (uint32_t i = 0; i < (*v)->count; i++) {
            for (uint32_t j = 0; j < i; j++) {
                const struct word *a = &(*v)->words[i];
                const struct word *b = &(*v)->words[j];
                assert_string_not_equal(a->name, b->name);
                assert_string_not_equal(a->phrase, b->phrase);
            }
        }
    }
}

static void a_word_is_found_by_its_name_alone(void **state)
{
    (void)state;
    uint32_t value = 99;
    assert_true(word_find(&vm_state_words, "paging", 6, &value));
    assert_int_equal(value, VM_PAGING);
    value = 99;
    assert_false(word_find(&vm_state_words, "pag", 3, &value));
    assert_false(word_find(&vm_state_words, "paging,", 7, &value));
    assert_false(word_find(&vm_state_words, "", 0, &value));
    assert_int_equal(value, 99);
    assert_true(word_find(&cpu_category_words, "pio,idle", 3, &value));
    assert_int_equal(value, CPU_PIO);
}

static void a_value_without_a_word_is_a_question_mark(void **state)
{
    (void)state;
    assert_string_equal(word_name(&pick_words, PICK_SUMMONED), "summoned");
    assert_string_equal(word_name(&pick_words, 4), "?");
    assert_string_equal(word_phrase(&pick_words, UINT64_MAX), "?");
}

static void a_mask_is_its_bits_in_their_order(void **state)
{
    (void)state;
    char text[WORD_SET_BYTES];
    word_set(&virq_words, 0, text);
    assert_string_equal(text, "none");
    word_set(&virq_words, 1u << VIRQ_ALARM | 1u << VIRQ_NET_RX, text);
    assert_string_equal(text, "net-rx+alarm");
    word_set(&virq_words, UINT64_MAX, text);
    assert_string_equal(text, "net-rx+net-tx+alarm+console+disk");
}

/* "| layer | `cpu`: the processor; `sched`: the scheduler |" */
static void write_row(const struct vocabulary *v, char *row, size_t bytes)
{
    int used = snprintf(row, bytes, "| %s | ", v->title);
    for (uint32_t i = 0; i < v->count; i++) {
        assert_true(used > 0 && (size_t)used < bytes);
        used +=
            snprintf(row + used, bytes - (size_t)used, "%s`%s`: %s",
                     i > 0 ? "; " : "", v->words[i].name, v->words[i].phrase);
    }
    assert_true(used > 0 && (size_t)used < bytes);
    used += snprintf(row + used, bytes - (size_t)used, " |\n");
    assert_true((size_t)used < bytes);
}

static void the_glossary_has_every_word(void **state)
{
    (void)state;
    static char glossary[65536];
    FILE *file = fopen("docs/glossary.md", "r");
    assert_non_null(file);
    size_t count = fread(glossary, 1, sizeof(glossary) - 1, file);
    assert_int_equal(fclose(file), 0);
    assert_true(count > 0 && count < sizeof(glossary) - 1);
    for (const struct vocabulary *const *v = vocabularies; *v; v++) {
        static char row[4096];
        write_row(*v, row, sizeof(row));
        if (!strstr(glossary, row)) {
            fail_msg("docs/glossary.md lacks this row:\n%s", row);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_has_a_name_and_a_phrase),
        cmocka_unit_test(no_two_words_of_a_list_have_one_name),
        cmocka_unit_test(a_word_is_found_by_its_name_alone),
        cmocka_unit_test(a_value_without_a_word_is_a_question_mark),
        cmocka_unit_test(a_mask_is_its_bits_in_their_order),
        cmocka_unit_test(the_glossary_has_every_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
