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

enum {
    PALETTE_ORANGE = 0xffe69f00,
    PALETTE_SKY = 0xff56b4e9,
    PALETTE_GREEN = 0xff009e73,
    PALETTE_YELLOW = 0xfff0e442,
    PALETTE_BLUE = 0xff0072b2,
    PALETTE_VERMILLION = 0xffd55e00,
    PALETTE_PURPLE = 0xffcc79a7,

    PALETTE_GROUND = 0xff101317,
    PALETTE_PANEL = 0xff191d23,
    PALETTE_WELL = 0xff0c0e12, /* Where figures lie inside a panel. */
    PALETTE_LINE = 0xff2c323b,
    PALETTE_TEXT = 0xffe8eaed,
    PALETTE_DIM = 0xff98a1ad,
    PALETTE_INK = 0xff0b0d10, /* On bright boxes. */
    PALETTE_MARK = 0xffffffff,
    PALETTE_GREY = 0xff5b6470,
};

extern const draw_color palette_states[REPLAY_STATE_COUNT];
extern const draw_color palette_categories[CPU_CATEGORY_COUNT];
extern const draw_color palette_layers[TRACE_LAYER_COUNT];

/* One of a few hues, by the VM's number. */
draw_color palette_owner(uint32_t vm);

/* Text that can be read on `ground`. */
draw_color palette_ink_on(draw_color ground);

#endif /* VIZ_PALETTE_H */
