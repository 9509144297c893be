/*
 * pcap.h - Ethernet frames in a capture file that tshark reads, stamped with
 * virtual time in nanoseconds since the machine was switched on.
 */
#ifndef SIM_PCAP_H
#define SIM_PCAP_H

#include "sim/base.h"

struct pcap_writer; /* Opaque: libpcap's. */

/* Makes the file. NULL: errno says why not. */
struct pcap_writer *pcap_writer_open(const char *path, uint64_t cpu_hz);

/* Writes a frame at cycle `now`. After a failed write nothing more is
   written. */
void pcap_writer_put(struct pcap_writer *w, uint64_t now, const uint8_t *bytes,
                     uint32_t length_bytes);

/* Whether a frame could not be written. */
bool pcap_writer_has_failed(const struct pcap_writer *w);

/* Frees the writer. False: errno says why a frame could not be written. */
SIM_MUST_USE bool pcap_writer_close(struct pcap_writer *w);

#endif /* SIM_PCAP_H */
