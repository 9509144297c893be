/* palette.c - see palette.h. */
#include "viz/palette.h"

#include "sim/banned.h"

const draw_color palette_states[VM_STATE_COUNT] = {
    [VM_CREATED] = PALETTE_GREY,  [VM_WAITING] = PALETTE_ORANGE,
    [VM_READY] = PALETTE_GREEN,   [VM_RUNNING] = PALETTE_YELLOW,
    [VM_PAGING] = PALETTE_PURPLE, [VM_IDLE] = PALETTE_SKY,
    [VM_DEAD] = PALETTE_LINE,
};

const draw_color palette_categories[CPU_CATEGORY_COUNT] = {
    [CPU_GUEST] = PALETTE_GREEN,   [CPU_SWITCH] = PALETTE_YELLOW,
    [CPU_INTERRUPT] = PALETTE_SKY, [CPU_PAGING] = PALETTE_PURPLE,
    [CPU_PIO] = PALETTE_ORANGE,    [CPU_IDLE] = PALETTE_LINE,
};

const draw_color palette_layers[TRACE_LAYER_COUNT] = {
    [TRACE_CPU] = PALETTE_GREEN,       [TRACE_SCHED] = PALETTE_YELLOW,
    [TRACE_GATE] = PALETTE_ORANGE,     [TRACE_MEMORY] = PALETTE_PURPLE,
    [TRACE_VIRQ] = PALETTE_SKY,        [TRACE_NET] = PALETTE_BLUE,
    [TRACE_DISK] = PALETTE_VERMILLION, [TRACE_LOAD] = PALETTE_GREY,
};

draw_color palette_owner(uint32_t vm)
{
    static const draw_color hues[] = {
        PALETTE_SKY,    PALETTE_ORANGE,     PALETTE_GREEN, PALETTE_YELLOW,
        PALETTE_PURPLE, PALETTE_VERMILLION, PALETTE_BLUE,
    };
    /* Neighbours in number differ in hue; those seven apart in lightness. */
    draw_color hue = hues[vm % (sizeof(hues) / sizeof(hues[0]))];
    static const draw_color tints[] = { 0xffffffff, 0xff000000, 0xffffffff };
    static const uint32_t shares[] = { 256, 190, 170 };
    uint32_t tint = vm / 7 % 3;
    return draw_mix(hue, tints[tint], shares[tint]);
}

draw_color palette_ink_on(draw_color ground)
{
    uint32_t red = (ground >> 16) & 0xff;
    uint32_t green = (ground >> 8) & 0xff;
    uint32_t blue = ground & 0xff;
    /* Luma of Rec. 601, in thousandths. */
    return 299 * red + 587 * green + 114 * blue > 105000 ? PALETTE_INK
                                                         : PALETTE_TEXT;
}
