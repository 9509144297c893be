/* measure.c - see measure.h. */
#include "cli/lab/paper/measure.h"

#include <math.h>

#include "cli/lab/paper/claim.h"

double measure_answers(const json_t *r)
{
    return claim_number(r, "load.throughput_rps");
}

double measure_answered(const json_t *r)
{
    return claim_number(r, "load.completed");
}

static double seconds(const json_t *r)
{
    return claim_number(r, "virtual_ns") / 1e9;
}

static double microseconds(const json_t *r, const char *path)
{
    return claim_number(r, path) / 1e3;
}

/* Without the 54 bytes of the Ethernet, IP and TCP headers of each frame. */
double measure_payload_mbps(const json_t *r)
{
    double bytes = claim_number(r, "net.tx_bytes") -
                   54 * claim_number(r, "net.tx_packets");
    return bytes * 8 / 1e6 / seconds(r);
}

/* All of the processor's time that is not a guest's, for each quantum's end. */
double measure_turn_us(const json_t *r)
{
    double kernel =
        microseconds(r, "cpu.switch_ns") + microseconds(r, "cpu.interrupt_ns") +
        microseconds(r, "cpu.paging_ns") + microseconds(r, "cpu.pio_ns");
    return kernel / fmax(1, claim_number(r, "sched.preemptions"));
}

double measure_switch_us(const json_t *r)
{
    return microseconds(r, "cpu.switch_ns") /
           fmax(1, claim_number(r, "sched.switches"));
}

static double busy_us(const json_t *r)
{
    return claim_number(r, "virtual_ns") / 1e3 - microseconds(r, "cpu.idle_ns");
}

static double packets(const json_t *r)
{
    return claim_number(r, "net.rx_packets") +
           claim_number(r, "net.tx_packets");
}

double measure_packet_us(const json_t *r)
{
    return busy_us(r) / fmax(1, packets(r));
}

double measure_packet_pio_cycles(const json_t *r)
{
    return microseconds(r, "cpu.pio_ns") * 1700 / fmax(1, packets(r));
}

/* Documents of 100,000 bytes that were sent, whole or in part. */
static double documents(const json_t *r)
{
    return fmax(1, measure_payload_mbps(r) * seconds(r) / 0.8);
}

double measure_switches_each(const json_t *r)
{
    return claim_number(r, "sched.switches") / documents(r);
}

double measure_switching_us_each(const json_t *r)
{
    return microseconds(r, "cpu.switch_ns") / documents(r);
}

double measure_busy_us_each(const json_t *r)
{
    return busy_us(r) / documents(r);
}

double measure_latency_ms(const json_t *r)
{
    return claim_number(r, "load.latency_ns.mean") / 1e6;
}

/* Snapshots a second of one game server. */
double measure_updates(const json_t *r)
{
    return claim_number(r, "load.updates_rps");
}

double measure_delay_p99_ms(const json_t *r)
{
    return claim_number(r, "virq.delay_ns.p99") / 1e6;
}

double measure_delay_p50_ms(const json_t *r)
{
    return claim_number(r, "virq.delay_ns.p50") / 1e6;
}

double measure_delay_p999_ms(const json_t *r)
{
    return claim_number(r, "virq.delay_ns.p999") / 1e6;
}

/* ---- Shares -------------------------------------------------------------- */

#define GROUP_LIMIT 4

/* What a group of VMs got of the processor, by what its shares entitle it to of
   the time that groups used together. 1: just that. */
static double group_gain(const json_t *r, size_t group)
{
    const json_t *groups = json_object_get(r, "groups");
    double used = 0;
    double shares = 0;
    double own_used = 0;
    double own_shares = 0;
    for (size_t i = 0; i < json_array_size(groups); i++) {
        const json_t *g = json_array_get(groups, i);
        double weight = claim_number(g, "shares") * claim_number(g, "vms");
        double cpu = claim_number(g, "cpu_ns");
        used += cpu;
        shares += weight;
        own_used += i == group ? cpu : 0;
        own_shares += i == group ? weight : 0;
    }
    return used > 0 && own_shares > 0 ? own_used / used * shares / own_shares
                                      : 0;
}

double measure_gain_first(const json_t *r)
{
    return group_gain(r, 0);
}

double measure_gain_second(const json_t *r)
{
    return group_gain(r, 1);
}

double measure_gain_third(const json_t *r)
{
    return group_gain(r, 2);
}

/* The least that any one VM got, in milliseconds of processor. */
double measure_least_cpu_ms(const json_t *r)
{
    const json_t *groups = json_object_get(r, "groups");
    double least = json_array_size(groups) > 0 ? HUGE_VAL : 0;
    for (size_t i = 0; i < json_array_size(groups); i++) {
        least =
            fmin(least,
                 claim_number(json_array_get(groups, i), "least_cpu_ns") / 1e6);
    }
    return least;
}

double measure_table_mib(const json_t *r)
{
    return claim_number(r, "memory.table_frames") / 256;
}
