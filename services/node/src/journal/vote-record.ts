// What a slot's record in the vote journal holds (spec 05 §6.3): the message that is about to be sent, as it will be sent, and
// the state that it does not show. Values are long and in many places, so each is written once and then named by number.
import { CodedError } from "@fogbow/core-bytes";
import {
  type Ballot,
  type ConsensusMessage,
  decodeConsensusMessage,
  type Phase,
  type StoredSlot,
  tryTxHash,
  txHashValue,
  type Value,
  type ValueList,
  valueList,
  valuesOf,
} from "@fogbow/core-scp";
import { ByteReader, ByteWriter, malformed } from "./bytes.ts";

/** A vote that was journaled. */
export interface VoteRecord {
  /** The signed message, encoded. */
  readonly payload: Uint8Array;
  readonly consensus: ConsensusMessage;
  readonly state: StoredSlot;
}

const VERSION = 1;
const PHASES: readonly Phase[] = ["nominate-prepare", "prepare", "commit", "externalize"];

/** The record of a vote. The last message of the state must be the one that is in the payload. */
export function encodeVoteRecord(payload: Uint8Array, state: StoredSlot): Uint8Array {
  const out = new ByteWriter();
  const table = new Map<Value, number>();
  for (const value of valuesIn(state)) if (!table.has(value)) table.set(value, table.size);
  const values = (list: readonly Value[]): void => out.list(list, (value) => out.u32(table.get(value) as number)); // All are in it.
  const ballot = ({ n, x }: Ballot): void => {
    out.u32(n);
    values(valuesOf(x));
  };
  out.u8(VERSION);
  out.bytes(payload);
  out.list([...table.keys()], (value) => writeValue(out, value));
  out.u8(PHASES.indexOf(state.phase));
  for (const list of [state.w, state.x, state.y, state.z]) values(list);
  out.list(state.leaders, (leader) => out.text(leader));
  out.list(state.adopted, ([leader, count]) => {
    out.text(leader);
    out.u32(count);
  });
  out.u32(state.round);
  ballot(state.b);
  for (const each of [state.p, state.pp, state.h, state.c]) out.optional(each, ballot);
  out.optional(state.lock, (lock) => values(valuesOf(lock)));
  return out.finish();
}

/** A vote from its record. Throws `malformed-record`. */
export function decodeVoteRecord(record: Uint8Array): VoteRecord {
  try {
    return decode(record);
  } catch (error) {
    if (error instanceof CodedError && error.code !== "malformed-record") throw malformed("its message", error);
    throw error;
  }
}

function decode(record: Uint8Array): VoteRecord {
  const input = new ByteReader(record);
  if (input.u8() !== VERSION) throw malformed("its version is unknown");
  const payload = input.bytes();
  const table = input.list(() => readValue(input));
  const values = (): Value[] =>
    input.list(() => {
      const value = table[input.u32()];
      if (value === undefined) throw malformed("a value has no text");
      return value;
    });
  const ballot = (): Ballot => ({ n: input.u32(), x: valueList(values()) });
  const optionalBallot = (): Ballot | undefined => input.optional(ballot);
  const phase = PHASES[input.u8()];
  if (phase === undefined) throw malformed("its phase is unknown");
  const [w, x, y, z] = [values(), values(), values(), values()];
  const leaders = input.list(() => input.text());
  const adopted = input.list((): [string, number] => [input.text(), input.u32()]);
  const round = input.u32();
  const [b, p, pp, h, c] = [ballot(), optionalBallot(), optionalBallot(), optionalBallot(), optionalBallot()];
  const lock = input.optional((): ValueList => valueList(values()));
  input.finish();
  const consensus = decodeConsensusMessage(payload);
  const lastSent = consensus.message.topic;
  return { payload, consensus, state: { phase, w, x, y, z, leaders, adopted, round, b, p, pp, h, c, lock, lastSent } };
}

function* valuesIn({ w, x, y, z, b, p, pp, h, c, lock }: StoredSlot): Generator<Value> {
  for (const list of [w, x, y, z]) yield* list;
  for (const each of [b, p, pp, h, c]) if (each !== undefined) yield* valuesOf(each.x);
  if (lock !== undefined) yield* valuesOf(lock);
}

function writeValue(out: ByteWriter, value: Value): void {
  const hash = tryTxHash(value);
  out.u8(hash === undefined ? 1 : 0);
  if (hash === undefined) out.text(value);
  else out.raw(hash);
}

function readValue(input: ByteReader): Value {
  switch (input.u8()) {
    case 0:
      return txHashValue(input.raw(32));
    case 1:
      return input.text();
    default:
      throw malformed("a value is of an unknown kind");
  }
}
