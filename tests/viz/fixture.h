/* fixture.h - a machine that is watched, with letters of known size. */
#ifndef TESTS_VIZ_FIXTURE_H
#define TESTS_VIZ_FIXTURE_H

#include "sim/arena.h"
#include "tests/viz/machine.h"
#include "viz/app.h"

struct watch {
    struct arena arena;
    struct machine machine;
    struct app app;
    struct draw_metrics metrics; /* Every letter is as wide as any. */
};

void watch_init(struct watch *w, uint32_t vms, uint32_t frames,
                uint32_t step_limit);
void watch_release(struct watch *w);

/* Up to `time`, or the end. */
void watch_until(struct watch *w, uint64_t time);

/* A picture of that size with the metrics; into w->app.draw. */
void watch_draw(struct watch *w, const struct draw_metrics *metrics,
                int32_t width, int32_t height);

#endif /* TESTS_VIZ_FIXTURE_H */
