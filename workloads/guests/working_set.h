/*
 * working_set.h - memory that a guest touches again and again, in place of
 * what a larger program would: whole pages, by rising address. The first word
 * of each says how often it was touched; one that does not has been lost, and
 * that is a panic.
 */
#ifndef WORKLOADS_GUESTS_WORKING_SET_H
#define WORKLOADS_GUESTS_WORKING_SET_H

#include <stdint.h>

/* Reserves pages for `size_bytes`, none for 0, and touches them. Once. */
void working_set_make(uint32_t size_bytes);

/* Reads, compares and counts up each page. */
void working_set_touch(void);

#endif /* WORKLOADS_GUESTS_WORKING_SET_H */
