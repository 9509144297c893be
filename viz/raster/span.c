/* span.c - the time that is shown; see raster.h. */
#include "viz/raster/raster.h"

#include "sim/banned.h"

struct raster_span raster_span_fit(struct raster_span s, uint64_t end)
{
    uint64_t most = end > RASTER_SPAN_LEAST ? end : RASTER_SPAN_LEAST;
    uint64_t width = s.to > s.from ? s.to - s.from : 0;
    width = width < RASTER_SPAN_LEAST ? RASTER_SPAN_LEAST : width;
    width = width > most ? most : width;
    uint64_t from = s.from > most - width ? most - width : s.from;
    return (struct raster_span){ from, from + width };
}

struct raster_span raster_span_zoom(struct raster_span s, uint64_t end,
                                    uint64_t at, double factor)
{
    uint64_t most = end > RASTER_SPAN_LEAST ? end : RASTER_SPAN_LEAST;
    double old = (double)(s.to - s.from);
    double width = old * factor;
    width = width < RASTER_SPAN_LEAST ? RASTER_SPAN_LEAST : width;
    width = width > (double)most ? (double)most : width;
    at = at < s.from ? s.from : at > s.to ? s.to : at;
    double before = (double)(at - s.from) / old * width;
    uint64_t from = (double)at > before ? at - (uint64_t)before : 0;
    return raster_span_fit((struct raster_span){ from, from + (uint64_t)width },
                           end);
}

struct raster_span raster_span_pan(struct raster_span s, uint64_t end,
                                   double share)
{
    uint64_t width = s.to - s.from;
    double from = (double)s.from + share * (double)width;
    s.from = from > 0 ? (uint64_t)from : 0;
    s.to = s.from + width;
    return raster_span_fit(s, end);
}

struct raster_span raster_span_show(struct raster_span s, uint64_t end,
                                    uint64_t at)
{
    uint64_t width = s.to - s.from;
    if (at < s.from || at >= s.to) {
        s.from = at > width / 2 ? at - width / 2 : 0;
        s.to = s.from + width;
    }
    return raster_span_fit(s, end);
}

/* A run is shorter than 2^50 cycles, which is a week at 1.7 GHz. */
void raster_grid_make(struct raster_grid *g, struct raster_span s,
                      uint32_t columns)
{
    SIM_ASSERT(columns > 0 && columns <= RASTER_COLUMNS_MOST);
    g->span = s;
    g->columns = columns;
    for (uint32_t i = 0; i <= columns; i++) {
        g->edges[i] = s.from + (s.to - s.from) * i / columns;
    }
}

uint32_t raster_column(const struct raster_grid *g, uint64_t at)
{
    double share =
        (double)(at - g->span.from) / (double)(g->span.to - g->span.from);
    uint32_t column = (uint32_t)(share * g->columns);
    column = column < g->columns ? column : g->columns - 1;
    while (column + 1 < g->columns && g->edges[column + 1] <= at) {
        column++;
    }
    while (column > 0 && g->edges[column] > at) {
        column--;
    }
    return column;
}
