/*
 * leaks.c - linked into sanitized programs that open an engine: the engine
 * itself loses 32 bytes each time (Unicorn 2.1.1), which says nothing of us.
 */

/* The sanitizer's runtime asks for both by these names. */
const char *__lsan_default_options(void);
const char *__lsan_default_suppressions(void);

const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}

const char *__lsan_default_suppressions(void)
{
    return "leak:libunicorn.so\n";
}
