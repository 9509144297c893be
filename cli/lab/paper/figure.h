/* figure.h - the points of a row as a picture, SVG and PNG. */
#ifndef CLI_LAB_PAPER_FIGURE_H
#define CLI_LAB_PAPER_FIGURE_H

#include "cli/lab/paper/rows.h"

/* Into FOLDER/NAME.svg and .png; nothing for a row without points. False:
   complained. */
SIM_MUST_USE bool figure_draw(const struct row *row, const char *folder);

#endif /* CLI_LAB_PAPER_FIGURE_H */
