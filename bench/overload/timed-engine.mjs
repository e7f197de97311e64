// An engine that takes a fixed time for each request: timed-engine.mjs PORT WORKERS SERVICE_MS [stubborn|failing]
// What is beyond its workers waits in its own queue, first come, first served, without a limit. `stubborn`: it works
// on requests whose clients have left, as servers do that never look. `failing`: it answers 500 at once.
import http from 'node:http';
import process from 'node:process';

const [port, workers, serviceMs] = process.argv.slice(2, 5).map(Number);
const manner = process.argv[5];
const usage = { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 };
const answer = Buffer.from(
  JSON.stringify({
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: 'ok' } }],
    usage,
  }),
);
const head = { 'content-type': 'application/json', 'content-length': answer.length };

let busy = 0;
const queue = [];

// A timer that wakes late must not slow the workers down: who takes up the next request at once began it when the one
// before was due, not when this process noticed.
function work(response, fromMs) {
  busy += 1;
  const dueMs = fromMs + serviceMs;
  const done = () => {
    busy -= 1;
    if (!response.destroyed) response.writeHead(200, head).end(answer);
    next(dueMs);
  };
  const timer = setTimeout(done, Math.max(0, dueMs - performance.now()));
  if (manner === 'stubborn') return;
  response.once('close', () => {
    if (response.writableFinished) return;
    clearTimeout(timer);
    busy -= 1;
    next(performance.now());
  });
}

function next(fromMs) {
  while (busy < workers && queue.length > 0) {
    const response = queue.shift();
    if (!response.gone) work(response, fromMs);
  }
}

const server = http.createServer({ noDelay: true, keepAliveTimeout: 600_000 }, (request, response) => {
  request.resume();
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-length': 2 }).end('{}');
    return;
  }
  request.once('end', () => {
    if (manner === 'failing') {
      response.writeHead(500, { 'content-length': 2 }).end('{}');
      return;
    }
    if (manner !== 'stubborn') response.once('close', () => (response.gone = true));
    queue.push(response);
    next(performance.now());
  });
});
server.requestTimeout = 0;
server.listen(port, '127.0.0.1', 4096);
