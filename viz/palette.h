/*
 * palette.h - every colour of the picture, in one place.
 *
 * Hues are those of Okabe and Ito, which people with the common kinds of
 * colour blindness tell apart; none carries a meaning that place or a word
 * does not carry, too.
 */
#ifndef VIZ_PALETTE_H
#define VIZ_PALETTE_H

#include "sim/stats.h"
#include "sim/trace/replay.h"
#include "viz/draw.h"

#define PALETTE_ORANGE     0xffe69f00u
#define PALETTE_SKY        0xff56b4e9u
#define PALETTE_GREEN      0xff009e73u
#define PALETTE_YELLOW     0xfff0e442u
#define PALETTE_BLUE       0xff0072b2u
#define PALETTE_VERMILLION 0xffd55e00u
#define PALETTE_PURPLE     0xffcc79a7u

#define PALETTE_GROUND 0xff101317u
#define PALETTE_PANEL  0xff191d23u
#define PALETTE_WELL   0xff0c0e12u /* Where figures lie inside a panel. */
#define PALETTE_LINE   0xff2c323bu
#define PALETTE_TEXT   0xffe8eaedu
#define PALETTE_DIM    0xff98a1adu
#define PALETTE_INK    0xff0b0d10u /* On bright boxes. */
#define PALETTE_MARK   0xffffffffu
#define PALETTE_GREY   0xff5b6470u

extern const draw_color palette_states[VM_STATE_COUNT];
extern const draw_color palette_categories[CPU_CATEGORY_COUNT];
extern const draw_color palette_layers[TRACE_LAYER_COUNT];

/* One of a few colours, by the VM's number. */
#define PALETTE_OWNERS 21
draw_color palette_owner(uint32_t vm);

/* Text that can be read on `ground`. */
draw_color palette_ink_on(draw_color ground);

#endif /* VIZ_PALETTE_H */
