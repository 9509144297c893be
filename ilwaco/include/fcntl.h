/* fcntl.h - of Ilwaco's libc: of a socket. */
#ifndef ILWACO_FCNTL_H
#define ILWACO_FCNTL_H

#define O_RDONLY   0
#define O_WRONLY   1
#define O_RDWR     2
#define O_ACCMODE  3
#define O_NONBLOCK 04000

#define F_GETFL 3
#define F_SETFL 4

int fcntl(int fd, int command, ...);

#endif /* ILWACO_FCNTL_H */
