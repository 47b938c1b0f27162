// Figures of the kernel: group arithmetic beside libsodium.js and noble, Fog hints beside the same steps on noble, and
// what loading the module costs. Both sides of a ratio get the same bytes, decode and encode, and must agree first.
import { randomBytes } from "node:crypto";
import { publicKey, sealBox } from "@fogbow/core-crypto";
import { createKernel, kernel, kernelWasm } from "@fogbow/kernel";
import { createModel } from "@fogbow/kernel-model";
import { pippenger } from "@noble/curves/abstract/curve.js";
import { ristretto255 } from "@noble/curves/ed25519.js";
import { bytesToNumberLE } from "@noble/curves/utils.js";
import sodium from "libsodium-wrappers-sumo";
import { count, type Figure, measure } from "./measure.ts";
import { agree, inTurn } from "./operands.ts";
import { versioned } from "./provenance.ts";

const BATCH = 64;
const HINTS = 1000;
const HINT_BYTES = 84;
/** noble needs about a second for all hints, so it opens them a tenth at a time, and its time counts tenfold. */
const PEER_SLICES = 10;

/** Measures every figure named `kernel`; about half a minute. Reports each as it comes. */
export async function benchKernel(report: (figure: Figure) => void): Promise<void> {
  await sodium.ready;
  variableBase(report);
  batch(report);
  fixedBase(report);
  multiScalar(report, 128, 60);
  multiScalar(report, 1024, 30);
  fogHints(report);
  report(count("wasm-bytes", "bytes", kernelWasm().length));
  instantiate(report);
}

function variableBase(report: (figure: Figure) => void): void {
  const { ristretto } = kernel();
  const operands = pairs(BATCH);
  const peer = sodium.crypto_scalarmult_ristretto255;
  agree(operands.map(({ scalar, point }) => [ristretto.multiply(scalar, point), peer(scalar, point)]));
  const ours = inTurn(operands);
  const theirs = inTurn(operands);
  report(
    measure({
      name: "variable-base",
      unit: "µs",
      ours: { run: () => ours(({ scalar, point }) => ristretto.multiply(scalar, point)) },
      peer: { name: LIBSODIUM, run: () => theirs(({ scalar, point }) => peer(scalar, point)) },
    }),
  );
}

function batch(report: (figure: Figure) => void): void {
  const { ristretto } = kernel();
  const operands = pairs(BATCH);
  const scalars = Buffer.concat(operands.map(({ scalar }) => scalar));
  const points = Buffer.concat(operands.map(({ point }) => point));
  const peer = sodium.crypto_scalarmult_ristretto255;
  const separate = operands.map(({ scalar, point }) => peer(scalar, point));
  agree([[ristretto.multiplyBatch(scalars, points), Buffer.concat(separate)]]);
  const theirs = inTurn(operands);
  report(
    measure({
      name: "batch-64",
      unit: "µs/point",
      ours: { run: () => ristretto.multiplyBatch(scalars, points), units: BATCH },
      peer: { name: LIBSODIUM, run: () => theirs(({ scalar, point }) => peer(scalar, point)) },
      burstMs: 2.5, // About one batch.
      bursts: 400,
    }),
  );
}

function fixedBase(report: (figure: Figure) => void): void {
  const { ristretto } = kernel();
  const operands = pairs(BATCH);
  const peer = sodium.crypto_scalarmult_ristretto255_base;
  agree(operands.map(({ scalar }) => [ristretto.multiplyBase(scalar), peer(scalar)]));
  const ours = inTurn(operands);
  const theirs = inTurn(operands);
  report(
    measure({
      name: "fixed-base",
      unit: "µs",
      ours: { run: () => ours(({ scalar }) => ristretto.multiplyBase(scalar)) },
      peer: { name: LIBSODIUM, run: () => theirs(({ scalar }) => peer(scalar)) },
    }),
  );
}

function multiScalar(report: (figure: Figure) => void, points: number, bursts: number): void {
  const { ristretto } = kernel();
  const operands = pairs(points);
  const allScalars = Buffer.concat(operands.map(({ scalar }) => scalar));
  const allPoints = Buffer.concat(operands.map(({ point }) => point));
  const { Point } = ristretto255;
  const peer = (): Uint8Array =>
    pippenger(
      Point,
      operands.map(({ point }) => Point.fromBytes(point)),
      operands.map(({ scalar }) => bytesToNumberLE(scalar)),
    ).toBytes();
  agree([[ristretto.multiScalarMultiply(allScalars, allPoints), peer()]]);
  report(
    measure({
      name: `msm-${points}`,
      unit: "ms",
      ours: { run: () => ristretto.multiScalarMultiply(allScalars, allPoints) },
      peer: { name: `${versioned("@noble/curves")} pippenger`, run: peer },
      bursts,
    }),
  );
}

function fogHints(report: (figure: Figure) => void): void {
  const { fog, ristretto } = kernel();
  const model = createModel().fog;
  const ingressPrivateKey = randomScalar();
  const ingressPublicKey = ristretto.multiplyBase(ingressPrivateKey);
  const each = Array.from({ length: HINTS }, (_, i) =>
    hint(i % 10 === 0 ? ingressPublicKey : randomPoint(), ristretto.multiplyBase(randomScalar())),
  );
  const hints = Buffer.concat(each);
  const fallbacks = Buffer.concat(each.map(randomPoint));
  const slices = Array.from({ length: PEER_SLICES }, (_, i) => ({
    hints: slice(hints, HINT_BYTES, i),
    fallbacks: slice(fallbacks, 32, i),
  }));
  const opened = fog.openHints(ingressPrivateKey, hints, fallbacks);
  agree(
    slices.map((part, i) => [slice(opened, 32, i), model.openHints(ingressPrivateKey, part.hints, part.fallbacks)]),
  );
  const theirs = inTurn(slices);
  report(
    measure({
      name: "fog-hint-1000",
      unit: "ms",
      ours: { run: () => fog.openHints(ingressPrivateKey, hints, fallbacks) },
      peer: {
        name: `the same on ${versioned("@noble/curves")}, ${HINTS / PEER_SLICES} hints at a time`,
        run: () => theirs((part) => model.openHints(ingressPrivateKey, part.hints, part.fallbacks)),
        units: 1 / PEER_SLICES,
      },
      bursts: 50,
      warmUpMs: 2000,
    }),
  );
}

/** One of the ten equal parts of `HINTS` records. */
const slice = (bytes: Uint8Array, size: number, index: number): Uint8Array =>
  bytes.subarray((index * size * HINTS) / PEER_SLICES, ((index + 1) * size * HINTS) / PEER_SLICES);

/** A Fog hint (spec 01 §7.2): a box around the user's view public key and two magic bytes. */
const hint = (ingressPublicKey: Uint8Array, viewPublicKey: Uint8Array): Uint8Array =>
  sealBox(publicKey(ingressPublicKey), Buffer.concat([viewPublicKey, Buffer.from([42, 42])]), randomBytes);

/** From the embedded text to the first product: decode, compile, instantiate, and whatever is prepared on first use. */
function instantiate(report: (figure: Figure) => void): void {
  const operands = pairs(1)[0] as { scalar: Uint8Array; point: Uint8Array }; // One was asked for.
  report(
    measure({
      name: "instantiate",
      unit: "ms",
      ours: {
        run() {
          const { ristretto } = createKernel({ wasm: neverSeen(kernelWasm()) });
          ristretto.multiplyBase(operands.scalar);
          ristretto.multiply(operands.scalar, operands.point);
        },
      },
      bursts: 40,
      warmUpMs: 0,
    }),
  );
}

/** The module with a custom section of its own: engines keep what they compiled, by content, and would hand it back. */
function neverSeen(wasm: Uint8Array): Uint8Array {
  const name = Buffer.from("bench");
  const nonce = randomBytes(16);
  return Buffer.concat([wasm, Buffer.from([0, 1 + name.length + nonce.length, name.length]), name, nonce]);
}

const LIBSODIUM = versioned("libsodium-wrappers-sumo");

const randomScalar = (): Uint8Array => kernel().scalars.reduceWide(randomBytes(64));
const randomPoint = (): Uint8Array => kernel().ristretto.oneWayMap(randomBytes(64));

const pairs = (length: number): { scalar: Uint8Array; point: Uint8Array }[] =>
  Array.from({ length }, () => ({ scalar: randomScalar(), point: randomPoint() }));
