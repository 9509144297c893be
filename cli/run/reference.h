/*
 * reference.h - the reference guests: the bundled guests as the one compiler of
 * cmake/guest.cmake builds them, to the same bytes on every machine. The
 * documents' figures are of them; with others, a run has other figures.
 *
 * Their hashes stand in workloads/guests/reference.txt, which `iksim guests
 * --hashes` writes anew, and are compiled in.
 */
#ifndef CLI_RUN_REFERENCE_H
#define CLI_RUN_REFERENCE_H

#include "isa/image.h"
#include "sim/trace/trace.h"
#include "sim/vocabulary/words.h"

struct session;

/* XXH3-128 of the image's file, as `xxhsum -H2` prints it. */
void reference_hash(const struct image *image, char hex[FINGERPRINT_CHARS]);

/* The name of the reference guest that the image is; NULL: it is none. */
const char *reference_name(const struct image *image);

/* GUESTS_REFERENCE if all images of the run are reference guests. */
enum guests reference_judge(const struct session *s);

#endif /* CLI_RUN_REFERENCE_H */
