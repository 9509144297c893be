/*
 * script.h - input from a file, for tests: each line is an action of a person.
 *
 *     frames N    let N pictures pass, a sixtieth of a second each
 *     type TEXT   characters, each by itself
 *     key NAME    enter, escape, tab, right, left, home, end, page-down ...
 *     move X Y    the pointer
 *     click X Y   go there, press and let go
 *     wheel N     notches
 *     resize X Y  the window
 *     shot FILE   the picture as it is, as PNG
 *     say         on stdout: moment, events, selected VM
 *     # ...       a remark
 */
#ifndef VIZ_SCRIPT_H
#define VIZ_SCRIPT_H

#include "viz/app.h"

struct script; /* Opaque: an open file. */

/* Opens a script. NULL: `message` says why not. */
struct script *script_open(struct arena *arena, const char *path,
                           char message[VIZ_MESSAGE_BYTES]);
void script_close(struct script *s); /* NULL is allowed. */

enum script_state {
    SCRIPT_GOES_ON,
    SCRIPT_OVER,
    SCRIPT_WRONG, /* A line is not understood; `message` says which. */
};

/* Called once for each picture, after the picture was shown. */
enum script_state script_advance(struct script *s, struct app *a,
                                 struct window *w,
                                 char message[VIZ_MESSAGE_BYTES]);

#endif /* VIZ_SCRIPT_H */
