// Load on 127.0.0.1 over keep-alive connections: closed loop (rate 0) or open loop (fixed arrival rate; latency counts
// from when a request was due). Reads JSON answers and SSE streams. Prints one line of JSON; times in microseconds.
// load PORT CONNECTIONS SECONDS RATE BODY_FILE [HEADER ...]
// LOAD_PATH: where to POST (default /v1/chat/completions). LOAD_POISSON=1: an open loop with arrivals by chance.
// LOAD_WITHIN_MS: counts answers of 200 within that time, and waits that long at the end for those under way.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BUCKETS = 4000, EVENTS = 256, HEAD_MAX = 4096, BODY_MAX = 1 << 22 };
enum part { HEAD, FIXED, SIZE_LINE, CHUNK, CHUNK_END, TRAILER };

struct connection {
  int fd, busy, status, closes, line_length, stamp_at;
  enum part part;
  long left, since_ns;
  size_t head_length;
  char head[HEAD_MAX], line[32], stamp[24];
};

struct histogram { // logarithmic, 0.5 % wide, from one microsecond
  long count, buckets[BUCKETS];
};

static struct histogram latency, chunk_delay;
static long chunks, settled_ns; // delays of chunks count from then on
static long done, errors, refused, missed, first_refusal, sent, in_time, within_ns, latency_sum_ns;
static unsigned long chance = 88172645463325252UL;
static char *request;
static size_t request_length;
static int port, epoll_fd;

static long now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void add(struct histogram *h, long ns) {
  double us = ns / 1000.0;
  int at = us <= 1 ? 0 : (int)(log(us) / log(1.005));
  h->buckets[at < BUCKETS ? at : BUCKETS - 1]++;
  h->count++;
}

static double quantile(const struct histogram *h, double q) {
  long wanted = (long)ceil(h->count * q), seen = 0;
  for (int i = 0; i < BUCKETS; i++)
    if ((seen += h->buckets[i]) >= wanted && seen > 0) return pow(1.005, i + 0.5);
  return 0;
}

static void connect_again(struct connection *c) {
  int on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (c->fd > 0) close(c->fd);
  c->busy = 0;
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(c->fd, (struct sockaddr *)&address, sizeof address)) perror("load: connect"), exit(1);
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, c->fd, &event);
}

// Exponential with mean 1 (xorshift64).
static double exponential(void) {
  chance ^= chance << 13, chance ^= chance >> 7, chance ^= chance << 17;
  return -log(((chance >> 11) + 1) / 9007199254740993.0);
}

static void ask(struct connection *c, long since_ns) {
  sent++;
  c->since_ns = since_ns;
  c->busy = 1;
  c->part = HEAD;
  c->head_length = c->stamp_at = 0;
  if (send(c->fd, request, request_length, MSG_NOSIGNAL) == (ssize_t)request_length) return;
  errors++;
  connect_again(c);
}

// Finds `fp_` and 19 digits, wherever the pieces are cut, and takes the time since.
static void look_for_stamps(struct connection *c, const char *bytes, long length, long now) {
  for (long i = 0; i < length; i++) {
    char b = bytes[i];
    if (c->stamp_at < 3) {
      c->stamp_at = b == "fp_"[c->stamp_at] ? c->stamp_at + 1 : b == 'f';
      continue;
    }
    if (b < '0' || b > '9') {
      c->stamp_at = 0;
      continue;
    }
    c->stamp[c->stamp_at++ - 3] = b;
    if (c->stamp_at < 22) continue;
    c->stamp[19] = 0;
    c->stamp_at = 0;
    chunks++;
    if (now >= settled_ns) add(&chunk_delay, now - atol(c->stamp));
  }
}

static void finish(struct connection *c, long now) {
  c->busy = 0;
  done++;
  if (c->status != 200) {
    refused++;
    if (!first_refusal) first_refusal = c->status;
  } else if (now - c->since_ns <= within_ns) in_time++;
  add(&latency, now - c->since_ns);
  latency_sum_ns += now - c->since_ns;
  if (c->closes) connect_again(c);
}

// Takes bytes of the head; gives how many it took, or -1 when the head is too long.
static long read_head(struct connection *c, const char *bytes, long length, long now) {
  size_t before = c->head_length, room = HEAD_MAX - 1 - before;
  size_t taken = (size_t)length < room ? (size_t)length : room;
  memcpy(c->head + before, bytes, taken);
  c->head[c->head_length += taken] = 0;
  char *end = strstr(c->head, "\r\n\r\n");
  if (!end) return c->head_length >= HEAD_MAX - 1 ? -1 : (long)taken;
  taken = end + 4 - c->head - before;
  *end = 0;
  char *size = strcasestr(c->head, "\r\ncontent-length:");
  int chunked = strcasestr(c->head, "\r\ntransfer-encoding: chunked") != NULL;
  c->status = atoi(c->head + 9);
  c->closes = strcasestr(c->head, "\r\nconnection: close") != NULL;
  c->left = size ? atol(size + 17) : 0;
  c->line_length = 0;
  c->part = chunked ? SIZE_LINE : FIXED;
  if (!chunked && c->left == 0) finish(c, now);
  return taken;
}

static long read_data(struct connection *c, const char *bytes, long length, long now) {
  long taken = length < c->left ? length : c->left;
  look_for_stamps(c, bytes, taken, now);
  c->left -= taken;
  if (c->left > 0) return taken;
  if (c->part == FIXED) finish(c, now);
  else c->part = CHUNK_END;
  return taken;
}

static void read_line_byte(struct connection *c, char b, long now) {
  if (b != '\n') {
    if (c->line_length < 31 && b != '\r') c->line[c->line_length++] = b;
    return;
  }
  c->line[c->line_length] = 0;
  enum part part = c->part;
  int empty = c->line_length == 0;
  c->line_length = 0;
  if (part == TRAILER && empty) finish(c, now);
  if (part == CHUNK_END) c->part = SIZE_LINE;
  if (part != SIZE_LINE) return;
  c->left = strtol(c->line, NULL, 16);
  c->part = c->left ? CHUNK : TRAILER;
}

static int feed(struct connection *c, const char *bytes, long length, long now) {
  while (length > 0 && c->busy) {
    long taken = 1;
    if (c->part == HEAD) taken = read_head(c, bytes, length, now);
    else if (c->part == FIXED || c->part == CHUNK) taken = read_data(c, bytes, length, now);
    else read_line_byte(c, *bytes, now);
    if (taken < 0) return -1;
    bytes += taken;
    length -= taken;
  }
  return 0;
}

static void hear(struct connection *c) {
  static char bytes[1 << 18];
  ssize_t got = recv(c->fd, bytes, sizeof bytes, MSG_DONTWAIT);
  if (got < 0 && errno == EAGAIN) return;
  if (got > 0 && feed(c, bytes, got, now_ns()) == 0) return;
  if (c->busy) errors++;
  connect_again(c);
}

static void prepare(char **args, int count) {
  static char body[BODY_MAX];
  FILE *file = fopen(args[5], "rb");
  if (!file) perror("load: body"), exit(1);
  size_t length = fread(body, 1, sizeof body, file);
  fclose(file);
  request = malloc(length + 16384);
  const char *path = getenv("LOAD_PATH");
  char *at = request + sprintf(request, "POST %.256s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                                        "Content-Type: application/json\r\n",
                               path ? path : "/v1/chat/completions", port);
  for (int i = 6; i < count; i++) at += snprintf(at, 1024, "%s\r\n", args[i]);
  at += sprintf(at, "Content-Length: %zu\r\n\r\n", length);
  memcpy(at, body, length);
  request_length = at + length - request;
}

static int pause_ns(struct epoll_event *events, long ns) {
  struct timespec patience = {0, ns < 0 ? 0 : ns > 100000000 ? 100000000 : ns};
  return epoll_pwait2(epoll_fd, events, EVENTS, &patience, NULL);
}

// Sends what is due, on the first connection that is free; what finds none is counted as missed.
static long send_due(struct connection *all, int count, long due, long gap) {
  static int next;
  static const char *poisson;
  if (!poisson && !(poisson = getenv("LOAD_POISSON"))) poisson = "";
  for (; due <= now_ns(); due += *poisson == '1' ? (long)(gap * exponential()) : gap) {
    int tried = 0;
    while (tried < count && all[next = (next + 1) % count].busy) tried++;
    if (tried < count) ask(&all[next], due);
    else missed++;
  }
  return due;
}

int main(int count, char **args) {
  if (count < 6) return fprintf(stderr, "load PORT CONNECTIONS SECONDS RATE BODY_FILE [HEADER ...]\n"), 2;
  port = atoi(args[1]);
  int connections = atoi(args[2]);
  double rate = atof(args[4]);
  prepare(args, count);
  epoll_fd = epoll_create1(0);
  struct connection *all = calloc(connections, sizeof *all);
  for (int i = 0; i < connections; i++) connect_again(&all[i]);
  if (getenv("LOAD_WITHIN_MS")) within_ns = atol(getenv("LOAD_WITHIN_MS")) * 1000000L;
  // A closed loop starts over 50 ms (LOAD_STAGGER_MS), so that paced streams are not in step.
  const char *over = getenv("LOAD_STAGGER_MS"), *settle = getenv("LOAD_SETTLE_MS");
  long start = now_ns(), end = start + (long)(atof(args[3]) * 1e9), gap = rate > 0 ? (long)(1e9 / rate) : 0;
  settled_ns = start + (settle ? atol(settle) : 0) * 1000000L;
  long due = start, stagger = (over ? atol(over) : 50) * 1000000L / connections;
  for (int started = 0; now_ns() < end;) {
    struct epoll_event events[EVENTS];
    if (rate > 0) due = send_due(all, connections, due, gap);
    while (rate <= 0 && started < connections && now_ns() >= start + started * stagger) ask(&all[started++], now_ns());
    long wake = rate > 0 ? due : started < connections ? start + started * stagger : end;
    int ready = pause_ns(events, wake - now_ns());
    for (int i = 0; i < ready; i++) {
      struct connection *c = events[i].data.ptr;
      hear(c);
      if (rate <= 0 && !c->busy) ask(c, now_ns());
    }
  }
  double seconds = (now_ns() - start) / 1e9;
  for (long last = now_ns() + within_ns; within_ns && now_ns() < last && done + errors < sent;) {
    struct epoll_event events[EVENTS];
    int ready = pause_ns(events, last - now_ns());
    for (int i = 0; i < ready; i++) hear(events[i].data.ptr);
  }
  printf("{\"done\":%ld,\"seconds\":%.4f,\"errors\":%ld,\"refused\":%ld,\"first_refusal\":%ld,\"missed\":%ld,"
         "\"chunks\":%ld,\"latency_p50_us\":%.1f,\"latency_p99_us\":%.1f,\"chunk_delay_p50_us\":%.1f,"
         "\"chunk_delay_p99_us\":%.1f,\"sent\":%ld,\"in_time\":%ld,\"latency_mean_us\":%.1f}\n",
         done, seconds, errors, refused, first_refusal, missed, chunks, quantile(&latency, 0.5),
         quantile(&latency, 0.99), quantile(&chunk_delay, 0.5), quantile(&chunk_delay, 0.99), sent, in_time,
         done ? latency_sum_ns / 1e3 / done : 0);
}
