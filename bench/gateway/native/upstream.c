// A model server that costs next to nothing: one thread, epoll, keep-alive, fixed answers.
// A body with "stream":true is answered with 64 SSE chunks and [DONE]; "paced-N" in it sets N ms between chunks,
// otherwise they come back to back. Every chunk carries the monotonic clock as fp_<19 digits>, so that the load
// generator sees how long each one was on its way.
// upstream PORT
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CHUNKS = 64, FD_MAX = 16384, EVENTS = 256 };

struct connection {
  int fd, active_at; // active_at: place among the streaming ones, -1 when not
  size_t length, capacity;
  char *bytes;
  int streaming, chunks_sent;
  long interval_ns, due_ns;
};

static struct connection *connections[FD_MAX], *active[FD_MAX];
static int active_count, epoll_fd;
static char answer[2048];
static int answer_length;

static long now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void deactivate(struct connection *c) {
  if (c->active_at < 0) return;
  active[c->active_at] = active[--active_count];
  active[c->active_at]->active_at = c->active_at;
  c->active_at = -1;
}

static void drop(struct connection *c) {
  deactivate(c);
  close(c->fd);
  connections[c->fd] = NULL;
  free(c->bytes);
  free(c);
}

static int write_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return -1;
    if (sent < 0) {
      struct pollfd writable = {.fd = fd, .events = POLLOUT};
      poll(&writable, 1, 1000);
      continue;
    }
    bytes += sent;
    length -= sent;
  }
  return 0;
}

static int send_chunk(struct connection *c) {
  char data[512], framed[640];
  int last = c->chunks_sent == CHUNKS;
  int length = last ? sprintf(data, "data: [DONE]\n\n")
                    : sprintf(data,
                              "data: {\"id\":\"chatcmpl-bench00000000000000000000\",\"object\":\"chat.completion.chunk\","
                              "\"created\":1700000000,\"model\":\"bench\",\"system_fingerprint\":\"fp_%019ld\",\"choices\":"
                              "[{\"index\":0,\"delta\":{\"content\":\" tok%d\"},\"finish_reason\":null}]}\n\n",
                              now_ns(), c->chunks_sent % 10);
  int framed_length = sprintf(framed, "%x\r\n%s\r\n%s", length, data, last ? "0\r\n\r\n" : "");
  if (write_all(c->fd, framed, framed_length) < 0) return -1;
  c->chunks_sent++;
  if (last) {
    c->streaming = 0;
    deactivate(c);
  }
  return 0;
}

static int start_stream(struct connection *c, const char *body, size_t length) {
  static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n";
  const char *pace = memmem(body, length, "paced-", 6);
  c->interval_ns = pace ? atol(pace + 6) * 1000000L : 0;
  c->chunks_sent = 0;
  c->streaming = 1;
  if (write_all(c->fd, head, sizeof head - 1) < 0) return -1;
  if (c->interval_ns > 0) {
    c->due_ns = now_ns() + c->interval_ns;
    c->active_at = active_count;
    active[active_count++] = c;
    return send_chunk(c);
  }
  while (c->streaming)
    if (send_chunk(c) < 0) return -1;
  return 0;
}

// Answers every complete request in the buffer; a stream first ends before the next request is looked at.
static int process(struct connection *c) {
  while (!c->streaming) {
    char *end = memmem(c->bytes, c->length, "\r\n\r\n", 4);
    if (!end) return 0;
    *end = 0;
    char *field = strcasestr(c->bytes, "\r\ncontent-length:");
    if (strcasestr(c->bytes, "\r\ntransfer-encoding:")) return -1; // nobody here sends chunked bodies
    size_t head = end + 4 - c->bytes, body = field ? strtoul(field + 17, NULL, 10) : 0;
    *end = '\r';
    if (c->length < head + body) return 0;
    const char *json = c->bytes + head;
    int streams = memmem(json, body, "\"stream\":true", 13) || memmem(json, body, "\"stream\": true", 14);
    int failed = streams ? start_stream(c, json, body) : write_all(c->fd, answer, answer_length);
    if (failed) return -1;
    c->length -= head + body;
    memmove(c->bytes, c->bytes + head + body, c->length);
  }
  return 0;
}

static int receive(struct connection *c) {
  for (;;) {
    if (c->length == c->capacity) c->bytes = realloc(c->bytes, (c->capacity *= 2) + 1);
    ssize_t wanted = c->capacity - c->length, got = recv(c->fd, c->bytes + c->length, wanted, 0);
    if (got == 0 || (got < 0 && errno != EAGAIN)) return -1;
    if (got > 0) c->length += got;
    if (got < wanted) return process(c);
  }
}

static void accept_all(int listener) {
  int on = 1;
  for (int fd; (fd = accept4(listener, 0, 0, SOCK_NONBLOCK)) >= 0;) {
    if (fd >= FD_MAX) {
      close(fd);
      continue;
    }
    struct connection *c = calloc(1, sizeof *c);
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.fd = fd};
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    c->fd = fd;
    c->active_at = -1;
    c->bytes = malloc((c->capacity = 8192) + 1);
    connections[fd] = c;
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
  }
}

static void stream_due(void) {
  long now = now_ns();
  for (int i = active_count - 1; i >= 0; i--) {
    struct connection *c = active[i];
    if (c->due_ns > now) continue;
    c->due_ns += c->interval_ns;
    if (send_chunk(c) < 0 || process(c) < 0) drop(c);
  }
}

static int wait_ready(struct epoll_event *events) {
  if (active_count == 0) return epoll_wait(epoll_fd, events, EVENTS, -1);
  long earliest = active[0]->due_ns;
  for (int i = 1; i < active_count; i++)
    if (active[i]->due_ns < earliest) earliest = active[i]->due_ns;
  long wait = earliest - now_ns();
  if (wait < 0) wait = 0;
  struct timespec patience = {wait / 1000000000L, wait % 1000000000L};
  return epoll_pwait2(epoll_fd, events, EVENTS, &patience, NULL);
}

static void prepare_answer(void) {
  static const char text[] =
      "A mill race is the channel that brings water to the wheel, and the tail race is the one that carries it away. "
      "The wider the channel, the more wheels can turn at once; the sluice at its head keeps the flood of a thunderstorm "
      "away from all of them.";
  char json[1024];
  int length = sprintf(json,
                       "{\"id\":\"chatcmpl-bench00000000000000000000\",\"object\":\"chat.completion\",\"created\":1700000000,"
                       "\"model\":\"bench\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"%s\","
                       "\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":200,"
                       "\"completion_tokens\":48,\"total_tokens\":248},\"system_fingerprint\":\"fp_0000000000\"}",
                       text);
  answer_length = sprintf(answer, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                          length, json);
}

int main(int count, char **args) {
  if (count != 2) return fprintf(stderr, "upstream PORT\n"), 2;
  int on = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(args[1]))};
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[EVENTS];
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  signal(SIGPIPE, SIG_IGN);
  prepare_answer();
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)) return perror("upstream"), 1;
  epoll_fd = epoll_create1(0);
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    int ready = wait_ready(events);
    for (int i = 0; i < ready; i++) {
      struct connection *c = connections[events[i].data.fd];
      if (events[i].data.fd == listener) accept_all(listener);
      else if (c && receive(c) < 0) drop(c);
    }
    stream_due();
  }
}
