/* page.h - the table of groups in a run's page, held to a shadow. */
#ifndef TESTS_SHADOW_PAGE_H
#define TESTS_SHADOW_PAGE_H

#include <stdio.h>

#include "tests/shadow/shadow.h"

/* Prints what is wrong in the page `html`, and returns how much is. */
unsigned page_judge(const struct shadow *s, char *html, FILE *out);

#endif /* TESTS_SHADOW_PAGE_H */
