/* made_up.c - see made_up.h. It writes paths by itself, and not through what
   reads them. */
#include "tests/paper/made_up.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define GROUPS 3

static json_t *inner(json_t *object, const char *key)
{
    json_t *found = json_object_get(object, key);
    if (!found) {
        found = json_object();
        json_object_set_new(object, key, found);
    }
    return found;
}

void made_up_set_group(json_t *report, uint32_t group, enum figure_id id,
                       double value)
{
    const char *path = figure_table[id].path;
    json_t *object = report;
    if (strncmp(path, "groups[].", 9) == 0) {
        object = json_array_get(json_object_get(report, "groups"), group);
        assert_non_null(object);
        path += 9;
    }
    for (const char *dot = strchr(path, '.'); dot; dot = strchr(path, '.')) {
        char key[FIGURE_NAME_BYTES];
        snprintf(key, sizeof(key), "%.*s", (int)(dot - path), path);
        object = inner(object, key);
        path = dot + 1;
    }
    json_object_set_new(object, path, json_real(value));
}

void made_up_set(json_t *report, enum figure_id id, double value)
{
    made_up_set_group(report, 0, id, value);
}

json_t *made_up_report(void)
{
    json_t *report = json_object();
    json_t *groups = json_array();
    for (uint32_t i = 0; i < GROUPS; i++) {
        json_array_append_new(groups, json_object());
    }
    json_object_set_new(report, "groups", groups);
    for (int i = 0; i < FIGURE_COUNT; i++) {
        for (uint32_t group = 0; group < GROUPS; group++) {
            made_up_set_group(report, group, (enum figure_id)i, 0);
        }
    }
    return report;
}

/* ---- By what a claim is about -------------------------------------------- */

static json_t *of_one(enum figure_id id, double value)
{
    json_t *report = made_up_report();
    made_up_set(report, FIGURE_MEASURED_LENGTH, 1e9);
    made_up_set(report, id, value);
    return report;
}

json_t *made_up_nothing(double y)
{
    (void)y;
    return of_one(FIGURE_CPU_IDLE, 1e9);
}

json_t *made_up_turns(double y)
{
    json_t *report = of_one(FIGURE_SCHED_PREEMPTIONS, 1);
    made_up_set(report, FIGURE_CPU_INTERRUPT, y * 600);
    made_up_set(report, FIGURE_CPU_SWITCH, y * 400);
    return report;
}

/* Frames of 1000 bytes of payload. */
json_t *made_up_payload(double y)
{
    double frames = y * 1e6 / 8 / 1000;
    json_t *report = of_one(FIGURE_NET_TX_PACKETS, frames);
    made_up_set(report, FIGURE_NET_TX_BYTES, frames * 1054);
    return report;
}

json_t *made_up_busy(double y)
{
    return of_one(FIGURE_CPU_IDLE, 1e9 - y * 1e3);
}

json_t *made_up_answering(double y)
{
    json_t *report = made_up_busy(y);
    made_up_set(report, FIGURE_NET_TX_PACKETS, 1);
    return report;
}

json_t *made_up_latency(double y)
{
    return of_one(FIGURE_LOAD_LATENCY_MEAN, y * 1e6);
}

json_t *made_up_updates(double y)
{
    return of_one(FIGURE_LOAD_UPDATES, y);
}

/* One document, for which the processor was busy and switched so long. */
static json_t *of_document(double busy_us, double switching_us)
{
    json_t *report = of_one(FIGURE_CPU_IDLE, 1e9 - busy_us * 1e3);
    made_up_set(report, FIGURE_CPU_SWITCH, switching_us * 1e3);
    made_up_set(report, FIGURE_NET_TX_BYTES, 100000);
    return report;
}

json_t *made_up_switching(double y)
{
    return of_document(y + 100, y);
}

json_t *made_up_little_switching(double y)
{
    return of_document(3 * y, y);
}

json_t *made_up_ten_us(double y)
{
    return of_document(y != 0 ? 110 : 100, 10 * y);
}

static json_t *of_vms(double created, double sent, double completed)
{
    json_t *report = of_one(FIGURE_VMS_CREATED, created);
    made_up_set(report, FIGURE_LOAD_SENT, sent);
    made_up_set(report, FIGURE_LOAD_COMPLETED, completed);
    return report;
}

json_t *made_up_ten_thousand(double y)
{
    return of_vms(10000, 10000, y);
}

json_t *made_up_fewer(double y)
{
    return of_vms(y, y, y);
}

json_t *made_up_asked(double y)
{
    return of_vms(10000, y, y);
}

json_t *made_up_faulted(double y)
{
    json_t *report = of_vms(10000, 10000, 10000);
    made_up_set(report, FIGURE_VMS_FAULTED, y);
    return report;
}

/* The least that a VM of the first group got, and of the others, and requests timed out. */
static json_t *of_groups(double first_ms, double second_ms, double timed_out)
{
    json_t *report = of_one(FIGURE_LOAD_TIMED_OUT, timed_out);
    made_up_set_group(report, 0, FIGURE_GROUP_LEAST_CPU, first_ms * 1e6);
    made_up_set_group(report, 1, FIGURE_GROUP_LEAST_CPU, second_ms * 1e6);
    made_up_set_group(report, 2, FIGURE_GROUP_LEAST_CPU, second_ms * 1e6);
    return report;
}

json_t *made_up_least(double y)
{
    return of_groups(y, 90, 0);
}

/* One VM has got nothing. */
json_t *made_up_starved(double y)
{
    return of_groups(0, y, 0);
}

json_t *made_up_timeouts(double y)
{
    return of_groups(90, 90, y);
}

json_t *made_up_switches(double y)
{
    json_t *report = of_one(FIGURE_SCHED_SWITCHES, 4);
    made_up_set(report, FIGURE_CPU_SWITCH, 4 * y * 1e3);
    return report;
}

json_t *made_up_pio(double y)
{
    json_t *report = of_one(FIGURE_NET_TX_PACKETS, 30);
    made_up_set(report, FIGURE_CPU_PIO, y * 1e3);
    return report;
}

json_t *made_up_delay(double y)
{
    return of_one(FIGURE_VIRQ_DELAY_P99, y * 1e6);
}

json_t *made_up_tables(double y)
{
    return of_one(FIGURE_MEMORY_TABLE_FRAMES, y * 256);
}

json_t *made_up_shares(double y)
{
    static const double vms[GROUPS] = { 2, 1, 4 };
    static const double shares[GROUPS] = { 100, 200, 100 };
    const double used[GROUPS] = { y, 30, 70 - y };
    json_t *report = of_one(FIGURE_CPU_GUEST, 1e9);
    for (uint32_t i = 0; i < GROUPS; i++) {
        made_up_set_group(report, i, FIGURE_GROUP_VMS, vms[i]);
        made_up_set_group(report, i, FIGURE_GROUP_SHARES, shares[i]);
        made_up_set_group(report, i, FIGURE_GROUP_CPU, used[i] * 1e7);
    }
    return report;
}
