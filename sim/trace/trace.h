/*
 * trace.h - every decision of the simulation, as one stream of events.
 *
 * Whatever happens is said once, here, as an event (event.h); fingerprints and
 * views are folded from the stream and never feed back into it. Only simulated
 * quantities may appear: no host time, no address, no count of TLB fills.
 */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include "sim/trace/legend.h"

/* Sees each event after it was folded in. It changes nothing. */
typedef void trace_sink_fn(void *ctx, const struct trace_event *event);

#define FINGERPRINT_CHARS 33 /* 32 hexadecimal digits and the 0. */

struct trace; /* Opaque: hash states and sinks. */

struct arena;

/* NULL when the arena is full. */
struct trace *trace_create(struct arena *arena);
void trace_release(struct trace *t); /* NULL is allowed. */

/* At most 5 sinks. */
void trace_add_sink(struct trace *t, trace_sink_fn *fn, void *ctx);

/* `event` is of TRACE_EVENT; it gets its time here. */
void trace_emit(struct trace *t, uint64_t time, struct trace_event event);

/* XXH3-64: what an event says of bytes that it cannot hold. */
uint64_t trace_hash(const void *bytes, size_t count);

/* XXH3-128 of bytes, in hexadecimal. */
void trace_hash_wide(const void *bytes, size_t count,
                     char hex[FINGERPRINT_CHARS]);

/* XXH3-128 of the layer's events so far. */
void trace_layer_fingerprint(const struct trace *t, enum trace_layer layer,
                             char hex[FINGERPRINT_CHARS]);

/* XXH3-128 of the layers' fingerprints, in their order. */
void trace_fingerprint(const struct trace *t, char hex[FINGERPRINT_CHARS]);

#endif /* SIM_TRACE_H */
