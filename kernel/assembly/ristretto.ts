// ristretto255 (RFC 9496 §4.3): decoding, encoding and the one-way map, for one point in elements and for four in lanes,
// and the group's sum and difference. All of it is constant time; a bad encoding is a mask in the result, and the work
// goes on.
import {
  FE_BYTES,
  feAbsolute,
  feAdd,
  feCopy,
  feFromBytes,
  feInvSqrt,
  feIsNegative,
  feIsZero,
  feMove,
  feMultiply,
  feNegate,
  feNegateIf,
  feSqrtRatio,
  feSquare,
  feSubtract,
  feToBytes,
  isNonnegativeEncoding,
  wipeElementScratch,
} from "./field";
import {
  feD,
  feDMinusOneSquared,
  feInvSqrtAMinusD,
  feOne,
  feOneMinusDSquared,
  feSqrtADMinusOne,
  feSqrtMinusOne,
  lanesD,
  lanesDMinusOneSquared,
  lanesOne,
  lanesOneMinusDSquared,
  lanesSqrtADMinusOne,
  lanesSqrtMinusOne,
  wipeProductScratch,
} from "./generated/field";
import {
  absolute4,
  add4,
  copy4,
  fromBytes4,
  fromBytesAt4,
  invSqrt4,
  isNegative4,
  isZero4,
  move4,
  mul4,
  negate4,
  reduce4,
  sqrtRatio4,
  square4,
  subtract4,
  toBytes4,
  wipeLanesScratch,
} from "./lanes";
import { addCached, negateCached, POINT_BYTES, toCached, wipePointScratch } from "./point";

const temporaries: usize = memory.data(768, 16); // Sixteen elements, or less than five lanes.
const coordinates: usize = memory.data(192, 16); // A point as elements.
const encodings: usize = memory.data(128, 16); // Its coordinates as canonical bytes.
const lanesTemporaries: usize = memory.data(960, 16); // Six lanes.
const pointP: usize = memory.data(160, 16);
const pointQ: usize = memory.data(160, 16);

/** Wipes the temporaries of this file and of all the arithmetic below it. */
export function wipeRistrettoScratch(): void {
  memory.fill(temporaries, 0, 768);
  memory.fill(coordinates, 0, 192);
  memory.fill(encodings, 0, 128);
  memory.fill(lanesTemporaries, 0, 960);
  memory.fill(pointP, 0, 160);
  memory.fill(pointQ, 0, 160);
  wipePointScratch();
  wipeLanesScratch();
  wipeElementScratch();
  wipeProductScratch();
}

/** 1 if the 32 bytes at `bytes` are a canonical encoding, else 0. */
export function ristrettoIsPoint(bytes: usize): i32 {
  const valid = decode(pointP, bytes);
  wipeRistrettoScratch();
  return valid & 1;
}

/** out = p + q for encodings of 32 bytes. 1 if both are valid, else 0 and out is meaningless. */
export function ristrettoAdd(out: usize, p: usize, q: usize): i32 {
  const valid = decode(pointP, p) & decode(pointQ, q);
  toCached(pointQ, pointQ);
  addCached(pointP, pointQ);
  encode(out, pointP);
  wipeRistrettoScratch();
  return valid & 1;
}

/** out = p − q for encodings of 32 bytes. 1 if both are valid, else 0 and out is meaningless. */
export function ristrettoSubtract(out: usize, p: usize, q: usize): i32 {
  const valid = decode(pointP, p) & decode(pointQ, q);
  toCached(pointQ, pointQ);
  negateCached(pointQ, pointQ);
  addCached(pointP, pointQ);
  encode(out, pointP);
  wipeRistrettoScratch();
  return valid & 1;
}

/** out = −p for an encoding of 32 bytes. 1 if it is valid, else 0 and out is meaningless. */
export function ristrettoNegate(out: usize, p: usize): i32 {
  const valid = decodeToElements(p);
  feNegate(coordinates, coordinates);
  feNegate(coordinates + 3 * FE_BYTES, coordinates + 3 * FE_BYTES);
  encodeElements(out);
  wipeRistrettoScratch();
  return valid & 1;
}

/** out = the sum of the map's values at the two halves of 64 uniform bytes (RFC 9496 §4.3.4). */
export function ristrettoOneWayMap(out: usize, uniform: usize): void {
  mapToElements(uniform);
  elementsToPoint(pointP);
  mapToElements(uniform + 32);
  elementsToPoint(pointQ);
  toCached(pointQ, pointQ);
  addCached(pointP, pointQ);
  encode(out, pointP);
  wipeRistrettoScratch();
}

function fe(i: usize): usize {
  return temporaries + FE_BYTES * i;
}

function lanes(i: usize): usize {
  return lanesTemporaries + POINT_BYTES * i;
}

/** Decodes 32 bytes to a point; −1 if the encoding is valid, else 0 and the point is meaningless. */
export function decode(point: usize, bytes: usize): i32 {
  const valid = decodeToElements(bytes);
  elementsToPoint(point);
  return valid;
}

/** Writes the encoding of a point, 32 bytes. */
export function encode(bytes: usize, point: usize): void {
  toBytes4(encodings, point);
  for (let i: usize = 0; i < 4; i++) feFromBytes(coordinates + FE_BYTES * i, encodings + 32 * i);
  encodeElements(bytes);
}

/** The point whose elements are in `coordinates`. */
function elementsToPoint(point: usize): void {
  for (let i: usize = 0; i < 4; i++) feToBytes(encodings + 32 * i, coordinates + FE_BYTES * i);
  fromBytes4(point, encodings);
  reduce4(point, point);
}

// DECODE (RFC 9496 §4.3.1), in its notation: u₁ = 1 − s², u₂ = 1 + s², v = −d·u₁² − u₂², I = 1/√(v·u₂²), then
// x = |2s·I·u₂|, y = u₁·I·(I·u₂)·v, t = xy; refused if v·u₂² is no square, t is negative or y = 0.
function decodeToElements(bytes: usize): i32 {
  const s = fe(0);
  const u1 = fe(1);
  const u2 = fe(2);
  const u2Squared = fe(3);
  const v = fe(4);
  const invSqrt = fe(5);
  const denominatorX = fe(6);
  const denominatorY = fe(7);
  const x = coordinates;
  const y = coordinates + FE_BYTES;
  const t = coordinates + 3 * FE_BYTES;
  feFromBytes(s, bytes);
  feSquare(v, s);
  feSubtract(u1, feOne, v);
  feAdd(u2, feOne, v);
  feSquare(u2Squared, u2);
  feSquare(v, u1);
  feMultiply(v, v, feD);
  feNegate(v, v);
  feSubtract(v, v, u2Squared);
  feMultiply(denominatorX, v, u2Squared);
  const square = feInvSqrt(invSqrt, denominatorX);
  feMultiply(denominatorX, invSqrt, u2);
  feMultiply(denominatorY, invSqrt, denominatorX);
  feMultiply(denominatorY, denominatorY, v);
  feAdd(s, s, s);
  feMultiply(x, s, denominatorX);
  feAbsolute(x);
  feMultiply(y, u1, denominatorY);
  feCopy(coordinates + 2 * FE_BYTES, feOne);
  feMultiply(t, x, y);
  return isNonnegativeEncoding(bytes) & square & ~feIsNegative(t) & ~feIsZero(y);
}

// ENCODE (RFC 9496 §4.3.2), in its notation, of the point in `coordinates`.
function encodeElements(bytes: usize): void {
  const x0 = coordinates;
  const y0 = coordinates + FE_BYTES;
  const z0 = coordinates + 2 * FE_BYTES;
  const t0 = coordinates + 3 * FE_BYTES;
  const u1 = fe(0);
  const u2 = fe(1);
  const invSqrt = fe(2);
  const denominator1 = fe(3);
  const denominator2 = fe(4);
  const zInverse = fe(5);
  const ix = fe(6);
  const iy = fe(7);
  const enchanted = fe(8);
  const product = fe(9);
  feAdd(u1, z0, y0);
  feSubtract(u2, z0, y0);
  feMultiply(u1, u1, u2);
  feMultiply(u2, x0, y0);
  feSquare(product, u2);
  feMultiply(product, product, u1);
  feInvSqrt(invSqrt, product);
  feMultiply(denominator1, invSqrt, u1);
  feMultiply(denominator2, invSqrt, u2);
  feMultiply(zInverse, denominator1, denominator2);
  feMultiply(zInverse, zInverse, t0);
  feMultiply(ix, x0, feSqrtMinusOne);
  feMultiply(iy, y0, feSqrtMinusOne);
  feMultiply(enchanted, denominator1, feInvSqrtAMinusD);
  feMultiply(product, t0, zInverse);
  const rotate = feIsNegative(product);
  feMove(x0, iy, rotate);
  feMove(y0, ix, rotate);
  feMove(denominator2, enchanted, rotate);
  feMultiply(product, x0, zInverse);
  feNegateIf(y0, feIsNegative(product));
  feSubtract(y0, z0, y0);
  feMultiply(product, y0, denominator2);
  feAbsolute(product);
  feToBytes(bytes, product);
}

// MAP (RFC 9496 §4.3.4), in its notation, of the lower 255 bits of 32 bytes.
function mapToElements(bytes: usize): void {
  const r = fe(0);
  const u = fe(1);
  const v = fe(2);
  const s = fe(3);
  const sPrime = fe(4);
  const c = fe(5);
  const n = fe(6);
  const w0 = fe(7);
  const w1 = fe(8);
  const w2 = fe(9);
  const w3 = fe(10);
  const t = fe(11);
  feFromBytes(t, bytes);
  feSquare(r, t);
  feMultiply(r, r, feSqrtMinusOne);
  feAdd(u, r, feOne);
  feMultiply(u, u, feOneMinusDSquared);
  feMultiply(v, r, feD);
  feNegate(c, feOne);
  feSubtract(v, c, v); // −1 − r·d
  feAdd(w0, r, feD);
  feMultiply(v, v, w0);
  const wasSquare = feSqrtRatio(s, u, v);
  feMultiply(sPrime, s, t);
  feAbsolute(sPrime);
  feNegate(sPrime, sPrime);
  feMove(s, sPrime, ~wasSquare);
  feMove(c, r, ~wasSquare);
  feSubtract(n, r, feOne);
  feMultiply(n, n, c);
  feMultiply(n, n, feDMinusOneSquared);
  feSubtract(n, n, v);
  feAdd(w0, s, s);
  feMultiply(w0, w0, v);
  feMultiply(w1, n, feSqrtADMinusOne);
  feSquare(t, s);
  feSubtract(w2, feOne, t);
  feAdd(w3, feOne, t);
  feMultiply(coordinates, w0, w3);
  feMultiply(coordinates + FE_BYTES, w2, w1);
  feMultiply(coordinates + 2 * FE_BYTES, w1, w3);
  feMultiply(coordinates + 3 * FE_BYTES, w0, w2);
}

/**
 * Decodes the encodings at four addresses to four points side by side. The result has a lane of −1 for each valid one;
 * the others' points are meaningless.
 */
export function decode4(points: usize, b0: usize, b1: usize, b2: usize, b3: usize): v128 {
  const s = lanes(0);
  const u1 = lanes(1);
  const u2 = lanes(2);
  const u2Squared = lanes(3);
  const v = lanes(4);
  const invSqrt = lanes(5);
  const x = points;
  const y = points + 160;
  const z = points + 320;
  const t = points + 480;
  fromBytesAt4(s, b0, b1, b2, b3);
  square4(v, s);
  subtract4(u1, lanesOne, v);
  add4(u2, lanesOne, v);
  square4(u2Squared, u2);
  square4(v, u1);
  mul4(v, v, lanesD);
  negate4(v, v);
  subtract4(v, v, u2Squared);
  mul4(t, v, u2Squared);
  const square = invSqrt4(invSqrt, t);
  mul4(u2, invSqrt, u2); // I·u₂
  mul4(v, invSqrt, v);
  mul4(v, v, u2); // I·(I·u₂)·v
  add4(s, s, s);
  mul4(x, s, u2);
  absolute4(x);
  mul4(y, u1, v);
  copy4(z, lanesOne);
  mul4(t, x, y);
  const canonical = i32x4(
    isNonnegativeEncoding(b0),
    isNonnegativeEncoding(b1),
    isNonnegativeEncoding(b2),
    isNonnegativeEncoding(b3),
  );
  return v128.andnot(v128.and(canonical, square), v128.or(isNegative4(t), isZero4(y)));
}

/** The map (RFC 9496 §4.3.4) of the lower 255 bits of 32 bytes at four addresses, to four points side by side. */
export function map4(points: usize, b0: usize, b1: usize, b2: usize, b3: usize): void {
  const t = lanes(0);
  const r = lanes(1);
  const u = lanes(2);
  const v = lanes(3);
  const s = lanes(4);
  const c = lanes(5);
  const spare = points;
  fromBytesAt4(t, b0, b1, b2, b3);
  square4(r, t);
  mul4(r, r, lanesSqrtMinusOne);
  add4(u, r, lanesOne);
  mul4(u, u, lanesOneMinusDSquared);
  mul4(v, r, lanesD);
  add4(v, v, lanesOne);
  negate4(v, v); // −1 − r·d
  add4(spare, r, lanesD);
  mul4(v, v, spare);
  const wasNoSquare = v128.not(sqrtRatio4(s, u, v));
  mul4(spare, s, t);
  absolute4(spare);
  negate4(spare, spare);
  move4(s, spare, wasNoSquare);
  negate4(c, lanesOne);
  move4(c, r, wasNoSquare);
  const n = u;
  subtract4(n, r, lanesOne);
  mul4(n, n, c);
  mul4(n, n, lanesDMinusOneSquared);
  subtract4(n, n, v);
  const w0 = c;
  const w1 = t;
  const w2 = r;
  const w3 = u;
  add4(w0, s, s);
  mul4(w0, w0, v);
  mul4(w1, n, lanesSqrtADMinusOne);
  square4(s, s);
  subtract4(w2, lanesOne, s);
  add4(w3, lanesOne, s);
  mul4(points, w0, w3);
  mul4(points + 160, w2, w1);
  mul4(points + 320, w1, w3);
  mul4(points + 480, w0, w2);
}
