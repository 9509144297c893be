/*
 * report_print.c - the report as a table of at most 80 columns: first whether
 * the work was done and how fast, then where the time went, then the rest.
 */
#include <stdio.h>
#include <string.h>

#include "sim/devices/machine.h"
#include "sim/quantity.h"
#include "sim/report.h"
#include "sim/units.h"

#include "sim/banned.h"

#define BAR_COLUMNS  40
#define LABEL_FORMAT "  %-13s"

struct printer {
    const struct report *report;
    const struct stats *stats;
    uint64_t cpu_hz;
    FILE *file;
};

/* ---- Quantities --------------------------------------------------------- */

static struct quantity cycles_text(const struct printer *p, uint64_t cycles)
{
    return quantity_time((double)ns_from_cycles(cycles, p->cpu_hz));
}

static struct quantity frames_text(uint64_t frames)
{
    return quantity_size((double)frames * SCENARIO_PAGE_BYTES);
}

#define COUNT(value)    (quantity_count(value).chars)
#define TIME(p, cycles) (cycles_text(p, cycles).chars)
#define BYTES(value)    (quantity_size((double)(value)).chars)
#define FRAMES(value)   (frames_text(value).chars)
#define PERCENTILE(p, h, per_mille) \
    (cycles_text(p, hist_percentile(h, per_mille)).chars)

/* ---- Sections ----------------------------------------------------------- */

static void print_times(const struct printer *p, const char *label,
                        const struct histogram *h)
{
    if (h->count == 0) {
        return;
    }
    fprintf(p->file, LABEL_FORMAT "median %s, 90 %% %s, 99 %% %s, most %s\n",
            label, PERCENTILE(p, h, 500), PERCENTILE(p, h, 900),
            PERCENTILE(p, h, 990), PERCENTILE(p, h, 1000));
}

static void print_head(const struct printer *p)
{
    const struct scenario *s = p->report->scenario;
    char window[UNITS_BYTES];
    char ram[UNITS_BYTES];
    uint64_t cycles = p->stats->window_end - p->stats->window_start;
    units_write_time(ns_from_cycles(cycles, p->cpu_hz), window);
    units_write_size(s->ram_bytes, ram);
    fprintf(p->file, "%s, seed %llu: %s VM%s on %s with %s of RAM\n", s->name,
            (unsigned long long)s->seed, COUNT(p->stats->vms.created),
            p->stats->vms.created == 1 ? "" : "s", s->machine->name, ram);
    bool is_asleep = cycles > 0 && p->stats->cpu[CPU_GUEST] == 0;
    fprintf(p->file, "Measured: %s of virtual time%s\n", window,
            is_asleep ? ", in which no VM ran" : "");
}

static void print_load(const struct printer *p)
{
    const struct load_stats *l = &p->stats->load;
    if (p->report->scenario->load_count == 0 && l->sent == 0) {
        return;
    }
    uint64_t cycles = p->stats->window_end - p->stats->window_start;
    double seconds = (double)cycles / (double)p->cpu_hz;
    fprintf(p->file, "\nRequests\n");
    fprintf(p->file, LABEL_FORMAT "%s of %s sent", "completed",
            COUNT(l->completed), COUNT(l->sent));
    if (cycles > 0) {
        fprintf(p->file, ", %s a second",
                COUNT((uint64_t)((double)l->completed / seconds + 0.5)));
    }
    fprintf(p->file, "\n" LABEL_FORMAT "%s failed, %s timed out, %s open\n",
            "otherwise", COUNT(l->failed), COUNT(l->timed_out), COUNT(l->open));
    print_times(p, "latency", &l->latency);
    fprintf(p->file, LABEL_FORMAT "%s of bodies, %s segments sent again\n",
            "data", BYTES(l->bytes), COUNT(l->retransmits));
    if (l->servers > 0 && cycles > 0) {
        fprintf(p->file, LABEL_FORMAT "%s snapshots, %s a second and server\n",
                "game", COUNT(l->snapshots),
                COUNT((uint64_t)((double)l->snapshots / seconds /
                                     (double)l->servers +
                                 0.5)));
    }
}

static void print_tcp(const struct printer *p)
{
    const struct tcp_stats *t = &p->stats->tcp;
    if (t->clients.srtt.count + t->clients.retransmits +
            t->guests.retransmits ==
        0) {
        return;
    }
    fprintf(p->file, "\nTCP\n");
    print_times(p, "clients' RTT", &t->clients.srtt);
    print_times(p, "guests' RTT", &t->guests.srtt);
    if (t->clients.timeouts > 0) {
        fprintf(p->file, LABEL_FORMAT "%s times at clients\n", "timed out",
                COUNT(t->clients.timeouts));
        print_times(p, "after", &t->clients.rto);
    }
    fprintf(p->file,
            LABEL_FORMAT
            "%s segments by clients, %s of them needlessly\n" LABEL_FORMAT
            "%s segments by guests, %s of them needlessly\n",
            "sent again", COUNT(t->clients.retransmits),
            COUNT(t->clients.spurious), "", COUNT(t->guests.retransmits),
            COUNT(t->guests.spurious));
}

static void print_cpu(const struct printer *p)
{
    static const char *const names[CPU_CATEGORY_COUNT] = {
        [CPU_GUEST] = "guests",         [CPU_SWITCH] = "switching",
        [CPU_INTERRUPT] = "interrupts", [CPU_PAGING] = "paging",
        [CPU_PIO] = "device I/O",       [CPU_IDLE] = "idle",
    };
    uint64_t total = 0;
    for (int i = 0; i < CPU_CATEGORY_COUNT; i++) {
        total += p->stats->cpu[i];
    }
    if (total == 0) {
        return;
    }
    fprintf(p->file, "\nProcessor\n");
    for (int i = 0; i < CPU_CATEGORY_COUNT; i++) {
        double share = (double)p->stats->cpu[i] / (double)total;
        int columns = (int)(share * BAR_COLUMNS + 0.5);
        fprintf(p->file, LABEL_FORMAT "%5.1f %%  %7s%s%.*s\n", names[i],
                share * 100, TIME(p, p->stats->cpu[i]), columns ? "  " : "",
                columns, "########################################");
    }
}

static void print_vms(const struct printer *p)
{
    const struct stats *s = p->stats;
    fprintf(p->file, "\nVirtual machines\n");
    fprintf(p->file, LABEL_FORMAT "%s created, %s terminated, %s faulted\n",
            "whole run", COUNT(s->vms.created), COUNT(s->vms.terminated),
            COUNT(s->vms.faulted));
    fprintf(p->file, LABEL_FORMAT "%s, and %s preemptions\n", "switches",
            COUNT(s->sched.switches), COUNT(s->sched.preemptions));
    fprintf(p->file, LABEL_FORMAT "%s times, then preferred %s times\n", "idle",
            COUNT(s->sched.idles), COUNT(s->sched.boosts));
    if (s->sched.summons > 0) {
        fprintf(p->file, LABEL_FORMAT "%s times, for an interrupt\n",
                "summoned", COUNT(s->sched.summons));
    }
    fprintf(p->file, LABEL_FORMAT "%s admissions, at most %s waiting\n", "gate",
            COUNT(s->gate.admissions), COUNT(s->gate.max_waiting));
    print_times(p, "gate wait", &s->gate.wait);
}

static void print_memory(const struct printer *p)
{
    const struct stats *s = p->stats;
    fprintf(p->file, "\nMemory\n");
    fprintf(p->file,
            LABEL_FORMAT
            "%s of %s at most, kernel and page tables included\n" LABEL_FORMAT
            "%s at most\n",
            "in use", FRAMES(s->memory.resident_peak), FRAMES(s->memory.frames),
            "page tables", FRAMES(s->memory.table_peak));
    if (s->paging.faults > 0) {
        fprintf(p->file,
                LABEL_FORMAT "%s\n" LABEL_FORMAT
                             "%s zeroed, %s read, %s written\n",
                "page faults", COUNT(s->paging.faults), "pages",
                COUNT(s->paging.zero_fills), COUNT(s->paging.page_ins),
                COUNT(s->paging.page_outs));
    }
}

static void print_virq(const struct printer *p)
{
    const struct stats *s = p->stats;
    if (s->virq.raised == 0) {
        return;
    }
    fprintf(p->file, "\nVirtual interrupts\n");
    fprintf(p->file, LABEL_FORMAT "%s, %s of them coalesced, %s deliveries\n",
            "raised", COUNT(s->virq.raised), COUNT(s->virq.coalesced),
            COUNT(s->virq.deliveries));
    if (s->virq.batch.count > 0) {
        fprintf(p->file, LABEL_FORMAT "mean %.2f packets, 99 %% %s, most %s\n",
                "a delivery", hist_mean(&s->virq.batch),
                COUNT(hist_percentile(&s->virq.batch, 990)),
                COUNT(s->virq.batch.max));
    }
    print_times(p, "delay", &s->virq.delay);
}

static void print_drops(const struct printer *p)
{
    const struct stats *s = p->stats;
    const struct {
        const char *cause;
        uint64_t count;
    } drops[] = {
        { "VM's queue full", s->net.drop_vm_full },
        { "pool full", s->net.drop_pool_full },
        { "no such VM", s->net.drop_no_vm },
        { "card overrun", s->net.drop_overrun },
        { "not sent", s->net.tx_drops },
    };
    if (s->net.rx_drops + s->net.tx_drops + s->net.drop_overrun == 0) {
        return;
    }
    fprintf(p->file, LABEL_FORMAT, "dropped");
    const char *comma = "";
    for (size_t i = 0; i < sizeof(drops) / sizeof(drops[0]); i++) {
        if (drops[i].count > 0) {
            fprintf(p->file, "%s%s %s", comma, COUNT(drops[i].count),
                    drops[i].cause);
            comma = ", ";
        }
    }
    fprintf(p->file, "\n");
}

static void print_net(const struct printer *p)
{
    const struct stats *s = p->stats;
    if (s->net.rx_packets + s->net.tx_packets + s->net.rx_drops == 0) {
        return;
    }
    fprintf(p->file, "\nNetwork\n");
    fprintf(p->file, LABEL_FORMAT "%s packets, %s\n", "received",
            COUNT(s->net.rx_packets), BYTES(s->net.rx_bytes));
    fprintf(p->file, LABEL_FORMAT "%s packets, %s\n", "sent",
            COUNT(s->net.tx_packets), BYTES(s->net.tx_bytes));
    if (s->net.local_packets > 0) {
        fprintf(p->file, LABEL_FORMAT "%s packets\n", "VM to VM",
                COUNT(s->net.local_packets));
    }
    print_drops(p);
}

static void print_disk(const struct printer *p)
{
    const struct stats *s = p->stats;
    if (s->disk.reads + s->disk.writes == 0) {
        return;
    }
    fprintf(p->file, "\nDisks\n");
    uint32_t spindles = p->report->scenario->machine->disk_count;
    double capacity =
        (double)(s->window_end - s->window_start) * (double)spindles;
    fprintf(p->file, LABEL_FORMAT "%s reads, %s writes\n", "requests",
            COUNT(s->disk.reads), COUNT(s->disk.writes));
    if (capacity > 0) {
        fprintf(p->file, LABEL_FORMAT "%.1f %% of the time of %u spindle%s\n",
                "busy", (double)s->disk.busy / capacity * 100, spindles,
                spindles == 1 ? "" : "s");
    }
}

static void print_foot(const struct printer *p)
{
    const struct report_host *host = p->report->host;
    char hex[FINGERPRINT_CHARS];
    trace_fingerprint(p->report->trace, hex);
    fprintf(p->file, "\nHost\n");
    fprintf(p->file, LABEL_FORMAT "%.2f s, %s of memory, Unicorn %s\n", "took",
            host->wall_s, BYTES(host->max_rss_kib * 1024), host->unicorn);
    fprintf(p->file, LABEL_FORMAT "%s instructions, %.0f million a second\n",
            "guests", COUNT(p->stats->guest.instructions), host->mips);
    fprintf(p->file, "\nFingerprint    %s\n", hex);
}

void report_print(const struct report *r, FILE *file)
{
    struct printer p = { .report = r,
                         .stats = r->stats,
                         .cpu_hz = r->scenario->machine->cpu_hz,
                         .file = file };
    print_head(&p);
    print_load(&p);
    print_tcp(&p);
    print_cpu(&p);
    print_vms(&p);
    print_memory(&p);
    print_virq(&p);
    print_net(&p);
    print_disk(&p);
    print_foot(&p);
}
