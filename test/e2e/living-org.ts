import { Landscape } from './landscape.js';
import { CONTRACTS, FOUNDATION, SHOP } from './org.js';

/** A landscape on which the small org lives already: all that its contracts name, but images, is deployed from main. */
export async function livingOrg(): Promise<Landscape> {
  const land = await Landscape.start();
  for (const [name, files] of [
    ['foundation', FOUNDATION],
    ['shop', SHOP],
    ['contracts', CONTRACTS],
  ] as const) {
    await land.github.createRepo(name);
    await land.github.push(`o/${name}`, { kind: 'branch', ref: 'main' }, { message: 'the beginning', files });
  }
  const envers = ['contracts', 'web', 'probe'].map((build) => [`${build}/b..main`, 'deployed']);
  await land.phases(Object.fromEntries(envers), 400);
  await land.calm();
  return land;
}
