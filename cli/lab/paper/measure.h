/*
 * measure.h - figures of a run that claims are about, each from its report.
 */
#ifndef CLI_LAB_PAPER_MEASURE_H
#define CLI_LAB_PAPER_MEASURE_H

#include <jansson.h>

#include "sim/base.h"

/* Requests: answered a second, answered in all, their mean latency. */
double measure_answers(const json_t *report);
double measure_answered(const json_t *report);
double measure_latency_ms(const json_t *report);

/* Sent in the window, without the headers of Ethernet, IP and TCP. */
double measure_payload_mbps(const json_t *report);

/* Kernel time for each quantum's end; switching time for each switch. */
double measure_turn_us(const json_t *report);
double measure_switch_us(const json_t *report);

/* For each packet, sent or received: processor time, cycles of device I/O. */
double measure_packet_us(const json_t *report);
double measure_packet_pio_cycles(const json_t *report);

/* For each 100,000 bytes sent: switches, their time, all of the processor's. */
double measure_switches_each(const json_t *report);
double measure_switching_us_each(const json_t *report);
double measure_busy_us_each(const json_t *report);

/* Snapshots a second of one game server. */
double measure_updates(const json_t *report);

/* From an interrupt to its delivery. */
double measure_delay_p50_ms(const json_t *report);
double measure_delay_p99_ms(const json_t *report);
double measure_delay_p999_ms(const json_t *report);

/* What a group of VMs got of the processor, by what its shares entitle it to of
   the time that all groups used. 1: just that. */
double measure_gain_first(const json_t *report);
double measure_gain_second(const json_t *report);
double measure_gain_third(const json_t *report);

/* The least that any one VM got of the processor in the window. */
double measure_least_cpu_ms(const json_t *report);

/* Page tables, at most at one time. */
double measure_table_mib(const json_t *report);

#endif /* CLI_LAB_PAPER_MEASURE_H */
