import { runLoad, type Load, type LoadReport } from './load.ts';
import type { Gateway } from './peer.ts';
import { cpuSeconds } from '../harness/process.ts';

export interface Sample {
  readonly report: LoadReport;
  /** CPU time of the gateway's process while the load ran; undefined for `direct`. */
  readonly cpuUs: number | undefined;
}

export async function measure(gateway: Gateway, workload: Omit<Load, 'port' | 'headers'>): Promise<Sample> {
  const before = gateway.pid === undefined ? 0 : cpuSeconds(gateway.pid);
  const report = await runLoad({ ...workload, port: gateway.port, headers: gateway.headers });
  const after = gateway.pid === undefined ? 0 : cpuSeconds(gateway.pid);
  if (report.refused > 0 || report.errors > 0)
    throw new Error(
      `${report.refused} answers were not 200 (the first had ${report.first_refusal}), ${report.errors} connections broke`,
    );
  return { report, cpuUs: gateway.pid === undefined ? undefined : (after - before) * 1e6 };
}
