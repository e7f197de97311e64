import { join } from 'node:path';

/** Where things are below the home directory. */
export interface HomePaths {
  readonly root: string;
  readonly store: string;
  readonly blobs: string;
  readonly run: string;
  readonly logs: string;
  readonly lock: string;
  readonly address: string;
  readonly adminKey: string;
  readonly tasks: string;
  readonly taskBlobs: string;
  readonly webhookKey: string;
  readonly nodeId: string;
  readonly feedback: string;
}

export function homePaths(root: string): HomePaths {
  return {
    root,
    store: join(root, 'store.db'),
    blobs: join(root, 'blobs'),
    run: join(root, 'run'),
    logs: join(root, 'logs'),
    lock: join(root, 'lock.db'),
    address: join(root, 'run', 'address'),
    adminKey: join(root, 'admin.key'),
    tasks: join(root, 'tasks.db'),
    taskBlobs: join(root, 'task-blobs'),
    webhookKey: join(root, 'webhook.key'),
    nodeId: join(root, 'node.id'),
    feedback: join(root, 'feedback', 'feedback.jsonl'),
  };
}
