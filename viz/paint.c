/* paint.c - see paint.h. */
#include "viz/paint.h"

#include "sim/banned.h"

#define OPAQUE 0xff000000u

const enum palette_color paint_categories[CPU_CATEGORY_COUNT] = {
#define X(constant, name, phrase, color) [constant] = color,
    CPU_CATEGORY_WORDS(X)
#undef X
};

draw_color paint(enum palette_color color)
{
    return OPAQUE | palette_rgb(color, PALETTE_ON_DARK);
}

draw_color paint_word(const struct vocabulary *v, uint64_t value)
{
    return paint(word_of(v, value)->color);
}

draw_color paint_owner(uint32_t vm)
{
    static const enum palette_color hues[] = {
        COLOR_SERIES_1, COLOR_SERIES_2, COLOR_SERIES_3,
        COLOR_SERIES_4, COLOR_SERIES_5, COLOR_SERIES_6,
    };
    static const draw_color tints[] = { 0xffffffff, 0xff000000, 0xffffffff };
    static const uint32_t shares[] = { 256, 190, 170 };
    const uint32_t count = sizeof(hues) / sizeof(hues[0]);
    _Static_assert(PAINT_OWNERS == sizeof(hues) / sizeof(hues[0]) *
                                       (sizeof(shares) / sizeof(shares[0])),
                   "each hue in each tint");
    /* Neighbours in number differ in hue; those six apart in lightness. */
    uint32_t tint = vm / count % 3;
    return draw_mix(paint(hues[vm % count]), tints[tint], shares[tint]);
}

draw_color paint_ink_on(draw_color ground)
{
    return paint(palette_ink_on(ground & ~OPAQUE));
}
