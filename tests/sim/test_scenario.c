/* test_scenario.c - what good scenarios mean, and that saving loses nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/devices/machine.h"
#include "sim/limits.h"
#include "tests/sim/scenario_fixture.h"

/* As in the design. */
static const char five_lines[] =
    "run:     {seed: 1, boot: ideal, warmup: 500ms, duration: 2s}\n"
    "machine: {profile: denali-2002, ram: 1GiB}\n"
    "kernel:  {gatekeeper: fifo, scheduler: round-robin, quantum: 10ms,\n"
    "          interrupts: batched, idle: timeout, page_tables: eager,\n"
    "          replacement: wsclock, paging_block: 4KiB}\n"
    "vms:     [{name: web, image: httpd, count: 1000, memory: 16MiB,\n"
    "           args: \"size=4000\"}]\n"
    "load:    [{kind: http, target: web, zipf: 1.0, rate: 2000,\n"
    "           timeout: 5s}]    # open loop\n";

/* Every list has an item, and every key is saved. */
static const char every_list[] =
    "vms: [{name: a, image: x}, {name: b, image: x}]\n"
    "disks: [{vms: a, size: 4KiB, file: x}]\n"
    "events: [{create: b}, {at: 1s, destroy: b}]\n"
    "load: [{target: a, clients: 1}, {target: a, rate: 1},\n"
    "       {target: a, kind: each}]\n";

static void the_five_lines_mean_what_they_say(void **state)
{
    struct scenario_fixture *f = *state;
    const struct scenario *s = load_text(f, five_lines, NULL);
    assert_non_null(s);
    assert_string_equal(s->name, "s.yaml");
    assert_string_equal(s->path, f->path);
    assert_int_equal(s->seed, 1);
    assert_int_equal(s->warmup_ns, 500000000);
    assert_int_equal(s->duration_ns, 2000000000);
    assert_string_equal(s->machine->name, "denali-2002");
    assert_int_equal(s->ram_bytes, 1u << 30);
    assert_string_equal(s->scheduler, "round-robin");
    assert_int_equal(s->quantum_ns, 10000000);
    assert_int_equal(s->paging_block_bytes, 4096);
    assert_int_equal(s->group_count, 1);
    assert_int_equal(s->vm_count, 1000);
    assert_string_equal(s->vms[0].image, "httpd");
    assert_int_equal(s->vms[0].memory_bytes, 16 << 20);
    assert_int_equal(s->load_count, 1);
    assert_int_equal(s->loads[0].kind, LOAD_HTTP);
    assert_int_equal(s->loads[0].target, 0);
    assert_true(s->loads[0].zipf == 1.0 && s->loads[0].rate == 2000);
    assert_int_equal(s->loads[0].clients, 0);
    assert_int_equal(s->loads[0].timeout_ns, 5000000000);
}

static void all_but_the_vms_has_a_default(void **state)
{
    const struct scenario *s =
        load_text(*state, "vms: [{image: guests/hello}]\n", NULL);
    assert_non_null(s);
    assert_int_equal(s->seed, 1);
    assert_int_equal(s->boot, BOOT_IDEAL);
    assert_true(s->warmup_ns == SCENARIO_AUTO);
    assert_true(s->warmup_max_ns == UINT64_C(60000000000));
    assert_int_equal(s->drain_ns, 30000000000);
    assert_ptr_equal(s->machine, &machine_profiles[0]);
    assert_int_equal(s->ram_bytes, s->machine->ram_bytes);
    assert_string_equal(s->costs, "unit");
    assert_string_equal(s->gatekeeper, "fifo");
    assert_string_equal(s->replacement, "wsclock");
    assert_int_equal(s->tau_ns, 100000000);
    assert_string_equal(s->disk_queue, "elevator");
    assert_string_equal(s->receive, "pool");
    assert_string_equal(s->transmit, "round-robin");
    assert_int_equal(s->lease_ns, 1000000000);
    assert_int_equal(s->min_free_bytes, 1 << 20);
    assert_int_equal(s->rx_queue, 256);
    assert_int_equal(s->tx_queue, 64);
    assert_int_equal(s->rx_pool, 16384);
    assert_int_equal(s->text, TEXT_SHARED);
    assert_string_equal(s->vms[0].name, "hello");
    assert_int_equal(s->vms[0].count, 1);
    assert_string_equal(s->vms[0].args, "");
    assert_int_equal(s->vms[0].vm_total, 1);
    assert_int_equal(s->vms[0].frames, 0);
    assert_int_equal(s->vms[0].shares, 100);
    assert_int_equal(s->vms[0].priority, 0);
    assert_int_equal(s->preset, PRESET_DENALI);
    assert_int_equal(s->interrupts, INTERRUPTS_BATCHED);
    assert_int_equal(s->idle, IDLE_TIMEOUT);
    assert_int_equal(s->nic, NIC_SIMPLE);
    assert_int_equal(s->disk_count, 0);
    assert_int_equal(s->event_count, 0);
    assert_int_equal(s->link.bits_per_second, s->machine->link_bits_per_second);
    assert_int_equal(s->link.latency_ns, s->machine->link_latency_ns);
    assert_int_equal(s->load_count, 0);
}

static void a_preset_fills_in_what_is_not_given(void **state)
{
    static const struct {
        const char *kernel;
        enum scenario_interrupts interrupts;
        enum scenario_idle idle;
        enum scenario_nic nic;
    } rows[] = {
        { "", INTERRUPTS_BATCHED, IDLE_TIMEOUT, NIC_SIMPLE },
        { "preset: denali", INTERRUPTS_BATCHED, IDLE_TIMEOUT, NIC_SIMPLE },
        { "preset: vmm", INTERRUPTS_SYNCHRONOUS, IDLE_SPIN, NIC_PCNET32 },
        { "preset: vmm, nic: simple", INTERRUPTS_SYNCHRONOUS, IDLE_SPIN,
          NIC_SIMPLE },
        { "idle: timeout, preset: vmm", INTERRUPTS_SYNCHRONOUS, IDLE_TIMEOUT,
          NIC_PCNET32 },
        { "preset: vmm, interrupts: batched", INTERRUPTS_BATCHED, IDLE_SPIN,
          NIC_PCNET32 },
        { "preset: denali, nic: pcnet32", INTERRUPTS_BATCHED, IDLE_TIMEOUT,
          NIC_PCNET32 },
        { "preset: vmm, idle: ''", INTERRUPTS_SYNCHRONOUS, IDLE_SPIN,
          NIC_PCNET32 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[128];
        snprintf(text, sizeof(text), "kernel: {%s}\nvms: [{image: a}]\n",
                 rows[i].kernel);
        const struct scenario *s = load_text(*state, text, NULL);
        assert_non_null(s);
        assert_int_equal(s->interrupts, rows[i].interrupts);
        assert_int_equal(s->idle, rows[i].idle);
        assert_int_equal(s->nic, rows[i].nic);
    }
}

static void the_isolated_preset_names_policies(void **state)
{
    const struct scenario *s = load_text(
        *state, "kernel: {preset: isolated}\nvms: [{image: a}]\n", NULL);
    assert_non_null(s);
    assert_string_equal(s->scheduler, "fair");
    s = load_text(*state,
                  "kernel: {scheduler: lottery, preset: isolated}\n"
                  "vms: [{image: a}]\n",
                  NULL);
    assert_non_null(s);
    assert_string_equal(s->scheduler, "lottery");
}

static void an_empty_section_or_value_is_as_good_as_none(void **state)
{
    const struct scenario *s =
        load_text(*state,
                  "run:\nkernel:\n  quantum:\nload:\nlink:\n"
                  "disks:\nevents:\n"
                  "vms:\n- image: a\n  name:\n  count:\n",
                  NULL);
    assert_non_null(s);
    assert_int_equal(s->quantum_ns, 10000000);
    assert_string_equal(s->vms[0].name, "a");
    assert_int_equal(s->load_count, 0);
}

static void groups_follow_each_other(void **state)
{
    static const char text[] = "vms:\n"
                               "- {name: a, image: x, count: 3}\n"
                               "- {name: b, image: x, count: 5}\n"
                               "- {name: c, image: x}\n"
                               "load:\n"
                               "- {target: c, rate: 5}\n"
                               "- {target: b, clients: 2, think: 1s,"
                               " keep_alive: true, path: /x}\n";
    const struct scenario *s = load_text(*state, text, NULL);
    assert_non_null(s);
    assert_int_equal(s->vm_count, 9);
    assert_int_equal(s->vms[1].first, 3);
    assert_int_equal(s->vms[2].first, 8);
    assert_int_equal(s->loads[0].target, 2);
    assert_int_equal(s->loads[1].target, 1);
    assert_int_equal(s->loads[1].clients, 2);
    assert_int_equal(s->loads[1].think_ns, 1000000000);
    assert_true(s->loads[1].keep_alive);
    assert_string_equal(s->loads[1].path, "/x");
}

static void events_happen_in_order_of_time(void **state)
{
    static const char text[] = "vms:\n"
                               "- {name: a, image: x, count: 3}\n"
                               "- {name: b, image: x, count: 5}\n"
                               "- {name: c, image: x}\n"
                               "events:\n"
                               "- {at: 2s, destroy: b, count: 8}\n"
                               "- {at: 1s, create: b, count: 3}\n"
                               "- {create: a}\n"
                               "- {at: 2s, create: b, count: 2}\n"
                               "- {at: 1s, destroy: a, count: 4}\n";
    static const struct scenario_event expected[] = {
        { 0, EVENT_CREATE, 0, 1 },
        { 1000000000, EVENT_CREATE, 1, 3 },
        { 1000000000, EVENT_DESTROY, 0, 4 },
        { 2000000000, EVENT_DESTROY, 1, 8 },
        { 2000000000, EVENT_CREATE, 1, 2 },
    };
    const struct scenario *s = load_text(*state, text, NULL);
    assert_non_null(s);
    assert_int_equal(s->event_count, 5);
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(s->events[i].at_ns, expected[i].at_ns);
        assert_int_equal(s->events[i].kind, expected[i].kind);
        assert_int_equal(s->events[i].group, expected[i].group);
        assert_int_equal(s->events[i].count, expected[i].count);
    }
}

static void times_may_be_of_the_window(void **state)
{
    static const char text[] = "run: {warmup: 2s}\n"
                               "vms: [{image: x, count: 3}]\n"
                               "events:\n"
                               "- {at: window+1s, create: x}\n"
                               "- {at: 2500ms, create: x, count: 2}\n"
                               "- {at: window, create: x, count: 3}\n"
                               "load:\n"
                               "- {rate: 1, start: run.warmup}\n"
                               "- {rate: 1, start: window+3ms}\n"
                               "- {rate: 1, start: 3ms}\n";
    static const char *const waits[] = { "run.warmup=auto", NULL };
    const struct scenario *s = load_text(*state, text, NULL);
    assert_non_null(s);
    /* The window is known to begin after two seconds; */
    assert_int_equal(s->events[0].count, 3);
    assert_int_equal(s->events[1].count, 2);
    assert_int_equal(s->events[2].count, 1);
    assert_true(scenario_is_from_window(s->events[2].at_ns));
    assert_int_equal(scenario_ns_of(s->events[2].at_ns), 1000000000);
    assert_true(scenario_is_from_window(s->loads[0].start_ns));
    assert_int_equal(scenario_ns_of(s->loads[0].start_ns), 0);
    assert_true(scenario_is_from_window(s->loads[1].start_ns));
    assert_int_equal(scenario_ns_of(s->loads[1].start_ns), 3000000);
    assert_false(scenario_is_from_window(s->loads[2].start_ns));
    /* or it waits for all that has a time of its own. */
    s = load_text(*state, text, waits);
    assert_non_null(s);
    assert_int_equal(s->events[0].count, 2);
    assert_int_equal(s->events[1].count, 3);
    assert_int_equal(s->events[2].count, 1);
}

static void groups_have_room_for_what_events_create(void **state)
{
    static const char text[] = "vms:\n"
                               "- {name: a, image: x, count: 3}\n"
                               "- {name: b, image: x, count: 5}\n"
                               "- {name: c, image: x}\n"
                               "events:\n"
                               "- {at: 1s, destroy: b, count: 5}\n"
                               "- {at: 2s, create: b, count: 4}\n"
                               "- {at: 3s, create: a, count: 10}\n"
                               "- {at: 4s, create: b}\n";
    static const struct {
        uint32_t count, total, first;
    } groups[] = { { 3, 13, 0 }, { 5, 10, 13 }, { 1, 1, 23 } };
    const struct scenario *s = load_text(*state, text, NULL);
    assert_non_null(s);
    assert_int_equal(s->vm_count, 24);
    assert_int_equal(vm_roster_limit(&s->roster), 24);
    assert_string_equal(vm_name(&s->roster, 22).chars, "b-9");
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(s->vms[i].count, groups[i].count);
        assert_int_equal(s->vms[i].vm_total, groups[i].total);
        assert_int_equal(s->vms[i].first, groups[i].first);
    }
}

static void events_may_create_up_to_the_limit(void **state)
{
    static const char text[] = "vms: [{image: x, count: 1048575}]\n"
                               "events: [{create: x}]\n";
    const struct scenario *s = load_text(*state, text, NULL);
    assert_non_null(s);
    assert_int_equal(s->vm_count, VM_LIMIT);
}

static void disks_belong_to_groups(void **state)
{
    static const char text[] = "vms:\n"
                               "- {name: a, image: x, count: 3, frames: 7}\n"
                               "- {name: b, image: x}\n"
                               "disks:\n"
                               "- {vms: b, size: 1MiB, file: b.img}\n"
                               "- {vms: a, size: 4096}\n"
                               "- {vms: b, size: 1024GiB}\n";
    const struct scenario *s = load_text(*state, text, NULL);
    assert_non_null(s);
    assert_int_equal(s->vms[0].frames, 7);
    assert_int_equal(s->disk_count, 3);
    assert_int_equal(s->disks[0].group, 1);
    assert_int_equal(s->disks[0].size_bytes, 1 << 20);
    assert_string_equal(s->disks[0].file, "b.img");
    assert_int_equal(s->disks[1].group, 0);
    assert_int_equal(s->disks[1].size_bytes, 4096);
    assert_null(s->disks[1].file);
    assert_int_equal(s->disks[2].size_bytes, 1ull << 40);
}

static void a_load_may_ask_each_vm_once(void **state)
{
    static const char text[] =
        "vms: [{image: x, count: 9}]\n"
        "load: [{kind: each}, {kind: each, spacing: 20us, timeout: 1s,\n"
        "        path: /x, zipf: 0, think: 0s, keep_alive: false}]\n";
    const struct scenario *s = load_text(*state, text, NULL);
    assert_non_null(s);
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(s->loads[i].kind, LOAD_EACH);
        assert_int_equal(s->loads[i].clients, 0);
        assert_true(s->loads[i].rate == 0);
    }
    assert_int_equal(s->loads[0].spacing_ns, 1000000);
    assert_int_equal(s->loads[1].spacing_ns, 20000);
}

static void patterns_of_arrivals_have_their_defaults(void **state)
{
    static const char text[] =
        "vms: [{image: x, count: 9}]\n"
        "load: [{rate: 5, arrivals: on-off}, {rate: 5, arrivals: flash},\n"
        "       {rate: 5, arrivals: flash, onset: 3s, rise: 2s, hold: 1ns,\n"
        "        decay: 4s, crowd: all, peak: 1.5}, {rate: 5},\n"
        "       {rate: 5, arrivals: on-off, shape: 1.2, burst_time: 1ms,\n"
        "        idle_time: 2ms}]\n";
    const struct scenario *s = load_text(*state, text, NULL);
    assert_non_null(s);
    const struct scenario_load *l = s->loads;
    assert_int_equal(l[0].arrivals, ARRIVALS_ON_OFF);
    assert_int_equal(l[0].burst_ns, 500000000);
    assert_int_equal(l[0].idle_ns, 500000000);
    assert_true(l[0].shape == 0 && l[0].peak == 0);
    assert_int_equal(l[1].arrivals, ARRIVALS_FLASH);
    assert_true(l[1].peak == 10);
    assert_int_equal(l[1].onset_ns + l[1].rise_ns + l[1].decay_ns, 0);
    assert_int_equal(l[1].hold_ns, 1000000000);
    assert_int_equal(l[1].crowd, CROWD_ONE);
    assert_true(l[2].peak == 1.5);
    assert_int_equal(l[2].onset_ns, 3000000000);
    assert_int_equal(l[2].hold_ns, 1);
    assert_int_equal(l[2].crowd, CROWD_ALL);
    assert_int_equal(l[3].arrivals, ARRIVALS_POISSON);
    assert_true(l[4].shape == 1.2);
}

static void a_load_may_be_of_players(void **state)
{
    static const char text[] =
        "vms: [{image: x, count: 9}]\n"
        "load: [{kind: game}, {kind: game, players: 8, period: 10ms,\n"
        "        timeout: 1s, start: 2s, path: /, zipf: 0}]\n";
    const struct scenario *s = load_text(*state, text, NULL);
    assert_non_null(s);
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(s->loads[i].kind, LOAD_GAME);
        assert_int_equal(s->loads[i].clients, 0);
        assert_true(s->loads[i].rate == 0);
    }
    assert_int_equal(s->loads[0].players, 4);
    assert_int_equal(s->loads[0].period_ns, 100000000);
    assert_int_equal(s->loads[0].start_ns, 0);
    assert_int_equal(s->loads[1].players, 8);
    assert_int_equal(s->loads[1].period_ns, 10000000);
    assert_int_equal(s->loads[1].start_ns, 2000000000);
}

static void json_is_yaml(void **state)
{
    static const char text[] =
        "{\"run\": {\"seed\": 7, \"duration\": \"1s\"},\n"
        " \"vms\": [{\"name\": \"a\\u00e9\", \"image\": \"x\", "
        "\"count\": 2}]}\n";
    const struct scenario *s = load_text(*state, text, NULL);
    assert_non_null(s);
    assert_int_equal(s->seed, 7);
    assert_string_equal(s->vms[0].name, "a\xc3\xa9");
    assert_int_equal(s->vm_count, 2);
}

static void a_set_word_changes_one_key(void **state)
{
    static const char *const sets[] = { "vms[0].count=7", "kernel.quantum=5ms",
                                        "load[0].rate=50", "link.loss=5%",
                                        NULL };
    const struct scenario *s = load_text(*state, five_lines, sets);
    assert_non_null(s);
    assert_int_equal(s->vm_count, 7);
    assert_int_equal(s->quantum_ns, 5000000);
    assert_true(s->loads[0].rate == 50);
    assert_int_equal(s->link.loss_ppm, 50000);
}

static void set_words_put_in_what_is_left_out(void **state)
{
    static const char *const sets[] = { "vms[0].image=a", "vms[1].image=b",
                                        "load[0].clients=3", "load[0].target=b",
                                        NULL };
    const struct scenario *s = load_text(*state, "run:\n", sets);
    assert_non_null(s);
    assert_int_equal(s->group_count, 2);
    assert_int_equal(s->loads[0].target, 1);
    assert_int_equal(s->loads[0].clients, 3);
}

static void the_last_set_wins_and_an_empty_one_takes_out(void **state)
{
    static const char *const sets[] = { "run.seed=2", "run.seed=3",
                                        "load[0].rate=", "load[0].clients=9",
                                        NULL };
    const struct scenario *s = load_text(*state, five_lines, sets);
    assert_non_null(s);
    assert_int_equal(s->seed, 3);
    assert_int_equal(s->loads[0].clients, 9);
    assert_true(s->loads[0].rate == 0);
}

static void read_all(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        fail_msg("%s cannot be read", path);
        return;
    }
    size_t length = fread(text, 1, size - 1, file);
    text[length] = '\0';
    fclose(file);
}

static void check_groups(const struct scenario *a, const struct scenario *b)
{
    assert_int_equal(a->group_count, b->group_count);
    for (uint32_t i = 0; i < a->group_count; i++) {
        struct scenario_vms x = a->vms[i];
        struct scenario_vms y = b->vms[i];
        assert_string_equal(x.name, y.name);
        assert_string_equal(x.image, y.image);
        assert_string_equal(x.args, y.args);
        x.name = y.name;
        x.image = y.image;
        x.args = y.args;
        assert_memory_equal(&x, &y, sizeof(x));
    }
    assert_int_equal(a->load_count, b->load_count);
    for (uint32_t i = 0; i < a->load_count; i++) {
        struct scenario_load x = a->loads[i];
        assert_string_equal(x.path, b->loads[i].path);
        x.path = b->loads[i].path;
        assert_memory_equal(&x, &b->loads[i], sizeof(x));
    }
}

static void check_disks(const struct scenario *a, const struct scenario *b)
{
    assert_int_equal(a->disk_count, b->disk_count);
    for (uint32_t i = 0; i < a->disk_count; i++) {
        const char *file = a->disks[i].file;
        assert_int_equal(a->disks[i].group, b->disks[i].group);
        assert_int_equal(a->disks[i].size_bytes, b->disks[i].size_bytes);
        assert_int_equal(!file, !b->disks[i].file);
        if (file) {
            assert_string_equal(file, b->disks[i].file);
        }
    }
}

static void check_events(const struct scenario *a, const struct scenario *b)
{
    assert_int_equal(a->event_count, b->event_count);
    for (uint32_t i = 0; i < a->event_count; i++) {
        assert_int_equal(a->events[i].at_ns, b->events[i].at_ns);
        assert_int_equal(a->events[i].kind, b->events[i].kind);
        assert_int_equal(a->events[i].group, b->events[i].group);
        assert_int_equal(a->events[i].count, b->events[i].count);
    }
}

/* Everything but where it came from. */
static void check_equal(const struct scenario *a, const struct scenario *b)
{
    check_groups(a, b);
    check_disks(a, b);
    check_events(a, b);
    struct scenario x = *a;
    assert_string_equal(x.costs, b->costs);
    assert_string_equal(x.gatekeeper, b->gatekeeper);
    assert_string_equal(x.scheduler, b->scheduler);
    assert_string_equal(x.replacement, b->replacement);
    assert_string_equal(x.disk_queue, b->disk_queue);
    assert_string_equal(x.receive, b->receive);
    assert_string_equal(x.transmit, b->transmit);
    x.name = b->name;
    x.path = b->path;
    x.source = b->source;
    x.costs = b->costs;
    x.gatekeeper = b->gatekeeper;
    x.scheduler = b->scheduler;
    x.replacement = b->replacement;
    x.disk_queue = b->disk_queue;
    x.receive = b->receive;
    x.transmit = b->transmit;
    x.vms = b->vms;
    x.roster = b->roster; /* It follows from them. */
    x.disks = b->disks;
    x.events = b->events;
    x.loads = b->loads;
    assert_memory_equal(&x, b, sizeof(x));
}

static void what_is_saved_reads_back_equal(void **state)
{
    struct scenario_fixture *f = *state;
    static const char odd[] =
        "run: {seed: 9223372036854775807, boot: modelled, warmup: 1ns,\n"
        "  duration: 3.000000001s, drain: 0s}\n"
        "machine: {profile: modern, ram: 777MiB, costs: other}\n"
        "kernel: {gatekeeper: 'a: b', interrupts: synchronous, idle: spin,\n"
        "  text: private, page_tables: on-demand, paging_block: 64KiB,\n"
        "  min_free: 0, rx_queue: 1, tx_queue: 2, rx_pool: 3, tau: 1ns,\n"
        "  disk_queue: '-', receive: '~', transmit: 'no', preset: vmm,\n"
        "  nic: simple, swap: static}\n"
        "vms: [{name: \"a'b #\\\"\", image: '*x', args: \"p 'q'  \\\"r\\\" "
        "#\"},\n"
        "  {name: 'null', image: '~', args: 'true', verify: lazy,\n"
        "   memory: 65536, frames: 262144, shares: 7, priority: 3},\n"
        "  {name: \"\\xe9\", image: '- [', args: ' x '}]\n"
        "disks: [{vms: \"\\xe9\", size: 12KiB, file: 'null'},\n"
        "  {vms: 'null', size: 1GiB}, {vms: \"\\xe9\", size: 4096B}]\n"
        "events: [{at: 7us, destroy: 'null', count: 2}, {create: 'null'},\n"
        "  {at: window, create: 'null'}, {at: window+7us, create: 'null'}]\n"
        "load: [{target: 'null', rate: 0.1, zipf: 1.3333333333333333},\n"
        "  {kind: each, target: 'null'},\n"
        "  {kind: each, target: 'null', spacing: 3ns, path: /a, timeout: 1s},\n"
        "  {kind: game, target: 'null'},\n"
        "  {kind: game, target: 'null', players: 1, period: 10000001ns},\n"
        "  {target: \"\\xe9\", clients: 5, keep_alive: true, think: 7us,\n"
        "   prime: 1000, start: window+1ns}]\n"
        "link: {bandwidth: 12345bit, latency: 77us, loss: 0.000001,\n"
        "  reorder: 100%, duplicate: 12.5%}\n";
    static const char *const texts[] = { five_lines, "vms: [{image: a}]", odd };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const struct scenario *s = load_text(f, texts[i], NULL);
        assert_string_equal(f->message, "");
        assert_true(scenario_save(s, f->saved));
        struct scenario *again =
            scenario_load(&f->arena, f->saved, NULL, f->message);
        assert_string_equal(f->message, "");
        check_equal(s, again);
        /* And saving it again gives the same bytes. */
        static char first[8192];
        static char second[8192];
        read_all(f->saved, first, sizeof(first));
        assert_true(scenario_save(again, f->saved));
        read_all(f->saved, second, sizeof(second));
        assert_string_equal(first, second);
    }
}

static void saving_says_when_it_failed(void **state)
{
    struct scenario_fixture *f = *state;
    const struct scenario *s = load_text(f, five_lines, NULL);
    assert_non_null(s);
    assert_false(scenario_save(s, "/dev/full"));
    assert_false(scenario_save(s, "/nowhere/s.yaml"));
}

static void a_small_arena_is_a_complaint(void **state)
{
    struct scenario_fixture *f = *state;
    assert_non_null(load_text(f, every_list, NULL));
    size_t needed = f->arena.used_bytes;
    static alignas(64) unsigned char block[1 << 16];
    assert_true(needed < sizeof(block));
    for (size_t size = 0; size <= needed + 64; size++) {
        struct arena small;
        arena_init(&small, block, size);
        f->message[0] = '\0';
        if (scenario_load(&small, f->path, NULL, f->message)) {
            assert_true(size + 64 >= needed);
        } else {
            assert_non_null(strstr(f->message, "is too large for the memory"));
        }
    }
}

static void a_key_that_the_manual_lacks_is_none(void **state)
{
    struct scenario_fixture *f = *state;
    static char manual[65536];
    read_all("docs/scenario.md", manual, sizeof(manual));
    const struct scenario *s = load_text(f, every_list, NULL);
    assert_non_null(s);
    assert_true(scenario_save(s, f->saved));
    static char saved[8192];
    read_all(f->saved, saved, sizeof(saved));
    for (const char *line = strtok(saved, "\n"); line;
         line = strtok(NULL, "\n")) {
        char key[64];
        char quoted[80];
        line += strspn(line, " -");
        assert_int_equal(sscanf(line, "%63[^:]", key), 1);
        snprintf(quoted, sizeof(quoted), "`%s`", key);
        if (!strstr(manual, quoted)) {
            fail_msg("docs/scenario.md does not describe %s", quoted);
        }
    }
}

/* Names and texts are kept as they are; what they mean, policies know. */
static void policies_have_arguments(void **state)
{
    struct scenario_fixture *f = *state;
    static const char text[] =
        "kernel:\n"
        "  scheduler_args: {boost: 128, preempt: false, empty: }\n"
        "  gatekeeper_args: {}\n"
        "vms:\n"
        "- {name: a, image: x, policy_args: {deadline: 20ms}}\n"
        "- {name: b, image: x, policy_args: {weight: 3}}\n"
        "- {name: c, image: x}\n";
    static const char *const sets[] = { "kernel.scheduler_args.boost=2",
                                        "kernel.replacement_args.look=7",
                                        "vms[2].policy_args.weight=4", NULL };
    const struct scenario *s = load_text(f, text, sets);
    assert_non_null(s);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(s->gatekeeper_args.count, 0);
        assert_int_equal(s->scheduler_args.count, 2);
        assert_string_equal(s->scheduler_args.items[0].name, "boost");
        assert_string_equal(s->scheduler_args.items[0].text, "2");
        assert_string_equal(s->scheduler_args.items[1].name, "preempt");
        assert_string_equal(s->scheduler_args.items[1].text, "false");
        assert_int_equal(s->replacement_args.count, 1);
        assert_string_equal(s->replacement_args.items[0].text, "7");
        assert_int_equal(s->vms[0].policy_args.count, 1);
        assert_string_equal(s->vms[0].policy_args.items[0].name, "deadline");
        assert_string_equal(s->vms[0].policy_args.items[0].text, "20ms");
        assert_string_equal(s->vms[1].policy_args.items[0].text, "3");
        assert_string_equal(s->vms[2].policy_args.items[0].text, "4");
        /* And so it is when it has been saved. */
        assert_true(scenario_save(s, f->saved));
        s = scenario_load(&f->arena, f->saved, NULL, f->message);
        assert_non_null(s);
    }
    char *json = scenario_write_json(s);
    assert_non_null(strstr(json, "\"policy_args\":{\"weight\":\"4\"}"));
    free(json);
    scenario_complain(load_text(f, text, NULL), "vms[0].policy_args.deadline",
                      "is late", f->message);
    assert_non_null(strstr(f->message, "s.yaml:5: vms[0].policy_args."));
    assert_null(load_text(f,
                          "kernel: {scheduler_args: {a: {b: 1}}}\n"
                          "vms: [{image: a}]",
                          NULL));
    assert_null(load_text(f,
                          "kernel: {scheduler_args: 7}\n"
                          "vms: [{image: a}]",
                          NULL));
}

static void values_are_numbers_in_one_unit(void **state)
{
    (void)state;
    static const struct {
        const char *key, *text, *unit;
        double value;
        bool is_whole;
    } rows[] = {
        { "run.seed", "9007199254740993", "", 9007199254740992.0, true },
        { "kernel.quantum", "10ms", "ns", 1e7, true },
        { "kernel.quantum", "10000us", "ns", 1e7, true },
        { "machine.ram", "1GiB", "bytes", 1073741824, true },
        { "vms[12].count", "1000", "", 1000, true },
        { "load[0].rate", "0.5", "", 0.5, false },
        { "link.bandwidth", "1Gbit", "bit/s", 1e9, true },
        { "link.loss", "0.01", "share", 0.01, false },
    };
    struct scenario_number n;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!scenario_read_number(rows[i].key, rows[i].text, &n)) {
            fail_msg("%s=%s is not read", rows[i].key, rows[i].text);
        }
        assert_string_equal(n.unit, rows[i].unit);
        assert_true(n.value == rows[i].value);
        assert_int_equal(n.is_whole, rows[i].is_whole);
    }
    assert_true(scenario_read_number("run.seed", "9007199254740993", &n));
    assert_true(n.whole == 9007199254740993);
    static const char *const words[][2] = {
        { "kernel.gatekeeper", "fifo" },
        { "load[0].kind", "http" },
        { "vms[0].name", "12" },
        { "load[0].keep_alive", "true" },
        { "kernel.quantum", "soon" },
        { "kernel.none", "1" },
        { "quantum", "1ms" },
        { "kernel", "1" },
        { "name", "1" },
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (scenario_read_number(words[i][0], words[i][1], &n)) {
            fail_msg("%s=%s is a number", words[i][0], words[i][1]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_five_lines_mean_what_they_say),
        cmocka_unit_test(all_but_the_vms_has_a_default),
        cmocka_unit_test(a_preset_fills_in_what_is_not_given),
        cmocka_unit_test(the_isolated_preset_names_policies),
        cmocka_unit_test(an_empty_section_or_value_is_as_good_as_none),
        cmocka_unit_test(groups_follow_each_other),
        cmocka_unit_test(events_happen_in_order_of_time),
        cmocka_unit_test(times_may_be_of_the_window),
        cmocka_unit_test(groups_have_room_for_what_events_create),
        cmocka_unit_test(events_may_create_up_to_the_limit),
        cmocka_unit_test(disks_belong_to_groups),
        cmocka_unit_test(a_load_may_ask_each_vm_once),
        cmocka_unit_test(patterns_of_arrivals_have_their_defaults),
        cmocka_unit_test(a_load_may_be_of_players),
        cmocka_unit_test(json_is_yaml),
        cmocka_unit_test(a_set_word_changes_one_key),
        cmocka_unit_test(set_words_put_in_what_is_left_out),
        cmocka_unit_test(the_last_set_wins_and_an_empty_one_takes_out),
        cmocka_unit_test(what_is_saved_reads_back_equal),
        cmocka_unit_test(saving_says_when_it_failed),
        cmocka_unit_test(a_small_arena_is_a_complaint),
        cmocka_unit_test(a_key_that_the_manual_lacks_is_none),
        cmocka_unit_test(values_are_numbers_in_one_unit),
        cmocka_unit_test(policies_have_arguments),
    };
    return cmocka_run_group_tests(tests, scenario_set_up, scenario_tear_down);
}
