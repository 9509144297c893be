/* report_fixture.c - see report_fixture.h. */
#define _DEFAULT_SOURCE /* open_memstream */
#include "tests/sim/report_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "sim/devices/machine.h"

void report_fixture_init(struct report_fixture *f, const char *profile)
{
    *f = (struct report_fixture){ 0 };
    assert_true(arena_map(&f->arena, 1 << 20));
    f->trace = trace_create(&f->arena);
    assert_non_null(f->trace);
    stats_init(&f->stats);
    f->vms = (struct scenario_vms){ .name = "web", .vm_total = 2, .shares = 7 };
    f->scenario = (struct scenario){ .name = "first.yaml",
                                     .path = "x/first.yaml",
                                     .seed = 7,
                                     .machine = machine_find(profile),
                                     .ram_bytes = 1 << 30,
                                     .group_count = 1,
                                     .vms = &f->vms };
    f->host = (struct report_host){
        .wall_s = 0.5, .mips = 200.25, .max_rss_kib = 100000, .unicorn = "2.1.1"
    };
    f->report = (struct report){ .steady = &f->steady,
                                 .scenario = &f->scenario,
                                 .stats = &f->stats,
                                 .trace = f->trace,
                                 .host = &f->host };
}

void report_fixture_release(struct report_fixture *f)
{
    trace_release(f->trace);
    arena_unmap(&f->arena);
}

char *report_fixture_json(const struct report_fixture *f)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    assert_true(report_write_json(&f->report, file));
    fclose(file);
    return text;
}
