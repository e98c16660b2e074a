import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { installEmulator } from '../emulator/install.js';
import { root } from '../emulator/place.js';

/** A policy document as IAM reads it. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

/** A role that asks for something. */
export interface Actor {
  /** Of the role, with its path. */
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Names of its policies. */
  readonly policies: readonly string[];
  /** Name of the policy that caps it. */
  readonly boundary?: string;
}

/** One request, and where it happens. */
export interface Request {
  /** Name of the actor. */
  readonly actor: string;
  readonly action: string;
  readonly resource: string;
  /** The account (12 digits) that has the resource. */
  readonly owner: string;
  readonly region: string;
  /** Condition keys that come from the request. */
  readonly context?: Readonly<Record<string, string>>;
  /** Name of the policy of the resource; of a role, its trust. */
  readonly resourcePolicy?: string;
}

export interface Decision {
  readonly allowed: boolean;
  /** Id of the statement that decided; empty where none did. */
  readonly by: string;
}

/** What the requests are decided by. */
export interface World {
  readonly policies: Readonly<Record<string, PolicyDocument>>;
  readonly actors: Readonly<Record<string, Actor>>;
}

/**
 * Decides requests as IAM does: identity policies below a boundary, and the resource's own policy, which across accounts
 * has to allow as well. The evaluator is that of MiniStack, in the release that the emulator of the tests pins.
 */
export async function simulate(world: World, cases: readonly Request[]): Promise<Decision[]> {
  const child = spawn(installEmulator(), ['-B', join(root, 'test/policies/simulate.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  child.stdin.end(JSON.stringify({ ...world, cases }));
  const code = await ended;
  if (code !== 0) throw new Error(`the simulator ended with ${code}`);
  const decisions = JSON.parse(out) as [boolean, string][];
  return decisions.map(([allowed, by]) => ({ allowed, by }));
}
