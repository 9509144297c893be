/*
 * picture.h - draws what a search for capacity saw: the first objective's figure
 * over the values tried, as the medians over the seeds with their intervals; the
 * objective as a line, and the capacity's interval as a band.
 */
#ifndef CLI_LAB_CAPACITY_PICTURE_H
#define CLI_LAB_CAPACITY_PICTURE_H

#include "cli/lab/capacity/hunt.h"

struct plot_drawer;

/* Has it drawn, by a process that has been started. Complains. */
SIM_MUST_USE bool picture_draw(const struct hunt *h, struct plot_drawer *d);

#endif /* CLI_LAB_CAPACITY_PICTURE_H */
