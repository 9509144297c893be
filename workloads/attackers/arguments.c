/*
 * arguments.c - every virtual instruction with every bad argument there is.
 *
 * Ends with code 0 when each was answered as docs/abi.md says, otherwise with
 * the number of the first row that was not, and the answer on the console.
 */
#include "ilwaco/irq.h"
#include "ilwaco/start.h"
#include "ilwaco/vi.h"
#include "ilwaco/vregs.h"

#include <stdio.h>
#include <string.h>

#define PACKET_BYTES 60u

enum call { SEND, RECEIVE, WRITE, READ };

struct row {
    enum call call;
    uint32_t va;
    uint32_t bytes;
    int32_t answer;
};

/* Stands for the end of memory, plus or minus some. */
#define END(offset) (0x90000000u + (uint32_t)(offset))
#define IS_END(va)  ((va) > 0x8f000000u && (va) < 0x91000000u)
#define TEXT        ABI_TEXT_BASE
#define BASE        ABI_MEM_BASE
#define HUGE_BYTES  0xffffffffu

static const struct row rows[] = {
    /* Lengths come before addresses. */
    { SEND, 0, 0, ABI_EINVAL },
    { SEND, 0, 13, ABI_EINVAL },
    { SEND, 0, 1515, ABI_EINVAL },
    { SEND, END(-14), HUGE_BYTES, ABI_EINVAL },
    { SEND, 0xfffffff0u, 0x7fffffffu, ABI_EINVAL },
    { SEND, 0, 60, ABI_EFAULT },
    { SEND, BASE - 1, 60, ABI_EFAULT },
    { SEND, BASE - 59, 60, ABI_EFAULT },
    { SEND, END(0), 14, ABI_EFAULT },
    { SEND, END(-13), 14, ABI_EFAULT },
    { SEND, END(-59), 60, ABI_EFAULT },
    { SEND, 0xfffffff0u, 60, ABI_EFAULT },
    { SEND, 0xffffffffu, 1514, ABI_EFAULT },
    { SEND, 0xc0000000u, 60, ABI_EFAULT },
    { SEND, TEXT, 60, 0 }, /* Text may be read; a strange frame, dropped. */
    { SEND, BASE, 1514, 0 },
    { SEND, END(-14), 14, 0 },
    { WRITE, 0, 4097, ABI_EINVAL },
    { WRITE, BASE, HUGE_BYTES, ABI_EINVAL },
    { WRITE, 0, 1, ABI_EFAULT },
    { WRITE, BASE - 1, 2, ABI_EFAULT },
    { WRITE, END(0), 1, ABI_EFAULT },
    { WRITE, END(-1), 2, ABI_EFAULT },
    { WRITE, 0xffffffffu, 4096, ABI_EFAULT },
    { WRITE, 0, 0, 0 },
    { WRITE, END(0), 0, 0 },
    /* With nothing there, no buffer is looked at. */
    { READ, 0, HUGE_BYTES, 0 },
    { READ, TEXT, 16, 0 },
    { RECEIVE, 0, HUGE_BYTES, 0 },
};

/* With a packet in the queue, which must stay. */
static const struct row receiving_rows[] = {
    { RECEIVE, BASE, 0, ABI_EMSGSIZE },
    { RECEIVE, 0, PACKET_BYTES - 1, ABI_EMSGSIZE },
    { RECEIVE, 0, PACKET_BYTES, ABI_EFAULT },
    { RECEIVE, 0, HUGE_BYTES, ABI_EFAULT },
    { RECEIVE, BASE - 1, 1514, ABI_EFAULT },
    { RECEIVE, TEXT, 1514, ABI_EFAULT },
    { RECEIVE, TEXT - 1, 1514, ABI_EFAULT },
    { RECEIVE, END(0), 1514, ABI_EFAULT },
    { RECEIVE, END(1 - (int)PACKET_BYTES), 1514, ABI_EFAULT },
    { RECEIVE, 0xffffffffu, 1514, ABI_EFAULT },
    { RECEIVE, 0xfffffff0u, HUGE_BYTES, ABI_EFAULT },
};

static int32_t call(const struct row *row)
{
    uint32_t va = row->va;
    if (IS_END(va)) {
        va += BASE + vreg_read(ABI_VR_MEMORY_BYTES) - 0x90000000u;
    }
    void *at = (void *)(uintptr_t)va;
    switch (row->call) {
    case SEND:
        return vi_packet_send(at, row->bytes);
    case RECEIVE:
        return vi_packet_recv(at, row->bytes);
    case WRITE:
        return vi_console_write(at, row->bytes);
    case READ:
        return vi_console_read(at, row->bytes);
    }
    return 1;
}

static int32_t check(const struct row *first, uint32_t count, int number)
{
    for (uint32_t i = 0; i < count; i++) {
        int32_t answer = call(&first[i]);
        if (answer != first[i].answer) {
            printf("row %d: %d\n", number + (int)i, answer);
            return number + (int32_t)i;
        }
    }
    return 0;
}

/* No VM has a disk, whatever it asks of it. */
static int check_disks(void)
{
    static const uint32_t disks[] = { 0, 1, 0x7fffffff, 0xffffffff };
    for (uint32_t i = 0; i < 4; i++) {
        void *at = (void *)(uintptr_t)(BASE * i);
        if (vi_disk_read(disks[i], disks[3 - i], at, 0) != ABI_ENODEV ||
            vi_disk_write(disks[i], disks[3 - i], at, 0) != ABI_ENODEV) {
            return 900;
        }
    }
    return 0;
}

static int check_alarms(void)
{
    static const uint64_t times[] = { 0, 1, 0x7fffffffffffffff,
                                      0xfffffffffffffffe, ABI_TIME_NEVER };
    for (uint32_t i = 0; i < 5; i++) {
        if (vi_alarm(times[i]) != 0) {
            return 901;
        }
    }
    return 0;
}

/* A packet from and to this VM. */
static int32_t send_to_self(uint8_t *packet)
{
    const void *mac = (const void *)(uintptr_t)(BASE + ABI_VR_MAC);
    memcpy(packet, mac, 6);
    memcpy(packet + 6, mac, 6);
    packet[12] = 0x88; /* For experiments, by IEEE 802. */
    packet[13] = 0xb5;
    packet[PACKET_BYTES - 1] = 0x5a;
    return vi_packet_send(packet, PACKET_BYTES);
}

int main(void)
{
    static uint8_t packet[PACKET_BYTES];
    static uint8_t received[1514];
    int failed = check(rows, sizeof(rows) / sizeof(rows[0]), 1);
    failed = failed ? failed : check_disks();
    failed = failed ? failed : check_alarms();
    if (!failed && send_to_self(packet) != 0) {
        failed = 902;
    }
    failed =
        failed ? failed
               : check(receiving_rows,
                       sizeof(receiving_rows) / sizeof(receiving_rows[0]), 101);
    /* Across two pages that were never touched, to the last byte. */
    uint32_t va = BASE + vreg_read(ABI_VR_MEMORY_BYTES) / 2 + 4096 - 8;
    uint8_t *room = (uint8_t *)(uintptr_t)va;
    if (!failed && vi_packet_recv(room, PACKET_BYTES) != (int)PACKET_BYTES) {
        failed = 903;
    }
    if (!failed && memcmp(room, packet, PACKET_BYTES) != 0) {
        failed = 904;
    }
    if (!failed && vi_packet_recv(received, sizeof(received)) != 0) {
        failed = 905;
    }
    return failed;
}
