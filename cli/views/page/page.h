/*
 * page.h - `iksim run --report FILE`: writes a run as one page that needs no
 * other file, no network and no script. The same run gives the same page.
 */
#ifndef CLI_VIEWS_PAGE_PAGE_H
#define CLI_VIEWS_PAGE_PAGE_H

#include "cli/views/page/collect.h"
#include "sim/report/report.h"

struct page {
    const char *path; /* Borrowed. */
    FILE *file;       /* NULL: the file is not open. */
    struct collect collect;
};

/*
 * Opens the file and watches all events of `trace`, of a run that `info`
 * describes; both are borrowed until page_release, which is allowed either
 * way. False: `message` says why.
 */
SIM_MUST_USE bool page_open(struct page *p, const char *path,
                            const struct trace_info *info, struct trace *trace,
                            char message[SCENARIO_MESSAGE_BYTES]);

/* Writes the page, when the run has ended. False: `message` says why. */
SIM_MUST_USE bool page_write(struct page *p, const struct report *report,
                             char message[SCENARIO_MESSAGE_BYTES]);
void page_release(struct page *p);

/* ---- The parts of a page ---- */

/* page_figures.c: plots over virtual time, and distributions. */
void page_figures(FILE *file, const struct collect *c,
                  const struct report *report);

/* page_groups.c: what the groups got and did. */
void page_groups(FILE *file, const struct collect *c);

/* page_tables.c: every figure of the report. */
void page_tables(FILE *file, const struct report *report);

#endif /* CLI_VIEWS_PAGE_PAGE_H */
