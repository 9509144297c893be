/* warm.c - see warm.h. */
#define _GNU_SOURCE
#include "cli/lab/sweep/warm.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/lab/sweep/jobs.h"
#include "cli/lab/sweep/point.h"
#include "cli/run/choice/pinned.h"
#include "cli/sandbox.h"

/* ---- Groups ------------------------------------------------------------- */

/* A run that may join a group, and what it has in common with that group. */
struct candidate {
    char keys[2][PLAN_KEY_CHARS]; /* Hashed classes, by enum warm_point. */
    uint32_t run;
};

/* False: the run cannot be in a group. */
static bool read_candidate(struct arena *arena, const struct plan *plan,
                           uint32_t index, struct candidate *c)
{
    char message[SCENARIO_MESSAGE_BYTES];
    struct point_words words;
    struct trial trial = point_trial(&plan->runs[index], &words);
    struct scenario_options options = { trial.sets, trial.set_count };
    size_t mark = arena->used_bytes;
    struct scenario *s = pinned_load(arena, trial.path, &options, message);
    bool is_one = s;
    for (enum warm_point p = WARM_AFTER_BOOT; is_one && p <= WARM_AFTER_WARMUP;
         p++) {
        char *class = warm_class(s, p);
        is_one = class;
        if (class) {
            plan_hash_text(class, c->keys[p]);
        }
        free(class);
    }
    c->run = index;
    arena->used_bytes = mark; /* The scenario is no longer needed. */
    return is_one;
}

static int compare_at(const struct candidate *a, const struct candidate *b,
                      enum warm_point point)
{
    int order = strcmp(a->keys[point], b->keys[point]);
    return order != 0 ? order : (a->run > b->run) - (a->run < b->run);
}

static int compare_booted(const void *a, const void *b)
{
    return compare_at(a, b, WARM_AFTER_BOOT);
}

static int compare_warmed(const void *a, const void *b)
{
    return compare_at(a, b, WARM_AFTER_WARMUP);
}

/* Makes groups of the candidates that share the point. Moves the candidates
   that are alone to the front of the list, and returns their count. */
static uint32_t group_at(struct warm_groups *g, struct candidate *list,
                         uint32_t count, enum warm_point point)
{
    uint32_t alone = 0;
    uint32_t end;
    qsort(list, count, sizeof(*list),
          point == WARM_AFTER_BOOT ? compare_booted : compare_warmed);
    for (uint32_t at = 0; at < count; at = end) {
        end = at + 1;
        while (end < count &&
               strcmp(list[end].keys[point], list[at].keys[point]) == 0) {
            end++;
        }
        if (end - at == 1) {
            list[alone++] = list[at];
            continue;
        }
        g->groups[g->count] =
            (struct warm_group){ .point = point, .left = end - at };
        for (uint32_t i = at; i < end; i++) {
            g->group_of[list[i].run] = g->count;
        }
        g->count++;
    }
    return alone;
}

bool warm_groups_find(struct warm_groups *g, const struct plan *plan,
                      const struct store_run *runs)
{
    uint32_t count = 0;
    struct arena arena;
    struct candidate *list = calloc(plan->run_count, sizeof(*list));
    *g = (struct warm_groups){
        .groups = calloc(plan->run_count, sizeof(*g->groups)),
        .group_of = calloc(plan->run_count, sizeof(*g->group_of)),
    };
    if (!list || !g->groups || !g->group_of ||
        !arena_map(&arena, ARENA_UNLIMITED)) {
        free(list);
        return false;
    }
    for (uint32_t i = 0; i < plan->run_count; i++) {
        g->group_of[i] = WARM_NO_GROUP;
        if (runs[i].is_wanted &&
            read_candidate(&arena, plan, i, &list[count])) {
            count++;
        }
    }
    arena_unmap(&arena);
    count = group_at(g, list, count, WARM_AFTER_WARMUP);
    group_at(g, list, count, WARM_AFTER_BOOT);
    free(list);
    return true;
}

void warm_groups_release(struct warm_groups *g)
{
    free(g->groups);
    free(g->group_of);
    *g = (struct warm_groups){ .count = 0 };
}

/* ---- In the server ------------------------------------------------------ */

/* A server sends this to the sweep, and the report's text behind it. */
struct answer {
    enum warm_answer kind;
    size_t bytes; /* The length of the text. */
};

/* Sends all bytes, in several calls if a signal interrupts one. */
static bool send_all(int fd, const void *bytes, size_t count)
{
    const char *at = bytes;
    while (count > 0) {
        ssize_t n = send(fd, at, count, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR) {
            return false;
        }
        at += n > 0 ? n : 0;
        count -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

static bool receive_all(int fd, void *bytes, size_t count)
{
    char *at = bytes;
    while (count > 0) {
        ssize_t n = recv(fd, at, count, MSG_WAITALL);
        if (n == 0 || (n < 0 && errno != EINTR)) {
            return false;
        }
        at += n > 0 ? n : 0;
        count -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

static enum warm_answer make_run(struct warm *warm, const struct trial *trial,
                                 char **text)
{
    struct trial_child child;
    struct trial_result result;
    if (!trial_start(trial, warm, &child)) {
        return WARM_FAILED;
    }
    trial_finish(&child, &result);
    bool is_good = result.exit_code == CLI_DONE && result.report;
    *text = is_good ? json_dumps(result.report,
                                 JSON_COMPACT | JSON_REAL_PRECISION(15))
                    : NULL;
    bool was_warm = result.was_warm;
    trial_result_clear(&result);
    if (!*text) {
        return WARM_FAILED;
    }
    return was_warm ? WARM_DONE : WARM_ALONE;
}

/* Answers the sweep until the sweep is gone. */
static void serve(const struct plan *plan, enum warm_point point, int fd)
{
    struct warm *warm = NULL;
    struct guard *guard = guard_watch_alone();
    struct point_words words;
    char message[SCENARIO_MESSAGE_BYTES];
    uint32_t run;
    while (receive_all(fd, &run, sizeof(run))) {
        struct trial trial = point_trial(&plan->runs[run], &words);
        struct answer answer = { .kind = WARM_REFUSED };
        char *text = NULL;
        warm = warm ? warm : warm_open(&trial, point, guard, message);
        if (warm) {
            answer.kind = make_run(warm, &trial, &text);
            answer.bytes = text ? strlen(text) : 0;
        }
        bool is_sent = send_all(fd, &answer, sizeof(answer)) &&
                       (!text || send_all(fd, text, answer.bytes));
        free(text);
        if (!is_sent) {
            return;
        }
    }
}

/* The child's side of the fork. */
_Noreturn static void become_server(const struct plan *plan,
                                    enum warm_point point, int fd, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == parent) {
        /* The server leaves the terminal's process group, so that Ctrl-C
           reaches the sweep alone, which ends its servers. */
        setpgid(0, 0);
        jobs_release_signals();
        int null = open("/dev/null", O_RDWR | O_CLOEXEC);
        /* A server prints nothing: if a run fails here, the run from the start
           says why. */
        if (null >= 0 && dup2(null, STDOUT_FILENO) >= 0 &&
            dup2(null, STDERR_FILENO) >= 0) {
            /* Its trials read scenarios and images; it writes to the sweep
               alone. */
            const char *all[] = { "/" };
            struct sandbox_needs needs = { .read = all, .read_count = 1 };
            char message[SANDBOX_MESSAGE_BYTES];
            (void)!sandbox_close(&needs, message);
            serve(plan, point, fd);
        }
    }
    /* _exit, since the child must not flush the sweep's stdout. */
    _exit(0);
}

/* ---- In the sweep ------------------------------------------------------- */

bool warm_server_start(struct warm_server *s, const struct plan *plan,
                       uint32_t group, enum warm_point point)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return false;
    }
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        become_server(plan, point, ends[1], parent);
    }
    int error = errno;
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        errno = error;
        return false;
    }
    *s = (struct warm_server){ .pid = pid, .fd = ends[0], .group = group };
    return true;
}

void warm_server_ask(struct warm_server *s, uint32_t run)
{
    /* If the server is gone, its fd reads end of file, which is the answer. */
    s->is_asked = true;
    (void)send_all(s->fd, &run, sizeof(run));
}

enum warm_answer warm_server_take(struct warm_server *s, char **report)
{
    struct answer answer;
    *report = NULL;
    s->is_asked = false;
    if (!receive_all(s->fd, &answer, sizeof(answer))) {
        return WARM_REFUSED;
    }
    if (answer.kind == WARM_FAILED || answer.kind == WARM_REFUSED) {
        return answer.kind;
    }
    char *text = malloc(answer.bytes + 1);
    if (!text || !receive_all(s->fd, text, answer.bytes)) {
        free(text);
        return WARM_REFUSED;
    }
    text[answer.bytes] = '\0';
    *report = text;
    return answer.kind;
}

void warm_server_end(struct warm_server *s)
{
    if (s->pid != 0) {
        kill(s->pid, SIGKILL);
        waitpid(s->pid, NULL, 0);
        close(s->fd);
        s->pid = 0;
    }
}
