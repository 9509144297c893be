/*
 * schema.h - what is in a database of runs; docs/sweep.md describes it. A
 * change to a table is a new version, and databases of others are refused; the
 * view of figures follows from their list, and is made anew when that has
 * grown.
 */
#ifndef CLI_LAB_SWEEP_SCHEMA_H
#define CLI_LAB_SWEEP_SCHEMA_H

#define SCHEMA_VERSION 2

extern const char schema_tables[];

/* A column for each figure, but for those of groups. To be freed; NULL: out of
   memory. */
char *schema_figures_view(void);

#endif /* CLI_LAB_SWEEP_SCHEMA_H */
