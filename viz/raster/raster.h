/*
 * raster.h - the states of all VMs over time, as pixels: a row for each VM, or
 * for several in a row, and a column for each span of time.
 *
 * A cell is what the VMs of its row did in the span of its column. It is cut by
 * state, from the most urgent one down, in proportion to time; each state that is
 * there has a pixel at least while there is room, so that two VMs of ten thousand
 * that wait for a page are seen. Where there is no room the most urgent are shown.
 * Nothing is rounded away, and a picture depends on nothing but the stretches.
 */
#ifndef VIZ_RASTER_RASTER_H
#define VIZ_RASTER_RASTER_H

#include "sim/trace/file.h"
#include "sim/vocabulary/vocabulary.h"
#include "sim/waits/index.h"

/* As near as one can look: more cycles than any picture has columns, so that a
   cycle is never in two of them. */
#define RASTER_SPAN_LEAST   4096
#define RASTER_COLUMNS_MOST 4096
#define RASTER_HEIGHT_MOST  4096

enum raster_order {
    RASTER_BY_NUMBER,
    RASTER_BY_GROUP,     /* In each group, who ran longest is first. */
    RASTER_BY_PROCESSOR, /* Who ran longest is first. */
    RASTER_BY_WAITING,   /* Who waited longest, but for work, is first. */
    RASTER_ORDER_COUNT
};

/* What a VM did in all its time. */
struct raster_vm {
    uint64_t running, waiting; /* Cycles. */
    uint32_t vm, group;
};

struct raster_span {
    uint64_t from, to; /* Cycles. */
};

/* The rows of a picture: VMs [first, first + count) of the order, `fold` of them
   in a row. */
struct raster_rows {
    uint32_t first, count, fold;
    int32_t height; /* Pixels of all rows together. */
};

struct arena;

struct raster {
    struct waits_index index; /* Owned; all else is the arena's. */
    uint64_t end;             /* Cycles: the end of the last stretch. */
    uint32_t vm_count;
    uint32_t *vms;          /* In their order. */
    struct raster_vm *sums; /* In the same order. */
    /* Room for a picture, each by what it is about and by column. */
    uint64_t *cells;     /* Of the row that is painted, by state. */
    uint64_t *totals;    /* Of all VMs, by state. */
    uint64_t *processor; /* By category. */
    /* The last picture, which is often the next one, too. */
    uint32_t *pixels;
    struct raster_rows rows;
    struct raster_span span;
    uint32_t columns;
    bool is_painted; /* There is one, of this order. */
};

/* The states from the most urgent to the least. */
extern const enum vm_state raster_urgency[VM_STATE_COUNT];

/* "number": by which the VMs are ordered. */
const char *raster_order_name(enum raster_order order);

/* False: no order has this name; `message` says which there are. */
SIM_MUST_USE bool raster_order_read(const char *name, enum raster_order *order,
                                    char message[TRACE_MESSAGE_BYTES]);

/* Begins a raster of the VMs; events go to waits_index_event(&r->index). False:
   out of memory. To be released in any case. */
SIM_MUST_USE bool raster_init(struct raster *r, struct arena *arena,
                              uint32_t vm_count, uint32_t disks);
void raster_release(struct raster *r);

/* After the last event. False: out of memory. */
SIM_MUST_USE bool raster_finish(struct raster *r, const struct vm_roster *v);

/* Reads a whole trace, as far as it is good. False: `message` says why not. To be
   released in any case. */
SIM_MUST_USE bool raster_load(struct raster *r, struct arena *arena,
                              const char *path,
                              char message[TRACE_MESSAGE_BYTES]);

void raster_sort(struct raster *r, enum raster_order order);

/* ---- Time ---- */

/* Keeps a span within the run, and as wide as it may be. */
struct raster_span raster_span_fit(struct raster_span s, uint64_t end);

/* The span becomes `factor` times as wide, and cycle `at` keeps its place. */
struct raster_span raster_span_zoom(struct raster_span s, uint64_t end,
                                    uint64_t at, double factor);

/* Moves by a share of its width; > 0: later. */
struct raster_span raster_span_pan(struct raster_span s, uint64_t end,
                                   double share);

/* Moves, if it must, so that the cycle is in it. */
struct raster_span raster_span_show(struct raster_span s, uint64_t end,
                                    uint64_t at);

/* A span cut into columns: column c has cycles [edges[c], edges[c + 1]). */
struct raster_grid {
    struct raster_span span;
    uint32_t columns; /* From 1 to RASTER_COLUMNS_MOST. */
    uint64_t edges[RASTER_COLUMNS_MOST + 1];
};

void raster_grid_make(struct raster_grid *g, struct raster_span s,
                      uint32_t columns);

/* The column of a cycle in the span. */
uint32_t raster_column(const struct raster_grid *g, uint64_t at);

/* ---- Cells ---- */

/* As few VMs in a row as give each row `least` pixels; at most `most` of them. */
struct raster_rows raster_rows_fit(uint32_t first, uint32_t count,
                                   int32_t height, int32_t least, int32_t most);

uint32_t raster_row_count(const struct raster_rows *rows);

/* The first pixel of a row; `row` may be raster_row_count. */
int32_t raster_row_top(const struct raster_rows *rows, uint32_t row);

/* The row at pixel y of the picture. */
uint32_t raster_row_at(const struct raster_rows *rows, int32_t y);

struct raster_paint {
    const uint32_t *colors; /* Borrowed; by state. */
    uint32_t ground;        /* Where no VM is, and between rows. */
};

/*
 * Paints rows->height times `columns` pixels, row by row. In r->totals are then,
 * at [state * columns + column], the cycles of all VMs, also of those that are not
 * shown; in r->processor the same by category. A raster is always painted in the
 * same colours.
 */
void raster_paint(struct raster *r, const struct raster_rows *rows,
                  const struct raster_grid *g, const struct raster_paint *paint,
                  uint32_t *pixels);

/* The most urgent stretch of a row's VMs in a column, and of those the longest.
   NULL: no VM is there. */
const struct stretch *raster_at(const struct raster *r,
                                const struct raster_rows *rows, uint32_t row,
                                const struct raster_grid *g, uint32_t column);

/* The row of a VM. False: it is not shown. */
SIM_MUST_USE bool raster_row_of(const struct raster *r,
                                const struct raster_rows *rows, uint32_t vm,
                                uint32_t *row);

/* The place of the row's first VM in the order, and how many VMs it has. */
uint32_t raster_row_vms(const struct raster_rows *rows, uint32_t row,
                        uint32_t *first);

#endif /* VIZ_RASTER_RASTER_H */
