/*
 * legend.h - kinds.h at run time: what each kind of event is, and each of its
 * fields, for whoever writes events down without knowing their kinds.
 */
#ifndef SIM_TRACE_LEGEND_H
#define SIM_TRACE_LEGEND_H

#include "sim/trace/event.h"
#include "sim/vocabulary/vocabulary.h"

/* How the values of a type are written. */
enum trace_form {
    TRACE_FORM_COUNT,
    TRACE_FORM_NUMBER,  /* The number of a thing; UINT32_MAX: no thing. */
    TRACE_FORM_CYCLES,  /* A span. */
    TRACE_FORM_TIME,    /* A cycle since power-on; TIME_NEVER. */
    TRACE_FORM_VM,      /* By number and name; TRACE_NO_VM. */
    TRACE_FORM_ADDRESS, /* In hexadecimal. */
    TRACE_FORM_VIRQS,   /* A bit for each of virq_words. */
    TRACE_FORM_VINSN,   /* One of virtual_insn_words, and VI_FIRST. */
    TRACE_FORM_FLAG,
    TRACE_FORM_HIDDEN, /* Says nothing of what was decided. */
    TRACE_FORM_WORD,   /* One of `words`. */
};

struct trace_type {
    const char *name;
    enum trace_form form;
    const struct vocabulary *words; /* NULL unless TRACE_FORM_WORD. */
    const char *meaning;
};

struct trace_field {
    const char *name;
    const struct trace_type *type;
    uint8_t word, shift, bits; /* The place of its value. */
    const char *legend;
};

struct trace_kind_info {
    const char *name;
    enum trace_layer layer;
    enum trace_subject subject;
    const char *meaning; /* A sentence without its end. */
    const struct trace_field *fields;
    uint32_t field_count; /* At least 1. */
};

extern const struct trace_kind_info trace_kinds[TRACE_KIND_COUNT];

/* All types, those of words last; ended by NULL. */
extern const struct trace_type *const trace_types[];

uint64_t trace_value(const struct trace_event *event,
                     const struct trace_field *field);

/* True: the event can have been emitted: its kind and layer exist, each of its
   words exists, and no bit beside its fields is set. */
bool trace_is_sound(const struct trace_event *event);

#endif /* SIM_TRACE_LEGEND_H */
