/** What a CDK app finds around it. */
export interface Surroundings {
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the folder of the service. */
  readonly cwd: string;
  /** Takes a line for a person. */
  readonly say: (line: string) => void;
}

/** Those of this process. A CDK app is a program: it may read its environment, as the CDK itself does. */
export function processSurroundings(): Surroundings {
  return { env: process.env, cwd: process.cwd(), say: (line) => process.stderr.write(`${line}\n`) };
}
