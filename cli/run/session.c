/* session.c - see session.h. */
#define _DEFAULT_SOURCE
#include "cli/run/session.h"
#include "cli/run/choice/pinned.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "cli/cli.h"
#include "cli/host_clock.h"
#include "cli/plugin/checked.h"
#include "cli/run/choice/choices.h"
#include "cli/run/choice/policy_args.h"
#include "cli/run/inputs/disk_files.h"
#include "cli/run/inputs/images.h"
#include "cli/run/inputs/load_files.h"
#include "cli/run/inspect/audit.h"
#include "cli/run/inspect/ending.h"
#include "ik/lifecycle.h"
#include "ik/policy/policies.h"
#include "isa/cpu.h"
#include "isa/decode.h"
#include "sim/units.h"

/* ---- Building ----------------------------------------------------------- */

static bool unknown_choice(const struct session *s, const char *key,
                           const char *name, char *message)
{
    char complaint[SCENARIO_MESSAGE_BYTES];
    choices_refuse(key, name, complaint, sizeof(complaint));
    scenario_complain(s->scenario, key, complaint, message);
    return false;
}

/* Loads the policies that are files. False: one cannot be had. */
static bool load_plugins(struct session *s, char *message)
{
    for (uint32_t i = 0; i < POLICY_KIND_COUNT; i++) {
        struct plugin_source source;
        char why[PLUGIN_MESSAGE_BYTES];
        enum policy_kind kind = (enum policy_kind)i;
        const char *name = *pinned_name(s->scenario, kind);
        if (!plugin_is_file(name)) {
            continue;
        }
        if (!plugin_read(&source, &s->arena, name, s->options.path, why) ||
            !plugin_load(&s->plugins[i], &s->arena, kind, &source, why)) {
            scenario_complain(s->scenario, pinned_key(kind), why, message);
            return false;
        }
        if (s->options.guard && s->plugins[i].library) {
            guard_trust(s->options.guard, s->plugins[i].source.name,
                        s->plugins[i].note);
        }
    }
    return true;
}

/* Gatekeepers and schedulers that are built in keep their contracts, too. (The
   kernel counts what the checker of replacement policies asks it.) */
static bool check_policies(struct session *s, char *message)
{
    struct kernel_config *config = &s->kernel_config;
    const struct plugin *own = s->plugins;
    if (!own[POLICY_GATEKEEPER].gate) {
        config->gate = checked_gate(&s->arena, config->gate);
    }
    if (!own[POLICY_SCHEDULER].sched) {
        config->sched = checked_sched(&s->arena, config->sched);
    }
    bool is_well = config->gate && config->sched;
    if (!is_well) {
        snprintf(message, SCENARIO_MESSAGE_BYTES,
                 "the host has too little memory");
    }
    return is_well;
}

/* Finds the policies that the scenario names. False: one is not known, or has
   no such argument. */
static bool find_policies(struct session *s, char *message)
{
    const struct scenario *sc = s->scenario;
    struct kernel_config *config = &s->kernel_config;
    const struct plugin *own = s->plugins;
    if (!load_plugins(s, message)) {
        return false;
    }
    config->gate = own[POLICY_GATEKEEPER].gate
                       ? own[POLICY_GATEKEEPER].gate
                       : gate_policy_find(sc->gatekeeper);
    config->sched = own[POLICY_SCHEDULER].sched
                        ? own[POLICY_SCHEDULER].sched
                        : sched_policy_find(sc->scheduler);
    config->insn_costs = insn_costs_find(sc->costs);
    config->replace = own[POLICY_REPLACEMENT].replace
                          ? own[POLICY_REPLACEMENT].replace
                          : replace_policy_find(sc->replacement);
    config->disk_policy = disk_policy_find(sc->disk_queue);
    config->receive = rx_policy_find(sc->receive);
    config->transmit = tx_policy_find(sc->transmit);
    const struct {
        const char *key, *name;
        bool is_known;
    } chosen[] = {
        { "kernel.gatekeeper", sc->gatekeeper, config->gate },
        { "kernel.scheduler", sc->scheduler, config->sched },
        { "machine.costs", sc->costs, config->insn_costs },
        { "kernel.replacement", sc->replacement, config->replace },
        { "kernel.disk_queue", sc->disk_queue, config->disk_policy },
        { "kernel.receive", sc->receive, config->receive },
        { "kernel.transmit", sc->transmit, config->transmit },
    };
    for (size_t i = 0; i < sizeof(chosen) / sizeof(chosen[0]); i++) {
        if (!chosen[i].is_known) {
            return unknown_choice(s, chosen[i].key, chosen[i].name, message);
        }
    }
    const struct policy_facts *const facts[POLICY_KIND_COUNT] = {
        [POLICY_GATEKEEPER] = &config->gate->facts,
        [POLICY_SCHEDULER] = &config->sched->facts,
        [POLICY_REPLACEMENT] = &config->replace->facts,
    };
    struct policy_args_complaint wrong;
    if (!policy_args_check(sc, facts, &wrong)) {
        scenario_complain(sc, wrong.key, wrong.text, message);
        return false;
    }
    return s->options.audit_period == 0 || check_policies(s, message);
}

static void init_link(struct session *s)
{
    const struct scenario *sc = s->scenario;
    uint64_t hz = sc->machine->cpu_hz;
    uint64_t latency = cycles_from_ns(sc->link.latency_ns, hz);
    struct link_config config = {
        .cpu_hz = hz,
        .bits_per_second = sc->link.bits_per_second,
        .latency_cycles = latency > 0 ? latency : 1,
        .loss_ppm = sc->link.loss_ppm,
        .reorder_ppm = sc->link.reorder_ppm,
        .duplicate_ppm = sc->link.duplicate_ppm,
        .trace = s->trace,
    };
    packet_pool_init(&s->pool, &s->packets);
    link_init(&s->link, &config, &s->events, &s->pool, sc->seed);
}

/* Maps zeros, which cost memory once touched. NULL: the host refuses. */
static uint8_t *map_zeros(uint64_t bytes)
{
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return at == MAP_FAILED ? NULL : at;
}

static bool init_host_memory(struct session *s, char *message)
{
    const struct scenario *sc = s->scenario;
    s->ram = map_zeros(sc->ram_bytes);
    s->trace = trace_create(&s->arena);
    s->stats = arena_alloc(&s->arena, sizeof(*s->stats), alignof(struct stats));
    s->series =
        arena_alloc(&s->arena, sizeof(*s->series), alignof(struct series));
    s->steady =
        arena_alloc(&s->arena, sizeof(*s->steady), alignof(struct steady));
    s->settle =
        arena_alloc(&s->arena, sizeof(*s->settle), alignof(struct settle));
    if (!s->ram || !s->trace || !s->stats || !s->series || !s->steady ||
        !s->settle) {
        snprintf(message, SCENARIO_MESSAGE_BYTES,
                 "the host has no room for %llu MiB of simulated RAM",
                 (unsigned long long)(sc->ram_bytes >> 20));
        return false;
    }
    stats_init(s->stats);
    series_init(s->series);
    trace_add_sink(s->trace, series_event, s->series);
    if (sc->warmup_ns == SCENARIO_AUTO) {
        series_init(&s->settle->series);
        trace_add_sink(s->trace, series_event, &s->settle->series);
    }
    s->stats->per_vm =
        arena_alloc(&s->arena, sc->vm_count * sizeof(*s->stats->per_vm),
                    alignof(struct vm_stats));
    s->stats->per_vm_count = s->stats->per_vm ? sc->vm_count : 0;
    s->stats->window_start = TIME_NEVER; /* Until the window is known. */
    s->stats->window_end = TIME_NEVER;
    return true;
}

/* Of VMs two each, of sources of load four, one of each client, player,
   event of the supervisor's and spindle, and a few of which there is one.
   Packets, connections and what they carry ask for themselves. */
static uint64_t timers_of(const struct scenario *sc)
{
    uint64_t count = 16 + 2 * (uint64_t)sc->vm_count + sc->event_count +
                     sc->machine->disk_count;
    for (uint32_t i = 0; i < sc->load_count; i++) {
        const struct scenario_load *l = &sc->loads[i];
        count += 4 + l->clients + (uint64_t)l->players * sc->vm_count;
    }
    return count;
}

static bool init_load(struct session *s, char *message)
{
    struct load_config config = {
        .scenario = s->scenario,
        .events = &s->events,
        .link = &s->link,
        .pool = &s->pool,
        .trace = s->trace,
        .stats = s->stats,
        .servers = s->servers,
        .logs = s->logs,
        .scripts = (const struct talk_script *const *)s->scripts,
        .cpu_hz = s->scenario->machine->cpu_hz,
    };
    s->pool.events = &s->events;
    s->load = events_reserve(&s->events, timers_of(s->scenario))
                  ? load_create(&s->arena, &config)
                  : NULL;
    if (!s->load) {
        snprintf(message, SCENARIO_MESSAGE_BYTES,
                 "too little host memory for the simulated clients");
    }
    return s->load;
}

/* The observer, or a limit, has ended the run before its time. */
static bool is_ended(void *ctx)
{
    struct session *s = ctx;
    const struct session_observer *o = &s->options.observer;
    if (s->end == SESSION_WHOLE && o->ends) {
        s->end = o->ends(o->ctx);
    }
    return s->end != SESSION_WHOLE;
}

static bool init_kernel(struct session *s, char *message)
{
    struct kernel_config *config = &s->kernel_config; /* Policies are there. */
    config->scenario = s->scenario;
    config->images = s->images;
    config->image_count = s->image_count;
    config->group_images = s->group_images;
    config->ram = s->ram;
    config->events = &s->events;
    config->pool = &s->pool;
    config->link = &s->link;
    config->trace = s->trace;
    config->stats = s->stats;
    config->console = s->options.observer.console;
    config->console_ctx = s->options.observer.ctx;
    config->tap = s->options.observer.tap;
    config->tap_ctx = s->options.observer.ctx;
    config->watch = load_watch;
    config->watch_ctx = s->load;
    config->step = s->options.observer.step;
    config->step_ctx = s->options.observer.ctx;
    config->halt = is_ended;
    config->halt_ctx = s;
    config->audit = s->options.audit_period > 0 ? audit_step : NULL;
    config->audit_period = s->options.audit_period;
    for (uint32_t i = 0; i < s->options.listed_count; i++) {
        s->listed[i] = s->options.listed[i].at;
    }
    config->note = s->options.note;
    config->listed = s->listed;
    config->listed_count = s->options.listed_count;
    if (config->step && !vm_name_read(&s->scenario->roster, s->options.followed,
                                      &config->followed, message)) {
        return false;
    }
    char why[SCENARIO_MESSAGE_BYTES];
    s->kernel = kernel_create(&s->arena, config, why);
    if (!s->kernel) {
        scenario_complain(s->scenario, "machine.ram", why, message);
    }
    return s->kernel;
}

void session_obey(struct session_options *options, struct guard *g)
{
    const struct guard_block *listed =
        guard_listed(g, &options->listed_count, &options->repeats);
    memcpy(options->listed, listed, sizeof(options->listed));
    options->note = guard_note(g);
    options->guard = g;
}

bool session_open(struct session *s, const struct session_options *options,
                  char message[SCENARIO_MESSAGE_BYTES])
{
    *s = (struct session){ .options = *options };
    events_init(&s->events);
    if (!arena_map(&s->arena, ARENA_UNLIMITED) ||
        !arena_map(&s->packets, ARENA_UNLIMITED)) {
        snprintf(message, SCENARIO_MESSAGE_BYTES,
                 "the host has too little memory");
        return false;
    }
    s->scenario =
        pinned_load(&s->arena, options->path, &options->scenario, message);
    if (s->scenario && s->scenario->partition_count > 1) {
        scenario_complain(s->scenario, "run.group",
                          "must name the group that is run, since under "
                          "kernel.preset partitioned each is a run of its own",
                          message);
        return false;
    }
    if (!s->scenario || !images_load(s, message) ||
        !load_files_open(s, message) || !find_policies(s, message) ||
        !init_host_memory(s, message)) {
        return false;
    }
    init_link(s);
    const struct session_observer *o = &s->options.observer;
    if (o->built && !o->built(o->ctx, s, message)) {
        return false;
    }
    return init_load(s, message) && init_kernel(s, message) &&
           disk_files_load(s, message);
}

void session_close(struct session *s)
{
    if (s->kernel) {
        kernel_release(s->kernel);
    }
    for (uint32_t i = 0; i < POLICY_KIND_COUNT; i++) {
        plugin_release(&s->plugins[i]);
    }
    if (s->ram) {
        munmap(s->ram, s->scenario->ram_bytes);
    }
    load_files_close(s);
    trace_release(s->trace);
    events_release(&s->events);
    arena_unmap(&s->packets);
    arena_unmap(&s->arena);
}

/* ---- Running ------------------------------------------------------------ */

/* Cycles. */
static uint64_t longest_warmup(const struct session *s)
{
    const struct scenario *sc = s->scenario;
    return cycles_from_ns(sc->warmup_ns == SCENARIO_AUTO ? sc->warmup_max_ns
                                                         : sc->warmup_ns,
                          s->kernel->cpu_hz);
}

double session_progress(const struct session *s)
{
    const struct kernel *k = s->kernel;
    const struct scenario *sc = s->scenario;
    if (s->phase == PHASE_BOOT) {
        return (double)(k->vm_count - k->awaiting_boot) / k->vm_count;
    }
    uint64_t warmup = s->stats->window_start == TIME_NEVER
                          ? longest_warmup(s)
                          : s->stats->window_start - s->load_began;
    uint64_t whole =
        warmup + cycles_from_ns(sc->duration_ns + sc->drain_ns, k->cpu_hz);
    double share =
        whole == 0 ? 1 : (double)(k->now - s->load_began) / (double)whole;
    return share < 1 ? share : 1;
}

/* Only a warm-up that is as long as it takes may end before its time. */
static bool has_settled(struct session *s)
{
    return s->scenario->warmup_ns == SCENARIO_AUTO &&
           settle_is_over(s->settle, s->kernel->now, s->kernel->cpu_hz,
                          s->steady);
}

/* True: the phase is over before its time, or the run pauses or ends. */
static bool phase_is_over(void *ctx)
{
    struct session *s = ctx;
    const struct session_observer *o = &s->options.observer;
    if (o->progress) {
        o->progress(o->ctx, s);
    }
    if (is_ended(s)) {
        return true;
    }
    if (s->options.instructions > 0 &&
        s->stats->guest.instructions >= s->options.instructions) {
        s->end = SESSION_INSTRUCTIONS;
        return true;
    }
    if (s->pause && s->pause(s->pause_ctx)) {
        s->is_paused = true;
        return true;
    }
    switch (s->phase) {
    case PHASE_BOOT:
        return s->kernel->awaiting_boot == 0;
    case PHASE_DRAIN:
        return load_is_drained(s->load);
    case PHASE_WARMUP:
        return s->is_primed ? has_settled(s) : load_is_primed(s->load);
    case PHASE_WINDOW:
        break;
    }
    return false;
}

static void open_phase(struct session *s, enum phase phase, uint64_t end)
{
    s->phase = phase;
    s->phase_end = end;
    s->phase_is_open = true;
    trace_emit(s->trace, s->kernel->now,
               TRACE_EVENT(phase, TRACE_NO_VM, .phase = phase, .until = end));
}

/*
 * Runs the phase until cycle `end` or until the phase is over by itself. False:
 * the run ends here, by failure, Ctrl-C or its limit, or it pauses; a paused
 * phase goes on to the `end` of its first call.
 */
static bool run_phase(struct session *s, enum phase phase, uint64_t end)
{
    uint64_t hz = s->kernel->cpu_hz;
    uint64_t limit = s->options.until_ns > 0
                         ? cycles_from_ns(s->options.until_ns, hz)
                         : TIME_NEVER;
    if (!s->phase_is_open) {
        open_phase(s, phase, end);
    }
    end = s->phase_end;
    enum kernel_stop stop =
        kernel_advance(s->kernel, end < limit ? end : limit, phase_is_over, s);
    if (s->is_paused) {
        return false;
    }
    s->phase_is_open = false;
    if (stop == KERNEL_STUCK) {
        kernel_fail(s->kernel,
                    "nothing can happen any more, and %u VMs have not booted",
                    s->kernel->awaiting_boot);
    }
    if (stop == KERNEL_REACHED && limit <= end && limit != TIME_NEVER) {
        s->end = SESSION_CUT;
    }
    return s->kernel->failure[0] == '\0' && s->end == SESSION_WHOLE;
}

/* The window's ends are known. */
static void set_window(struct session *s, uint64_t start)
{
    s->stats->window_start = start;
    s->stats->window_end =
        start + cycles_from_ns(s->scenario->duration_ns, s->kernel->cpu_hz);
    series_begin(s->series, start, s->stats->window_end);
}

/* When the last of what the warm-up waits for begins: what the scenario sets for
   a time after the window's start is none of it. */
static uint64_t last_beginning(const struct session *s)
{
    const struct scenario *sc = s->scenario;
    uint64_t last = 0;
    for (uint32_t i = 0; i < sc->load_count; i++) {
        uint64_t at = sc->loads[i].start_ns;
        last = !scenario_is_from_window(at) && at > last ? at : last;
    }
    for (uint32_t i = 0; i < sc->event_count; i++) {
        uint64_t at = sc->events[i].at_ns;
        last = !scenario_is_from_window(at) && at > last ? at : last;
    }
    return s->kernel->now + cycles_from_ns(last, s->kernel->cpu_hz);
}

/* The part of the warm-up before the load, if there is one, ends by itself.
   False: as run_phase. */
static bool run_priming(struct session *s)
{
    if (!s->phase_is_open) {
        s->load_began = s->kernel->now; /* As far as one knows. */
        s->is_primed = !load_prime(s->load);
    }
    s->is_primed = s->is_primed || run_phase(s, PHASE_WARMUP, TIME_NEVER);
    return s->is_primed;
}

/*
 * Where the warm-up is as long as it takes, the load and the events learn when
 * the window begins once it does. Whoever counts knows from the first on when it
 * will at the latest, since the step that reaches that cycle may go beyond it.
 */
static void begin_warmup(struct session *s)
{
    bool is_auto = s->scenario->warmup_ns == SCENARIO_AUTO;
    uint64_t latest = s->kernel->now + longest_warmup(s);
    s->load_began = s->kernel->now;
    if (is_auto) {
        settle_begin(s->settle, last_beginning(s), s->kernel->cpu_hz);
    } else {
        set_window(s, latest);
    }
    kernel_start_events(s->kernel, s->stats->window_start);
    load_start(s->load, s->load_began);
    if (is_auto) {
        set_window(s, latest);
    }
}

static bool run_warmup(struct session *s)
{
    if (!s->is_primed && !run_priming(s)) {
        return false;
    }
    if (!s->phase_is_open) {
        begin_warmup(s);
    }
    bool is_auto = s->scenario->warmup_ns == SCENARIO_AUTO;
    uint64_t latest = s->load_began + longest_warmup(s);
    bool whole = run_phase(s, PHASE_WARMUP, latest);
    if (whole && is_auto) {
        if (s->kernel->now < latest) {
            set_window(s, s->kernel->now);
        }
        load_open_window(s->load);
        kernel_open_window(s->kernel, s->stats->window_start);
    }
    return whole;
}

static uint64_t cpu_of(const struct vm *vm)
{
    uint64_t sum = 0;
    for (int i = 0; i < CPU_CATEGORY_COUNT; i++) {
        sum += vm->cpu[i];
    }
    return sum;
}

static void begin_window(struct session *s)
{
    s->stats->in_window = true;
    /* These VMs wait since before the window. */
    s->stats->gate.max_waiting = s->kernel->admission.waiting;
    s->disk_busy = kernel_disk_busy(s->kernel);
    for (uint32_t i = 0; i < s->stats->per_vm_count; i++) {
        const struct vm *vm = &s->kernel->vms[i];
        s->stats->per_vm[i].is_whole = vm->state != VM_DEAD;
        s->stats->per_vm[i].cpu = cpu_of(vm);
    }
}

static void end_window(struct session *s)
{
    s->stats->in_window = false;
    s->stats->disk.busy = kernel_disk_busy(s->kernel) - s->disk_busy;
    for (uint32_t i = 0; i < s->stats->per_vm_count; i++) {
        const struct vm *vm = &s->kernel->vms[i];
        struct vm_stats *of_vm = &s->stats->per_vm[i];
        of_vm->is_whole = of_vm->is_whole && vm->state != VM_DEAD;
        of_vm->cpu = cpu_of(vm) - of_vm->cpu;
    }
}

static bool run_window(struct session *s)
{
    if (!s->phase_is_open) {
        begin_window(s);
    }
    bool whole = run_phase(s, PHASE_WINDOW, s->stats->window_end);
    if (!s->is_paused) {
        end_window(s);
    }
    return whole;
}

/* Runs the next phase. False: the run ends, or pauses, in this phase. */
static bool run_next(struct session *s)
{
    switch ((enum phase)s->next) {
    case PHASE_BOOT:
        if (!run_phase(s, PHASE_BOOT, TIME_NEVER)) {
            return false;
        }
        kernel_end_boot(s->kernel);
        return true;
    case PHASE_WARMUP:
        return run_warmup(s);
    case PHASE_WINDOW:
        return run_window(s);
    case PHASE_DRAIN:
        if (!s->phase_is_open) {
            load_stop(s->load);
        }
        return run_phase(s, PHASE_DRAIN,
                         s->kernel->now + cycles_from_ns(s->scenario->drain_ns,
                                                         s->kernel->cpu_hz));
    }
    return true;
}

bool session_reach(struct session *s, uint32_t phase)
{
    while (s->next < phase) {
        if (!run_next(s)) {
            return false;
        }
        s->next++;
    }
    return true;
}

/* How long the load ran before the window, or at all. */
static uint64_t warmup_of(const struct session *s)
{
    uint64_t now = s->kernel->now;
    uint64_t window = s->stats->window_start;
    return s->is_primed ? (window < now ? window : now) - s->load_began : 0;
}

/* Ends the run; `whole`: all phases have been run to their ends. */
static void finish(struct session *s, bool whole)
{
    struct stats *st = s->stats;
    st->warmup = warmup_of(s);
    if (!whole && st->window_end > s->kernel->now) {
        /* The window ends where the run did. */
        st->window_end = st->window_start < s->kernel->now ? s->kernel->now
                                                           : st->window_start;
    }
    load_abandon(s->load);
    series_pass(s->series, s->kernel->now);
    series_observe(s->series, st->window_start, st->window_end,
                   s->kernel->cpu_hz, &s->steady->input);
    steady_judge(&s->steady->input, &s->steady->verdict);
    st->net.rx_drops_by_cause.overrun = s->kernel->net.nic.rx_overruns;
    if (s->kernel->failure[0] == '\0') {
        audit_whole(s->kernel);
    }
}

bool session_run(struct session *s)
{
    finish(s, session_reach(s, PHASE_COUNT));
    return s->kernel->failure[0] == '\0';
}

bool session_step(struct session *s, kernel_until_fn *pause, void *ctx)
{
    s->pause = pause;
    s->pause_ctx = ctx;
    s->is_paused = false;
    bool whole = session_reach(s, PHASE_COUNT);
    s->pause = NULL;
    if (s->is_paused) {
        return true;
    }
    finish(s, whole);
    return false;
}

/* Whether the VM came to the end that its group is to come to. What the run
   left alive may yet end badly. */
static bool is_expected(const struct session *s, const struct vm *vm)
{
    bool is_bad = vm_has_faulted(vm) || vm_has_failed(vm);
    bool is_over = vm->state == VM_DEAD && vm->end != VM_END_SUPERVISOR;
    switch (s->scenario->vms[vm->group].expect) {
    case EXPECT_WELL:
        return !is_bad;
    case EXPECT_BADLY:
        return is_bad || (!is_over && s->end != SESSION_WHOLE);
    case EXPECT_ANY:
        break;
    }
    return true;
}

/* "web-3 (VM 3) ended badly, ...: terminated with code 1, and ..." */
static bool judge_vms(const struct session *s, char *message)
{
    const struct vm *first = NULL;
    uint32_t count = 0;
    for (vmid_t i = 0; i < s->kernel->vm_count; i++) {
        const struct vm *vm = &s->kernel->vms[i];
        const struct vm_stats *of_vm = stats_of_vm(s->stats, i);
        if (!of_vm || !of_vm->exists || is_expected(s, vm)) {
            continue;
        }
        first = first ? first : vm;
        count++;
    }
    if (!first) {
        return true;
    }
    char end[256];
    char more[64] = "";
    ending_describe(first, end, sizeof(end));
    if (count == 2) {
        snprintf(more, sizeof(more), ", and there is one more such VM");
    } else if (count > 2) {
        snprintf(more, sizeof(more), ", and there are %u more such VMs",
                 count - 1);
    }
    bool is_to_be_bad = s->scenario->vms[first->group].expect == EXPECT_BADLY;
    snprintf(message, SCENARIO_MESSAGE_BYTES,
             is_to_be_bad
                 ? "%s has not ended badly, as vms[%u].expect wants: %s%s"
                 : "%s ended badly, which vms[%u].expect does not allow: %s%s",
             vm_name_and_number(&s->scenario->roster, first->id).chars,
             s->scenario->vms[first->group].item, end, more);
    return false;
}

static bool judge_loads(const struct session *s, char *message)
{
    for (uint32_t i = 0; i < s->scenario->load_count; i++) {
        if (load_is_broken(s->load, i)) {
            snprintf(message, SCENARIO_MESSAGE_BYTES,
                     "the file of load[%u] changed while it was replayed",
                     s->scenario->loads[i].item);
            return false;
        }
        if (load_is_unanswered(s->load, i)) {
            snprintf(message, SCENARIO_MESSAGE_BYTES,
                     SESSION_UNANSWERED
                     "[%u] was answered: does %s serve what the load asks for?",
                     s->scenario->loads[i].item,
                     s->scenario->vms[s->scenario->loads[i].target].name);
            return false;
        }
    }
    return true;
}

int session_judge(const struct session *s, char message[SCENARIO_MESSAGE_BYTES])
{
    unsigned long long failed = s->stats->load.failed;
    message[0] = '\0';
    if (s->kernel->failure[0] != '\0') {
        snprintf(message, SCENARIO_MESSAGE_BYTES,
                 "the run ended at %llu ns: %s",
                 (unsigned long long)ns_from_cycles(s->kernel->now,
                                                    s->kernel->cpu_hz),
                 s->kernel->failure);
        return CLI_WRONG;
    }
    if (!judge_vms(s, message)) {
        return CLI_WRONG;
    }
    if (failed > 0) {
        snprintf(message, SCENARIO_MESSAGE_BYTES, "%llu " SESSION_CUT_OFF,
                 failed);
        return CLI_WRONG;
    }
    return s->end != SESSION_WHOLE || judge_loads(s, message) ? CLI_DONE
                                                              : CLI_WRONG;
}

void session_report(const struct session *s, struct timespec started,
                    uint64_t inherited, struct session_report *r)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double wall = host_seconds(started, host_now());
    double insns = (double)(s->stats->guest.instructions - inherited);
    r->host = (struct report_host){
        .wall_s = wall,
        .mips = wall > 0 ? insns / wall / 1e6 : 0,
        .max_rss_kib = (uint64_t)usage.ru_maxrss,
        .unicorn = cpu_engine_version(),
        .repeats = s->options.repeats,
    };
    r->report = (struct report){
        .scenario = s->scenario,
        .stats = s->stats,
        .trace = s->trace,
        .host = &r->host,
        .guests = images_judge(s),
        .steady = s->steady,
    };
}

bool session_check_end(struct session *s)
{
    kernel_end_all(s->kernel);
    audit_empty(s->kernel);
    return s->kernel->failure[0] == '\0';
}
