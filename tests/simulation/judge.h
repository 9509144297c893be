/*
 * judge.h - whether what a trace tells could have happened: rules that hold for
 * every run, whatever was drawn. They are written from the documents, read
 * events and nothing else, and share no code with what they judge.
 *
 *   time      each cycle is charged once, and no event is out of its time
 *   state     a VM does only what its state lets it
 *   schedule  who is READY runs within the bound that its scheduler promises,
 *             and nobody idles meanwhile
 *   interrupt what is raised is delivered, wakes, and nothing else is
 *   deadline  an idle VM wakes at its time
 *   paging    a page that a VM waits for is on its way
 *   frames    a frame has one owner, and a page that was written is not lost
 *   disk      a spindle that is asked answers, each request once
 *   packet    each frame is in one place, gets on in time and in order, and
 *             ends once
 *   request   a request is answered or given up, once, by its timeout
 *   ending    a VM ends as its group should
 */
#ifndef TESTS_SIMULATION_JUDGE_H
#define TESTS_SIMULATION_JUDGE_H

#include "sim/trace/file.h"

#define FINDING_BYTES 256

struct judge; /* Opaque. */

/* `info` is borrowed. NULL: it does not say the scenario. */
struct judge *judge_create(const struct trace_info *info);
void judge_release(struct judge *j);

void judge_event(struct judge *j, const struct trace_event *event);

/* After the last event of a run that was not killed: what is open then. */
void judge_finish(struct judge *j);

/* The first thing that cannot be, as "RULE: a sentence"; "": none. */
const char *judge_finding(const struct judge *j);

/* Reads a trace to its end, and judges it. False: the file is no trace;
   `finding` says why. */
bool judge_file(const char *path, char finding[FINDING_BYTES]);

/* Whether the first trace's events are the second's first ones: what is left of
   a run that was cut. The last step of the cut one may differ: its stretch is
   shorter. False: `finding` says where they part. */
bool judge_prefix(const char *cut, const char *whole,
                  char finding[FINDING_BYTES]);

#endif /* TESTS_SIMULATION_JUDGE_H */
