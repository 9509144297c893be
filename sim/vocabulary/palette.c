/* palette.c - see palette.h. */
#include "sim/vocabulary/palette.h"

#include "sim/banned.h"

static const struct {
    const char *name;
    uint32_t rgb[2]; /* By enum palette_ground. */
} colors[PALETTE_COLOR_COUNT] = {
#define X(constant, name, light, dark) [constant] = { name, { light, dark } },
    PALETTE_COLORS(X)
#undef X
};

uint32_t palette_rgb(enum palette_color color, enum palette_ground ground)
{
    SIM_ASSERT(color < PALETTE_COLOR_COUNT);
    return colors[color].rgb[ground];
}

const char *palette_name(enum palette_color color)
{
    SIM_ASSERT(color < PALETTE_COLOR_COUNT);
    return colors[color].name;
}

enum palette_color palette_ink_on(uint32_t rgb)
{
    uint32_t red = rgb >> 16 & 0xff;
    uint32_t green = rgb >> 8 & 0xff;
    uint32_t blue = rgb & 0xff;
    /* Luma of Rec. 601, in thousandths; where both contrasts are equal. */
    return 299 * red + 587 * green + 114 * blue > 115000 ? COLOR_INK
                                                         : COLOR_CHALK;
}
