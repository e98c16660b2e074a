import { onTestFinished } from 'vitest';
import { AwsJob } from './aws-job.js';

/** A job of an enver, which goes with the test that makes it. */
export async function jobOf(...given: Parameters<typeof AwsJob.of>): Promise<AwsJob> {
  const job = await AwsJob.of(...given);
  onTestFinished(() => job.close());
  return job;
}
