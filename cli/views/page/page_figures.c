/* page_figures.c - draws the plots of a page from the replay's samples, from
   each answer, and from the report's histograms. */
#include <math.h>
#include <stdlib.h>

#include "cli/views/page/page.h"
#include "cli/views/page/plot.h"
#include "sim/report/figures.h"
#include "sim/vocabulary/vocabulary.h"

#define PER_MILLES 1001
#define LEAST_PART 4 /* A last sample shorter than a quarter is left out. */
#define COLUMNS    PLOT_SERIES_LIMIT

static const char virtual_time[] = "virtual time since the machine was "
                                   "switched on";

/* The values over time, in nanoseconds or per second; columns[] are scratch
   memory for one plot. */
struct figures {
    FILE *file;
    const struct collect *c;
    const struct replay *r;
    double ns_per_cycle;
    size_t count;
    double *x;
    double *columns[COLUMNS];
    uint64_t *latencies; /* Scratch memory for one sample. */
    struct html_plot base;
};

/* ---- Virtual time ------------------------------------------------------- */

static double sample_cycles(const struct figures *f, size_t i)
{
    uint64_t from = i * f->r->sample_cycles;
    uint64_t left = f->r->now > from ? f->r->now - from : 0;
    return left < f->r->sample_cycles ? (double)left
                                      : (double)f->r->sample_cycles;
}

static double sample_seconds(const struct figures *f, size_t i)
{
    return sample_cycles(f, i) * f->ns_per_cycle / 1e9;
}

static void init_phases(struct figures *f)
{
    const struct collect *c = f->c;
    for (uint32_t i = 0; i < c->phase_count; i++) {
        uint64_t to =
            i + 1 < c->phase_count ? c->phases[i + 1].from : f->r->now;
        uint32_t phase = c->phases[i].phase;
        if (phase >= PHASE_COUNT) {
            continue;
        }
        f->base.bands[f->base.band_count++] = (struct plot_band){
            .name = word_phrase(&phase_words, phase),
            .from = (double)c->phases[i].from * f->ns_per_cycle,
            .to = (double)to * f->ns_per_cycle,
            .is_marked = phase == PHASE_WINDOW,
        };
    }
}

static bool init(struct figures *f)
{
    const struct replay *r = f->r;
    f->count = r->sample_count;
    if (f->count > 1 && sample_cycles(f, f->count - 1) * LEAST_PART <
                            (double)r->sample_cycles) {
        f->count--;
    }
    f->x = calloc(f->count, sizeof(*f->x));
    f->latencies = calloc(f->c->reply_count + 1, sizeof(*f->latencies));
    bool has_all = f->x && f->latencies;
    for (int i = 0; i < COLUMNS; i++) {
        f->columns[i] = calloc(f->count, sizeof(*f->columns[i]));
        has_all = has_all && f->columns[i];
    }
    if (!has_all) {
        return false;
    }
    for (size_t i = 0; i < f->count; i++) {
        double middle =
            (double)(i * r->sample_cycles) + sample_cycles(f, i) / 2;
        f->x[i] = middle * f->ns_per_cycle;
    }
    f->base = (struct html_plot){
        .x_name = virtual_time,
        .x_unit = PLOT_NS,
        .x = f->x,
        .count = f->count,
    };
    init_phases(f);
    return true;
}

static void release(struct figures *f)
{
    free(f->x);
    free(f->latencies);
    for (int i = 0; i < COLUMNS; i++) {
        free(f->columns[i]);
    }
}

/* ---- Plots over time ---------------------------------------------------- */

/* Returns the value of a line at sample i. */
typedef double figure_fn(const struct figures *f, size_t i);

struct figure_line {
    const char *name;
    enum palette_color color;
    figure_fn *value;
};

/* Draws the lines, but those that are zero all the time. */
static void write_over_time(struct figures *f, struct html_plot *p,
                            const struct figure_line *lines, uint32_t count)
{
    p->line_count = 0;
    for (uint32_t n = 0; n < count; n++) {
        bool has_any = false;
        for (size_t i = 0; i < f->count; i++) {
            f->columns[n][i] = lines[n].value(f, i);
            has_any = has_any || f->columns[n][i] > 0;
        }
        if (has_any) {
            p->lines[p->line_count++] =
                (struct plot_line){ lines[n].name, f->columns[n],
                                    lines[n].color };
        }
    }
    html_plot_write(f->file, p);
}

#define SAMPLE(name, member)                              \
    static double name(const struct figures *f, size_t i) \
    {                                                     \
        return (double)f->r->samples[i].member;           \
    }
#define RATE(name, member)                                             \
    static double name(const struct figures *f, size_t i)              \
    {                                                                  \
        return (double)f->r->samples[i].member / sample_seconds(f, i); \
    }
#define SHARE(name, category)                                   \
    static double name(const struct figures *f, size_t i)       \
    {                                                           \
        return 100.0 * (double)f->r->samples[i].cpu[category] / \
               sample_cycles(f, i);                             \
    }

RATE(asked, requests)
RATE(answered, replies)
RATE(lost, lost)
RATE(faults, faults)
RATE(evictions, evictions)
RATE(rx_packets, rx_packets)
RATE(tx_packets, tx_packets)
RATE(switches, switches)
RATE(deliveries, deliveries)
SAMPLE(waiting, waiting)
SAMPLE(ready, ready)
SAMPLE(paging, paging)
SAMPLE(idle, idle)
SAMPLE(disk_depth, disk_depth)
#define X(constant, name, phrase, color) SHARE(share_of_##constant, constant)
CPU_CATEGORY_WORDS(X)
#undef X

static double resident_bytes(const struct figures *f, size_t i)
{
    return (double)f->r->samples[i].resident * SCENARIO_PAGE_BYTES;
}

/* A line with the name and the colour of a word. */
#define LINE_OF(v, value, fn) \
    { word_phrase(v, value), word_of(v, value)->color, fn }
#define STATE(state, fn) LINE_OF(&vm_state_words, state, fn)

#define LINES(...)                                            \
    (const struct figure_line[]){ __VA_ARGS__ },              \
        sizeof((const struct figure_line[]){ __VA_ARGS__ }) / \
            sizeof(struct figure_line)

static struct html_plot plot_of(const struct figures *f, const char *title,
                                const char *y_name)
{
    struct html_plot p = f->base;
    p.title = title;
    p.y_name = y_name;
    return p;
}

static void write_load(struct figures *f)
{
    struct html_plot p = plot_of(f, "Requests", "per second");
    write_over_time(f, &p,
                    LINES({ "due", COLOR_LOAD, asked },
                          { "completed", COLOR_SENT, answered },
                          { "lost", COLOR_TROUBLE, lost }));
}

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Returns the value that `per_mille` of the ascending values do not exceed. */
static double quantile(const uint64_t *values, size_t count, uint32_t per_mille)
{
    size_t rank = (count * per_mille + 999) / 1000;
    return (double)values[rank > 0 ? rank - 1 : 0];
}

/* Draws exact percentiles of the answers that came in each sample. */
static void write_latency(struct figures *f)
{
    const struct collect *c = f->c;
    size_t next = 0;
    for (size_t i = 0; i < f->count; i++) {
        size_t count = 0;
        while (next < c->reply_count &&
               c->replies[next].time / f->r->sample_cycles <= i) {
            f->latencies[count++] = c->replies[next++].latency;
        }
        qsort(f->latencies, count, sizeof(*f->latencies), compare_u64);
        static const uint32_t per_milles[] = { 500, 990, 1000 };
        for (int n = 0; n < 3; n++) {
            f->columns[n][i] =
                count == 0 ? (double)NAN
                           : f->ns_per_cycle *
                                 quantile(f->latencies, count, per_milles[n]);
        }
    }
    struct html_plot p = plot_of(f, "Latency of the answers, when they came",
                                 "from due to the last byte");
    p.y_unit = PLOT_NS;
    p.has_log_y = true;
    p.lines[0] = (struct plot_line){ "largest", f->columns[2], COLOR_NONE };
    p.lines[1] = (struct plot_line){ "p99", f->columns[1], COLOR_SERIES_5 };
    p.lines[2] = (struct plot_line){ "p50", f->columns[0], COLOR_SERIES_1 };
    p.line_count = 3;
    html_plot_write(f->file, &p);
}

static void write_processor(struct figures *f)
{
    static const struct figure_line categories[] = {
#define X(constant, name, phrase, color) { phrase, color, share_of_##constant },
        CPU_CATEGORY_WORDS(X)
#undef X
    };
    _Static_assert(CPU_IDLE == CPU_CATEGORY_COUNT - 1, "idle is left out");
    struct html_plot p =
        plot_of(f, "Processor time by category", "of the time");
    p.y_unit = PLOT_PERCENT;
    p.kind = PLOT_STACK;
    write_over_time(f, &p, categories, CPU_IDLE);
    p = plot_of(f, "Switches and interrupts", "per second");
    write_over_time(
        f, &p,
        LINES({ "switches of address space", COLOR_SWITCH, switches },
              { "deliveries of virtual interrupts", COLOR_INTERRUPT,
                deliveries }));
}

static void write_vms(struct figures *f)
{
    struct html_plot p =
        plot_of(f, "VMs by state, but for those that are idle", "VMs");
    p.kind = PLOT_STACK;
    write_over_time(f, &p,
                    LINES(STATE(VM_READY, ready), STATE(VM_PAGING, paging),
                          STATE(VM_WAITING, waiting)));
    p = plot_of(f, "Idle VMs", "VMs");
    write_over_time(f, &p, LINES(STATE(VM_IDLE, idle)));
}

static void write_memory(struct figures *f)
{
    struct html_plot p =
        plot_of(f, "Frames that hold guests' pages and page tables", "in use");
    p.y_unit = PLOT_BYTES;
    write_over_time(f, &p, LINES({ "in use", COLOR_PAGE, resident_bytes }));
    p = plot_of(f, "Page faults and evictions", "per second");
    p.has_log_y = true; /* Boot has many times the faults of the window. */
    write_over_time(f, &p,
                    LINES({ "faults", COLOR_PAGING, faults },
                          { "evictions", COLOR_TABLE, evictions }));
    p = plot_of(f, "Requests at the disks", "queued or served");
    write_over_time(f, &p, LINES({ "requests", COLOR_DISK, disk_depth }));
}

static void write_network(struct figures *f)
{
    struct html_plot p = plot_of(f, "Packets at the VMs", "per second");
    write_over_time(f, &p,
                    LINES({ "received", COLOR_NET, rx_packets },
                          { "sent", COLOR_SENT, tx_packets }));
}

/* ---- Distributions ------------------------------------------------------ */

struct distribution {
    const char *title, *x_name;
    enum figure_id figure; /* Any part of the histogram. */
};

/* Draws, for each value, how many per cent of all values do not exceed it. */
static void write_distribution(const struct figures *f, const struct stats *s,
                               const struct distribution *d)
{
    const struct histogram *h = figure_histogram(s, d->figure);
    bool is_time = figure_table[d->figure].unit == UNIT_NS;
    double x[PER_MILLES];
    double y[PER_MILLES];
    size_t count = 0;
    for (uint32_t i = 0; i < PER_MILLES && h->count > 0; i++) {
        double value = (double)hist_percentile(h, i);
        value *= is_time ? f->ns_per_cycle : 1;
        if (is_time && value < 1) {
            value = 1; /* A logarithmic axis has no 0. */
        }
        x[count] = value;
        y[count++] = i / 10.0;
    }
    struct html_plot p = {
        .title = d->title,
        .x_name = d->x_name,
        .y_name = "values that are not greater",
        .x_unit = is_time ? PLOT_NS : PLOT_NUMBER,
        .y_unit = PLOT_PERCENT,
        .y_least = 100,
        .kind = PLOT_STEPS,
        .has_log_x = is_time,
        .x = x,
        .count = count,
        .line_count = 1,
    };
    p.lines[0] = (struct plot_line){ d->x_name, y, COLOR_SERIES_1 };
    html_plot_write(f->file, &p);
}

static void write_distributions(const struct figures *f, const struct stats *s)
{
    const struct distribution all[] = {
        { "Latency of requests", "latency", FIGURE_LOAD_LATENCY_MEAN },
        { "Virtual interrupts: from the first raise to delivery",
          "delay; 0 is shown as 1 ns", FIGURE_VIRQ_DELAY_MEAN },
        { "Packets that a delivery found in the queue", "packets",
          FIGURE_VIRQ_BATCH_MEAN },
        { "Wait at the gate", "wait; 0 is shown as 1 ns",
          FIGURE_GATE_WAIT_MEAN },
    };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        write_distribution(f, s, &all[i]);
    }
}

void page_figures(FILE *file, const struct collect *c,
                  const struct report *report)
{
    struct figures f = {
        .file = file,
        .c = c,
        .r = c->replay,
        .ns_per_cycle = 1e9 / (double)c->info->cpu_hz,
    };
    if (init(&f)) {
        fputs("<h2>Over virtual time</h2>\n", file);
        write_load(&f);
        write_latency(&f);
        write_processor(&f);
        write_vms(&f);
        write_memory(&f);
        write_network(&f);
        fputs("<h2>Distributions, in the measured window</h2>\n", file);
        write_distributions(&f, report->stats);
    } else {
        fputs("<p>The host had too little memory for the plots.</p>\n", file);
    }
    release(&f);
}
