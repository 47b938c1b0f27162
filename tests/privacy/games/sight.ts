// Makes clues of what an observer wrote down: everything that can be counted, without knowing what any of it means.
import { deflateRawSync } from "node:zlib";
import type { Sight } from "../attacker.ts";
import type { Sighting } from "../fog/notebook.ts";

/** Something that everybody knows, and that an observer looks for in whatever it sees. */
export interface Known {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Bytes of each message that are clues one by one. */
const BYTES_SHOWN = 16;
/** Of the messages of one round, pieces of this length are compared. */
const PIECE_BYTES = 16;

/** Who watches the network alone: how long each packet is, in which order they come, and when. */
export function oscarsSight(sightings: readonly Sighting[]): Sight {
  const packets = sightings.filter(({ place }) => place === "wire");
  return Object.fromEntries([
    ["packets", packets.length],
    ...packets.flatMap((packet, i) => outsideOf(packet, i, packets)),
  ]);
}

/** Who reads everything but the inside of enclaves: also what is in the messages and rows, and what kernels touch. */
export function evesSight(sightings: readonly Sighting[], known: readonly Known[]): Sight {
  return Object.fromEntries([
    ["sightings", sightings.length],
    ...sightings.flatMap((each, i) => [
      ...outsideOf(each, i, sightings),
      ...insideOf(each, i, known),
      ...traceOf(each, i),
      ...sightings.slice(0, i).flatMap((earlier, j) => between(earlier, j, each, i)),
    ]),
  ]);
}

type Clue = readonly [name: string, value: string | number];

/** What is to be seen of a message that cannot be read. */
function outsideOf({ name, sent, answered, began, ended }: Sighting, i: number, all: readonly Sighting[]): Clue[] {
  const before = all[i - 1];
  return [
    [`${i} is`, name],
    [`${i} sent bytes`, sent.length],
    [`${i} answered bytes`, answered.length],
    [`${i} ms`, ended - began],
    [`${i} ms since the last ended`, before === undefined ? 0 : began - before.ended],
    [`${i} ms since the last began`, before === undefined ? 0 : began - before.began],
  ];
}

/** What is in it. */
function insideOf({ sent, answered }: Sighting, i: number, known: readonly Known[]): Clue[] {
  return [["sent", sent] as const, ["answered", answered] as const].flatMap(([way, bytes]) => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    return [
      [`${i} ${way} deflated`, deflateRawSync(text, { level: 1 }).length] as const,
      ...[...text.subarray(0, BYTES_SHOWN)].map((byte, at) => [`${i} ${way}[${at}]`, byte] as const),
      ...known.flatMap(({ name, bytes: piece }) =>
        text.includes(Buffer.from(piece)) ? [[`${i} ${way} holds ${name}`, 1] as const] : [],
      ),
    ];
  });
}

function traceOf({ trace }: Sighting, i: number): Clue[] {
  if (trace === undefined) return [];
  return [
    [`${i} events`, trace.events],
    [`${i} course`, String(trace.course)],
    [`${i} lines`, trace.lines.size],
    ...[...trace.pages].map(([page, count]) => [`${i} page ${page}`, count] as const),
  ];
}

/** What two sightings have in common: pieces of messages, and lines of memory. */
function between(earlier: Sighting, j: number, later: Sighting, i: number): Clue[] {
  return [...piecesInCommon(earlier, j, later, i), ...linesInCommon(earlier, j, later, i)];
}

function piecesInCommon(earlier: Sighting, j: number, later: Sighting, i: number): Clue[] {
  const text = Buffer.concat([earlier.sent, earlier.answered]);
  let common = 0;
  for (const bytes of [later.sent, later.answered]) {
    const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = 0; at + PIECE_BYTES <= whole.length; at += PIECE_BYTES) {
      if (text.includes(whole.subarray(at, at + PIECE_BYTES))) common += 1;
    }
  }
  return common === 0 ? [] : [[`${i} repeats of ${j}`, common]];
}

function linesInCommon({ trace: earlier }: Sighting, j: number, { trace: later }: Sighting, i: number): Clue[] {
  if (earlier === undefined || later === undefined) return [];
  const [fewer, more] = earlier.lines.size < later.lines.size ? [earlier, later] : [later, earlier];
  let common = 0;
  for (const line of fewer.lines) if (more.lines.has(line)) common += 1;
  return [[`${i} lines of ${j}`, common]];
}
