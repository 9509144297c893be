/*
 * table.c - the report as a table of at most 80 columns: first whether the work
 * was done and how fast, then where the time went, then the rest. Most of it is
 * a list of lines; each names the figures that it shows.
 */
#include <stdio.h>
#include <string.h>

#include "sim/devices/machine.h"
#include "sim/report/figures.h"
#include "sim/units.h"
#include "sim/vocabulary/vocabulary.h"

#include "sim/banned.h"

#define BAR_COLUMNS  40
#define CPU_COLUMNS  15 /* Of a label and a percentage. */
#define LABEL_FORMAT "  %-13s"
#define LINE_FIGURES 4
#define LINES        8

struct printer {
    const struct report *report;
    const struct stats *stats;
    FILE *file;
};

typedef bool shown_fn(const struct printer *p);

struct line {
    const char *label;
    const char *text; /* A '#' is the next of the figures, with its unit. */
    enum figure_id figures[LINE_FIGURES];
    shown_fn *is_shown; /* NULL: always. */
};

/* A section ends with a line without a text. */
struct section {
    const char *title;
    shown_fn *is_shown; /* NULL: always. */
    struct line lines[LINES];
};

static struct quantity text_of(const struct printer *p, enum figure_id id)
{
    return figure_text(id, figure_real(p->report, id));
}

/* ---- Lines -------------------------------------------------------------- */

/* A distribution of times, left out if it has recorded none. */
#define TIMES(label, id)                          \
    { label,                                      \
      "median #, 90 % #, 99 % #, most #",         \
      { id##_P50, id##_P90, id##_P99, id##_MAX }, \
      .is_shown = NULL }

static bool has_load(const struct printer *p)
{
    return p->report->scenario->load_count > 0 || p->stats->load.sent > 0;
}

static bool has_game(const struct printer *p)
{
    return p->stats->load.servers > 0;
}

static bool has_tcp(const struct printer *p)
{
    const struct tcp_stats *t = &p->stats->tcp;
    return t->clients.srtt.count + t->clients.retransmits +
               t->guests.retransmits >
           0;
}

static bool has_timeouts(const struct printer *p)
{
    return p->stats->tcp.clients.timeouts > 0;
}

static bool has_summons(const struct printer *p)
{
    return p->stats->sched.summons > 0;
}

static bool has_refused(const struct printer *p)
{
    return p->stats->vms.refused > 0;
}

static bool has_faults(const struct printer *p)
{
    return p->stats->memory.faults > 0;
}

static bool has_interrupts(const struct printer *p)
{
    return p->stats->virq.raised > 0;
}

static bool has_packets(const struct printer *p)
{
    const struct stats *s = p->stats;
    return s->net.rx_packets + s->net.tx_packets + s->net.rx_drops > 0;
}

static bool has_local_packets(const struct printer *p)
{
    return p->stats->net.local_packets > 0;
}

static bool has_disk(const struct printer *p)
{
    return p->stats->disk.reads + p->stats->disk.writes > 0;
}

static const struct section requests = {
    "Requests",
    has_load,
    { { "completed",
        "# of # sent",
        { FIGURE_LOAD_COMPLETED, FIGURE_LOAD_SENT },
        NULL },
      { "otherwise",
        "# failed, # timed out, # unanswered",
        { FIGURE_LOAD_FAILED, FIGURE_LOAD_TIMED_OUT, FIGURE_LOAD_UNANSWERED },
        NULL },
      { "a second",
        "# offered, # answered",
        { FIGURE_LOAD_OFFERED, FIGURE_LOAD_ANSWERED },
        NULL },
      { "open",
        "# when the window began, # when it ended",
        { FIGURE_LOAD_OPEN_BEFORE, FIGURE_LOAD_OPEN },
        NULL },
      TIMES("latency", FIGURE_LOAD_LATENCY),
      { "data",
        "# of bodies, # segments retransmitted",
        { FIGURE_LOAD_BYTES, FIGURE_LOAD_RETRANSMITS },
        NULL },
      { "game",
        "# snapshots, # a second and server",
        { FIGURE_LOAD_SNAPSHOTS, FIGURE_LOAD_UPDATES },
        has_game } }
};

static const struct section tcp = {
    "TCP",
    has_tcp,
    { TIMES("clients' RTT", FIGURE_TCP_CLIENTS_SRTT),
      TIMES("guests' RTT", FIGURE_TCP_GUESTS_SRTT),
      { "timed out",
        "# times at clients",
        { FIGURE_TCP_CLIENTS_TIMEOUTS },
        has_timeouts },
      TIMES("after", FIGURE_TCP_CLIENTS_RTO),
      { "retransmits",
        "# segments by clients, # of them spurious",
        { FIGURE_TCP_CLIENTS_RETRANSMITS, FIGURE_TCP_CLIENTS_SPURIOUS },
        NULL },
      { "",
        "# segments by guests, # of them spurious",
        { FIGURE_TCP_GUESTS_RETRANSMITS, FIGURE_TCP_GUESTS_SPURIOUS },
        NULL } }
};

static const struct section machines = {
    "Virtual machines",
    NULL,
    { { "whole run",
        "# created, # terminated (# failed), # faulted",
        { FIGURE_VMS_CREATED, FIGURE_VMS_TERMINATED, FIGURE_VMS_FAILED,
          FIGURE_VMS_FAULTED },
        NULL },
      { "refused",
        "# VMs, for which there was no room",
        { FIGURE_VMS_REFUSED },
        has_refused },
      { "switches",
        "#, and # preemptions",
        { FIGURE_SCHED_SWITCHES, FIGURE_SCHED_PREEMPTIONS },
        NULL },
      { "idle",
        "# times, then preferred # times",
        { FIGURE_SCHED_IDLES, FIGURE_SCHED_BOOSTS },
        NULL },
      { "summoned",
        "# times, for an interrupt",
        { FIGURE_SCHED_SUMMONS },
        has_summons },
      { "gate",
        "# admissions, at most # waiting",
        { FIGURE_GATE_ADMISSIONS, FIGURE_GATE_MAX_WAITING },
        NULL },
      TIMES("gate wait", FIGURE_GATE_WAIT) }
};

static const struct section memory = {
    "Memory",
    NULL,
    { { "in use",
        "# of # at most, kernel and page tables included",
        { FIGURE_MEMORY_RESIDENT_PEAK, FIGURE_MEMORY_FRAMES },
        NULL },
      { "page tables", "# at most", { FIGURE_MEMORY_TABLE_FRAMES }, NULL },
      { "page faults", "#", { FIGURE_MEMORY_FAULTS }, has_faults },
      { "pages",
        "# zeroed, # read, # written",
        { FIGURE_MEMORY_ZERO_FILLS, FIGURE_MEMORY_PAGE_INS,
          FIGURE_MEMORY_PAGE_OUTS },
        has_faults } }
};

static const struct section interrupts = {
    "Virtual interrupts",
    has_interrupts,
    { { "raised",
        "#, # of them coalesced, # deliveries",
        { FIGURE_VIRQ_RAISED, FIGURE_VIRQ_COALESCED, FIGURE_VIRQ_DELIVERIES },
        NULL },
      { "a delivery",
        "mean # packets, 99 % #, most #",
        { FIGURE_VIRQ_BATCH_MEAN, FIGURE_VIRQ_BATCH_P99,
          FIGURE_VIRQ_BATCH_MAX },
        NULL },
      TIMES("delay", FIGURE_VIRQ_DELAY) }
};

static const struct section network = {
    "Network",
    has_packets,
    { { "received",
        "# packets, #",
        { FIGURE_NET_RX_PACKETS, FIGURE_NET_RX_BYTES },
        NULL },
      { "sent",
        "# packets, #",
        { FIGURE_NET_TX_PACKETS, FIGURE_NET_TX_BYTES },
        NULL },
      { "VM to VM",
        "# packets",
        { FIGURE_NET_LOCAL_PACKETS },
        has_local_packets } }
};

static const struct section disks = {
    "Disks",
    has_disk,
    { { "requests",
        "# reads, # writes",
        { FIGURE_DISK_READS, FIGURE_DISK_WRITES },
        NULL } }
};

/* Names the percentiles for which there are too few values. */
static void print_unborne(const struct printer *p, const struct line *l)
{
    enum figure_id first = l->figures[0];
    if (figure_table[first].part == PART_NONE) {
        return;
    }
    uint64_t count = figure_histogram(p->stats, first)->count;
    bool has_any = false;
    for (size_t i = 0; i < LINE_FIGURES; i++) {
        uint64_t least = figure_least_count(l->figures[i]);
        if (count < least) {
            if (!has_any) {
                fprintf(p->file, LABEL_FORMAT "of %llu value%s only;", "",
                        (unsigned long long)count, count == 1 ? "" : "s");
            }
            fprintf(p->file, "%s %s takes %llu", has_any ? "," : "",
                    figure_part_name(figure_table[l->figures[i]].part),
                    (unsigned long long)least);
            has_any = true;
        }
    }
    fputs(has_any ? "\n" : "", p->file);
}

static void print_interval(const struct printer *p, enum figure_id id,
                           const struct interval *interval)
{
    uint64_t hz = p->report->scenario->machine->cpu_hz;
    const char *part = figure_part_name(figure_table[id].part);
    switch (interval->state) {
    case INTERVAL_GIVEN:
        fprintf(
            p->file, "%s %s to %s", part,
            figure_text(id, (double)ns_from_cycles(interval->low, hz)).chars,
            figure_text(id, (double)ns_from_cycles(interval->high, hz)).chars);
        return;
    case INTERVAL_FEW:
        fprintf(
            p->file, "%s takes %s answers", part,
            figure_text(FIGURE_LOAD_COMPLETED, (double)interval->takes).chars);
        return;
    case INTERVAL_DEPENDENT:
    case INTERVAL_UNSTEADY:
        fprintf(p->file, "the interval %s",
                word_phrase(&interval_state_words, interval->state));
        return;
    }
}

/* Between which values the line's percentiles are, or why nobody knows: in clauses
   of which two fit on a line. */
static void print_intervals(const struct printer *p, const struct line *l)
{
    size_t clauses = 0;
    enum interval_state said = INTERVAL_GIVEN;
    for (size_t i = 0; i < LINE_FIGURES; i++) {
        enum figure_id id = l->figures[i];
        if (figure_least_answers(id) == 0) {
            continue;
        }
        struct interval interval = figure_interval(p->report, id);
        bool is_new = clauses == 0 || interval.state != said ||
                      interval.state == INTERVAL_GIVEN ||
                      interval.state == INTERVAL_FEW;
        if (!is_new) {
            continue;
        }
        said = interval.state;
        if (clauses % 2 == 0) {
            fprintf(p->file, "%s" LABEL_FORMAT, clauses > 0 ? ",\n" : "",
                    clauses == 0 ? "95 % within" : "");
        } else {
            fputs(", ", p->file);
        }
        clauses++;
        print_interval(p, id, &interval);
    }
    fputs(clauses > 0 ? "\n" : "", p->file);
}

static void print_line(const struct printer *p, const struct line *l)
{
    enum figure_id first = l->figures[0];
    if ((l->is_shown && !l->is_shown(p)) ||
        (figure_table[first].part != PART_NONE &&
         figure_histogram(p->stats, first)->count == 0)) {
        return;
    }
    const enum figure_id *next = l->figures;
    fprintf(p->file, LABEL_FORMAT, l->label);
    for (const char *at = l->text; *at; at++) {
        if (*at == '#') {
            fputs(text_of(p, *next++).chars, p->file);
        } else {
            fputc(*at, p->file);
        }
    }
    fputc('\n', p->file);
    if (figure_least_answers(first) > 0) {
        print_intervals(p, l);
    } else {
        print_unborne(p, l);
    }
}

/* What the window was, and why; what could be cut on a line of its own. */
static void print_steady(const struct printer *p)
{
    const struct steady *s = p->report->steady;
    char reason[STEADY_REASON_BYTES];
    steady_explain(&s->input, &s->verdict, reason);
    char *more = strstr(reason, "; ");
    int length = more ? (int)(more - reason) : (int)strlen(reason);
    fprintf(p->file, "%s: %s\n%.*s\n", steady_heading(&s->verdict),
            word_name(&steady_class_words, s->verdict.class), length, reason);
    if (more) {
        fprintf(p->file, "%s\n", more + 2);
    }
}

/* False: it is left out. */
static bool print_section(const struct printer *p, const struct section *s)
{
    if (s->is_shown && !s->is_shown(p)) {
        return false;
    }
    fprintf(p->file, "\n%s\n", s->title);
    for (size_t i = 0; i < LINES && s->lines[i].text; i++) {
        print_line(p, &s->lines[i]);
    }
    return true;
}

/* ---- What is no line of figures ------------------------------------------ */

static void print_head(const struct printer *p)
{
    const struct scenario *s = p->report->scenario;
    char window[UNITS_BYTES];
    char ram[UNITS_BYTES];
    uint64_t ns = figure_whole(p->report, FIGURE_MEASURED_LENGTH);
    units_write_time(ns, window);
    units_write_size(s->ram_bytes, ram);
    fprintf(p->file, "%s, seed %llu: %s VM%s on %s with %s of RAM\n", s->name,
            (unsigned long long)s->seed, text_of(p, FIGURE_VMS_CREATED).chars,
            p->stats->vms.created == 1 ? "" : "s", s->machine->name, ram);
    bool is_asleep = ns > 0 && p->stats->cpu[CPU_GUEST] == 0;
    fprintf(p->file, "Measured: %s of virtual time%s, after %s of warm-up\n",
            window, is_asleep ? ", in which no VM ran" : "",
            text_of(p, FIGURE_MEASURED_WARMUP).chars);
    print_steady(p);
}

static void print_cpu(const struct printer *p)
{
    uint64_t total = 0;
    for (int i = 0; i < CPU_CATEGORY_COUNT; i++) {
        total += p->stats->cpu[i];
    }
    if (total == 0) {
        return;
    }
    fprintf(p->file, "\nProcessor\n");
    for (int i = FIGURE_CPU_GUEST; i <= FIGURE_CPU_IDLE; i++) {
        double share =
            (double)p->stats->cpu[i - FIGURE_CPU_GUEST] / (double)total;
        int columns = (int)(share * BAR_COLUMNS + 0.5);
        fprintf(p->file, "  %s%*.1f %%  %7s%s%.*s\n", figure_table[i].label,
                CPU_COLUMNS - (int)strlen(figure_table[i].label), share * 100,
                text_of(p, (enum figure_id)i).chars, columns ? "  " : "",
                columns, "########################################");
    }
}

static void print_drops(const struct printer *p)
{
    static const struct {
        const char *cause;
        enum figure_id figure;
    } drops[] = {
        { "VM's queue full", FIGURE_NET_DROPS_VM_FULL },
        { "pool full", FIGURE_NET_DROPS_POOL_FULL },
        { "no such VM", FIGURE_NET_DROPS_NO_VM },
        { "card overrun", FIGURE_NET_DROPS_OVERRUN },
        { "not sent", FIGURE_NET_TX_DROPS },
    };
    const char *before = NULL;
    for (size_t i = 0; i < sizeof(drops) / sizeof(drops[0]); i++) {
        if (figure_whole(p->report, drops[i].figure) == 0) {
            continue;
        }
        if (!before) {
            fprintf(p->file, LABEL_FORMAT, "dropped");
            before = "";
        }
        fprintf(p->file, "%s%s %s", before, text_of(p, drops[i].figure).chars,
                drops[i].cause);
        before = ", ";
    }
    fputs(before ? "\n" : "", p->file);
}

static void print_busy(const struct printer *p)
{
    uint32_t spindles = p->report->scenario->machine->disk_count;
    fprintf(p->file, LABEL_FORMAT "%.1f %% of the time of %u spindle%s\n",
            "busy", figure_real(p->report, FIGURE_DISK_UTILISATION) * 100,
            spindles, spindles == 1 ? "" : "s");
}

static void print_foot(const struct printer *p)
{
    const struct report_host *host = p->report->host;
    char hex[FINGERPRINT_CHARS];
    trace_fingerprint(p->report->trace, hex);
    fprintf(p->file, "\nHost\n");
    fprintf(p->file, LABEL_FORMAT "%.2f s, %s of memory, Unicorn %s\n", "took",
            host->wall_s, text_of(p, FIGURE_HOST_MAX_RSS).chars, host->unicorn);
    fprintf(p->file, LABEL_FORMAT "%s instructions, %.0f million a second\n",
            "guests", text_of(p, FIGURE_GUEST_INSTRUCTIONS).chars, host->mips);
    fprintf(p->file, "\nFingerprint    %s\n", hex);
    fprintf(p->file, "Guests         %s\n",
            word_phrase(&guests_words, p->report->guests));
}

void report_print(const struct report *r, FILE *file)
{
    struct printer p = { .report = r, .stats = r->stats, .file = file };
    print_head(&p);
    print_section(&p, &requests);
    print_section(&p, &tcp);
    print_cpu(&p);
    print_section(&p, &machines);
    print_section(&p, &memory);
    print_section(&p, &interrupts);
    if (print_section(&p, &network)) {
        print_drops(&p);
    }
    if (print_section(&p, &disks)) {
        print_busy(&p);
    }
    print_foot(&p);
}
