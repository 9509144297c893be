/* raster_own.h - what the raster's two files share: its places. */
#ifndef VIZ_VIEW_RASTER_OWN_H
#define VIZ_VIEW_RASTER_OWN_H

#include "viz/raster/raster.h"
#include "viz/view/views.h"

/* One axis of time for all; names and figures stand left of it. */
struct raster_places {
    struct draw_box names, rows;
    struct draw_box phases, processor; /* Above. */
    struct draw_box queues, axis;      /* Below. */
};

/* Draws the tracks above and below; after raster_paint. */
void raster_tracks(struct ui *ui, const struct model *m,
                   const struct raster_places *at, const struct raster_grid *g);

#endif /* VIZ_VIEW_RASTER_OWN_H */
