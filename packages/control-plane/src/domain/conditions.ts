import { noted } from './record-writes.js';
import type { Condition, ConditionType, EnverRecord } from './records.js';

/** The record with this condition: one of its type, noted in the history when it is new or says something new. */
export function withCondition(
  record: EnverRecord,
  type: ConditionType,
  message: string,
  now: number,
): EnverRecord {
  const known = record.conditions?.find((condition) => condition.type === type);
  if (known?.message === message) return record;
  const condition: Condition = { type, message, since: known?.since ?? now };
  const conditions = [...others(record, [type]), condition].sort((a, b) => (a.type < b.type ? -1 : 1));
  return { ...record, conditions, history: noted(record, `${type}: ${message}`, now) };
}

/** The record without the conditions of these types. */
export function withoutConditions(record: EnverRecord, ...types: ConditionType[]): EnverRecord {
  const conditions = others(record, types);
  if (conditions.length === (record.conditions ?? []).length) return record;
  const { conditions: _, ...rest } = record;
  return conditions.length > 0 ? { ...rest, conditions } : rest;
}

function others(record: EnverRecord, types: readonly ConditionType[]): Condition[] {
  return (record.conditions ?? []).filter(({ type }) => !types.includes(type));
}
