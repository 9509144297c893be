/*
 * legend.c - see legend.h; and what the compiler is to find wrong in kinds.h.
 */
#include "sim/trace/legend.h"

#include "sim/banned.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- Types -------------------------------------------------------------- */

#define TYPE(type, c_type, form, meaning)                                    \
    static const struct trace_type type_##type = { #type, TRACE_FORM_##form, \
                                                   NULL, meaning };
TRACE_TYPES(TYPE)
#undef TYPE
#define L(tag, STEM, title)                                              \
    static const struct trace_type type_##tag = { #tag, TRACE_FORM_WORD, \
                                                  &tag##_words, title };
VOCABULARIES(L)
#undef L

const struct trace_type *const trace_types[] = {
#define TYPE(type, c_type, form, meaning) &type_##type,
    TRACE_TYPES(TYPE)
#undef TYPE
#define L(tag, STEM, title) &type_##tag,
        VOCABULARIES(L)
#undef L
            NULL
};

/* ---- Kinds -------------------------------------------------------------- */

#define FIELD(name, type, word, shift, bits, legend) \
    { #name, &type_##type, TRACE_WORD_##word, shift, bits, legend },
#define EVENT(KIND, tag, name, LAYER, SUBJECT, meaning, fields) \
    static const struct trace_field fields_of_##tag[] = { fields };
TRACE_EVENTS(EVENT, FIELD)
#undef EVENT
#undef FIELD

#define NO_FIELD(name, type, word, shift, bits, legend)

const struct trace_kind_info trace_kinds[TRACE_KIND_COUNT] = {
#define EVENT(KIND, tag, name, LAYER, SUBJECT, meaning, fields)           \
    [TRACE_##KIND] = { name,    TRACE_##LAYER,   TRACE_SUBJECT_##SUBJECT, \
                       meaning, fields_of_##tag, COUNT_OF(fields_of_##tag) },
    TRACE_EVENTS(EVENT, NO_FIELD)
#undef EVENT
};

/* ---- What must hold ----------------------------------------------------- */

/* Bits that fields claim of each word, and claims of bits: equal, unless two
   fields overlap. */
#define IN_A(name, type, word, shift, bits, legend) \
    | (TRACE_WORD_##word == TRACE_WORD_A ? TRACE_MASK(bits) << (shift) : 0)
#define IN_B(name, type, word, shift, bits, legend) \
    | (TRACE_WORD_##word == TRACE_WORD_B ? TRACE_MASK(bits) << (shift) : 0)
#define CLAIMED(name, type, word, shift, bits, legend) +(bits)

static const uint64_t masks[TRACE_KIND_COUNT][2] = {
#define EVENT(KIND, tag, name, LAYER, SUBJECT, meaning, fields) \
    [TRACE_##KIND][TRACE_WORD_A] = 0 fields,
    TRACE_EVENTS(EVENT, IN_A)
#undef EVENT
#define EVENT(KIND, tag, name, LAYER, SUBJECT, meaning, fields) \
    [TRACE_##KIND][TRACE_WORD_B] = 0 fields,
        TRACE_EVENTS(EVENT, IN_B)
#undef EVENT
};

enum {
#define EVENT(KIND, tag, name, LAYER, SUBJECT, meaning, fields) \
    COVERED_A_##KIND = __builtin_popcountll(0 fields),
    TRACE_EVENTS(EVENT, IN_A)
#undef EVENT
#define EVENT(KIND, tag, name, LAYER, SUBJECT, meaning, fields) \
    COVERED_B_##KIND = __builtin_popcountll(0 fields),
        TRACE_EVENTS(EVENT, IN_B)
#undef EVENT
};

#define EVENT(KIND, tag, name, LAYER, SUBJECT, meaning, fields)     \
    _Static_assert(COVERED_A_##KIND + COVERED_B_##KIND == 0 fields, \
                   "fields of " name " overlap, or lie outside the words");
TRACE_EVENTS(EVENT, CLAIMED)
#undef EVENT

#define FIELD(name, type, word, shift, bits, legend)             \
    _Static_assert((bits) > 0 && (shift) + (bits) <= 64 &&       \
                       (bits) <= 8 * sizeof(trace_##type##_t) && \
                       TRACE_MASK(bits) > TRACE_LIMIT_##type,    \
                   #name " does not fit");
#define EVENT(KIND, tag, name, LAYER, SUBJECT, meaning, fields) fields
TRACE_EVENTS(EVENT, FIELD)
#undef EVENT
#undef FIELD

/* ---- Reading ------------------------------------------------------------ */

bool trace_is_about(const struct trace_event *event, enum trace_subject subject)
{
    return event->kind < TRACE_KIND_COUNT &&
           trace_kinds[event->kind].subject == subject;
}

uint64_t trace_value(const struct trace_event *event,
                     const struct trace_field *field)
{
    return trace_shift_out(field->word == TRACE_WORD_A ? event->word_a
                                                       : event->word_b,
                           field->shift, field->bits, 0);
}

bool trace_is_sound(const struct trace_event *event)
{
    if (event->kind >= TRACE_KIND_COUNT) {
        return false;
    }
    const struct trace_kind_info *kind = &trace_kinds[event->kind];
    const uint64_t *mask = masks[event->kind];
    if (event->layer != kind->layer ||
        ((event->word_a & ~mask[TRACE_WORD_A]) |
         (event->word_b & ~mask[TRACE_WORD_B])) != 0) {
        return false;
    }
    for (uint32_t i = 0; i < kind->field_count; i++) {
        const struct vocabulary *words = kind->fields[i].type->words;
        if (words && trace_value(event, &kind->fields[i]) >= words->count) {
            return false;
        }
    }
    return true;
}
