/*
 * banned.h - calls that would make a run depend on its host, or overrun a
 * buffer. Include it last: after it, these names do not compile as calls.
 *
 * Memory comes from arenas; sim itself defines SIM_MAY_ALLOCATE where a
 * library or the event heap needs more.
 */
#ifndef SIM_BANNED_H
#define SIM_BANNED_H

#define BANNED(name) sorry_##name##_is_banned_see_sim_banned_h

/* Hidden clocks, hidden state, the environment. */
#undef rand
#define rand() BANNED(rand)
#undef srand
#define srand(seed) BANNED(srand)
#undef random
#define random() BANNED(random)
#undef time
#define time(to) BANNED(time)
#undef clock
#define clock() BANNED(clock)
#undef getenv
#define getenv(name) BANNED(getenv)
#undef strtok
#define strtok(text, separators) BANNED(strtok)

/* No room is given. */
#undef sprintf
#define sprintf(...) BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) BANNED(vsprintf)
#undef strcpy
#define strcpy(to, from) BANNED(strcpy)
#undef strcat
#define strcat(to, from) BANNED(strcat)
#undef strncpy
#define strncpy(to, from, count) BANNED(strncpy)
#undef gets
#define gets(to) BANNED(gets)

#ifndef SIM_MAY_ALLOCATE
#undef malloc
#define malloc(size) BANNED(malloc)
#undef calloc
#define calloc(count, size) BANNED(calloc)
#undef realloc
#define realloc(old, size) BANNED(realloc)
#endif

#endif /* SIM_BANNED_H */
