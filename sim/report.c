/*
 * report.c - the report as JSON; see report.h. Keys stay in the order in which
 * they are set here.
 */
#include "sim/report.h"

#include <jansson.h>

#include "sim/devices/machine.h"

#include "sim/banned.h"

#define NS_PER_SECOND 1e9

struct builder {
    const struct report *report;
    uint64_t cpu_hz;
    bool is_whole; /* No allocation has failed. */
};

/* ---- Values ------------------------------------------------------------- */

static void set(struct builder *b, json_t *object, const char *key,
                json_t *value)
{
    b->is_whole = json_object_set_new(object, key, value) == 0 && b->is_whole;
}

static void set_count(struct builder *b, json_t *object, const char *key,
                      uint64_t value)
{
    SIM_ASSERT(value <= INT64_MAX);
    set(b, object, key, json_integer((json_int_t)value));
}

static void set_time(struct builder *b, json_t *object, const char *key,
                     uint64_t cycles)
{
    set_count(b, object, key, ns_from_cycles(cycles, b->cpu_hz));
}

/* To three decimals. */
static void set_real(struct builder *b, json_t *object, const char *key,
                     double value)
{
    bool is_small = value < 1e12;
    double rounded = is_small ? (double)(uint64_t)(value * 1000 + 0.5) / 1000
                              : (double)(uint64_t)value;
    set(b, object, key, json_real(rounded));
}

/* An index from 0 to 1, to six decimals. */
static void set_index(struct builder *b, json_t *object, const char *key,
                      double value)
{
    double rounded = (double)(uint64_t)(value * 1e6 + 0.5) / 1e6;
    set(b, object, key, json_real(rounded));
}

static double seconds(const struct builder *b, uint64_t cycles)
{
    return (double)cycles / (double)b->cpu_hz;
}

static uint64_t window_cycles(const struct stats *s)
{
    return s->window_end > s->window_start ? s->window_end - s->window_start
                                           : 0;
}

/* ---- Distributions ------------------------------------------------------ */

static const struct {
    const char *key;
    uint32_t per_mille;
} percentiles[] = {
    { "p50", 500 },  { "p90", 900 },  { "p99", 990 },
    { "p999", 999 }, { "max", 1000 },
};

static json_t *time_distribution(struct builder *b, const struct histogram *h)
{
    json_t *object = json_object();
    set_real(b, object, "mean",
             hist_mean(h) * NS_PER_SECOND / (double)b->cpu_hz);
    for (size_t i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]); i++) {
        set_time(b, object, percentiles[i].key,
                 hist_percentile(h, percentiles[i].per_mille));
    }
    return object;
}

static json_t *count_distribution(struct builder *b, const struct histogram *h)
{
    json_t *object = json_object();
    set_real(b, object, "mean", hist_mean(h));
    set_count(b, object, "p50", hist_percentile(h, 500));
    set_count(b, object, "p99", hist_percentile(h, 990));
    set_count(b, object, "max", h->max);
    return object;
}

/* ---- Sections ----------------------------------------------------------- */

static json_t *build_fingerprints(struct builder *b)
{
    json_t *object = json_object();
    for (int i = 0; i < TRACE_LAYER_COUNT; i++) {
        char hex[FINGERPRINT_CHARS];
        trace_layer_fingerprint(b->report->trace, (enum trace_layer)i, hex);
        set(b, object, trace_layer_names[i], json_string(hex));
    }
    return object;
}

static json_t *build_cpu(struct builder *b,
                         const uint64_t cycles[CPU_CATEGORY_COUNT])
{
    static const char *const keys[CPU_CATEGORY_COUNT] = {
        [CPU_GUEST] = "guest_ns",
        [CPU_SWITCH] = "switch_ns",
        [CPU_INTERRUPT] = "interrupt_ns",
        [CPU_PAGING] = "paging_ns",
        [CPU_PIO] = "pio_ns",
        [CPU_IDLE] = "idle_ns",
    };
    /* Rounded at the ends of adjacent spans, so that the sum is exact. */
    json_t *object = json_object();
    uint64_t sum = 0;
    for (int i = 0; i < CPU_CATEGORY_COUNT; i++) {
        uint64_t start = ns_from_cycles(sum, b->cpu_hz);
        sum += cycles[i];
        set_count(b, object, keys[i], ns_from_cycles(sum, b->cpu_hz) - start);
    }
    return object;
}

static json_t *build_load(struct builder *b)
{
    const struct stats *s = b->report->stats;
    const struct load_stats *l = &s->load;
    double window = seconds(b, window_cycles(s));
    json_t *object = json_object();
    set_count(b, object, "sent", l->sent);
    set_count(b, object, "completed", l->completed);
    set_count(b, object, "timed_out", l->timed_out);
    set_count(b, object, "failed", l->failed);
    set_real(b, object, "throughput_rps",
             window > 0 ? (double)l->completed / window : 0);
    set(b, object, "latency_ns", time_distribution(b, &l->latency));
    set_count(b, object, "open", l->open);
    set_count(b, object, "bytes", l->bytes);
    set_count(b, object, "snapshots", l->snapshots);
    set_real(b, object, "updates_rps",
             window > 0 && l->servers > 0
                 ? (double)l->snapshots / window / (double)l->servers
                 : 0);
    set_count(b, object, "retransmits", l->retransmits);
    return object;
}

static json_t *build_tcp(struct builder *b)
{
    const struct tcp_stats *t = &b->report->stats->tcp;
    json_t *clients = json_object();
    set(b, clients, "srtt_ns", time_distribution(b, &t->clients.srtt));
    set(b, clients, "rto_ns", time_distribution(b, &t->clients.rto));
    set_count(b, clients, "timeouts", t->clients.timeouts);
    set_count(b, clients, "retransmits", t->clients.retransmits);
    set_count(b, clients, "spurious", t->clients.spurious);
    json_t *guests = json_object();
    set(b, guests, "srtt_ns", time_distribution(b, &t->guests.srtt));
    set(b, guests, "silence_ns", time_distribution(b, &t->guests.silence));
    set_count(b, guests, "retransmits", t->guests.retransmits);
    set_count(b, guests, "spurious", t->guests.spurious);
    json_t *object = json_object();
    set(b, object, "clients", clients);
    set(b, object, "guests", guests);
    return object;
}

static json_t *build_sched(struct builder *b)
{
    const struct stats *s = b->report->stats;
    json_t *object = json_object();
    set_count(b, object, "switches", s->sched.switches);
    set_count(b, object, "preemptions", s->sched.preemptions);
    set_count(b, object, "idles", s->sched.idles);
    set_count(b, object, "boosts", s->sched.boosts);
    set_count(b, object, "summons", s->sched.summons);
    return object;
}

static json_t *build_gate(struct builder *b)
{
    const struct stats *s = b->report->stats;
    json_t *object = json_object();
    set_count(b, object, "admissions", s->gate.admissions);
    set_count(b, object, "max_waiting", s->gate.max_waiting);
    set(b, object, "wait_ns", time_distribution(b, &s->gate.wait));
    return object;
}

static json_t *build_memory(struct builder *b)
{
    const struct stats *s = b->report->stats;
    json_t *object = json_object();
    set_count(b, object, "frames", s->memory.frames);
    set_count(b, object, "resident_peak", s->memory.resident_peak);
    set_count(b, object, "faults", s->paging.faults);
    set_count(b, object, "zero_fills", s->paging.zero_fills);
    set_count(b, object, "page_ins", s->paging.page_ins);
    set_count(b, object, "page_outs", s->paging.page_outs);
    set_count(b, object, "table_frames", s->memory.table_peak);
    return object;
}

static json_t *build_virq(struct builder *b)
{
    const struct stats *s = b->report->stats;
    json_t *object = json_object();
    set_count(b, object, "raised", s->virq.raised);
    set_count(b, object, "coalesced", s->virq.coalesced);
    set_count(b, object, "deliveries", s->virq.deliveries);
    set(b, object, "batch", count_distribution(b, &s->virq.batch));
    set(b, object, "delay_ns", time_distribution(b, &s->virq.delay));
    return object;
}

static json_t *build_net(struct builder *b)
{
    const struct stats *s = b->report->stats;
    json_t *object = json_object();
    set_count(b, object, "rx_packets", s->net.rx_packets);
    set_count(b, object, "rx_drops", s->net.rx_drops);
    set_count(b, object, "tx_packets", s->net.tx_packets);
    set_count(b, object, "tx_drops", s->net.tx_drops);
    set_count(b, object, "local_packets", s->net.local_packets);
    set_count(b, object, "rx_bytes", s->net.rx_bytes);
    set_count(b, object, "tx_bytes", s->net.tx_bytes);
    set_count(b, object, "interrupts", s->net.interrupts);
    json_t *drops = json_object();
    set_count(b, drops, "vm_full", s->net.drop_vm_full);
    set_count(b, drops, "pool_full", s->net.drop_pool_full);
    set_count(b, drops, "no_vm", s->net.drop_no_vm);
    set_count(b, drops, "overrun", s->net.drop_overrun);
    set(b, object, "rx_drops_by_cause", drops);
    return object;
}

static json_t *build_disk(struct builder *b)
{
    const struct stats *s = b->report->stats;
    double capacity = (double)window_cycles(s) *
                      (double)b->report->scenario->machine->disk_count;
    json_t *object = json_object();
    set_count(b, object, "reads", s->disk.reads);
    set_count(b, object, "writes", s->disk.writes);
    set_time(b, object, "busy_ns", s->disk.busy);
    set_real(b, object, "utilisation",
             capacity > 0 ? (double)s->disk.busy / capacity : 0);
    return object;
}

static json_t *build_fairness(struct builder *b)
{
    const struct stats *s = b->report->stats;
    json_t *object = json_object();
    set_index(b, object, "cpu", stats_fairness(s, FAIRNESS_CPU));
    set_index(b, object, "answered", stats_fairness(s, FAIRNESS_ANSWERED));
    set_index(b, object, "latency", stats_fairness(s, FAIRNESS_LATENCY));
    return object;
}

/* What the VMs of a group got together, and the least that one got. */
static json_t *build_group(struct builder *b, const struct scenario_vms *group)
{
    const struct stats *s = b->report->stats;
    struct vm_stats sum = { .cpu = 0 };
    uint64_t count = 0;
    uint64_t least = 0;
    for (uint32_t i = 0; i < group->vm_total; i++) {
        uint32_t number = group->first + i;
        if (number < s->per_vm_count && s->per_vm[number].exists) {
            const struct vm_stats *vm = &s->per_vm[number];
            least = count == 0 || vm->cpu < least ? vm->cpu : least;
            count++;
            sum.cpu += vm->cpu;
            sum.sent += vm->sent;
            sum.completed += vm->completed;
        }
    }
    json_t *object = json_object();
    set(b, object, "name", json_string(group->name));
    set_count(b, object, "vms", count);
    set_count(b, object, "shares", group->shares);
    set_time(b, object, "cpu_ns", sum.cpu);
    set_time(b, object, "least_cpu_ns", least);
    set_count(b, object, "sent", sum.sent);
    set_count(b, object, "completed", sum.completed);
    return object;
}

static json_t *build_groups(struct builder *b)
{
    const struct scenario *s = b->report->scenario;
    json_t *array = json_array();
    for (uint32_t i = 0; i < s->group_count; i++) {
        json_t *group = build_group(b, &s->vms[i]);
        b->is_whole = json_array_append_new(array, group) == 0 && b->is_whole;
    }
    return array;
}

static json_t *build_host(struct builder *b)
{
    const struct report_host *host = b->report->host;
    json_t *object = json_object();
    set_real(b, object, "wall_s", host->wall_s);
    set_real(b, object, "mips", host->mips);
    set_count(b, object, "max_rss_kib", host->max_rss_kib);
    set(b, object, "unicorn", json_string(host->unicorn));
    return object;
}

static void build_head(struct builder *b, json_t *root)
{
    const struct report *r = b->report;
    char hex[FINGERPRINT_CHARS];
    trace_fingerprint(r->trace, hex);
    set_count(b, root, "schema", REPORT_SCHEMA);
    set(b, root, "scenario", json_string(r->scenario->name));
    set_count(b, root, "seed", r->scenario->seed);
    set(b, root, "fingerprint", json_string(hex));
    set(b, root, "fingerprints", build_fingerprints(b));
    set_time(b, root, "virtual_ns", window_cycles(r->stats));
}

static void build_counts(struct builder *b, json_t *root)
{
    const struct stats *s = b->report->stats;
    json_t *guest = json_object();
    set_count(b, guest, "instructions", s->guest.instructions);
    set_count(b, guest, "blocks", s->guest.blocks);
    set(b, root, "guest", guest);
    json_t *vms = json_object();
    set_count(b, vms, "created", s->vms.created);
    set_count(b, vms, "terminated", s->vms.terminated);
    set_count(b, vms, "faulted", s->vms.faulted);
    set(b, root, "vms", vms);
    set(b, root, "cpu", build_cpu(b, s->cpu));
    set(b, root, "load", build_load(b));
    set(b, root, "sched", build_sched(b));
    set(b, root, "gate", build_gate(b));
    set(b, root, "memory", build_memory(b));
    set(b, root, "virq", build_virq(b));
    set(b, root, "net", build_net(b));
    set(b, root, "disk", build_disk(b));
    set(b, root, "cpu_whole", build_cpu(b, s->cpu_whole));
    set(b, root, "fairness", build_fairness(b));
    set(b, root, "tcp", build_tcp(b));
    set(b, root, "groups", build_groups(b));
}

bool report_write_json(const struct report *r, FILE *file)
{
    struct builder b = { .report = r,
                         .cpu_hz = r->scenario->machine->cpu_hz,
                         .is_whole = true };
    json_t *root = json_object();
    build_head(&b, root);
    build_counts(&b, root);
    set(&b, root, "host", build_host(&b));
    bool is_written =
        b.is_whole &&
        json_dumpf(root, file, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) == 0;
    json_decref(root);
    return is_written && fputc('\n', file) != EOF;
}
