/* attack_list.h - the attacks of attacks.S, and how each ends. */
#ifndef TESTS_ATTACKS_ATTACK_LIST_H
#define TESTS_ATTACKS_ATTACK_LIST_H

#include <stdint.h>

#include "isa/abi.h"
#include "sim/vocabulary/words.h"

#define MEM_END 0x00500000u /* With 1 MiB of memory. */
#define ANY     0x0badf00du /* Of details. */
#define DATA    0x00480000u

/* How an attack ends; VM_END_NONE: it goes on for ever, or sleeps. */
struct attack {
    const char *name; /* In attacks.S. */
    enum vm_end end;
    uint32_t detail;
};

#define ADDRESS(va)     VM_END_ADDRESS, (va)
#define EXCEPTION(v)    VM_END_EXCEPTION, (v)
#define DELIVERY(esp)   VM_END_DELIVERY, (esp)
#define REFUSED         VM_END_REFUSED, ANY
#define TERMINATE(code) VM_END_TERMINATE, (code)
#define GOES_ON         VM_END_NONE, 0

static const struct attack attacks[] = {
    { "jump-null", ADDRESS(0) },
    { "jump-below", ADDRESS(0x3fffff) },
    { "jump-registers", ADDRESS(0x400000) },
    { "jump-data", ADDRESS(DATA + 4) },
    { "jump-stack", ADDRESS(MEM_END - 4) },
    { "jump-end", ADDRESS(MEM_END) },
    { "jump-kernel", ADDRESS(0xc0000000) },
    { "jump-top", ADDRESS(0xffffffff) },
    { "call-null", ADDRESS(0) },
    { "return-to-data", ADDRESS(DATA) },
    { "jump-through-null", ADDRESS(0) },
    { "jump-middle-refused", REFUSED },
    { "jump-middle-legal", TERMINATE(0) },
    { "jump-own-middle", TERMINATE(0) },
    { "jump-itself", GOES_ON },
    { "unknown-int", REFUSED },
    { "int-before-first", REFUSED },
    { "int-after-last", REFUSED },
    { "int-3", REFUSED },
    { "hidden-cli", REFUSED },
    { "code-on-stack", ADDRESS(MEM_END - 4) },
    /* Of data, the page's first byte. */
    { "read-null", ADDRESS(0) },
    { "read-below", ADDRESS(0x3ff000) },
    { "read-across-base", ADDRESS(0x3ff000) },
    { "read-end", ADDRESS(MEM_END) },
    { "read-across-end", ADDRESS(MEM_END) },
    { "read-kernel", ADDRESS(0xc0000000) },
    { "read-top", ADDRESS(0xfffff000) },
    { "read-wrapping", ADDRESS(0xfffff000) },
    { "write-null", ADDRESS(0) },
    { "write-below", ADDRESS(0x3ff000) },
    { "write-across-base", ADDRESS(0x3ff000) },
    { "write-end", ADDRESS(MEM_END) },
    { "write-across-end", ADDRESS(MEM_END) },
    { "write-kernel", ADDRESS(0xc0000000) },
    { "write-wrapping", ADDRESS(0xfffff000) },
    { "write-text", ADDRESS(ABI_TEXT_BASE) },
    { "write-into-text", ADDRESS(ABI_TEXT_BASE) },
    { "push-to-text", ADDRESS(ABI_TEXT_BASE) },
    { "call-with-null-stack", ADDRESS(0xfffff000) },
    { "exchange-text", ADDRESS(ABI_TEXT_BASE) },
    { "locked-text", ADDRESS(ABI_TEXT_BASE) },
    { "fill-everything", ADDRESS(MEM_END) },
    { "fill-downward", VM_END_ADDRESS, ANY }, /* Its last page of text. */
    { "copy-from-outside", ADDRESS(MEM_END) },
    { "recursion", VM_END_ADDRESS, ANY },
    { "odd-addresses", TERMINATE(0) },
    { "many-setcc", TERMINATE(0) },
    { "straight-line", GOES_ON },
    { "divide-by-zero", EXCEPTION(0) },
    { "divide-too-much", EXCEPTION(0) },
    { "divide-byte", EXCEPTION(0) },
    { "aam-zero", EXCEPTION(0) },
    { "popf-everything", TERMINATE(0) },
    { "handler-null", ADDRESS(0) },
    { "handler-registers", ADDRESS(0x400000) },
    { "handler-data", ADDRESS(DATA) },
    { "handler-end", ADDRESS(MEM_END) },
    { "handler-top", ADDRESS(0xffffffff) },
    { "handler-refused", REFUSED },
    { "stack-null", DELIVERY(0) },
    { "stack-wrapping", DELIVERY(5) },
    { "stack-text", DELIVERY(ABI_TEXT_BASE + 64) },
    { "stack-base", DELIVERY(ABI_MEM_BASE) },
    { "stack-below", DELIVERY(ABI_MEM_BASE - 4) },
    { "stack-end", DELIVERY(MEM_END + 4) },
    { "stack-top", DELIVERY(0xffffffff) },
    { "stack-in-registers", TERMINATE(0) },
    { "return-everything", TERMINATE(0) },
    { "nested-handlers", VM_END_DELIVERY, ANY },
    { "alarm-storm", GOES_ON },
    { "packet-storm", GOES_ON },
    { "scribble-registers", TERMINATE(0) },
    { "idle-extremes", GOES_ON },
    { "idle-storm", GOES_ON },
    { "hoard", GOES_ON },
    { "flood-everyone", GOES_ON },
    { "flood-as-another", GOES_ON },
    { "flood-as-another-inside", GOES_ON },
    { "flood-outside", GOES_ON },
    { "flood-broadcast", GOES_ON },
    { "console-flood", GOES_ON },
    { "tiny-blocks", GOES_ON },
    { "huge-rep", GOES_ON },
    { "bad-addresses", GOES_ON },
    { "scribble-on", GOES_ON },
    { "dma-to-text", GOES_ON },
    { "end-in-flight", TERMINATE(0) },
    { "terminate-0", TERMINATE(0) },
    { "terminate-panic", TERMINATE(ABI_EXIT_PANIC) },
    { "terminate-minus-1", TERMINATE(UINT32_MAX) },
};
#define ATTACKS (sizeof(attacks) / sizeof(attacks[0]))

#endif /* TESTS_ATTACKS_ATTACK_LIST_H */
