/* sandbox.c - see sandbox.h. */
#define _GNU_SOURCE
#include "cli/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- Files -------------------------------------------------------------- */

/* Later than the headers of Debian 12. */
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif
#ifndef LANDLOCK_ACCESS_FS_IOCTL_DEV
#define LANDLOCK_ACCESS_FS_IOCTL_DEV (1ULL << 15)
#endif

#define FS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_WRITE                                                    \
    (FS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE |                      \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | \
     LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_TRUNCATE)
/* Rights that a version of Landlock knows: those before the first that it does
   not. */
static uint64_t rights_of(long version)
{
    if (version >= 5) {
        return 2 * LANDLOCK_ACCESS_FS_IOCTL_DEV - 1;
    }
    if (version >= 3) {
        return LANDLOCK_ACCESS_FS_IOCTL_DEV - 1;
    }
    if (version == 2) {
        return LANDLOCK_ACCESS_FS_TRUNCATE - 1;
    }
    return LANDLOCK_ACCESS_FS_REFER - 1;
}

/* A folder that is not there is no hole. */
static bool allow_folder(int rules, const char *path, uint64_t rights)
{
    struct landlock_path_beneath_attr beneath = { .allowed_access = rights };
    beneath.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (beneath.parent_fd < 0) {
        return errno == ENOENT;
    }
    long result = syscall(SYS_landlock_add_rule, rules,
                          LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
    close(beneath.parent_fd);
    return result == 0;
}

static bool allow_needs(int rules, const struct sandbox_needs *needs,
                        uint64_t known)
{
    /* What a process asks about itself; `--limit memory` does. */
    bool is_well = allow_folder(rules, "/proc/self", FS_READ & known);
    if (needs->has_window) {
        uint64_t device = FS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE |
                          LANDLOCK_ACCESS_FS_IOCTL_DEV;
        is_well = is_well && allow_folder(rules, "/dev", device & known) &&
                  allow_folder(rules, "/usr", FS_READ & known) &&
                  allow_folder(rules, "/etc", FS_READ & known) &&
                  allow_folder(rules, "/sys", FS_READ & known) &&
                  allow_folder(rules, "/proc", FS_READ & known);
    }
    for (uint32_t i = 0; is_well && i < needs->read_count; i++) {
        is_well = allow_folder(rules, needs->read[i], FS_READ & known);
    }
    for (uint32_t i = 0; is_well && i < needs->written_count; i++) {
        is_well = allow_folder(rules, needs->written[i], FS_WRITE & known);
    }
    return is_well;
}

/* Returns 0, or errno: why files are not protected. */
static int close_files(const struct sandbox_needs *needs)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
                           LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) {
        return errno;
    }
    struct landlock_ruleset_attr all = { .handled_access_fs =
                                             rights_of(version) };
    int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);
    if (rules < 0) {
        return errno;
    }
    bool is_well = allow_needs(rules, needs, all.handled_access_fs) &&
                   prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                   syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    int error = errno;
    close(rules);
    return is_well ? 0 : error;
}

/* ---- Calls -------------------------------------------------------------- */

/* Of a run: its files and pipes, memory, time, and children. No network, no
   other program, no other process. Names that an architecture or an older
   library does not have are passed over. */
static const char run_calls[] =
    /* Files that are open, and those that Landlock allows. */
    "read write readv writev pread64 pwrite64 lseek _llseek open openat close "
    "fstat fstat64 stat stat64 lstat lstat64 newfstatat fstatat64 statx access "
    "faccessat faccessat2 readlink readlinkat getdents64 getcwd umask fsync "
    "fdatasync ftruncate ftruncate64 fallocate fadvise64 flock rename renameat "
    "renameat2 unlink unlinkat mkdir mkdirat fchmod fchown fcntl fcntl64 dup "
    "dup2 dup3 pipe pipe2 poll ppoll select pselect6 "
    /* Sockets that are open. */
    "sendto recvfrom sendmsg recvmsg shutdown "
    /* Memory: the engine's translations are written and run. */
    "brk mmap mmap2 munmap mprotect mremap madvise msync mincore "
    /* Time. */
    "clock_gettime clock_gettime64 clock_getres gettimeofday time nanosleep "
    "clock_nanosleep clock_nanosleep_time64 setitimer getitimer timer_create "
    "timer_settime timer_delete alarm "
    /* Itself, its threads and its children. */
    "clone clone3 fork vfork wait4 waitid exit exit_group futex futex_time64 "
    "set_robust_list set_tid_address rseq arch_prctl prctl getpid getppid "
    "gettid tgkill getuid geteuid getgid getegid getrusage getrandom prlimit64 "
    "getrlimit ugetrlimit uname sysinfo sched_yield sched_getaffinity "
    "rt_sigaction rt_sigprocmask rt_sigreturn sigreturn rt_sigtimedwait "
    "sigaltstack restart_syscall";

/* Of a window, over a connection that is open; no new one can be made. */
static const char window_calls[] =
    "ioctl getsockopt setsockopt getsockname getpeername shmget shmat shmdt "
    "shmctl memfd_create eventfd2 epoll_create1 epoll_ctl epoll_wait "
    "epoll_pwait timerfd_create timerfd_settime inotify_init1 "
    "inotify_add_watch inotify_rm_watch sched_setattr sched_getattr "
    "sched_setscheduler sched_getscheduler setpriority getpriority kcmp";

static bool allow_calls(scmp_filter_ctx filter, const char *names)
{
    char name[32];
    while (*names) {
        size_t length = strcspn(names, " ");
        snprintf(name, sizeof(name), "%.*s", (int)length, names);
        int call = seccomp_syscall_resolve_name(name);
        if (call != __NR_SCMP_ERROR &&
            seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) != 0) {
            return false;
        }
        names += length + (names[length] == ' ');
    }
    return true;
}

/* Whether standard output is a terminal, and how wide. */
static bool allow_terminal(scmp_filter_ctx filter)
{
    static const scmp_datum_t asked[] = { TCGETS, TIOCGWINSZ };
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        const struct scmp_arg_cmp second = { .arg = 1,
                                             .op = SCMP_CMP_EQ,
                                             .datum_a = asked[i] };
        if (seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
                                   &second) != 0) {
            return false;
        }
    }
    return true;
}

/* Returns 0, or errno: why calls are not refused. */
static int close_calls(const struct sandbox_needs *needs)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter) {
        return ENOMEM;
    }
    bool is_well = allow_calls(filter, run_calls) &&
                   (needs->has_window ? allow_calls(filter, window_calls)
                                      : allow_terminal(filter));
    /* Threads that a window's library has made are closed in, too. */
    is_well =
        is_well && seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0;
    int error = is_well ? -seccomp_load(filter) : EINVAL;
    seccomp_release(filter);
    return error;
}

/* ---- Both --------------------------------------------------------------- */

/* Whether something that belongs to the process writes files at its end. */
static bool is_watched(void)
{
#if defined(IKSIM_NO_SANDBOX)
    return true;
#else
    const char *preloaded = getenv("LD_PRELOAD"); /* Valgrind sets it. */
    return preloaded && strstr(preloaded, "vgpreload");
#endif
}

bool sandbox_close(const struct sandbox_needs *needs,
                   char message[SANDBOX_MESSAGE_BYTES])
{
    if (is_watched()) {
        return true;
    }
    int files = close_files(needs);
    int calls = close_calls(needs);
    if (files != 0 || calls != 0) {
        snprintf(message, SANDBOX_MESSAGE_BYTES,
                 "the sandbox is not whole: a guest that breaks out of the "
                 "emulator could %s%s%s (%s)",
                 files ? "reach your files" : "", files && calls ? " and " : "",
                 calls ? "start programs and connect to others" : "",
                 files == ENOSYS       ? "Linux before 5.13 has no Landlock"
                 : files == EOPNOTSUPP ? "Landlock is switched off here"
                                       : strerror(files ? files : calls));
    }
    return files == 0 && calls == 0;
}
