/*
 * test_trace_file.c - a trace file gives back what was written, seeks, and
 * says what is wrong with it, wherever it was cut or damaged.
 */
#define _DEFAULT_SOURCE /* mkstemp, truncate */
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

#include "sim/arena.h"
#include "sim/random.h"
#include "sim/trace/file_format.h"
#include "tests/events.h"

#define SMALL 300 /* Events of the file that is damaged byte by byte. */
#define LARGE 50000

struct fixture {
    struct arena arena;
    struct trace *trace;
    struct trace_event *events; /* All that were emitted. */
    uint32_t count;
    char path[32];
    char message[TRACE_MESSAGE_BYTES];
};

static void keep(void *ctx, const struct trace_event *event)
{
    struct fixture *f = ctx;
    f->events[f->count++] = *event;
}

static struct vm_group groups[] = { { "web", 0, 3 }, { "batch", 3, 2 } };

static struct trace_info some_info(void)
{
    return (struct trace_info){
        .program = "test",
        .name = "test.yaml",
        .seed = INT64_MAX,
        .cpu_hz = 1000000000,
        .quantum_cycles = 10000000,
        .frames = 1024,
        .min_free = 7,
        .disks = 3,
        .vm_limit = 5,
        .roster = { 2, groups },
    };
}

/* Times go back now and then, as clients' do; numbers are of all sizes. */
static void emit_some(struct trace *t, uint32_t count, struct rng *r)
{
    uint64_t now = 0;
    for (uint32_t i = 0; i < count; i++) {
        now += rng_below(r, 20000);
        uint64_t back = rng_below(r, 8) == 0 ? rng_below(r, 5000) : 0;
        uint32_t vm = (uint32_t)rng_below(r, 6);
        enum trace_kind kind = (enum trace_kind)rng_below(r, TRACE_KIND_COUNT);
        uint64_t a = rng_u64(r) >> rng_below(r, 64);
        uint64_t b = rng_u64(r) >> rng_below(r, 64);
        trace_emit(t, now > back ? now - back : now,
                   event_of_bits(kind, vm == 5 ? TRACE_NO_VM : vm, a, b));
    }
}

enum ending { WHOLE, WITHOUT_FINGERPRINTS };

static void write_file(struct fixture *f, uint32_t count, enum ending ending)
{
    *f = (struct fixture){ .path = "/tmp/iksim-trace-XXXXXX" };
    int fd = mkstemp(f->path);
    assert_true(fd >= 0);
    close(fd);
    assert_true(arena_map(&f->arena, 1 << 20));
    f->trace = trace_create(&f->arena);
    f->events = calloc(count, sizeof(*f->events));
    assert_non_null(f->trace);
    assert_non_null(f->events);
    struct trace_info info = some_info();
    struct trace_writer *w = trace_writer_open(f->path, &info, f->message);
    assert_non_null(w);
    trace_add_sink(f->trace, keep, f);
    trace_add_sink(f->trace, trace_writer_sink, w);
    struct rng r;
    rng_init(&r, 1, "test", 0);
    emit_some(f->trace, count, &r);
    assert_int_equal(f->count, count);
    assert_true(
        trace_writer_close(w, ending == WHOLE ? f->trace : NULL, f->message));
}

static void remove_file(struct fixture *f)
{
    unlink(f->path);
    free(f->events);
    trace_release(f->trace);
    arena_unmap(&f->arena);
}

static struct trace_file *open_file(struct fixture *f)
{
    struct trace_file *file = trace_file_open(f->path, f->message);
    if (!file) {
        fail_msg("%s", f->message);
    }
    return file;
}

/* From `first` on to what ends it; how many there were. */
static uint32_t read_from(struct fixture *f, struct trace_file *file,
                          uint32_t first, enum trace_read *end)
{
    struct trace_event e;
    uint32_t n = first;
    while ((*end = trace_file_next(file, &e)) == TRACE_READ_EVENT) {
        assert_true(n < f->count);
        assert_memory_equal(&e, &f->events[n], sizeof(e));
        n++;
    }
    assert_int_equal(trace_file_next(file, &e), *end); /* The same again. */
    return n - first;
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    struct fixture f;
    write_file(&f, LARGE, WHOLE);
    struct trace_file *file = open_file(&f);
    enum trace_read end;
    assert_null(trace_file_fingerprints(file));
    assert_int_equal(read_from(&f, file, 0, &end), LARGE);
    assert_int_equal(end, TRACE_READ_END);
    assert_string_equal(trace_file_message(file), "");
    char hex[FINGERPRINT_CHARS];
    for (int i = 0; i < TRACE_LAYER_COUNT; i++) {
        trace_layer_fingerprint(f.trace, (enum trace_layer)i, hex);
        assert_string_equal(trace_file_fingerprints(file)[i], hex);
    }
    trace_fingerprint(f.trace, hex);
    assert_string_equal(trace_file_fingerprints(file)[TRACE_LAYER_COUNT], hex);
    trace_file_close(file);
    remove_file(&f);
}

static void the_header_says_what_the_run_was(void **state)
{
    (void)state;
    struct fixture f;
    write_file(&f, 1, WHOLE);
    struct trace_file *file = open_file(&f);
    const struct trace_info *got = trace_file_info(file);
    struct trace_info info = some_info();
    assert_string_equal(got->name, info.name);
    assert_string_equal(got->program, info.program);
    assert_int_equal(got->seed, info.seed);
    assert_int_equal(got->cpu_hz, info.cpu_hz);
    assert_int_equal(got->quantum_cycles, info.quantum_cycles);
    assert_int_equal(got->frames, info.frames);
    assert_int_equal(got->min_free, info.min_free);
    assert_int_equal(got->disks, info.disks);
    assert_int_equal(got->vm_limit, info.vm_limit);
    assert_int_equal(got->roster.group_count, 2);
    for (uint32_t i = 0; i < 2; i++) {
        assert_string_equal(got->roster.groups[i].name, groups[i].name);
        assert_int_equal(got->roster.groups[i].first, groups[i].first);
        assert_int_equal(got->roster.groups[i].count, groups[i].count);
    }
    trace_file_close(file);
    remove_file(&f);
}

static void a_run_that_failed_has_an_end_without_fingerprints(void **state)
{
    (void)state;
    struct fixture f;
    write_file(&f, SMALL, WITHOUT_FINGERPRINTS);
    struct trace_file *file = open_file(&f);
    enum trace_read end;
    assert_int_equal(read_from(&f, file, 0, &end), SMALL);
    assert_int_equal(end, TRACE_READ_END);
    assert_null(trace_file_fingerprints(file));
    trace_file_close(file);
    remove_file(&f);
}

/* Forth and back, to times between events and beyond the last. */
static void seeking_finds_the_first_event_at_or_after(void **state)
{
    (void)state;
    struct fixture f;
    write_file(&f, LARGE, WHOLE);
    uint64_t last = f.events[LARGE - 1].time;
    struct trace_file *file = open_file(&f);
    struct rng r;
    rng_init(&r, 2, "test", 0);
    for (int i = 0; i < 60; i++) {
        uint64_t time = i == 0 ? 0 : rng_below(&r, last + last / 20);
        uint32_t first = 0;
        while (first < LARGE && f.events[first].time < time) {
            first++;
        }
        trace_file_seek(file, time);
        struct trace_event e;
        enum trace_read got = trace_file_next(file, &e);
        if (first == LARGE) {
            assert_int_equal(got, TRACE_READ_END);
            continue;
        }
        assert_int_equal(got, TRACE_READ_EVENT);
        assert_memory_equal(&e, &f.events[first], sizeof(e));
        if (i % 20 == 0) {
            enum trace_read end;
            assert_int_equal(read_from(&f, file, first + 1, &end),
                             LARGE - first - 1);
            assert_int_equal(end, TRACE_READ_END);
        }
    }
    trace_file_close(file);
    remove_file(&f);
}

/* ---- Files that are not whole ------------------------------------------- */

static uint8_t *load(const char *path, size_t *bytes)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    uint8_t *all = malloc(1 << 20);
    assert_non_null(all);
    *bytes = fread(all, 1, 1 << 20, file);
    assert_true(*bytes > 0 && *bytes < 1 << 20);
    fclose(file);
    return all;
}

static void store(const char *path, const uint8_t *bytes, size_t count)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    fclose(file);
}

/* In its place: to write all of it anew each time would wait for the disk. */
static void patch(const char *path, size_t at, const uint8_t *bytes,
                  size_t count)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    fclose(file);
}

/* Opens it or says why not; reads it all. The events read, UINT32_MAX when
   it does not open; *end is what came after them. */
static uint32_t survive(struct fixture *f, enum trace_read *end)
{
    f->message[0] = '\0';
    struct trace_file *file = trace_file_open(f->path, f->message);
    if (!file) {
        assert_non_null(strstr(f->message, f->path));
        return UINT32_MAX;
    }
    uint32_t count = read_from(f, file, 0, end);
    if (*end != TRACE_READ_END) {
        assert_non_null(strstr(trace_file_message(file), f->path));
    }
    trace_file_close(file);
    return count;
}

/* One sum is of all of the header's text: not each of its bytes is tried. */
static bool is_tried(const uint8_t *all, size_t at)
{
    struct file_head h;
    size_t text = FILE_START_BYTES + FILE_HEAD_BYTES;
    assert_true(file_head_read(&h, all + FILE_START_BYTES));
    return at < text || at >= text + h.stored_bytes || (at - text) % 101 == 0;
}

static void wherever_it_is_cut_its_prefix_is_read(void **state)
{
    (void)state;
    struct fixture f;
    write_file(&f, SMALL, WHOLE);
    size_t bytes;
    uint8_t *all = load(f.path, &bytes);
    bool seen[2] = { false };
    for (size_t cut = bytes; cut-- > 0;) {
        if (!is_tried(all, cut)) {
            continue;
        }
        assert_int_equal(truncate(f.path, (off_t)cut), 0);
        enum trace_read end = TRACE_READ_END;
        uint32_t count = survive(&f, &end);
        if (count == UINT32_MAX) {
            continue;
        }
        assert_int_equal(end, TRACE_READ_TRUNCATED);
        assert_true(count == 0 || count == SMALL);
        seen[count > 0] = true;
    }
    assert_true(seen[0]);
    assert_true(seen[1]);
    free(all);
    remove_file(&f);
}

/* Also by who did not begin with the first. */
static void
what_came_before_the_end_is_counted_from_the_first_event(void **state)
{
    (void)state;
    struct fixture f;
    write_file(&f, LARGE, WHOLE);
    size_t bytes;
    free(load(f.path, &bytes));
    assert_int_equal(truncate(f.path, (off_t)bytes - 1), 0);
    uint64_t last = f.events[LARGE - 1].time;
    struct trace_file *file = open_file(&f);
    for (uint64_t eighths = 0; eighths < 8; eighths++) {
        trace_file_seek(file, last * eighths / 8);
        struct trace_event e;
        enum trace_read end;
        do {
            end = trace_file_next(file, &e);
        } while (end == TRACE_READ_EVENT);
        assert_int_equal(end, TRACE_READ_TRUNCATED);
        assert_non_null(strstr(trace_file_message(file), "after 50000 events"));
    }
    trace_file_close(file);
    remove_file(&f);
}

/* What is read of it is what was written; nothing comes behind the damage. */
static void whichever_byte_is_damaged_is_found(void **state)
{
    (void)state;
    struct fixture f;
    write_file(&f, SMALL, WHOLE);
    size_t bytes;
    uint8_t *all = load(f.path, &bytes);
    for (size_t at = 0; at < bytes; at++) {
        for (int bit = 0; is_tried(all, at) && bit < 8; bit += 4) {
            /* The reserved word of its start is not looked at. */
            if (at >= 12 && at < FILE_START_BYTES) {
                continue;
            }
            uint8_t wrong = all[at] ^ (uint8_t)(1 << bit);
            patch(f.path, at, &wrong, 1);
            enum trace_read end = TRACE_READ_END;
            if (survive(&f, &end) != UINT32_MAX) {
                assert_int_equal(end, TRACE_READ_CORRUPT);
            }
        }
        patch(f.path, at, &all[at], 1);
    }
    free(all);
    remove_file(&f);
}

/* Blocks whose sums are right, and whose contents are rubbish. */
static void rubbish_with_good_sums_is_survived(void **state)
{
    (void)state;
    struct fixture f;
    write_file(&f, SMALL, WHOLE);
    size_t bytes;
    uint8_t *all = load(f.path, &bytes);
    size_t header = FILE_START_BYTES;
    struct file_head h;
    assert_true(file_head_read(&h, all + header));
    size_t block = header + FILE_HEAD_BYTES + h.stored_bytes;
    assert_true(file_head_read(&h, all + block));
    assert_int_equal(h.tag, FILE_EVENTS);
    static uint8_t raw[FILE_RAW_LIMIT];
    struct rng r;
    rng_init(&r, 3, "test", 0);
    for (int i = 0; i < 20000; i++) {
        size_t count = 1 + rng_below(&r, 400);
        uint64_t mask = rng_u64(&r);
        mask &= rng_u64(&r); /* Few bits: small numbers. */
        for (size_t n = 0; n < count; n++) {
            raw[n] = (uint8_t)(rng_u64(&r) & mask);
        }
        struct file_decoder d;
        struct trace_event e;
        uint32_t events = 1 + (uint32_t)rng_below(&r, 100);
        if (!file_decoder_init(&d, raw, count, events)) {
            continue;
        }
        while (d.left > 0 && file_decoder_next(&d, &e)) {
            assert_true(e.kind < TRACE_KIND_COUNT);
        }
    }
    for (size_t at = block + FILE_HEAD_BYTES;
         at < block + FILE_HEAD_BYTES + h.stored_bytes; at++) {
        all[at] ^= 0x55;
        h.hash = trace_hash(all + block + FILE_HEAD_BYTES, h.stored_bytes);
        file_head_write(&h, all + block);
        patch(f.path, block, all + block, FILE_HEAD_BYTES + h.stored_bytes);
        struct trace_file *file = open_file(&f);
        struct trace_event e;
        while (trace_file_next(file, &e) == TRACE_READ_EVENT) {
            assert_true(e.kind < TRACE_KIND_COUNT);
        }
        trace_file_close(file);
        all[at] ^= 0x55;
    }
    free(all);
    remove_file(&f);
}

static void refuses(const char *path, const char *why)
{
    char message[TRACE_MESSAGE_BYTES];
    struct trace_file *file = trace_file_open(path, message);
    assert_null(file);
    if (!strstr(message, why)) {
        fail_msg("%s: not '%s' but: %s", path, why, message);
    }
}

static void what_is_no_trace_is_refused_by_a_sentence(void **state)
{
    (void)state;
    struct fixture f;
    write_file(&f, SMALL, WHOLE);
    size_t bytes;
    uint8_t *all = load(f.path, &bytes);
    refuses("/nowhere/at-all", "No such file");
    refuses("/tmp", "directory");
    store(f.path, all, 0);
    refuses(f.path, "is empty");
    store(f.path, all, 10);
    refuses(f.path, "ends before its header");
    store(f.path, all, 100);
    refuses(f.path, "ends within its header");
    store(f.path, (const uint8_t *)"run: {seed: 1}\n", 15);
    refuses(f.path, "is not a trace");
    all[8] = 9;
    store(f.path, all, bytes);
    refuses(f.path, "version 9");
    all[8] = TRACE_FILE_VERSION;
    all[200] ^= 1;
    store(f.path, all, bytes);
    refuses(f.path, "damaged header");
    free(all);
    remove_file(&f);
}

/* Whether a header is read in which `with` stands for the first `what`. */
static bool reads_with(const char *what, const char *with,
                       char message[TRACE_MESSAGE_BYTES])
{
    struct trace_info info = some_info();
    char *text = file_header_text(&info);
    assert_non_null(text);
    char *at = strstr(text, what);
    assert_non_null(at);
    assert_int_equal(strlen(what), strlen(with));
    for (size_t i = 0; with[i] != '\0'; i++) {
        at[i] = with[i];
    }
    struct trace_info read;
    bool is_read = file_header_read(&read, text, strlen(text), message);
    if (is_read) {
        file_header_free(&read);
    }
    free(text);
    return is_read;
}

/* A later iksim may know more, or put it elsewhere: this one must not guess. */
static void a_kind_that_is_not_known_here_is_refused(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        { "\"disk-cancel\"", "\"disk-cancer\"" }, /* A kind. */
        { "\"insns\"", "\"isnns\"" },             /* A field. */
        { "\"type\": \"address\"", "\"type\": \"cycless\"" },
        { "\"shift\": 16", "\"shift\": 17" },
        { "\"bits\": 48", "\"bits\": 47" },
        { "\"word\": 1", "\"word\": 0" },
        { "\"page-fault\"", "\"page-vault\"" }, /* A word. */
    };
    char message[TRACE_MESSAGE_BYTES] = "";
    assert_true(reads_with("disk-cancel", "disk-cancel", message));
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        assert_false(reads_with(changes[i][0], changes[i][1], message));
        assert_non_null(strstr(message, "written by test"));
        assert_non_null(strstr(message, "is not known here"));
    }
    /* What is said of it may be said better. */
    assert_true(reads_with("that they took", "which it took!", message));
}

/* The sums are right, and yet nobody can have said the event. */
static void an_event_that_is_not_sound_is_damage(void **state)
{
    (void)state;
    static uint8_t room[FILE_RAW_LIMIT];
    static uint8_t raw[FILE_RAW_LIMIT];
    struct trace_event events[] = {
        TRACE_EVENT(charge, 1, .cycles = 2, .category = CPU_IDLE),
        TRACE_EVENT(charge, 1, .cycles = 2, .category = CPU_IDLE),
    };
    events[1] = event_with(&events[1], &trace_kinds[TRACE_CHARGE].fields[1],
                           CPU_CATEGORY_COUNT);
    struct file_columns c;
    file_columns_init(&c, room);
    file_columns_put(&c, &events[0]);
    file_columns_put(&c, &events[1]);
    struct file_decoder d;
    struct trace_event e;
    assert_true(file_decoder_init(&d, raw, file_columns_pack(&c, raw), 2));
    assert_true(file_decoder_next(&d, &e));
    assert_memory_equal(&e, &events[0], sizeof(e));
    assert_false(file_decoder_next(&d, &e));
}

/* Cut anywhere, or with any member gone or of another type. */
/* The greatest takes nine bytes of seven bits, and one bit of a tenth: numbers are
   differences, and that of 2^63 is the last when signs alternate. */
static void a_number_of_more_than_64_bits_is_damage(void **state)
{
    (void)state;
    static uint8_t room[FILE_RAW_LIMIT];
    static uint8_t raw[FILE_RAW_LIMIT];
    static const uint8_t greatest[] = { 255, 255, 255, 255, 255,
                                        255, 255, 255, 255, 1 };
    struct trace_event event =
        TRACE_EVENT(charge, 1, .cycles = 2, .category = CPU_IDLE);
    event.time = UINT64_C(1) << 63;
    struct file_columns c;
    file_columns_init(&c, room);
    file_columns_put(&c, &event);
    size_t bytes = file_columns_pack(&c, raw);
    size_t at = 0;
    while (at + sizeof(greatest) <= bytes &&
           memcmp(raw + at, greatest, sizeof(greatest)) != 0) {
        at++;
    }
    at += sizeof(greatest) - 1;
    assert_true(at < bytes);
    for (uint8_t last = 0; last < 128; last++) {
        struct file_decoder d;
        struct trace_event e;
        raw[at] = last;
        assert_true(file_decoder_init(&d, raw, bytes, 1));
        assert_int_equal(file_decoder_next(&d, &e), last <= 1);
        assert_true(last != 1 || e.time == event.time);
    }
}

static void no_header_trips_the_reader(void **state)
{
    (void)state;
    struct trace_info info = some_info();
    char message[TRACE_MESSAGE_BYTES];
    char *text = file_header_text(&info);
    assert_non_null(text);
    struct trace_info read;
    size_t length = strlen(text);
    for (size_t cut = 0; cut < length; cut += 37) {
        assert_false(file_header_read(&read, text, cut, message));
    }
    json_t *root = json_loads(text, 0, NULL);
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value)
    {
        json_t *copy = json_copy(root);
        json_object_set_new(copy, key, json_string("rubbish"));
        char *other = json_dumps(copy, 0);
        if (file_header_read(&read, other, strlen(other), message)) {
            file_header_free(&read);
        }
        free(other);
        json_decref(copy);
    }
    json_decref(root);
    free(text);
}

/* What a processor of the header's rate does with a time asserts nothing. */
static void no_rate_trips_the_reader(void **state)
{
    (void)state;
    static const uint64_t rates[] = { 1ull << 32, 1ull << 40, INT64_MAX };
    struct trace_info info = some_info();
    struct trace_info read;
    char message[TRACE_MESSAGE_BYTES];
    for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
        info.cpu_hz = rates[i];
        char *text = file_header_text(&info);
        assert_non_null(text);
        assert_false(file_header_read(&read, text, strlen(text), message));
        free(text);
    }
}

static void a_full_disk_is_said(void **state)
{
    (void)state;
    struct trace_info info = some_info();
    char message[TRACE_MESSAGE_BYTES] = "";
    assert_null(trace_writer_open("/dev/full", &info, message));
    assert_non_null(strstr(message, "/dev/full"));
    assert_null(trace_writer_open("/tmp", &info, message));
    assert_non_null(strstr(message, "directory"));
}

static void what_failed_first_is_said(void **state)
{
    (void)state;
    char message[TRACE_MESSAGE_BYTES] = "";
    char *name = malloc(FILE_TEXT_LIMIT + 1);
    assert_non_null(name);
    memset(name, 'n', FILE_TEXT_LIMIT);
    name[FILE_TEXT_LIMIT] = '\0';
    struct trace_info info = some_info();
    info.name = name;
    assert_null(trace_writer_open("/dev/full", &info, message));
    assert_non_null(strstr(message, strerror(ENOSPC)));
    free(name);
}

/* Of a header whose name has so many characters; 0: it is refused. */
static size_t header_bytes(size_t name_chars, char message[TRACE_MESSAGE_BYTES])
{
    struct fixture f = { .path = "/tmp/iksim-trace-XXXXXX" };
    int fd = mkstemp(f.path);
    assert_true(fd >= 0);
    close(fd);
    char *name = malloc(name_chars + 1);
    assert_non_null(name);
    memset(name, 'n', name_chars);
    name[name_chars] = '\0';
    struct trace_info info = some_info();
    info.name = name;
    struct trace_writer *w = trace_writer_open(f.path, &info, message);
    size_t bytes = 0;
    if (w) {
        assert_true(trace_writer_close(w, NULL, message));
        FILE *file = fopen(f.path, "rb");
        uint8_t start[FILE_START_BYTES + FILE_HEAD_BYTES];
        struct file_head head;
        assert_non_null(file);
        assert_int_equal(fread(start, 1, sizeof(start), file), sizeof(start));
        assert_true(file_head_read(&head, start + FILE_START_BYTES));
        fclose(file);
        bytes = head.stored_bytes;
        struct trace_file *whole = trace_file_open(f.path, message);
        assert_non_null(whole);
        assert_string_equal(trace_file_info(whole)->name, name);
        trace_file_close(whole);
    }
    unlink(f.path);
    free(name);
    return bytes;
}

static void a_header_that_no_reader_takes_is_not_written(void **state)
{
    (void)state;
    char message[TRACE_MESSAGE_BYTES] = "";
    size_t others = header_bytes(1, message) - 1;
    assert_int_equal(header_bytes(FILE_TEXT_LIMIT - others, message),
                     FILE_TEXT_LIMIT);
    assert_int_equal(header_bytes(FILE_TEXT_LIMIT - others + 1, message), 0);
    assert_non_null(strstr(message, strerror(ENOMEM)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(the_header_says_what_the_run_was),
        cmocka_unit_test(a_run_that_failed_has_an_end_without_fingerprints),
        cmocka_unit_test(seeking_finds_the_first_event_at_or_after),
        cmocka_unit_test(wherever_it_is_cut_its_prefix_is_read),
        cmocka_unit_test(whichever_byte_is_damaged_is_found),
        cmocka_unit_test(rubbish_with_good_sums_is_survived),
        cmocka_unit_test(what_is_no_trace_is_refused_by_a_sentence),
        cmocka_unit_test(a_kind_that_is_not_known_here_is_refused),
        cmocka_unit_test(an_event_that_is_not_sound_is_damage),
        cmocka_unit_test(a_number_of_more_than_64_bits_is_damage),
        cmocka_unit_test(no_header_trips_the_reader),
        cmocka_unit_test(no_rate_trips_the_reader),
        cmocka_unit_test(
            what_came_before_the_end_is_counted_from_the_first_event),
        cmocka_unit_test(a_header_that_no_reader_takes_is_not_written),
        cmocka_unit_test(a_full_disk_is_said),
        cmocka_unit_test(what_failed_first_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
