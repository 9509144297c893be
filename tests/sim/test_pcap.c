/* test_pcap.c - what is captured is read back by libpcap as it was. */
#define _DEFAULT_SOURCE /* libpcap's u_char, mkstemp */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <pcap/pcap.h>

#include "sim/devices/machine.h"
#include "sim/devices/pcap.h"

#define CPU_HZ 1700000000ull

static void frames_and_their_times_read_back(void **state)
{
    (void)state;
    char path[] = "/tmp/iksim-pcap-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    struct pcap_writer *w = pcap_writer_open(path, CPU_HZ);
    assert_non_null(w);
    uint8_t bytes[1514];
    for (uint32_t i = 0; i < 100; i++) {
        memset(bytes, (int)i, sizeof(bytes));
        pcap_writer_put(w, i * CPU_HZ / 7, bytes, 60 + i * 14);
    }
    assert_true(pcap_writer_close(w));

    char error[PCAP_ERRBUF_SIZE];
    pcap_t *p = pcap_open_offline_with_tstamp_precision(
        path, PCAP_TSTAMP_PRECISION_NANO, error);
    assert_non_null(p);
    assert_int_equal(pcap_datalink(p), DLT_EN10MB);
    for (uint32_t i = 0; i < 100; i++) {
        struct pcap_pkthdr *head;
        const unsigned char *data;
        assert_int_equal(pcap_next_ex(p, &head, &data), 1);
        uint64_t ns =
            (uint64_t)head->ts.tv_sec * 1000000000 + (uint64_t)head->ts.tv_usec;
        assert_int_equal(ns, ns_from_cycles(i * CPU_HZ / 7, CPU_HZ));
        assert_int_equal(head->caplen, 60 + i * 14);
        memset(bytes, (int)i, sizeof(bytes));
        assert_memory_equal(data, bytes, head->caplen);
    }
    struct pcap_pkthdr *head;
    const unsigned char *data;
    assert_int_equal(pcap_next_ex(p, &head, &data), PCAP_ERROR_BREAK);
    pcap_close(p);
    remove(path);
}

static void a_full_disk_is_reported_at_the_end(void **state)
{
    (void)state;
    struct pcap_writer *w = pcap_writer_open("/dev/full", CPU_HZ);
    if (w) {
        static const uint8_t bytes[1514];
        for (uint32_t i = 0; i < 100; i++) {
            pcap_writer_put(w, i, bytes, sizeof(bytes));
        }
        assert_false(pcap_writer_close(w));
    }
    assert_int_equal(errno, ENOSPC);
}

static void a_file_that_cannot_be_made_is_reported_at_once(void **state)
{
    (void)state;
    assert_null(pcap_writer_open("/nowhere/x.pcap", CPU_HZ));
    assert_int_equal(errno, ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_and_their_times_read_back),
        cmocka_unit_test(a_full_disk_is_reported_at_the_end),
        cmocka_unit_test(a_file_that_cannot_be_made_is_reported_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
