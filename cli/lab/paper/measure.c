/* measure.c - see measure.h. */
#include "cli/lab/paper/measure.h"

#include <math.h>

#include "cli/lab/paper/claim.h"

#define FRAME_HEADERS 54 /* Bytes of Ethernet, IP and TCP in each frame. */
#define DOCUMENT_MBIT 0.8

static double seconds(const json_t *r)
{
    return claim_figure(r, FIGURE_MEASURED_LENGTH) / 1e9;
}

static double microseconds(const json_t *r, enum figure_id id)
{
    return claim_figure(r, id) / 1e3;
}

double measure_payload_mbps(const json_t *r)
{
    double bytes = claim_figure(r, FIGURE_NET_TX_BYTES) -
                   FRAME_HEADERS * claim_figure(r, FIGURE_NET_TX_PACKETS);
    return bytes * 8 / 1e6 / seconds(r);
}

/* The kernel's time is all processor time that is not a guest's. */
double measure_turn_us(const json_t *r)
{
    double kernel = microseconds(r, FIGURE_CPU_SWITCH) +
                    microseconds(r, FIGURE_CPU_INTERRUPT) +
                    microseconds(r, FIGURE_CPU_PAGING) +
                    microseconds(r, FIGURE_CPU_PIO);
    return kernel / fmax(1, claim_figure(r, FIGURE_SCHED_PREEMPTIONS));
}

double measure_switch_us(const json_t *r)
{
    return microseconds(r, FIGURE_CPU_SWITCH) /
           fmax(1, claim_figure(r, FIGURE_SCHED_SWITCHES));
}

double measure_busy_us(const json_t *r)
{
    return microseconds(r, FIGURE_MEASURED_LENGTH) -
           microseconds(r, FIGURE_CPU_IDLE);
}

static double packets(const json_t *r)
{
    return fmax(1, claim_figure(r, FIGURE_NET_RX_PACKETS) +
                       claim_figure(r, FIGURE_NET_TX_PACKETS));
}

double measure_receive_us(const json_t *r)
{
    return measure_busy_us(r) / fmax(1, claim_figure(r, FIGURE_NET_RX_PACKETS));
}

double measure_packet_pio_cycles(const json_t *r)
{
    return microseconds(r, FIGURE_CPU_PIO) * 1700 / packets(r);
}

/* Returns the bytes sent in the window, in documents of 100,000 bytes. */
static double documents(const json_t *r)
{
    return fmax(1, measure_payload_mbps(r) * seconds(r) / DOCUMENT_MBIT);
}

double measure_switches_each(const json_t *r)
{
    return claim_figure(r, FIGURE_SCHED_SWITCHES) / documents(r);
}

double measure_switching_us_each(const json_t *r)
{
    return microseconds(r, FIGURE_CPU_SWITCH) / documents(r);
}

double measure_busy_us_each(const json_t *r)
{
    return measure_busy_us(r) / documents(r);
}

double measure_lost(const json_t *r)
{
    return claim_figure(r, FIGURE_LOAD_TIMED_OUT) +
           claim_figure(r, FIGURE_LOAD_UNANSWERED) +
           claim_figure(r, FIGURE_LOAD_FAILED);
}

/* ---- Shares -------------------------------------------------------------- */

static uint32_t group_count(const json_t *r)
{
    return (uint32_t)json_array_size(json_object_get(r, "groups"));
}

static double gain(const json_t *r, uint32_t group)
{
    double used = 0;
    double shares = 0;
    double own_used = 0;
    double own_shares = 0;
    for (uint32_t i = 0; i < group_count(r); i++) {
        double weight = claim_group_figure(r, i, FIGURE_GROUP_SHARES) *
                        claim_group_figure(r, i, FIGURE_GROUP_VMS);
        double cpu = claim_group_figure(r, i, FIGURE_GROUP_CPU);
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
    return gain(r, 0);
}

double measure_gain_second(const json_t *r)
{
    return gain(r, 1);
}

double measure_gain_third(const json_t *r)
{
    return gain(r, 2);
}

double measure_least_cpu_ms(const json_t *r)
{
    double least = group_count(r) > 0 ? HUGE_VAL : 0;
    for (uint32_t i = 0; i < group_count(r); i++) {
        least =
            fmin(least, claim_group_figure(r, i, FIGURE_GROUP_LEAST_CPU) / 1e6);
    }
    return least;
}
