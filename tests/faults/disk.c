/* A disk that fails when it is told to: preloaded, so that SQLite, tantivy, FAISS and Python meet it
   alike. Every operation that changes a file below `under` is counted; the ones from `first` to
   `last` fail with `code`. A write that fails has written half of what it was given. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char under[4096];
static long count, first, last, armed;
static int code;

void disk_arm(const char *folder, long from, long to, int error) {
    snprintf(under, sizeof under, "%s/", folder);
    count = 0, first = from, last = to, code = error;
    __atomic_store_n(&armed, 1, __ATOMIC_SEQ_CST);
}

long disk_disarm(void) {
    __atomic_store_n(&armed, 0, __ATOMIC_SEQ_CST);
    return count;
}

static int strikes(const char *path) {
    if (!__atomic_load_n(&armed, __ATOMIC_SEQ_CST) || strncmp(path, under, strlen(under))) return 0;
    long now = __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);
    if (now < first || now > last) return 0;
    errno = code;
    return 1;
}

static int strikes_file(int fd) {
    if (!__atomic_load_n(&armed, __ATOMIC_SEQ_CST)) return 0;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strikes(path);
}

#define REAL(type, name, ...)                                  \
    static type (*real)(__VA_ARGS__);                          \
    if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

#define OPEN(name)                                                        \
    int name(const char *path, int flags, ...) {                          \
        REAL(int, #name, const char *, int, ...);                         \
        va_list rest;                                                     \
        va_start(rest, flags);                                            \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest);                                                     \
        if ((flags & O_CREAT || code == EMFILE) && strikes(path)) return -1; \
        return real(path, flags, mode);                                   \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                      \
    int name(int at, const char *path, int flags, ...) {                  \
        REAL(int, #name, int, const char *, int, ...);                    \
        va_list rest;                                                     \
        va_start(rest, flags);                                            \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest);                                                     \
        if ((flags & O_CREAT || code == EMFILE) && strikes(path)) return -1; \
        return real(at, path, flags, mode);                               \
    }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int fd, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    if (!strikes_file(fd)) return real(fd, data, size);
    if (real(fd, data, size / 2) < 0) return -1;
    return errno = code, -1;
}

#define PWRITE(name)                                                      \
    ssize_t name(int fd, const void *data, size_t size, off_t at) {       \
        REAL(ssize_t, #name, int, const void *, size_t, off_t);           \
        if (!strikes_file(fd)) return real(fd, data, size, at);           \
        if (real(fd, data, size / 2, at) < 0) return -1;                  \
        return errno = code, -1;                                          \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

ssize_t writev(int fd, const struct iovec *parts, int n) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    return strikes_file(fd) ? -1 : real(fd, parts, n);
}

#define OF_FILE(name)                                     \
    int name(int fd) {                                    \
        REAL(int, #name, int);                            \
        return strikes_file(fd) ? -1 : real(fd);          \
    }
OF_FILE(fsync)
OF_FILE(fdatasync)

#define TRUNCATE(name)                                        \
    int name(int fd, off_t size) {                            \
        REAL(int, #name, int, off_t);                         \
        return strikes_file(fd) ? -1 : real(fd, size);        \
    }
TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    return strikes(to) ? -1 : real(from, to);
}

int link(const char *from, const char *to) {
    REAL(int, "link", const char *, const char *);
    return strikes(to) ? -1 : real(from, to);
}

int mkdir(const char *path, mode_t mode) {
    REAL(int, "mkdir", const char *, mode_t);
    return strikes(path) ? -1 : real(path, mode);
}

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    return code == EIO && strikes(path) ? -1 : real(path);
}
