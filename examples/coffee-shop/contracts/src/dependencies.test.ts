import { components, planChange } from '@ondemandenv/contracts-base';
import { describe, expect, it } from 'vitest';
import { contracts } from './index.js';
import { manifestOf } from './testing/manifest.js';

const manifest = manifestOf(contracts);
const envers = Object.values(manifest.envers);
const { endToEnd, foundation, networking, orderManager, orderProcessor, userAuth, webClient } = contracts;

/** The builds that a change of these products deploys, phase by phase. */
function phases(...products: { readonly path: string }[]): string[][] {
  const plan = planChange(manifest, { products: products.map(({ path }) => path) });
  return plan.phases.map((phase) => phase.map(({ id }) => id));
}

describe('the dependencies of the coffee shop', () => {
  it('are those that were agreed on', async () => {
    const lines = envers.flatMap(({ id, consumes }) =>
      consumes.map(
        ({ path, onChange, placeholder, approvers = [] }) =>
          `${id} <- ${path.replace('/odmd-share/', '')} ${onChange}${approvers
            .map(({ account, role }) => ` by ${role} of ${account}`)
            .join('')}${placeholder === undefined ? '' : ` (at first ${JSON.stringify(placeholder)})`}`,
      ),
    );
    await expect(`${lines.sort().join('\n')}\n`).toMatchFileSnapshot('dependencies.txt');
  });

  it('have one circle, which starts with a placeholder and stops for a person', () => {
    const graph = new Map(envers.map(({ id, consumes }) => [id, consumes.map(({ from }) => from)]));
    const circles = components(graph).filter((members) => members.length > 1);
    expect(circles.map((members) => members.toSorted())).toEqual([
      [orderManager.id, userAuth.id, webClient.id],
    ]);
    const { callback } = contracts;
    expect([callback.enver, callback.producer]).toEqual([userAuth, webClient.callback]);
    expect(callback.placeholder).toMatch(/^http:\/\/localhost/);
    expect(callback.onChange.kind).toBe('approve');
  });

  it('let a tag stand on tags alone', () => {
    const tags = envers.filter(({ revision }) => revision.kind === 'tag');
    expect(tags).toHaveLength(2);
    for (const { from } of tags.flatMap(({ consumes }) => consumes))
      expect(manifest.envers[from]?.revision).toEqual({ kind: 'tag', ref: 'v1.4.0' });
  });
});

describe('a change', () => {
  it('of the bus deploys both sides of it, then the client, and tests all of it once', () => {
    expect(phases(foundation.bus, foundation.bus.children.source)).toEqual([
      [orderManager.id, orderProcessor.id],
      [webClient.id],
      [endToEnd.id],
    ]);
  });

  it('of the subnets tells the team of the orders, and deploys nothing', () => {
    const plan = planChange(manifest, { products: [networking.vpc.privateSubnets.path] });
    expect(plan.phases).toEqual([]);
    expect(plan.alarms.map(({ enver }) => enver)).toEqual([orderProcessor.id]);
  });

  it('of the address that guests come back to waits for the team of identity', () => {
    const plan = planChange(manifest, { products: [webClient.callback.path] });
    expect(plan.phases).toEqual([]);
    expect(plan.approvals).toMatchObject([
      { enver: userAuth.id, approvers: [{ account: 'workspace0', role: 'identity-lead' }] },
    ]);
  });
});
