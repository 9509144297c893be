/*
 * picture.h - draws what a search for capacity saw: the first objective's figure
 * over the values tried, as the medians over the seeds with their intervals; the
 * objective as a line, and the capacity's interval as a band.
 */
#ifndef CLI_LAB_CAPACITY_PICTURE_H
#define CLI_LAB_CAPACITY_PICTURE_H

#include "cli/lab/capacity/hunt.h"

/* Draws into `path`, whose name ends in .svg or .png. Complains. */
SIM_MUST_USE bool picture_draw(const struct hunt *h, const char *path);

#endif /* CLI_LAB_CAPACITY_PICTURE_H */
