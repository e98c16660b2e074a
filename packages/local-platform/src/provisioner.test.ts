import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { stackProvisionerConformance } from '@ondemandenv/control-plane/conformance';
import { onTestFinished } from 'vitest';
import { testParts } from './http/parts.test.fixture.js';
import { LocalProvisioner } from './provisioner.js';

stackProvisionerConformance('local', async () => {
  const { parts, close } = await testParts();
  onTestFinished(close);
  const { access, services } = parts;
  const nothing = async () => undefined;
  return {
    stacks: new LocalProvisioner({ access, services, ensureRepo: nothing, forgetJobs: nothing }),
    entry: enverEntry(),
    provisioned: async (enver) => access.issue({ enver, dispatchId: `${enver} 1` }) !== undefined,
  };
});
