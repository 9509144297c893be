/*
 * console_view.h - shows people what guests write on their consoles: whole
 * lines behind the VM's name, the first few of each group or all lines. The console.log of a
 * run directory gets all lines.
 */
#ifndef CLI_RUN_CONSOLE_VIEW_H
#define CLI_RUN_CONSOLE_VIEW_H

#include <stdio.h>

#include "cli/run/session.h"

#define CONSOLE_LINE_BYTES 240 /* A longer line becomes two. */

struct console_line {
    uint16_t length;
    char text[CONSOLE_LINE_BYTES];
};

struct console_view {
    FILE *out;                  /* Borrowed. */
    FILE *file;                 /* Owned; NULL without a run directory. */
    const char *out_dir;        /* Borrowed; that directory. */
    struct console_line *lines; /* Owned; each VM's unfinished line. */
    uint32_t vm_count;
    uint64_t shown, hidden; /* Lines. */
    uint64_t *group_shown;  /* Owned; of each group's, lines. */
    uint64_t share;         /* Of those, unless all are shown. */
    bool shows_all;
};

/* Returns false, having complained, if DIR/console.log cannot be made. */
SIM_MUST_USE bool console_view_open(struct console_view *v,
                                    const struct session *s,
                                    const char *out_dir, FILE *out,
                                    bool shows_all);

void console_view_write(struct console_view *v, const struct session *s,
                        const struct vm *vm, const uint8_t *bytes,
                        uint32_t count);

/* Whether console.log cannot be written any more. */
bool console_view_has_failed(const struct console_view *v);

/* Prints unfinished lines, and how many were not shown. False, having
   complained: console.log is not whole. */
bool console_view_close(struct console_view *v, const struct session *s);

#endif /* CLI_RUN_CONSOLE_VIEW_H */
