/* A disk that fails on demand, for tests: loaded before libc, it looks at the file named by ZUGABE_FAULT. While that holds
   "fsync", what is to be forced to the disk fails; "full": there is no room; "torn": half of what is written is, and then
   there is no room. Only files whose name has "books.sqlite" in it are concerned. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int fault(int fd, const char *kind) {
  char link[64], name[4096], now[16] = "";
  const char *path = getenv("ZUGABE_FAULT");
  if (!path) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, name, sizeof name - 1);
  if (length <= 0) return 0;
  name[length] = 0;
  if (!strstr(name, "books.sqlite") || strstr(name, "-lock")) return 0;
  int file = open(path, O_RDONLY);
  if (file < 0) return 0;
  ssize_t got = read(file, now, sizeof now - 1);
  close(file);
  return got > 0 && strncmp(now, kind, strlen(kind)) == 0;
}

int fsync(int fd) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "fsync");
  if (fault(fd, "fsync")) { errno = EIO; return -1; }
  return real(fd);
}

int fdatasync(int fd) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
  if (fault(fd, "fsync")) { errno = EIO; return -1; }
  return real(fd);
}

ssize_t pwrite64(int fd, const void *from, size_t count, off64_t at) {
  static ssize_t (*real)(int, const void *, size_t, off64_t);
  if (!real) real = dlsym(RTLD_NEXT, "pwrite64");
  if (fault(fd, "full")) { errno = ENOSPC; return -1; }
  if (fault(fd, "torn")) {
    if (count > 64) return real(fd, from, count / 2, at);
    errno = ENOSPC;
    return -1;
  }
  return real(fd, from, count, at);
}

ssize_t pwrite(int fd, const void *from, size_t count, off_t at) { return pwrite64(fd, from, count, at); }
