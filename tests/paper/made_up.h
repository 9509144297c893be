/* made_up.h - reports that no run has written, for rules to judge. */
#ifndef TESTS_PAPER_MADE_UP_H
#define TESTS_PAPER_MADE_UP_H

#include <jansson.h>

#include "sim/report/figures.h"

/* A report in which each figure is 0, with two groups; the caller owns it. */
json_t *made_up_report(void);

/* Sets a figure of the report, or of one of its groups. */
void made_up_set(json_t *report, enum figure_id id, double value);
void made_up_set_group(json_t *report, uint32_t group, enum figure_id id,
                       double value);

#endif /* TESTS_PAPER_MADE_UP_H */
