/* report_fixture.h - a report of one group of VMs, for tests to fill. */
#ifndef TESTS_SIM_REPORT_FIXTURE_H
#define TESTS_SIM_REPORT_FIXTURE_H

#include "sim/arena.h"
#include "sim/report/report.h"

struct report_fixture {
    struct arena arena;
    struct trace *trace;
    struct stats stats;
    struct scenario_vms vms;
    struct scenario scenario;
    struct report_host host;
    struct steady steady;
    struct report report;
};

/* A run of seed 7 on the machine of that profile, in which nothing happened. */
void report_fixture_init(struct report_fixture *f, const char *profile);
void report_fixture_release(struct report_fixture *f);

/* As `--json` prints it; to be freed. */
char *report_fixture_json(const struct report_fixture *f);

#endif /* TESTS_SIM_REPORT_FIXTURE_H */
