import { z } from 'zod';

/*
 * Types of products that several builds share. They travel as JSON Schema, and every published value is held against
 * them, also those of a build that is not written in TypeScript.
 */

/** The ARN of something of one AWS service. */
export const arnOf = (service: string) =>
  z.string().regex(new RegExp(`^arn:aws:${service}:[a-z0-9-]*:\\d*:.+$`));

/** A domain name without the dot at its end. */
export const domainName = z.string().regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/);

/** Where a service answers. */
export const endpoint = z.object({ url: z.url() });
