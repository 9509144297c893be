/*
 * palette.h - every colour that people see, by what it means, in one place: the
 * visualizer, the page and all plots take theirs from here.
 *
 * A colour means one thing, and a thing has one colour: guest code has the same
 * hue in a bar of processor time, as a running VM and as a layer of events.
 * Nothing is told by colour alone: a legend, a word or a place says it, too.
 * Each colour has a value for light and one for dark grounds.
 */
#ifndef SIM_PALETTE_H
#define SIM_PALETTE_H

#include "sim/base.h"

/* X(constant, name, on a light ground, on a dark one), as 0xrrggbb */
#define PALETTE_COLORS(X)                                 \
    X(COLOR_NONE, "none", 0x8c8c8c, 0x5b6470)             \
    /* What the processor and the VMs do. */              \
    X(COLOR_GUEST, "guest", 0x009e73, 0x009e73)           \
    X(COLOR_SWITCH, "switch", 0xf0e442, 0xf0e442)         \
    X(COLOR_INTERRUPT, "interrupt", 0x56b4e9, 0x56b4e9)   \
    X(COLOR_PAGING, "paging", 0xcc79a7, 0xcc79a7)         \
    X(COLOR_PIO, "pio", 0xe69f00, 0xe69f00)               \
    X(COLOR_IDLE, "idle", 0xc9c9c9, 0x2c323b)             \
    X(COLOR_READY, "ready", 0x009e73, 0x009e73)           \
    X(COLOR_GATE, "gate", 0xe69f00, 0xe69f00)             \
    X(COLOR_CREATED, "created", 0x8c8c8c, 0x5b6470)       \
    X(COLOR_DEAD, "dead", 0xc9c9c9, 0x2c323b)             \
    /* Devices and clients. */                            \
    X(COLOR_RECEIVED, "received", 0x0072b2, 0x0072b2)     \
    X(COLOR_SENT, "sent", 0x009e73, 0x009e73)             \
    X(COLOR_DISK, "disk", 0xd55e00, 0xd55e00)             \
    X(COLOR_DISK_READ, "disk-read", 0x56b4e9, 0x56b4e9)   \
    X(COLOR_DISK_WRITE, "disk-write", 0xd55e00, 0xd55e00) \
    X(COLOR_LOAD, "load", 0x8c8c8c, 0x5b6470)             \
    X(COLOR_WINDOW, "window", 0x009e73, 0x009e73)         \
    X(COLOR_TROUBLE, "trouble", 0xd55e00, 0xd55e00)       \
    /* Frames of memory. */                               \
    X(COLOR_PAGE, "page", 0x56b4e9, 0x56b4e9)             \
    X(COLOR_DIRTY, "dirty", 0xe69f00, 0xe69f00)           \
    X(COLOR_TABLE, "table", 0xcc79a7, 0xcc79a7)

enum palette_color {
#define X(constant, name, light, dark) constant,
    PALETTE_COLORS(X)
#undef X
        PALETTE_COLOR_COUNT
};

enum palette_ground { PALETTE_ON_LIGHT, PALETTE_ON_DARK };

/* 0xrrggbb */
uint32_t palette_rgb(enum palette_color color, enum palette_ground ground);

const char *palette_name(enum palette_color color);

#endif /* SIM_PALETTE_H */
