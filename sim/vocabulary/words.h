/*
 * words.h - the words for what a simulation says of itself: every enumeration
 * that leaves the room in which it is decided stands here, once.
 *
 * A row is a constant, its short name (one word, as in filters, CSV and JSON),
 * its name in a sentence, and its colour (palette.h). The enumeration and its
 * table (vocabulary.h) follow from the rows: a new word is a row; a new
 * enumeration is a list, its enum, and a line in VOCABULARIES. Values stand in
 * traces, so rows keep their places. docs/glossary.md has each short name.
 */
#ifndef SIM_WORDS_H
#define SIM_WORDS_H

#define WORD_CONSTANT(constant, name, phrase, color) constant,

/* "The VM is ..." */
#define VM_STATE_WORDS(X)                                       \
    X(VM_CREATED, "created", "created", COLOR_CREATED)          \
    X(VM_WAITING, "waiting", "waiting at the gate", COLOR_GATE) \
    X(VM_READY, "ready", "ready", COLOR_READY)                  \
    X(VM_RUNNING, "running", "running", COLOR_GUEST)            \
    X(VM_PAGING, "paging", "waiting for a page", COLOR_PAGING)  \
    X(VM_IDLE, "idle", "idle", COLOR_IDLE)                      \
    X(VM_DEAD, "dead", "dead", COLOR_DEAD)
enum vm_state { VM_STATE_WORDS(WORD_CONSTANT) };

/* Why a VM is not created: "..." */
#define REFUSAL_WORDS(X)                                                    \
    X(REFUSAL_NONE, "none", "it is", COLOR_NONE)                            \
    X(REFUSAL_HOST, "host-memory", "too little host memory for its tables", \
      COLOR_TROUBLE)                                                        \
    X(REFUSAL_SWAP, "disks-full", "the disks have no room for its pages",   \
      COLOR_TROUBLE)                                                        \
    X(REFUSAL_RAM, "ram-full",                                              \
      "RAM has no room for its tables and a few pages", COLOR_TROUBLE)
enum refusal { REFUSAL_WORDS(WORD_CONSTANT) };

/* "The VM has ended: ..." */
#define VM_END_WORDS(X)                                                      \
    X(VM_END_NONE, "alive", "it has not", COLOR_NONE)                        \
    X(VM_END_TERMINATE, "terminated", "it terminated itself", COLOR_NONE)    \
    X(VM_END_ADDRESS, "bad-access", "it accessed memory that it may not",    \
      COLOR_TROUBLE)                                                         \
    X(VM_END_EXCEPTION, "exception", "a processor exception", COLOR_TROUBLE) \
    X(VM_END_REFUSED, "refused", "an instruction outside the subset",        \
      COLOR_TROUBLE)                                                         \
    X(VM_END_DELIVERY, "bad-stack",                                          \
      "no room for an interrupt's frame at its stack", COLOR_TROUBLE)        \
    X(VM_END_SUPERVISOR, "destroyed", "the supervisor destroyed it", COLOR_NONE)
enum vm_end { VM_END_WORDS(WORD_CONSTANT) };

/* "The VM waits: ..." */
#define VM_WAIT_WORDS(X)                                           \
    X(VM_WAIT_NONE, "none", "for nothing", COLOR_NONE)             \
    X(VM_WAIT_READ, "page", "its page must be read", COLOR_PAGING) \
    X(VM_WAIT_FRAME, "frame", "there is no free frame", COLOR_PAGING)
enum vm_wait { VM_WAIT_WORDS(WORD_CONSTANT) };

/* Where each cycle goes: "time for ..." */
#define CPU_CATEGORY_WORDS(X)                                    \
    X(CPU_GUEST, "guest", "guest instructions", COLOR_GUEST)     \
    X(CPU_SWITCH, "switch", "switching VMs", COLOR_SWITCH)       \
    X(CPU_INTERRUPT, "interrupt", "interrupts", COLOR_INTERRUPT) \
    X(CPU_PAGING, "paging", "paging", COLOR_PAGING)              \
    X(CPU_PIO, "pio", "programmed I/O", COLOR_PIO)               \
    X(CPU_IDLE, "idle", "no VM: idle", COLOR_IDLE)
enum cpu_category { CPU_CATEGORY_WORDS(WORD_CONSTANT) };

/* The parts of a run: "in its ..." */
#define PHASE_WORDS(X)                                         \
    X(PHASE_BOOT, "boot", "boot", COLOR_NONE)                  \
    X(PHASE_WARMUP, "warm-up", "warm-up", COLOR_LOAD)          \
    X(PHASE_WINDOW, "window", "measured window", COLOR_WINDOW) \
    X(PHASE_DRAIN, "drain", "drain", COLOR_NONE)
enum phase { PHASE_WORDS(WORD_CONSTANT) };

/* Bits of a mask of virtual interrupts: "an interrupt for ..." */
#define VIRQ_WORDS(X)                                          \
    X(VIRQ_NET_RX, "net-rx", "received packets", COLOR_NET)    \
    X(VIRQ_NET_TX, "net-tx", "room to send", COLOR_SENT)       \
    X(VIRQ_ALARM, "alarm", "the alarm", COLOR_INTERRUPT)       \
    X(VIRQ_CONSOLE, "console", "typed input", COLOR_INTERRUPT) \
    X(VIRQ_DISK, "disk", "a completed disk request", COLOR_DISK)
enum virq { VIRQ_WORDS(WORD_CONSTANT) };

/* Why a VM gets the processor: "..." */
#define PICK_WORDS(X)                                              \
    X(PICK_NEXT, "next", "it is its turn", COLOR_NONE)             \
    X(PICK_PREFERRED, "preferred",                                 \
      "it goes before its turn, since it idled early", COLOR_NONE) \
    X(PICK_SUMMONED, "summoned", "an interrupt has come for it",   \
      COLOR_INTERRUPT)                                             \
    X(PICK_RESUMED, "resumed", "it was set aside, and goes on", COLOR_NONE)
enum pick { PICK_WORDS(WORD_CONSTANT) };

/* Why a VM is READY: "..." */
#define READY_WHY_WORDS(X)                                                \
    X(READY_ADMITTED, "admitted", "the gate admitted it", COLOR_GATE)     \
    X(READY_QUANTUM, "quantum", "its quantum ended", COLOR_NONE)          \
    X(READY_PAGE, "page", "its page is in", COLOR_PAGING)                 \
    X(READY_FRAME, "frame", "it may try again for a frame", COLOR_PAGING) \
    X(READY_PREEMPTED, "preempted", "another VM goes first", COLOR_NONE)
enum ready_why { READY_WHY_WORDS(WORD_CONSTANT) };

/* Whose decision it is: "... says" */
#define POLICY_KIND_WORDS(X)                                         \
    X(POLICY_GATEKEEPER, "gatekeeper", "the gatekeeper", COLOR_GATE) \
    X(POLICY_SCHEDULER, "scheduler", "the scheduler", COLOR_READY)   \
    X(POLICY_REPLACEMENT, "replacement", "the replacement policy", COLOR_PAGING)
enum policy_kind { POLICY_KIND_WORDS(WORD_CONSTANT) };

/* Why an idle VM is so no longer: "..." */
#define WAKE_WHY_WORDS(X)                                          \
    X(WAKE_INTERRUPT, "interrupt", "there is an interrupt for it", \
      COLOR_INTERRUPT)                                             \
    X(WAKE_TIMEOUT, "timeout", "its deadline has come", COLOR_NONE)
enum wake_why { WAKE_WHY_WORDS(WORD_CONSTANT) };

/* How the processor comes out of a guest: "the stretch ended by ..." */
#define CPU_EXIT_KIND_WORDS(X)                                                 \
    /* The budget is used up. */                                               \
    X(CPU_EXIT_BUDGET, "budget", "the end of its budget", COLOR_NONE)          \
    /* A virtual instruction; EIP is past it. */                               \
    X(CPU_EXIT_VINSN, "vinsn", "a virtual instruction", COLOR_PIO)             \
    /* Translation said no; EIP is at the instruction. */                      \
    X(CPU_EXIT_PAGE_FAULT, "page-fault", "a page fault", COLOR_PAGING)         \
    /* The guest's own; EIP is at it. */                                       \
    X(CPU_EXIT_EXCEPTION, "exception", "a processor exception", COLOR_TROUBLE) \
    /* The block at EIP is outside the subset; none of it ran. */              \
    X(CPU_EXIT_REFUSED, "refused", "an instruction outside the subset",        \
      COLOR_TROUBLE)
enum cpu_exit_kind { CPU_EXIT_KIND_WORDS(WORD_CONSTANT) };

/* Virtual instructions, from number VI_FIRST on; isa/abi.h has them for
   guests: "the VM asks for ..." */
#define VI_FIRST 0x40u
#define VI_WORDS(X)                                                          \
    X(VI_IDLE, "idle", "an interrupt or a time", COLOR_IDLE)                 \
    X(VI_TERMINATE, "terminate", "its end", COLOR_NONE)                      \
    X(VI_PACKET_SEND, "packet_send", "a packet to be sent", COLOR_SENT)      \
    X(VI_PACKET_RECV, "packet_recv", "a packet", COLOR_NET)                  \
    X(VI_DISK_READ, "disk_read", "blocks of its disk", COLOR_DISK)           \
    X(VI_DISK_WRITE, "disk_write", "blocks to be written", COLOR_DISK_WRITE) \
    X(VI_CONSOLE_WRITE, "console_write", "text to be shown", COLOR_NONE)     \
    X(VI_CONSOLE_READ, "console_read", "what was typed", COLOR_NONE)         \
    X(VI_ALARM, "alarm", "an alarm", COLOR_INTERRUPT)
enum virtual_insn { VI_WORDS(WORD_CONSTANT) };

/* "... of a page" */
#define CPU_ACCESS_WORDS(X)                      \
    X(CPU_READ, "read", "a read", COLOR_NONE)    \
    X(CPU_WRITE, "write", "a write", COLOR_NONE) \
    X(CPU_FETCH, "fetch", "a fetch", COLOR_NONE)
enum cpu_access { CPU_ACCESS_WORDS(WORD_CONSTANT) };

/* What a page goes for: "..." */
#define EVICTION_WHY_WORDS(X)                                              \
    X(EVICTION_PAGE, "page", "another page needs a frame", COLOR_PAGING)   \
    X(EVICTION_LIMIT, "limit", "its VM has as many frames as it may",      \
      COLOR_PAGING)                                                        \
    X(EVICTION_TABLE, "table", "a page table needs a frame", COLOR_PAGING) \
    X(EVICTION_PIN, "kernel", "the kernel needs a frame, for a new VM",    \
      COLOR_PAGING)                                                        \
    X(EVICTION_RECLAIM, "reclaim",                                         \
      "the gate wants frames, and its VM does not run", COLOR_GATE)        \
    X(EVICTION_END, "end", "its VM is dead", COLOR_DEAD)
enum eviction_why { EVICTION_WHY_WORDS(WORD_CONSTANT) };

/* What became of a page table: "it is ..." */
#define TABLE_OP_WORDS(X)                        \
    X(TABLE_FREED, "freed", "freed", COLOR_NONE) \
    X(TABLE_ALLOCATED, "allocated", "allocated", COLOR_TABLE)
enum table_op { TABLE_OP_WORDS(WORD_CONSTANT) };

/* What a spindle is asked for: "a ..." */
#define DISK_OP_WORDS(X)                        \
    X(DISK_OP_READ, "read", "read", COLOR_DISK) \
    X(DISK_OP_WRITE, "write", "write", COLOR_DISK_WRITE)
enum disk_op { DISK_OP_WORDS(WORD_CONSTANT) };

/* Why a packet for a VM is dropped: "..." */
#define RX_DROP_WORDS(X)                                              \
    X(VNIC_DROP_VM_FULL, "vm-full", "its VM's receive queue is full", \
      COLOR_TROUBLE)                                                  \
    X(VNIC_DROP_POOL_FULL, "pool-full", "the receive pool is full",   \
      COLOR_TROUBLE)                                                  \
    X(VNIC_DROP_NO_VM, "no-vm", "there is no such VM", COLOR_TROUBLE)
enum rx_drop { RX_DROP_WORDS(WORD_CONSTANT) };

/* Why a packet of a VM is dropped: "..." */
#define TX_DROP_WORDS(X)                                                      \
    X(VNIC_DROP_NONE, "none", "it is not", COLOR_NONE)                        \
    X(VNIC_DROP_SPOOFED, "spoofed", "its source is not the VM's own address", \
      COLOR_TROUBLE)                                                          \
    X(VNIC_DROP_NOWHERE, "no-vm", "no VM has its destination address",        \
      COLOR_TROUBLE)
enum tx_drop { TX_DROP_WORDS(WORD_CONSTANT) };

/* Why a frame never arrives: "..." */
#define LINK_LOSS_WORDS(X)                                  \
    X(LINK_LOSS_NONE, "none", "it does", COLOR_NONE)        \
    X(LINK_LOST, "lost", "the wire lost it", COLOR_TROUBLE) \
    X(LINK_OVERRUN, "overrun", "the card's ring is full", COLOR_TROUBLE)
enum link_loss { LINK_LOSS_WORDS(WORD_CONSTANT) };

/* What became of a request: "it ..." */
#define OUTCOME_WORDS(X)                                                   \
    X(OUTCOME_OPEN, "unanswered", "was unanswered at the end", COLOR_LOAD) \
    X(OUTCOME_TIMED_OUT, "timed-out", "timed out", COLOR_TROUBLE)          \
    X(OUTCOME_FAILED, "failed",                                            \
      "failed: a wrong answer or a broken "                                \
      "connection",                                                        \
      COLOR_TROUBLE)                                                       \
    X(OUTCOME_COMPLETED, "completed", "was completed", COLOR_SENT)
enum outcome { OUTCOME_WORDS(WORD_CONSTANT) };

/* What is wrong with an answer: the client expected ..., and saw another. */
#define MISTAKE_WORDS(X)                                                      \
    X(MISTAKE_NONE, "right", "what it saw", COLOR_NONE)                       \
    X(MISTAKE_STATUS, "status", "another status", COLOR_TROUBLE)              \
    X(MISTAKE_LENGTH, "length", "a body of another length", COLOR_TROUBLE)    \
    X(MISTAKE_BYTE, "byte", "another byte", COLOR_TROUBLE)                    \
    X(MISTAKE_DIGEST, "digest", "a body with another SHA-256", COLOR_TROUBLE) \
    X(MISTAKE_FORM, "form", "an answer that is formed well", COLOR_TROUBLE)   \
    X(MISTAKE_EXTRA, "extra", "no more bytes", COLOR_TROUBLE)                 \
    X(MISTAKE_CLOSED, "closed", "more before the connection was closed",      \
      COLOR_TROUBLE)                                                          \
    X(MISTAKE_RESET, "reset", "more before the connection was reset",         \
      COLOR_TROUBLE)                                                          \
    X(MISTAKE_REFUSED, "refused", "a server at that port", COLOR_TROUBLE)     \
    X(MISTAKE_LATE, "late", "more within the timeout", COLOR_TROUBLE)
enum mistake { MISTAKE_WORDS(WORD_CONSTANT) };

/* What a cycle of a latency was spent on: "..."; docs/explain.md. */
#define LATENCY_PART_WORDS(X)                                               \
    /* The client's frame: sent until in the VM's queue. */                 \
    X(LATENCY_WIRE, "wire", "on the wire, to the VM", COLOR_NET)            \
    /* The VM waits to be admitted. */                                      \
    X(LATENCY_GATE, "gate", "at the gate", COLOR_GATE)                      \
    /* The VM is ready; another one runs. */                                \
    X(LATENCY_RUN_QUEUE, "run-queue", "in the run queue", COLOR_READY)      \
    /* The VM waits for a page. */                                          \
    X(LATENCY_PAGING, "paging", "waiting for a page", COLOR_PAGING)         \
    /* The VM runs, and has not taken the frame yet. */                     \
    X(LATENCY_BATCHING, "batching", "running, the packet not taken yet",    \
      COLOR_INTERRUPT)                                                      \
    /* The VM runs, and has taken the frame. */                             \
    X(LATENCY_HANDLER, "handler", "running, the packet taken", COLOR_GUEST) \
    /* The VM's frame: sent until the client has it. */                     \
    X(LATENCY_REPLY, "reply", "on the wire, to the client", COLOR_SENT)     \
    /* Nothing moves until a timer of either side ends. */                  \
    X(LATENCY_TIMERS, "timers", "waiting for a timer", COLOR_IDLE)
enum latency_part { LATENCY_PART_WORDS(WORD_CONSTANT) };

/* What events are about: "events of ..." */
#define TRACE_LAYER_WORDS(X)                                     \
    X(TRACE_CPU, "cpu", "the processor", COLOR_GUEST)            \
    X(TRACE_SCHED, "sched", "the scheduler", COLOR_SWITCH)       \
    X(TRACE_GATE, "gate", "the gate", COLOR_GATE)                \
    X(TRACE_MEMORY, "memory", "memory", COLOR_PAGING)            \
    X(TRACE_VIRQ, "virq", "virtual interrupts", COLOR_INTERRUPT) \
    X(TRACE_NET, "net", "the network", COLOR_NET)                \
    X(TRACE_DISK, "disk", "the disks", COLOR_DISK)               \
    X(TRACE_LOAD, "load", "the load", COLOR_LOAD)
enum trace_layer { TRACE_LAYER_WORDS(WORD_CONSTANT) };

/* "The run's guests are ..." */
#define GUESTS_WORDS(X)                                              \
    X(GUESTS_OTHER, "other", "not all reference guests", COLOR_NONE) \
    X(GUESTS_REFERENCE, "reference", "the reference guests", COLOR_NONE)
enum guests { GUESTS_WORDS(WORD_CONSTANT) };

/* What a window was: "it ..."; sim/steady/judge.h. */
#define STEADY_CLASS_WORDS(X)                                           \
    X(STEADY_FLAT, "flat", "is steady", COLOR_NONE)                     \
    X(STEADY_WARMUP, "warm-up", "begins with the end of the warm-up",   \
      COLOR_NONE)                                                       \
    X(STEADY_DRIFT, "drift", "goes one way", COLOR_NONE)                \
    X(STEADY_NONE, "no-steady-state", "is not of one kind", COLOR_NONE) \
    X(STEADY_UNKNOWN, "unknown", "is too short to be judged", COLOR_NONE)
enum steady_class { STEADY_CLASS_WORDS(WORD_CONSTANT) };

/* Of what one run's answers say: "the interval ..."; sim/steady/interval.h. */
#define INTERVAL_STATE_WORDS(X)                                                \
    X(INTERVAL_GIVEN, "given", "is known", COLOR_NONE)                         \
    X(INTERVAL_FEW, "few", "takes more answers", COLOR_NONE)                   \
    X(INTERVAL_DEPENDENT, "dependent",                                         \
      "is unknown, since batches of answers depend on each other", COLOR_NONE) \
    X(INTERVAL_UNSTEADY, "unsteady",                                           \
      "is unknown, since the window is not flat", COLOR_NONE)
enum interval_state { INTERVAL_STATE_WORDS(WORD_CONSTANT) };

/* L(enumeration's tag, stem of its list and its count, title) */
#define VOCABULARIES(L)                                      \
    L(vm_state, VM_STATE, "state of a VM")                   \
    L(refusal, REFUSAL, "refusal of a VM")                   \
    L(vm_end, VM_END, "end of a VM")                         \
    L(vm_wait, VM_WAIT, "wait of a PAGING VM")               \
    L(cpu_category, CPU_CATEGORY, "category of cycles")      \
    L(phase, PHASE, "phase of a run")                        \
    L(virq, VIRQ, "virtual interrupt")                       \
    L(pick, PICK, "reason to run")                           \
    L(ready_why, READY_WHY, "reason to be ready")            \
    L(policy_kind, POLICY_KIND, "kind of policy")            \
    L(wake_why, WAKE_WHY, "reason to wake")                  \
    L(cpu_exit_kind, CPU_EXIT_KIND, "exit of the processor") \
    L(virtual_insn, VI, "virtual instruction")               \
    L(cpu_access, CPU_ACCESS, "kind of access")              \
    L(eviction_why, EVICTION_WHY, "reason for an eviction")  \
    L(table_op, TABLE_OP, "change of a page table")          \
    L(disk_op, DISK_OP, "disk operation")                    \
    L(rx_drop, RX_DROP, "cause of a drop at a VM's queue")   \
    L(tx_drop, TX_DROP, "cause of a drop at the switch")     \
    L(link_loss, LINK_LOSS, "cause of a loss on the wire")   \
    L(outcome, OUTCOME, "outcome of a request")              \
    L(latency_part, LATENCY_PART, "part of a latency")       \
    L(mistake, MISTAKE, "mistake in an answer")              \
    L(trace_layer, TRACE_LAYER, "layer")                     \
    L(guests, GUESTS, "kind of guests")                      \
    L(steady_class, STEADY_CLASS, "class of a window")       \
    L(interval_state, INTERVAL_STATE, "state of an interval")

/* VM_STATE_COUNT and so on: no constants of their enumerations, so that a switch
   names the words and nothing else. */
#define WORD_ONE(constant, name, phrase, color) +1
#define L(tag, STEM, title)                     STEM##_COUNT = 0 STEM##_WORDS(WORD_ONE),
enum { VOCABULARIES(L) };
#undef L

#endif /* SIM_WORDS_H */
