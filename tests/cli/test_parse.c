/*
 * test_parse.c - a call is read by the rows of its command: each kind of value
 * goes to its member, and what is wrong with a call is refused. e2e.usage looks
 * at the sentences.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/command.h"

struct made_up {
    bool flag;
    uint32_t narrow;
    uint64_t wide, time, with_default, picture_ns;
    struct cli_real real;
    struct cli_list list;
    const char *text, *choice, *picture, *first, *second;
    const int *format;
    struct cli_words rest;
    int own;
};

static const int red = 1;
static const int blue = 2;
static const char *const choices[] = { "x", "y", NULL };

static bool read_length(const char *text, void *at,
                        char message[CLI_MESSAGE_BYTES])
{
    int *length = at;
    *length += (int)strlen(text);
    snprintf(message, CLI_MESSAGE_BYTES, "must not be empty");
    return text[0] != '\0';
}

static bool is_short(const char *word)
{
    return strlen(word) == 1;
}

#define S struct made_up

static const struct cli_option picture = { .name = "picture",
                                           .argument = "FILE",
                                           CLI_FILE(S, picture) };

static const struct cli_option options[] = {
    { .name = "flag", CLI_FLAG(S, flag), .help = "" },
    { .name = "narrow",
      .argument = "N",
      CLI_WHOLE(S, narrow),
      .least = 2,
      .most = 9,
      .alone = 4 },
    { .name = "wide", .argument = "N", CLI_WHOLE(S, wide) },
    { .name = "time", .argument = "TIME", CLI_TIME(S, time), .least = 1 },
    { .name = "default",
      .argument = "N",
      CLI_WHOLE(S, with_default),
      .initial = 77 },
    { .name = "real", .argument = "R", CLI_REAL(S, real) },
    { .name = "list", .argument = "A", CLI_LIST(S, list), .most = 3 },
    { .name = "text", .letter = 't', .argument = "A", CLI_TEXT(S, text) },
    { .name = "choice", .argument = "x|y", CLI_CHOICE(S, choice, choices) },
    { .name = "picture",
      .argument = "TIME",
      .after = &picture,
      CLI_TIME(S, picture_ns) },
    { .name = "red", CLI_CONSTANT(S, format, int, &red) },
    { .name = "blue", CLI_CONSTANT(S, format, int, &blue) },
    { .name = "own",
      .argument = "A",
      CLI_OWN(S, own, int, read_length),
      .excludes = "flag first",
      .needs = "text" },
    { .name = "rest", CLI_FLAG(S, flag) },
    CLI_END
};

static const struct cli_option arguments[] = { { .name = "first",
                                                 .argument = "FIRST",
                                                 CLI_TEXT(S, first),
                                                 .is_optional = true,
                                                 .fits = is_short },
                                               { .name = "second",
                                                 .argument = "SECOND",
                                                 CLI_TEXT(S, second),
                                                 .unless = "own" },
                                               { .name = "other",
                                                 .argument = "OTHER",
                                                 CLI_WORDS(S, rest),
                                                 .needs = "rest" },
                                               CLI_END };

static const struct command command = { .name = "made-up",
                                        .summary = "Is made up",
                                        .arguments = arguments,
                                        .options = options,
                                        .size_bytes = sizeof(S) };

static const struct cli_option required[] = {
    { .name = "red", .is_required = true, CLI_CONSTANT(S, format, int, &red) },
    { .name = "blue",
      .is_required = true,
      CLI_CONSTANT(S, format, int, &blue) },
    { .name = "text", .argument = "A", .is_required = true, CLI_TEXT(S, text) },
    CLI_END
};

static const struct command demanding = { .name = "demanding",
                                          .summary = "Demands something",
                                          .options = required,
                                          .size_bytes = sizeof(S) };

/* The exit code of a call whose words have blanks between them. What it gets
   borrows the words, until the next call. */
static int parse(const struct command *c, S *got, const char *line)
{
    static char text[256];
    static char *words[32];
    int count = 0;
    *got = (S){ .flag = false };
    assert_true((size_t)snprintf(text, sizeof(text), "%s", line) <
                sizeof(text));
    for (char *at = text; *at;) {
        words[count++] = at;
        at += strcspn(at, " ");
        if (*at) {
            *at++ = '\0';
        }
    }
    return cli_parse(c, count, words, got);
}

static void accept(S *got, const char *line)
{
    if (parse(&command, got, line) != CLI_DONE) {
        fail_msg("'%s' is refused", line);
    }
}

static void refuse(const char *const *lines)
{
    S got;
    for (size_t i = 0; lines[i]; i++) {
        if (parse(&command, &got, lines[i]) != CLI_USAGE) {
            fail_msg("'%s' is not refused", lines[i]);
        }
    }
}

static void each_kind_of_value_goes_to_its_member(void **state)
{
    (void)state;
    S got;
    accept(&got, "--flag --narrow=9 --wide 18446744073709551615 --time 2ms "
                 "--real 2.5 --list a --list b -t word --choice y "
                 "--picture 1us file.png --blue argument");
    assert_true(got.flag);
    assert_int_equal(got.narrow, 9);
    assert_true(got.wide == UINT64_MAX);
    assert_int_equal(got.time, 2000000);
    assert_int_equal(got.with_default, 77);
    assert_true(got.real.value == 2.5);
    assert_string_equal(got.real.text, "2.5");
    assert_int_equal(got.list.count, 2);
    assert_string_equal(got.list.items[0], "a");
    assert_string_equal(got.list.items[1], "b");
    assert_string_equal(got.text, "word");
    assert_string_equal(got.choice, "y");
    assert_int_equal(got.picture_ns, 1000);
    assert_string_equal(got.picture, "file.png");
    assert_ptr_equal(got.format, &blue);
    assert_string_equal(got.second, "argument");
    assert_null(got.first);
}

static void a_value_may_be_joined_and_begin_with_a_hyphen(void **state)
{
    (void)state;
    S got;
    accept(&got, "--text=--flag=x --real=-1 --wide=3 second");
    assert_string_equal(got.text, "--flag=x");
    assert_true(got.real.value == -1);
    accept(&got, "--text --flag -tjoined second");
    assert_string_equal(got.text, "joined");
    assert_false(got.flag);
    accept(&got, "--picture=1us file second");
    assert_string_equal(got.picture, "file");
    accept(&got, "--text= second");
    assert_string_equal(got.text, "");
}

static void a_value_that_may_be_left_out_is_given_by_joining_only(void **state)
{
    (void)state;
    S got;
    accept(&got, "--narrow second");
    assert_int_equal(got.narrow, 4);
    assert_string_equal(got.second, "second");
    accept(&got, "second");
    assert_int_equal(got.narrow, 0);
}

static void values_of_the_wrong_kind_are_refused(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "a --narrow=1",
        "a --narrow=10",
        "a --narrow=x",
        "a --narrow=",
        "a --wide -1",
        "a --wide 18446744073709551616",
        "a --time 0s",
        "a --time soon",
        "a --real 1x",
        "a --choice z",
        "a --own= -t x",
        "a --list 1 --list 2 --list 3 --list 4",
        "a --picture 1us",
        "a --picture",
        "a --flag=1",
        "a --blue=1",
        "a --text",
        "a -t",
        NULL,
    };
    refuse(lines);
}

static void there_are_no_other_options(void **state)
{
    (void)state;
    static const char *const lines[] = { "a --fla", "a --flags",  "a -f",
                                         "a --=x",  "a --help=x", NULL };
    refuse(lines);
}

static void behind_two_hyphens_are_arguments(void **state)
{
    (void)state;
    S got;
    accept(&got, "--flag -- --text");
    assert_string_equal(got.second, "--text");
    assert_true(got.flag);
    assert_null(got.text);
    accept(&got, "a -");
    assert_string_equal(got.second, "-");
}

static void an_optional_argument_takes_what_fits_it(void **state)
{
    (void)state;
    S got;
    accept(&got, "a second");
    assert_string_equal(got.first, "a");
    assert_string_equal(got.second, "second");
    accept(&got, "second --rest third fourth");
    assert_null(got.first);
    assert_string_equal(got.second, "second");
    assert_int_equal(got.rest.count, 2);
    assert_string_equal(got.rest.items[1], "fourth");
}

static void too_few_and_too_many_arguments_are_refused(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "", "--flag", "second third", "a second third", "second --rest", NULL
    };
    refuse(lines);
}

static void what_does_not_go_together_is_refused(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "a --red --blue", "a --blue --red",       "--own x --text y --flag",
        "--own x",        "--own x --text y a b", NULL
    };
    refuse(lines);
    S got;
    accept(&got, "--own xy --text y");
    assert_int_equal(got.own, 2);
    assert_null(got.second);
    accept(&got, "second --red --red");
    assert_ptr_equal(got.format, &red);
}

static void what_is_required_must_be_given(void **state)
{
    (void)state;
    S got;
    assert_int_equal(parse(&demanding, &got, "--red --text x"), CLI_DONE);
    assert_int_equal(parse(&demanding, &got, "--blue --text x"), CLI_DONE);
    assert_int_equal(parse(&demanding, &got, "--blue"), CLI_USAGE);
    assert_int_equal(parse(&demanding, &got, "--text x"), CLI_USAGE);
    assert_int_equal(parse(&demanding, &got, ""), CLI_USAGE);
    assert_int_equal(parse(&demanding, &got, "--red --text x word"), CLI_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_value_goes_to_its_member),
        cmocka_unit_test(a_value_may_be_joined_and_begin_with_a_hyphen),
        cmocka_unit_test(a_value_that_may_be_left_out_is_given_by_joining_only),
        cmocka_unit_test(values_of_the_wrong_kind_are_refused),
        cmocka_unit_test(there_are_no_other_options),
        cmocka_unit_test(behind_two_hyphens_are_arguments),
        cmocka_unit_test(an_optional_argument_takes_what_fits_it),
        cmocka_unit_test(too_few_and_too_many_arguments_are_refused),
        cmocka_unit_test(what_does_not_go_together_is_refused),
        cmocka_unit_test(what_is_required_must_be_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
