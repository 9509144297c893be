/* made_up.h - reports that no run has written, for rules to judge. */
#ifndef TESTS_PAPER_MADE_UP_H
#define TESTS_PAPER_MADE_UP_H

#include <jansson.h>

#include "sim/report/figures.h"

/* A report in which each figure is 0, with three groups; the caller owns it. */
json_t *made_up_report(void);

/* Sets a figure of the report, or of one of its groups. */
void made_up_set(json_t *report, enum figure_id id, double value);
void made_up_set_group(json_t *report, uint32_t group, enum figure_id id,
                       double value);

/* ---- By what a claim is about -------------------------------------------- */

/* A report in which the figure that a claim is about is `y`. */
typedef json_t *made_up_fn(double y);

/* Nothing but idling, whatever `y` is. */
made_up_fn made_up_nothing;

made_up_fn made_up_turns, made_up_latency, made_up_updates;

/* In a second the processor was busy for `y` us; and one packet was sent. */
made_up_fn made_up_busy, made_up_answering;

/* Mbit/s, in frames of 1000 bytes of payload. */
made_up_fn made_up_payload;

/* One document, sent with `y` us of switching: beside 100 us of other work, or
   beside twice as much. */
made_up_fn made_up_switching, made_up_little_switching;

/* One document; if `y` is not 0, with 10 us more of work, 10 `y` us of it
   switching. */
made_up_fn made_up_ten_us;

/* `y` of 10,000 VMs that were asked have answered; there are `y` VMs only; so
   many of 10,000 are asked, and answer; so many fault. */
made_up_fn made_up_ten_thousand, made_up_fewer, made_up_asked, made_up_faulted;

/* The least that any VM got, in ms; one VM got nothing, the others `y`; `y`
   requests timed out. */
made_up_fn made_up_least, made_up_starved, made_up_timeouts;

/* Each of four switches took `y` us; `y` us of programmed I/O, for what was
   received and 30 packets sent; `y` ms to the delivery for 99 %; MiB. */
made_up_fn made_up_switches, made_up_pio, made_up_delay, made_up_tables;

/* Three groups of 2, 1 and 4 VMs, with 100, 200 and 100 shares, used `y`, 30 and
   70 - `y` parts of the processor: entitled they were to 25, 25 and 50. */
made_up_fn made_up_shares;

#endif /* TESTS_PAPER_MADE_UP_H */
