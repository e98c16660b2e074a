import {
  DeleteParametersCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  type Parameter,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import type { ConfigStore, StoredValue } from '../../ports/config-store.js';
import { inParts, patient } from './throttling.js';

/** Names per call of GetParameters and DeleteParameters. */
const NAMES_PER_CALL = 10;

/** A `ConfigStore` on Parameter Store: plain parameters, each value canonical JSON text. */
export class SsmConfigStore implements ConfigStore {
  constructor(private readonly ssm: SSMClient) {}

  async getMany(paths: readonly string[]): Promise<Map<string, StoredValue>> {
    const found = new Map<string, StoredValue>();
    for (const Names of inParts([...new Set(paths)], NAMES_PER_CALL)) {
      const { Parameters = [] } = await patient(() => this.ssm.send(new GetParametersCommand({ Names })));
      for (const stored of Parameters.map(storedValue)) found.set(stored.path, stored);
    }
    return found;
  }

  async getVersion(path: string, version: number): Promise<StoredValue | undefined> {
    const names = new GetParametersCommand({ Names: [`${path}:${version}`] });
    const { Parameters = [] } = await patient(() => this.ssm.send(names));
    return Parameters.map(storedValue)[0];
  }

  async put(path: string, value: string): Promise<{ version: number; changed: boolean }> {
    const newest = (await this.getMany([path])).get(path);
    if (newest?.value === value) return { version: newest.version, changed: false };
    const { Version = 0 } = await patient(() =>
      this.ssm.send(
        new PutParameterCommand({
          Name: path,
          Value: value,
          Type: 'String',
          Overwrite: true,
          // Above 4 KB, or above 10,000 parameters, it has to be an advanced one.
          Tier: 'Intelligent-Tiering',
        }),
      ),
    );
    return { version: Version, changed: true };
  }

  async deleteMany(paths: readonly string[]): Promise<void> {
    for (const Names of inParts([...new Set(paths)], NAMES_PER_CALL))
      await patient(() => this.ssm.send(new DeleteParametersCommand({ Names })));
  }

  async list(prefix: string): Promise<string[]> {
    const paths: string[] = [];
    let next: string | undefined;
    do {
      const page = await patient(() =>
        this.ssm.send(
          new GetParametersByPathCommand({
            Path: prefix.replace(/\/$/, ''),
            Recursive: true,
            MaxResults: 10,
            NextToken: next,
          }),
        ),
      );
      paths.push(...(page.Parameters ?? []).flatMap(({ Name }) => Name ?? []));
      next = page.NextToken;
    } while (next);
    return paths.sort();
  }
}

function storedValue({ Name = '', Version = 0, Value = '' }: Parameter): StoredValue {
  return { path: Name, version: Version, value: Value };
}
