// The game "which ring is this?": a payment has one of two rings of eleven outputs, which the attacker knows, and the wallet
// fetches its members. Who cannot tell two rings apart cannot name the members of any.
import { le64 } from "@fogbow/core-bytes";
import type { FogLedgerClient } from "@fogbow/sdk";
import { attack, type Trial } from "../attacker.ts";
import { chance } from "../chance.ts";
import { LocalFog, type LocalFogParts } from "../fog/local-fog.ts";
import { Person } from "../fog/person.ts";
import type { Rate } from "../interval.ts";
import { legacyOutputs } from "./legacy-outputs.ts";
import { evesSight, type Known, oscarsSight } from "./sight.ts";

/** How often the attackers are right. */
export interface RingRates {
  readonly oscar: Rate;
  readonly eve: Rate;
}

const RING_SIZE = 11;
const OUTPUTS = 64;
const BLOCK_OUTPUTS = 16;
/** Fetches before the first that counts. */
const WARM_UP = 10;

/** Who serves outputs. */
export type RingServer = "fog" | "legacy";

/** Plays against Fog or against a server whose host is given the indices: in real time, or with watched kernels. */
export async function playRings(
  server: RingServer,
  { seed, rounds }: { readonly seed: number; readonly rounds: number },
  parts: LocalFogParts = {},
): Promise<RingRates> {
  const draw = chance(seed);
  const payee = new Person("somebody");
  const pay = () => payee.pay(1n, undefined);
  const fog = await LocalFog.start({ capacity: 256, origin: [pay().txOut] }, parts);
  try {
    while (fog.txoCount < OUTPUTS) {
      const outputs = Array.from({ length: BLOCK_OUTPUTS }, () => pay().txOut);
      await fog.add(outputs, [pay().keyImage]);
    }
    const rings = twoRings(draw, fog.txoCount);
    const known = rings.flatMap((ring, i) => membersOf(ring, i === 0 ? "A" : "B", fog));
    const transport = server === "fog" ? fog.transport : legacyOutputs(fog.ledger, fog.notebook);
    const client = fog.clients("a wallet", transport).ledger;
    return await play({ client, fog, rings, known, draw, rounds });
  } finally {
    await fog.close();
  }
}

interface Play {
  readonly client: FogLedgerClient;
  readonly fog: LocalFog;
  readonly rings: readonly (readonly bigint[])[];
  readonly known: readonly Known[];
  readonly draw: () => number;
  readonly rounds: number;
}

async function play({ client, fog, rings, known, draw, rounds }: Play): Promise<RingRates> {
  const trials: { readonly oscar: Trial[]; readonly eve: Trial[] } = { oscar: [], eve: [] };
  for (let i = 0; i < rounds + WARM_UP; i++) {
    const world = draw() < 0.5;
    const ring = rings[world ? 1 : 0] as readonly bigint[]; // There are two.
    fog.notebook.take();
    const { outputs } = await client.getOutputs(ring, { txoCount: fog.txoCount });
    if (outputs.some(({ index }, k) => index !== ring[k])) throw new Error("The wallet was given other outputs.");
    const sightings = fog.notebook.take();
    if (i < WARM_UP) continue;
    trials.oscar.push({ world, sight: oscarsSight(sightings) });
    trials.eve.push({ world, sight: evesSight(sightings, known) });
  }
  return { oscar: attack(trials.oscar), eve: attack(trials.eve) };
}

/** Two rings without a member in common. */
function twoRings(draw: () => number, txoCount: bigint): [readonly bigint[], readonly bigint[]] {
  const indices = Array.from({ length: Number(txoCount) }, (_, i) => ({ index: BigInt(i), at: draw() }));
  const drawn = indices.sort((a, b) => a.at - b.at).map(({ index }) => index);
  return [drawn.slice(0, RING_SIZE), drawn.slice(RING_SIZE, 2 * RING_SIZE)];
}

/** What everybody knows of a ring's members. */
function membersOf(ring: readonly bigint[], name: string, fog: LocalFog): Known[] {
  return ring.flatMap((index) => {
    const txOut = fog.ledger.txOut(index);
    return txOut === undefined
      ? []
      : [
          { name: `an index of ${name}: ${index}`, bytes: le64(index) },
          { name: `an output of ${name}: ${index}`, bytes: txOut.publicKey },
        ];
  });
}
