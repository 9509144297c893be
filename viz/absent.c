/* absent.c - the visualizer of a build without SDL2: a sentence. */
#include <stdio.h>

#include "viz/viz.h"

#include "sim/banned.h"

void viz_options_init(struct viz_options *o)
{
    *o = (struct viz_options){ .width = VIZ_WIDTH, .height = VIZ_HEIGHT };
}

enum viz_end viz_run(const struct viz_options *options,
                     char message[VIZ_MESSAGE_BYTES])
{
    (void)options;
    snprintf(message, VIZ_MESSAGE_BYTES,
             "this iksim was built without SDL2, so it has no visualizer: run "
             "tools/setup (it installs libsdl2-dev, libsdl2-ttf-dev and "
             "libsdl2-image-dev), then configure and build again");
    return VIZ_REFUSED;
}
