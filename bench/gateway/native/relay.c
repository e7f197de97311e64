// The floor: bytes from one socket to another, no HTTP. What any proxy on this machine pays at the least.
// relay LISTEN_PORT UPSTREAM_PORT
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FD_MAX = 16384, EVENTS = 256 };
static int peer_of[FD_MAX];
static int epoll_fd;

static struct sockaddr_in loopback(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static void watch(int fd) {
  int on = 1;
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

static void pair_up(int client, int upstream_port) {
  struct sockaddr_in address = loopback(upstream_port);
  int upstream = socket(AF_INET, SOCK_STREAM, 0);
  if (upstream < 0 || upstream >= FD_MAX || client >= FD_MAX ||
      connect(upstream, (struct sockaddr *)&address, sizeof address) != 0) {
    close(client);
    if (upstream >= 0) close(upstream);
    return;
  }
  peer_of[client] = upstream;
  peer_of[upstream] = client;
  watch(client);
  watch(upstream);
}

static void part(int fd) {
  int peer = peer_of[fd];
  peer_of[fd] = peer_of[peer] = 0;
  close(fd);
  close(peer);
}

static void pass_on(int from) {
  static char bytes[1 << 18];
  int to = peer_of[from];
  if (to == 0) return;
  ssize_t length = recv(from, bytes, sizeof bytes, MSG_DONTWAIT);
  if (length < 0 && errno == EAGAIN) return;
  if (length <= 0) return part(from);
  for (ssize_t done = 0; done < length;) {
    ssize_t sent = send(to, bytes + done, length - done, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return part(from);
    if (sent < 0) {
      struct pollfd writable = {.fd = to, .events = POLLOUT};
      poll(&writable, 1, 1000);
    } else {
      done += sent;
    }
  }
}

int main(int count, char **args) {
  if (count != 3) return fprintf(stderr, "relay LISTEN_PORT UPSTREAM_PORT\n"), 2;
  int on = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = loopback(atoi(args[1]));
  signal(SIGPIPE, SIG_IGN);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)) return perror("relay"), 1;
  epoll_fd = epoll_create1(0);
  watch(listener);
  for (;;) {
    struct epoll_event events[EVENTS];
    int ready = epoll_wait(epoll_fd, events, EVENTS, -1);
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd != listener) {
        pass_on(fd);
        continue;
      }
      for (int client; (client = accept4(listener, 0, 0, SOCK_NONBLOCK)) >= 0;) pair_up(client, atoi(args[2]));
    }
  }
}
