import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  BatchWriteItemCommand,
  type BatchWriteItemCommandOutput,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import type { AnyRecord, RecordKey, RecordKind, RecordOf } from '../../domain/records.js';
import {
  ConflictError,
  type RecordIndex,
  type RecordStore,
  type RecordWrite,
} from '../../ports/record-store.js';
import { indexEntries } from '../record-index.js';
import { inParts, patient } from './throttling.js';

type Item = Record<string, AttributeValue>;

/** The global index over items that have a time to be looked at: partition key `due`, sort key `nextAt`. */
export const DUE_INDEX = 'due';
const DUE = 'due';
const KEYS_PER_GET = 100;
const ITEMS_PER_TRANSACTION = 100;
const WRITES_PER_BATCH = 25;

/**
 * A `RecordStore` on one DynamoDB table (partition key `pk`, sort key `sk`, both strings).
 *
 * A record is one item below `record#<kind>`. What it is found by are items of their own, `index#<index>#<key>`: those
 * that come are written before the record, those that go are removed after it. So an index may name too many records
 * and never too few; `find` looks at the records themselves.
 */
export class DynamoRecordStore implements RecordStore {
  /** Index items are read consistently, and are there before their record is. */
  readonly lagMs = 0;

  constructor(
    private readonly dynamo: DynamoDBClient,
    private readonly table: string,
  ) {}

  async get<K extends RecordKind>(kind: K, id: string): Promise<RecordOf<K> | undefined> {
    const command = new GetItemCommand({
      TableName: this.table,
      Key: keyOf({ kind, id }),
      ConsistentRead: true,
    });
    const { Item } = await patient(() => this.dynamo.send(command));
    return Item && (recordOf(Item) as RecordOf<K>);
  }

  async getMany<K extends RecordKind>(kind: K, ids: readonly string[]): Promise<Map<string, RecordOf<K>>> {
    const found = new Map<string, RecordOf<K>>();
    for (const part of inParts(ids, ITEMS_PER_TRANSACTION)) {
      const TransactItems = part.map((id) => ({ Get: { TableName: this.table, Key: keyOf({ kind, id }) } }));
      const { Responses = [] } = await this.unlessConflict(() =>
        this.dynamo.send(new TransactGetItemsCommand({ TransactItems })),
      );
      for (const { Item } of Responses) {
        const record = Item && (recordOf(Item) as RecordOf<K>);
        if (record) found.set(record.id, record);
      }
    }
    return found;
  }

  async transact(writes: readonly RecordWrite[]): Promise<void> {
    const changed = writes.filter((write) => !('check' in write));
    const before = await this.records(changed.filter(({ expect }) => expect > 0).map(recordKey));
    const old = new Set(before.flatMap(edgesOf));
    const now = new Set(writes.flatMap((write) => ('put' in write ? edgesOf(write.put) : [])));
    await this.batch([...now].filter((edge) => !old.has(edge)).map(putEdge));
    await this.writeRecords(writes);
    await this.batch([...old].filter((edge) => !now.has(edge)).map(deleteEdge));
  }

  async find(index: RecordIndex, key: string): Promise<string[]> {
    const kind: RecordKind = index === 'slot' ? 'ref' : 'enver';
    const ids: string[] = [];
    for await (const { sk } of this.query({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: indexPartition(index, key) } },
      ConsistentRead: true,
    }))
      if (sk?.S !== undefined) ids.push(sk.S);
    const records = await this.records(ids.map((id) => ({ kind, id })));
    return records
      .filter((record) => indexEntries(record).some(([name, at]) => name === index && at === key))
      .map(({ id }) => id)
      .sort();
  }

  async due(now: number, limit: number): Promise<string[]> {
    const command = new QueryCommand({
      TableName: this.table,
      IndexName: DUE_INDEX,
      KeyConditionExpression: 'due = :due AND nextAt <= :now',
      ExpressionAttributeValues: { ':due': { S: DUE }, ':now': { N: String(now) } },
      Limit: limit,
    });
    const { Items = [] } = await patient(() => this.dynamo.send(command));
    return Items.flatMap(({ sk }) => sk?.S ?? []);
  }

  async *all<K extends RecordKind>(kind: K): AsyncIterable<RecordOf<K>> {
    for await (const item of this.query({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: recordPartition(kind) } },
    }))
      yield recordOf(item) as RecordOf<K>;
  }

  /** @throws ConflictError */
  private async writeRecords(writes: readonly RecordWrite[]): Promise<void> {
    const items = writes.map((write) => transactItem(write, this.table));
    const [only, ...more] = items;
    if (!only) return;
    await this.unlessConflict((): Promise<unknown> => {
      if (only.Put && more.length === 0) return this.dynamo.send(new PutItemCommand(only.Put));
      if (only.Delete && more.length === 0) return this.dynamo.send(new DeleteItemCommand(only.Delete));
      return this.dynamo.send(new TransactWriteItemsCommand({ TransactItems: items }));
    });
  }

  /** @throws ConflictError when somebody else is writing or has written the same items */
  private async unlessConflict<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await patient(call);
    } catch (error) {
      if (isConflict(error)) throw new ConflictError('somebody else wrote a record first', { cause: error });
      throw error;
    }
  }

  private async records(keys: readonly RecordKey[]): Promise<AnyRecord[]> {
    const found: AnyRecord[] = [];
    for (const part of inParts(keys, KEYS_PER_GET)) {
      let todo = part.map(keyOf);
      while (todo.length > 0) {
        const RequestItems = { [this.table]: { Keys: todo, ConsistentRead: true } };
        const page: BatchGetItemCommandOutput = await patient(() =>
          this.dynamo.send(new BatchGetItemCommand({ RequestItems })),
        );
        found.push(...(page.Responses?.[this.table] ?? []).map(recordOf));
        todo = page.UnprocessedKeys?.[this.table]?.Keys ?? [];
      }
    }
    return found;
  }

  private async batch(requests: readonly WriteRequest[]): Promise<void> {
    for (const part of inParts(requests, WRITES_PER_BATCH)) {
      let todo: WriteRequest[] = part;
      while (todo.length > 0) {
        const RequestItems = { [this.table]: todo };
        const page: BatchWriteItemCommandOutput = await patient(() =>
          this.dynamo.send(new BatchWriteItemCommand({ RequestItems })),
        );
        todo = page.UnprocessedItems?.[this.table] ?? [];
      }
    }
  }

  private async *query(input: Omit<QueryCommandInput, 'TableName'>): AsyncIterable<Item> {
    let from: Item | undefined;
    do {
      const command = new QueryCommand({ TableName: this.table, ...input, ExclusiveStartKey: from });
      const page = await patient(() => this.dynamo.send(command));
      yield* page.Items ?? [];
      from = page.LastEvaluatedKey;
    } while (from);
  }
}

function recordPartition(kind: RecordKind): string {
  return `record#${kind}`;
}

function indexPartition(index: RecordIndex, key: string): string {
  return `index#${index}#${key}`;
}

function keyOf({ kind, id }: RecordKey): Item {
  return { pk: { S: recordPartition(kind) }, sk: { S: id } };
}

function recordKey(write: RecordWrite): RecordKey {
  return 'put' in write ? write.put : 'remove' in write ? write.remove : write.check;
}

function itemOf(record: AnyRecord): Item {
  const nextAt = record.kind === 'enver' ? record.nextAt : undefined;
  return {
    ...keyOf(record),
    version: { N: String(record.version) },
    body: { S: JSON.stringify(record) },
    ...(nextAt !== undefined && { due: { S: DUE }, nextAt: { N: String(nextAt) } }),
  };
}

function recordOf(item: Item): AnyRecord {
  return JSON.parse(item.body?.S ?? 'null') as AnyRecord;
}

function transactItem(write: RecordWrite, TableName: string): TransactWriteItem {
  const { expect } = write;
  const condition =
    expect === 0
      ? { TableName, ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          TableName,
          ConditionExpression: 'version = :expected',
          ExpressionAttributeValues: { ':expected': { N: String(expect) } },
        };
  if ('put' in write) return { Put: { ...condition, Item: itemOf(write.put) } };
  const Key = keyOf(recordKey(write));
  return 'remove' in write ? { Delete: { ...condition, Key } } : { ConditionCheck: { ...condition, Key } };
}

/** `<partition of the index>\n<record id>`: one text per place where a record is found. */
function edgesOf(record: AnyRecord): string[] {
  return indexEntries(record).map(([index, key]) => `${indexPartition(index, key)}\n${record.id}`);
}

function edgeKey(edge: string): Item {
  const [pk = '', sk = ''] = edge.split('\n');
  return { pk: { S: pk }, sk: { S: sk } };
}

function putEdge(edge: string): WriteRequest {
  return { PutRequest: { Item: edgeKey(edge) } };
}

function deleteEdge(edge: string): WriteRequest {
  return { DeleteRequest: { Key: edgeKey(edge) } };
}

function isConflict(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'ConditionalCheckFailedException' || error.name === 'TransactionConflictException')
    return true;
  if (error.name !== 'TransactionCanceledException') return false;
  const reasons = 'CancellationReasons' in error ? error.CancellationReasons : [];
  const codes = Array.isArray(reasons) ? reasons.map((reason) => reason?.Code) : [];
  return codes.some((code) => code === 'ConditionalCheckFailed' || code === 'TransactionConflict');
}
