import { CONTRACTS_LIB_LATEST, type EnverEntry, producerOf, productPath } from '@ondemandenv/contracts-base';
import type { CloneCounterRecord, EnverRecord, RecordWrite, RunRequest } from '@ondemandenv/control-plane';
import { Broken } from './broken.js';
import { CONTRACTS } from './places.js';
import { checkRun } from './run-checks.js';
import type { Stage } from './stage.js';

/** What must hold at every moment. It looks at what is about to happen, and lets nobody run in between. */
export class MomentChecks {
  constructor(
    private readonly stage: Stage,
    private readonly maxClones: number,
  ) {}

  /** @param call of a port, which is made right afterwards */
  before(call: string, args: readonly unknown[]): void {
    if (call === 'records.transact') this.beforeWrites(args[0] as readonly RecordWrite[]);
    if (call === 'source.dispatch') this.beforeDispatch(args[0] as RunRequest);
    if (call === 'stacks.ensure') this.beforeEnsure(args[0] as EnverEntry);
  }

  /** Between any two steps. */
  checkRecords(): void {
    const clones = new Map<string, number>();
    for (const record of this.stage.mirror.envers) {
      const base = record.clone?.base;
      if (base !== undefined) clones.set(base, (clones.get(base) ?? 0) + 1);
      else if (record.deleting !== undefined && !this.mayGo(record.id))
        throw new Broken(`${record.id} is deleted, and nobody let it go`);
      checkPhase(record);
    }
    for (const [base, count] of clones) {
      if (count > this.maxClones) throw new Broken(`${base} has ${count} clones`);
      const counter = this.stage.mirror.get<CloneCounterRecord>('clones', base);
      if (counter?.count !== count)
        throw new Broken(`${base} has ${count} clones, counted as ${counter?.count}`);
    }
  }

  /** A static enver goes only when somebody says so, or when its contract says that it may. */
  private mayGo(id: string): boolean {
    return this.stage.ledger.retiring.has(id) || this.stage.contracts.everEphemeral(id);
  }

  private beforeWrites(writes: readonly RecordWrite[]): void {
    const { mirror } = this.stage;
    if (mirror.isDoomed(writes)) return;
    for (const write of writes) {
      if ('put' in write && write.put.kind === 'applied') this.beforeApplied(write.put.sha);
      if ('remove' in write && write.remove.kind === 'enver') this.beforeRemoval(write.remove.id);
      const record = 'put' in write && write.put.kind === 'enver' ? write.put : undefined;
      if (record?.run?.purpose !== 'deploy') continue;
      const before = mirror.enver(record.id);
      if (before && before.run?.dispatchId !== record.run.dispatchId)
        checkRun(this.stage, before, record, record.run);
    }
  }

  /** Privileged changes are applied only if somebody who may has granted exactly them. */
  private beforeApplied(sha: string): void {
    const { contracts, installation, ledger } = this.stage;
    if (!installation.contractApprovers || !contracts.isPrivileged(sha)) return;
    if (!ledger.granted.has(`${CONTRACTS} ${productPath(CONTRACTS, CONTRACTS_LIB_LATEST)} ${sha}`))
      throw new Broken(`privileged changes of ${sha} are applied, and nobody has approved them`);
  }

  /** A record is the last thing that is left of an enver. */
  private beforeRemoval(id: string): void {
    const { mirror, ledger, outside } = this.stage;
    const record = mirror.enver(id);
    if (record?.deleting === undefined) throw new Broken(`${id} is forgotten, and nobody asked for it`);
    const user = mirror.envers.find(
      ({ deleting, deployed }) =>
        deleting === undefined &&
        Object.entries(deployed?.vector.inputs ?? {}).some(
          ([path, version]) => producerOf(path) === id && !version.startsWith('placeholder'),
        ),
    );
    if (user) throw new Broken(`${id} is forgotten, and ${user.id} runs with its products`);
    if (ledger.made.has(id)) throw new Broken(`${id} is forgotten before it was torn down`);
    if (outside.stacks.provisioned.has(id)) throw new Broken(`${id} is forgotten before its roles are gone`);
  }

  private beforeDispatch({ enverId, dispatchId, purpose, reason }: RunRequest): void {
    const { mirror, outside, ledger } = this.stage;
    const { runs } = outside.source;
    if (runs.has(dispatchId)) return;
    if (!/^[^\n]{1,200}$/u.test(reason)) throw new Broken(`${enverId} is dispatched for ${reason}`);
    if (mirror.enver(enverId)?.run?.dispatchId !== dispatchId)
      throw new Broken(`${enverId} is dispatched as ${dispatchId}, which is not on its record`);
    for (const [id, { request, status }] of runs)
      if (request.enverId === enverId && status.state !== 'ended' && !ledger.silent.has(id))
        throw new Broken(`${enverId} is dispatched to ${purpose} while its job ${id} goes on`);
  }

  private beforeEnsure({ id }: EnverEntry): void {
    const { mirror, contracts } = this.stage;
    if (id === CONTRACTS || contracts.everHad(id) || mirror.enver(id)?.clone) return;
    throw new Broken(`${id} is provisioned and in no contracts`);
  }
}

/** What a record says of itself has to fit together: people read it. */
function checkPhase(record: EnverRecord): void {
  const { id, phase, reason } = record;
  if (reason === '') throw new Broken(`${id} is ${phase} without a reason`);
  if (phase === 'running' && !record.run) throw new Broken(`${id} is running without a run`);
  if (phase === 'failed' && !record.failed) throw new Broken(`${id} is failed without a failure`);
  if (phase === 'deployed' && !record.deployed) throw new Broken(`${id} is deployed without a deployment`);
  if (phase === 'deleting' && record.deleting === undefined) throw new Broken(`${id} is deleting unasked`);
}
