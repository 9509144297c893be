/* events.c - see events.h. */
#include "tests/events.h"

struct trace_event event_with(const struct trace_event *event,
                              const struct trace_field *field, uint64_t value)
{
    struct trace_event e = *event;
    uint64_t *word = field->word == TRACE_WORD_A ? &e.word_a : &e.word_b;
    uint64_t mask = TRACE_MASK(field->bits) << field->shift;
    *word = (*word & ~mask) | (value << field->shift & mask);
    return e;
}

struct trace_event event_of_bits(enum trace_kind kind, uint32_t vm, uint64_t a,
                                 uint64_t b)
{
    const struct trace_kind_info *info = &trace_kinds[kind];
    const struct trace_event bits = { .word_a = a, .word_b = b };
    struct trace_event e = { .vm = vm,
                             .kind = (uint16_t)kind,
                             .layer = (uint16_t)info->layer };
    for (uint32_t i = 0; i < info->field_count; i++) {
        const struct trace_field *field = &info->fields[i];
        uint64_t value = trace_value(&bits, field);
        const struct vocabulary *words = field->type->words;
        e = event_with(&e, field, words ? value % words->count : value);
    }
    return e;
}
