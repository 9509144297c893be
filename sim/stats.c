/* stats.c - see stats.h. */
#include "sim/stats.h"

#include <string.h>

#include "sim/banned.h"

void stats_init(struct stats *s)
{
    memset(s, 0, sizeof(*s));
    hist_init(&s->gate.wait);
    hist_init(&s->virq.batch);
    hist_init(&s->virq.delay);
    hist_init(&s->load.latency);
}
