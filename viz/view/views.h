/*
 * views.h - one function a panel, each in a file of its own. They draw the
 * model in a box, and ask the ui what is pointed at. No view knows another.
 */
#ifndef VIZ_VIEW_VIEWS_H
#define VIZ_VIEW_VIEWS_H

#include "sim/trace/describe.h"
#include "viz/ui.h"
#include "viz/watch/model.h"

typedef void view_fn(struct ui *ui, const struct model *m, struct draw_box box);

view_fn view_top;
view_fn view_raster;
view_fn view_processor;
view_fn view_interrupts;
view_fn view_network;
view_fn view_disks;
view_fn view_lists;
view_fn view_memory;
view_fn view_vm;
view_fn view_log;
view_fn view_timeline;
view_fn view_legend;
view_fn view_help;    /* Over all; box: the window. */
view_fn view_overlay; /* The tip and the search field; box: the window. */

enum view_plot { PLOT_ANSWERS, PLOT_LATENCY, PLOT_PROCESSOR, PLOT_STATES };

void view_plot(struct ui *ui, const struct model *m, struct draw_box box,
               enum view_plot plot);

#endif /* VIZ_VIEW_VIEWS_H */
