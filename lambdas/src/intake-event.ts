import type { Intake } from '@ondemandenv/control-plane';
import { z } from 'zod';

const eventSchema = z.object({
  id: z.string(),
  source: z.string(),
  detail: z.unknown(),
});
const stackDetail = z.object({ 'stack-id': z.string() });

const FROM_JOB = 'odmd.enver/';

/**
 * Turns an event into hints. Of a job's event its source alone is believed, which IAM enforces; what its detail says is
 * looked up. Of CloudFormation's, the name of the stack.
 *
 * @returns whether it was about anything
 */
export async function takeEvent(
  plane: Pick<Intake, 'enverSpoke' | 'stackChanged'>,
  event: unknown,
): Promise<boolean> {
  const { id, source, detail } = eventSchema.parse(event);
  if (source.startsWith(FROM_JOB)) {
    await plane.enverSpoke(source.slice(FROM_JOB.length), `event ${id}`);
    return true;
  }
  const stack = source === 'aws.cloudformation' ? stackDetail.safeParse(detail).data : undefined;
  // arn:aws:cloudformation:<region>:<account>:stack/<name>/<uuid>
  const name = stack?.['stack-id'].split('/')[1];
  if (name === undefined) return false;
  await plane.stackChanged(name, `event ${id}`);
  return true;
}
