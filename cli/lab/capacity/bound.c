/* bound.c - see bound.h. */
#include "cli/lab/capacity/bound.h"

#include <stdio.h>

#include "sim/report/figures.h"

/* Less than half busy, nothing is a bottleneck; and what makes up half of a
   wait is the greatest part of it. */
#define HALF 0.5

#define NS_PER_SECOND 1e9

struct kind {
    const char *name, *phrase;
};

static const struct kind kinds[] = {
    [BOUND_PROCESSOR] = { "processor", "the processor" },
    [BOUND_DISK] = { "disk", "the disks" },
    [BOUND_MEMORY] = { "memory", "memory: the disks are busy with its pages" },
    [BOUND_GATE] = { "gate", "the gate, at which VMs wait to be admitted" },
    [BOUND_NONE] = { "none", "neither processor nor disks nor gate" },
};

struct measure {
    const char *label; /* NULL: it is not printed. */
    const char *key;
    enum figure_id like; /* Its unit. */
    bool is_share;
};

static const struct measure measures[BOUND_MEASURE_COUNT] = {
    [BUSY_PROCESSOR] = { "processor busy", "processor", 0, true },
    [BUSY_DISKS] = { "disks busy", "disks", 0, true },
    [USED_MEMORY] = { "memory in use, at most", "memory", 0, true },
    [PAGES_MOVED] = { "pages moved a second", "pages_rps", FIGURE_LOAD_ANSWERED,
                      false },
    [PAGES_BY_TRANSFERS] = { NULL, "pages_by_transfer", 0, false },
    [GATE_WAIT] = { "wait at the gate, mean", "gate_wait_ns",
                    FIGURE_GATE_WAIT_MEAN, false },
    [GATE_BY_LATENCY] = { NULL, "gate_by_latency", 0, true },
};

static double by(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

bool bound_read(const json_t *report, struct bound_figures *f)
{
    static const enum figure_id ids[] = {
        FIGURE_MEASURED_LENGTH,   FIGURE_CPU_IDLE,
        FIGURE_DISK_UTILISATION,  FIGURE_MEMORY_RESIDENT_PEAK,
        FIGURE_MEMORY_FRAMES,     FIGURE_MEMORY_PAGE_INS,
        FIGURE_MEMORY_PAGE_OUTS,  FIGURE_DISK_READS,
        FIGURE_DISK_WRITES,       FIGURE_GATE_WAIT_MEAN,
        FIGURE_LOAD_LATENCY_MEAN,
    };
    double v[FIGURE_COUNT];
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        if (!figure_read(report, (struct figure_ref){ ids[i], 0 },
                         &v[ids[i]])) {
            return false;
        }
    }
    double length = v[FIGURE_MEASURED_LENGTH];
    double pages = v[FIGURE_MEMORY_PAGE_INS] + v[FIGURE_MEMORY_PAGE_OUTS];
    *f = (struct bound_figures){ {
        [BUSY_PROCESSOR] = by(length - v[FIGURE_CPU_IDLE], length),
        [BUSY_DISKS] = v[FIGURE_DISK_UTILISATION],
        [USED_MEMORY] =
            by(v[FIGURE_MEMORY_RESIDENT_PEAK], v[FIGURE_MEMORY_FRAMES]),
        [PAGES_MOVED] = by(pages * NS_PER_SECOND, length),
        [PAGES_BY_TRANSFERS] =
            by(pages, v[FIGURE_DISK_READS] + v[FIGURE_DISK_WRITES]),
        [GATE_WAIT] = v[FIGURE_GATE_WAIT_MEAN],
        [GATE_BY_LATENCY] =
            by(v[FIGURE_GATE_WAIT_MEAN], v[FIGURE_LOAD_LATENCY_MEAN]),
    } };
    return true;
}

enum bound bound_judge(const struct bound_figures *f)
{
    const double *of = f->of;
    if (of[GATE_BY_LATENCY] >= HALF) {
        return BOUND_GATE;
    }
    if (of[BUSY_PROCESSOR] < HALF && of[BUSY_DISKS] < HALF) {
        return BOUND_NONE;
    }
    if (of[BUSY_PROCESSOR] >= of[BUSY_DISKS]) {
        return BOUND_PROCESSOR;
    }
    return of[PAGES_BY_TRANSFERS] >= HALF ? BOUND_MEMORY : BOUND_DISK;
}

const char *bound_phrase(enum bound b)
{
    return kinds[b].phrase;
}

const char *bound_name(enum bound b)
{
    return kinds[b].name;
}

static void print_value(const struct measure *m, size_t i,
                        const struct bound_figures *f)
{
    if (f) {
        struct quantity q = m->is_share ? quantity_share(f->of[i], 1)
                                        : figure_text(m->like, f->of[i]);
        printf(" %16s", q.chars);
    }
}

void bound_print(const struct bound_figures *passing, const char *at_passing,
                 const struct bound_figures *failing, const char *at_failing)
{
    printf("%24s", "at");
    if (passing) {
        printf(" %16s", at_passing);
    }
    if (failing) {
        printf(" %16s", at_failing);
    }
    putchar('\n');
    for (size_t i = 0; i < BOUND_MEASURE_COUNT; i++) {
        const struct measure *m = &measures[i];
        if (m->label) {
            printf("%24s", m->label);
            print_value(m, i, passing);
            print_value(m, i, failing);
            putchar('\n');
        }
    }
}

json_t *bound_to_json(const struct bound_figures *f)
{
    json_t *object = json_object();
    for (size_t i = 0; i < BOUND_MEASURE_COUNT; i++) {
        json_object_set_new(object, measures[i].key, json_real(f->of[i]));
    }
    return object;
}
