/*
 * load_files.h - files that loads replay (`load[].file`). They are opened and
 * read once before the run, so that what is wrong in one is said before, with
 * its line; during the run they are read as they are needed.
 */
#ifndef CLI_RUN_INPUTS_LOAD_FILES_H
#define CLI_RUN_INPUTS_LOAD_FILES_H

#include "cli/run/session.h"

/* Opens and checks the file of each load, and sets session.load_files and .logs.
   False: `message` says why not. */
SIM_MUST_USE bool load_files_open(struct session *s,
                                  char message[SCENARIO_MESSAGE_BYTES]);

void load_files_close(const struct session *s);

/* Copies the file of load `item` to `path`. False: errno says why not. */
SIM_MUST_USE bool load_files_copy(struct session *s, uint32_t item,
                                  const char *path);

/* Computes its XXH3-128, in hexadecimal. False: it cannot be read. */
SIM_MUST_USE bool load_files_hash(const struct session *s, uint32_t item,
                                  char hex[FINGERPRINT_CHARS]);

#endif /* CLI_RUN_INPUTS_LOAD_FILES_H */
