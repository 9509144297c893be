/*
 * abi.h - the line between a guest and the isolation kernel: the only file
 * that both include. docs/abi.md explains it.
 *
 * Every constant is a macro without casts, so that guest assembly may include
 * this file. Sizes are in bytes, times in nanoseconds since the machine was
 * switched on, network addresses in host order unless a name says otherwise.
 */
#ifndef ISA_ABI_H
#define ISA_ABI_H

/* ---- The address space: [ABI_MEM_BASE, ABI_MEM_BASE + memory size) ------ */

#define ABI_PAGE_BYTES 4096
/* Nothing lies below, so that a null pointer faults. */
#define ABI_MEM_BASE 0x00400000
/* The first page holds the virtual registers, below. */
#define ABI_VREGS_BASE ABI_MEM_BASE
/* Where text may start; the linker script puts it here. */
#define ABI_TEXT_BASE 0x00401000
/* Memory sizes a VM may have: whole pages within these limits. */
#define ABI_MEM_MIN_BYTES 0x00010000
#define ABI_MEM_MAX_BYTES 0x40000000

/*
 * At entry: EIP is the image's entry point, ESP is the end of memory, EFLAGS
 * is 2, every other register is 0 and interrupts are disabled. Memory holds
 * the image's segments and the virtual registers; all else reads as zero.
 */

/* ---- Virtual instructions: `int imm8` ----------------------------------- */

/*
 * Arguments in the registers named; the result is in EAX, and a 64-bit
 * argument is in EDX:EAX. A negative result is an error (ABI_E...) and nothing
 * was done. All other registers and the flags keep their values.
 */
#define ABI_VI_FIRST 0x40
/* idle: EDX:EAX = absolute deadline. -> ABI_IDLE_... */
#define ABI_VI_IDLE 0x40
/* terminate: EAX = exit code. Does not return. */
#define ABI_VI_TERMINATE 0x41
/* packet_send: EAX = address, ECX = bytes of an Ethernet frame, no FCS. -> 0 */
#define ABI_VI_PACKET_SEND 0x42
/* packet_recv: EAX = address, ECX = room. -> bytes; 0: the queue is empty */
#define ABI_VI_PACKET_RECV 0x43
/*
 * disk_read: EAX = disk, ECX = block, EDX = address, EBX = tag. -> 0
 * Asynchronous: done when ABI_IRQ_DISK has been raised and the tag stands in
 * the ring of completions, with 0 or an error. Until then a read's buffer may
 * change; a write has copied it. ABI_EAGAIN: ABI_DISK_RING requests are not
 * done, or done and not yet taken.
 */
#define ABI_VI_DISK_READ 0x44
/* disk_write: the same registers. -> 0 */
#define ABI_VI_DISK_WRITE 0x45
/* console_write: EAX = address, ECX = bytes. -> bytes taken */
#define ABI_VI_CONSOLE_WRITE 0x46
/* console_read: EAX = address, ECX = room. -> bytes; 0: nothing typed */
#define ABI_VI_CONSOLE_READ 0x47
/* alarm: EDX:EAX = absolute time, ABI_TIME_NEVER to cancel. -> 0 */
#define ABI_VI_ALARM 0x48
#define ABI_VI_LAST  0x48

#define ABI_TIME_NEVER 0xffffffffffffffff

/* What `idle` returns. */
#define ABI_IDLE_TIMEOUT 0 /* The deadline has passed. */
#define ABI_IDLE_PENDING 1 /* An interrupt is, or was, pending. */

/* Errors. */
#define ABI_EINVAL   (-1) /* An argument out of its range. */
#define ABI_EFAULT   (-2) /* A buffer outside memory, or in text to write. */
#define ABI_EAGAIN   (-3) /* The device's queue is full: wait for it. */
#define ABI_EMSGSIZE (-4) /* The next packet needs more room; it stays. */
#define ABI_ENODEV   (-5) /* The VM has no such device. */

/* ---- Virtual registers, offsets in the first page ----------------------- */

/*
 * The kernel writes system time, pending and disk completions when it
 * dispatches the VM and when a virtual instruction completes; a guest that
 * writes them fools nobody but itself. Those marked (guest) are read by the
 * kernel; the rest are constant.
 */
#define ABI_VR_MAGIC         0x000 /* u32: ABI_MAGIC. */
#define ABI_VR_VM_NUMBER     0x004 /* u32 */
#define ABI_VR_MEMORY_BYTES  0x008 /* u32: the size of the address space. */
#define ABI_VR_CPU_KHZ       0x00c /* u32 */
#define ABI_VR_TIME_LOW      0x010 /* u64 system time: read high, low, high. */
#define ABI_VR_TIME_HIGH     0x014
#define ABI_VR_MAC           0x018 /* u8[6] */
#define ABI_VR_IPV4          0x020 /* u32 */
#define ABI_VR_NETMASK       0x024 /* u32; all on one Ethernet, no router. */
#define ABI_VR_IRQ_ENABLED   0x028 /* u32 (guest): 0 or not. */
#define ABI_VR_IRQ_PENDING   0x02c /* u32: ABI_IRQ_... not yet delivered. */
#define ABI_VR_IRQ_HANDLER   0x030 /* u32 (guest): entered at delivery. */
#define ABI_VR_IRQ_RET_START 0x034 /* u32 (guest): [start, end) is the */
#define ABI_VR_IRQ_RET_END   0x038 /* u32 (guest): return sequence. */
#define ABI_VR_IDLE_MODE     0x03c /* u32: ABI_IDLE_MODE_... */
#define ABI_VR_SEED_LOW      0x040 /* u64: this VM's own random seed. */
#define ABI_VR_SEED_HIGH     0x044
#define ABI_VR_DISK_DONE     0x048 /* u32: completions ever; wraps. */
#define ABI_VR_DISK_TAKEN    0x04c /* u32 (guest): of those, taken. */
#define ABI_VR_DISK_RING \
    0x050                        /* ABI_DISK_RING times u32 tag, s32 result;
                                      number n is at n % ABI_DISK_RING. */
#define ABI_VR_DISK_COUNT  0x090 /* u32: disks this VM has. */
#define ABI_VR_DISK_BLOCKS 0x094 /* u32[ABI_DISK_LIMIT]: size in blocks. */
#define ABI_VR_CMDLINE     0x100 /* char[ABI_CMDLINE_BYTES], 0-terminated. */

#define ABI_MAGIC         0x6d736b69 /* The bytes "iksm". */
#define ABI_CMDLINE_BYTES 256

/*
 * How a guest with nothing to run waits (scenario `kernel.idle`): with `idle`
 * until its next timer; or with `idle` only when no timer is pending, and
 * otherwise spinning on the time register, as an OS unaware of `idle` would.
 */
#define ABI_IDLE_MODE_TIMEOUT 0
#define ABI_IDLE_MODE_SPIN    1

/* ---- Virtual interrupts ------------------------------------------------- */

/*
 * When a VM is dispatched with interrupts enabled, something pending and EIP
 * outside the return sequence, the kernel pushes EIP, EFLAGS and the mask it
 * takes (the mask is at the lowest address), clears the enabled register and
 * enters the handler with EFLAGS 2. All other registers are as they were.
 *
 *     handler:   save registers, serve [the mask], restore registers
 *                movl $1, ABI_VREGS_BASE + ABI_VR_IRQ_ENABLED
 *     ret_start: lea 4(%esp), %esp
 *                popf
 *                ret
 *     ret_end:
 */
#define ABI_IRQ_NET_RX  0x1  /* A packet was received: drain the queue. */
#define ABI_IRQ_NET_TX  0x2  /* A full transmit queue has room again. */
#define ABI_IRQ_ALARM   0x4  /* The alarm's time has come. */
#define ABI_IRQ_CONSOLE 0x8  /* Something was typed. */
#define ABI_IRQ_DISK    0x10 /* A disk request has completed. */
#define ABI_IRQ_ALL     0x1f

#define ABI_FRAME_BYTES 12 /* What delivery pushes: mask, EFLAGS, EIP. */

/* ---- Devices ------------------------------------------------------------ */

#define ABI_PACKET_MIN_BYTES  14   /* An Ethernet header. */
#define ABI_PACKET_MAX_BYTES  1514 /* Header and 1,500 bytes, no FCS. */
#define ABI_CONSOLE_MAX_BYTES 4096 /* In one virtual instruction. */
#define ABI_BLOCK_BYTES       4096 /* Of a virtual disk. */
#define ABI_DISK_LIMIT        4    /* Disks of one VM. */
#define ABI_DISK_RING         8    /* Requests of one VM, a power of two. */

/*
 * Addresses: VM number n has ABI_VM_NET + n + 1, client number n has
 * ABI_CLIENT_NET + n + 1. A MAC is 02:00 and the four bytes of the address,
 * so nobody needs to ask.
 */
#define ABI_VM_NET     0x0a100000 /* 10.16.0.0: 10.16.0.1 to 10.31.255.255. */
#define ABI_CLIENT_NET 0x0a800000 /* 10.128.0.0 */
#define ABI_NETMASK    0xff000000 /* 10.0.0.0/8 */
#define ABI_MAC_PREFIX 0x0200

/* Exit codes that Ilwaco gives to `terminate` by itself. */
#define ABI_EXIT_PANIC 0xdead

#endif /* ISA_ABI_H */
