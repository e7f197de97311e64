import type { Presence, Store } from '#contracts';
import { presenceFacts, type ProcessRole } from '#schema';

/** A process of the platform, in short. */
export interface MemberInShort {
  readonly name: string;
  /** Absent where it speaks another version. */
  readonly roles?: readonly ProcessRole[];
  /** It is about to go: nothing is started on it any more. */
  readonly leaves?: true;
}

function inShort({ name, facts }: Presence): MemberInShort {
  const content: unknown = JSON.parse(facts);
  const known = presenceFacts.safeParse(content).data;
  if (known === undefined) return { name };
  return { name, roles: known.roles, ...(known.node?.takes === false && { leaves: true }) };
}

/** The processes that share the store; undefined where there is only this one. */
export async function membersOf({ peers }: Store): Promise<readonly MemberInShort[] | undefined> {
  const present = (await peers?.present()) ?? [];
  return present.length === 0 ? undefined : present.map(inShort);
}
