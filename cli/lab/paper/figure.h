/* figure.h - draws the points of a row, as SVG and PNG. */
#ifndef CLI_LAB_PAPER_FIGURE_H
#define CLI_LAB_PAPER_FIGURE_H

#include "cli/lab/paper/rows.h"

/* Draws into FOLDER/NAME.svg and .png, unless the row has no points.
   Complains. */
SIM_MUST_USE bool figure_draw(const struct row *row, const char *folder);

#endif /* CLI_LAB_PAPER_FIGURE_H */
