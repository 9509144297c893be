/* main.c - finds the subcommand, and sees that what it says arrives. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands/commands.h"
#include "isa/cpu.h"

static const struct command *const commands[] = {
    &command_run,      &command_verify,  &command_disasm,  &command_policies,
    &command_scenario, &command_sweep,   &command_plot,    &command_compare,
    &command_capacity, &command_trace,   &command_explain, &command_paper,
    &command_viz,      &command_figures,
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static int usage(void)
{
    puts("Usage: iksim COMMAND ...\n"
         "\n"
         "Simulates an isolation kernel in the manner of Denali, instruction "
         "by\n"
         "instruction: thousands of small virtual machines on one processor.\n"
         "\n"
         "Commands:");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
    }
    puts("\n"
         "`iksim COMMAND --help` says more; `iksim --version` names the "
         "version.\n"
         "A first run: iksim run workloads/scenarios/hello.yaml");
    return CLI_DONE;
}

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

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        return cli_complain("which command? See iksim --help");
    }
    const char *name = argv[1];
    if (cli_wants_help(name) || strcmp(name, "help") == 0) {
        return usage();
    }
    if (strcmp(name, "--version") == 0) {
        printf("iksim %s (Unicorn %s)\n", IKSIM_VERSION, cpu_engine_version());
        return CLI_DONE;
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(name, commands[i]->name) == 0) {
            int code = commands[i]->run(commands[i], argc - 1, argv + 1);
            return code == CLI_HELPED ? CLI_DONE : code;
        }
    }
    return cli_complain("there is no command '%s'; see iksim --help", name);
}

int main(int argc, char **argv)
{
    hold_streams();
    /* A file that grows beyond the limit of ulimit -f is a full disk: the write
       fails, and whoever wrote says so. */
    signal(SIGXFSZ, SIG_IGN);
    return close_output(dispatch(argc, argv));
}
