/*
 * fake_disk.h - a disk for the host, behind the functions of ilwaco/disk.h: it
 * keeps blocks in memory, fails when told, and remembers how often each block
 * was written.
 */
#ifndef TESTS_ILWACO_FAKE_DISK_H
#define TESTS_ILWACO_FAKE_DISK_H

#include "ilwaco/disk.h"

#define FAKE_DISK_BLOCKS 64
#define FAKE_DISK_ERROR  (-77)

struct fake_disk {
    uint8_t data[FAKE_DISK_BLOCKS][ABI_BLOCK_BYTES];
    uint32_t writes[FAKE_DISK_BLOCKS];
    uint32_t blocks; /* <= FAKE_DISK_BLOCKS */
    int32_t left;    /* Requests until it fails; negative: it does not. */
    uint32_t requests;
};

extern struct fake_disk fake_disk;

/* Zeros, as a disk nobody had. */
void fake_disk_init(uint32_t blocks);

#endif /* TESTS_ILWACO_FAKE_DISK_H */
