/* cells.c - what the VMs of a row did in a column, and its pixels; see
   raster.h. */
#include "viz/raster/raster.h"

#include <string.h>

#include "sim/banned.h"

#define GAP_FROM 4 /* Pixels of a row. */

const enum vm_state raster_urgency[VM_STATE_COUNT] = {
    VM_PAGING, VM_WAITING, VM_READY, VM_RUNNING, VM_CREATED, VM_IDLE, VM_DEAD,
};

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* ---- Time in columns ---------------------------------------------------- */

/* The VM's first stretch that ends after the cycle; its last is before `end`. */
static size_t first_stretch(const struct raster *r, uint32_t vm, uint64_t at,
                            size_t *end)
{
    size_t low = r->index.starts[vm];
    size_t high = r->index.starts[vm + 1];
    *end = high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r->index.stretches[middle].to > at) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* Adds the cycles from `from` to `to` to the columns in which they are. *hint is
   a column not after that of `from`, and is that of the last cycle then. */
static void spread(const struct raster_grid *g, uint64_t from, uint64_t to,
                   uint32_t *hint, uint64_t *sums)
{
    from = later(from, g->span.from);
    to = sooner(to, g->span.to);
    if (from >= to) {
        return;
    }
    uint32_t column = *hint;
    while (g->edges[column + 1] <= from) {
        column++;
    }
    while (from < to) {
        uint64_t edge = sooner(g->edges[column + 1], to);
        sums[column++] += edge - from;
        from = edge;
    }
    *hint = column - 1;
}

/* Adds to sums[state * columns + column] the VM's cycles in each state. */
static void add_vm(const struct raster *r, uint32_t vm,
                   const struct raster_grid *g, uint64_t *sums)
{
    uint32_t hint = 0;
    size_t end = 0;
    for (size_t i = first_stretch(r, vm, g->span.from, &end);
         i < end && r->index.stretches[i].from < g->span.to; i++) {
        const struct stretch *one = &r->index.stretches[i];
        spread(g, one->from, one->to, &hint,
               sums + (size_t)one->state * g->columns);
    }
}

/* Adds to cycles[category * columns + column] what the processor did. */
static void add_processor(const struct raster *r, const struct raster_grid *g,
                          uint64_t *cycles)
{
    const struct waits_index *x = &r->index;
    uint32_t hint = 0;
    size_t low = 0;
    size_t high = x->slice_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (x->slices[middle].to > g->span.from) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    for (; low < x->slice_count && x->slices[low].from < g->span.to; low++) {
        const struct slice *c = &x->slices[low];
        spread(g, c->from, c->to, &hint,
               cycles + (size_t)c->category * g->columns);
    }
}

/* ---- Pixels of a cell --------------------------------------------------- */

/*
 * Cuts `height` pixels among the states, in order of raster_urgency; `absent`
 * are the cycles of VMs that are not there. heights[] is by state; the sum is less
 * than `height` where VMs are absent.
 */
static void cut(const uint64_t cycles[VM_STATE_COUNT], uint64_t absent,
                int32_t height, int32_t heights[VM_STATE_COUNT])
{
    uint64_t sum = absent;
    int32_t present = absent > 0;
    for (int i = 0; i < VM_STATE_COUNT; i++) {
        heights[i] = 0;
        sum += cycles[i];
        present += cycles[i] > 0;
    }
    /* A thin line in a high row is not seen: an eighth of it is. */
    int32_t least = height / 8;
    if (least == 0 || least * present > height) {
        least = 1;
    }
    int32_t rest = height > least * present ? height - least * present : 0;
    int32_t left = height;
    uint64_t before = 0;
    for (int i = 0; i < VM_STATE_COUNT && left > 0; i++) {
        enum vm_state state = raster_urgency[i];
        if (cycles[state] == 0) {
            continue;
        }
        int32_t from = (int32_t)((double)rest * (double)before / (double)sum);
        before += cycles[state];
        int32_t to = (int32_t)((double)rest * (double)before / (double)sum);
        int32_t high = least + to - from;
        heights[state] = high < left ? high : left;
        left -= heights[state];
    }
}

/* ---- Rows --------------------------------------------------------------- */

uint32_t raster_row_count(const struct raster_rows *rows)
{
    return (rows->count + rows->fold - 1) / rows->fold;
}

struct raster_rows raster_rows_fit(uint32_t first, uint32_t count,
                                   int32_t height, int32_t least, int32_t most)
{
    struct raster_rows rows = { first, count, 1, height };
    uint32_t room = height > least ? (uint32_t)(height / least) : 1;
    rows.fold = count > room ? (count + room - 1) / room : 1;
    uint32_t shown = raster_row_count(&rows);
    if ((int64_t)shown * most < height) {
        rows.height = (int32_t)shown * most;
    }
    return rows;
}

int32_t raster_row_top(const struct raster_rows *rows, uint32_t row)
{
    return (int32_t)((uint64_t)rows->height * row / raster_row_count(rows));
}

uint32_t raster_row_at(const struct raster_rows *rows, int32_t y)
{
    uint32_t count = raster_row_count(rows);
    uint32_t row = (uint32_t)((uint64_t)y * count / (uint32_t)rows->height);
    while (row + 1 < count && raster_row_top(rows, row + 1) <= y) {
        row++;
    }
    return row;
}

uint32_t raster_row_vms(const struct raster_rows *rows, uint32_t row,
                        uint32_t *first)
{
    uint32_t before = row * rows->fold;
    *first = rows->first + before;
    uint32_t left = rows->count - before;
    return left < rows->fold ? left : rows->fold;
}

/* Where a row is painted: `height` pixels, the first `shown` of them its VMs'. */
struct row_place {
    uint32_t *pixels; /* Borrowed. */
    int32_t height, shown;
};

static void paint_row(const uint64_t *sums, uint32_t vms,
                      const struct raster_grid *g,
                      const struct raster_paint *paint, struct row_place to)
{
    uint32_t columns = g->columns;
    for (uint32_t x = 0; x < columns; x++) {
        uint64_t cycles[VM_STATE_COUNT];
        int32_t heights[VM_STATE_COUNT];
        uint64_t width = g->edges[x + 1] - g->edges[x];
        uint64_t absent = width * vms;
        for (uint32_t i = 0; i < VM_STATE_COUNT; i++) {
            cycles[i] = sums[(size_t)i * columns + x];
            absent -= sooner(cycles[i], absent);
        }
        cut(cycles, absent, to.shown, heights);
        int32_t y = 0;
        for (int i = 0; i < VM_STATE_COUNT; i++) {
            enum vm_state state = raster_urgency[i];
            for (int32_t n = 0; n < heights[state]; n++, y++) {
                to.pixels[(size_t)y * columns + x] = paint->colors[state];
            }
        }
        for (; y < to.height; y++) {
            to.pixels[(size_t)y * columns + x] = paint->ground;
        }
    }
}

/* Adds all VMs of places [first, end) of the order to the totals. */
static void add_all(const struct raster *r, uint32_t first, uint32_t end,
                    const struct raster_grid *g, uint64_t *totals)
{
    for (uint32_t i = first; i < end; i++) {
        add_vm(r, r->vms[i], g, totals);
    }
}

static void paint_all(struct raster *r, const struct raster_rows *rows,
                      const struct raster_grid *g,
                      const struct raster_paint *paint)
{
    uint32_t columns = g->columns;
    size_t cells = (size_t)VM_STATE_COUNT * columns;
    uint64_t *sums = r->cells;
    uint64_t *totals = r->totals;
    /* One pixel between rows, where all can spare it. */
    int32_t gap =
        rows->height / (int32_t)raster_row_count(rows) >= GAP_FROM ? 1 : 0;
    memset(totals, 0, cells * sizeof(*totals));
    memset(r->processor, 0,
           (size_t)CPU_CATEGORY_COUNT * columns * sizeof(*r->processor));
    add_processor(r, g, r->processor);
    for (uint32_t row = 0; row < raster_row_count(rows); row++) {
        uint32_t first = 0;
        uint32_t vms = raster_row_vms(rows, row, &first);
        memset(sums, 0, cells * sizeof(*sums));
        add_all(r, first, first + vms, g, sums);
        int32_t top = raster_row_top(rows, row);
        int32_t height = raster_row_top(rows, row + 1) - top;
        paint_row(sums, vms, g, paint,
                  (struct row_place){ r->pixels + (size_t)top * columns, height,
                                      height - gap });
        for (size_t i = 0; i < cells; i++) {
            totals[i] += sums[i];
        }
    }
    add_all(r, 0, rows->first, g, totals);
    add_all(r, rows->first + rows->count, r->vm_count, g, totals);
}

/* Whether the last picture was the same. */
static bool is_painted(const struct raster *r, const struct raster_rows *rows,
                       const struct raster_grid *g)
{
    const struct raster_rows *o = &r->rows;
    return r->is_painted && o->first == rows->first &&
           o->count == rows->count && o->fold == rows->fold &&
           o->height == rows->height && r->columns == g->columns &&
           r->span.from == g->span.from && r->span.to == g->span.to;
}

void raster_paint(struct raster *r, const struct raster_rows *rows,
                  const struct raster_grid *g, const struct raster_paint *paint,
                  uint32_t *pixels)
{
    SIM_ASSERT(rows->height > 0 && rows->height <= RASTER_HEIGHT_MOST);
    if (!is_painted(r, rows, g)) {
        paint_all(r, rows, g, paint);
        r->rows = *rows;
        r->span = g->span;
        r->columns = g->columns;
        r->is_painted = true;
    }
    memcpy(pixels, r->pixels,
           (size_t)rows->height * g->columns * sizeof(*pixels));
}

/* ---- What is pointed at ------------------------------------------------- */

static uint32_t rank(enum vm_state state)
{
    uint32_t i = 0;
    while (i + 1 < VM_STATE_COUNT && raster_urgency[i] != state) {
        i++;
    }
    return i;
}

/* Whether the stretch is more urgent, or as urgent and longer. */
static bool is_before(const struct stretch *a, const struct stretch *b)
{
    uint32_t one = rank(a->state);
    uint32_t other = rank(b->state);
    return one < other || (one == other && a->to - a->from > b->to - b->from);
}

const struct stretch *raster_at(const struct raster *r,
                                const struct raster_rows *rows, uint32_t row,
                                const struct raster_grid *g, uint32_t column)
{
    const struct stretch *best = NULL;
    uint64_t from = g->edges[column];
    uint64_t to = g->edges[column + 1];
    uint32_t first = 0;
    uint32_t vms = raster_row_vms(rows, row, &first);
    for (uint32_t i = first; i < first + vms; i++) {
        size_t end = 0;
        for (size_t j = first_stretch(r, r->vms[i], from, &end);
             j < end && r->index.stretches[j].from < to; j++) {
            const struct stretch *one = &r->index.stretches[j];
            if (!best || is_before(one, best)) {
                best = one;
            }
        }
    }
    return best;
}

bool raster_row_of(const struct raster *r, const struct raster_rows *rows,
                   uint32_t vm, uint32_t *row)
{
    for (uint32_t i = 0; i < rows->count; i++) {
        if (r->vms[rows->first + i] == vm) {
            *row = i / rows->fold;
            return true;
        }
    }
    return false;
}
