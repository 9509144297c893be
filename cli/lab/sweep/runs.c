/* runs.c - see runs.h. */
#define _GNU_SOURCE
#include "cli/lab/sweep/runs.h"
#include "cli/host_clock.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/lab/sweep/jobs.h"
#include "cli/lab/sweep/warm.h"

#define BAR_COLUMNS   24
#define TICK_MS       500
#define MESSAGE_BYTES 256
#define PREFIX        "iksim: " /* Begins each message of a run on stderr. */

/* A slot makes one run at a time, in a job, or by a server. */
struct slot {
    struct job job;
    struct warm_server server;
    uint32_t asked; /* The run that the server is asked for. */
    struct timespec asked_at;
};

struct maker {
    const struct sweep_setup *setup;
    struct sweep_count *count;
    struct slot *slots;   /* setup->job_count of them. */
    struct pollfd *files; /* The signals' file, and one for each slot. */
    struct warm_groups groups;
    bool *is_started; /* One for each run of the plan. */
    uint32_t next;    /* No run before this one waits to be started. */
    uint32_t wanted;  /* Runs that were wanted at the start. */
    uint32_t failed;  /* Runs of the plan that failed, now or before. */
    double wall_s;    /* The wall times of the runs that ended, summed. */
    bool shows_progress;
};

/* ---- Before the first run ---------------------------------------------- */

bool sweep_find_program(char path[SWEEP_PROGRAM_BYTES])
{
    ssize_t length = readlink("/proc/self/exe", path, SWEEP_PROGRAM_BYTES - 1);
    path[length > 0 ? length : 0] = '\0';
    if (length <= 0) {
        cli_complain("cannot find its own program: %s", strerror(errno));
    }
    return length > 0;
}

uint32_t sweep_default_jobs(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors > 0 && processors <= SWEEP_JOBS_LIMIT
               ? (uint32_t)processors
               : 1;
}

struct store_run *sweep_find_wanted(struct database *db,
                                    const struct plan *plan, bool retries)
{
    struct store_run *runs = calloc(plan->run_count + 1u, sizeof(*runs));
    if (!runs) {
        cli_complain("out of memory");
        return NULL;
    }
    if (plan->run_count > 0 && !store_plan(db, plan, retries, runs)) {
        free(runs);
        return NULL;
    }
    return runs;
}

/* ---- Command lines ------------------------------------------------------ */

char **sweep_words(const char *program, const struct plan_run *run,
                   char seed[SWEEP_SEED_CHARS])
{
    size_t limit = 2 * (size_t)run->set_count + 9;
    const char **words = calloc(limit, sizeof(*words));
    if (!words) {
        cli_complain("out of memory");
        return NULL;
    }
    size_t n = 0;
    words[n++] = program;
    words[n++] = "run";
    words[n++] = "--json";
    if (run->has_files) {
        words[n++] = "--discard";
    }
    for (uint32_t i = 0; i < run->set_count; i++) {
        words[n++] = "--set";
        words[n++] = run->sets[i];
    }
    if (run->has_seed) {
        snprintf(seed, SWEEP_SEED_CHARS, "%llu", (unsigned long long)run->seed);
        words[n++] = "--seed";
        words[n++] = seed;
    }
    words[n] = run->base;
    /* execv's type lacks a const, though it changes no word. */
    return (char **)(void *)words;
}

/* ---- Progress ----------------------------------------------------------- */

static void print_span(double seconds)
{
    uint64_t s = (uint64_t)(seconds + 0.5);
    if (s < 100) {
        fprintf(stderr, "%llu s", (unsigned long long)s);
    } else if (s < 6000) {
        fprintf(stderr, "%llu min", (unsigned long long)(s + 30) / 60);
    } else {
        fprintf(stderr, "%llu h %02llu min", (unsigned long long)s / 3600,
                (unsigned long long)s % 3600 / 60);
    }
}

static void show_progress(const struct maker *m)
{
    if (!m->shows_progress) {
        return;
    }
    uint32_t total = m->setup->plan->run_count;
    uint32_t done = total - m->wanted + m->count->ended;
    int filled = (int)((uint64_t)BAR_COLUMNS * done / total);
    fprintf(stderr, "\r[%.*s%.*s] %u of %u", filled, "########################",
            BAR_COLUMNS - filled, "........................", done, total);
    if (m->failed > 0) {
        fprintf(stderr, ", %u failed", m->failed);
    }
    if (m->count->ended > 0 && m->count->ended < m->wanted) {
        double each = m->wall_s / m->count->ended;
        fputs(", about ", stderr);
        print_span(each * (m->wanted - m->count->ended) / m->setup->job_count);
        fputs(" left", stderr);
    }
    fputs("\033[K", stderr);
}

static void clear_progress(const struct maker *m)
{
    if (m->shows_progress) {
        fputs("\r\033[K", stderr);
    }
}

/* ---- Results ------------------------------------------------------------ */

/* Finds the first line of stderr that iksim printed, which says what was wrong;
   without such a line, the last line, or "". */
static void find_message(const struct job_end *end, char text[MESSAGE_BYTES])
{
    size_t prefix = strlen(PREFIX);
    const char *last = NULL;
    const char *own = NULL;
    for (const char *line = end->err; line && *line;) {
        last = line;
        if (!own && strncmp(line, PREFIX, prefix) == 0) {
            own = line + prefix;
        }
        const char *next = strchr(line, '\n');
        line = next ? next + 1 : NULL;
    }
    const char *line = own ? own : last ? last : "";
    snprintf(text, MESSAGE_BYTES, "%.*s", (int)strcspn(line, "\n"), line);
    if (end->exit_code > 128) {
        snprintf(text, MESSAGE_BYTES, "ended by signal %d%s%.*s",
                 end->exit_code - 128, *line ? ": " : "",
                 (int)strcspn(line, "\n"), line);
    }
}

/* Stores the result of a job. False: the database does not take it. */
static bool take_result(struct maker *m, uint32_t index, struct job_end *end)
{
    m->count->ended++;
    m->wall_s += end->wall_s;
    if (end->exit_code == CLI_INTERRUPTED) {
        m->count->unknown++;
        return true; /* The run was stopped, and is still wanted. */
    }
    char text[MESSAGE_BYTES];
    int64_t id = m->setup->runs[index].id;
    find_message(end, text);
    struct store_result result = { .exit_code = end->exit_code,
                                   .version = IKSIM_VERSION };
    result.report = end->out ? json_loads(end->out, 0, NULL) : NULL;
    if (!result.report && result.exit_code == CLI_DONE) {
        result.exit_code = CLI_WRONG;
        snprintf(text, sizeof(text), "the run printed no report");
    }
    if (result.exit_code != CLI_DONE) {
        result.message = text;
    }
    if (result.exit_code != CLI_DONE &&
        !(m->setup->takes_wrong && result.report)) {
        char name[MESSAGE_BYTES];
        plan_describe_run(&m->setup->plan->runs[index], name, sizeof(name));
        m->count->failed++;
        m->failed++;
        clear_progress(m);
        cli_complain("run %lld (%s): %s", (long long)id, name, text);
    }
    bool is_stored = store_result(m->setup->db, id, &result);
    json_decref(result.report);
    return is_stored;
}

/* ---- Which run is next -------------------------------------------------- */

static struct warm_group *group_of(const struct maker *m, uint32_t run)
{
    uint32_t group =
        m->setup->is_warm ? m->groups.group_of[run] : WARM_NO_GROUP;
    return group == WARM_NO_GROUP || m->groups.groups[group].is_cold
               ? NULL
               : &m->groups.groups[group];
}

static bool is_waiting(const struct maker *m, uint32_t run)
{
    return m->setup->runs[run].is_wanted && !m->is_started[run];
}

/*
 * Chooses the slot's next run: the next one of its server's group, if there is
 * one; else the first that no other server is going to make; else the first of
 * all. False: all runs have been started.
 */
static bool find_next(struct maker *m, const struct slot *slot, uint32_t *run)
{
    uint32_t count = m->setup->plan->run_count;
    bool has_shared = false;
    while (m->next < count && !is_waiting(m, m->next)) {
        m->next++;
    }
    for (uint32_t i = m->next; i < count && slot->server.pid != 0; i++) {
        if (is_waiting(m, i) && m->groups.group_of[i] == slot->server.group) {
            *run = i;
            return true;
        }
    }
    for (uint32_t i = m->next; i < count; i++) {
        const struct warm_group *group = group_of(m, i);
        if (!is_waiting(m, i)) {
            continue;
        }
        if (!group || group->holders == 0) {
            *run = i;
            return true;
        }
        if (!has_shared) {
            *run = i;
            has_shared = true;
        }
    }
    return has_shared;
}

/* ---- Slots -------------------------------------------------------------- */

static void end_server(struct maker *m, struct slot *slot)
{
    if (slot->server.pid != 0) {
        SIM_ASSERT(m->groups.groups);
        m->groups.groups[slot->server.group].holders--;
        warm_server_end(&slot->server);
    }
}

static bool start_cold(struct maker *m, struct slot *slot, uint32_t run)
{
    char seed[SWEEP_SEED_CHARS];
    char **words =
        sweep_words(m->setup->program, &m->setup->plan->runs[run], seed);
    slot->job.index = run;
    bool is_started = words && job_start(&slot->job, words);
    free(words);
    return is_started;
}

/* Gives the slot a server of the group. False: the host has no room, or the
   group has only one run left. */
static bool hold_group(struct maker *m, struct slot *slot,
                       struct warm_group *group)
{
    uint32_t index = (uint32_t)(group - m->groups.groups);
    if (slot->server.pid != 0 && slot->server.group == index) {
        return true;
    }
    end_server(m, slot);
    /* A server gains nothing for one run alone. */
    if (group->left < 2 || !warm_server_start(&slot->server, m->setup->plan,
                                              index, group->point)) {
        return false;
    }
    group->holders++;
    return true;
}

static bool start_next(struct maker *m, struct slot *slot)
{
    uint32_t run;
    if (!find_next(m, slot, &run)) {
        end_server(m, slot); /* This leaves memory to the other servers. */
        return true;
    }
    struct warm_group *group = group_of(m, run);
    bool is_warm = group && hold_group(m, slot, group);
    m->is_started[run] = true;
    if (group) {
        group->left--;
    }
    if (!is_warm) {
        end_server(m, slot);
        return start_cold(m, slot, run);
    }
    slot->asked = run;
    slot->asked_at = host_now();
    warm_server_ask(&slot->server, run);
    return true;
}

/* Takes the server's answer. A run whose result would not be that of a run from
   the start, to the bit, starts again, cold. */
static bool take_answer(struct maker *m, struct slot *slot)
{
    struct job_end end = { .exit_code = CLI_DONE };
    enum warm_answer answer = warm_server_take(&slot->server, &end.out);
    if (answer == WARM_REFUSED) {
        SIM_ASSERT(m->groups.groups);
        m->groups.groups[slot->server.group].is_cold = true;
        end_server(m, slot);
    }
    if (!end.out) {
        return start_cold(m, slot, slot->asked);
    }
    end.wall_s = host_seconds(slot->asked_at, host_now());
    m->count->warm += answer == WARM_DONE;
    bool is_stored = take_result(m, slot->asked, &end);
    job_end_clear(&end);
    return is_stored;
}

static bool serve_slot(struct maker *m, uint32_t index)
{
    struct slot *slot = &m->slots[index];
    struct job_end end;
    if (job_poll(&slot->job, &end)) {
        bool is_stored = take_result(m, slot->job.index, &end);
        job_end_clear(&end);
        if (!is_stored) {
            return false;
        }
    }
    if (slot->server.is_asked && m->files[index + 1].revents != 0 &&
        !take_answer(m, slot)) {
        return false;
    }
    if (slot->job.pid == 0 && !slot->server.is_asked && !start_next(m, slot)) {
        return false;
    }
    m->files[index + 1] =
        (struct pollfd){ .fd = slot->server.is_asked ? slot->server.fd : -1,
                         .events = POLLIN };
    return true;
}

/* Takes the result of each slot that has one, and starts the slot's next
   run. */
static bool serve_slots(struct maker *m, uint32_t *running)
{
    *running = 0;
    for (uint32_t i = 0; i < m->setup->job_count; i++) {
        if (!serve_slot(m, i)) {
            return false;
        }
        *running += m->slots[i].job.pid != 0 || m->slots[i].server.is_asked;
    }
    return true;
}

/* ---- All of them -------------------------------------------------------- */

static int make_runs(struct maker *m)
{
    uint32_t running;
    for (;;) {
        if (!serve_slots(m, &running)) {
            return CLI_USAGE;
        }
        show_progress(m);
        if (running == 0) {
            return CLI_DONE;
        }
        if (jobs_wait(m->files, m->setup->job_count + 1, TICK_MS) ==
            JOBS_INTERRUPT) {
            return CLI_INTERRUPTED;
        }
    }
}

static bool open_maker(struct maker *m)
{
    const struct sweep_setup *setup = m->setup;
    m->slots = calloc(setup->job_count, sizeof(*m->slots));
    m->files = calloc(setup->job_count + 1, sizeof(*m->files));
    m->is_started = calloc(setup->plan->run_count, sizeof(*m->is_started));
    if (!m->slots || !m->files || !m->is_started ||
        (setup->is_warm &&
         !warm_groups_find(&m->groups, setup->plan, setup->runs))) {
        cli_complain("out of memory");
        return false;
    }
    for (uint32_t i = 0; i < setup->plan->run_count; i++) {
        m->wanted += setup->runs[i].is_wanted;
        m->failed += setup->runs[i].has_failed && !setup->runs[i].is_wanted;
    }
    m->files[0].events = POLLIN;
    m->shows_progress = isatty(STDERR_FILENO);
    return true;
}

static void close_maker(struct maker *m)
{
    for (uint32_t i = 0; m->slots && i < m->setup->job_count; i++) {
        job_kill(&m->slots[i].job);
        end_server(m, &m->slots[i]);
    }
    warm_groups_release(&m->groups);
    free(m->slots);
    free(m->files);
    free(m->is_started);
}

int sweep_run_all(const struct sweep_setup *setup, struct sweep_count *count)
{
    struct maker m = { .setup = setup, .count = count };
    int code = CLI_USAGE;
    int signals = -1;
    *count = (struct sweep_count){ .ended = 0 };
    if (open_maker(&m) && jobs_begin(&signals)) {
        m.files[0].fd = signals;
        code = make_runs(&m);
        clear_progress(&m);
    }
    close_maker(&m);
    jobs_end(signals);
    return code;
}
