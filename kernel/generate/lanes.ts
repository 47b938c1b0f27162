// Generates the arithmetic of numbers modulo p = 2²⁵⁵ − 19 in lanes: four numbers side by side, each in twenty signed
// limbs of 13 bits, in ten vectors of 16 bytes. Vector i holds limb 2i of each number in the low halves of its four
// 32-bit lanes and limb 2i + 1 in the high halves. `i32x4.dot_i16x8_s` multiplies eight pairs of limbs and adds them two
// by two: eight products an instruction.
//
// Bounds. A *reduced* limb lies within ±4 130, a limb of a sum or difference of n reduced numbers within n times that.
// A column of a product adds at most twenty products of limbs and, with what is folded in (below), must stay under 2³¹:
// numbers of limb bounds A and B may be multiplied when A·B ≤ 1.06·10⁸. So a sum of two may be squared or multiplied by
// a sum of three, and a sum of six by a reduced number. Unsigned limbs of 13 bits (≤ 8 191) count as a sum of two.
import { at, type Body, generateFunction, LIMBS, put, VECTORS } from "./body.ts";

/** Columns of a product before folding. */
const COLUMNS = 2 * LIMBS - 1;

/** Masks and scratch of the functions below, and the functions. */
export function generateLanes(): string[] {
  const scratch = { swapped: 10, shifted: 11, columns: COLUMNS, doubled: 10, lowOnly: 10, lowDoubled: 10 };
  const splat = (name: string, value: string): string =>
    `const ${name}: usize = memory.data<i32>([${Array(4).fill(value).join(", ")}], 16);`;
  return [
    [
      splat("folds", "608"),
      splat("biases", "4096"),
      splat("biases16", "0x10001000"),
      splat("limbMasks", "8191"),
      splat("lowHalves", "0xffff"),
      ...Object.entries(scratch).map(([name, n]) => `const ${name}: usize = memory.data(${16 * n}, 16);`),
    ].join("\n"),
    [
      "/** Wipes what products and squares leave behind. */",
      "export function wipeProductScratch(): void {",
      ...Object.entries(scratch).map(([name, n]) => `  memory.fill(${name}, 0, ${16 * n});`),
      "}",
    ].join("\n"),
    generateFunction("mul4(out: usize, a: usize, b: usize)", "out = a·b in each lane, reduced.", multiply),
    generateFunction("square4(out: usize, a: usize)", "out = a² in each lane, reduced.", square),
    generateFunction(
      "reduce4(out: usize, a: usize)",
      "out ≡ a for sums a of up to four: limbs within ±4 100, but limb 0 within ±5 400.",
      reduce,
    ),
  ];
}

/** A product of a column: a vector of the left operand and the index of the right operand's vector it meets. */
interface Term {
  readonly left: string;
  readonly right: number;
}

// With a_i and b_j the limbs, column k is Σ a_i·b_(k−i). A dot product covers two products, a_2p·b_j + a_(2p+1)·b_(j−1),
// so each vector of b is first stored in two forms:
//   swapped[q] = (b_(2q+1), b_2q) for odd columns,  shifted[q] = (b_2q, b_(2q−1)) for even ones.
//
// Why through memory: V8 moves pure arithmetic about and spills, but keeps loads and stores in order. So one operand is
// held in locals, a form of the other is loaded where it is used, and finished columns are stored and left alone until
// all are there (22.8 → 11.5 ns a product, with no other change).
function multiply(body: Body): void {
  storeForms(body, "b");
  const a = Array.from({ length: VECTORS }, (_, p) => body.name(at("a", p)));
  addColumns(body, (k) =>
    a.map((left, p) => ({ left, right: (k >> 1) - p })).filter(({ right }) => right >= 0 && right <= lastForm(k)),
  );
}

function storeForms(body: Body, operand: string): void {
  let previous = "i32x4.splat(0)";
  for (let q = 0; q < VECTORS; q++) {
    const b = body.name(at(operand, q));
    body.emit(put("swapped", q, `v128.or(i32x4.shl(${b}, 16), i32x4.shr_u(${b}, 16))`));
    body.emit(put("shifted", q, `v128.shuffle<i16>(${b}, ${previous}, 0, 9, 2, 11, 4, 13, 6, 15)`));
    previous = b;
  }
  body.emit(put("shifted", VECTORS, `v128.and(${previous}, i32x4.splat(0xffff0000))`));
}

function lastForm(column: number): number {
  return column % 2 === 1 ? VECTORS - 1 : VECTORS;
}

// In a square a_i·a_j and a_j·a_i are computed once, with a doubled left operand. Only the middle of a column, where
// i = j is met, needs a form of its own: (a_2p, 0), (2·a_2p, a_(2p+1)) or plain (a_2p, a_(2p+1)).
function square(body: Body): void {
  storeForms(body, "a");
  for (let p = 0; p < VECTORS; p++) {
    const a = body.name(at("a", p));
    const low = body.name(`v128.and(${a}, v128.load(lowHalves))`);
    body.emit(put("doubled", p, `i16x8.shl(${a}, 1)`));
    body.emit(put("lowOnly", p, low));
    body.emit(put("lowDoubled", p, `i16x8.add(${a}, ${low})`));
  }
  const doubled = Array.from({ length: VECTORS }, (_, p) => body.name(at("doubled", p)));
  addColumns(body, (k) => {
    const sum = k >> 1; // The indices of the two vectors add up to this.
    const middle = sum >> 1;
    const terms: Term[] = [];
    for (let p = Math.max(0, sum - lastForm(k)); p <= Math.min(middle, VECTORS - 1); p++) {
      const right = sum - p;
      if (k % 2 === 1) terms.push({ left: p === right ? at("a", p) : (doubled[p] as string), right });
      else if (p < middle) terms.push({ left: doubled[p] as string, right });
      else terms.push({ left: at(sum % 2 === 0 ? "lowOnly" : "lowDoubled", p), right });
    }
    return terms;
  });
}

// Columns of equal parity meet the same forms: three at a time share the loads and just fit the sixteen registers.
function addColumns(body: Body, terms: (column: number) => Term[]): void {
  for (const parity of [0, 1]) {
    for (let k = parity; k < COLUMNS; k += 6) {
      const group = [k, k + 2, k + 4].filter((column) => column < COLUMNS);
      addGroup(body, parity === 1 ? "swapped" : "shifted", new Map(group.map((column) => [column, terms(column)])));
    }
  }
  carry(body);
  pack(body);
}

function addGroup(body: Body, form: string, group: ReadonlyMap<number, readonly Term[]>): void {
  const sums = new Map<number, string>();
  for (let q = 0; q <= VECTORS; q++) {
    const uses = [...group].flatMap(([k, terms]) =>
      terms.filter(({ right }) => right === q).map(({ left }) => [k, left] as const),
    );
    const right = uses.length === 1 ? at(form, q) : uses.length > 1 ? body.name(at(form, q)) : "";
    for (const [k, left] of uses) {
      const dot = `i32x4.dot_i16x8_s(${left}, ${right})`;
      const sum = sums.get(k);
      sums.set(k, body.name(sum === undefined ? dot : `i32x4.add(${sum}, ${dot})`));
    }
  }
  for (const [k, sum] of sums) body.emit(put("columns", k, sum));
}

// Fold: 2²⁶⁰ ≡ 32·19 = 608 (mod p). An upper column h, of weight 2^(13·(20 + k)), is split as h = high·2¹³ + low with
// 0 ≤ low < 2¹³; 608·low goes to column k and 608·high to column k + 1, which adds 8 % of 2³¹ at most, and that only to
// the lowest columns, which have few products of their own.
//
// Carry: 4 096 is added to each column, which makes the carry round to nearest and the limb signed; packing takes it off
// again. Five chains of four columns run side by side. A chain's last carry (≤ 2¹⁸) enters the next chain's first limb,
// and what that passes on (≤ 33) stays in its second. The carry out of limb 19 re-enters limb 0 times 608 (< 2²⁸), passes
// on to limb 1 (< 2¹⁵) and to limb 2 (≤ 3). So limbs end within 4 096 + 33 of zero.
function carry(body: Body): void {
  const CHAINS = 5;
  const length = LIMBS / CHAINS;
  const mask = body.name("v128.load(limbMasks)");
  const fold = body.name("v128.load(folds)");
  const bias = body.name("v128.load(biases)");
  const carries: string[] = [];
  const folded = (k: number): string => {
    let sum = `i32x4.add(${at("columns", k)}, ${bias})`;
    const [low, high] = [at("columns", LIMBS + k), at("columns", LIMBS + k - 1)];
    if (k < LIMBS - 1) sum = `i32x4.add(${sum}, i32x4.mul(v128.and(${low}, ${mask}), ${fold}))`;
    if (k > 0) sum = `i32x4.add(${sum}, i32x4.mul(i32x4.shr_s(${high}, 13), ${fold}))`;
    return sum;
  };
  /** Stores what fits a limb and returns what goes on. */
  const pass = (k: number, sum: string): string => {
    const whole = body.name(sum);
    body.emit(put("columns", k, `v128.and(${whole}, ${mask})`));
    return `i32x4.shr_s(${whole}, 13)`;
  };
  const plus = (k: number, incoming: string): string => `i32x4.add(${at("columns", k)}, ${incoming})`;
  // The limb where carrying ends can be −1 or 8 192 with the bias still in it, about once in 10⁶ products. An even limb
  // is therefore cut to the 16 bits it is packed into: its sign would spill into the odd limb above it.
  const settle = (k: number, incoming: string): void => {
    const sum = plus(k, incoming);
    body.emit(put("columns", k, k % 2 === 0 ? `v128.and(${sum}, v128.load(lowHalves))` : sum));
  };
  for (let i = 0; i < length; i++) {
    for (let chain = 0; chain < CHAINS; chain++) {
      const k = chain * length + i;
      const incoming = carries[chain];
      const sum = incoming === undefined ? folded(k) : `i32x4.add(${folded(k)}, ${incoming})`;
      carries[chain] = body.name(pass(k, sum));
    }
  }
  for (let chain = 1; chain < CHAINS; chain++) {
    const k = chain * length;
    settle(k + 1, pass(k, plus(k, carries[chain - 1] as string))); // Every chain has passed on.
  }
  settle(2, pass(1, plus(1, pass(0, plus(0, `i32x4.mul(${carries[CHAINS - 1]}, ${fold})`)))));
}

function pack(body: Body): void {
  const bias = body.name("v128.load(biases16)");
  for (let p = 0; p < VECTORS; p++) {
    const pair = `v128.or(${at("columns", 2 * p)}, i32x4.shl(${at("columns", 2 * p + 1)}, 16))`;
    body.emit(put("out", p, `i16x8.sub(${pair}, ${bias})`));
  }
}

// One carry without waiting, on 16-bit limbs: what each limb exceeds ±4 096 by, in units of 2¹³ (at most ±2 for sums of
// four), moves to the next limb, and from the last to the first times 608.
function reduce(body: Body): void {
  const excess = (p: number): string => body.name(`i16x8.shr_s(i16x8.add(${at("a", p)}, v128.load(biases16)), 13)`);
  const last = excess(VECTORS - 1);
  let incoming = body.name(`v128.and(i32x4.mul(i32x4.shr_u(${last}, 16), v128.load(folds)), v128.load(lowHalves))`);
  for (let p = 0; p < VECTORS; p++) {
    const moved = excess(p);
    const next = body.name(`i32x4.shr_u(${moved}, 16)`);
    const arrived = `v128.or(i32x4.shl(${moved}, 16), ${incoming})`;
    body.emit(put("out", p, `i16x8.add(i16x8.sub(${at("a", p)}, i16x8.shl(${moved}, 13)), ${arrived})`));
    incoming = next;
  }
}
