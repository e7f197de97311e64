import { basename } from 'node:path/posix';
import { downloadFile, fileDownloadInfo, pathsInfo } from '@huggingface/hub';
import type { FileDownloadInfoOutput, PathInfo } from '@huggingface/hub';
import type { ByteRange, Result, Source, SourceFile } from '#contracts';
import { exactBytes } from '../exact-bytes.ts';
import { notThere, refusalOf } from '../unavailable.ts';
import type { HubAddress } from './hub-address.ts';
import { parseHubAddress } from './hub-address.ts';
import type { HubDeps } from './hub-fetch.ts';
import { createHubFetch } from './hub-fetch.ts';
import { readBlob } from './read-blob.ts';

/** Files of a model hub, through its own library. */
export function createHfSource(deps: HubDeps): Source {
  return {
    scheme: 'hf',
    async open(uri, signal) {
      const address = parseHubAddress(uri);
      if (!address.ok) return address;
      try {
        return await openFile(deps, address.value, signal);
      } catch (cause) {
        return refusalOf(cause, new URL(deps.hubUrl).origin);
      }
    },
  };
}

async function openFile(
  deps: HubDeps,
  address: HubAddress,
  signal: AbortSignal,
): Promise<Result<SourceFile>> {
  const patient = AbortSignal.any([signal, AbortSignal.timeout(deps.idleMs)]);
  const asked = { ...address, hubUrl: deps.hubUrl, fetch: createHubFetch(deps, patient) };
  const info = await fileDownloadInfo(asked);
  if (!info) {
    const where = `${address.repo} at ${address.revision}`;
    return { ok: false, problem: notThere(`The hub has no file ${address.path} in ${where}.`) };
  }
  const [entry] = await pathsInfo({ ...asked, paths: [address.path] });
  return { ok: true, value: describe(deps, address, { info, entry }) };
}

interface HubFile {
  readonly info: FileDownloadInfoOutput;
  readonly entry: PathInfo | undefined;
}

function describe(deps: HubDeps, address: HubAddress, { info, entry }: HubFile): SourceFile {
  const sha256 = entry?.lfs?.oid;
  const where = `hf:${address.repo}/${address.path}`;
  return {
    name: basename(address.path),
    sizeBytes: info.size,
    digest: sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? `sha256:${sha256}` : undefined,
    identity: entry?.lfs?.oid ?? entry?.oid ?? info.etag,
    ranged: true,
    read: (range, signal) =>
      exactBytes(readHub(deps, { address, info }, { range, signal }), { range, signal, where }),
  };
}

interface Reading {
  readonly range: ByteRange;
  readonly signal: AbortSignal;
}

/** Plain ranged requests rather than the hub's chunk protocol, which keeps its own, larger buffers. */
async function* readHub(
  deps: HubDeps,
  { address, info }: { readonly address: HubAddress; readonly info: FileDownloadInfoOutput },
  { range, signal }: Reading,
): AsyncIterable<Uint8Array> {
  if (range.from >= range.to) return;
  let refusal: unknown;
  const open = async (guarded: AbortSignal) => {
    const send = createHubFetch(deps, guarded);
    const noted: typeof fetch = (input, init) =>
      send(input, init).catch((cause: unknown) => {
        refusal = cause;
        throw cause;
      });
    const asked = { ...address, hubUrl: deps.hubUrl, fetch: noted, downloadInfo: info, xet: false };
    return (await downloadFile(asked))?.slice(range.from, range.to);
  };
  try {
    yield* readBlob({ idleMs: deps.idleMs, signal }, open);
  } catch (cause) {
    // Its streams break with a text instead of the fault; the fault was noted when it was made.
    throw refusal ?? cause;
  }
}
