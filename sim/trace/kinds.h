/*
 * kinds.h - every kind of event, once: its layer, its name, what it says, and
 * the fields that it says it with.
 *
 * Structs, packing (event.h), the legend, the columns of the CSV and the tables
 * of docs/trace.md (legend.h) follow from the rows. A new kind is a row at the
 * end: the order is that of the numbers in traces.
 */
#ifndef SIM_TRACE_KINDS_H
#define SIM_TRACE_KINDS_H

/*
 * TYPE(type, C type, form, what a value is). The form says how values are
 * written: see legend.h. Besides these, each list of sim/vocabulary/words.h is
 * a type, by its enumeration's tag.
 */
#define TRACE_TYPES(TYPE)                                                     \
    TYPE(count, uint64_t, COUNT, "how many")                                  \
    TYPE(bytes, uint64_t, COUNT, "how many bytes")                            \
    TYPE(cycles, uint64_t, CYCLES, "a span of time, in cycles")               \
    TYPE(time, uint64_t, TIME,                                                \
         "a cycle, counted from power-on; 2^64 - 1: never, or not known")     \
    TYPE(page, uint32_t, COUNT, "a page of the VM's memory, from 0")          \
    TYPE(table, uint32_t, COUNT, "a page table of the VM; 0: the directory")  \
    TYPE(frame, uint32_t, NUMBER, "a frame of RAM; 2^32 - 1: none")           \
    TYPE(vm, uint32_t, VM, "the number of a VM; 2^32 - 1: none")              \
    TYPE(address, uint32_t, ADDRESS, "an address in the VM's memory")         \
    TYPE(image, uint32_t, COUNT, "a guest's image, as the header has them")   \
    TYPE(vector, uint8_t, VINSN, "the number of a virtual instruction")       \
    TYPE(value, uint32_t, ADDRESS, "a number whose meaning the legend says")  \
    TYPE(virqs, uint32_t, VIRQS, "a set of virtual interrupts, a bit each")   \
    TYPE(packet, uint64_t, COUNT, "a frame's serial number, from 1; 0: none") \
    TYPE(request, uint64_t, COUNT, "a request's number")                      \
    TYPE(connection, uint32_t, NUMBER,                                        \
         "a client's connection; 2^32 - 1: none (ARP, UDP)")                  \
    TYPE(disk, uint32_t, COUNT, "a spindle, from 0")                          \
    TYPE(block, uint64_t, COUNT, "a block of the spindle, from 0")            \
    TYPE(flag, bool, FLAG, "0 no, 1 yes")                                     \
    TYPE(amount, uint64_t, COUNT, "a number; a text of the header says what") \
    TYPE(key, uint64_t, HIDDEN, "a policy's own figure: no decision")         \
    TYPE(hash, uint64_t, HIDDEN, "XXH3-64 of bytes that are not kept")

/* Fields that several kinds have in the same place are a subject: they can be
   read of any of these kinds. NOTHING is the subject of the others. */
#define TRACE_PACKET_FIELDS(FIELD)                  \
    FIELD(packet, packet, A, 16, 48, "which frame") \
    FIELD(bytes, bytes, A, 0, 16, "of the whole frame")

#define TRACE_TRANSFER_FIELDS(FIELD)               \
    FIELD(disk, disk, B, 32, 32, "which spindle")  \
    FIELD(block, block, A, 0, 64, "the first one") \
    FIELD(blocks, count, B, 0, 32, "blocks, one after another")

#define TRACE_ASKED_FIELDS(FIELD) FIELD(request, request, A, 0, 64, "which")

#define TRACE_RESIDENT_FIELDS(FIELD)                    \
    FIELD(page, page, A, 0, 32, "which page of the VM") \
    FIELD(frame, frame, B, 0, 32, "where it is, or was")

/* SUBJECT(SUBJECT, subject, its fields) */
#define TRACE_SUBJECTS(SUBJECT, FIELD)                        \
    SUBJECT(PACKET, packet, TRACE_PACKET_FIELDS(FIELD))       \
    SUBJECT(TRANSFER, transfer, TRACE_TRANSFER_FIELDS(FIELD)) \
    SUBJECT(ASKED, asked, TRACE_ASKED_FIELDS(FIELD))          \
    SUBJECT(RESIDENT, resident, TRACE_RESIDENT_FIELDS(FIELD))

/*
 * EVENT(KIND, kind, name, layer, subject, what it says, its fields), and
 * FIELD(name, type, word, lowest bit, bits, what it is). Words A and B have 64
 * bits each, which a kind's fields do not share (tests/sim/test_legend.c). A
 * field of a name has the same type in all kinds, unless it is of words.
 */
/* clang-format off */
#define TRACE_EVENTS(EVENT, FIELD)                                             \
EVENT(RUN, run, "run", CPU, NOTHING, "guest instructions ran",                 \
    FIELD(insns, count, A, 0, 64, "instructions that retired")                 \
    FIELD(cycles, cycles, B, 0, 64, "that they took"))                         \
EVENT(EXIT, exit, "exit", CPU, NOTHING,                                        \
    "the instructions ended before their budget did",                          \
    FIELD(why, cpu_exit_kind, A, 0, 8, "by what")                              \
    FIELD(vector, count, A, 8, 8, "of the instruction or exception")             \
    FIELD(eip, address, B, 0, 32, "EIP"))                                      \
EVENT(VINSN, vinsn, "vinsn", CPU, NOTHING, "a virtual instruction was done",   \
    FIELD(vinsn, vector, A, 0, 8, "which")                                     \
    FIELD(result, value, B, 0, 32, "EAX after it"))                            \
EVENT(CREATE, create, "create", CPU, NOTHING, "the VM exists from now on",     \
    FIELD(memory, bytes, A, 0, 64, "of memory that it sees")                   \
    FIELD(image, image, B, 0, 32, "what it runs"))                             \
EVENT(END, end, "end", CPU, NOTHING, "the VM is dead from now on",             \
    FIELD(why, vm_end, A, 0, 8, "for what reason")                             \
    FIELD(detail, value, B, 0, 32, "exit code, address or exception: by why")) \
EVENT(CONSOLE, console, "console", CPU, NOTHING,                               \
    "the VM wrote on its console",                                             \
    FIELD(bytes, bytes, A, 0, 64, "that it wrote")                             \
    FIELD(hash, hash, B, 0, 64, "of the bytes"))                               \
EVENT(PICK, pick, "pick", SCHED, NOTHING, "the VM gets the processor",         \
    FIELD(quantum, cycles, A, 0, 64, "for so long at most")                    \
    FIELD(why, pick, B, 0, 8, "by which rule"))                                \
EVENT(SWITCH, switch, "switch", SCHED, NOTHING,                                \
    "the VM's address space is loaded",                                        \
    FIELD(from, vm, A, 0, 32, "whose was loaded before")                       \
    FIELD(cycles, cycles, B, 0, 64, "that it takes"))                          \
EVENT(PREEMPT, preempt, "preempt", SCHED, NOTHING,                             \
    "the VM has used up its quantum",                                          \
    FIELD(overrun, cycles, A, 0, 64, "beyond it, to the end of a block"))      \
EVENT(IDLE, idle, "idle", SCHED, NOTHING, "the VM idles",                      \
    FIELD(deadline, time, A, 0, 64, "when it wakes by itself")                 \
    FIELD(left, cycles, B, 0, 64, "of its quantum"))                           \
EVENT(WAKE, wake, "wake", SCHED, NOTHING, "the VM idles no longer",            \
    FIELD(why, wake_why, A, 0, 8, "for what reason")                           \
    FIELD(pending, virqs, B, 0, 32, "what waits for it"))                      \
EVENT(ARRIVE, arrive, "arrive", GATE, NOTHING, "the VM comes to the gate",     \
    FIELD(waiting, count, A, 0, 64, "VMs that wait there, with this one"))     \
EVENT(ADMIT, admit, "admit", GATE, NOTHING, "the gate lets the VM in",         \
    FIELD(waited, cycles, A, 0, 64, "at the gate")                             \
    FIELD(free_frames, count, B, 0, 32, "frames that are free")                \
    FIELD(needed_frames, count, B, 32, 32,                                     \
        "frames that it is promised and does not hold"))                       \
EVENT(LEASE_END, lease_end, "lease-end", GATE, NOTHING,                        \
    "the VM must go back to the gate",                                         \
    FIELD(admitted, cycles, A, 0, 64, "since it was let in"))                  \
EVENT(FAULT, fault, "fault", MEMORY, NOTHING,                                  \
    "the VM wants a page that has no frame",                                   \
    FIELD(va, address, A, 0, 32, "what it wants")                              \
    FIELD(access, cpu_access, B, 0, 8, "for what"))                            \
EVENT(FILL, fill, "fill", MEMORY, RESIDENT, "the page is in a frame",          \
    TRACE_RESIDENT_FIELDS(FIELD)                                               \
    FIELD(zeroed, flag, B, 32, 1, "it was never used, and is zero"))           \
EVENT(TABLE, table, "table", MEMORY, NOTHING, "a page table came or went",     \
    FIELD(table, table, A, 0, 32, "which")       \
    FIELD(frame, frame, A, 32, 32, "where it is, or was")                      \
    FIELD(change, table_op, B, 0, 8, "what became of it"))                     \
EVENT(RAISE, raise, "raise", VIRQ, NOTHING, "an interrupt is for the VM",      \
    FIELD(virqs, virqs, A, 0, 32, "which one")                                 \
    FIELD(coalesced, flag, B, 0, 1, "it waited already, and they are one"))    \
EVENT(DELIVER, deliver, "deliver", VIRQ, NOTHING,                              \
    "the VM takes what interrupts it has",                                     \
    FIELD(virqs, virqs, A, 0, 32, "which ones")                                \
    FIELD(handler, address, B, 0, 32, "where it goes on"))                     \
EVENT(RX, rx, "rx", NET, PACKET, "the frame is in the VM's receive queue",     \
    TRACE_PACKET_FIELDS(FIELD)                                                 \
    FIELD(queued, count, B, 0, 64, "frames in that queue, after it"))          \
EVENT(RX_DROP, rx_drop, "rx-drop", NET, PACKET,                                \
    "the frame does not get into the VM's receive queue",                      \
    TRACE_PACKET_FIELDS(FIELD)                                                 \
    FIELD(why, rx_drop, B, 0, 8, "for what reason"))                           \
EVENT(RECV, recv, "recv", NET, PACKET, "the VM took the frame",                \
    TRACE_PACKET_FIELDS(FIELD)                                                 \
    FIELD(queued, count, B, 0, 64, "frames in its receive queue, after it"))   \
EVENT(SEND, send, "send", NET, PACKET,                                         \
    "the VM put the frame into its transmit queue",                            \
    TRACE_PACKET_FIELDS(FIELD)                                                 \
    FIELD(queued, count, B, 0, 64, "frames in that queue, after it"))          \
EVENT(TX, tx, "tx", NET, PACKET,                                               \
    "the switch sends the frame on, to the link or to a VM",                   \
    TRACE_PACKET_FIELDS(FIELD)                                                 \
    FIELD(hash, hash, B, 0, 64, "of the frame"))                               \
EVENT(REQUEST, request, "request", LOAD, ASKED, "a client's request is due", \
    TRACE_ASKED_FIELDS(FIELD) FIELD(late, cycles, B, 0, 64, "behind its time")) \
EVENT(REPLY, reply, "reply", LOAD, ASKED, "the request is answered",         \
    TRACE_ASKED_FIELDS(FIELD) FIELD(latency, cycles, B, 0, 64, "since it was due")) \
EVENT(GIVE_UP, give_up, "give-up", LOAD, ASKED, "the client gives it up",      \
    TRACE_ASKED_FIELDS(FIELD) FIELD(why, outcome, B, 0, 8, "for what reason")) \
EVENT(RETRANSMIT, retransmit, "retransmit", LOAD, NOTHING,                     \
    "a client sends again what was not acknowledged",                          \
    FIELD(connection, connection, A, 0, 32, "on which")                        \
    FIELD(sequence, value, B, 0, 32, "TCP's sequence number"))                 \
EVENT(EVICT, evict, "evict", MEMORY, RESIDENT, "the page leaves its frame",    \
    TRACE_RESIDENT_FIELDS(FIELD)                                               \
    FIELD(dirty, flag, B, 32, 1, "what is on disk is older")                   \
    FIELD(why, eviction_why, B, 33, 8, "for what reason"))                     \
EVENT(BLOCK, block, "block", MEMORY, NOTHING,                                  \
    "the VM cannot go on, for want of a page",                                 \
    FIELD(why, vm_wait, A, 0, 8, "what it waits for")                          \
    FIELD(transfers, count, B, 0, 64, "to and from the disks, on their way"))  \
EVENT(RECLAIM, reclaim, "reclaim", GATE, NOTHING,                              \
    "the gate takes frames from a VM that does not run",                       \
    FIELD(frames, count, A, 0, 64, "how many")                                 \
    FIELD(state, vm_state, B, 0, 8, "of the VM"))                              \
EVENT(DISK_READ, disk_read, "disk-read", DISK, TRANSFER,                       \
    "the spindle is asked to read", TRACE_TRANSFER_FIELDS(FIELD))              \
EVENT(DISK_WRITE, disk_write, "disk-write", DISK, TRANSFER,                    \
    "the spindle is asked to write", TRACE_TRANSFER_FIELDS(FIELD))             \
EVENT(DISK_DONE, disk_done, "disk-done", DISK, TRANSFER,                       \
    "the kernel hears that the spindle is done", TRACE_TRANSFER_FIELDS(FIELD)) \
EVENT(SET_ASIDE, set_aside, "set-aside", SCHED, NOTHING,                       \
    "the VM stops for another, which an interrupt is for",                     \
    FIELD(quantum, cycles, A, 0, 64, "that it had")                            \
    FIELD(used, cycles, B, 0, 64, "of it, so far"))                            \
EVENT(READY, ready, "ready", SCHED, NOTHING, "the VM may have the processor",  \
    FIELD(key, key, A, 0, 64, "the least of all READY VMs is the next")        \
    FIELD(why, ready_why, B, 0, 8, "since when")                               \
    FIELD(preferred, flag, B, 8, 1, "it goes before its turn"))                \
EVENT(CHARGE, charge, "charge", CPU, NOTHING, "the kernel took time",          \
    FIELD(cycles, cycles, A, 0, 64, "that passed")                             \
    FIELD(category, cpu_category, B, 0, 8, "what for"))                        \
EVENT(PHASE, phase, "phase", CPU, NOTHING, "a part of the run begins",         \
    FIELD(phase, phase, A, 0, 8, "which")                                      \
    FIELD(until, time, B, 0, 64, "its end"))                                   \
EVENT(TOUCH, touch, "touch", MEMORY, RESIDENT,                                 \
    "the page was used, for the first time in an epoch",                       \
    TRACE_RESIDENT_FIELDS(FIELD))                                              \
EVENT(DIRTY, dirty, "dirty", MEMORY, RESIDENT,                                 \
    "the page, which was clean, was written to",                               \
    TRACE_RESIDENT_FIELDS(FIELD))                                              \
EVENT(CLEAN, clean, "clean", MEMORY, RESIDENT,                                 \
    "the page is copied, to be written to disk", TRACE_RESIDENT_FIELDS(FIELD)) \
EVENT(HAND, hand, "hand", MEMORY, NOTHING,                                     \
    "the replacement policy has looked for a victim",                          \
    FIELD(frame, frame, A, 0, 32, "where its next sweep begins")               \
    FIELD(looked, count, B, 0, 64, "frames that it looked at"))                \
EVENT(CONNECT, connect, "connect", LOAD, ASKED,                              \
    "the request goes by a connection",                                        \
    TRACE_ASKED_FIELDS(FIELD) FIELD(connection, connection, B, 0, 32, "by which")) \
EVENT(CLIENT_SEND, client_send, "client-send", LOAD, PACKET,                   \
    "a client sends the frame", TRACE_PACKET_FIELDS(FIELD)                     \
    FIELD(connection, connection, B, 0, 32, "of which"))                       \
EVENT(CLIENT_RECV, client_recv, "client-recv", LOAD, PACKET,                   \
    "a client has the frame", TRACE_PACKET_FIELDS(FIELD)                       \
    FIELD(connection, connection, B, 0, 32, "of which"))                       \
EVENT(TX_DROP, tx_drop, "tx-drop", NET, PACKET,                                \
    "the switch drops the frame of a VM", TRACE_PACKET_FIELDS(FIELD)           \
    FIELD(why, tx_drop, B, 0, 8, "for what reason"))                           \
EVENT(LINK_DROP, link_drop, "link-drop", NET, PACKET,                          \
    "the frame is lost before the machine has it", TRACE_PACKET_FIELDS(FIELD)  \
    FIELD(why, link_loss, B, 0, 8, "where"))                                   \
EVENT(LINK_COPY, link_copy, "link-copy", NET, PACKET,                          \
    "the wire made this frame, a copy", TRACE_PACKET_FIELDS(FIELD)             \
    FIELD(original, packet, B, 0, 64, "of which frame"))                       \
EVENT(DISK_CANCEL, disk_cancel, "disk-cancel", DISK, TRANSFER,                 \
    "the request to the spindle is taken back", TRACE_TRANSFER_FIELDS(FIELD))  \
EVENT(GIVE_WAY, give_way, "give-way", SCHED, NOTHING,                          \
    "the VM stops for another, which the scheduler lets go first",             \
    FIELD(to, vm, A, 0, 32, "which became ready")                              \
    FIELD(left, cycles, B, 0, 64, "of its quantum"))                           \
EVENT(REASON, reason, "reason", SCHED, NOTHING, "a policy says why",           \
    FIELD(policy, policy_kind, A, 0, 8, "which policy")                        \
    FIELD(which, count, A, 8, 8, "of its reasons, which the header lists")     \
    FIELD(value, amount, B, 0, 64, "of the reason"))                           \
EVENT(REFUSE_CREATE, refuse_create, "refuse-create", CPU, NOTHING,             \
    "the VM, and so many in all, are not created",                             \
    FIELD(count, count, A, 0, 32, "VMs") FIELD(why, refusal, B, 0, 8, "why"))  \
EVENT(WRONG, wrong, "wrong", LOAD, NOTHING, "why the next request is given up",\
    FIELD(what, mistake, A, 0, 8, "in which way")                              \
    FIELD(at, count, A, 32, 32, "bytes that were right")                       \
    FIELD(expected, value, B, 0, 32, "a status, bytes, a byte, a digest")       \
    FIELD(seen, value, B, 32, 32, "likewise"))
/* clang-format on */

#endif /* SIM_TRACE_KINDS_H */
