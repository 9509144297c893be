/* test_scenario_bad.c - what is wrong with a scenario, in one sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/random.h"
#include "tests/sim/scenario_fixture.h"

/* `expected` stands after the file's path; or is all, for a `--set`. */
static void check_message(const struct scenario_fixture *f, const char *text,
                          const char *expected)
{
    char whole[SCENARIO_MESSAGE_BYTES];
    bool is_set = strncmp(expected, "--set", 5) == 0;
    snprintf(whole, sizeof(whole), "%s%s", is_set ? "" : f->path, expected);
    if (strcmp(f->message, whole) != 0) {
        fail_msg("%s\n gave:     %s\n expected: %s", text, f->message, whole);
    }
}

static const struct {
    const char *text;
    const char *expected;
} bad_files[] = {
    /* No scenario at all. */
    { "", ": is empty" },
    { "# nothing\n", ": is empty" },
    { "{}", ": vms: needs at least one group of VMs" },
    { "vms: []", ":1: vms: needs at least one group of VMs" },
    { "run:\n\nvms:\n", ":3: vms: needs at least one group of VMs" },
    { "- a\n", ": must be a mapping of keys, not a list" },
    { "hello", ": must be a mapping of keys, not a single value" },
    { "vms: [{image: a}]\n---\nrun:\n",
      ":2: a second document starts here, but a file is to hold one" },
    { "vms: [\n", ":2:1: is not YAML: did not find expected node content "
                  "while parsing a flow node" },
    { "run:\n\tseed: 1\n",
      ":2:1: is not YAML: found character that cannot start any token "
      "while scanning for the next token" },
    { "a: b\nvms: \xff\n", ":2: is not text: invalid leading UTF-8 octet" },
    { "run:\nvms: \"\\0\"", ":2: holds a NUL character" },
    { "vms:\n- {image: &a x}\n- {image: *a}\n",
      ":3: aliases (*name) are not understood" },
    { "vms:\n? [a]\n: b\n", ":2: a key must be a word, not a list or mapping" },
    { "vms: [[[[[[[[1]]]]]]]]", ":1: is nested deeper than anything "
                                "can be" },
    /* Keys and shapes. */
    { "kernal:\n", ":1: kernal: unknown key, perhaps kernel (known here: "
                   "run, machine, kernel, vms, disks, events, load, link)" },
    { "vms:\n- image: a\n  colour: red\n",
      ":3: vms[0].colour: unknown key (known here: name, image, count, "
      "memory, args, verify, expect, console, frames, reserve, shares, "
      "priority, "
      "slot, ram, link, spindles, channel, policy_args)" },
    { "link:\n  los: 5%\n",
      ":2: link.los: unknown key, perhaps loss (known here: bandwidth, "
      "latency, loss, reorder, duplicate)" },
    { "run:\n  seed: 1\n  seed: 2\n", ":3: run.seed: is given twice" },
    { "vms: 5", ":1: vms: must be a list, not a single value" },
    { "vms:\n- hello\n",
      ":2: vms[0]: must be a mapping of keys, not a single value" },
    { "run: [1]", ":1: run: must be a mapping of keys, not a list" },
    { "vms:\n- image: a\n- image: b\n  count: [5]\n",
      ":4: vms[1].count: must be a single value, not a list" },
    /* Values. */
    { "vms:\n- {image: a, count: -5}\n",
      ":2: vms[0].count: must be at least 1, not -5" },
    { "vms:\n- image: a\n  count: many\n",
      ":3: vms[0].count: must be a whole number, not \"many\"" },
    { "vms: [{image: a, count: 0}]",
      ":1: vms[0].count: must be at least 1, not 0" },
    { "vms: [{image: a, count: 1.5}]",
      ":1: vms[0].count: must be a whole number, not 1.5" },
    { "vms: [{image: a, count: 1048577}]",
      ":1: vms[0].count: must be at most 1048576, not 1048577" },
    { "vms: [{image: a, count: 999999999999999999999}]",
      ":1: vms[0].count: must be at most 1048576, not "
      "999999999999999999999" },
    { "vms:\n- {name: a, image: a, count: 1048576}\n"
      "- {name: b, image: a}\n",
      ":3: vms[1].count: there may be 1048576 VMs in all, not more" },
    { "vms:\n- count: 5\n", ":2: vms[0]: the key image is missing" },
    { "vms:\n- {name: a, image: x}\n- {name: a, image: y}\n",
      ":3: vms[1].name: \"a\" is the name of vms[0] already" },
    { "machine: {ram: 8MiB}\nvms: [{image: a}]\n",
      ":2: vms[0].memory: one VM's 16MiB is more than the RAM of 8MiB "
      "(machine.ram)" },
    { "machine: {ram: 1MiB}\nkernel: {min_free: 0}\n"
      "vms: [{image: a, memory: 512KiB, reserve: 512KiB, count: 3}]",
      ":3: vms[0].reserve: what is reserved for all VMs up to these, and "
      "kernel.min_free, is more than the RAM (machine.ram)" },
    { "vms: [{image: a, memory: 64KiB, reserve: 68KiB}]",
      ":1: vms[0].reserve: must be whole pages of 4KiB, and no more than the "
      "memory" },
    { "vms: [{image: a, memory: 2GiB}]",
      ":1: vms[0].memory: must be at most 1GiB, not 2GiB" },
    { "vms: [{image: a, memory: 100000}]",
      ":1: vms[0].memory: must be whole pages of 4KiB" },
    { "vms: [{image: a, memory: 16MB}]",
      ":1: vms[0].memory: must be a size (B, KiB, MiB or GiB), not "
      "16MB" },
    { "run:\n  duration: 5\n", ":2: run.duration: must be a time with its "
                               "unit (ns, us, ms or s), not 5" },
    { "run: {duration: 0s}", ":1: run.duration: must be at least 1ns, not 0s" },
    { "run: {boot: warm}",
      ":1: run.boot: must be ideal or modelled, not \"warm\"" },
    { "machine:\n  profile: cray\n",
      ":2: machine.profile: there is no profile \"cray\" (there are: "
      "denali-2002, ideal, modern)" },
    { "kernel: {paging_block: 12KiB}",
      ":1: kernel.paging_block: must be 4KiB, 8KiB, 16KiB, 32KiB or "
      "64KiB" },
    { "kernel: {min_free: 1GiB}", ":1: kernel.min_free: must be less than "
                                  "the RAM (machine.ram)" },
    { "link: {loss: 1.5}",
      ":1: link.loss: must be a fraction from 0 to 1 in whole millionths, "
      "such as 0.05 or 5%, not 1.5" },
    { "link: {bandwidth: 1000}",
      ":1: link.bandwidth: must be a rate with its unit (bit, Kbit, Mbit "
      "or Gbit), not 1000" },
    /* Load. */
    { "vms: [{image: a}]\nload:\n- {kind: http}\n",
      ":3: load[0].rate: a load has either rate (open loop) or clients "
      "(closed loop)" },
    { "vms: [{image: a}]\nload:\n- rate: 5\n  clients: 5\n",
      ":4: load[0].clients: a load has either rate (open loop) or "
      "clients (closed loop)" },
    { "vms: [{image: a}]\nload: [{rate: 0}]",
      ":2: load[0].rate: must be more than 0, not 0" },
    { "vms: [{image: a}]\nload: [{rate: -1}]",
      ":2: load[0].rate: must be at least 0, not -1" },
    { "vms: [{image: a}]\nload: [{rate: 1, keep_alive: true}]",
      ":2: load[0].keep_alive: is for closed loops (clients) only" },
    { "vms: [{image: a}]\nload: [{rate: 1, kind: ftp}]",
      ":2: load[0].kind: must be http or each or game or datagram or "
      "replay or echo or lines, not \"ftp\"" },
    { "vms: [{image: a}]\nload: [{kind: replay}]",
      ":2: load[0].file: must be given for a load of kind replay" },
    { "vms: [{image: a}]\nload: [{kind: replay, file: a, rate: 1}]",
      ":2: load[0].rate: is not for a load of kind replay" },
    { "vms: [{image: a}]\nload: [{kind: replay, file: a, speed: 0}]",
      ":2: load[0].speed: must be more than 0, not 0" },
    { "vms: [{image: a}]\nload: [{kind: replay, file: a, zipf: 1}]",
      ":2: load[0].zipf: is for map: zipf only" },
    { "vms: [{image: a}]\n"
      "load: [{kind: replay, file: a, format: csv, map: client}]",
      ":2: load[0].map: client is for format: common only" },
    { "vms: [{image: a}]\nload: [{rate: 1, file: a}]",
      ":2: load[0].file: is for a load of kind replay or lines only" },
    { "vms: [{image: a}]\nload: [{rate: 1, start: 2s, until: 2s}]",
      ":2: load[0].until: must be after the load's start" },
    { "vms: [{image: a}]\nload: [{rate: 1, zipf: 11}]",
      ":2: load[0].zipf: must be at most 10, not 11" },
    { "vms: [{image: web}]\nload:\n- {target: wbe, rate: 1}\n",
      ":3: load[0].target: there is no group of VMs \"wbe\", perhaps "
      "web" },
    { "vms: [{image: a}, {image: b}]\nload:\n- {rate: 1}\n",
      ":3: load[0].target: must say which group of VMs, since there are "
      "several" },
    { "vms: [{image: a}]\nload: [{rate: 1, path: x}]",
      ":2: load[0].path: must start with / and hold no space" },
};

static void a_bad_file_is_one_sentence(void **state)
{
    struct scenario_fixture *f = *state;
    for (size_t i = 0; i < sizeof(bad_files) / sizeof(bad_files[0]); i++) {
        const char *text = bad_files[i].text;
        if (load_text(f, text, NULL)) {
            fail_msg("accepted: %s", text);
        }
        check_message(f, text, bad_files[i].expected);
    }
}

/* Groups' limits, disks, events, and loads of kind each. */
static const struct {
    const char *text;
    const char *expected;
} list_cases[] = {
    /* Single values. */
    { "kernel: {tau: 0s}", ":1: kernel.tau: must be at least 1ns, not "
                           "0s" },
    { "vms: [{image: a, shares: 0}]",
      ":1: vms[0].shares: must be at least 1, not 0" },
    { "vms: [{image: a, shares: 10001}]",
      ":1: vms[0].shares: must be at most 10000, not 10001" },
    { "vms: [{image: a, priority: 4}]",
      ":1: vms[0].priority: must be at most 3, not 4" },
    { "kernel: {preset: xen}\nvms: [{image: a}]",
      ":1: kernel.preset: must be denali or vmm or isolated or partitioned, "
      "not "
      "\"xen\"" },
    { "kernel: {nic: e1000}\nvms: [{image: a}]",
      ":1: kernel.nic: must be simple or pcnet32, not \"e1000\"" },
    { "vms: [{image: a, frames: 262145}]",
      ":1: vms[0].frames: must be at most 262144, not 262145" },
    /* Disks. */
    { "vms: [{image: a}]\ndisks:\n- {file: x}\n",
      ":3: disks[0]: the key size is missing" },
    { "vms: [{image: a}]\ndisks:\n- size: 0\n",
      ":3: disks[0].size: must be at least 4KiB, not 0" },
    { "vms: [{image: a}]\ndisks:\n- size: 6KiB\n",
      ":3: disks[0].size: must be whole blocks of 4KiB" },
    { "vms: [{image: a}]\ndisks:\n- size: 1025GiB\n",
      ":3: disks[0].size: must be at most 1024GiB, not 1025GiB" },
    { "vms: [{image: a}]\ndisks:\n- {size: 1MiB, vms: b}\n",
      ":3: disks[0].vms: there is no group of VMs \"b\", perhaps a" },
    { "vms: [{image: a}, {image: b}]\ndisks:\n- {size: 1MiB}\n",
      ":3: disks[0].vms: must say which group of VMs, since there are "
      "several" },
    { "vms: [{image: a}]\ndisks:\n- size: 1MiB\n- size: 1MiB\n"
      "- size: 1MiB\n- size: 1MiB\n- size: 1MiB\n",
      ":7: disks[4].vms: a group has at most 4 disks" },
    { "vms: [{image: a, count: 2}]\ndisks:\n- {size: 1MiB, file: x}\n",
      ":3: disks[0].file: is for a group of one VM, and \"a\" has 2 in "
      "all" },
    { "vms: [{image: a}]\ndisks:\n- {size: 1MiB, file: x}\n"
      "events: [{destroy: a}, {at: 1s, create: a}]\n",
      ":3: disks[0].file: is for a group of one VM, and \"a\" has 2 in "
      "all" },
    { "vms: [{image: a}, {image: b}]\ndisks:\n"
      "- {vms: a, size: 1MiB, file: x}\n- {vms: b, size: 1MiB, file: x}\n",
      ":4: disks[1].file: is the file of disks[0] too" },
    /* Events. */
    { "vms: [{image: a}]\nevents:\n- at: 1s\n",
      ":3: events[0].create: an event has either create or destroy, with "
      "the name of a group" },
    { "vms: [{image: a}]\nevents:\n- create: a\n  destroy: a\n",
      ":4: events[0].destroy: an event has either create or destroy, with "
      "the name of a group" },
    { "vms: [{image: web}]\nevents:\n- {create: wbe}\n",
      ":3: events[0].create: there is no group of VMs \"wbe\", perhaps "
      "web" },
    { "vms: [{image: web}]\nevents:\n- {destroy: all}\n",
      ":3: events[0].destroy: there is no group of VMs \"all\"" },
    { "vms: [{image: a}]\nevents:\n- {at: 5, create: a}\n",
      ":3: events[0].at: must be a time with its unit (ns, us, ms or s), "
      "not 5" },
    { "vms: [{image: a}]\nevents:\n- {create: a, count: 0}\n",
      ":3: events[0].count: must be at least 1, not 0" },
    { "vms: [{image: a, count: 2}]\nevents:\n"
      "- {at: 2s, destroy: a, count: 2}\n- {at: 1s, destroy: a}\n",
      ":3: events[0].count: cannot destroy 2: the group has 1 then" },
    { "vms: [{image: a}]\nevents:\n"
      "- {destroy: a, count: 2}\n- {create: a}\n",
      ":3: events[0].count: cannot destroy 2: the group has 1 then" },
    { "vms: [{image: a, count: 1048575}]\nevents:\n"
      "- {create: a}\n- {destroy: a}\n- {create: a}\n",
      ":5: events[2].count: there may be 1048576 VMs in all, not more" },
    /* A load of kind each. */
    { "vms: [{image: a}]\nload: [{kind: each, rate: 1}]",
      ":2: load[0].rate: is not for a load of kind each" },
    { "vms: [{image: a}]\nload: [{kind: each, clients: 1}]",
      ":2: load[0].clients: is not for a load of kind each" },
    { "vms: [{image: a}]\nload: [{kind: each, zipf: 0.1}]",
      ":2: load[0].zipf: is not for a load of kind each" },
    { "vms: [{image: a}]\nload: [{kind: each, think: 1s}]",
      ":2: load[0].think: is not for a load of kind each" },
    { "vms: [{image: a}]\nload: [{kind: each, keep_alive: true}]",
      ":2: load[0].keep_alive: is not for a load of kind each" },
    { "vms: [{image: a}]\nload: [{kind: each, path: x}]",
      ":2: load[0].path: must start with / and hold no space" },
    { "vms: [{image: a}]\nload: [{kind: each, spacing: 0s}]",
      ":2: load[0].spacing: must be at least 1ns, not 0s" },
    { "vms: [{image: a}]\nload: [{rate: 1, arrivals: bursts}]",
      ":2: load[0].arrivals: must be poisson or on-off or flash or uniform, "
      "not \"bursts\"" },
    { "vms: [{image: a}]\nload: [{clients: 1, arrivals: on-off}]",
      ":2: load[0].arrivals: is for open loops (rate) only" },
    { "vms: [{image: a}]\nload: [{kind: each, arrivals: uniform}]",
      ":2: load[0].arrivals: is for open loops (rate) only" },
    { "vms: [{image: a}]\nload: [{rate: 1, burst_time: 1ms}]",
      ":2: load[0].burst_time: is for arrivals: on-off only" },
    { "vms: [{image: a}]\nload: [{rate: 1, arrivals: on-off, crowd: one}]",
      ":2: load[0].crowd: is for arrivals: flash only" },
    { "vms: [{image: a}]\nload: [{rate: 1, arrivals: on-off, shape: 1}]",
      ":2: load[0].shape: must be more than 1: otherwise there is no mean" },
    { "vms: [{image: a}]\nload: [{rate: 1, arrivals: flash, peak: 0}]",
      ":2: load[0].peak: must be at least 1, not 0" },
    { "vms: [{image: a}]\nload: [{rate: 1, spacing: 1ms}]",
      ":2: load[0].spacing: is for a load of kind each only" },
    /* A load of kind datagram. */
    { "vms: [{image: a}]\nload: [{kind: datagram}]",
      ":2: load[0].rate: must be more than 0" },
    { "vms: [{image: a}]\nload: [{kind: datagram, rate: 1, clients: 1}]",
      ":2: load[0].clients: is not for a load of kind datagram" },
    { "vms: [{image: a}]\nload: [{kind: datagram, rate: 1, path: /a}]",
      ":2: load[0].path: is not for a load of kind datagram" },
    { "vms: [{image: a}]\nload: [{rate: 1, size: 100}]",
      ":2: load[0].size: is for a load of kind datagram or echo only" },
    { "vms: [{image: a}]\nload: [{kind: game, size: 100}]",
      ":2: load[0].size: is for a load of kind datagram or echo only" },
    /* A load of kind game. */
    { "vms: [{image: a}]\nload: [{kind: game, rate: 1}]",
      ":2: load[0].rate: is not for a load of kind game" },
    { "vms: [{image: a}]\nload: [{kind: game, clients: 1}]",
      ":2: load[0].clients: is not for a load of kind game" },
    { "vms: [{image: a}]\nload: [{kind: game, spacing: 1s}]",
      ":2: load[0].spacing: is not for a load of kind game" },
    { "vms: [{image: a}]\nload: [{kind: game, zipf: 0.1}]",
      ":2: load[0].zipf: is not for a load of kind game" },
    { "vms: [{image: a}]\nload: [{kind: game, think: 1s}]",
      ":2: load[0].think: is not for a load of kind game" },
    { "vms: [{image: a}]\nload: [{kind: game, keep_alive: true}]",
      ":2: load[0].keep_alive: is not for a load of kind game" },
    { "vms: [{image: a}]\nload: [{kind: game, prime: 1}]",
      ":2: load[0].prime: is not for a load of kind game" },
    { "vms: [{image: a}]\nload: [{kind: game, path: /x}]",
      ":2: load[0].path: is not for a load of kind game" },
    { "vms: [{image: a}]\nload: [{kind: game, players: 9}]",
      ":2: load[0].players: must be at most 8, not 9" },
    { "vms: [{image: a}]\nload: [{kind: game, period: 9ms}]",
      ":2: load[0].period: must be at least 10ms, not 9ms" },
    { "vms: [{image: a}]\nload: [{rate: 1, players: 1}]",
      ":2: load[0].players: is for a load of kind game only" },
    { "vms: [{image: a}]\nload: [{kind: each, period: 1s}]",
      ":2: load[0].period: is for a load of kind game only" },
};

static void a_bad_item_of_a_list_is_one_sentence(void **state)
{
    struct scenario_fixture *f = *state;
    for (size_t i = 0; i < sizeof(list_cases) / sizeof(list_cases[0]); i++) {
        if (load_text(f, list_cases[i].text, NULL)) {
            fail_msg("accepted: %s", list_cases[i].text);
        }
        check_message(f, list_cases[i].text, list_cases[i].expected);
    }
}

static void a_bad_set_word_is_one_sentence(void **state)
{
    struct scenario_fixture *f = *state;
    static const struct {
        const char *word;
        const char *expected;
    } cases[] = {
        { "vms[0].cuont=5",
          "--set vms[0].cuont: unknown key, perhaps count (known here: name, "
          "image, count, memory, args, verify, expect, console, frames, "
          "reserve, shares, priority, "
          "slot, ram, link, spindles, channel, policy_args)" },
        { "kernal.quantum=5ms",
          "--set kernal.quantum: unknown key, perhaps kernel (known here: "
          "run, machine, kernel, vms, disks, events, load, link)" },
        { "vms[2].image=x",
          "--set vms[2].image: there is no such item, the list has 1" },
        { "vms=3", "--set vms: is a list: name an item, such as [0]" },
        { "vms[0]=3", "--set vms[0]: is a mapping: name one of its keys" },
        { "run=3", "--set run: is a mapping: name one of its keys" },
        { "vms[one].count=3", "--set vms[one].count: an item is named by its "
                              "number, such as [0]" },
        { "run.seed[0]=3", "--set run.seed[0]: is a single value: it has no "
                           "keys or items" },
        { "vms[0].args=a\xd7", "--set vms[0].args=a?: is not plain text in "
                               "UTF-8" },
        { "vms[", "--set vms[: must be KEY=VALUE, such as vms[0].count=10" },
        { "vms[=3", "--set vms[: an item is named by its number, such as [0]" },
        { "run.seed", "--set run.seed: must be KEY=VALUE, such as "
                      "vms[0].count=10" },
        { "=3", "--set =3: must be KEY=VALUE, such as vms[0].count=10" },
        { "", "--set : must be KEY=VALUE, such as vms[0].count=10" },
        { "events[0].count=5",
          ": events[0].create: an event has either create or destroy, with the "
          "name of a group" },
        { "disks[0].size=1B", "--set disks[0].size=1B: must be at least 4KiB, "
                              "not 1B" },
        { "vms[0].count=-5", "--set vms[0].count=-5: must be at least 1, not "
                             "-5" },
        { "run.seed=abc\ndef", "--set run.seed=abc?def: must be a whole "
                               "number, not \"abc?def\"" },
        { "vms[0].memory=32MiB", "--set vms[0].memory=32MiB: one VM's 32MiB "
                                 "is more than the RAM of 16MiB "
                                 "(machine.ram)" },
    };
    static const char text[] = "machine: {ram: 16MiB}\nvms: [{image: a}]\n";
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *sets[] = { cases[i].word, NULL };
        assert_null(load_text(f, text, sets));
        check_message(f, cases[i].word, cases[i].expected);
    }
}

static void a_complaint_found_later_names_its_line_too(void **state)
{
    struct scenario_fixture *f = *state;
    static const char *const sets[] = { "kernel.scheduler=best", NULL };
    const struct scenario *s = load_text(f, "vms:\n\n- image: a\n", sets);
    assert_non_null(s);
    scenario_complain(s, "vms[0].image", "there is no guest a", f->message);
    check_message(f, "image", ":3: vms[0].image: there is no guest a");
    scenario_complain(s, "kernel.scheduler", "unknown", f->message);
    check_message(f, "scheduler", "--set kernel.scheduler=best: unknown");
    scenario_complain(s, "kernel.gatekeeper", "unknown", f->message);
    check_message(f, "gatekeeper", ": kernel.gatekeeper: unknown");
}

static void what_is_no_readable_file_is_one_sentence(void **state)
{
    struct scenario_fixture *f = *state;
    char m[SCENARIO_MESSAGE_BYTES];
    assert_null(scenario_load(&f->arena, "/nowhere/x", NULL, m));
    assert_string_equal(
        m, "/nowhere/x: cannot be opened: No such file or directory");
    assert_null(scenario_load(&f->arena, "/tmp", NULL, m));
    assert_string_equal(m, "/tmp: cannot be read: Is a directory");
    assert_null(scenario_load(&f->arena, "/dev/zero", NULL, m));
    assert_string_equal(m,
                        "/dev/zero: is larger than such a file may be (1 MiB)");
    assert_null(load_bytes(f, "a: b\nc\0d", 8, NULL));
    check_message(f, "NUL", ":2: is not text: there is a NUL character");
}

static void long_words_do_not_run_over(void **state)
{
    struct scenario_fixture *f = *state;
    static char text[100000];
    for (size_t length = 100; length < 1000; length += 7) {
        memset(text, 'x', length);
        memcpy(text + length, ": 5\n", 5);
        assert_null(load_text(f, text, NULL));
        assert_non_null(strstr(f->message, "x"));
        int n = snprintf(text, sizeof(text), "vms: [{image: ");
        for (size_t i = 0; i < length; i++) {
            text[(size_t)n + 2 * i] = '\xc3';
            text[(size_t)n + 2 * i + 1] = '\xa9';
        }
        memcpy(text + n + 2 * length, "}]", 3);
        const char *sets[] = { text, NULL };
        assert_null(load_text(f, "run:", sets));
        bool fits = length * 2 <= SCENARIO_PATH_LENGTH;
        assert_int_equal(load_text(f, text, NULL) != NULL, fits);
    }
}

static const char flow[] =
    "run: {seed: 1, boot: ideal, warmup: 500ms, duration: 2s}\n"
    "vms: [{name: web, image: httpd, count: 10, args: \"size=2258\"}]\n"
    "load: [{kind: http, target: web, zipf: 1.0, rate: 2000}]\n";
static const char block[] =
    "vms:\n- name: a\n  image: x\n  count: 5\n- name: b\n  image: >\n   y\n"
    "kernel:\n  quantum: 10ms\nlink:\n  loss: 5%\n";
static const char lists[] =
    "vms: [{image: a, frames: 3}]\n"
    "disks: [{vms: a, size: 8KiB, file: x}, {size: 4KiB}]\n"
    "events: [{at: 1s, destroy: a, count: 1}]\n"
    "load: [{kind: each, spacing: 2ms}]\n";
static const char json[] =
    "{\"vms\": [{\"image\": \"a\\u00e9\"}], \"machine\": {\"ram\": 65536}}";
static const char *const seeds[] = { flow, block, lists, json };

/* Words that matter to the parsers, to be thrown in. */
static const char *const words[] = {
    "&a",  "*a", "<<: ", "---\n", "...", "!!x", "? ",  ": ",   "- ",
    "{",   "}",  "[",    "]",     "\"",  "'",   "|",   ">",    "%",
    "\n",  "\t", "#",    "~",     "-1",  "vms", "\\0", "\xff", "\xef\xbb\xbf",
    "run", ","
};

static size_t mutate(struct rng *r, unsigned char *text, size_t length,
                     size_t limit)
{
    size_t at = (size_t)rng_below(r, length + 1);
    const char *word = words[rng_below(r, sizeof(words) / sizeof(words[0]))];
    size_t size = strlen(word);
    switch (rng_below(r, 4)) {
    case 0:
        if (at < length) {
            text[at] = (unsigned char)rng_u64(r);
        }
        return length;
    case 1: {
        size_t cut = (size_t)rng_below(r, length - at + 1);
        memmove(text + at, text + at + cut, length - at - cut);
        return length - cut;
    }
    default:
        if (length + size > limit) {
            return length;
        }
        memmove(text + at + size, text + at, length - at);
        for (size_t i = 0; i < size; i++) {
            text[at + i] = (unsigned char)word[i];
        }
        return length + size;
    }
}

static void no_mutation_crashes_or_leaks(void **state)
{
    struct scenario_fixture *f = *state;
    unsigned char text[1024];
    uint32_t accepted = 0;
    for (uint64_t i = 0; i < 6000; i++) {
        struct rng r;
        rng_init(&r, 1, "fuzz", i);
        size_t length =
            (size_t)snprintf((char *)text, sizeof(text), "%s", seeds[i % 3]);
        for (uint64_t k = rng_below(&r, 3); k < 3; k++) {
            length = mutate(&r, text, length, sizeof(text));
        }
        const struct scenario *s = load_bytes(f, text, length, NULL);
        accepted += s != NULL;
        assert_true(s || !strchr(f->message, '\n'));
        /* What is accepted can be saved and is accepted again. */
        if (s) {
            assert_true(scenario_save(s, f->saved));
            assert_non_null(
                scenario_load(&f->arena, f->saved, NULL, f->message));
        }
    }
    assert_in_range(accepted, 100, 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bad_file_is_one_sentence),
        cmocka_unit_test(a_bad_item_of_a_list_is_one_sentence),
        cmocka_unit_test(a_bad_set_word_is_one_sentence),
        cmocka_unit_test(a_complaint_found_later_names_its_line_too),
        cmocka_unit_test(what_is_no_readable_file_is_one_sentence),
        cmocka_unit_test(long_words_do_not_run_over),
        cmocka_unit_test(no_mutation_crashes_or_leaks),
    };
    return cmocka_run_group_tests(tests, scenario_set_up, scenario_tear_down);
}
