/*
 * test_legend.c - whatever the fields of an event are, they come out as they
 * went in, where they have always been; and nobody takes for an event what
 * nobody can have said.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/trace/describe.h"
#include "tests/events.h"

static uint64_t highest_of(unsigned bits, unsigned limit)
{
    return limit > 0 ? limit - 1 : UINT64_MAX >> (64 - bits);
}

/* The field called `name` is `value`, and all others are as `wanted` says. */
static void check_fields(const struct trace_event *e, const char *name,
                         uint64_t value, bool others_are_highest)
{
    const struct trace_kind_info *kind = &trace_kinds[e->kind];
    assert_true(trace_is_sound(e));
    for (uint32_t i = 0; i < kind->field_count; i++) {
        const struct trace_field *f = &kind->fields[i];
        unsigned limit = f->type->words ? f->type->words->count : 0;
        uint64_t other = others_are_highest ? highest_of(f->bits, limit) : 0;
        assert_int_equal(trace_value(e, f),
                         strcmp(f->name, name) == 0 ? value : other);
    }
}

/* Each field alone has its highest value, and then alone its lowest. */
#define SET_HIGHEST(name, type, word, shift, bits, legend) \
    all.name = (trace_##type##_t)highest_of(bits, TRACE_LIMIT_##type);
#define CHECK(name, type, word, shift, bits, legend)                          \
    {                                                                         \
        fields_t one = { .name = all.name };                                  \
        fields_t rest = all;                                                  \
        rest.name = (trace_##type##_t)0;                                      \
        struct trace_event e = put(7, one);                                   \
        assert_true(get(&e).name == all.name);                                \
        check_fields(&e, #name, highest_of(bits, TRACE_LIMIT_##type), false); \
        e = put(TRACE_NO_VM, rest);                                           \
        assert_true(get(&e).name == (trace_##type##_t)0);                     \
        check_fields(&e, #name, 0, true);                                     \
    }
#define EVENT(KIND, tag, name, LAYER, SUBJECT, meaning, setting) \
    static struct trace_##tag highest_##tag(void)                \
    {                                                            \
        struct trace_##tag all;                                  \
        memset(&all, 0, sizeof(all));                            \
        setting return all;                                      \
    }
TRACE_EVENTS(EVENT, SET_HIGHEST)
#undef EVENT
#define EVENT(KIND, tag, name, LAYER, SUBJECT, meaning, checking)        \
    static void check_##tag(void)                                        \
    {                                                                    \
        typedef struct trace_##tag fields_t;                             \
        struct trace_event (*put)(uint32_t, fields_t) = trace_put_##tag; \
        fields_t (*get)(const struct trace_event *) = trace_get_##tag;   \
        const fields_t all = highest_##tag();                            \
        struct trace_event any = put(7, all);                            \
        assert_int_equal(any.kind, TRACE_##KIND);                        \
        assert_int_equal(any.layer, TRACE_##LAYER);                      \
        assert_int_equal(any.vm, 7);                                     \
        checking                                                         \
    }
TRACE_EVENTS(EVENT, CHECK)
#undef EVENT

#define NO_FIELD(name, type, word, shift, bits, legend)

static void what_goes_into_any_field_of_any_kind_comes_out(void **state)
{
    (void)state;
#define EVENT(KIND, tag, name, LAYER, SUBJECT, meaning, fields) check_##tag();
    TRACE_EVENTS(EVENT, NO_FIELD)
#undef EVENT
}

/* Fingerprints are of these words: as they were before fields had names. */
static void fields_lie_where_they_have_always_been(void **state)
{
    (void)state;
    const struct {
        struct trace_event event;
        uint64_t a, b;
    } rows[] = {
        { TRACE_EVENT(run, 1, .insns = 2, .cycles = 3), 2, 3 },
        { TRACE_EVENT(exit, 1, .why = CPU_EXIT_VINSN, .vector = 0x42,
                      .eip = 0xdeadbeef),
          0x4201, 0xdeadbeef },
        { TRACE_EVENT(end, 1, .why = VM_END_REFUSED, .detail = 9), 4, 9 },
        { TRACE_EVENT(pick, 1, .quantum = 5, .why = PICK_RESUMED), 5, 3 },
        { TRACE_EVENT(wake, 1, .why = WAKE_TIMEOUT, .pending = 6), 1, 6 },
        { TRACE_EVENT(admit, 1, .waited = 7, .free_frames = 8,
                      .needed_frames = 9),
          7, 9ull << 32 | 8 },
        { TRACE_EVENT(fill, 1, .page = 1, .frame = 2, .zeroed = true), 1,
          1ull << 32 | 2 },
        { TRACE_EVENT(table, 1, .table = 3, .frame = 4,
                      .change = TABLE_ALLOCATED),
          4ull << 32 | 3, 1 },
        { TRACE_EVENT(raise, 1, .virqs = 16, .coalesced = true), 16, 1 },
        { TRACE_EVENT(rx, 1, .packet = 5, .bytes = 1514, .queued = 6),
          5 << 16 | 1514, 6 },
        { TRACE_EVENT(rx_drop, 1, .packet = 5, .bytes = 60,
                      .why = VNIC_DROP_NO_VM),
          5 << 16 | 60, 2 },
        { TRACE_EVENT(give_up, 1, .request = 5, .why = OUTCOME_FAILED), 5, 2 },
        { TRACE_EVENT(evict, 1, .page = 1, .frame = 2, .dirty = true,
                      .why = EVICTION_END),
          1, 5ull << 33 | 1ull << 32 | 2 },
        { TRACE_EVENT(disk_read, 1, .disk = 2, .block = 3, .blocks = 4), 3,
          2ull << 32 | 4 },
        { TRACE_EVENT(ready, 1, .key = 1ull << 63, .why = READY_FRAME,
                      .preferred = true),
          1ull << 63, 0x103 },
        { TRACE_EVENT(charge, 1, .cycles = 5, .category = CPU_IDLE), 5, 5 },
        { TRACE_EVENT(link_copy, 1, .packet = 5, .bytes = 60, .original = 4),
          5 << 16 | 60, 4 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct trace_event *e = &rows[i].event;
        struct trace_event same =
            event_of_bits(trace_kind(e), 1, rows[i].a, rows[i].b);
        assert_memory_equal(e, &same, sizeof(same));
    }
}

static void fields_of_a_subject_are_those_of_its_kinds(void **state)
{
    (void)state;
    struct trace_event e =
        TRACE_EVENT(link_drop, 1, .packet = 5, .bytes = 60, .why = LINK_LOST);
    assert_int_equal(trace_get_packet(&e).packet, 5);
    assert_int_equal(trace_get_packet(&e).bytes, 60);
    assert_false(trace_is_about(&e, TRACE_SUBJECT_TRANSFER));
    e = TRACE_EVENT(disk_done, 1, .disk = 2, .block = 3, .blocks = 4);
    assert_int_equal(trace_get_transfer(&e).disk, 2);
    assert_int_equal(trace_get_transfer(&e).block, 3);
    assert_int_equal(trace_get_transfer(&e).blocks, 4);
    e = TRACE_EVENT(evict, 1, .page = 6, .frame = 7);
    assert_int_equal(trace_get_resident(&e).page, 6);
    assert_int_equal(trace_get_resident(&e).frame, 7);
    e = TRACE_EVENT(reply, 1, .request = 8, .latency = 9);
    assert_int_equal(trace_get_asked(&e).request, 8);
}

static bool has_field(const struct trace_kind_info *kind,
                      const struct trace_field *wanted)
{
    for (uint32_t i = 0; i < kind->field_count; i++) {
        const struct trace_field *f = &kind->fields[i];
        if (strcmp(f->name, wanted->name) == 0 && f->word == wanted->word &&
            f->shift == wanted->shift && f->bits == wanted->bits) {
            return true;
        }
    }
    return false;
}

/* And whoever has all of a subject's fields says that it is about it. */
static void a_kind_is_about_what_it_has_the_fields_of(void **state)
{
    (void)state;
#define FIELD(name, type, word, shift, bits, legend) \
    { #name, NULL, TRACE_WORD_##word, shift, bits, NULL },
#define SUBJECT(SUBJECT, tag, fields)                                          \
    {                                                                          \
        const struct trace_field of_subject[] = { fields };                    \
        const size_t count = sizeof(of_subject) / sizeof(of_subject[0]);       \
        for (size_t k = 0; k < TRACE_KIND_COUNT; k++) {                        \
            size_t found = 0;                                                  \
            for (size_t i = 0; i < count; i++) {                               \
                found += has_field(&trace_kinds[k], &of_subject[i]);           \
            }                                                                  \
            bool is_about = trace_kinds[k].subject == TRACE_SUBJECT_##SUBJECT; \
            if (is_about != (found == count)) {                                \
                fail_msg("%s: %s", trace_kinds[k].name, #tag);                 \
            }                                                                  \
        }                                                                      \
    }
    TRACE_SUBJECTS(SUBJECT, FIELD)
#undef SUBJECT
#undef FIELD
}

/* Bits of no field, words that are none, layers and kinds that are others. */
static void what_nobody_can_have_said_is_not_sound(void **state)
{
    (void)state;
    struct trace_event e = TRACE_EVENT(evict, 1, .why = EVICTION_END);
    assert_true(trace_is_sound(&e));
    for (unsigned bit = 0; bit < 64; bit++) {
        /* Nothing of `arrive` is in its second word. */
        e = TRACE_EVENT(arrive, 1, .waiting = 1);
        unsigned char *second =
            (unsigned char *)&e + 2 * sizeof(uint64_t) + bit / 8;
        *second = (unsigned char)(1u << bit % 8);
        assert_false(trace_is_sound(&e));
    }
    e = TRACE_EVENT(charge, 1, .category = CPU_IDLE);
    e = event_with(&e, &trace_kinds[TRACE_CHARGE].fields[1],
                   CPU_CATEGORY_COUNT);
    assert_false(trace_is_sound(&e));
    e = TRACE_EVENT(charge, 1, .category = CPU_IDLE);
    e.layer = TRACE_LOAD;
    assert_false(trace_is_sound(&e));
    e = TRACE_EVENT(charge, 1, .category = CPU_IDLE);
    e.kind = TRACE_KIND_COUNT;
    assert_false(trace_is_sound(&e));
}

/* A field of a name is one column of the CSV, beside those of all kinds. */
static void fields_of_a_name_have_one_type(void **state)
{
    (void)state;
    static const char *const heads[] = { "time", "ns", "layer",
                                         "kind", "vm", "vm_name" };
    const struct trace_field *all[TRACE_KIND_COUNT * 8];
    size_t count = 0;
    for (int k = 0; k < TRACE_KIND_COUNT; k++) {
        for (uint32_t i = 0; i < trace_kinds[k].field_count; i++) {
            const struct trace_field *f = &trace_kinds[k].fields[i];
            for (size_t h = 0; h < sizeof(heads) / sizeof(heads[0]); h++) {
                assert_string_not_equal(f->name, heads[h]);
            }
            for (size_t n = 0; n < count; n++) {
                bool are_of_one = strcmp(all[n]->name, f->name) != 0 ||
                                  all[n]->type == f->type ||
                                  (all[n]->type->words && f->type->words);
                if (!are_of_one) {
                    fail_msg("%s of %s", f->name, trace_kinds[k].name);
                }
            }
            assert_true(count < sizeof(all) / sizeof(all[0]));
            all[count++] = f;
        }
    }
}

/* The three forms of a kind's name in its row are one name. */
static void a_kind_has_one_name(void **state)
{
    (void)state;
    static const char *const tags[][3] = {
#define EVENT(KIND, tag, name, LAYER, SUBJECT, meaning, fields) \
    { #KIND, #tag, name },
        TRACE_EVENTS(EVENT, NO_FIELD)
#undef EVENT
    };
    for (size_t k = 0; k < TRACE_KIND_COUNT; k++) {
        const char *const *forms = tags[k];
        assert_int_equal(strlen(forms[0]), strlen(forms[1]));
        assert_int_equal(strlen(forms[0]), strlen(forms[2]));
        for (size_t i = 0; forms[0][i] != '\0'; i++) {
            char c = forms[1][i];
            assert_int_equal(forms[0][i], c == '_' ? c : c - 'a' + 'A');
            assert_int_equal(forms[2][i], c == '_' ? '-' : c);
        }
    }
}

/* Neighbours of all sizes, in each field that has room for them. */
static void two_values_never_look_the_same(void **state)
{
    (void)state;
    const struct trace_info info = { .cpu_hz = 1700000000 };
    char text[2][DESCRIBE_BYTES];
    for (int k = 0; k < TRACE_KIND_COUNT; k++) {
        const struct trace_kind_info *kind = &trace_kinds[k];
        for (uint32_t i = 0; i < kind->field_count; i++) {
            const struct trace_field *f = &kind->fields[i];
            unsigned limit = f->type->words ? f->type->words->count : 0;
            uint64_t highest = highest_of(f->bits, limit);
            for (unsigned bit = 0; bit < f->bits; bit++) {
                uint64_t value = 1ull << bit;
                if (value > highest) {
                    break;
                }
                describe_field(&info, f, value - 1, text[0]);
                describe_field(&info, f, value, text[1]);
                assert_string_not_equal(text[0], text[1]);
            }
        }
    }
}

static void an_event_is_described_by_its_fields(void **state)
{
    (void)state;
    struct vm_group group = { .name = "web", .first = 0, .count = 9 };
    const struct trace_info info = { .cpu_hz = 1000000000,
                                     .vm_limit = 9,
                                     .roster = { 1, &group } };
    const struct {
        struct trace_event event;
        const char *text;
    } rows[] = {
        { TRACE_EVENT(admit, 1, .waited = 8500000, .free_frames = 3,
                      .needed_frames = 4),
          "waited 8.50 ms (8500000), free frames 3, needed frames 4" },
        { TRACE_EVENT(switch, 1, .from = 8, .cycles = 2), "from web-8, "
                                                          "cycles 2 ns (2)" },
        { TRACE_EVENT(switch, 1, .from = TRACE_NO_VM),
          "from none, cycles 0 ns (0)" },
        { TRACE_EVENT(idle, 1, .deadline = UINT64_MAX, .left = 1),
          "deadline never, left 1 ns (1)" },
        { TRACE_EVENT(raise, 1, .virqs = 5, .coalesced = true),
          "virqs net-rx+alarm, coalesced" },
        { TRACE_EVENT(raise, 1, .virqs = 5), "virqs net-rx+alarm" },
        { TRACE_EVENT(fault, 1, .va = 0x401000, .access = CPU_FETCH),
          "va 0x401000, access fetch" },
        { TRACE_EVENT(vinsn, 1, .vinsn = 0x42), "vinsn packet_send, result 0" },
        { TRACE_EVENT(hand, TRACE_NO_VM, .frame = TRACE_NONE, .looked = 2),
          "frame none, looked 2" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[DESCRIBE_BYTES];
        describe_event(&info, &rows[i].event, text);
        assert_string_equal(text, rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_into_any_field_of_any_kind_comes_out),
        cmocka_unit_test(fields_lie_where_they_have_always_been),
        cmocka_unit_test(fields_of_a_subject_are_those_of_its_kinds),
        cmocka_unit_test(a_kind_is_about_what_it_has_the_fields_of),
        cmocka_unit_test(what_nobody_can_have_said_is_not_sound),
        cmocka_unit_test(fields_of_a_name_have_one_type),
        cmocka_unit_test(a_kind_has_one_name),
        cmocka_unit_test(two_values_never_look_the_same),
        cmocka_unit_test(an_event_is_described_by_its_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
