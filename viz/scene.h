/* scene.h - one picture: all views in their places. */
#ifndef VIZ_SCENE_H
#define VIZ_SCENE_H

#include "viz/ui.h"
#include "viz/watch/model.h"

/* Between ui_begin and the use of the list. */
void scene_draw(struct ui *ui, const struct model *m);

#endif /* VIZ_SCENE_H */
