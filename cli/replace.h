/*
 * replace.h - a file that is replaced whole, or stays as it was: the new
 * contents are written beside the file, reach the disk, and take the name of
 * the old ones. Whatever ends the program between, even SIGKILL or a full disk,
 * leaves one or the other.
 *
 * A killed program leaves the unfinished file, `NAME.iksim-new`, which the next
 * one that replaces NAME takes over. A link is followed; other names of the
 * file (hard links) keep the old contents.
 */
#ifndef CLI_REPLACE_H
#define CLI_REPLACE_H

#include <stdio.h>

#include "sim/base.h"

#define REPLACE_PATH_BYTES 4096

struct replacement {
    FILE *file;                      /* To be written; NULL: not open. */
    char target[REPLACE_PATH_BYTES]; /* Links followed. */
    char path[REPLACE_PATH_BYTES];
};

/* False: errno says why not; EWOULDBLOCK: another program is replacing the
   file at this moment. What is there may not be a folder or a device. */
SIM_MUST_USE bool replace_open(struct replacement *r, const char *path);

/* The new contents are in place when it returns true. If `is_whole` is false,
   or it fails, the old ones stay, and errno says why (with `is_whole` false:
   what it was before). */
SIM_MUST_USE bool replace_finish(struct replacement *r, bool is_whole);

/* The old contents stay. errno is kept. */
void replace_abandon(struct replacement *r);

#endif /* CLI_REPLACE_H */
