/* pcap.c - see pcap.h. libpcap is used here only. */
#define _DEFAULT_SOURCE /* libpcap's u_char, struct timeval */
#include "sim/devices/pcap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <pcap/pcap.h>

#include "sim/devices/machine.h"
#include "sim/devices/packet.h"

#define SIM_MAY_ALLOCATE
#include "sim/banned.h"

#define NS_PER_SECOND 1000000000u

struct pcap_writer {
    uint64_t cpu_hz;
    FILE *file;            /* Owned through `dumper`. */
    pcap_t *format;        /* Owned. */
    pcap_dumper_t *dumper; /* Owned. */
    int failure;           /* errno of the first failed write, or 0. */
};

struct pcap_writer *pcap_writer_open(const char *path, uint64_t cpu_hz)
{
    FILE *file = fopen(path, "wb");
    if (!file) {
        return NULL;
    }
    struct pcap_writer *w = calloc(1, sizeof(*w));
    if (!w) {
        fclose(file);
        errno = ENOMEM;
        return NULL;
    }
    w->cpu_hz = cpu_hz;
    w->file = file;
    w->format = pcap_open_dead_with_tstamp_precision(
        DLT_EN10MB, PACKET_MAX_BYTES, PCAP_TSTAMP_PRECISION_NANO);
    SIM_ASSERT(w->format);
    errno = 0;
    w->dumper = pcap_dump_fopen(w->format, file);
    if (!w->dumper) {
        /* libpcap could not write the head, and has closed the file. */
        int failure = errno;
        pcap_close(w->format);
        free(w);
        errno = failure;
        return NULL;
    }
    return w;
}

void pcap_writer_put(struct pcap_writer *w, uint64_t now, const uint8_t *bytes,
                     uint32_t length_bytes)
{
    if (w->failure) {
        return;
    }
    uint64_t ns = ns_from_cycles(now, w->cpu_hz);
    struct pcap_pkthdr head = { .caplen = length_bytes, .len = length_bytes };
    head.ts.tv_sec = (time_t)(ns / NS_PER_SECOND);
    /* Nanoseconds, in a file of that precision. */
    head.ts.tv_usec = (suseconds_t)(ns % NS_PER_SECOND);
    errno = 0;
    pcap_dump((unsigned char *)w->dumper, &head, bytes);
    if (ferror(w->file)) {
        w->failure = errno ? errno : EIO;
    }
}

bool pcap_writer_has_failed(const struct pcap_writer *w)
{
    return w->failure != 0;
}

bool pcap_writer_close(struct pcap_writer *w)
{
    errno = 0;
    if (pcap_dump_flush(w->dumper) != 0 && !w->failure) {
        w->failure = errno ? errno : EIO;
    }
    int failure = w->failure;
    pcap_dump_close(w->dumper);
    pcap_close(w->format);
    free(w);
    errno = failure;
    return failure == 0;
}
