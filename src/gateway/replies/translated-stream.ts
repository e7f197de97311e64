import type { ServerResponse } from 'node:http';
import type { Problem } from '#schema';
import type { ReplyHead } from '#contracts';
import type { AskListener, Chosen } from '#dispatch';
import type { Pace } from '../http/pace.ts';
import { unreadable, type Reply } from './collect-reply.ts';
import { createEventReader } from './event-reader.ts';
import { tellAnswerer } from './tell-answerer.ts';

/** The engine's events in another dialect. Each answer is text for the client; empty when there is nothing to say. */
export interface StreamTranslation {
  /** Before anything else, once the replica has begun. */
  begin(chosen: Chosen): string;
  /** One payload of the engine. May throw where it cannot be read. */
  event(payload: string): string;
  /** After the last payload; undefined when the engine's stream is not whole. */
  end(chosen: Chosen): string | undefined;
  /** The engine says, in its own error shape, that the stream broke. */
  broken(payload: string): string;
  /** We say that it broke. */
  failed(cause: Problem): string;
}

export interface TranslatedStreamParts {
  readonly response: ServerResponse;
  readonly pace: Pace;
  readonly translation: StreamTranslation;
  /** Stops the replica: nobody wants the rest. */
  readonly stop: () => void;
  /** Hears a refusal of the engine instead of the client, with the whole body. */
  readonly refused: (reply: Reply) => void;
  /** Answers with a problem when nothing was sent yet. */
  readonly sendProblem: (response: ServerResponse, cause: Problem) => void;
}

/** Reads the engine's bytes and writes the client's events; false while the client does not keep up. */
function createWriter({ pace, stop, translation }: TranslatedStreamParts): (bytes: Uint8Array) => boolean {
  let out = '';
  let over = false;
  function close(text: string): void {
    if (over) return;
    over = true;
    pace.end(out + text);
    stop();
  }
  const read = createEventReader((payload) => {
    if (over) return;
    if (payload.startsWith('{"error"')) close(translation.broken(payload));
    else out += translation.event(payload);
  });
  return (bytes) => {
    out = '';
    try {
      if (!over && !read(bytes)) close(translation.failed(unreadable));
    } catch {
      close(translation.failed(unreadable));
    }
    return over || out === '' || pace.write(out);
  };
}

/** A refusal is short: what is longer is cut. */
const refusalBytesMax = 65_536;

function createRefusal(refused: TranslatedStreamParts['refused'], head: ReplyHead, chosen: Chosen) {
  const parts: Uint8Array[] = [];
  let size = 0;
  return {
    received(bytes: Uint8Array): void {
      size += bytes.length;
      if (size <= refusalBytesMax) parts.push(bytes);
    },
    ended(): void {
      refused({ head, chosen, body: Buffer.concat(parts) });
    },
  };
}

/**
 * Carries an engine's stream to the client in the client's dialect, event by event while they come. Nothing is held but
 * the line that is not complete yet; a client that reads slowly pauses the replica.
 */
export function createTranslatedStream(parts: TranslatedStreamParts): AskListener {
  const { response, pace, translation } = parts;
  const write = createWriter(parts);
  let chosen: Chosen | undefined;
  let refusal: ReturnType<typeof createRefusal> | undefined;
  return {
    started(head, who) {
      chosen = who;
      if (head.status >= 400) {
        refusal = createRefusal(parts.refused, head, who);
        return;
      }
      tellAnswerer(response, { head, chosen: who });
      response.writeHead(head.status, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-cache',
        'x-accel-buffering': 'no',
      });
      response.flushHeaders();
      const text = translation.begin(who);
      if (text !== '') pace.write(text);
    },
    received(bytes) {
      if (refusal === undefined) return write(bytes);
      refusal.received(bytes);
      return true;
    },
    ended() {
      if (refusal !== undefined) refusal.ended();
      else if (chosen !== undefined) pace.end(translation.end(chosen) ?? translation.failed(unreadable));
    },
    failed(cause) {
      if (response.headersSent) pace.end(translation.failed(cause));
      else parts.sendProblem(response, cause);
    },
  };
}
