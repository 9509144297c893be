/*
 * keys.h - every key a scenario knows, once: its kind, its limits, its default
 * and where it goes. Schema, defaults, checks, `--set` and saving all follow
 * these lists, by way of rules.h. For the files of this folder only.
 */
#ifndef SIM_SCENARIO_KEYS_H
#define SIM_SCENARIO_KEYS_H

#include "sim/limits.h"
#include "sim/scenario.h"

#define KIB    1024ull
#define MIB    (1024 * KIB)
#define GIB    (1024 * MIB)
#define SECOND 1000000000ull

#define TIME_LIMIT    (1000000 * SECOND) /* Times in cycles do not overflow. */
#define RAM_LIMIT     (1024 * GIB)
#define DISK_BYTES    (1024 * GIB)   /* Blocks are counted in 32 bits. */
#define PERIOD_MIN    (SECOND / 100) /* A snapshot says of 33 updates. */
#define PRIME_LIMIT   1000
#define SPINDLE_LIMIT 1024
#define ECHO_MOST     (16 * MIB)
#define SCRIPT_LENGTH 65536
#define NAME_LENGTH   (SCENARIO_NAME_BYTES - 1)
#define POLICY_LENGTH 288 /* A name, or a file. */
#define FRAMES_LIMIT  (SCENARIO_MEMORY_MAX / SCENARIO_PAGE_BYTES)

/*
 * X(key, kind, member, low, high, default, words). low and high are for
 * numbers, both inclusive; for text, high is its greatest length. A default
 * of NULL means that the key may be left out, and code knows what then. The
 * member of a SPECIAL key is not looked at.
 */
#define RUN_KEYS(X)                                                         \
    X(seed, WHOLE, seed, 0, INT64_MAX, "1", NULL)                           \
    X(boot, WORD, boot, 0, 0, "ideal", boot_words)                          \
    X(boot_instructions, WHOLE, boot_instructions, 0, INT64_MAX, "1000000", \
      NULL)                                                                 \
    X(warmup, SPAN, warmup_ns, 0, TIME_LIMIT, "auto", NULL)                 \
    X(warmup_max, TIME, warmup_max_ns, 0, TIME_LIMIT, "60s", NULL)          \
    X(duration, TIME, duration_ns, 1, TIME_LIMIT, "2s", NULL)               \
    X(drain, TIME, drain_ns, 0, TIME_LIMIT, "30s", NULL)                    \
    X(group, TEXT, run_group, 0, NAME_LENGTH, NULL, NULL)

#define MACHINE_KEYS(X)                                      \
    X(profile, SPECIAL, name, 0, 0, NULL, NULL)              \
    X(ram, SIZE, ram_bytes, 64 * KIB, RAM_LIMIT, NULL, NULL) \
    X(tx_ahead, WHOLE, tx_ahead, 1, 256, NULL, NULL)         \
    X(costs, TEXT, costs, 0, NAME_LENGTH, "unit", NULL)

#define KERNEL_KEYS(X)                                                       \
    X(preset, WORD, preset, 0, 0, "denali", preset_words)                    \
    X(gatekeeper, TEXT, gatekeeper, 0, POLICY_LENGTH, "fifo", NULL)          \
    X(scheduler, TEXT, scheduler, 0, POLICY_LENGTH, "round-robin", NULL)     \
    X(quantum, TIME, quantum_ns, 1, TIME_LIMIT, "10ms", NULL)                \
    X(interrupts, WORD, interrupts, 0, 0, "batched", interrupts_words)       \
    X(idle, WORD, idle, 0, 0, "timeout", idle_words)                         \
    X(nic, WORD, nic, 0, 0, "simple", nic_words)                             \
    X(page_tables, WORD, page_tables, 0, 0, "eager", page_tables_words)      \
    X(swap, WORD, swap, 0, 0, "sparse", swap_words)                          \
    X(replacement, TEXT, replacement, 0, POLICY_LENGTH, "wsclock", NULL)     \
    X(paging_block, SIZE, paging_block_bytes, 1, PAGING_BLOCK_LIMIT, "4KiB", \
      NULL)                                                                  \
    X(tau, TIME, tau_ns, 1, TIME_LIMIT, "100ms", NULL)                       \
    X(disk_queue, TEXT, disk_queue, 0, NAME_LENGTH, "elevator", NULL)        \
    X(receive, TEXT, receive, 0, NAME_LENGTH, "pool", NULL)                  \
    X(transmit, TEXT, transmit, 0, NAME_LENGTH, "round-robin", NULL)         \
    X(text, WORD, text, 0, 0, "shared", text_words)                          \
    X(min_free, SIZE, min_free_bytes, 0, RAM_LIMIT, "1MiB", NULL)            \
    X(lease, TIME, lease_ns, 1, TIME_LIMIT, "1s", NULL)                      \
    X(rx_queue, WHOLE, rx_queue, 1, 65536, "256", NULL)                      \
    X(tx_queue, WHOLE, tx_queue, 1, 65536, "64", NULL)                       \
    X(rx_pool, WHOLE, rx_pool, 1, 1u << 20, "16384", NULL)                   \
    X(major_frame, TIME, major_frame_ns, 1, TIME_LIMIT, NULL, NULL)          \
    X(padding, TIME, padding_ns, 1, TIME_LIMIT, NULL, NULL)

/* X(preset, mapping, key, value), for a key that is not given. `denali` says
   nothing. The mapping is kernel, or one that is resolved after it. */
#define PRESET_ROWS(X)                                  \
    X(PRESET_VMM, kernel, interrupts, "synchronous")    \
    X(PRESET_VMM, kernel, idle, "spin")                 \
    X(PRESET_VMM, kernel, nic, "pcnet32")               \
    X(PRESET_ISOLATED, kernel, scheduler, "entitled")   \
    X(PRESET_ISOLATED, kernel, gatekeeper, "reserved")  \
    X(PRESET_ISOLATED, kernel, replacement, "reserved") \
    X(PRESET_ISOLATED, kernel, receive, "by-source")    \
    X(PRESET_ISOLATED, kernel, transmit, "drr")         \
    X(PRESET_ISOLATED, kernel, disk_queue, "fair")      \
    X(PRESET_ISOLATED, vms, console, "1MiB")            \
    X(PRESET_PARTITIONED, kernel, major_frame, "20ms")  \
    X(PRESET_PARTITIONED, kernel, padding, "1ms")       \
    X(PRESET_PARTITIONED, vms, console, "1MiB")

#define VMS_KEYS(X)                                                         \
    X(name, TEXT, name, 0, NAME_LENGTH, NULL, NULL)                         \
    X(image, TEXT, image, 0, SCENARIO_PATH_LENGTH, NULL, NULL)              \
    X(count, WHOLE, count, 1, VM_LIMIT, "1", NULL)                          \
    X(memory, SIZE, memory_bytes, SCENARIO_MEMORY_MIN, SCENARIO_MEMORY_MAX, \
      "16MiB", NULL)                                                        \
    X(args, TEXT, args, 0, SCENARIO_ARGS_LENGTH, "", NULL)                  \
    X(verify, WORD, verify, 0, 0, "eager", verify_words)                    \
    X(expect, WORD, expect, 0, 0, "well", expect_words)                     \
    X(console, SIZE, console_bytes, 0, RAM_LIMIT, "0", NULL)                \
    X(frames, WHOLE, frames, 0, FRAMES_LIMIT, "0", NULL)                    \
    X(reserve, SIZE, reserve_bytes, 0, SCENARIO_MEMORY_MAX, "0", NULL)      \
    X(shares, WHOLE, shares, 1, SHARES_LIMIT, "100", NULL)                  \
    X(priority, WHOLE, priority, 0, PRIORITY_LIMIT, "0", NULL)              \
    X(slot, TIME, own.slot_ns, 1, TIME_LIMIT, NULL, NULL)                   \
    X(ram, SIZE, own.ram_bytes, 64 * KIB, RAM_LIMIT, NULL, NULL)            \
    X(link, BITRATE, own.link_bits, 1000, 1000000000000, NULL, NULL)        \
    X(spindles, WHOLE, own.spindles, 1, SPINDLE_LIMIT, NULL, NULL)          \
    X(channel, TEXT, channel, 0, NAME_LENGTH, NULL, NULL)

#define DISK_KEYS(X)                                                       \
    X(vms, SPECIAL, group, 0, 0, NULL, NULL)                               \
    X(size, SIZE, size_bytes, SCENARIO_PAGE_BYTES, DISK_BYTES, NULL, NULL) \
    X(file, TEXT, file, 0, SCENARIO_PATH_LENGTH, NULL, NULL)

#define EVENT_KEYS(X)                               \
    X(at, MOMENT, at_ns, 0, TIME_LIMIT, "0s", NULL) \
    X(create, SPECIAL, group, 0, 0, NULL, NULL)     \
    X(destroy, SPECIAL, group, 0, 0, NULL, NULL)    \
    X(count, WHOLE, count, 1, VM_LIMIT, "1", NULL)

#define LOAD_KEYS(X)                                                 \
    X(kind, WORD, kind, 0, 0, "http", kind_words)                    \
    X(target, SPECIAL, target, 0, 0, NULL, NULL)                     \
    X(zipf, REAL, zipf, 0, 10, "0", NULL)                            \
    X(rate, REAL, rate, 0, 1000000000, NULL, NULL)                   \
    X(clients, WHOLE, clients, 1, SCENARIO_CLIENT_LIMIT, NULL, NULL) \
    X(think, TIME, think_ns, 0, TIME_LIMIT, "0s", NULL)              \
    X(timeout, TIME, timeout_ns, 1, TIME_LIMIT, "5s", NULL)          \
    X(path, TEXT, path, 0, SCENARIO_PATH_LENGTH, "/", NULL)          \
    X(prime, WHOLE, prime, 0, PRIME_LIMIT, "0", NULL)                \
    X(keep_alive, WORD, keep_alive, 0, 0, "false", flag_words)       \
    X(start, MOMENT, start_ns, 0, TIME_LIMIT, "0s", NULL)            \
    X(until, MOMENT, until_ns, 0, TIME_LIMIT, NULL, NULL)            \
    X(file, TEXT, file, 0, SCENARIO_PATH_LENGTH, NULL, NULL)         \
    X(format, WORD, format, 0, 0, NULL, format_words)                \
    X(map, WORD, map, 0, 0, NULL, map_words)                         \
    X(speed, REAL, speed, 0, 1000000000, NULL, NULL)                 \
    X(spacing, TIME, spacing_ns, 1, TIME_LIMIT, NULL, NULL)          \
    X(players, WHOLE, players, 1, SCENARIO_PLAYER_LIMIT, NULL, NULL) \
    X(period, TIME, period_ns, PERIOD_MIN, TIME_LIMIT, NULL, NULL)   \
    X(size, SIZE, size, 1, ECHO_MOST, NULL, NULL)                    \
    X(transport, WORD, transport, 0, 0, NULL, transport_words)       \
    X(script, TEXT, script, 0, SCRIPT_LENGTH, NULL, NULL)            \
    X(port, WHOLE, port, 1, 65535, NULL, NULL)                       \
    X(read_rate, SIZE, read_rate, 1, GIB, NULL, NULL)                \
    X(receive_buffer, SIZE, receive_buffer, 1, 65535, NULL, NULL)    \
    X(zero_window, TIME, zero_window_ns, 1, TIME_LIMIT, NULL, NULL)  \
    X(half_close, WORD, half_close, 0, 0, "false", flag_words)       \
    X(arrivals, WORD, arrivals, 0, 0, NULL, arrivals_words)          \
    X(burst_time, TIME, burst_ns, 1, TIME_LIMIT, NULL, NULL)         \
    X(idle_time, TIME, idle_ns, 1, TIME_LIMIT, NULL, NULL)           \
    X(shape, REAL, shape, 1, 100, NULL, NULL)                        \
    X(peak, REAL, peak, 1, 1000000, NULL, NULL)                      \
    X(onset, TIME, onset_ns, 0, TIME_LIMIT, NULL, NULL)              \
    X(rise, TIME, rise_ns, 0, TIME_LIMIT, NULL, NULL)                \
    X(hold, TIME, hold_ns, 1, TIME_LIMIT, NULL, NULL)                \
    X(decay, TIME, decay_ns, 0, TIME_LIMIT, NULL, NULL)              \
    X(crowd, WORD, crowd, 0, 0, NULL, crowd_words)

#define LINK_KEYS(X)                                                        \
    X(bandwidth, BITRATE, bits_per_second, 1000, 1000000000000, NULL, NULL) \
    X(latency, TIME, latency_ns, 1, 10 * SECOND, NULL, NULL)                \
    X(loss, FRACTION, loss_ppm, 0, 1000000, "0", NULL)                      \
    X(reorder, FRACTION, reorder_ppm, 0, 1000000, "0", NULL)                \
    X(duplicate, FRACTION, duplicate_ppm, 0, 1000000, "0", NULL)

#endif /* SIM_SCENARIO_KEYS_H */
