/*
 * event.h - one event: a moment, a VM, a kind, and the kind's fields.
 *
 * An event is kept as 32 bytes, its fields as bits of two words; nobody but
 * this file, the trace file's code and the legend looks at the words. Each kind
 * of kinds.h has a struct of its fields, with their types, in which they are
 * said and read:
 *
 *     trace_emit(t, now, TRACE_EVENT(fault, vm, .va = va, .access = access));
 *
 *     struct trace_fault fault = trace_get_fault(event);
 *
 * To tell kinds apart: `switch (trace_kind(event))` without a default, so that
 * a new kind does not compile until each view has said what it does with it.
 */
#ifndef SIM_TRACE_EVENT_H
#define SIM_TRACE_EVENT_H

#include "sim/base.h"
#include "sim/trace/kinds.h"
#include "sim/vocabulary/words.h"

#define TRACE_NO_VM UINT32_MAX
#define TRACE_NONE  UINT32_MAX /* No frame, or no connection. */

/* ---- Kinds -------------------------------------------------------------- */

#define NO_FIELD(name, type, word, shift, bits, legend)

enum trace_kind {
#define EVENT(KIND, tag, name, LAYER, SUBJECT, meaning, fields) TRACE_##KIND,
    TRACE_EVENTS(EVENT, NO_FIELD)
#undef EVENT
};

enum {
#define EVENT(KIND, tag, name, LAYER, SUBJECT, meaning, fields) +1
    TRACE_KIND_COUNT = 0 TRACE_EVENTS(EVENT, NO_FIELD)
#undef EVENT
};

/* Subjects that several kinds of event are about. */
enum trace_subject {
    TRACE_SUBJECT_NOTHING, /* Nothing that another kind is about. */
#define SUBJECT(SUBJECT, subject, fields) TRACE_SUBJECT_##SUBJECT,
    TRACE_SUBJECTS(SUBJECT, NO_FIELD)
#undef SUBJECT
};

/* 32 bytes, no padding: hashed and stored as it is. */
struct trace_event {
    uint64_t time;   /* Cycles since power-on. */
    uint64_t word_a; /* The fields, where kinds.h has them. */
    uint64_t word_b;
    uint32_t vm;    /* TRACE_NO_VM: of no one VM. */
    uint16_t kind;  /* Below TRACE_KIND_COUNT. */
    uint16_t layer; /* The kind's. */
};

enum { TRACE_WORD_A, TRACE_WORD_B };
#define TRACE_MEMBER_A word_a
#define TRACE_MEMBER_B word_b

static inline enum trace_kind trace_kind(const struct trace_event *event)
{
    SIM_ASSERT(event->kind < TRACE_KIND_COUNT);
    return (enum trace_kind)event->kind;
}

/* ---- Fields ------------------------------------------------------------- */

/* trace_cycles_t, trace_vm_state_t and so on. */
#define TYPE(type, c_type, form, meaning) typedef c_type trace_##type##_t;
TRACE_TYPES(TYPE)
#undef TYPE
#define L(tag, STEM, title) typedef enum tag trace_##tag##_t;
VOCABULARIES(L)
#undef L

/* Values are below this; 0: any that the bits can hold. */
enum {
#define TYPE(type, c_type, form, meaning) TRACE_LIMIT_##type = 0,
    TRACE_TYPES(TYPE)
#undef TYPE
#define L(tag, STEM, title) TRACE_LIMIT_##tag = STEM##_COUNT,
        VOCABULARIES(L)
#undef L
};

/* struct trace_fault and so on, by kind; struct trace_packet and so on, by
   subject. */
#define FIELD(name, type, word, shift, bits, legend) trace_##type##_t name;
#define EVENT(KIND, tag, name, LAYER, SUBJECT, meaning, fields) \
    struct trace_##tag {                                        \
        fields                                                  \
    };
#define SUBJECT(SUBJECT, tag, fields) \
    struct trace_##tag {              \
        fields                        \
    };
TRACE_EVENTS(EVENT, FIELD)
TRACE_SUBJECTS(SUBJECT, FIELD)
#undef SUBJECT
#undef EVENT
#undef FIELD

/* The lowest bits of a word. */
#define TRACE_MASK(bits) (UINT64_MAX >> (64 - (bits)))

static inline uint64_t trace_shift_in(uint64_t value, unsigned shift,
                                      unsigned bits, unsigned limit)
{
    SIM_ASSERT(value <= TRACE_MASK(bits) && (limit == 0 || value < limit));
    return value << shift;
}

static inline uint64_t trace_shift_out(uint64_t word, unsigned shift,
                                       unsigned bits, unsigned limit)
{
    uint64_t value = word >> shift & TRACE_MASK(bits);
    SIM_ASSERT(limit == 0 || value < limit);
    return value;
}

/* trace_put_fault and so on: the event, of no time yet. */
#define FIELD(name, type, word, shift, bits, legend)                          \
    event.TRACE_MEMBER_##word |= trace_shift_in((uint64_t)fields.name, shift, \
                                                bits, TRACE_LIMIT_##type);
#define EVENT(KIND, tag, name, LAYER, SUBJECT, meaning, packing) \
    static inline struct trace_event trace_put_##tag(            \
        uint32_t vm, struct trace_##tag fields)                  \
    {                                                            \
        struct trace_event event = { .vm = vm,                   \
                                     .kind = TRACE_##KIND,       \
                                     .layer = TRACE_##LAYER };   \
        packing return event;                                    \
    }
TRACE_EVENTS(EVENT, FIELD)
#undef EVENT
#undef FIELD

/* An event of a kind, its fields by name; those that are not named are 0. */
#define TRACE_EVENT(tag, vm, ...) \
    trace_put_##tag(vm, (struct trace_##tag){ __VA_ARGS__ })

/* True: the event's kind is about the subject. */
bool trace_is_about(const struct trace_event *event,
                    enum trace_subject subject);

/* trace_get_fault and so on, of an event of that kind; trace_get_packet and so
   on, of one that is about that subject. */
#define FIELD(name, type, word, shift, bits, legend) \
    .name = (trace_##type##_t)trace_shift_out(       \
        event->TRACE_MEMBER_##word, shift, bits, TRACE_LIMIT_##type),
#define EVENT(KIND, tag, name, LAYER, SUBJECT, meaning, unpacking) \
    static inline struct trace_##tag trace_get_##tag(              \
        const struct trace_event *event)                           \
    {                                                              \
        SIM_ASSERT(event->kind == TRACE_##KIND);                   \
        return (struct trace_##tag){ unpacking };                  \
    }
#define SUBJECT(SUBJECT, tag, unpacking)                            \
    static inline struct trace_##tag trace_get_##tag(               \
        const struct trace_event *event)                            \
    {                                                               \
        SIM_ASSERT(trace_is_about(event, TRACE_SUBJECT_##SUBJECT)); \
        return (struct trace_##tag){ unpacking };                   \
    }
TRACE_EVENTS(EVENT, FIELD)
TRACE_SUBJECTS(SUBJECT, FIELD)
#undef SUBJECT
#undef EVENT
#undef FIELD
#undef NO_FIELD

#endif /* SIM_TRACE_EVENT_H */
