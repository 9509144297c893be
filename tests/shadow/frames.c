/* frames.c - see frames.h. The file is what tcpdump's manual calls pcap, with
   times in nanoseconds; little-endian, as is who wrote it. */
#include "tests/shadow/frames.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_HEAD   24
#define RECORD_HEAD 16
#define MAGIC_NS    0xa1b23c4du
#define ETHERNET    14
#define FIRST_ROOM  4096

static uint32_t little32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

static uint32_t big16(const uint8_t *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t big32(const uint8_t *p)
{
    return big16(p) << 16 | big16(p + 2);
}

bool frames_open(struct frames *f, const char *path)
{
    FILE *file = fopen(path, "rb");
    long size = file && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    *f = (struct frames){ .at = FILE_HEAD };
    if (size >= FILE_HEAD && fseek(file, 0, SEEK_SET) == 0) {
        f->size = (size_t)size;
        f->bytes = malloc(f->size);
        SIM_ASSERT(f->bytes);
        f->size = fread(f->bytes, 1, f->size, file);
    }
    if (file) {
        fclose(file);
    }
    return f->size >= FILE_HEAD && little32(f->bytes) == MAGIC_NS;
}

void frames_release(struct frames *f)
{
    free(f->bytes);
    free(f->by_serial);
    *f = (struct frames){ 0 };
}

struct frame *frames_at(struct frames *f, uint64_t serial)
{
    if (serial >= f->count) {
        size_t count = f->count > 0 ? f->count : FIRST_ROOM;
        while (count <= serial) {
            count *= 2;
        }
        f->by_serial = realloc(f->by_serial, count * sizeof(*f->by_serial));
        SIM_ASSERT(f->by_serial);
        for (size_t i = f->count; i < count; i++) {
            f->by_serial[i] = (struct frame){ .connection = UINT32_MAX };
        }
        f->count = count;
    }
    return &f->by_serial[serial];
}

/* Of a whole frame, whose sums are right as all that a run has. */
static void read_tcp(struct frame *to, const uint8_t *frame, uint32_t bytes)
{
    const uint8_t *ip = frame + ETHERNET;
    uint32_t ip_head = (ip[0] & 15u) * 4;
    if (bytes < ETHERNET + 40 || big16(frame + 12) != 0x0800 || ip[9] != 6) {
        return;
    }
    const uint8_t *tcp = ip + ip_head;
    to->is_tcp = true;
    to->seq = big32(tcp + 4);
    to->ack = big32(tcp + 8);
    to->flags = tcp[13];
    to->length = big16(ip + 2) - ip_head - (uint32_t)(tcp[12] >> 4) * 4 +
                 ((tcp[13] & FRAME_SYN) != 0) + ((tcp[13] & FRAME_FIN) != 0);
}

bool frames_next(struct frames *f, uint64_t serial, uint32_t bytes)
{
    if (f->at + RECORD_HEAD > f->size) {
        return false;
    }
    uint32_t count = little32(f->bytes + f->at + 8);
    const uint8_t *frame = f->bytes + f->at + RECORD_HEAD;
    if (count != bytes || f->at + RECORD_HEAD + count > f->size) {
        return false;
    }
    f->at += RECORD_HEAD + count;
    read_tcp(frames_at(f, serial), frame, bytes);
    return true;
}
