/*
 * console.h - what is typed at a VM's console, from outside.
 *
 * What was typed waits in a line of CONSOLE_LINE_BYTES until the VM reads it. A
 * VM has a line only while something waits for it, and there are at most
 * CONSOLE_LINES: so what is typed takes at most 16 KiB, whatever the number of
 * VMs, and nothing when nobody types.
 */
#ifndef IK_CONSOLE_H
#define IK_CONSOLE_H

#include "ik/state.h"

#define CONSOLE_LINE_BYTES 256
#define CONSOLE_LINES      64 /* VMs that have not read all that was typed. */

/*
 * Types at the VM's console, between two steps of the kernel, and raises its
 * interrupt. Returns how many bytes there was room for: none when the VM is
 * dead, or when CONSOLE_LINES others have not read theirs.
 */
uint32_t console_type(struct kernel *k, struct vm *vm, const uint8_t *bytes,
                      uint32_t count);

#endif /* IK_CONSOLE_H */
