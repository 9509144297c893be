/*
 * list.h - every figure of a report, once: where it is counted, its unit, what
 * it covers, its names and its sentence. Members of struct stats, the JSON
 * report, the page's tables, the columns of a sweep's database, what `compare`,
 * `capacity`, `plot` and `paper` look at, `iksim figures` and the tables of
 * docs/report.md follow from these rows.
 *
 * A row is
 *
 *   X(at, SECTION, NAME, member, STORAGE, UNIT, SCOPE, label, short, sentence)
 *
 * SECTION_NAME is the figure's constant (figures.h). `at.member`, with the
 * unit's suffix, is its path in the JSON, and with NUMBER or DISTRIBUTION also
 * its member in struct stats. Rows stand in the order of the JSON. The label is
 * what people read; the short name (NULL: there is none) is what they may write
 * instead of the path, and puts the figure into the table of `compare`.
 *
 * A new figure is a row, and the line that counts it. STORAGE is
 *
 *   NUMBER        a uint64_t;
 *   SPLIT         an element of an array by enum cpu_category, whose times are
 *                 rounded so that they sum to the whole;
 *   DISTRIBUTION  a struct histogram, of which mean, percentiles and maximum
 *                 are figures (its short name is PARTS when those are short
 *                 names, else NONE);
 *   BRIEF         the same with fewer percentiles;
 *   COMPUTED      nothing: a case of compute() in values.c reckons it.
 */
#ifndef SIM_REPORT_LIST_H
#define SIM_REPORT_LIST_H

/* ---- Kinds -------------------------------------------------------------- */

/* X(unit, in words) */
#define FIGURE_UNITS(X)            \
    X(COUNT, "")                   \
    X(BYTES, "bytes")              \
    X(FRAMES, "frames")            \
    X(PACKETS, "packets")          \
    X(NS, "ns")                    \
    X(PER_SECOND, "1/s")           \
    X(SHARE, "0 to 1")             \
    X(INDEX, "0 to 1")             \
    X(AVERAGE, "on average")       \
    X(SECONDS, "s")                \
    X(MILLIONS_A_SECOND, "10^6/s") \
    X(KIB, "KiB")

/* The unit at the end of a path. */
#define FIGURE_SUFFIX_COUNT             ""
#define FIGURE_SUFFIX_BYTES             ""
#define FIGURE_SUFFIX_FRAMES            ""
#define FIGURE_SUFFIX_PACKETS           ""
#define FIGURE_SUFFIX_NS                "_ns"
#define FIGURE_SUFFIX_PER_SECOND        "_rps"
#define FIGURE_SUFFIX_SHARE             ""
#define FIGURE_SUFFIX_INDEX             ""
#define FIGURE_SUFFIX_AVERAGE           ""
#define FIGURE_SUFFIX_SECONDS           "_s"
#define FIGURE_SUFFIX_MILLIONS_A_SECOND ""
#define FIGURE_SUFFIX_KIB               ""

/* X(scope, in words) */
#define FIGURE_SCOPES(X) \
    X(ALWAYS, "")        \
    X(WINDOW, "window")  \
    X(RUN, "run")        \
    X(DUE, "due")        \
    X(WINDOW_AND_DRAIN, "window and drain")

/* The parts of a distribution: X(PART, key, short name, per mille, ...) */
#define FIGURE_MEAN(X, ...) X(MEAN, "mean", "mean", 0, __VA_ARGS__)
#define FIGURE_P50(X, ...)  X(P50, "p50", "p50", 500, __VA_ARGS__)
#define FIGURE_P90(X, ...)  X(P90, "p90", "p90", 900, __VA_ARGS__)
#define FIGURE_P99(X, ...)  X(P99, "p99", "p99", 990, __VA_ARGS__)
#define FIGURE_P999(X, ...) X(P999, "p999", "p99.9", 999, __VA_ARGS__)
#define FIGURE_MAX(X, ...)  X(MAX, "max", NULL, 1000, __VA_ARGS__)
#define FIGURE_PARTS(X, ...)    \
    FIGURE_MEAN(X, __VA_ARGS__) \
    FIGURE_P50(X, __VA_ARGS__)  \
    FIGURE_P90(X, __VA_ARGS__)  \
    FIGURE_P99(X, __VA_ARGS__)  \
    FIGURE_P999(X, __VA_ARGS__) FIGURE_MAX(X, __VA_ARGS__)
#define FIGURE_BRIEF_PARTS(X, ...) \
    FIGURE_MEAN(X, __VA_ARGS__)    \
    FIGURE_P50(X, __VA_ARGS__)     \
    FIGURE_P99(X, __VA_ARGS__) FIGURE_MAX(X, __VA_ARGS__)

/*
 * X(SECTION, title): in the order in which people read them; sections of one
 * title share it. NULL: they stand on no page.
 */
#define FIGURE_SECTIONS(X)                \
    X(LOAD, "Requests")                   \
    X(INTERVAL, "Requests")               \
    X(CPU, "Processor")                   \
    X(SCHED, "Scheduler")                 \
    X(GATE, "Gate")                       \
    X(MEMORY, "Memory")                   \
    X(VIRQ, "Virtual interrupts")         \
    X(NET, "Network")                     \
    X(NET_DROPS, "Network")               \
    X(DISK, "Disks")                      \
    X(TCP_CLIENTS, "TCP, drain included") \
    X(TCP_GUESTS, "TCP, drain included")  \
    X(FAIRNESS, "Fairness")               \
    X(CPU_WHOLE, "Processor, whole run")  \
    X(GUEST, "Guests, whole run")         \
    X(VMS, "VMs, whole run")              \
    X(STEADY, "Steady")                   \
    X(MEASURED, NULL)                     \
    X(GROUP, NULL)                        \
    X(HOST, NULL)

/* ---- Rows --------------------------------------------------------------- */

#define MEASURED_FIGURES(X, at, S)                                           \
    X(at, S, LENGTH, virtual, COMPUTED, NS, WINDOW, "measured window", NULL, \
      "the window's length; shorter than asked for when the run was cut "    \
      "short")                                                               \
    X(at, S, WARMUP, warmup, COMPUTED, NS, RUN, "warm-up", NULL,             \
      "how long the load ran before the window began; with "                 \
      "`run.warmup: auto` as long as it took")

#define GUEST_FIGURES(X, at, S)                                              \
    X(at, S, INSTRUCTIONS, instructions, NUMBER, COUNT, RUN, "instructions", \
      NULL, "retired by all VMs")                                            \
    X(at, S, BLOCKS, blocks, NUMBER, COUNT, RUN, "blocks", NULL,             \
      "basic blocks that VMs ran")

#define VMS_FIGURES(X, at, S)                                                \
    X(at, S, CREATED, created, NUMBER, COUNT, RUN, "created", NULL,          \
      "VMs that existed at any time")                                        \
    X(at, S, TERMINATED, terminated, NUMBER, COUNT, RUN, "terminated", NULL, \
      "VMs that ended by themselves, with whatever exit code")               \
    X(at, S, FAILED, failed, NUMBER, COUNT, RUN, "VMs failed", NULL,         \
      "VMs that ended by themselves with an exit code other than 0; the "    \
      "table names them")                                                    \
    X(at, S, FAULTED, faulted, NUMBER, COUNT, RUN, "faulted", NULL,          \
      "VMs that a fault ended; the table names them, and their faults")      \
    X(at, S, REFUSED_BY_ENGINE, refused_by_engine, NUMBER, COUNT, RUN,       \
      "refused by the engine", NULL,                                         \
      "those of them that came to a block which the engine does not survive")

/* In the order of enum cpu_category, and called by its words. */
#define CPU_FIGURES(X, at, S, SCOPE)                                        \
    X(at, S, GUEST, guest, SPLIT, NS, SCOPE, "guest", NULL,                 \
      "guests' instructions")                                               \
    X(at, S, SWITCH, switch, SPLIT, NS, SCOPE, "switch", NULL,              \
      "loading address spaces, and what is not in the caches after that "   \
      "or after an idle")                                                   \
    X(at, S, INTERRUPT, interrupt, SPLIT, NS, SCOPE, "interrupt", NULL,     \
      "the card's and the timer's interrupts, packets in the switch, ends " \
      "of quanta, traps, deliveries to VMs")                                \
    X(at, S, PAGING, paging, SPLIT, NS, SCOPE, "paging", NULL,              \
      "page faults, filling pages, page tables")                            \
    X(at, S, PIO, pio, SPLIT, NS, SCOPE, "pio", NULL,                       \
      "programmed I/O: virtual instructions, and what they copy")           \
    X(at, S, IDLE, idle, SPLIT, NS, SCOPE, "idle", NULL, "no VM could run")

#define LOAD_FIGURES(X, at, S)                                                 \
    X(at, S, SENT, sent, NUMBER, COUNT, DUE, "sent", NULL,                     \
      "requests that were due in the window; of a load of kind `each` those "  \
      "due after it, too")                                                     \
    X(at, S, COMPLETED, completed, NUMBER, COUNT, DUE, "completed", NULL,      \
      "requests answered in time and right to the last byte")                  \
    X(at, S, TIMED_OUT, timed_out, NUMBER, COUNT, DUE, "timed out",            \
      "timed_out", "requests not answered within `timeout`")                   \
    X(at, S, FAILED, failed, NUMBER, COUNT, DUE, "failed", "failed",           \
      "requests answered wrongly (a status, a header or a byte), cut off, or " \
      "refused")                                                               \
    X(at, S, UNANSWERED, unanswered, NUMBER, COUNT, DUE, "unanswered",         \
      "unanswered",                                                            \
      "requests neither answered nor given up when the drain ended")           \
    X(at, S, LATENCY, latency, DISTRIBUTION, NS, DUE, "latency", PARTS,        \
      "from when a completed request was due to the arrival of its answer's "  \
      "last byte")                                                             \
    X(at, S, OFFERED, offered, COMPUTED, PER_SECOND, WINDOW, "offered",        \
      "offered",                                                               \
      "requests that became due in the window, divided by `virtual_ns`")       \
    X(at, S, ANSWERED, answered, COMPUTED, PER_SECOND, WINDOW, "answered",     \
      "answered",                                                              \
      "right answers that arrived in the window, whenever their requests "     \
      "were due, divided by `virtual_ns`")                                     \
    X(at, S, OPEN_BEFORE, open_before, NUMBER, COUNT, WINDOW, "open before",   \
      NULL, "requests that were open when the window began")                   \
    X(at, S, OPEN, open, NUMBER, COUNT, WINDOW, "open", "open",                \
      "requests that were open when the window ended: due by then, and "       \
      "neither answered nor given up")                                         \
    X(at, S, BYTES, bytes, NUMBER, BYTES, WINDOW, "bytes", NULL,               \
      "bodies of the answers that arrived in the window; of datagrams that "   \
      "nobody answers, payloads that VMs took")                                \
    X(at, S, SNAPSHOTS, snapshots, NUMBER, COUNT, WINDOW, "snapshots", NULL,   \
      "snapshots of game servers that arrived and were right, but for those "  \
      "that a later snapshot overtook")                                        \
    X(at, S, UPDATES, updates, COMPUTED, PER_SECOND, WINDOW, "updates", NULL,  \
      "snapshots a second of one game server, to all its players together: "   \
      "`snapshots` divided by `virtual_ns` and by the number of servers that " \
      "are played on")                                                         \
    X(at, S, RETRANSMITS, retransmits, NUMBER, COUNT, DUE, "retransmits",      \
      NULL, "TCP segments that clients retransmitted for requests")

/* What one run says of its percentiles; sim/steady/interval.h. */
#define INTERVAL_FIGURES(X, at, S)                                            \
    X(at, S, P50_LOW, p50_low, COMPUTED, NS, DUE, "p50, 95 % from", NULL,     \
      "the interval of `latency_ns.p50`, from batches of the window's "       \
      "answers; 0: `states` says why there is none")                          \
    X(at, S, P50_HIGH, p50_high, COMPUTED, NS, DUE, "p50, to", NULL,          \
      "its other end")                                                        \
    X(at, S, P50_TAKES, p50_takes, COMPUTED, COUNT, DUE, "p50, takes", NULL,  \
      "so many answers, as dependent on each other as these, would give the " \
      "interval; 0: these are enough")                                        \
    X(at, S, P90_LOW, p90_low, COMPUTED, NS, DUE, "p90, 95 % from", NULL,     \
      "the interval of `latency_ns.p90`, from batches of the window's "       \
      "answers; 0: `states` says why there is none")                          \
    X(at, S, P90_HIGH, p90_high, COMPUTED, NS, DUE, "p90, to", NULL,          \
      "its other end")                                                        \
    X(at, S, P90_TAKES, p90_takes, COMPUTED, COUNT, DUE, "p90, takes", NULL,  \
      "so many answers, as dependent on each other as these, would give the " \
      "interval; 0: these are enough")                                        \
    X(at, S, P99_LOW, p99_low, COMPUTED, NS, DUE, "p99, 95 % from", NULL,     \
      "the interval of `latency_ns.p99`, from batches of the window's "       \
      "answers; 0: `states` says why there is none")                          \
    X(at, S, P99_HIGH, p99_high, COMPUTED, NS, DUE, "p99, to", NULL,          \
      "its other end")                                                        \
    X(at, S, P99_TAKES, p99_takes, COMPUTED, COUNT, DUE, "p99, takes", NULL,  \
      "so many answers, as dependent on each other as these, would give the " \
      "interval; 0: these are enough")                                        \
    X(at, S, P999_LOW, p999_low, COMPUTED, NS, DUE, "p99.9, 95 % from", NULL, \
      "the interval of `latency_ns.p999`, from batches of the window's "      \
      "answers; 0: `states` says why there is none")                          \
    X(at, S, P999_HIGH, p999_high, COMPUTED, NS, DUE, "p99.9, to", NULL,      \
      "its other end")                                                        \
    X(at, S, P999_TAKES, p999_takes, COMPUTED, COUNT, DUE, "p99.9, takes",    \
      NULL,                                                                   \
      "so many answers, as dependent on each other as these, would give the " \
      "interval; 0: these are enough")

#define SCHED_FIGURES(X, at, S)                                              \
    X(at, S, SWITCHES, switches, NUMBER, COUNT, WINDOW, "switches",          \
      "switches", "address spaces loaded; none when the same VM runs again") \
    X(at, S, PREEMPTIONS, preemptions, NUMBER, COUNT, WINDOW, "preemptions", \
      NULL, "quanta that were used up")                                      \
    X(at, S, WAKE_PREEMPTIONS, wake_preemptions, NUMBER, COUNT, WINDOW,      \
      "wake preemptions", NULL,                                              \
      "VMs that made room for one that became ready (`mlfq`, `fair`)")       \
    X(at, S, IDLES, idles, NUMBER, COUNT, WINDOW, "idles", NULL,             \
      "`idle` instructions that gave the processor up")                      \
    X(at, S, BOOSTS, boosts, NUMBER, COUNT, WINDOW, "boosts", NULL,          \
      "dispatches of a VM that went first because it had idled early")       \
    X(at, S, SUMMONS, summons, NUMBER, COUNT, WINDOW, "summons", NULL,       \
      "switches to a VM at once for its interrupt, unless `interrupts: "     \
      "batched`")

#define GATE_FIGURES(X, at, S)                                               \
    X(at, S, ADMISSIONS, admissions, NUMBER, COUNT, WINDOW, "admissions",    \
      NULL, "VMs that the gate let in")                                      \
    X(at, S, MAX_WAITING, max_waiting, NUMBER, COUNT, WINDOW, "max waiting", \
      NULL, "most VMs at the gate at one time, as seen at each arrival")     \
    X(at, S, WAIT, wait, DISTRIBUTION, NS, WINDOW, "wait", NONE,             \
      "from a VM's arrival at the gate to its admission")

#define MEMORY_FIGURES(X, at, S)                                             \
    X(at, S, FRAMES, frames, NUMBER, FRAMES, ALWAYS, "frames", NULL,         \
      "the machine's RAM")                                                   \
    X(at, S, RESIDENT_PEAK, resident_peak, NUMBER, FRAMES, RUN,              \
      "resident peak", NULL,                                                 \
      "most frames in use at one time, for guests' pages, page tables, and " \
      "the kernel")                                                          \
    X(at, S, FAULTS, faults, NUMBER, COUNT, WINDOW, "page faults", "faults", \
      "page faults, with those that end a VM")                               \
    X(at, S, ZERO_FILLS, zero_fills, NUMBER, COUNT, WINDOW, "zero fills",    \
      NULL,                                                                  \
      "pages brought in that are not from the image: zeros, and register "   \
      "pages")                                                               \
    X(at, S, PAGE_INS, page_ins, NUMBER, COUNT, WINDOW, "page-ins", NULL,    \
      "pages read from a disk")                                              \
    X(at, S, PAGE_OUTS, page_outs, NUMBER, COUNT, WINDOW, "page-outs", NULL, \
      "pages written to a disk")                                             \
    X(at, S, TABLE_FRAMES, table_frames, NUMBER, FRAMES, RUN, "page tables", \
      NULL,                                                                  \
      "most frames in use for page tables at one time, which are part "      \
      "of `resident_peak_frames`")

#define VIRQ_FIGURES(X, at, S)                                                \
    X(at, S, RAISED, raised, NUMBER, COUNT, WINDOW, "raised", NULL,           \
      "interrupts for VMs, of all kinds")                                     \
    X(at, S, COALESCED, coalesced, NUMBER, COUNT, WINDOW, "coalesced", NULL,  \
      "interrupts raised when one of their kind was pending already")         \
    X(at, S, DELIVERIES, deliveries, NUMBER, COUNT, WINDOW, "deliveries",     \
      NULL, "entries of guests' handlers; one may deliver several kinds")     \
    X(at, S, BATCH, batch, BRIEF, PACKETS, WINDOW, "batch", NONE,             \
      "packets in the receive queue at a delivery that is about packets; no " \
      "`p90`, no `p999`")                                                     \
    X(at, S, DELAY, delay, DISTRIBUTION, NS, WINDOW, "delay", NONE,           \
      "from an interrupt's first raise to its delivery")

#define NET_FIGURES(X, at, S)                                             \
    X(at, S, RX_PACKETS, rx_packets, NUMBER, COUNT, WINDOW, "rx packets", \
      NULL,                                                               \
      "packets put into a VM's receive queue, from outside or another "   \
      "VM")                                                               \
    X(at, S, RX_DROPS, rx_drops, NUMBER, COUNT, WINDOW, "rx drops", NULL, \
      "packets for VMs that were not put into a receive queue")           \
    X(at, S, TX_PACKETS, tx_packets, NUMBER, COUNT, WINDOW, "tx packets", \
      NULL, "packets that the switch took from VMs")                      \
    X(at, S, TX_DROPS, tx_drops, NUMBER, COUNT, WINDOW, "tx drops", NULL, \
      "packets that the switch refused: the source address was not the "  \
      "sender's, or no VM had the destination address")                   \
    X(at, S, LOCAL_PACKETS, local_packets, NUMBER, COUNT, WINDOW,         \
      "local packets", NULL, "of `tx_packets`, those to another VM")      \
    X(at, S, RX_BYTES, rx_bytes, NUMBER, BYTES, WINDOW, "rx bytes", NULL, \
      "bytes of `rx_packets`, as whole Ethernet frames")                  \
    X(at, S, TX_BYTES, tx_bytes, NUMBER, BYTES, WINDOW, "tx bytes", NULL, \
      "bytes of `tx_packets`, as whole Ethernet frames")                  \
    X(at, S, INTERRUPTS, interrupts, NUMBER, COUNT, WINDOW, "interrupts", \
      NULL, "interrupts of the physical card")

#define NET_DROPS_FIGURES(X, at, S)                                          \
    X(at, S, VM_FULL, vm_full, NUMBER, COUNT, WINDOW,                        \
      "rx drops: VM's queue full", NULL,                                     \
      "the VM's queue was full (`kernel.rx_queue`)")                         \
    X(at, S, POOL_FULL, pool_full, NUMBER, COUNT, WINDOW,                    \
      "rx drops: pool full", NULL,                                           \
      "all queues together were full, but for the allotments of other VMs "  \
      "(`kernel.rx_pool`)")                                                  \
    X(at, S, NO_VM, no_vm, NUMBER, COUNT, WINDOW, "rx drops: no such VM",    \
      NULL, "to an address without a living VM")                             \
    X(at, S, OVERRUN, overrun, NUMBER, COUNT, RUN, "rx drops: card overrun", \
      NULL,                                                                  \
      "the card's ring was full; not in `rx_drops`, since no VM was looked " \
      "for")

#define DISK_FIGURES(X, at, S)                                                 \
    X(at, S, READS, reads, NUMBER, COUNT, WINDOW, "reads", NULL,               \
      "requests for blocks")                                                   \
    X(at, S, WRITES, writes, NUMBER, COUNT, WINDOW, "writes", NULL,            \
      "requests to write blocks")                                              \
    X(at, S, BUSY, busy, NUMBER, NS, WINDOW, "busy", NULL,                     \
      "time that disks were busy, all spindles together")                      \
    X(at, S, UTILISATION, utilisation, COMPUTED, SHARE, WINDOW, "utilisation", \
      NULL, "`busy_ns` as a share of the time of all spindles")

#define FAIRNESS_FIGURES(X, at, S)                                         \
    X(at, S, CPU, cpu, COMPUTED, INDEX, WINDOW, "cpu", "fairness",         \
      "Jain's index of the processor time that VMs got (docs/compare.md)") \
    X(at, S, ANSWERED, answered, COMPUTED, INDEX, DUE, "answered",         \
      "fair_answered",                                                     \
      "Jain's index of `completed` by `sent`, over VMs that "              \
      "were asked")                                                        \
    X(at, S, LATENCY, latency, COMPUTED, INDEX, DUE, "latency",            \
      "fair_latency",                                                      \
      "Jain's index of mean latencies, over VMs that answered")

#define TCP_CLIENTS_FIGURES(X, at, S)                                        \
    X(at, S, SRTT, srtt, DISTRIBUTION, NS, WINDOW_AND_DRAIN, "clients: RTT", \
      NONE,                                                                  \
      "the smoothed round trip (RFC 6298) after each of the clients' "       \
      "measurements")                                                        \
    X(at, S, RTO, rto, DISTRIBUTION, NS, WINDOW_AND_DRAIN, "clients: RTO",   \
      NONE,                                                                  \
      "the retransmission timeouts that ran out, each as long as it was "    \
      "(at least 1 s)")                                                      \
    X(at, S, TIMEOUTS, timeouts, NUMBER, COUNT, WINDOW_AND_DRAIN,            \
      "clients: timeouts", NULL,                                             \
      "retransmission timeouts that ran out, probes of a closed window "     \
      "included")                                                            \
    X(at, S, RETRANSMITS, retransmits, NUMBER, COUNT, WINDOW_AND_DRAIN,      \
      "clients: retransmits", NULL,                                          \
      "segments that clients retransmitted: SYN, FIN and data")              \
    X(at, S, SPURIOUS, spurious, NUMBER, COUNT, WINDOW_AND_DRAIN,            \
      "clients: spurious", NULL,                                             \
      "segments that clients retransmitted and that came to a VM's receive " \
      "queue when all their sequence numbers had been put there before")

#define TCP_GUESTS_FIGURES(X, at, S)                                           \
    X(at, S, SRTT, srtt, DISTRIBUTION, NS, WINDOW_AND_DRAIN, "guests: RTT",    \
      NONE,                                                                    \
      "the smoothed round trip of guests after each measurement, as seen "     \
      "from outside: see below")                                               \
    X(at, S, SILENCE, silence, DISTRIBUTION, NS, WINDOW_AND_DRAIN,             \
      "guests: silence", NONE,                                                 \
      "before a guest retransmits: the time since it last sent anything with " \
      "sequence numbers on the connection; a timeout that ran out, or near 0 " \
      "when it answered a repeated SYN or retransmitted several segments")     \
    X(at, S, RETRANSMITS, retransmits, NUMBER, COUNT, WINDOW_AND_DRAIN,        \
      "guests: retransmits", NULL,                                             \
      "segments with sequence numbers that begin before the end of what the "  \
      "guest had sent on the connection")                                      \
    X(at, S, SPURIOUS, spurious, NUMBER, COUNT, WINDOW_AND_DRAIN,              \
      "guests: spurious", NULL,                                                \
      "segments that guests retransmitted and that came to a client that had " \
      "all of their sequence numbers already")

/* What is asked whether the window was steady; sim/steady/judge.h. */
#define STEADY_FIGURES(X, at, S)                                             \
    X(at, S, CUT, cut, COMPUTED, NS, WINDOW, "cut", NULL,                    \
      "of class `warm-up`: how much of the window's beginning differs from " \
      "the rest, which is flat; else 0")                                     \
    X(at, S, LATENCY_1, latency_1, COMPUTED, NS, DUE, "latency, 1st half",   \
      NULL, "mean latency of the requests due in the first half")            \
    X(at, S, LATENCY_2, latency_2, COMPUTED, NS, DUE, "latency, 2nd half",   \
      NULL, "and in the second")                                             \
    X(at, S, FAULTS_1, faults_1, COMPUTED, PER_SECOND, WINDOW,               \
      "page faults, 1st half", NULL, "page faults in the first half")        \
    X(at, S, FAULTS_2, faults_2, COMPUTED, PER_SECOND, WINDOW,               \
      "page faults, 2nd half", NULL, "and in the second")                    \
    X(at, S, OPEN_1, open_1, COMPUTED, AVERAGE, WINDOW, "open, 1st half",    \
      NULL, "requests that were open in the first half")                     \
    X(at, S, OPEN_2, open_2, COMPUTED, AVERAGE, WINDOW, "open, 2nd half",    \
      NULL, "and in the second")                                             \
    X(at, S, WAITING_1, waiting_1, COMPUTED, AVERAGE, WINDOW,                \
      "at the gate, 1st half", NULL,                                         \
      "VMs that waited at the gate in the first half")                       \
    X(at, S, WAITING_2, waiting_2, COMPUTED, AVERAGE, WINDOW,                \
      "at the gate, 2nd half", NULL, "and in the second")

/* Of each group of VMs; members of struct group_figures. */
#define GROUP_FIGURES(X, at, S)                                           \
    X(at, S, VMS, vms, NUMBER, COUNT, RUN, "VMs", NULL,                   \
      "VMs of the group that existed at any time")                        \
    X(at, S, SHARES, shares, NUMBER, COUNT, ALWAYS, "shares", NULL,       \
      "shares of each VM of the group")                                   \
    X(at, S, CPU, cpu, NUMBER, NS, WINDOW, "cpu", NULL,                   \
      "processor time of all kinds charged to the group's VMs")           \
    X(at, S, LEAST_CPU, least_cpu, NUMBER, NS, WINDOW, "least cpu", NULL, \
      "processor time of the group's VM that got least")                  \
    X(at, S, SENT, sent, NUMBER, COUNT, DUE, "sent", NULL,                \
      "requests to the group's VMs")                                      \
    X(at, S, COMPLETED, completed, NUMBER, COUNT, DUE, "completed", NULL, \
      "requests to the group's VMs answered in time and right")

/* What depends on the host. */
#define HOST_FIGURES(X, at, S)                                           \
    X(at, S, WALL, wall, COMPUTED, SECONDS, RUN, "wall", NULL,           \
      "from the call to the report, the reading of images included")     \
    X(at, S, MIPS, mips, COMPUTED, MILLIONS_A_SECOND, RUN, "mips", NULL, \
      "`guest.instructions` divided by `wall_s`")                        \
    X(at, S, MAX_RSS, max_rss_kib, COMPUTED, KIB, RUN, "memory", NULL,   \
      "most memory of the process")                                      \
    X(at, S, REPEATS, repeats, COMPUTED, COUNT, RUN, "repeats", NULL,    \
      "times that the engine did not survive a block, and the run was "  \
      "begun anew without it")

/* All rows: X of those of the run, G of those of each group. */
#define FIGURES(X, G)                                      \
    MEASURED_FIGURES(X, , MEASURED)                        \
    GUEST_FIGURES(X, guest, GUEST)                         \
    VMS_FIGURES(X, vms, VMS)                               \
    CPU_FIGURES(X, cpu, CPU, WINDOW)                       \
    LOAD_FIGURES(X, load, LOAD)                            \
    INTERVAL_FIGURES(X, load.interval, INTERVAL)           \
    SCHED_FIGURES(X, sched, SCHED)                         \
    GATE_FIGURES(X, gate, GATE)                            \
    MEMORY_FIGURES(X, memory, MEMORY)                      \
    VIRQ_FIGURES(X, virq, VIRQ)                            \
    NET_FIGURES(X, net, NET)                               \
    NET_DROPS_FIGURES(X, net.rx_drops_by_cause, NET_DROPS) \
    DISK_FIGURES(X, disk, DISK)                            \
    CPU_FIGURES(X, cpu_whole, CPU_WHOLE, RUN)              \
    FAIRNESS_FIGURES(X, fairness, FAIRNESS)                \
    TCP_CLIENTS_FIGURES(X, tcp.clients, TCP_CLIENTS)       \
    TCP_GUESTS_FIGURES(X, tcp.guests, TCP_GUESTS)          \
    STEADY_FIGURES(X, steady, STEADY)                      \
    GROUP_FIGURES(G, groups[], GROUP)                      \
    HOST_FIGURES(X, host, HOST)

/* ---- Members of structs that count -------------------------------------- */

/* FIGURE_MEMBERS(LOAD_FIGURES) are the members for those rows. */
#define FIGURE_MEMBERS(ROWS) ROWS(FIGURE_MEMBER, , )
#define FIGURE_MEMBER(at, S, NAME, member, STORAGE, ...) \
    FIGURE_MEMBER_##STORAGE(member)
#define FIGURE_MEMBER_NUMBER(member)       uint64_t member;
#define FIGURE_MEMBER_DISTRIBUTION(member) struct histogram member;
#define FIGURE_MEMBER_BRIEF(member)        struct histogram member;
#define FIGURE_MEMBER_COMPUTED(member)

#endif /* SIM_REPORT_LIST_H */
