/*
 * test_bench.c - what a bench measures of schedulers whose use of the processor
 * is known: in turns, by rank, by shares; and that its clock goes as VMs run.
 */
#include "cli/plugin/bench.h"
#include "cli/plugin/conform.h"
#include "cli/plugin/texts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define Q     ((uint64_t)BENCH_QUANTUM)
#define TURNS 240

/* In turns. When it is asked, as many cycles must have gone as VMs have used:
   a bench begins at 1. */
static const char in_turns[] =
    "return {\n"
    "  kind = 'scheduler',\n"
    "  create = function(run)\n"
    "    return { queue = host.heap(), used = 0, shares = {} }\n"
    "  end,\n"
    "  ready = function(s, vm) s.queue:push(vm) return 0 end,\n"
    "  remove = function(s, vm) s.queue:remove(vm) end,\n"
    "  pick = function(s)\n"
    "    if host.now() ~= 1 + s.used then error('the clock is wrong') end\n"
    "    return (s.queue:pop())\n"
    "  end,\n"
    "  stop = function(s, vm, why, granted, used) s.used = s.used + used end,\n"
    "}\n";

/* The least number goes first, always. */
static const char by_rank[] =
    "return {\n"
    "  kind = 'scheduler',\n"
    "  create = function() return { queue = host.heap() } end,\n"
    "  ready = function(s, vm) s.queue:push(vm, vm) return vm end,\n"
    "  remove = function(s, vm) s.queue:remove(vm) end,\n"
    "  pick = function(s) return (s.queue:pop()) end,\n"
    "}\n";

/* In turns, for a hundredth of a quantum for each share. */
static const char by_shares[] =
    "return {\n"
    "  kind = 'scheduler',\n"
    "  create = function(run)\n"
    "    local s = { queue = host.heap(), quanta = {} }\n"
    "    for vm = 0, run.vm_limit - 1 do\n"
    "      s.quanta[vm] = run.quantum // 100 * host.vm(vm)\n"
    "    end\n"
    "    return s\n"
    "  end,\n"
    "  ready = function(s, vm) s.queue:push(vm) return 0 end,\n"
    "  remove = function(s, vm) s.queue:remove(vm) end,\n"
    "  pick = function(s)\n"
    "    local vm = s.queue:pop()\n"
    "    return vm, vm and s.quanta[vm]\n"
    "  end,\n"
    "}\n";

static void open_bench(struct bench *b, const char *text)
{
    char message[PLUGIN_MESSAGE_BYTES];
    const struct plugin_source source = { .name = "p.lua",
                                          .text = text,
                                          .bytes = strlen(text) };
    if (!bench_open(b, &source, message)) {
        fail_msg("%s", message);
    }
}

static void compute(struct bench *b, const char *text, uint32_t vms,
                    bool has_shares, bool games)
{
    open_bench(b, text);
    b->has_shares = has_shares;
    bench_compute(b, vms, TURNS, games);
    assert_string_equal(b->said, "");
    assert_int_equal(b->rests, 0);
}

/* Each VM waits while each other uses a quantum, and no longer. */
static void turns_are_equal_and_the_others_are_waited_for(void **state)
{
    (void)state;
    static const uint32_t vms[] = { 1, 2, 3, 8, 24 };
    for (size_t i = 0; i < sizeof(vms) / sizeof(vms[0]); i++) {
        struct bench b;
        compute(&b, in_turns, vms[i], false, false);
        for (uint32_t vm = 0; vm < vms[i]; vm++) {
            assert_int_equal(b.used[vm], TURNS / vms[i] * Q);
        }
        assert_int_equal(b.longest_wait, (vms[i] - 1) * Q);
        assert_int_equal(b.starved, 0);
        assert_int_equal(b.now, 1 + TURNS * Q);
        bench_close(&b);
    }
}

/* Those who never run wait to the end. */
static void who_ranks_first_takes_all(void **state)
{
    (void)state;
    struct bench b;
    compute(&b, by_rank, 5, false, false);
    assert_int_equal(b.used[0], TURNS * Q);
    assert_int_equal(b.starved, 4);
    assert_int_equal(b.longest_wait, TURNS * Q);
    bench_close(&b);
}

static void shares_are_one_two_three(void **state)
{
    (void)state;
    struct bench b;
    compute(&b, by_shares, 3, true, false);
    for (uint32_t vm = 0; vm < 3; vm++) {
        assert_int_equal(b.used[vm], (vm + 1) * TURNS / 3 * Q);
    }
    bench_close(&b);
    compute(&b, by_shares, 3, false, false);
    assert_int_equal(b.used[0], b.used[2]);
    bench_close(&b);
}

/* In turns it has as many as the others, each short of a sixteenth. By rank it
   still goes first, when it is there: another runs in between. */
static void who_games_idles_before_its_quantum_ends(void **state)
{
    (void)state;
    struct bench b;
    compute(&b, in_turns, 4, false, true);
    assert_int_equal(b.used[0], TURNS / 4 * (Q - Q / 16));
    assert_int_equal(b.used[3], TURNS / 4 * Q);
    bench_close(&b);
    compute(&b, by_rank, 4, false, true);
    assert_int_equal(b.used[0], TURNS / 2 * (Q - Q / 16));
    assert_int_equal(b.used[1], TURNS / 2 * Q);
    assert_int_equal(b.starved, 2);
    bench_close(&b);
}

/* ---- Histories ----------------------------------------------------------- */

/* Texts that `iksim policy new` writes keep their contracts, with a clock in
   front that must have moved since `before` at each call of `name`. */
static void expect_time_to_pass(enum plugin_text which, const char *name)
{
    char text[8192];
    struct bench b;
    int bytes = snprintf(
        text, sizeof(text),
        "local p = (function()\n%s\nend)()\n"
        "local inner, before = p.%s, 0\n"
        "function p.%s(...)\n"
        "  if host.now() <= before then error('the clock stands') end\n"
        "  before = host.now()\n"
        "  return inner(...)\n"
        "end\n"
        "return p\n",
        plugin_texts[which].text, name, name);
    assert_true(bytes > 0 && (size_t)bytes < sizeof(text));
    open_bench(&b, text);
    bench_history(&b, 2000);
    if (b.said[0]) {
        fail_msg("%s: %s", plugin_texts[which].name, b.said);
    }
    assert_true(b.calls > 1000 && b.now > 2000);
    bench_close(&b);
}

static void time_passes_in_histories_of_each_kind(void **state)
{
    (void)state;
    expect_time_to_pass(PLUGIN_TEXT_SCHEDULER_LUA, "pick");
    expect_time_to_pass(PLUGIN_TEXT_GATEKEEPER_LUA, "admit");
    expect_time_to_pass(PLUGIN_TEXT_GATEKEEPER_LUA, "leave");
    expect_time_to_pass(PLUGIN_TEXT_REPLACEMENT_LUA, "victim");
}

/* ---- What is printed ----------------------------------------------------- */

static void expect_row(const struct conform *c, const char *what,
                       const char *seen, enum conform_verdict verdict)
{
    for (uint32_t i = 0; i < c->count; i++) {
        const struct conform_row *row = &c->rows[i];
        if (strcmp(row->what, what) == 0) {
            assert_string_equal(row->seen, seen);
            assert_int_equal(row->verdict, verdict);
            return;
        }
    }
    fail_msg("there is no row '%s'", what);
}

static void rows_say_what_the_bench_measured(void **state)
{
    (void)state;
    struct conform c;
    char message[PLUGIN_MESSAGE_BYTES];
    const struct plugin_source source = { .name = "p.lua",
                                          .text = by_rank,
                                          .bytes = strlen(by_rank) };
    assert_true(conform_try(&c, &source, message));
    assert_string_equal(c.broken, "");
    expect_row(&c, "again", "the same choices", CONFORM_KEPT);
    expect_row(&c, "conserves work", "somebody ran whenever a VM was ready",
               CONFORM_KEPT);
    expect_row(&c, "longest wait",
               "20000 quanta beside 31 others: some never ran", CONFORM_SEEN);
    expect_row(&c, "shares of 1:2:3", "100.0 : 0.0 : 0.0 %", CONFORM_SEEN);
    /* 15 of 31: it and the next have turns by turns. */
    expect_row(&c, "gaming",
               "who idles before its quantum ends gets 48.4 %, fair are 25",
               CONFORM_BROKEN);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(turns_are_equal_and_the_others_are_waited_for),
        cmocka_unit_test(who_ranks_first_takes_all),
        cmocka_unit_test(shares_are_one_two_three),
        cmocka_unit_test(who_games_idles_before_its_quantum_ends),
        cmocka_unit_test(time_passes_in_histories_of_each_kind),
        cmocka_unit_test(rows_say_what_the_bench_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
