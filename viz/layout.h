/* layout.h - where each panel stands, from 1024 x 700 to 3840 x 2160. */
#ifndef VIZ_LAYOUT_H
#define VIZ_LAYOUT_H

#include "viz/ui.h"

#define LAYOUT_PLOTS 4

struct layout {
    struct draw_box top;
    struct draw_box raster; /* Instead of all between the top and the time
                               line. */
    struct draw_box processor, interrupts, network, disks; /* Left. */
    struct draw_box lists, memory;                         /* Middle. */
    struct draw_box vm, log;                               /* Right. */
    struct draw_box plots[LAYOUT_PLOTS];
    struct draw_box timeline, legend;
};

void layout_make(struct layout *l, const struct ui *ui);

#endif /* VIZ_LAYOUT_H */
