/*
 * test_partition.c - of a scenario of partitions, one group's: what is left of
 * it, and that it is the same whatever the other groups are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/devices/machine.h"
#include "sim/devices/slots.h"
#include "sim/scenario/facts.h"
#include "tests/sim/scenario_fixture.h"

#define SHARE "slot: 5ms, ram: 64MiB, link: 100Mbit, spindles: 1"
#define HEAD                                         \
    "machine: {profile: denali-2002, ram: 256MiB}\n" \
    "kernel: {preset: partitioned}\n"
#define WEB "  - {name: web, image: httpd, count: 2, " SHARE "}\n"
#define BAD                                                            \
    "  - {name: bad, image: spin, count: 3, slot: 9ms, ram: 100MiB,\n" \
    "     link: 900Mbit, spindles: 2}\n"
/* A load of everyone, an event and a disk of everyone. */
#define LISTS                                                            \
    "load: [{target: bad, rate: 9}, {target: web, rate: 7},\n"           \
    "       {target: bad, rate: 8}]\n"                                   \
    "events: [{at: 1s, create: bad, count: 4}, {at: 2s, create: web},\n" \
    "         {at: 3s, destroy: bad}]\n"                                 \
    "disks: [{vms: bad, size: 1MiB}, {vms: web, size: 2MiB}]\n"

static void a_partition_is_a_machine_of_its_shares(void **state)
{
    static const char *const sets[] = { "run.group=web", NULL };
    const struct scenario *s =
        load_text(*state, HEAD "vms:\n" BAD WEB LISTS, sets);
    assert_non_null(s);
    assert_int_equal(s->group_count, 1);
    assert_string_equal(s->vms[0].name, "web");
    assert_int_equal(s->vms[0].first, 0);
    assert_int_equal(s->vms[0].item, 1);
    assert_int_equal(s->vm_count, 3);
    assert_int_equal(s->ram_bytes, 64 << 20);
    assert_int_equal(s->link.bits_per_second, 100000000);
    assert_int_equal(s->machine->disk_count, 1);
    assert_int_equal(s->load_count, 1);
    assert_true(s->loads[0].rate == 7);
    assert_int_equal(s->loads[0].target, 0);
    assert_int_equal(s->loads[0].item, 1);
    assert_int_equal(s->event_count, 1);
    assert_int_equal(s->events[0].group, 0);
    assert_int_equal(s->disk_count, 1);
    assert_int_equal(s->disks[0].size_bytes, 2 << 20);
    assert_int_equal(s->disks[0].item, 1);
}

/* As JSON, which is equal exactly if the scenarios are. */
static char *as_json(struct scenario_fixture *f, const char *text)
{
    static const char *const sets[] = { "run.group=web", NULL };
    const struct scenario *s = load_text(f, text, sets);
    assert_string_equal(f->message, "");
    char *json = scenario_write_json(s);
    assert_non_null(json);
    return json;
}

static void no_neighbour_changes_it(void **state)
{
    static const char *const texts[] = {
        HEAD "vms:\n" WEB BAD "load: [{target: web, rate: 7}]\n"
             "events: [{at: 2s, create: web}]\n"
             "disks: [{vms: web, size: 2MiB}]\n",
        HEAD "vms:\n" BAD WEB LISTS,
        HEAD "vms:\n" WEB BAD LISTS "  # The same.\n",
    };
    char *alone =
        as_json(*state, HEAD "vms:\n" WEB "load: [{target: web, rate: 7}]\n"
                             "events: [{at: 2s, create: web}]\n"
                             "disks: [{vms: web, size: 2MiB}]\n");
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        char *beside = as_json(*state, texts[i]);
        assert_string_equal(beside, alone);
        free(beside);
    }
    free(alone);
}

static void a_partition_that_is_saved_reads_back_equal(void **state)
{
    struct scenario_fixture *f = *state;
    static const char *const sets[] = { "run.group=web", NULL };
    const struct scenario *s = load_text(f, HEAD "vms:\n" BAD WEB LISTS, sets);
    assert_non_null(s);
    char *json = scenario_write_json(s);
    assert_true(scenario_save(s, f->saved));
    const struct scenario *again =
        scenario_load(&f->arena, f->saved, NULL, f->message);
    assert_string_equal(f->message, "");
    char *read = scenario_write_json(again);
    assert_string_equal(read, json);
    assert_int_equal(again->machine->disk_count, 1);
    assert_int_equal(again->own.slot_ns, 5000000);
    free(json);
    free(read);
}

static void groups_with_a_channel_are_one_partition(void **state)
{
    static const char *const sets[] = { "run.group=db", NULL };
    const struct scenario *s = load_text(
        *state,
        HEAD "vms:\n" WEB BAD "  - {name: db, image: spin, channel: web,\n"
             "     slot: 1ms, ram: 8MiB}\n",
        sets);
    assert_non_null(s);
    assert_int_equal(s->group_count, 2);
    assert_string_equal(s->run_group, "web");
    assert_int_equal(s->own.slot_ns, 6000000);
    assert_int_equal(s->ram_bytes, 72 << 20);
    assert_int_equal(s->machine->disk_count, 1);
    assert_int_equal(s->vms[1].first, 2);
}

static void a_scenario_of_several_is_whole(void **state)
{
    const struct scenario *s = load_text(*state, HEAD "vms:\n" WEB BAD, NULL);
    assert_non_null(s);
    assert_int_equal(s->partition_count, 2);
    assert_int_equal(s->group_count, 2);
    s = load_text(*state, HEAD "vms:\n" WEB, NULL);
    assert_non_null(s);
    assert_int_equal(s->partition_count, 1);
    assert_string_equal(s->run_group, "web");
}

static void slots_are_those_of_the_scenario(void **state)
{
    const struct scenario *s = load_text(*state, HEAD "vms:\n" WEB, NULL);
    assert_non_null(s);
    struct slots slots = scenario_slots(s);
    uint64_t ms = s->machine->cpu_hz / 1000;
    assert_int_equal(slots.frame, 20 * ms);
    assert_int_equal(slots.length, 5 * ms);
    assert_int_equal(slots.use, 4 * ms);
    assert_int_equal(slots_close(&slots, 0), 4 * ms);
    assert_int_equal(slots_close(&slots, 4 * ms - 1), 4 * ms);
    assert_int_equal(slots_close(&slots, 4 * ms), 4 * ms);
    assert_int_equal(slots_close(&slots, 19 * ms), 19 * ms);
    assert_int_equal(slots_next(&slots, 4 * ms), 20 * ms);
    assert_int_equal(slots_close(&slots, 20 * ms), 24 * ms);
    assert_int_equal(slots_end(&slots, 23 * ms), 25 * ms);
    s = load_text(*state, "vms: [{image: a, slot: 1ms}]", NULL);
    assert_non_null(s);
    slots = scenario_slots(s);
    assert_int_equal(slots_close(&slots, 123), UINT64_MAX);
    assert_int_equal(slots_end(&slots, 123), UINT64_MAX);
}

static void what_does_not_fit_is_refused(void **state)
{
    static const struct {
        const char *text, *expected;
    } rows[] = {
        { HEAD "vms: [{image: a, ram: 64MiB, link: 1Gbit, spindles: 1}]",
          "vms[0].slot: is missing" },
        { HEAD "vms: [{image: a, slot: 5ms, link: 1Gbit, spindles: 1}]",
          "vms[0].ram: is missing" },
        { HEAD "vms: [{image: a, slot: 5ms, ram: 64MiB, spindles: 1}]",
          "vms[0].link: is missing" },
        { HEAD "vms: [{image: a, slot: 5ms, ram: 64MiB, link: 1Gbit}]",
          "vms[0].spindles: is missing" },
        { HEAD "vms:\n" WEB "  - {image: b, slot: 15001us, ram: 64MiB, "
               "link: 1Mbit, spindles: 1}\n",
          "vms[1].slot: what all groups up to this one have is more than the "
          "major frame" },
        { HEAD "vms:\n" WEB "  - {image: b, slot: 1ms, ram: 193MiB, "
               "link: 1Mbit, spindles: 1}\n",
          "vms[1].ram: what all groups" },
        { HEAD "vms:\n" WEB "  - {image: b, slot: 1ms, ram: 8MiB, "
               "link: 901Mbit, spindles: 1}\n",
          "vms[1].link: what all groups" },
        { HEAD "vms:\n" WEB "  - {image: b, slot: 1ms, ram: 8MiB, "
               "link: 1Mbit, spindles: 3}\n",
          "vms[1].spindles: what all groups" },
        { HEAD "vms:\n" WEB "  - {image: b, slot: 1ms, ram: 64MiB, "
               "link: 1Mbit, spindles: 1}\n",
          "vms[1].slot: must be longer than its end" },
        { HEAD "vms: [{image: a, memory: 32MiB, slot: 5ms, ram: 16MiB, "
               "link: 1Gbit, spindles: 1}]",
          "vms[0].memory: is more than its partition has" },
        { HEAD "vms: [{image: a, slot: 5ms, ram: 1MiB, link: 1Gbit, "
               "spindles: 1}]",
          "vms[0].ram: must be whole pages" },
        { HEAD "vms:\n" WEB "  - {image: b, channel: b, slot: 1ms}\n",
          "vms[1].channel: must name another group" },
        { HEAD "vms:\n" WEB "  - {name: b, image: b, channel: web}\n"
               "  - {image: c, channel: b}\n",
          "vms[2].channel: must name another group" },
        { HEAD "run: {group: none}\nvms:\n" WEB,
          "run.group: there is no such group" },
        { "run: {group: web}\nvms:\n" WEB,
          "run.group: is for kernel.preset partitioned only" },
    };
    struct scenario_fixture *f = *state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_null(load_text(f, rows[i].text, NULL));
        if (!strstr(f->message, rows[i].expected)) {
            fail_msg("%s is not %s", f->message, rows[i].expected);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_partition_is_a_machine_of_its_shares),
        cmocka_unit_test(no_neighbour_changes_it),
        cmocka_unit_test(a_partition_that_is_saved_reads_back_equal),
        cmocka_unit_test(groups_with_a_channel_are_one_partition),
        cmocka_unit_test(a_scenario_of_several_is_whole),
        cmocka_unit_test(slots_are_those_of_the_scenario),
        cmocka_unit_test(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, scenario_set_up, scenario_tear_down);
}
