/* ioctl.h - <sys/ioctl.h> of Ilwaco's libc: of a socket. */
#ifndef ILWACO_SYS_IOCTL_H
#define ILWACO_SYS_IOCTL_H

#define FIONREAD 0x541B
#define FIONBIO  0x5421

int ioctl(int fd, int command, ...);

#endif /* ILWACO_SYS_IOCTL_H */
