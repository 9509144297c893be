/*
 * sandbox.h - what is left to a process that runs guests. The emulator under
 * them is a large C program that translates whatever a stranger's image says;
 * should a guest ever get out of it, it finds a process that can open no file
 * but a run's own, connect to nobody, and start no program.
 *
 * The sandbox closes when all is open: files, pipes, windows. It cannot be
 * opened again, and holds for all children. Two parts of Linux make it: seccomp
 * (which calls there are) and Landlock (which files there are; Linux 5.13).
 * Forking and executable memory stay, since runs fork at warm points and the
 * engine translates.
 */
#ifndef CLI_SANDBOX_H
#define CLI_SANDBOX_H

#include "sim/base.h"

/* What later parts of a run need. What needs more is a row here. */
struct sandbox_needs {
    /* Folders beneath which files are read, written, made and replaced. */
    const char *const *written;
    uint32_t written_count;
    /* Folders beneath which files are read. */
    const char *const *read;
    uint32_t read_count;
    bool has_window; /* It talks to a display, and its driver. */
};

#define SANDBOX_MESSAGE_BYTES 512

/*
 * Closes the sandbox. False: all of it, or a part, cannot be had, the rest is
 * in force, and `message` says what is not protected. In a program that is
 * built with a sanitizer or for coverage, and under valgrind, nothing is done,
 * and it returns true: these write files at their end.
 */
SIM_MUST_USE bool sandbox_close(const struct sandbox_needs *needs,
                                char message[SANDBOX_MESSAGE_BYTES]);

#endif /* CLI_SANDBOX_H */
