/*
 * palette.h - every colour that people see, by what it means, in one place: the
 * visualizer, the page and all plots take theirs from here.
 *
 * A colour means one thing, and a thing has one colour: guest code has the same
 * hue in a bar of processor time, as a running VM and as a layer of events.
 * Nothing is told by colour alone: a legend, a word or a place says it, too.
 * Each has a value for light grounds and one for dark ones.
 *
 * A test computes that text can be read on all that it is drawn on (WCAG 2:
 * 4.5 to 1), and that colours which stand in one legend are told apart.
 */
#ifndef SIM_PALETTE_H
#define SIM_PALETTE_H

#include "sim/base.h"

/* X(constant, name, on a light ground, on a dark one), as 0xrrggbb */
#define PALETTE_COLORS(X)                                                  \
    X(COLOR_NONE, "none", 0x8c9098, 0x6a7380) /* Nothing in particular. */ \
    /* What the processor and the VMs do. */                               \
    X(COLOR_GUEST, "guest", 0x0a8450, 0x2aa876)                            \
    X(COLOR_SWITCH, "switch", 0x50565e, 0xd5d9e2)                          \
    X(COLOR_INTERRUPT, "interrupt", 0x2f9fe0, 0x4db4ee)                    \
    X(COLOR_PAGING, "paging", 0xd368b0, 0xd98bc9)                          \
    X(COLOR_PIO, "pio", 0x7560c0, 0x7d74d2)                                \
    X(COLOR_IDLE, "idle", 0xb4bdcc, 0x3c414a)                              \
    X(COLOR_READY, "ready", 0xdccf45, 0xf0e06a)                            \
    X(COLOR_GATE, "gate", 0xe8983a, 0xf0a83c)                              \
    X(COLOR_CREATED, "created", 0x7b8087, 0x7f8794)                        \
    X(COLOR_DEAD, "dead", 0xe0e3e8, 0x2c323b)                              \
    /* Devices and clients; what comes in has the device's colour. */      \
    X(COLOR_NET, "net", 0x1b4fa8, 0x2f6fc4)                                \
    X(COLOR_SENT, "sent", 0x35c4b7, 0x5fd9cf)                              \
    X(COLOR_DISK, "disk", 0xd0603f, 0xee8262)                              \
    X(COLOR_DISK_WRITE, "disk-write", 0x6a4018, 0x8a5220)                  \
    X(COLOR_LOAD, "load", 0x7a6c20, 0x938460)                              \
    X(COLOR_WINDOW, "window", 0x7fb85a, 0x8cc152)                          \
    X(COLOR_TROUBLE, "trouble", 0xb1283f, 0xe0525e)                        \
    /* Frames of memory. */                                                \
    X(COLOR_PAGE, "page", 0x95a2e4, 0x9fb0f0)                              \
    X(COLOR_DIRTY, "dirty", 0xee6f86, 0xf27d93)                            \
    X(COLOR_TABLE, "table", 0x6d2270, 0x83388a)                            \
    /* Series of plots, whatever they are of: Okabe and Ito's. */          \
    X(COLOR_SERIES_1, "series-1", 0x0072b2, 0x2f8fd0)                      \
    X(COLOR_SERIES_2, "series-2", 0xd55e00, 0xe07a30)                      \
    X(COLOR_SERIES_3, "series-3", 0x009e73, 0x22b88c)                      \
    X(COLOR_SERIES_4, "series-4", 0xcc79a7, 0xd58bb4)                      \
    X(COLOR_SERIES_5, "series-5", 0xe69f00, 0xe6a820)                      \
    X(COLOR_SERIES_6, "series-6", 0x56b4e9, 0xa4dcff)                      \
    X(COLOR_SERIES_7, "series-7", 0x1a1a1a, 0xf0f0f0)                      \
    X(COLOR_SERIES_8, "series-8", 0x999999, 0x8a8a8a)                      \
    /* What all that lies on, and what is written there. */                \
    X(COLOR_GROUND, "ground", 0xffffff, 0x101317)                          \
    X(COLOR_PANEL, "panel", 0xf1f5f9, 0x191d23)                            \
    X(COLOR_WELL, "well", 0xe6ebf1, 0x0c0e12) /* Of figures. */            \
    X(COLOR_RULE, "rule", 0xd9dce1, 0x2c323b) /* Lines, quiet boxes. */    \
    X(COLOR_TEXT, "text", 0x1a1d21, 0xe8eaed)                              \
    X(COLOR_DIM, "dim", 0x5c6068, 0x98a1ad)       /* Labels, notes. */     \
    X(COLOR_ACCENT, "accent", 0x1d5fbf, 0x8ab8ff) /* Look here. */         \
    X(COLOR_MARK, "mark", 0x000000, 0xffffff)     /* What is selected. */  \
    X(COLOR_INK, "ink", 0x0b0d10, 0x0b0d10)       /* On bright boxes. */   \
    X(COLOR_CHALK, "chalk", 0xffffff, 0xffffff)   /* On deep ones. */

enum palette_color {
#define X(constant, name, light, dark) constant,
    PALETTE_COLORS(X)
#undef X
        PALETTE_COLOR_COUNT
};

#define PALETTE_SERIES 8 /* From COLOR_SERIES_1 on. */

enum palette_ground { PALETTE_ON_LIGHT, PALETTE_ON_DARK };

/* 0xrrggbb */
uint32_t palette_rgb(enum palette_color color, enum palette_ground ground);

const char *palette_name(enum palette_color color);

/* Of COLOR_INK and COLOR_CHALK the one that can be read on a box of `rgb`. */
enum palette_color palette_ink_on(uint32_t rgb);

#endif /* SIM_PALETTE_H */
