/*
 * disk_files.h - virtual disks with a file (`disks[].file`): the disk starts
 * with the contents of the file, and the file ends with the contents of the
 * disk, if the run came to its end or was ended by a limit or a signal that it
 * could take. Else (SIGKILL, a full file system) the file is as before the run;
 * it is never half written (cli/replace.h).
 *
 * The file exists before the run, and is exactly as large as the disk. Blocks
 * of zeros that were never written cost nothing, so sparse files stay sparse.
 */
#ifndef CLI_RUN_INPUTS_DISK_FILES_H
#define CLI_RUN_INPUTS_DISK_FILES_H

#include "cli/run/session.h"

/* Fills the disks of a kernel that has just been created. False: `message`
   says why not. */
SIM_MUST_USE bool disk_files_load(struct session *s,
                                  char message[SCENARIO_MESSAGE_BYTES]);

/* Writes every file that it can. False: `message` says which was the first that
   could not be written, and why. */
SIM_MUST_USE bool disk_files_save(struct session *s,
                                  char message[SCENARIO_MESSAGE_BYTES]);

/* Copies what is now on the disk of item `item` of the scenario's list into a
   file. False: errno says why not. */
SIM_MUST_USE bool disk_files_copy(struct session *s, uint32_t item,
                                  const char *path);

#endif /* CLI_RUN_INPUTS_DISK_FILES_H */
