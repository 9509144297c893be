/* unistd.h - of Ilwaco's libc: what programs with sockets and threads use. */
#ifndef ILWACO_UNISTD_H
#define ILWACO_UNISTD_H

#include <sys/types.h>

#define STDIN_FILENO  0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2

unsigned sleep(unsigned seconds);
int usleep(useconds_t us);

/* Of sockets; 0 reads from the console, 1 and 2 write to it. With --net. */
ssize_t read(int fd, void *room, size_t bytes);
ssize_t write(int fd, const void *data, size_t bytes);
int close(int fd);

#endif /* ILWACO_UNISTD_H */
