/*
 * vi.h - the virtual instructions (isa/abi.h) as C functions. `idle` is not
 * among them: threads share it, see thread.h and irq_idle().
 */
#ifndef ILWACO_VI_H
#define ILWACO_VI_H

#include <stdint.h>
#include <stdnoreturn.h>

/* 0, or a negative ABI_E... */
int32_t vi_packet_send(const void *frame, uint32_t bytes);
/* The bytes of the next packet, 0 when there is none, or ABI_E... */
int32_t vi_packet_recv(void *room, uint32_t room_bytes);

/* Both answer with a number of bytes, or ABI_E... */
int32_t vi_console_write(const void *text, uint32_t bytes);
int32_t vi_console_read(void *room, uint32_t room_bytes);

/* 0 when the request is queued (its completion is ABI_IRQ_DISK), or ABI_E... */
int32_t vi_disk_read(uint32_t disk, uint32_t block, void *room, uint32_t tag);
int32_t vi_disk_write(uint32_t disk, uint32_t block, const void *data,
                      uint32_t tag);

/* ABI_IRQ_ALARM at `time_ns`; ABI_TIME_NEVER cancels. */
int32_t vi_alarm(uint64_t time_ns);

noreturn void vi_terminate(uint32_t code);

#endif /* ILWACO_VI_H */
