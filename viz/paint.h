/*
 * paint.h - colours of sim/vocabulary/palette.h as the picture draws them, on a
 * dark ground.
 */
#ifndef VIZ_PAINT_H
#define VIZ_PAINT_H

#include "sim/vocabulary/vocabulary.h"
#include "viz/draw.h"

draw_color paint(enum palette_color color);

/* The colour of a word. */
draw_color paint_word(const struct vocabulary *v, uint64_t value);

/* By category. */
extern const enum palette_color paint_categories[CPU_CATEGORY_COUNT];

/* One of a few colours, by the VM's number. */
#define PAINT_OWNERS 18
draw_color paint_owner(uint32_t vm);

/* Text that can be read on `ground`. */
draw_color paint_ink_on(draw_color ground);

#endif /* VIZ_PAINT_H */
