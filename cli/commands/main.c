/* main.c - lists the commands, and sees that what they print arrives. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands/commands.h"
#include "isa/cpu.h"

#define X(name) &command_##name,
static const struct command *const commands[] = { COMMANDS(X) NULL };
#undef X

const struct command command_iksim = {
    .name = "",
    .summary = "Simulates an isolation kernel in the manner of Denali",
    .about =
        "iksim executes thousands of small virtual machines on one simulated "
        "processor, instruction by instruction. Each virtual machine runs real "
        "32-bit x86 code; simulated clients speak TCP to the machines and "
        "check every byte of an answer. A run is deterministic: the same "
        "scenario, seed and images give the same report, whatever the host "
        "does.",
    .commands = commands,
    .examples =
        (const struct cli_example[]){
            { "A first run, and a hundred web servers",
              "iksim run workloads/scenarios/hello.yaml" },
            { NULL, "iksim run workloads/scenarios/first.yaml" },
            { "What a command does, and which version this is",
              "iksim help run" },
            { NULL, "iksim --version" },
            { NULL, NULL } },
};

/*
 * A standard stream that the caller has closed must not become the next file
 * that is opened: the report would go into the pcap. What is put in its place
 * can be neither read nor written, as one that is closed.
 */
static void hold_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0) {
            /* The lowest number that is free: this one. */
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

/* A full disk turns success into failure. */
static int close_output(int code)
{
    bool is_whole = fflush(stdout) == 0;
    int error = errno;
    if (is_whole && !ferror(stdout)) {
        return code;
    }
    return cli_complain("cannot write to standard output: %s",
                        is_whole ? "data was lost" : strerror(error));
}

int main(int argc, char **argv)
{
    hold_streams();
    /* A file that grows beyond the limit of ulimit -f is a full disk: the write
       fails, and whoever wrote says so. */
    signal(SIGXFSZ, SIG_IGN);
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        printf("iksim %s (Unicorn %s)\n", IKSIM_VERSION, cpu_engine_version());
        return close_output(CLI_DONE);
    }
    return close_output(cli_run(&command_iksim, argc, argv));
}
