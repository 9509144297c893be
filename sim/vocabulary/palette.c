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
