// The least that a gateway on node:http and undici's dispatch can do. minimal.mjs PORT UPSTREAM_PORT
import http from 'node:http';
import process from 'node:process';
import { Pool } from 'undici';

const [port, upstreamPort] = process.argv.slice(2).map(Number);
const upstream = new Pool(`http://127.0.0.1:${upstreamPort}`, {
  pipelining: 1,
  bodyTimeout: 0,
  headersTimeout: 0,
});
const keys = new Set(['Bearer sk-bench-0123456789']);
const headers = ['content-type', 'application/json'];

function forward(response, path, body) {
  let model;
  try {
    ({ model } = JSON.parse(body));
  } catch {
    model = undefined;
  }
  if (typeof model !== 'string') {
    response.writeHead(400).end();
    return;
  }
  let abort;
  let over = false;
  let resume;
  upstream.dispatch(
    { path, method: 'POST', headers, body },
    {
      onConnect: (stop) => (abort = stop),
      onHeaders(status, raw, go) {
        resume = go;
        const kept = [];
        for (let i = 0; i < raw.length; i += 2) {
          const name = raw[i].latin1Slice().toLowerCase();
          if (name === 'content-type' || name === 'content-length') kept.push(name, raw[i + 1].latin1Slice());
        }
        response.writeHead(status, kept);
        return true;
      },
      onData(bytes) {
        if (response.write(bytes)) return true;
        response.once('drain', resume);
        return false;
      },
      onComplete() {
        over = true;
        response.end();
      },
      onError() {
        over = true;
        if (!response.headersSent) response.writeHead(502);
        response.end();
      },
    },
  );
  response.on('close', () => over || abort?.());
}

const server = http.createServer({ noDelay: true, keepAliveTimeout: 600_000 }, (request, response) => {
  if (!keys.has(request.headers.authorization)) {
    response.writeHead(401).end();
    return;
  }
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () =>
    forward(response, request.url, pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)),
  );
});
server.requestTimeout = 0;
server.listen(port, '127.0.0.1', 1024);
