/*
 * measure.h - figures that claims need and reports do not have: each is
 * computed from figures of a report.
 */
#ifndef CLI_LAB_PAPER_MEASURE_H
#define CLI_LAB_PAPER_MEASURE_H

#include <jansson.h>

#include "sim/base.h"

/* The rate of bytes sent in the window, without the headers of Ethernet, IP and
   TCP. */
double measure_payload_mbps(const json_t *report);

/* The kernel's time for each end of a quantum, and the switching time for each
   switch. */
double measure_turn_us(const json_t *report);
double measure_switch_us(const json_t *report);

/* The processor time, all that is not idle, and what of it there is for each
   packet received. */
double measure_busy_us(const json_t *report);
double measure_receive_us(const json_t *report);

/* The cycles of programmed I/O for each packet that is sent or received. */
double measure_packet_pio_cycles(const json_t *report);

/* The switches, the switching time, and all processor time, for each 100,000
   bytes sent. */
double measure_switches_each(const json_t *report);
double measure_switching_us_each(const json_t *report);
double measure_busy_us_each(const json_t *report);

/* The number of requests that were not answered right and in time. */
double measure_lost(const json_t *report);

/* The processor time of a group of VMs, divided by what its shares entitle it
   to of the time that all groups used. 1: the group got its share. */
double measure_gain_first(const json_t *report);
double measure_gain_second(const json_t *report);
double measure_gain_third(const json_t *report);

/* The least processor time that any VM got in the window. */
double measure_least_cpu_ms(const json_t *report);

#endif /* CLI_LAB_PAPER_MEASURE_H */
