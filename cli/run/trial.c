/* trial.c - see trial.h. The child answers with one JSON object. */
#define _GNU_SOURCE
#include "cli/run/trial.h"
#include "cli/host_clock.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/run/warm.h"
#include "cli/sandbox.h"
#include "sim/report/report.h"

/* ---- In the child ------------------------------------------------------- */

struct answer {
    int code;
    bool was_warm;
    char message[SCENARIO_MESSAGE_BYTES];
    json_t *report;
    struct timespec started;
    uint64_t inherited; /* Instructions that the warm parent had simulated. */
};

static json_t *take_report(const struct answer *a, const struct session *s)
{
    struct session_report r;
    session_report(s, a->started, a->inherited, &r);
    char *text = NULL;
    size_t bytes = 0;
    FILE *file = open_memstream(&text, &bytes);
    if (!file) {
        return NULL;
    }
    bool is_written = report_write_json(&r.report, file);
    is_written = fclose(file) == 0 && is_written;
    json_t *root = is_written ? json_loads(text, 0, NULL) : NULL;
    free(text);
    return root;
}

/* Runs the session to its end, from wherever it is. */
static void run_session(struct answer *a, struct session *s)
{
    /* Nothing more is opened. What is missing of the sandbox, `iksim run`
       says. */
    char message[SANDBOX_MESSAGE_BYTES];
    (void)!sandbox_close(&(struct sandbox_needs){ .written = NULL }, message);
    /* session_judge says what the run came to. */
    (void)!session_run(s);
    a->report = take_report(a, s);
    a->code = session_judge(s, a->message);
    if (a->code == CLI_DONE && !a->report) {
        snprintf(a->message, sizeof(a->message),
                 "out of memory for the report");
        a->code = CLI_WRONG;
    }
}

static void run_cold(struct answer *a, const struct trial *trial,
                     struct guard *guard)
{
    struct session *s = calloc(1, sizeof(*s));
    struct session_options options = {
        .path = trial->path,
        .scenario = { .sets = trial->sets, .set_count = trial->set_count },
        .keeps_files = true,
    };
    if (guard) {
        session_obey(&options, guard);
    }
    if (!s) {
        snprintf(a->message, sizeof(a->message), "out of memory");
        a->code = CLI_USAGE;
    } else if (session_open(s, &options, a->message)) {
        run_session(a, s);
    } else {
        a->code = CLI_USAGE;
    }
    /* The process ends here, so that nothing needs to be freed. */
}

static bool write_all(int fd, const char *text, size_t bytes)
{
    while (bytes > 0) {
        ssize_t n = write(fd, text, bytes);
        if (n < 0 && errno != EINTR) {
            return false;
        }
        text += n > 0 ? n : 0;
        bytes -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

static int answer(const struct answer *a, int fd)
{
    json_t *root =
        json_pack("{s:i, s:b, s:s, s:o?}", "code", a->code, "warm", a->was_warm,
                  "message", a->message, "report", a->report);
    char *text =
        root ? json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;
    return text && write_all(fd, text, strlen(text)) ? 0 : 1;
}

static int live(const struct trial *trial, struct warm *warm, int fd)
{
    struct answer a = { .code = CLI_DONE };
    a.started = host_now();
    struct guard_options options = { .stops_on_signals = false };
    struct guard *guard = guard_enter(&options);
    uint32_t count = 0;
    uint32_t found = 0;
    if (guard) {
        (void)guard_listed(guard, &count, &found);
    }
    /* The warm point may be beyond a block that is refused now. */
    struct session *s =
        warm && found == 0 ? warm_branch(warm, trial, guard) : NULL;
    if (s) {
        a.was_warm = true;
        a.inherited = s->stats->guest.instructions;
        run_session(&a, s);
    } else {
        run_cold(&a, trial, guard);
    }
    return answer(&a, fd);
}

/* ---- In the parent ------------------------------------------------------ */

bool trial_start(const struct trial *trial, struct warm *warm,
                 struct trial_child *child)
{
    int ends[2];
    if (pipe(ends) != 0) {
        return false;
    }
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid < 0) {
        int error = errno;
        close(ends[0]);
        close(ends[1]);
        errno = error;
        return false;
    }
    if (pid == 0) {
        close(ends[0]);
        signal(SIGPIPE, SIG_IGN);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        /* _exit, since the child must not flush the parent's stdout. */
        _exit(getppid() == parent ? live(trial, warm, ends[1]) : 1);
    }
    close(ends[1]);
    *child = (struct trial_child){ .pid = pid, .fd = ends[0] };
    return true;
}

static char *read_all(int fd)
{
    size_t used = 0;
    size_t room = 1 << 16;
    char *text = malloc(room);
    while (text) {
        ssize_t n = read(fd, text + used, room - used - 1);
        if (n == 0 || (n < 0 && errno != EINTR)) {
            break;
        }
        used += n > 0 ? (size_t)n : 0;
        if (used + 1 == room) {
            room *= 2;
            char *larger = realloc(text, room);
            if (!larger) {
                free(text);
            }
            text = larger;
        }
    }
    if (text) {
        text[used] = '\0';
    }
    return text;
}

static void take_answer(struct trial_result *r, const json_t *root)
{
    const char *message = json_string_value(json_object_get(root, "message"));
    r->exit_code = (int)json_integer_value(json_object_get(root, "code"));
    r->was_warm = json_is_true(json_object_get(root, "warm"));
    snprintf(r->message, sizeof(r->message), "%s", message ? message : "");
    json_t *report = json_object_get(root, "report");
    r->report = json_is_object(report) ? json_incref(report) : NULL;
}

void trial_finish(struct trial_child *child, struct trial_result *result)
{
    *result = (struct trial_result){ .exit_code = CLI_WRONG };
    char *text = read_all(child->fd);
    close(child->fd);
    int status = 0;
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR) {
    }
    json_t *root = text ? json_loads(text, 0, NULL) : NULL;
    if (WIFSIGNALED(status)) {
        result->exit_code = CLI_SIGNALLED + WTERMSIG(status);
        snprintf(result->message, sizeof(result->message),
                 "the run was ended by signal %d", WTERMSIG(status));
    } else if (root) {
        take_answer(result, root);
    } else {
        snprintf(result->message, sizeof(result->message),
                 "the run ended without an answer");
    }
    json_decref(root);
    free(text);
}

void trial_result_clear(struct trial_result *result)
{
    json_decref(result->report);
    *result = (struct trial_result){ 0 };
}
