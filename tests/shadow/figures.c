/* figures.c - see figures.h. The order is that of docs/report.md. */
#include "tests/shadow/figures.h"
#include "sim/vocabulary/vocabulary.h"
#include "tests/shadow/steady.h"

#include <math.h>
#include <string.h>

#define NS_PER_SECOND  1000000000u
#define REAL_STEP      0.001 /* To which a report rounds numbers; */
#define INDEX_STEP     1e-6  /* and an index. */
#define SMOOTHING_NS   20
#define HISTOGRAM_PART 128.0 /* A percentile is too large by 1/128 at most. */

const struct untold figures_untold[] = {
    { "schema", "the report's own version" },
    { "host", "the machine that simulated: no event may tell of it" },
    { "guest.blocks", "no event counts blocks of instructions; `run` would "
                      "have to, which would change fingerprints" },
    { "steady.reason", "a sentence, of the figures beside it" },
    { "vms.refused_by_engine", "why an instruction is refused no event tells; "
                               "tests/isa/test_listed.c does" },
    { "guests", "whether the images are the reference ones: no event tells" },
    { NULL, NULL },
};

/* ---- Units -------------------------------------------------------------- */

static uint64_t ns_of(const struct shadow *s, uint64_t cycles)
{
    uint64_t hz = s->info->cpu_hz;
    return cycles / hz * NS_PER_SECOND + cycles % hz * NS_PER_SECOND / hz;
}

static double window_seconds(const struct shadow *s)
{
    return (double)shadow_virtual_cycles(s) / (double)s->info->cpu_hz;
}

static void expect_time(struct expectations *e, const struct shadow *s,
                        const char *path, uint64_t cycles)
{
    expect_whole(e, path, ns_of(s, cycles));
}

/* ---- Distributions ------------------------------------------------------ */

static const struct {
    const char *name;
    uint32_t per_mille;
} percentiles[] = {
    { "p50", 500 }, { "p90", 900 }, { "p99", 990 }, { "p999", 999 }
};

static void expect_percentile(struct expectations *e, const char *path,
                              uint64_t exact, uint64_t largest)
{
    double most = (double)exact * (1 + 1 / HISTOGRAM_PART) + 1;
    double limit = (double)largest;
    expect_between(e, path, (double)exact, most < limit ? most : limit);
}

static uint64_t largest_of(const struct sample *all)
{
    return all->count > 0 ? all->values[all->count - 1] : 0;
}

static void expect_times(struct expectations *e, const struct shadow *s,
                         const char *path, const struct sample *all)
{
    char part[EXPECT_PATH_BYTES];
    double ns_per_cycle = (double)NS_PER_SECOND / (double)s->info->cpu_hz;
    snprintf(part, sizeof(part), "%s.mean", path);
    expect_real(e, part, sample_mean(all) * ns_per_cycle, REAL_STEP);
    snprintf(part, sizeof(part), "%s.max", path);
    expect_time(e, s, part, largest_of(all));
    for (size_t i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]); i++) {
        snprintf(part, sizeof(part), "%s.%s", path, percentiles[i].name);
        uint64_t exact = sample_percentile(all, percentiles[i].per_mille);
        expect_percentile(e, part, ns_of(s, exact), ns_of(s, largest_of(all)));
    }
}

static void expect_counts(struct expectations *e, const char *path,
                          const struct sample *all)
{
    char part[EXPECT_PATH_BYTES];
    snprintf(part, sizeof(part), "%s.mean", path);
    expect_real(e, part, sample_mean(all), REAL_STEP);
    snprintf(part, sizeof(part), "%s.max", path);
    expect_whole(e, part, largest_of(all));
    for (uint32_t i = 500; i <= 990; i += 490) {
        snprintf(part, sizeof(part), "%s.p%u", path, i / 10);
        expect_percentile(e, part, sample_percentile(all, i), largest_of(all));
    }
}

/* ---- What was run ------------------------------------------------------- */

static void expect_head(struct expectations *e, const struct shadow *s,
                        const char (*fingerprints)[FINGERPRINT_CHARS])
{
    char path[EXPECT_PATH_BYTES];
    expect_text(e, "scenario", s->info->name);
    expect_whole(e, "seed", s->info->seed);
    expect_text(e, "fingerprint", fingerprints[TRACE_LAYER_COUNT]);
    for (int i = 0; i < TRACE_LAYER_COUNT; i++) {
        snprintf(path, sizeof(path), "fingerprints.%s",
                 word_name(&trace_layer_words, (uint64_t)i));
        expect_text(e, path, fingerprints[i]);
    }
    expect_time(e, s, "virtual_ns", shadow_virtual_cycles(s));
    expect_time(e, s, "warmup_ns", shadow_warmup_cycles(s));
    expect_whole(e, "guest.instructions", s->instructions);
    expect_whole(e, "vms.created", s->count.created);
    expect_whole(e, "vms.terminated", s->count.terminated);
    expect_whole(e, "vms.failed", s->count.vms_failed);
    expect_whole(e, "vms.faulted", s->count.faulted);
    expect_whole(e, "vms.refused", s->count.refused);
}

/* Rounded so that the six sum up, so each may be off by one. */
static void expect_cpu(struct expectations *e, const struct shadow *s,
                       const char *path,
                       const uint64_t cycles[CPU_CATEGORY_COUNT])
{
    static const char *const names[CPU_CATEGORY_COUNT] = {
        "guest", "switch", "interrupt", "paging", "pio", "idle"
    };
    char part[EXPECT_PATH_BYTES];
    for (int i = 0; i < CPU_CATEGORY_COUNT; i++) {
        double ns = (double)ns_of(s, cycles[i]);
        snprintf(part, sizeof(part), "%s.%s_ns", path, names[i]);
        expect_between(e, part, ns, ns + 1);
    }
}

/* ---- Requests ----------------------------------------------------------- */

static void expect_load(struct expectations *e, const struct shadow *s)
{
    const struct shadow_count *c = &s->count;
    double seconds = window_seconds(s);
    expect_whole(e, "load.sent", c->sent);
    expect_whole(e, "load.completed", c->completed);
    expect_whole(e, "load.timed_out", c->timed_out);
    expect_whole(e, "load.failed", c->failed);
    expect_whole(e, "load.unanswered", c->unanswered);
    expect_whole(e, "load.open_before", c->open_before);
    expect_whole(e, "load.open", c->open);
    expect_whole(e, "load.bytes", c->bytes);
    expect_whole(e, "load.retransmits", c->retransmits);
    expect_real(e, "load.offered_rps",
                seconds > 0 ? (double)c->offered / seconds : 0, REAL_STEP);
    expect_real(e, "load.answered_rps",
                seconds > 0 ? (double)c->answered / seconds : 0, REAL_STEP);
    expect_times(e, s, "load.latency_ns", &s->samples[SHADOW_LATENCY]);

    /* Which snapshots are overtaken on a bad wire, the trace does not say. */
    double rate = seconds > 0 && s->servers > 0
                      ? (double)c->snapshots / seconds / (double)s->servers
                      : 0;
    if (s->has_trouble) {
        expect_between(e, "load.snapshots", 0, (double)c->snapshots);
        expect_between(e, "load.updates_rps", 0, rate + REAL_STEP);
    } else {
        expect_whole(e, "load.snapshots", c->snapshots);
        expect_real(e, "load.updates_rps", rate, REAL_STEP);
    }
}

/* ---- TCP ---------------------------------------------------------------- */

/* A smoothed time is rounded at each step, one way or another. */
static void expect_smoothed(struct expectations *e, const struct shadow *s,
                            const char *path, const struct sample *all)
{
    size_t first = e->count;
    expect_times(e, s, path, all);
    expect_widen(e, first, all->count > 0 ? SMOOTHING_NS : 0);
}

/* What a lost frame was is not told, so nothing is known on a bad wire. */
static void expect_tcp(struct expectations *e, const struct shadow *s)
{
    const struct shadow_count *c = &s->count;
    bool is_known = s->frames.bytes && !s->has_trouble;
    expect_whole(e, "tcp.clients.retransmits", c->client_retransmits);
    size_t first = e->count;
    expect_whole(e, "tcp.clients.timeouts", c->timeouts);
    expect_whole(e, "tcp.clients.spurious", c->client_spurious);
    expect_whole(e, "tcp.guests.retransmits", c->guest_retransmits);
    expect_whole(e, "tcp.guests.spurious", c->guest_spurious);
    expect_times(e, s, "tcp.clients.rto_ns", &s->samples[SHADOW_RTO]);
    expect_times(e, s, "tcp.guests.silence_ns", &s->samples[SHADOW_SILENCE]);
    expect_smoothed(e, s, "tcp.clients.srtt_ns",
                    &s->samples[SHADOW_CLIENT_SRTT]);
    expect_smoothed(e, s, "tcp.guests.srtt_ns", &s->samples[SHADOW_GUEST_SRTT]);
    expect_widen(e, first, is_known ? 0 : EXPECT_NOTHING);
}

/* ---- The kernel --------------------------------------------------------- */

static void expect_kernel(struct expectations *e, const struct shadow *s)
{
    const struct shadow_count *c = &s->count;
    expect_whole(e, "sched.switches", c->switches);
    expect_whole(e, "sched.preemptions", c->preemptions);
    expect_whole(e, "sched.wake_preemptions", c->wake_preemptions);
    expect_whole(e, "sched.idles", c->idles);
    expect_whole(e, "sched.boosts", c->boosts);
    expect_whole(e, "sched.summons", c->summons);
    expect_whole(e, "gate.admissions", c->admissions);
    expect_whole(e, "gate.max_waiting", c->max_waiting);
    expect_times(e, s, "gate.wait_ns", &s->samples[SHADOW_WAIT]);
    expect_whole(e, "memory.frames", s->info->frames);
    expect_between(e, "memory.resident_peak", (double)s->peak_least,
                   (double)s->peak_most);
    expect_whole(e, "memory.table_frames", s->table_peak);
    expect_whole(e, "memory.faults", c->faults);
    expect_whole(e, "memory.zero_fills", c->zero_fills);
    expect_whole(e, "memory.page_ins", c->page_ins);
    expect_whole(e, "memory.page_outs", c->page_outs);
    expect_whole(e, "virq.raised", c->raised);
    expect_whole(e, "virq.coalesced", c->coalesced);
    expect_whole(e, "virq.deliveries", c->deliveries);
    expect_counts(e, "virq.batch", &s->samples[SHADOW_BATCH]);
    expect_times(e, s, "virq.delay_ns", &s->samples[SHADOW_DELAY]);
}

static void expect_devices(struct expectations *e, const struct shadow *s)
{
    const struct shadow_count *c = &s->count;
    expect_whole(e, "net.rx_packets", c->rx_packets);
    expect_whole(e, "net.rx_drops", c->rx_drops);
    expect_whole(e, "net.tx_packets", c->tx_packets);
    expect_whole(e, "net.tx_drops", c->tx_drops);
    expect_whole(e, "net.local_packets", c->local_packets);
    expect_whole(e, "net.rx_bytes", c->rx_bytes);
    expect_whole(e, "net.tx_bytes", c->tx_bytes);
    expect_whole(e, "net.interrupts", c->interrupts);
    expect_whole(e, "net.rx_drops_by_cause.vm_full", c->vm_full);
    expect_whole(e, "net.rx_drops_by_cause.pool_full", c->pool_full);
    expect_whole(e, "net.rx_drops_by_cause.no_vm", c->no_vm);
    expect_whole(e, "net.rx_drops_by_cause.overrun", c->overrun);
    expect_whole(e, "disk.reads", c->reads);
    expect_whole(e, "disk.writes", c->writes);
    expect_between(e, "disk.busy_ns", (double)ns_of(s, s->busy_least),
                   (double)ns_of(s, s->busy_most));
    double all = (double)shadow_virtual_cycles(s) * (double)s->info->disks;
    expect_between(e, "disk.utilisation",
                   all > 0 ? (double)s->busy_least / all - REAL_STEP : 0,
                   all > 0 ? (double)s->busy_most / all + REAL_STEP : 0);
}

/* ---- Fairness and groups ------------------------------------------------ */

/* A VM's part in an index of docs/compare.md; negative: it has none. */
typedef double part_fn(const struct shadow_vm *vm);

static double cpu_part(const struct shadow_vm *vm)
{
    return vm->is_whole ? (double)vm->cpu_window : -1;
}

static double answered_part(const struct shadow_vm *vm)
{
    return vm->sent > 0 ? (double)vm->completed / (double)vm->sent : -1;
}

static double latency_part(const struct shadow_vm *vm)
{
    return vm->completed > 0 ? (double)vm->latency / (double)vm->completed : -1;
}

static double jain(const struct shadow *s, part_fn *part)
{
    double count = 0;
    double sum = 0;
    double squares = 0;
    for (uint32_t i = 0; i < s->info->vm_limit; i++) {
        double x = part(&s->vms[i]);
        count += x >= 0;
        sum += x > 0 ? x : 0;
        squares += x > 0 ? x * x : 0;
    }
    return squares > 0 ? sum * sum / (count * squares) : 1;
}

static void expect_group(struct expectations *e, const struct shadow *s,
                         uint32_t group)
{
    struct shadow_vm all = { .cpu_window = 0 };
    uint64_t vms = 0;
    uint64_t least = UINT64_MAX;
    for (uint32_t i = 0; i < s->info->vm_limit; i++) {
        const struct shadow_vm *vm = &s->vms[i];
        if (vm->exists && shadow_group_of(s, i) == group) {
            vms++;
            all.cpu_window += vm->cpu_window;
            all.sent += vm->sent;
            all.completed += vm->completed;
            least = vm->cpu_window < least ? vm->cpu_window : least;
        }
    }
    const struct {
        const char *name;
        uint64_t value;
    } parts[] = {
        { "vms", vms },
        { "shares",
          (uint64_t)shadow_number(shadow_item(s, "vms", group), "shares") },
        { "cpu_ns", ns_of(s, all.cpu_window) },
        { "least_cpu_ns", least == UINT64_MAX ? 0 : ns_of(s, least) },
        { "sent", all.sent },
        { "completed", all.completed },
    };
    char path[EXPECT_PATH_BYTES];
    snprintf(path, sizeof(path), "groups.%u.name", group);
    expect_text(e, path, shadow_group_name(s, group));
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        snprintf(path, sizeof(path), "groups.%u.%s", group, parts[i].name);
        expect_whole(e, path, parts[i].value);
    }
}

void figures_expect(struct expectations *e, const struct shadow *s,
                    const char (*fingerprints)[FINGERPRINT_CHARS])
{
    expect_head(e, s, fingerprints);
    expect_cpu(e, s, "cpu", s->cpu);
    expect_cpu(e, s, "cpu_whole", s->cpu_whole);
    expect_load(e, s);
    steady_expect(e, s);
    expect_tcp(e, s);
    expect_kernel(e, s);
    expect_devices(e, s);
    expect_real(e, "fairness.cpu", jain(s, cpu_part), INDEX_STEP);
    expect_real(e, "fairness.answered", jain(s, answered_part), INDEX_STEP);
    expect_real(e, "fairness.latency", jain(s, latency_part), INDEX_STEP);
    for (uint32_t g = 0; g < shadow_group_count(s); g++) {
        expect_group(e, s, g);
    }
}

/* ---- A line of --vms ---------------------------------------------------- */

void figures_expect_vm(struct expectations *e, const struct shadow *s,
                       uint32_t number)
{
    static const char *const states[] = {
        [SHADOW_CREATED] = "created", [SHADOW_WAITING] = "waiting",
        [SHADOW_READY] = "ready",     [SHADOW_RUNNING] = "running",
        [SHADOW_PAGING] = "paging",   [SHADOW_IDLE] = "idle",
        [SHADOW_DEAD] = "dead",
    };
    const struct shadow_vm *vm = &s->vms[number];
    expect_whole(e, "vm", number);
    expect_text(e, "group", shadow_group_name(s, shadow_group_of(s, number)));
    expect_text(e, "state", states[vm->state]);
    expect_between(e, "resident_pages", (double)vm->resident,
                   (double)(vm->resident + vm->coming));
    expect_whole(e, "instructions", vm->instructions);
    expect_time(e, s, "cpu_ns", vm->cpu_window);
    expect_whole(e, "sent", vm->sent);
    expect_whole(e, "completed", vm->completed);
    expect_time(e, s, "latency_mean_ns",
                vm->completed > 0 ? vm->latency / vm->completed : 0);
}
