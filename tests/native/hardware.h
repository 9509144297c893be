/*
 * hardware.h - trials on the processor of this machine.
 *
 * A 64-bit Linux has a code segment for 32-bit programs. The trial's text and
 * data are mapped at the addresses that they have in a guest, and a signal's
 * return enters the text in that segment: the kernel takes all registers, the
 * segment among them, from the frame of the signal. The trial comes out by
 * signals, too. So there is no assembly here but what loads the two data
 * segments, and no second program.
 */
#ifndef TESTS_NATIVE_HARDWARE_H
#define TESTS_NATIVE_HARDWARE_H

#include "tests/native/trial.h"

struct hardware;

/* NULL, and a sentence in *why: this machine cannot. There is one at most. */
struct hardware *hardware_open(const char **why);
void hardware_close(struct hardware *h);

/* The text of the trials to come, TEXT_BYTES. */
void hardware_set_text(struct hardware *h, const uint8_t *text);

void hardware_run(struct hardware *h, const struct trial *t,
                  const struct state *states, struct ending *out);

#endif /* TESTS_NATIVE_HARDWARE_H */
