/*
 * disk_files.h - virtual disks with a file (`disks[].file`): what is in it is
 * on the disk when the run starts, and what is then on the disk is in the file
 * when the run has ended, however it did.
 *
 * The file is there before, and exactly as large as the disk. Blocks that are
 * zero and were never written cost nothing, so sparse files stay sparse.
 */
#ifndef CLI_RUN_DISK_FILES_H
#define CLI_RUN_DISK_FILES_H

#include "cli/run/session.h"

/* The kernel has just been created. False: `message` says why not. */
SIM_MUST_USE bool disk_files_load(struct session *s,
                                  char message[SCENARIO_MESSAGE_BYTES]);

/* Tries every file; false: `message` says what became of the first that could
   not be written. */
SIM_MUST_USE bool disk_files_save(struct session *s,
                                  char message[SCENARIO_MESSAGE_BYTES]);

/* What is now on the disk of that item of the scenario, into a file of its own.
   False: errno says why not. */
SIM_MUST_USE bool disk_files_copy(struct session *s, uint32_t item,
                                  const char *path);

#endif /* CLI_RUN_DISK_FILES_H */
