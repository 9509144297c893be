/* test_talk.c - scripts of what is said and heard: what their text means, what is
   wrong with one, and what a pass through one sees in the answers. */
#include "sim/arena.h"
#include "workloads/talk/talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_BYTES (1u << 20)

struct room {
    void *memory;
    struct arena arena;
    struct talk_script script;
    uint32_t line;
};

static void room_init(struct room *r)
{
    r->memory = malloc(ARENA_BYTES);
    assert_non_null(r->memory);
    arena_init(&r->arena, r->memory, ARENA_BYTES);
}

static const char *read_script(struct room *r, const char *text)
{
    return talk_script_read(&r->arena, text, strlen(text), &r->script,
                            &r->line);
}

static void a_text_is_the_bytes_that_it_names(void **state)
{
    (void)state;
    struct room r;
    room_init(&r);
    assert_null(read_script(
        &r, "# send \"no\"\n send \"a\\r\\n\\t\\\\\\\"\\x00\\xfF#\"\n\n"
            "expect line expect \"z\" # end"));
    assert_int_equal(r.script.count, 3);
    assert_int_equal(r.script.send_bytes, 9);
    assert_int_equal(r.script.expect_bytes, 1);
    assert_int_equal(r.script.steps[0].kind, TALK_SEND);
    assert_memory_equal(r.script.steps[0].text, "a\r\n\t\\\"\0\377#", 9);
    assert_int_equal(r.script.steps[1].kind, TALK_EXPECT_LINE);
    assert_int_equal(r.script.steps[2].kind, TALK_EXPECT);
    free(r.memory);
}

static void what_is_wrong_is_said_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *wrong;
        uint32_t line;
    } all[] = {
        { "", "sends nothing", 0 },
        { "expect \"a\"", "sends nothing", 0 },
        { "send \"a\"", "ends with send: what is the answer?", 0 },
        { "send \"a\"\nget \"b\"", "a step begins with send or expect", 2 },
        { "\nsend a", "a text in quotation marks must follow send or expect",
          2 },
        { "send line", "a text in quotation marks must follow send or expect",
          1 },
        { "send \"a", "a text has no quotation mark at its end", 1 },
        { "send \"\"", "a text is empty", 1 },
        { "send \"\\q\"",
          "after a backslash must stand r, n, t, \\, \" or x and two "
          "hexadecimal digits",
          1 },
        { "send \"a\nb\"",
          "a byte that is no printable ASCII character is written \\xHH", 1 },
    };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct room r;
        room_init(&r);
        assert_string_equal(read_script(&r, all[i].text), all[i].wrong);
        assert_int_equal(r.line, all[i].line);
        free(r.memory);
    }
}

static enum talk_result hear(struct talk *t, const char *text)
{
    return talk_hear(t, (const uint8_t *)text, (uint32_t)strlen(text));
}

static void steps_are_taken_in_turn_in_any_pieces(void **state)
{
    (void)state;
    struct room r;
    struct talk t;
    uint8_t said[8];
    room_init(&r);
    assert_null(read_script(&r, "expect line send \"ab\" send \"c\" "
                                "expect \"xyz\" send \"d\" expect \"!\""));
    talk_init(&t, &r.script, 0);
    assert_int_equal(talk_say(&t), 0);
    assert_false(talk_is_silent(&t));
    assert_int_equal(hear(&t, "wel"), TALK_MORE);
    assert_int_equal(hear(&t, "come\n"), TALK_MORE);
    assert_int_equal(talk_say(&t), 3);
    assert_int_equal(hear(&t, "x"), TALK_MORE);
    assert_int_equal(hear(&t, "yz"), TALK_MORE);
    assert_int_equal(talk_say(&t), 1);
    assert_true(talk_is_silent(&t));
    assert_int_equal(hear(&t, "!"), TALK_DONE);
    assert_int_equal(t.heard, 12);
    talk_copy(&t, 1, said, 7); /* A second pass follows the first. */
    assert_memory_equal(said, "bcdabcd", 7);
    free(r.memory);
}

static void the_first_wrong_byte_is_found(void **state)
{
    (void)state;
    struct room r;
    struct talk t;
    room_init(&r);
    assert_null(read_script(&r, "send \"a\" expect \"xyz\" send \"b\" "
                                "expect \"c\""));
    talk_init(&t, &r.script, 0);
    assert_int_equal(talk_say(&t), 1);
    assert_int_equal(hear(&t, "x"), TALK_MORE);
    assert_int_equal(hear(&t, "yw"), TALK_WRONG);
    assert_int_equal(t.wrong.what, MISTAKE_BYTE);
    assert_int_equal(t.wrong.at, 2);
    assert_int_equal(t.wrong.expected, 'z');
    assert_int_equal(t.wrong.seen, 'w');

    /* An answer to what was not said yet is wrong, were it right later. */
    talk_init(&t, &r.script, 0);
    assert_int_equal(talk_say(&t), 1);
    assert_int_equal(hear(&t, "xyzc"), TALK_WRONG);
    assert_int_equal(t.wrong.what, MISTAKE_EXTRA);
    assert_int_equal(t.wrong.at, 3);
    free(r.memory);
}

static void an_echo_is_of_its_request_alone(void **state)
{
    (void)state;
    struct talk_step steps[2];
    struct talk_script script;
    struct talk one;
    struct talk other;
    for (uint32_t bytes = 1; bytes < 40; bytes++) {
        uint8_t said[40];
        talk_script_echo(steps, bytes, &script);
        talk_init(&one, &script, 0x12345);
        talk_init(&other, &script, 0x12346);
        assert_int_equal(talk_say(&one), bytes);
        assert_int_equal(talk_say(&other), bytes);
        talk_copy(&one, 0, said, bytes);
        assert_memory_equal(said, "012345 00000000\n012345 00000010\n012345 ",
                            bytes - 1);
        assert_int_equal(said[bytes - 1], '\n');
        assert_int_equal(talk_hear(&other, said, bytes),
                         bytes < 7 ? TALK_DONE : TALK_WRONG);
        assert_int_equal(talk_hear(&one, said, bytes), TALK_DONE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_the_bytes_that_it_names),
        cmocka_unit_test(what_is_wrong_is_said_with_its_line),
        cmocka_unit_test(steps_are_taken_in_turn_in_any_pieces),
        cmocka_unit_test(the_first_wrong_byte_is_found),
        cmocka_unit_test(an_echo_is_of_its_request_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
