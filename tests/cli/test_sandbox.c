/*
 * test_sandbox.c - what a process can still do when its sandbox is closed, and
 * what it cannot. Each attempt is made by a child, which the sandbox never lets
 * out; its exit code is the errno of the attempt.
 */
#define _GNU_SOURCE
#include "cli/sandbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/replace.h"

#define UNCLOSED 200 /* The kernel, or this build, has no sandbox. */

struct place {
    char root[64], own[80], other[80], secret[96];
    int secret_fd;
};

static int make_place(void **state)
{
    static struct place p;
    snprintf(p.root, sizeof(p.root), "/tmp/sandbox-XXXXXX");
    if (!mkdtemp(p.root)) {
        return -1;
    }
    snprintf(p.own, sizeof(p.own), "%s/own", p.root);
    snprintf(p.other, sizeof(p.other), "%s/other", p.root);
    snprintf(p.secret, sizeof(p.secret), "%s/secret", p.other);
    bool is_made = mkdir(p.own, 0700) == 0 && mkdir(p.other, 0700) == 0;
    p.secret_fd = open(p.secret, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    *state = &p;
    return is_made && p.secret_fd >= 0 ? 0 : -1;
}

static int remove_place(void **state)
{
    const struct place *p = *state;
    char path[128];
    static const char *const made[] = { "file", "folder" };
    for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", p->own, made[i]);
        (void)remove(path);
    }
    close(p->secret_fd);
    return remove(p->secret) == 0 && remove(p->own) == 0 &&
                   remove(p->other) == 0 && remove(p->root) == 0
               ? 0
               : -1;
}

typedef int attempt_fn(const struct place *p);

/* 0: it could be done; else errno. */
static int errno_of(bool is_done)
{
    return is_done ? 0 : errno;
}

/* Returns what came of it, within the sandbox. */
static int try_within(const struct place *p, attempt_fn *attempt)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const char *written[] = { p->own };
        struct sandbox_needs needs = { .written = written, .written_count = 1 };
        char message[SANDBOX_MESSAGE_BYTES];
        bool is_whole = sandbox_close(&needs, message);
        /* A build that may not close it shows that it can do all. */
        int fd = open(p->secret, O_RDONLY | O_CLOEXEC);
        _exit(is_whole && fd < 0 ? attempt(p) : UNCLOSED);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* ---- What stays --------------------------------------------------------- */

static int write_own(const struct place *p)
{
    char path[128];
    struct stat status;
    struct replacement r;
    snprintf(path, sizeof(path), "%s/file", p->own);
    for (int i = 0; i < 2; i++) { /* A new file, and one that is there. */
        if (!replace_open(&r, path) || fputs("text", r.file) < 0 ||
            !replace_finish(&r, true)) {
            return errno;
        }
    }
    snprintf(path, sizeof(path), "%s/folder", p->own);
    return errno_of(mkdir(path, 0700) == 0 && stat(path, &status) == 0);
}

static int write_open(const struct place *p)
{
    return errno_of(write(p->secret_fd, "x", 1) == 1 &&
                    ftruncate(p->secret_fd, 0) == 0);
}

static int translate(const struct place *p)
{
    (void)p;
    void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return errno_of(at != MAP_FAILED);
}

static int fork_again(const struct place *p)
{
    (void)p;
    int status = 1;
    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    return errno_of(child > 0 && waitpid(child, &status, 0) == child &&
                    status == 0);
}

static int ask_of_itself(const struct place *p)
{
    (void)p;
    struct rusage usage;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file) {
        return errno;
    }
    fclose(file);
    if (getrusage(RUSAGE_SELF, &usage) != 0) {
        return errno;
    }
    errno = 0; /* Not to be a terminal is no refusal. */
    return errno_of(isatty(STDOUT_FILENO) || errno != EPERM);
}

static void what_a_run_needs_stays(void **state)
{
    static attempt_fn *const attempts[] = { write_own, write_open, translate,
                                            fork_again, ask_of_itself };
    for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
        int got = try_within(*state, attempts[i]);
        if (got == UNCLOSED) {
            skip();
        }
        assert_int_equal(got, 0);
    }
}

/* ---- What goes ---------------------------------------------------------- */

static int read_other(const struct place *p)
{
    return errno_of(open(p->secret, O_RDONLY | O_CLOEXEC) >= 0);
}

static int write_other(const struct place *p)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/new", p->other);
    return errno_of(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0);
}

static int leave_by_dots(const struct place *p)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/../other/secret", p->own);
    return errno_of(open(path, O_RDONLY | O_CLOEXEC) >= 0);
}

static int leave_by_link(const struct place *p)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/file", p->own);
    return errno_of(symlink(p->secret, path) == 0);
}

static int remove_other(const struct place *p)
{
    return errno_of(unlink(p->secret) == 0);
}

static int list_other(const struct place *p)
{
    return errno_of(open(p->other, O_RDONLY | O_DIRECTORY | O_CLOEXEC) >= 0);
}

static int start_program(const struct place *p)
{
    (void)p;
    char name[] = "/bin/true";
    char *args[] = { name, NULL };
    char *none[] = { NULL };
    return errno_of(execve(name, args, none) == 0);
}

static int connect_somewhere(const struct place *p)
{
    (void)p;
    return errno_of(socket(AF_INET, SOCK_STREAM, 0) >= 0);
}

static int connect_here(const struct place *p)
{
    (void)p;
    return errno_of(socket(AF_UNIX, SOCK_STREAM, 0) >= 0);
}

static int look_into_another(const struct place *p)
{
    (void)p;
    return errno_of(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0);
}

static int kill_another(const struct place *p)
{
    (void)p;
    return errno_of(kill(getppid(), 0) == 0);
}

static int take_the_name(const struct place *p)
{
    (void)p;
    return errno_of(sethostname("x", 1) == 0);
}

static void what_only_an_attacker_needs_goes(void **state)
{
    static const struct {
        attempt_fn *attempt;
        int wanted;
    } rows[] = {
        { read_other, EACCES },    { write_other, EACCES },
        { leave_by_dots, EACCES }, { leave_by_link, EPERM },
        { remove_other, EACCES },  { list_other, EACCES },
        { start_program, EPERM },  { connect_somewhere, EPERM },
        { connect_here, EPERM },   { look_into_another, EPERM },
        { kill_another, EPERM },   { take_the_name, EPERM },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int got = try_within(*state, rows[i].attempt);
        if (got == UNCLOSED) {
            skip();
        }
        assert_int_equal(got, rows[i].wanted);
    }
}

int main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, make_place, remove_place)
    const struct CMUnitTest tests[] = {
        TEST(what_a_run_needs_stays),
        TEST(what_only_an_attacker_needs_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
