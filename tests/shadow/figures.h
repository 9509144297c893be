/* figures.h - what a report, and a table of VMs, should say, by a shadow. */
#ifndef TESTS_SHADOW_FIGURES_H
#define TESTS_SHADOW_FIGURES_H

#include "tests/shadow/expect.h"
#include "tests/shadow/shadow.h"

/* What the trace cannot tell, and why; a NULL path ends it. */
extern const struct untold figures_untold[];

/* The fingerprints by layer, the run's after them: those of the trace's end. */
void figures_expect(struct expectations *e, const struct shadow *s,
                    const char (*fingerprints)[FINGERPRINT_CHARS]);

/* A VM's line of `--vms` as an object of its columns. */
void figures_expect_vm(struct expectations *e, const struct shadow *s,
                       uint32_t number);

#endif /* TESTS_SHADOW_FIGURES_H */
