/*
 * images.h - the guests' images that a scenario names, and what their command
 * lines tell the simulated clients.
 */
#ifndef CLI_RUN_INPUTS_IMAGES_H
#define CLI_RUN_INPUTS_IMAGES_H

#include "cli/run/session.h"

/*
 * Loads the image of each group of VMs (groups that name the same image share
 * it), checks it and the group's command line, and sets session.images,
 * .tables, .group_images and .servers. False: `message` says why.
 */
SIM_MUST_USE bool images_load(struct session *s,
                              char message[SCENARIO_MESSAGE_BYTES]);

/* Finds a file by its name from here, or else from the folder of the scenario,
   as those of a run directory are. */
SIM_MUST_USE bool images_beside(const struct session *s, const char *name,
                                char *path, size_t bytes);

/* GUESTS_REFERENCE if all images of the run are reference guests. */
enum guests images_judge(const struct session *s);

#endif /* CLI_RUN_INPUTS_IMAGES_H */
