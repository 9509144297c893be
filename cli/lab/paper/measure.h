/*
 * measure.h - figures of a run that claims are about and its report does not
 * have: each is reckoned from some that it has.
 */
#ifndef CLI_LAB_PAPER_MEASURE_H
#define CLI_LAB_PAPER_MEASURE_H

#include <jansson.h>

#include "sim/base.h"

/* Sent in the window, without the headers of Ethernet, IP and TCP. */
double measure_payload_mbps(const json_t *report);

/* Kernel time for each quantum's end; switching time for each switch. */
double measure_turn_us(const json_t *report);
double measure_switch_us(const json_t *report);

/* For each packet, sent or received: processor time, cycles of programmed
   I/O. */
double measure_packet_us(const json_t *report);
double measure_packet_pio_cycles(const json_t *report);

/* For each 100,000 bytes sent: switches, their time, all of the processor's. */
double measure_switches_each(const json_t *report);
double measure_switching_us_each(const json_t *report);
double measure_busy_us_each(const json_t *report);

/* Requests that were not answered right and in time. */
double measure_lost(const json_t *report);

/* What a group of VMs got of the processor, by what its shares entitle it to of
   the time that all groups used. 1: just that. */
double measure_gain_first(const json_t *report);
double measure_gain_second(const json_t *report);
double measure_gain_third(const json_t *report);

/* The least that any one VM got of the processor in the window. */
double measure_least_cpu_ms(const json_t *report);

#endif /* CLI_LAB_PAPER_MEASURE_H */
