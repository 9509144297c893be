/* sweep_run.c - see sweep_run.h. */
#define _GNU_SOURCE
#include "cli/experiment/sweep_run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

#define BAR_COLUMNS   24
#define TICK_MS       500
#define MESSAGE_BYTES 256
#define PREFIX        "iksim: " /* Of what a run says on stderr. */

bool sweep_run_init(struct sweep_run *w)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *w = (struct sweep_run){ .job_count = 1 };
    if (processors > 0 && processors <= SWEEP_JOBS_LIMIT) {
        w->job_count = (uint32_t)processors;
    }
    ssize_t length =
        readlink("/proc/self/exe", w->program, SWEEP_PROGRAM_BYTES - 1);
    if (length <= 0) {
        cli_complain("cannot find its own program: %s", strerror(errno));
    }
    return length > 0;
}

void sweep_run_release(struct sweep_run *w)
{
    free(w->runs);
    free(w->jobs);
}

char **sweep_run_words(const struct sweep_run *w, const struct plan_run *run,
                       char seed[SWEEP_SEED_CHARS])
{
    size_t limit = 2 * (size_t)run->set_count + 8;
    const char **words = calloc(limit, sizeof(*words));
    if (!words) {
        cli_complain("out of memory");
        return NULL;
    }
    size_t n = 0;
    words[n++] = w->program;
    words[n++] = "run";
    words[n++] = "--json";
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
    /* execv takes what it does not change as changeable. */
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

static void show_progress(const struct sweep_run *w)
{
    if (!w->shows_progress) {
        return;
    }
    uint32_t total = w->plan->run_count;
    uint32_t done = total - w->wanted + w->ended;
    int filled = (int)((uint64_t)BAR_COLUMNS * done / total);
    fprintf(stderr, "\r[%.*s%.*s] %u of %u", filled, "########################",
            BAR_COLUMNS - filled, "........................", done, total);
    if (w->failed > 0) {
        fprintf(stderr, ", %u failed", w->failed);
    }
    if (w->ended > 0 && w->ended < w->wanted) {
        double each = w->wall_s / w->ended;
        fputs(", about ", stderr);
        print_span(each * (w->wanted - w->ended) / w->job_count);
        fputs(" left", stderr);
    }
    fputs("\033[K", stderr);
}

static void clear_progress(const struct sweep_run *w)
{
    if (w->shows_progress) {
        fputs("\r\033[K", stderr);
    }
}

/* ---- Running ------------------------------------------------------------ */

/* The last line of what a run said of itself; "" when it said nothing. */
static void find_message(const struct job_end *end, char text[MESSAGE_BYTES])
{
    size_t prefix = strlen(PREFIX);
    const char *last = NULL;
    const char *own = NULL;
    for (const char *line = end->err; line && *line;) {
        last = line;
        if (strncmp(line, PREFIX, prefix) == 0) {
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

/* False: the database does not take it. */
static bool take_result(struct sweep_run *w, const struct job *job,
                        struct job_end *end)
{
    w->ended++;
    w->wall_s += end->wall_s;
    if (end->exit_code == CLI_INTERRUPTED) {
        w->unknown++;
        return true; /* It was stopped: it still waits. */
    }
    char text[MESSAGE_BYTES];
    find_message(end, text);
    struct store_result result = { .exit_code = end->exit_code,
                                   .version = IKSIM_VERSION };
    result.report = end->out ? json_loads(end->out, 0, NULL) : NULL;
    if (!result.report && result.exit_code == CLI_DONE) {
        result.exit_code = CLI_WRONG;
        snprintf(text, sizeof(text), "it printed no report");
    }
    if (result.exit_code != CLI_DONE) {
        char name[MESSAGE_BYTES];
        plan_describe_run(&w->plan->runs[job->index], name, sizeof(name));
        result.message = text;
        w->failed++;
        clear_progress(w);
        cli_complain("run %lld (%s): %s", (long long)w->runs[job->index].id,
                     name, text);
    }
    bool is_stored = store_result(w->db, w->runs[job->index].id, &result);
    json_decref(result.report);
    return is_stored;
}

static bool start_next(struct sweep_run *w, struct job *job)
{
    while (w->next < w->plan->run_count && !w->runs[w->next].is_wanted) {
        w->next++;
    }
    if (w->next == w->plan->run_count) {
        return true;
    }
    char seed[SWEEP_SEED_CHARS];
    char **words = sweep_run_words(w, &w->plan->runs[w->next], seed);
    job->index = w->next++;
    bool is_started = words && job_start(job, words);
    free(words);
    return is_started;
}

/* Looks at each job: takes its result, gives it its next. */
static bool serve_jobs(struct sweep_run *w, uint32_t *running)
{
    *running = 0;
    for (uint32_t i = 0; i < w->job_count; i++) {
        struct job *job = &w->jobs[i];
        struct job_end end;
        if (job_poll(job, &end)) {
            bool is_stored = take_result(w, job, &end);
            job_end_clear(&end);
            if (!is_stored) {
                return false;
            }
        }
        if (job->pid == 0 && !start_next(w, job)) {
            return false;
        }
        *running += job->pid != 0;
    }
    return true;
}

bool sweep_run_prepare(struct sweep_run *w, bool retries)
{
    uint32_t count = w->plan->run_count;
    w->runs = calloc(count, sizeof(*w->runs));
    w->jobs = calloc(w->job_count, sizeof(*w->jobs));
    w->shows_progress = isatty(STDERR_FILENO);
    if (!w->runs || !w->jobs) {
        cli_complain("out of memory");
        return false;
    }
    if (!store_plan(w->db, w->plan, retries, w->runs)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        w->wanted += w->runs[i].is_wanted;
        w->failed += w->runs[i].has_failed && !w->runs[i].is_wanted;
    }
    return true;
}

int sweep_run_all(struct sweep_run *w)
{
    int code = CLI_DONE;
    uint32_t running;
    jobs_begin();
    for (;;) {
        if (!serve_jobs(w, &running)) {
            code = CLI_USAGE;
            break;
        }
        show_progress(w);
        if (running == 0) {
            break;
        }
        if (jobs_wait(TICK_MS) == JOBS_INTERRUPT) {
            code = CLI_INTERRUPTED;
            break;
        }
    }
    for (uint32_t i = 0; i < w->job_count; i++) {
        job_kill(&w->jobs[i]);
    }
    jobs_end();
    clear_progress(w);
    return code;
}
