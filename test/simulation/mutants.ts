// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source
import type { SourceChange } from './bundle.mjs';

const domain = 'control-plane/src/domain';

/**
 * Deliberately broken variants of the production source. Each takes away something that the domain cannot do
 * without; if the simulator does not notice, the hole is in the simulator.
 */
export const MUTANTS: readonly SourceChange[] = [
  {
    name: 'causes that are not unique',
    file: `${domain}/wake.ts`,
    replace: [['`${what} ${incarnation}/${version}`', 'what']],
  },
  {
    name: 'nobody wakes those who wait',
    file: `${domain}/settle.ts`,
    replace: [
      ["await ports.records.find('waiters', record.id)", '[]'],
      ["await wakeWaiters(context, saved, 'failed');", ''],
    ],
  },
  {
    name: 'events only, no sweep',
    file: `${domain}/sweep.ts`,
    replace: [['const cause = `sweep ${ports.clock.now()}`;', 'return; const cause = "";']],
  },
  {
    name: 'compared with what was dispatched, not with what is deployed',
    file: `${domain}/reconcile.ts`,
    replace: [
      [
        'changes(entry, record.deployed?.vector, vector)',
        'changes(entry, record.begun ?? record.deployed?.vector, vector)',
      ],
    ],
  },
  {
    name: 'versions without the hash of the value',
    file: 'contracts-base/src/state/vector.ts',
    replace: [['return `${version}#${sha256(value).slice(0, 12)}`;', 'return String(version);']],
  },
  {
    name: 'clones and their counter in writes of their own',
    file: `${domain}/refs.ts`,
    replace: [
      [
        'await ports.records.transact([{ put: cursor, expect: version - 1 }, ...plan.writes]);',
        'for (const write of [...plan.writes, { put: cursor, expect: version - 1 }]) await ports.records.transact([write]);',
      ],
    ],
  },
  {
    name: 'clones are not limited',
    file: `${domain}/commands/create.ts`,
    replace: [['if (counter.count >= base.clones.max)', 'if (false)']],
  },
  {
    name: 'no gate',
    file: `${domain}/hold.ts`,
    replace: [['await gate(context, wanted, roots)', '{ state: "open" } as any']],
  },
  {
    name: 'dispatched before it is recorded',
    file: `${domain}/runs.ts`,
    replace: [
      [
        'await ports.records.transact([update(saved), { check, expect }]);',
        'await launch(context, saved, entry, live); await ports.records.transact([update(saved), { check, expect }]);',
      ],
    ],
  },
  {
    name: 'contracts may change while a deployment is decided',
    file: `${domain}/runs.ts`,
    replace: [['[update(saved), { check, expect }]', '[update(saved)]']],
  },
  {
    name: 'consumers are not marked',
    file: `${domain}/mark-consumers.ts`,
    replace: [['saveAll(context.ports.records, consumers,', 'saveAll(context.ports.records, [],']],
  },
  {
    name: 'consumers are woken, and not marked before the run has ended',
    file: `${domain}/mark-consumers.ts`,
    replace: [['const pending = withRoots(record.pending, causes);', 'const pending = record.pending;']],
  },
  {
    name: 'what a running job has published is consumed',
    file: `${domain}/trace.ts`,
    replace: [['producer?.run?.roots ?? last?.roots ?? []', 'last?.roots ?? []']],
  },
  {
    name: 'approvals are not waited for',
    file: `${domain}/guarded-inputs.ts`,
    replace: [['if (!isGranted(record.approvals?.[path], version))', 'if (false)']],
  },
  {
    name: 'anybody may approve',
    file: `${domain}/approvals.ts`,
    replace: [['if (!approvers.includes(roleName(by)))', 'if (false)']],
  },
  {
    name: 'an approval that is asked for blocks nobody',
    file: `${domain}/gate.ts`,
    replace: [["({ state }) => state === 'requested'", '() => false']],
  },
  {
    name: 'alarms are not raised',
    file: `${domain}/guarded-inputs.ts`,
    replace: [['await ports.notifier.alarm({ enver: record.id, message });', '']],
  },
  {
    name: 'gates never open',
    file: `${domain}/hold.ts`,
    replace: [['!state.running && now - closed.since >= MAX_CLOSED_MS', 'false']],
  },
  {
    name: 'gates open at once',
    file: `${domain}/hold.ts`,
    replace: [['now - closed.since >= MAX_CLOSED_MS', 'now - closed.since >= 0']],
  },
  {
    name: 'a failed job is tried again for ever',
    file: `${domain}/reconcile.ts`,
    replace: [['if (record.forced || !record.failed) return false;', 'return false;']],
  },
  {
    name: 'silent jobs run for ever',
    file: `${domain}/runs.ts`,
    replace: [['if (now >= limit)', 'if (false)']],
  },
  {
    name: 'cycles go round for ever',
    file: `${domain}/hold.ts`,
    replace: [['const MAX_ROUNDS = 5;', 'const MAX_ROUNDS = 1e9;']],
  },
  {
    name: 'a moved tag is deployed again',
    file: `${domain}/record-writes.ts`,
    replace: [["return record.revision.kind === 'tag' && record.deployed !== undefined;", 'return false;']],
  },
  {
    name: 'nothing is torn down',
    file: `${domain}/teardown.ts`,
    replace: [['entry.commands.destroy.length > 0 && !record.destroyed', 'false']],
  },
  {
    name: 'what a lost job made is not torn down',
    file: `${domain}/teardown.ts`,
    replace: [['record.deployed?.vector ?? record.begun', 'record.deployed?.vector']],
  },
  {
    name: 'products go before those who use them',
    file: `${domain}/teardown.ts`,
    replace: [['if (users.length > 0) {', 'if (false) {']],
  },
  {
    name: 'clones that use each other wait for each other',
    file: `${domain}/teardown.ts`,
    replace: [['if (producer.deleting === undefined) continue;', 'continue;']],
  },
  {
    name: 'a clone that goes by itself stays in its set',
    file: `${domain}/teardown.ts`,
    replace: [['await leaveSet(context, record);', '']],
  },
  {
    name: 'a branch that is gone keeps its clones',
    file: `${domain}/refs.ts`,
    replace: [['if (enver.clone) await requestDelete', 'if (false) await requestDelete']],
  },
  {
    name: 'a ref that is gone takes static envers along',
    file: `${domain}/refs.ts`,
    replace: [['if (enver.clone) await requestDelete', 'await requestDelete']],
  },
  {
    name: 'a clone made again has the dispatch ids of the former',
    file: `${domain}/runs.ts`,
    replace: [['`${record.id} ${record.incarnation}`', 'record.id']],
  },
  {
    name: 'contracts count before everybody is in line with them',
    file: `${domain}/reconcile.ts`,
    replace: [['if (read.entryDigest !== entryDigest(entry)) {', 'if (false) {']],
  },
  {
    name: 'a job whose branch is gone is dispatched for ever',
    file: `${domain}/runs.ts`,
    replace: [['if (isGone) return false;', '']],
  },
  {
    name: 'nobody is told how clones are',
    file: `${domain}/watched-records.ts`,
    replace: [['return [...this.causes]', 'return [...new Map<string, string>()]']],
  },
  {
    name: 'that a clone is gone is not said',
    file: `${domain}/report.ts`,
    replace: [['if (!known && said.envers.length === 0) return;', 'if (said.envers.length === 0) return;']],
  },
];
