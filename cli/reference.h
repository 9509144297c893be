/*
 * reference.h - the reference guests: the bundled guests as the one compiler of
 * cmake/guest.cmake builds them, to the same bytes on every machine. The
 * documents' figures are of them; with others, a run has other figures.
 *
 * Their hashes stand in workloads/guests/reference.txt, which `iksim guests
 * --hashes` writes anew, and are compiled in.
 */
#ifndef CLI_REFERENCE_H
#define CLI_REFERENCE_H

#include "sim/base.h"

/* The image whose file has this XXH3-128, in hexadecimal, is a reference
   guest: that of this name. With NULL, any. */
bool reference_has(const char *hash, const char *name);

#endif /* CLI_REFERENCE_H */
