import { BlockList, isIP } from 'node:net';

const v4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** Local, mapped, translated and multicast addresses: everything that is not simply somebody else. */
const v6: readonly (readonly [string, number])[] = [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

// Two lists: one list would take every IPv4 address for its mapped form.
const reserved4 = new BlockList();
const reserved6 = new BlockList();
for (const [net, prefix] of v4) reserved4.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of v6) reserved6.addSubnet(net, prefix, 'ipv6');

/** Whether an address belongs to this machine or a network around it (RFC 6890), and not to the internet. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return reserved4.check(address, 'ipv4');
  return family === 0 || reserved6.check(address, 'ipv6');
}
