import { type Build, type EnverProps, ScriptEnver } from '@ondemandenv/contracts-base';
import { z } from 'zod';

/** Where a service answers. */
export const endpoint = z.object({ url: z.url() });

/** The shop's own shape of an enver: an HTTP service that the `deploy.mjs` of its folder starts. */
export abstract class ServiceEnver extends ScriptEnver {
  constructor(build: Build, props: EnverProps) {
    super(build, {
      timeoutMinutes: 5,
      ...props,
      deploy: ['node deploy.mjs'],
      destroy: ['odmd local service stop --all'],
    });
  }
}
