/*
 * console.h - what is typed at a VM's console, from outside.
 *
 * What was typed waits in a line of CONSOLE_LINE_BYTES until the VM reads it. A
 * VM has a line only while something waits for it: nothing is taken when nobody
 * types, and who never reads keeps one line, its own.
 */
#ifndef IK_CONSOLE_H
#define IK_CONSOLE_H

#include "ik/state.h"

#define CONSOLE_LINE_BYTES 256

/*
 * Types at the VM's console, between two steps of the kernel, and raises its
 * interrupt. Returns how many bytes there was room for: none when the VM is
 * dead, or when the host has no memory for its line.
 */
uint32_t console_type(struct kernel *k, struct vm *vm, const uint8_t *bytes,
                      uint32_t count);

#endif /* IK_CONSOLE_H */
