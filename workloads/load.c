/* load.c - the simulated clients of a run, as a whole; see load.h. */
#include "workloads/load.h"

#include "sim/arena.h"
#include "sim/devices/machine.h"
#include "sim/trace/trace.h"
#include "workloads/guests/discard.h"
#include "workloads/guests/document.h"
#include "workloads/guests/echo.h"
#include "workloads/guests/game_packet.h"
#include "workloads/guests/game_world.h"
#include "workloads/load_state.h"
#include "workloads/replay/replay.h"
#include "workloads/udp/datagram_client.h"
#include "workloads/udp/echo_client.h"
#include "workloads/udp/game_client.h"

/* What scenarios assume of the bundled guests; sim may not look at them. */
static const struct load_server usual_server = { .body_bytes = DOCUMENT_BYTES };
_Static_assert(SCENARIO_PLAYERS == GAME_PLAYERS, "players of a server");
_Static_assert(SCENARIO_PLAYER_LIMIT == GAME_PLAYERS_MAX, "at most");

/* ---- Counts ------------------------------------------------------------- */

static bool is_in_window(const struct stats *stats, uint64_t time)
{
    return time >= stats->window_start && time < stats->window_end;
}

/* Whether the request's fate is reported. */
static bool is_counted(const struct source *s, uint64_t due)
{
    const struct stats *stats = s->load->config.stats;
    return due >= stats->window_start &&
           (s->arrivals->is_finite || due < stats->window_end);
}

void load_count_begun(struct source *s, uint32_t vm, uint64_t due)
{
    struct stats *stats = s->load->config.stats;
    s->has_asked = s->has_asked || !s->is_priming;
    stats->load.open_before += due < stats->window_start;
    stats->load.open += due < stats->window_end;
    stats->load.offered += is_in_window(stats, due);
    if (!is_counted(s, due)) {
        return;
    }
    struct vm_stats *of_vm = stats_of_vm(stats, vm);
    s->has_counted = true;
    stats->load.sent++;
    stats->load.unanswered++;
    if (of_vm) {
        of_vm->sent++;
    }
}

static void count_completed(struct source *s, uint32_t vm, uint64_t due,
                            uint64_t latency)
{
    struct stats *stats = s->load->config.stats;
    struct vm_stats *of_vm = stats_of_vm(stats, vm);
    size_t batch = interval_batch(due, stats->window_start, stats->window_end);
    s->was_answered = true;
    stats->load.completed++;
    hist_record(&stats->load.latency, latency);
    hist_record(&stats->load.batches[batch], latency);
    if (of_vm) {
        of_vm->completed++;
        of_vm->latency += latency;
    }
}

void load_count_ended(struct source *s, uint32_t vm, uint64_t due,
                      enum outcome outcome, uint32_t body_bytes)
{
    load_count_ended_at(s, vm, due, s->load->config.events->now, outcome,
                        body_bytes);
}

void load_count_ended_at(struct source *s, uint32_t vm, uint64_t due,
                         uint64_t now, enum outcome outcome,
                         uint32_t body_bytes)
{
    struct stats *stats = s->load->config.stats;
    stats->load.open_before -= now < stats->window_start;
    stats->load.open -= now < stats->window_end;
    if (outcome == OUTCOME_COMPLETED && is_in_window(stats, now)) {
        stats->load.answered++;
        stats->load.bytes += body_bytes;
    }
    if (!is_counted(s, due)) {
        return;
    }
    SIM_ASSERT(stats->load.unanswered > 0);
    SIM_ASSERT(outcome != OUTCOME_OPEN);
    stats->load.unanswered--;
    switch (outcome) {
    case OUTCOME_COMPLETED:
        count_completed(s, vm, due, now - due);
        break;
    case OUTCOME_TIMED_OUT:
        stats->load.timed_out++;
        break;
    case OUTCOME_FAILED:
        stats->load.failed++;
        break;
    case OUTCOME_OPEN:
        break;
    }
}

void load_tell_ended(struct source *s, uint32_t client, enum outcome outcome)
{
    if (s->is_priming) {
        prime_next(s);
    } else if (s->arrivals->ended) {
        s->arrivals->ended(s, client, outcome);
    }
}

void load_count_retransmit(const struct source *s, uint64_t due)
{
    if (is_counted(s, due)) {
        s->load->config.stats->load.retransmits++;
    }
}

static bool is_echo(const struct source *s)
{
    return s->config->kind == LOAD_ECHO &&
           s->config->transport == TRANSPORT_UDP;
}

void load_ask(struct source *s, uint32_t client, uint32_t vm)
{
    if (s->config->kind == LOAD_DATAGRAM) {
        datagram_ask(s, vm);
    } else if (is_echo(s)) {
        echo_ask(s, client, vm);
    } else {
        session_ask(s, client, vm);
    }
}

void load_tell_wrong(struct load *l, uint32_t vm, struct mistake_found wrong)
{
    trace_emit(l->config.trace, l->config.events->now,
               TRACE_EVENT(wrong, vm, .what = wrong.what, .at = wrong.at,
                           .expected = wrong.expected, .seen = wrong.seen));
}

static void receive_udp(void *ctx, const struct datagram *d)
{
    if (!echo_receive(ctx, d)) {
        game_receive(ctx, d);
    }
}

/* ---- The end of one ----------------------------------------------------- */

static void until_fires(void *ctx, struct sim_timer *timer)
{
    struct source *s = ctx;
    (void)timer;
    s->is_over = true;
    s->arrivals->stop(s);
    session_close_idle(s->load, s);
}

/* Its end, if it has one, is so long after cycle `from`. */
static void set_until(struct source *s, uint64_t from)
{
    uint64_t ns = scenario_ns_of(s->config->until_ns);
    timer_set(s->load->config.events, &s->until,
              from + cycles_from_ns(ns, s->load->config.cpu_hz));
}

/* ---- The whole ---------------------------------------------------------- */

static bool source_init(struct source *s, struct load *l, uint32_t index,
                        struct arena *arena)
{
    const struct scenario *scenario = l->config.scenario;
    const struct scenario_load *config = &scenario->loads[index];
    const struct scenario_vms *group = &scenario->vms[config->target];
    struct rng ranks;

    *s = (struct source){
        .load = l,
        .config = config,
        .arrivals = arrivals_of(config),
        .index = index,
        .first_vm = group->first,
        .vm_count = group->count,
        .server = l->config.servers ? l->config.servers[config->target]
                                    : usual_server,
        .timeout = cycles_from_ns(config->timeout_ns, l->config.cpu_hz),
    };
    if (config->port > 0) {
        s->server.port = (uint16_t)config->port;
    }
    if (s->server.port == 0) {
        static const uint16_t usual[] = {
            [LOAD_HTTP] = DOCUMENT_PORT,    [LOAD_EACH] = DOCUMENT_PORT,
            [LOAD_GAME] = GAME_PORT,        [LOAD_REPLAY] = DOCUMENT_PORT,
            [LOAD_DATAGRAM] = DISCARD_PORT, [LOAD_ECHO] = ECHO_PORT,
            [LOAD_LINES] = ECHO_PORT
        };
        s->server.port = usual[config->kind];
    }
    if (config->kind == LOAD_LINES) {
        s->script = *l->config.scripts[index];
    } else if (config->kind == LOAD_ECHO) {
        talk_script_echo(s->echo, config->size, &s->script);
    }
    reader_init(s);
    prime_init(s);
    timer_init(&s->until, until_fires, s);
    rng_init(&s->timing, scenario->seed, "load timing", index);
    rng_init(&s->choice, scenario->seed, "load choice", index);
    rng_init(&ranks, scenario->seed, "load ranks", index);
    return zipf_init(&s->zipf, arena, s->vm_count, config->zipf, &ranks) &&
           s->arrivals->create(s, arena);
}

/* No load can take the records that another one needs. */
static bool share(struct load *l)
{
    uint32_t loads = l->config.scenario->load_count;
    struct slab *all[] = { &l->sessions, &l->questions, &l->updates,
                           &l->datagrams, &l->echoes };
    for (size_t i = 0; loads > 0 && i < sizeof(all) / sizeof(all[0]); i++) {
        if (!slab_share(all[i], loads)) {
            return false;
        }
    }
    return true;
}

static bool init(struct load *l, struct arena *arena)
{
    const struct load_config *config = &l->config;
    const struct scenario *scenario = config->scenario;

    net_init(&l->net, config->events, config->link, config->pool);
    l->tcp = tcp_create(arena, &(struct tcp_config){
                                   .events = config->events,
                                   .net = &l->net,
                                   .ops = &session_tcp_ops,
                                   .ctx = l,
                                   .cpu_hz = config->cpu_hz,
                                   .seed = scenario->seed,
                                   .sources = scenario->load_count,
                                   .stats = config->stats,
                               });
    l->net.tcp = l->tcp;
    l->net.udp = receive_udp;
    l->net.udp_ctx = l;
    l->net.trace = config->trace;
    slab_init(&l->sessions, arena, sizeof(struct session));
    slab_init(&l->questions, arena, sizeof(struct question));
    slab_init(&l->updates, arena, game_update_record_bytes);
    slab_init(&l->datagrams, arena, datagram_record_bytes);
    slab_init(&l->echoes, arena, echo_record_bytes);
    slab_time(&l->sessions, config->events, 2);
    slab_time(&l->updates, config->events, 1);
    slab_time(&l->datagrams, config->events, 1);
    slab_time(&l->echoes, config->events, 1);
    if (!l->tcp || !share(l) ||
        !slab_index_init(&l->kept_alive, &l->sessions) ||
        !slab_index_init(&l->open_echoes, &l->echoes)) {
        return false;
    }
    l->sources = arena_alloc(arena, scenario->load_count * sizeof *l->sources,
                             alignof(struct source));
    if (!l->sources) {
        return false;
    }
    for (uint32_t i = 0; i < scenario->load_count; i++) {
        if (!source_init(&l->sources[i], l, i, arena)) {
            return false;
        }
    }
    return true;
}

struct load *load_create(struct arena *arena, const struct load_config *config)
{
    struct load *l = arena_alloc(arena, sizeof *l, alignof(struct load));
    if (!l) {
        return NULL;
    }
    l->config = *config;
    return init(l, arena) ? l : NULL;
}

bool load_prime(struct load *load)
{
    for (uint32_t i = 0; i < load->config.scenario->load_count; i++) {
        prime_next(&load->sources[i]);
    }
    return !load_is_primed(load);
}

bool load_is_primed(const struct load *load)
{
    for (uint32_t i = 0; i < load->config.scenario->load_count; i++) {
        if (load->sources[i].is_priming) {
            return false;
        }
    }
    return true;
}

static void start_source(struct source *s, uint64_t from)
{
    s->start = from + cycles_from_ns(scenario_ns_of(s->config->start_ns),
                                     s->load->config.cpu_hz);
    s->arrivals->start(s, s->start);
}

/* What of the source counts from the end of boot begins, and, if `window` is
   known, what counts from there. */
static void begin_source(struct source *s, uint64_t start, uint64_t window)
{
    bool waits = scenario_is_from_window(s->config->start_ns);
    bool ends_later = scenario_is_from_window(s->config->until_ns);
    uint64_t from = waits ? window : start;
    uint64_t until_from = ends_later ? window : start;
    if (from != TIME_NEVER) {
        start_source(s, from);
    }
    if (s->config->until_ns > 0 && until_from != TIME_NEVER) {
        set_until(s, until_from);
    }
}

void load_start(struct load *load, uint64_t start)
{
    load->is_started = true;
    for (uint32_t i = 0; i < load->config.scenario->load_count; i++) {
        begin_source(&load->sources[i], start,
                     load->config.stats->window_start);
    }
}

void load_open_window(struct load *load)
{
    for (uint32_t i = 0; i < load->config.scenario->load_count; i++) {
        begin_source(&load->sources[i], TIME_NEVER,
                     load->config.stats->window_start);
    }
}

/*
 * The first arrival of an open loop is drawn again, and takes the place of the
 * one that was set at the start. Neither may be due by now: it might have been
 * served.
 */
static bool source_revise(struct source *s, struct arena *arena, uint64_t now)
{
    struct event_queue *events = s->load->config.events;
    struct sim_timer timer = s->next;
    struct sim_timer until = s->until;
    uint64_t start = s->start;
    if (s->has_asked || s->arrivals != arrivals_of(s->config) ||
        s->config->rate == 0 || s->config->arrivals != ARRIVALS_POISSON ||
        timer.due <= now) {
        return false;
    }
    if (!source_init(s, s->load, s->index, arena)) {
        return false;
    }
    s->next = timer; /* The queue knows them, and where they are. */
    s->until = until;
    s->start = start;
    uint64_t first = arrivals_first(s);
    if (first <= now) {
        return false;
    }
    timer_move(events, &s->next, first);
    return true;
}

bool load_revise(struct load *load, struct arena *arena, const bool *changed,
                 uint64_t now)
{
    for (uint32_t i = 0; i < load->config.scenario->load_count; i++) {
        struct source *s = &load->sources[i];
        bool is_done =
            !changed[i] || (load->is_started ? source_revise(s, arena, now)
                                             : source_init(s, load, i, arena));
        if (!is_done) {
            return false;
        }
    }
    return true;
}

static bool has_more(const struct source *s)
{
    return s->arrivals->is_finite && timer_is_set(&s->next);
}

void load_stop(struct load *load)
{
    load->is_stopped = true;
    for (uint32_t i = 0; i < load->config.scenario->load_count; i++) {
        struct source *s = &load->sources[i];
        if (!s->arrivals->is_finite) {
            timer_cancel(load->config.events, &s->until);
            s->arrivals->stop(s);
        }
    }
    session_close_idle(load, NULL);
    net_watch(&load->net);
}

void load_watch(void *ctx, enum watch_point where, uint64_t now,
                struct packet *p)
{
    struct load *l = ctx;
    tcp_watch(l->tcp, where, now, p);
    if (where == WATCH_TAKEN) {
        datagram_taken(l, now, p);
    }
}

/* The last ACK of a connection counts: without it the server's side of the
   close is not complete. */
bool load_is_drained(const struct load *load)
{
    for (uint32_t i = 0; i < load->config.scenario->load_count; i++) {
        if (has_more(&load->sources[i])) {
            return false;
        }
    }
    return load->sessions.in_use == 0 && load->updates.in_use == 0 &&
           load->datagrams.in_use == 0 && load->echoes.in_use == 0 &&
           tcp_open_count(load->tcp) == 0 && net_is_quiet(&load->net);
}

bool load_is_unanswered(const struct load *load, uint32_t i)
{
    const struct source *s = &load->sources[i];
    return s->has_counted && !s->was_answered;
}

bool load_is_broken(const struct load *load, uint32_t i)
{
    return replay_is_broken(&load->sources[i]);
}

void load_abandon(struct load *load)
{
    load->is_stopped = true;
    for (uint32_t i = 0; i < load->config.scenario->load_count; i++) {
        struct source *s = &load->sources[i];
        s->arrivals->stop(s);
        timer_cancel(load->config.events, &s->until);
        prime_stop(s);
    }
    session_abandon(load);
    game_abandon(load);
    datagram_abandon(load);
    echo_abandon(load);
    tcp_silence(load->tcp);
}
