/* test_lua.c - what a policy in Lua can do, and cannot: nothing of the host,
   and the same each time. */
#include "tests/plugin/said.h"

#include "cli/plugin/plugin.h"
#include "sim/arena.h"

#define VMS 16

struct fixture {
    struct said said;
    struct arena arena;
    struct plugin plugin;
    struct sched *sched;
    char message[PLUGIN_MESSAGE_BYTES];
};

/* A scheduler whose create() is this. False: it does not load. */
static bool load(struct fixture *f, const char *create)
{
    static const char format[] =
        "local p = { kind = 'scheduler', reasons = { 'so' },\n"
        "  args = { { name = 'n', low = 1, high = 9, default = 4 } } }\n"
        "function p.create(run) %s end\n"
        "function p.ready(s, vm) return s end\n"
        "function p.remove() end\n"
        "function p.pick() end\n"
        "return p\n";
    char text[2048];
    int bytes = snprintf(text, sizeof(text), format, create);
    assert_true(bytes > 0 && (size_t)bytes < sizeof(text));
    assert_true(arena_map(&f->arena, ARENA_UNLIMITED));
    said_init(&f->said);
    struct plugin_source source = { .name = "p.lua",
                                    .text = text,
                                    .bytes = (size_t)bytes };
    return plugin_load(&f->plugin, &f->arena, POLICY_SCHEDULER, &source,
                       f->message);
}

static void create(struct fixture *f)
{
    const struct sched_config config = { .vm_limit = VMS,
                                         .quantum_cycles = 1000,
                                         .switch_cycles = 7,
                                         .host = &f->said.host };
    f->sched = f->plugin.sched->create(f->plugin.sched, &f->arena, &config);
    assert_non_null(f->sched);
}

static void release(struct fixture *f)
{
    plugin_release(&f->plugin);
    arena_unmap(&f->arena);
}

/* What create() returns is ready()'s key. */
static uint64_t value_of(const char *body)
{
    static struct fixture f;
    if (!load(&f, body)) {
        fail_msg("%s: %s", body, f.message);
    }
    create(&f);
    uint64_t key = f.plugin.sched->ready(f.sched, 0).key;
    if (f.said.text[0]) {
        fail_msg("%s: %s", body, f.said.text);
    }
    release(&f);
    return key;
}

/* create() ends so. */
static void expect_said(const char *body, const char *says)
{
    static struct fixture f;
    assert_true(load(&f, body));
    create(&f);
    if (!strstr(f.said.text, says)) {
        fail_msg("%s: %s", body, f.said.text);
    }
    release(&f);
}

static void what_it_is_told_is_the_runs(void **state)
{
    (void)state;
    assert_int_equal(value_of("return run.vm_limit"), VMS);
    assert_int_equal(value_of("return run.quantum"), 1000);
    assert_int_equal(value_of("return run.switch"), 7);
    assert_int_equal(value_of("return host.now()"), 100);
    assert_int_equal(value_of("return host.arg('n')"), 4);
    assert_int_equal(value_of("return (host.vm(3))"), 100);
    struct rng rng;
    rng_init(&rng, 1, "scheduler", 0);
    uint64_t first = rng_below(&rng, 1000);
    assert_int_equal(value_of("return host.random(1000)"), first);
}

/* The textbook's heap: the least key, and of equal ones who came first. */
static void a_heap_gives_the_least_key_first(void **state)
{
    (void)state;
    assert_int_equal(
        value_of("local h = host.heap() h:push(3, 5) h:push(1, 2) h:push(2, 5) "
                 "h:push(9) h:remove(9) local n = h:count() "
                 "local a, k = h:pop() local b, c = h:pop(), h:pop() "
                 "return n * 10000 + a * 1000 + k * 100 + b * 10 + c"),
        3 * 10000 + 1 * 1000 + 2 * 100 + 3 * 10 + 2);
    expect_said("host.heap():push(16)", "there is none of that number");
    expect_said("local h = host.heap() h:push(1) h:push(1)", "already");
    expect_said("while true do host.heap() end", "more than 64 heaps");
}

/* The library's own functions would go by addresses, or a seed of the host's. */
static void order_does_not_depend_on_the_host(void **state)
{
    (void)state;
    assert_int_equal(
        value_of("local t, s = { b = 1, a = 2, [3] = 3, [1] = 4 }, "
                 "0 for _, v in pairs(t) do s = s * 10 + v end "
                 "return s"),
        4321);
    /* A sort that keeps equal ones as they are. */
    assert_int_equal(
        value_of("local t = {} for i = 1, 9 do t[i] = { i % 3, i } end "
                 "table.sort(t, function(a, b) return a[1] < b[1] end) "
                 "local s = 0 for i = 1, 9 do s = s * 10 + t[i][2] end "
                 "return s"),
        369147258);
    expect_said("for k in pairs({ [{}] = 1 }) do end", "one is a table");
    assert_int_equal(value_of("return tostring({}) == 'table' and 1 or 0"), 1);
    expect_said("return string.format('%s', {})", "can be shown");
    expect_said("return ('x'):rep(9)", "nil value");
}

static void what_is_the_hosts_is_not_there(void **state)
{
    (void)state;
    static const char *const names[] = {
        "os",           "io",           "debug",
        "package",      "coroutine",    "utf8",
        "require",      "load",         "loadstring",
        "dofile",       "loadfile",     "print",
        "next",         "pcall",        "xpcall",
        "setmetatable", "getmetatable", "rawget",
        "rawset",       "rawlen",       "collectgarbage",
        "warn",         "_G",           "_VERSION",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char body[64];
        char says[64];
        snprintf(body, sizeof(body), "return %s", names[i]);
        snprintf(says, sizeof(says), "p.lua:3: there is no '%s' here",
                 names[i]);
        expect_said(body, says);
    }
    static const char *const members[] = {
        "math.random", "math.randomseed", "math.sin",   "math.exp",
        "math.log",    "math.sqrt",       "string.rep", "string.find",
        "string.gsub", "string.dump",     "table.move", "string.pack",
    };
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        char body[64];
        snprintf(body, sizeof(body), "return %s == nil and 1 or 0", members[i]);
        assert_int_equal(value_of(body), 1);
    }
}

static void steps_and_memory_end(void **state)
{
    (void)state;
    expect_said("while true do end", "steps, which is all");
    expect_said("local t = {} while true do table.insert(t, 1, 0) end",
                "steps");
    expect_said("local t = {} for i = 1, 1000 do t[i] = i end "
                "while true do table.concat(t) end",
                "steps");
    expect_said("local t = {} while true do t = { t } end", "64 MiB");
    expect_said("local s = 'x' while true do s = s .. s end", "64 MiB");
    expect_said("local function f() return 1 + f() end return f()",
                "create(): ");
}

/* It is 100. */
static void an_alarm_is_of_a_cycle_to_come(void **state)
{
    (void)state;
    assert_int_equal(value_of("host.wake_at(101) return 1"), 1);
    expect_said("host.wake_at(100)",
                "must ask for a cycle to come; it asked for 100 at 100");
}

static void what_is_wrong_with_a_table_is_said(void **state)
{
    (void)state;
    static struct fixture f;
    static const struct {
        const char *create, *says;
    } cases[] = {
        { "end p.kind = 'x' do", "kind = \"scheduler\"; it says x" },
        { "end p.args = { { name = 'x', low = 3, default = 2 } } do",
          "the default of argument 'x' is not within its limits" },
        { "end p.args = { { low = 3 } } do", "an argument has no name" },
        { "end p.args = { { name = 'x', unit = 'inch' } } do", "'inch'" },
        { "end p.reasons = { 7 } do", "'reason' must be a text" },
        { "end p.promises = { shares = 'all' } do", "promises.shares" },
        { "end p.promises = { bound = 0 } do", "promises.bound" },
        { "end do return 7 end do", "it returns a number" },
        { "end while true do end do", "p.lua:3: it takes more" },
        { "end error('no') do", "p.lua:3: no" },
        { "end host.now() do", "from create() on" },
        { "return 1 1", "p.lua:3:" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_false(load(&f, cases[i].create));
        if (!strstr(f.message, cases[i].says)) {
            fail_msg("%s: %s", cases[i].create, f.message);
        }
        release(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_is_told_is_the_runs),
        cmocka_unit_test(a_heap_gives_the_least_key_first),
        cmocka_unit_test(order_does_not_depend_on_the_host),
        cmocka_unit_test(what_is_the_hosts_is_not_there),
        cmocka_unit_test(steps_and_memory_end),
        cmocka_unit_test(an_alarm_is_of_a_cycle_to_come),
        cmocka_unit_test(what_is_wrong_with_a_table_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
