/*
 * figures.h - the figures of list.h as an enumeration and a table: what each is
 * called, what it is, and its value, of a run that has just ended or of a
 * report that was written.
 */
#ifndef SIM_REPORT_FIGURES_H
#define SIM_REPORT_FIGURES_H

#include <jansson.h>

#include "sim/quantity.h"
#include "sim/report/report.h"

#define FIGURE_UNIT(unit, ...) UNIT_##unit,
enum figure_unit { FIGURE_UNITS(FIGURE_UNIT) };
#define FIGURE_SCOPE(scope, ...) SCOPE_##scope,
enum figure_scope { FIGURE_SCOPES(FIGURE_SCOPE) };
#define FIGURE_PART(part, ...) PART_##part,
enum figure_part { FIGURE_PARTS(FIGURE_PART, ) PART_NONE };
#define FIGURE_SECTION(section, ...) SECTION_##section,
enum figure_section { FIGURE_SECTIONS(FIGURE_SECTION) SECTION_COUNT };
enum figure_storage {
    STORAGE_NUMBER,
    STORAGE_SPLIT,
    STORAGE_DISTRIBUTION,
    STORAGE_BRIEF,
    STORAGE_COMPUTED,
};

/* FIGURE_LOAD_SENT, FIGURE_LOAD_LATENCY_P99: a distribution is its parts. */
#define FIGURE_ID(at, S, NAME, member, STORAGE, ...) \
    FIGURE_ID_##STORAGE(FIGURE_##S##_##NAME)
#define FIGURE_ID_NUMBER(id)                            id,
#define FIGURE_ID_SPLIT(id)                             id,
#define FIGURE_ID_COMPUTED(id)                          id,
#define FIGURE_ID_DISTRIBUTION(id)                      FIGURE_PARTS(FIGURE_PART_ID, id)
#define FIGURE_ID_BRIEF(id)                             FIGURE_BRIEF_PARTS(FIGURE_PART_ID, id)
#define FIGURE_PART_ID(part, key, short, per_mille, id) id##_##part,
enum figure_id { FIGURES(FIGURE_ID, FIGURE_ID) FIGURE_COUNT };

struct figure {
    const char *path; /* "load.latency_ns.p99", "groups[].cpu_ns" */
    const char *row;  /* The path of the row, without the part. */
    const char *label;
    const char *short_name; /* "p99"; NULL: there is none. */
    const char *sentence;
    enum figure_section section;
    enum figure_scope scope;
    enum figure_unit unit;
    enum figure_storage storage;
    enum figure_part part; /* PART_NONE: no part of a distribution. */
    size_t offset; /* In struct stats; for groups in struct group_figures. */
};

/* By enum figure_id: in the order of the report. */
extern const struct figure figure_table[FIGURE_COUNT];

/* ---- Names -------------------------------------------------------------- */

/* A figure, and the number of its group. */
struct figure_ref {
    enum figure_id id;
    uint32_t group; /* 0 unless of SECTION_GROUP. */
};

/* Finds a figure by its path, such as "groups[2].sent", or its short name.
   False: there is none. */
SIM_MUST_USE bool figure_find(const char *name, size_t length,
                              struct figure_ref *ref);

#define FIGURE_NAME_BYTES    64
#define FIGURE_MESSAGE_BYTES 256

/* Write the path, "groups[2].sent", and the short name, or else the path. */
void figure_path(struct figure_ref ref, char path[FIGURE_NAME_BYTES]);
void figure_name(struct figure_ref ref, char name[FIGURE_NAME_BYTES]);

/* "there is no figure 'p98', perhaps p99; ..." */
void figure_describe_unknown(const char *name, size_t length,
                             char message[FIGURE_MESSAGE_BYTES]);

const char *figure_unit_name(enum figure_unit unit);
const char *figure_scope_name(enum figure_scope scope);

/* "mean", "p99.9", "max"; of PART_NONE "". */
const char *figure_part_name(enum figure_part part);

/* NULL: the section stands on no page. */
const char *figure_section_title(enum figure_section section);

/* ---- Values ------------------------------------------------------------- */

/* True: the report has a whole number; false: one with a point. */
bool figure_is_whole(const struct figure *f);

/* Return the value, in the figure's unit, of a figure that is no group's;
   figure_whole takes figures that figure_is_whole. */
uint64_t figure_whole(const struct report *r, enum figure_id id);
double figure_real(const struct report *r, enum figure_id id);

/* Returns what the run says of a percentile of the latency, in cycles. */
struct interval figure_interval(const struct report *r, enum figure_id id);

/* What the VMs of one group got together. */
struct group_figures {
    FIGURE_MEMBERS(GROUP_FIGURES)
};
struct group_figures figures_of_group(const struct report *r,
                                      const struct scenario_vms *group);
uint64_t figure_of_group(const struct report *r, const struct group_figures *g,
                         enum figure_id id);

/* The histogram that a part of a distribution is taken from. */
const struct histogram *figure_histogram(const struct stats *s,
                                         enum figure_id id);

/* Returns how many values the figure takes (hist_least_count) if it is a
   percentile; else 0. */
uint64_t figure_least_count(enum figure_id id);

/* The same, but 0 if it is none of the latency, whose values are answers. */
uint64_t figure_least_answers(enum figure_id id);

/* Looks the figure up in a report that was written, of this program or another
   version's. False: the report has none there. */
SIM_MUST_USE bool figure_read(const json_t *written, struct figure_ref ref,
                              double *value);

/* Finds the first figure that the report lacks, the host's excepted, its
   groups' included. False: the report has all. */
bool figure_find_missing(const json_t *written, struct figure_ref *missing);

/* Returns the value as text with its unit: "1.23 ms", "2,006". A negative value
   is a difference. */
struct quantity figure_text(enum figure_id id, double value);

#endif /* SIM_REPORT_FIGURES_H */
