/* viz_live.h - a session as the visualizer watches it: stepped, and asked about
   its VMs. To watch changes nothing that is simulated. */
#ifndef CLI_COMMANDS_VIZ_LIVE_H
#define CLI_COMMANDS_VIZ_LIVE_H

#include "cli/run/session.h"
#include "viz/viz.h"

struct viz_session; /* Opaque. */

/* Opens the session of options->path. NULL: `message` has a sentence. */
struct viz_session *viz_session_open(struct session_options *options,
                                     char message[SCENARIO_MESSAGE_BYTES]);
void viz_session_close(struct viz_session *v); /* NULL is allowed. */

/* Borrowed. */
struct viz_live *viz_session_live(struct viz_session *v);
struct session *viz_session_of(struct viz_session *v);

/* Runs what is left of the run, unwatched. */
void viz_session_finish(struct viz_session *v);

#endif /* CLI_COMMANDS_VIZ_LIVE_H */
