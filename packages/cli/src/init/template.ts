/** The files of a new contractsLib, by their path. */
export function contractsPackage(settings: {
  /** The org's id. */
  readonly org: string;
  /** Versions of the packages that it needs, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Where packages come from that are not in a registry, by name. */
  readonly tarballs?: Readonly<Record<string, string>> | undefined;
}): Record<string, string> {
  const { org, versions, tarballs } = settings;
  return {
    'package.json': packageJson(org, { ...versions, ...tarballs }, tarballs),
    'tsconfig.json': TSCONFIG,
    '.gitignore': 'node_modules/\ndist/\n.odmd/\n*.tsbuildinfo\n',
    'README.md': readme(org),
    'src/index.ts': index(org),
    'src/foundation.ts': FOUNDATION,
    'src/greeter.ts': GREETER,
    'src/contracts.test.ts': TEST,
  };
}

function packageJson(
  org: string,
  versions: Readonly<Record<string, string>>,
  tarballs: Readonly<Record<string, string>> | undefined,
): string {
  const pick = (...names: string[]) => Object.fromEntries(names.map((name) => [name, versions[name]]));
  const manifest = {
    name: `@${org.toLowerCase()}/contracts`,
    version: '0.1.0',
    description: `What ${org} deploys, where, and what depends on what`,
    private: true,
    type: 'module',
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    files: ['dist', '!dist/**/*.test.*'],
    engines: { node: '>=20.19' },
    scripts: {
      build: 'tsc',
      test: 'tsc && node --test dist/contracts.test.js',
      validate: 'tsc && odmd validate',
      graph: 'tsc && odmd graph --out .odmd/graph.html',
    },
    dependencies: pick('@ondemandenv/contracts-base', 'constructs', 'zod'),
    devDependencies: pick('@ondemandenv/cli', '@types/node', 'typescript'),
    ...(tarballs && { overrides: overrides(tarballs) }),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** The packages ask for each other by version; npm wants a dependency of the package itself overridden by its name. */
function overrides(tarballs: Readonly<Record<string, string>>): Record<string, string> {
  const own = ['@ondemandenv/contracts-base', '@ondemandenv/cli'];
  return Object.fromEntries(
    Object.entries(tarballs).map(([name, tarball]) => [name, own.includes(name) ? `$${name}` : tarball]),
  );
}

const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2023",
    "lib": ["es2023"],
    "module": "nodenext",
    "types": ["node"],
    "rootDir": "src",
    "outDir": "dist",
    "declaration": true,
    "strict": true,
    "noEmitOnError": true,
    "noUncheckedIndexedAccess": true,
    "exactOptionalPropertyTypes": true,
    "verbatimModuleSyntax": true,
    "skipLibCheck": true
  },
  "include": ["src"]
}
`;

function readme(org: string): string {
  return `# Contracts of ${org}

What ${org} deploys, where, and what depends on what. What is not in here is not deployed.

\`\`\`
npm install
npm test              compiles, checks every rule, and tests what must hold here
npm run validate      every violation at once, with its fix
npm run graph         .odmd/graph.html: the picture, for any browser
\`\`\`

Start in \`src/index.ts\`: put in your accounts and repositories, then one file for each kind of enver. An *enver* is
one build at one branch or tag in one account and region. It publishes *products* and consumes those of others; when
one changes, the platform redeploys whoever consumes it.

Before a change is merged, \`odmd diff old-manifest.json .odmd/manifest.json\` says what it breaks and what it redeploys;
\`odmd synth\` writes the manifest, and \`odmd explain ODMD101\` tells what a code means.
`;
}

function index(org: string): string {
  return `import { Build, Contracts, ContractsLibEnver, Revision } from '@ondemandenv/contracts-base';
import { FoundationEnver } from './foundation.js';
import { GreeterEnver } from './greeter.js';

/** Everything that ${org} deploys. */
export const contracts = new Contracts('${org}', {
  accounts: {
    // The platform runs in the central account, and nothing else does.
    central: { id: '111111111111', central: true },
    workspace0: { id: '222222222222' },
  },
  repos: {
    contracts: { owner: '${org}', name: 'contracts' },
    foundation: { owner: '${org}', name: 'foundation' },
    greeter: { owner: '${org}', name: 'greeter' },
  },
});

const main = { revision: Revision.branch('main'), account: 'workspace0', region: 'us-east-1' };

// These contracts are a build like any other: the org changes by pushing them.
new ContractsLibEnver(new Build(contracts, 'contracts', { repo: 'contracts' }), main);

export const foundation = new FoundationEnver(new Build(contracts, 'foundation', { repo: 'foundation' }), main);
export const greeter = new GreeterEnver(new Build(contracts, 'greeter', { repo: 'greeter' }), {
  ...main,
  foundation,
});
`;
}

const FOUNDATION = `import { type Build, type EnverProps, Producer, ScriptEnver } from '@ondemandenv/contracts-base';
import { z } from 'zod';

/** What everything else stands on. */
export class FoundationEnver extends ScriptEnver {
  /** A product: its job publishes a value of this type, and whoever consumes it gets each new version. */
  readonly greeting = new Producer(this, 'greeting', { schema: z.string(), example: 'Hello' });

  constructor(build: Build, props: EnverProps) {
    super(build, { ...props, deploy: ['node deploy.mjs'] });
  }
}
`;

const GREETER = `import { type Build, Consumer, type EnverProps, Producer, ScriptEnver } from '@ondemandenv/contracts-base';
import { z } from 'zod';
import type { FoundationEnver } from './foundation.js';

export interface GreeterProps extends EnverProps {
  readonly foundation: FoundationEnver;
}

/** Consumes the foundation's greeting: a new greeting redeploys it. */
export class GreeterEnver extends ScriptEnver {
  readonly greeting: Consumer;
  /** Public: people may read it, for example in a pull request. */
  readonly api = new Producer(this, 'api', { schema: z.object({ url: z.url() }), public: true });

  constructor(build: Build, props: GreeterProps) {
    super(build, { ...props, deploy: ['node deploy.mjs'] });
    this.greeting = new Consumer(this, 'greeting', props.foundation.greeting);
  }
}
`;

const TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contracts, foundation, greeter } from './index.js';

test('the contracts break no rule', () => {
  const result = contracts.synth();
  assert.deepEqual(result.ok ? [] : result.errors, []);
});

test('a new greeting redeploys the greeter', () => {
  const result = contracts.synth();
  assert.ok(result.ok);
  const consumes = result.manifest.envers[greeter.id]?.consumes ?? [];
  assert.deepEqual(
    consumes.map(({ path, onChange }) => [path, onChange]),
    [[foundation.greeting.path, 'deploy']],
  );
});
`;
