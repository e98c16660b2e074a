import type { GraphNode } from './model.js';

export interface KindColour {
  /** What a person calls the kind. */
  readonly name: string;
  readonly fill: string;
  readonly line: string;
}

const COLOURS: Readonly<Record<GraphNode['kind'], KindColour>> = {
  cdk: { name: 'CDK app', fill: '#fde9d0', line: '#b35c00' },
  containerImage: { name: 'container image', fill: '#d8eafb', line: '#1f6fb5' },
  npmPackage: { name: 'npm package', fill: '#fbdcdf', line: '#b3273a' },
  script: { name: 'script', fill: '#dcf1dd', line: '#2e7d32' },
  contractsLib: { name: 'contracts', fill: '#e7defa', line: '#6a3fb5' },
};

/** The colour of a kind of enver, dark enough against its fill to be read. */
export function colourOf(kind: GraphNode['kind']): KindColour {
  return COLOURS[kind];
}
