/* test_log.c - files of requests: what a line says, when its request is due, and
   what is wrong with it. Dates are held to the C library. */
#define _GNU_SOURCE
#include "sim/arena.h"
#include "workloads/replay/log_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define ARENA_BYTES (1u << 20)
#define SECOND_NS   UINT64_C(1000000000)

static const char *read_line(enum scenario_log_format format, const char *text,
                             struct log_line *line)
{
    return log_line_read(format, text, (uint32_t)strlen(text), line);
}

static void times_are_those_of_the_library(void **state)
{
    (void)state;
    static const char *const zones[] = { "+0000", "-0700", "+0530", "+1400" };
    static const int offsets[] = { 0, -25200, 19800, 50400 };
    /* Each day's end and beginning, over leap years and a century. */
    for (time_t at = 86400; at < 7258118400; at += 86400 * 7 - 1) {
        for (size_t z = 0; z < 4; z++) {
            struct tm tm;
            char text[128];
            struct log_line line;
            time_t local = at + offsets[z];
            gmtime_r(&local, &tm);
            size_t n =
                strftime(text, sizeof(text), "c - - [%d/%b/%Y:%H:%M:%S ", &tm);
            snprintf(text + n, sizeof(text) - n, "%s] \"GET / H\" 200 -",
                     zones[z]);
            assert_null(read_line(LOG_COMMON, text, &line));
            assert_int_equal(line.at_ns, (uint64_t)at * SECOND_NS);
        }
    }
}

static void a_line_says_who_asked_for_what(void **state)
{
    (void)state;
    static const struct {
        const char *text, *client, *path;
        int64_t size; /* -1: none. */
    } lines[] = {
        { "a.b - - [01/Jan/2026:00:00:00 +0000] \"GET /x?y HTTP/1.0\" 200 7",
          "a.b", "/x?y", 7 },
        { "::1 - Jo Do [01/Jan/2026:00:00:00 +0000] \"POST /p HTTP/1.1\" 404 - "
          "\"http://r/\" \"Agent \\\" 1\"",
          "::1", "/p", -1 },
        { "h - - [01/Jan/2026:00:00:00 +0000] \"GET http://o.org/q H\" 200 0\r",
          "h", "/q", 0 },
        { "h - - [01/Jan/2026:00:00:00 +0000] \"GET /old\" 200 1", "h", "/old",
          1 },
        { "h - - [01/Jan/2026:00:00:00 +0000] \"GET /a\\\"b H\" 200 1", "h",
          "/a\\\"b", 1 },
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct log_line line;
        assert_null(read_line(LOG_COMMON, lines[i].text, &line));
        assert_true(line.is_request);
        assert_int_equal(line.client.bytes, strlen(lines[i].client));
        assert_memory_equal(line.client.at, lines[i].client, line.client.bytes);
        assert_int_equal(line.path.bytes, strlen(lines[i].path));
        assert_memory_equal(line.path.at, lines[i].path, line.path.bytes);
        assert_int_equal(line.has_size, lines[i].size >= 0);
        assert_true(!line.has_size || line.size == lines[i].size);
    }
}

static void what_cannot_be_asked_is_no_request(void **state)
{
    (void)state;
    static const char *const requests[] = {
        "-",
        "",
        "\\x16\\x03\\x01",
        "GET",
        "GET ",
        " / H",
        "OPTIONS * H",
        "CONNECT a:443 H",
        "GET a/b H",
        "GET /\x01 H",
        "GET /\xc3\xa9 H",
    };
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        char text[256];
        struct log_line line;
        snprintf(text, sizeof(text),
                 "h - - [01/Jan/2026:00:00:00 +0000] \"%s\" 400 0",
                 requests[i]);
        assert_null(read_line(LOG_COMMON, text, &line));
        assert_false(line.is_request);
    }
}

static void what_is_no_line_is_refused(void **state)
{
    (void)state;
    static const char *const common[] = {
        "x",
        " - - [01/Jan/2026:00:00:00 +0000] \"GET / H\" 200 1",
        "h - - [31/Feb/2026:00:00:00 +0000] \"GET / H\" 200 1",
        "h - - [29/Feb/2100:00:00:00 +0000] \"GET / H\" 200 1",
        "h - - [01/Foo/2026:00:00:00 +0000] \"GET / H\" 200 1",
        "h - - [01/Jan/2026:24:00:00 +0000] \"GET / H\" 200 1",
        "h - - [01/Jan/2026:00:00:00] \"GET / H\" 200 1",
        "h - - [01/Jan/2026:00:00:00 +0000] GET / H 200 1",
        "h - - [01/Jan/2026:00:00:00 +0000] \"GET / H 200 1",
        "h - - [01/Jan/2026:00:00:00 +0000] \"GET / H\\\" 200 1",
        "h - - [01/Jan/2026:00:00:00 +0000] \"GET / H\" 20 1",
        "h - - [01/Jan/2026:00:00:00 +0000] \"GET / H\" 200",
        "h - - [01/Jan/2026:00:00:00 +0000] \"GET / H\" 200 1x",
        "h - - [01/Jan/2026:00:00:00 +0000] \"GET / H\" 200 4294967296",
    };
    static const char *const csv[] = {
        "1",       "x,/",           "1.,/",       "1.0000000001,/", "-1,/",
        "1,",      "1,x",           "1,/ ",       "1,/,",           "1,/,x",
        "1,/,1,1", "10000000000,/", "1,12345678", "1,1x",
    };
    struct log_line line;
    for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
        assert_non_null(read_line(LOG_COMMON, common[i], &line));
    }
    for (size_t i = 0; i < sizeof(csv) / sizeof(csv[0]); i++) {
        assert_non_null(read_line(LOG_CSV, csv[i], &line));
    }
}

/* ---- Files -------------------------------------------------------------- */

struct fixture {
    struct arena arena;
    int fd;
    struct log_file *file;
};

static void open_text(struct fixture *f, enum scenario_log_format format,
                      const char *text, size_t bytes)
{
    struct log_config config = { .format = format, .vm_count = 3 };
    assert_true(arena_map(&f->arena, ARENA_BYTES));
    f->fd = memfd_create("log", 0);
    assert_int_equal(write(f->fd, text, bytes), bytes);
    config.fd = f->fd;
    f->file = log_file_create(&f->arena, &config);
    assert_non_null(f->file);
}

static void close_text(struct fixture *f)
{
    close(f->fd);
    arena_unmap(&f->arena);
}

static void requests_of_a_second_are_spread_over_it(void **state)
{
    (void)state;
#define AT(s, request) \
    "h - - [01/Jan/2026:00:00:" s " +0000] \"" request "\" 200 1\n"
    static const char text[] =
        AT("01", "-") AT("07", "GET /a") AT("07", "GET /b") AT("06", "GET /c")
            AT("07", "-") AT("09", "GET /d") AT("08", "GET /e");
#undef AT
    static const uint64_t due[] = { 0, SECOND_NS / 3, SECOND_NS * 2 / 3,
                                    2 * SECOND_NS, 5 * SECOND_NS / 2 };
    struct fixture f;
    struct log_facts facts;
    struct log_request request;
    uint64_t line;
    open_text(&f, LOG_COMMON, text, sizeof(text) - 1);
    assert_null(log_file_check(f.file, &facts, &line));
    assert_int_equal(facts.lines, 7);
    assert_int_equal(facts.requests, 5);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < 5; i++) {
            assert_int_equal(log_file_next(f.file, &request), LOG_REQUEST);
            assert_int_equal(request.after_ns, due[i]);
            assert_int_equal(request.line.path.at[1], 'a' + (int)i);
        }
        assert_int_equal(log_file_next(f.file, &request), LOG_END);
        log_file_rewind(f.file);
    }
    close_text(&f);
}

static void a_long_file_is_read_in_pieces(void **state)
{
    (void)state;
    enum { LINES = 30000 };
    size_t room = LINES * 128;
    char *text = malloc(room);
    size_t used = 0;
    assert_non_null(text);
    for (int i = 0; i < LINES; i++) {
        used += (size_t)snprintf(text + used, room - used, "%d.5,/%0*d,%d\n", i,
                                 1 + i * 7 % 90, i, i);
    }
    struct fixture f;
    struct log_facts facts;
    struct log_request request;
    uint64_t line;
    open_text(&f, LOG_CSV, text, used - 1); /* The last line has no end. */
    assert_null(log_file_check(f.file, &facts, &line));
    assert_int_equal(facts.requests, LINES);
    for (int i = 0; i < LINES; i++) {
        assert_int_equal(log_file_next(f.file, &request), LOG_REQUEST);
        assert_int_equal(request.after_ns, (uint64_t)i * SECOND_NS);
        assert_int_equal(request.line.size, i);
    }
    assert_int_equal(log_file_next(f.file, &request), LOG_END);
    close_text(&f);
    free(text);
}

static void what_is_wrong_is_told_with_its_line(void **state)
{
    (void)state;
    char long_line[LOG_LINE_BYTES + 16];
    memset(long_line, 'x', sizeof(long_line));
    static const char first[] = { '1', ',', '/', '\n' };
    memcpy(long_line, first, sizeof(first));
    long_line[sizeof(long_line) - 1] = '\n';
    const struct {
        const char *text;
        size_t bytes;
        uint64_t line;
        const char *wrong;
    } files[] = {
        { "time,target\n2,/\n\n1,/\n", 21, 4,
          "is earlier than the line before it" },
        { "1,2\n1,3\n", 8, 2,
          "names a VM that the load's group does not start with" },
        { "time,target\n", 12, 0, "holds no request" },
        { long_line, sizeof(long_line), 2, "is longer than 8192 bytes" },
        { long_line, sizeof(long_line) - 2, 2, "is longer than 8192 bytes" },
        { "1,/\n\0,/\n", 8, 2,
          "does not begin with a time in seconds and a "
          "comma" },
    };
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct fixture f;
        struct log_facts facts;
        uint64_t line;
        open_text(&f, LOG_CSV, files[i].text, files[i].bytes);
        const char *wrong = log_file_check(f.file, &facts, &line);
        assert_non_null(wrong);
        assert_string_equal(wrong, files[i].wrong);
        assert_int_equal(line, files[i].line);
        close_text(&f);
    }
}

static void a_file_that_changes_is_noticed(void **state)
{
    (void)state;
    static const char text[] = "1,/\n2,/\n3,/\n";
    static const off_t sizes[] = { 8, 0, 6 };
    for (size_t i = 0; i < 3; i++) {
        struct fixture f;
        struct log_facts facts;
        struct log_request request;
        uint64_t line;
        enum log_result result;
        open_text(&f, LOG_CSV, text, sizeof(text) - 1);
        assert_null(log_file_check(f.file, &facts, &line));
        assert_int_equal(ftruncate(f.fd, sizes[i]), 0);
        do {
            result = log_file_next(f.file, &request);
        } while (result == LOG_REQUEST);
        assert_int_equal(result, LOG_CHANGED);
        close_text(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_those_of_the_library),
        cmocka_unit_test(a_line_says_who_asked_for_what),
        cmocka_unit_test(what_cannot_be_asked_is_no_request),
        cmocka_unit_test(what_is_no_line_is_refused),
        cmocka_unit_test(requests_of_a_second_are_spread_over_it),
        cmocka_unit_test(a_long_file_is_read_in_pieces),
        cmocka_unit_test(what_is_wrong_is_told_with_its_line),
        cmocka_unit_test(a_file_that_changes_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
