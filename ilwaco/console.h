/*
 * console.h - the console, written a line at a time: each `console_write` is a
 * trap. <stdio.h> prints through it.
 */
#ifndef ILWACO_CONSOLE_H
#define ILWACO_CONSOLE_H

#include <stddef.h>

void console_put(char c);

/* Write out what is held of an unfinished line. */
void console_flush(void);

/*
 * Take what was typed, at most `room_bytes`; returns how much. Wait for more
 * with thread_wait_irq(ABI_IRQ_CONSOLE, ...).
 */
size_t console_read(char *room, size_t room_bytes);

#endif /* ILWACO_CONSOLE_H */
