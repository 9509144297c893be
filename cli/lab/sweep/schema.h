/*
 * schema.h - the tables and views of a database of runs; docs/sweep.md
 * describes them. A change to a table is a new version, and databases of other
 * versions are refused, and so are those whose tables say anything else. Views
 * are made anew when they differ: that of figures follows from the list of
 * figures, which grows.
 */
#ifndef CLI_LAB_SWEEP_SCHEMA_H
#define CLI_LAB_SWEEP_SCHEMA_H

#define SCHEMA_VERSION 2

extern const char schema_tables[];

/* A row for each number of a report. */
extern const char schema_metrics_view[];

/* A table that older databases of this version may lack. */
extern const char schema_pilots[];

/* Returns the SQL of the view: a column for each figure, but for those of
   groups. The caller frees the text; NULL: out of memory. */
char *schema_figures_view(void);

#endif /* CLI_LAB_SWEEP_SCHEMA_H */
