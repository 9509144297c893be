/* scene.c - see scene.h. */
#include "viz/scene.h"

#include "viz/layout.h"
#include "viz/view/views.h"

#include "sim/banned.h"

/* The moment shown. */
static void panels(struct ui *ui, const struct model *m, const struct layout *l)
{
    view_processor(ui, m, l->processor);
    view_interrupts(ui, m, l->interrupts);
    view_network(ui, m, l->network);
    view_disks(ui, m, l->disks);
    view_lists(ui, m, l->lists);
    view_memory(ui, m, l->memory);
    view_vm(ui, m, l->vm);
    view_log(ui, m, l->log);
    for (int i = 0; i < LAYOUT_PLOTS; i++) {
        view_plot(ui, m, l->plots[i], (enum view_plot)i);
    }
}

void scene_draw(struct ui *ui, const struct model *m)
{
    struct layout l;
    layout_make(&l, ui);
    struct draw_box window = { 0, 0, ui->in.width, ui->in.height };
    view_top(ui, m, l.top);
    if (ui->view == UI_RASTER) {
        view_raster(ui, m, l.raster);
    } else {
        panels(ui, m, &l);
    }
    view_timeline(ui, m, l.timeline);
    view_legend(ui, m, l.legend);
    if (ui->shows_help) {
        view_help(ui, m, window);
    } else {
        view_overlay(ui, m, window);
    }
}
