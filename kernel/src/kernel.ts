// The kernel's face: what the WebAssembly module offers, as TypeScript interfaces. Every argument and result is a
// `Uint8Array`; the plain model in `kernel/model` implements the same interfaces on audited libraries.
import type { Frames } from "./frames.ts";

/** Everything the kernel does. One instance owns one linear memory and is not re-entrant; make one per worker. */
export interface Kernel {
  readonly ristretto: Ristretto;
  readonly scalars: Scalars;
  readonly vectors: ScalarVectors;
  readonly rings: Rings;
  readonly hashes: Hashes;
  readonly strobe: Strobe;
  readonly ciphers: Ciphers;
  readonly x25519: X25519;
  readonly fog: Fog;
  readonly fogLedger: FogLedger;
  readonly ledgers: ObliviousLedgers;
  readonly oblivious: Oblivious;
  readonly view: View;
}

/**
 * The group ristretto255 (RFC 9496). Points are 32-byte canonical encodings; scalars are 32 bytes, little-endian,
 * below ℓ = 2²⁵² + 27742317777372353535851937790883648493. The identity (32 zero bytes) is a valid point.
 *
 * Methods throw {@link KernelError} with code `invalid-length`, `invalid-point` or `invalid-scalar`; those of many points
 * (`multiplyBatch`, `multiScalarMultiply`, `prepare`) also `too-many-points`, above 8 192.
 */
export interface Ristretto {
  /** Whether 32 bytes are a canonical encoding. Constant time in the bytes. */
  isPoint(bytes: Uint8Array): boolean;
  /** The one-way map of RFC 9496 §4.3.4 from 64 uniform bytes. Constant time. */
  oneWayMap(uniform: Uint8Array): Uint8Array;
  /** p + q. Constant time. */
  add(p: Uint8Array, q: Uint8Array): Uint8Array;
  /** p − q. Constant time. */
  subtract(p: Uint8Array, q: Uint8Array): Uint8Array;
  /** −p. Constant time. */
  negate(p: Uint8Array): Uint8Array;
  /** scalar · point. Constant time in both. */
  multiply(scalar: Uint8Array, point: Uint8Array): Uint8Array;
  /** scalar · G, from a fixed-base comb. Constant time. */
  multiplyBase(scalar: Uint8Array): Uint8Array;
  /** One product a point: `scalars` is 32 bytes (the same for all) or 32·n, `points` is 32·n. Constant time. */
  multiplyBatch(scalars: Uint8Array, points: Uint8Array): Uint8Array;
  /**
   * Σ sᵢ·Pᵢ over 32·n bytes of scalars and points. **Variable time: public data only.** `table`, when given, holds
   * prepared points; its scalars come first and `points` holds only the remaining ones. At most 8 192 points in all, prepared ones included.
   */
  multiScalarMultiply(scalars: Uint8Array, points: Uint8Array, table?: PointTable): Uint8Array;
  /** The same sum for **secret scalars**: constant time in them, about twice the work. The points are public. */
  multiScalarMultiplySecret(scalars: Uint8Array, points: Uint8Array, table?: PointTable): Uint8Array;
  /**
   * Σ over secret words of 64 bits, 8·n bytes, the least significant bit first. Each word has 64 points P and then 64
   * points Q; its bit i adds Pᵢ when it is 1 and subtracts Qᵢ when it is 0. `table`, when given, holds the points of the
   * first words, `points` those of the others. Constant time in the words; the points are public.
   */
  sumBits(words: Uint8Array, points: Uint8Array, table?: PointTable): Uint8Array;
  /** Prepares 32·n public points that are used often: width-8 tables, 10 240 bytes a point. Variable time. */
  prepare(points: Uint8Array): PointTable;
}

/**
 * Multiples of fixed public points, made by {@link Ristretto.prepare} and usable by every kernel instance. An instance
 * that has met a table's bytes keeps a copy of them, so that using it again copies nothing; they must not change.
 */
export interface PointTable {
  /** How many points it stands for. A smaller count beside the same bytes is a table of the first points alone. */
  readonly count: number;
  /** The multiples in the kernel's own form. */
  readonly bytes: Uint8Array;
}

/**
 * Arithmetic modulo ℓ on 32-byte little-endian scalars, constant time throughout. All but `isCanonical`, `reduce`
 * and `reduceWide` require canonical input and throw {@link KernelError} `invalid-scalar` otherwise. Wrong lengths throw
 * `invalid-length`.
 */
export interface Scalars {
  /** Whether 32 bytes are below ℓ. */
  isCanonical(bytes: Uint8Array): boolean;
  /** 32 bytes modulo ℓ (the specs' *narrow* reduction). */
  reduce(bytes: Uint8Array): Uint8Array;
  /** 64 bytes modulo ℓ (the specs' *wide* reduction). */
  reduceWide(bytes: Uint8Array): Uint8Array;
  /** a + b. */
  add(a: Uint8Array, b: Uint8Array): Uint8Array;
  /** a − b. */
  subtract(a: Uint8Array, b: Uint8Array): Uint8Array;
  /** −a. */
  negate(a: Uint8Array): Uint8Array;
  /** a · b. */
  multiply(a: Uint8Array, b: Uint8Array): Uint8Array;
  /** a · b + c, the step of every Schnorr-like response. */
  multiplyAdd(a: Uint8Array, b: Uint8Array, c: Uint8Array): Uint8Array;
  /** 1 / a, with 1 / 0 = 0. */
  invert(a: Uint8Array): Uint8Array;
  /** The inverse of each of n scalars (32·n bytes) by Montgomery's trick; a zero stays zero and disturbs no other. */
  invertBatch(scalars: Uint8Array): Uint8Array;
}

/**
 * Arithmetic modulo ℓ on vectors of n scalars, 32·n bytes, constant time throughout: only n shows. All but `bits` and
 * `reduceWide` require canonical input and throw {@link KernelError} `invalid-scalar` otherwise, and `invalid-length`
 * when lengths do not match.
 */
export interface ScalarVectors {
  /** aᵢ + bᵢ. */
  add(a: Uint8Array, b: Uint8Array): Uint8Array;
  /** aᵢ · bᵢ. */
  multiply(a: Uint8Array, b: Uint8Array): Uint8Array;
  /** s · aᵢ for one scalar s. */
  scale(s: Uint8Array, a: Uint8Array): Uint8Array;
  /** s · aᵢ + bᵢ for one scalar s. */
  multiplyAdd(s: Uint8Array, a: Uint8Array, b: Uint8Array): Uint8Array;
  /** Σ aᵢ · bᵢ, one scalar. */
  innerProduct(a: Uint8Array, b: Uint8Array): Uint8Array;
  /** 1, s, s² … s^(n − 1). */
  powers(s: Uint8Array, n: number): Uint8Array;
  /** Each of n strings of 64 bytes modulo ℓ. */
  reduceWide(wide: Uint8Array): Uint8Array;
  /** The bits of `bytes`, the least significant first, each as the scalar 0 or 1. */
  bits(bytes: Uint8Array): Uint8Array;
}

/** Ring signatures, verified in one call each. **Variable time: public data only.** */
export interface Rings {
  /**
   * Whether an MLSAG closes (spec 02 §3.1). Each step hashes L0 = r·G + c·P, R0 = r·Hp(P) + c·I and
   * L1 = r'·G + c·(C' − C) to the next challenge; the last must be the first. An empty ring is `invalid-signature`.
   * Throws {@link KernelError} `invalid-length`.
   */
  verifyMlsag(ring: MlsagRing): MlsagVerdict;
}

/** A signed ring of n members. */
export interface MlsagRing {
  /** What is signed, of any length. */
  readonly message: Uint8Array;
  /** P of each member, 32·n bytes. */
  readonly targetKeys: Uint8Array;
  /** C of each member, 32·n bytes. */
  readonly commitments: Uint8Array;
  /** The commitment C', 32 bytes. */
  readonly pseudoOutput: Uint8Array;
  /** I, 32 bytes. */
  readonly keyImage: Uint8Array;
  /** The first challenge, 32 bytes, read modulo ℓ. */
  readonly cZero: Uint8Array;
  /** r and r' of each member, 64·n bytes, read modulo ℓ. */
  readonly responses: Uint8Array;
}

/** What is wrong with a ring signature, named in the order of the checks, or that it is valid. */
export type MlsagVerdict =
  | "valid"
  | "invalid-key-image" // The key image is no point.
  | "invalid-curve-point" // The pseudo-output, a target key or a commitment is no point.
  | "invalid-signature"; // The last challenge is not the first.

/** Hash functions that HMAC and HKDF can be built on. */
export type HashName = "blake2b256" | "blake2b512" | "sha256" | "sha512";

/**
 * Hashes over the concatenation of their parts. Time depends on lengths only. What is no Uint8Array, or too long to fit
 * in memory or to be asked for, throws {@link KernelError} `invalid-length`.
 */
export interface Hashes {
  /** BLAKE2b with a 32-byte digest parameter (RFC 7693), unkeyed. */
  blake2b256(...parts: Uint8Array[]): Uint8Array;
  /** BLAKE2b with a 64-byte digest parameter (RFC 7693), unkeyed. */
  blake2b512(...parts: Uint8Array[]): Uint8Array;
  /**
   * Where a Merkle proof leads: folds the siblings (32·n bytes) into `start` (32 bytes), first to last. A step hashes
   * tag ‖ hash ‖ sibling with {@link Hashes.blake2b256}, or tag ‖ sibling ‖ hash where `sides` (n bytes) is not 0. Time
   * depends on the sides, too.
   */
  blake2b256Path(path: HashPath): Uint8Array;
  /** SHA-256 (FIPS 180-4). */
  sha256(...parts: Uint8Array[]): Uint8Array;
  /** SHA-512 (FIPS 180-4). */
  sha512(...parts: Uint8Array[]): Uint8Array;
  /** The first `length` bytes of SHAKE256 (FIPS 202). */
  shake256(length: number, ...parts: Uint8Array[]): Uint8Array;
  /** HMAC (RFC 2104) over any of the hashes; BLAKE2b is used unkeyed with its block of 128 bytes. */
  hmac(hash: HashName, key: Uint8Array, ...parts: Uint8Array[]): Uint8Array;
  /** HKDF (RFC 5869), extract then expand; an empty salt means HashLen zero bytes. At most 255·HashLen bytes. */
  hkdf(hash: HashName, options: HkdfOptions): Uint8Array;
  /** The first `length` bytes of the HC-128 keystream for a 16-byte key and 16-byte IV, without secret-indexed reads. At most 4 096. */
  hc128(key: Uint8Array, iv: Uint8Array, length: number): Uint8Array;
  /** SipHash-2-4 with 128 bits of output: a pseudorandom function of a message under a 16-byte key. */
  sipHash128(key: Uint8Array, message: Uint8Array): Uint8Array;
}

/** A way through a tree of hashes. */
export interface HashPath {
  /** What each step's input begins with. */
  readonly tag: Uint8Array;
  readonly start: Uint8Array;
  readonly siblings: Uint8Array;
  readonly sides: Uint8Array;
}

/** Inputs of HKDF, in the words of RFC 5869. */
export interface HkdfOptions {
  readonly ikm: Uint8Array;
  readonly salt: Uint8Array;
  readonly info: Uint8Array;
  /** Output bytes. */
  readonly length: number;
}

/** A STROBE-128 state: 200 bytes of Keccak state, then `pos`, `posBegin` and `curFlags`; 203 bytes in all. */
export type StrobeState = Uint8Array;

/**
 * STROBE v1.0.2 at 128 bits (R = 166) as Merlin 1.0 uses it. States are plain bytes: copy one to fork a transcript.
 * What is no state, or more than 65 536 bytes of output, throws {@link KernelError} `invalid-length` and changes nothing;
 * continuing an operation that was not the last throws a plain `Error`.
 */
export interface Strobe {
  /** A fresh state for a protocol label: initialisation, then `meta-AD(label)`. Merlin's label is `Merlin v1.0`. */
  create(protocol: Uint8Array): StrobeState;
  /** meta-AD. `more` continues the operation before it. */
  metaAd(state: StrobeState, data: Uint8Array, more: boolean): void;
  /** AD. */
  ad(state: StrobeState, data: Uint8Array, more: boolean): void;
  /** KEY: overwrites part of the state with `data`. */
  key(state: StrobeState, data: Uint8Array, more: boolean): void;
  /** PRF: squeezes `length` bytes. */
  prf(state: StrobeState, length: number, more: boolean): Uint8Array;
  /** Merlin's append: meta-AD(label), meta-AD(LE32(length), more), AD(message), in one call. */
  append(state: StrobeState, label: Uint8Array, message: Uint8Array): void;
  /** Merlin's append of many messages in one call, which takes as much of the kernel's memory as they have bytes. */
  appendAll(state: StrobeState, frames: Frames): void;
  /** Merlin's challenge: meta-AD(label), meta-AD(LE32(length), more), PRF(length), in one call. */
  challenge(state: StrobeState, label: Uint8Array, length: number): Uint8Array;
}

/**
 * AES-256 without tables, bitsliced: the same instructions and addresses for every key and plaintext. Wrong lengths throw
 * {@link KernelError} `invalid-length`.
 */
export interface Ciphers {
  /** AES-256-GCM (NIST SP 800-38D), 32-byte key, 12-byte nonce: returns ciphertext ‖ 16-byte tag. */
  aes256GcmSeal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** Opens ciphertext ‖ tag. Undefined when the tag is wrong; the work is the same either way. */
  aes256GcmOpen(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
  /**
   * AES-256-CTR from a 16-byte initial block whose **last 8 bytes** count, big-endian, modulo 2⁶⁴ (MobileCoin memos).
   */
  aes256Ctr(key: Uint8Array, block: Uint8Array, data: Uint8Array): Uint8Array;
}

/**
 * X25519 (RFC 7748): key agreement on curve25519, constant time in both keys. Keys are 32 bytes, little-endian; any 32
 * bytes are a private key, of which RFC 7748 fixes five bits. Throws {@link KernelError} `invalid-length`.
 */
export interface X25519 {
  /** The public key of a private key. */
  publicKey(privateKey: Uint8Array): Uint8Array;
  /**
   * The shared secret of a private key and another's public key. Throws {@link KernelError} `zero-shared-secret` when it
   * would be all zeros, which no honest key leads to.
   */
  sharedSecret(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array;
}

/** Steps of Fog that must look the same whatever the data holds. */
export interface Fog {
  /**
   * Opens n encrypted Fog hints (84·n bytes) with the ingress private key (spec 01 §7.5). For each hint the result
   * holds 32 bytes: the view public key inside, or the caller's fallback (32·n bytes, random valid points) when the
   * box, its magic bytes or the key inside is bad. Nothing else differs between the two. Throws {@link KernelError}
   * `invalid-length`, or `invalid-scalar` for the private key.
   */
  openHints(ingressPrivateKey: Uint8Array, hints: Uint8Array, fallbacks: Uint8Array): Uint8Array;
  /**
   * Makes the secrets of an ingest enclave but for its ingress key, in this kernel's memory, where they stay: a random egress
   * key, which nobody ever sees, and counters that hide whose they are. Throws {@link KernelError} `invalid-length` also where they
   * need more memory than this kernel may have ({@link KernelOptions.memoryBytesMax}).
   */
  createIngest(options: FogIngestOptions): FogIngest;
}

/** What {@link Fog.createIngest} takes. */
export interface FogIngestOptions {
  /** For how many outputs an egress key serves: a power of two from 16 to 4 194 304. Public. */
  readonly capacity: number;
  /** 32 uniform secret bytes, from which the egress key and all random choices come. */
  readonly seed: Uint8Array;
}

/** An egress key and the counters under it (spec 03 §2.1, §2.2). They change together, and only together. */
export interface FogIngest {
  readonly capacity: number;
  /** How many outputs the egress key has served. */
  readonly size: number;
  /** The public half of the egress key, 32 bytes. */
  readonly egressPublicKey: Uint8Array;
  /** Begins anew from a seed of 32 uniform bytes: another egress key, and no counters. Throws as below. */
  renew(seed: Uint8Array): void;
  /**
   * Finds the recipients of n outputs by their hints (84·n bytes), and seals each output's record for its recipient under that
   * recipient's next search key. Where no hint opens, the recipient is a random point: who watches memory cannot tell, nor whether
   * outputs have one recipient.
   *
   * Throws {@link KernelError} `map-full` when there are more than the egress key has left to serve, and `invalid-length`, before
   * anything has changed; `invalid-scalar` for the ingress key, afterwards; and with a probability below 2⁻⁸⁰ in its life
   * `map-broken`, from then on always.
   */
  process(ingressPrivateKey: Uint8Array, hints: Uint8Array, records: readonly Uint8Array[]): SealedOutputs;
}

/** What became of n outputs. */
export interface SealedOutputs {
  /** 16·n bytes. */
  readonly searchKeys: Uint8Array;
  /** Crypto boxes, each 50 bytes longer than its record. */
  readonly payloads: readonly Uint8Array[];
}

/** Ledgers that do not show what is looked up in them. */
export interface ObliviousLedgers {
  /**
   * Makes an empty ledger in the kernel's memory, where it stays as long as the kernel does: about 810 bytes for each
   * output of its capacity. Throws {@link KernelError} `invalid-length` for a bad capacity, seed or number of layers, or
   * when the memory has no room for it.
   */
  create(options: ObliviousLedgerOptions): ObliviousLedger;
  /** Makes an empty shard of a ledger, as {@link create} makes a ledger. */
  createShard(options: LedgerShardOptions): LedgerShard;
  /**
   * The results of a ledger that lies in shards, as {@link ObliviousLedger.results} gives them, from the parts of all shards.
   * Throws {@link KernelError} `invalid-length`.
   */
  combine(parts: LedgerParts): Uint8Array;
}

/** How a shard is made. */
export interface LedgerShardOptions extends ObliviousLedgerOptions {
  /** The index of its first output: a multiple of its capacity, and so far below 2³¹ that all of its outputs are. */
  readonly first: number;
}

/** Outputs from some index on, and the tree over them: a ledger that answers in parts. */
export interface LedgerShard extends Omit<ObliviousLedger, "resultBytes" | "results"> {
  /**
   * The parts for n indices of the whole ledger, 8·n bytes: zero but where this shard has the output, which no address
   * tells. 320 + 32·(1 + log2 capacity) bytes each. Throws {@link KernelError} `invalid-length`.
   */
  parts(indices: Uint8Array): Uint8Array;
}

/** What the shards of one ledger said about the same indices. */
export interface LedgerParts {
  /** The indices, 8·n bytes. */
  readonly indices: Uint8Array;
  /** Of each shard its parts, in the order of the shards. */
  readonly parts: readonly Uint8Array[];
  /** Of every shard, full or not. */
  readonly shardCapacity: number;
  /** N, the outputs of all shards together. */
  readonly numTxOuts: number;
  /** The nil hash; then the roots of a power of two of shards, then the hash above each two of them, and so on: 32 bytes each. */
  readonly nodes: Uint8Array;
}

/** How an oblivious ledger is made. */
export interface ObliviousLedgerOptions {
  /** Most outputs: a power of two from 2⁴ to 2²². */
  readonly capacity: number;
  /** 32 uniform secret bytes, from which the ledger draws all its randomness. */
  readonly seed: Uint8Array;
  /** Layers of the tree that lie in ORAMs. When not given, the fewest that leave at most 2¹¹ blocks to scan. */
  readonly layers?: number;
}

/** An output that arrives. */
export interface NewOutput {
  /** The TxOut as the ledger has it, 32 to 287 bytes. */
  readonly txOut: Uint8Array;
  /** Its hash, 32 bytes (spec 02 §1.5). */
  readonly hash: Uint8Array;
}

/**
 * Outputs and their Merkle tree (spec 02 §7) in oblivious memory (spec 03 §5.7): the addresses that a lookup touches tell
 * how many indices were asked for and how many outputs there are, and nothing else. What is appended is public.
 *
 * With a probability below 2⁻⁸⁰ in its life a ledger overflows; then `append` and `results` throw {@link KernelError}
 * `ledger-broken` from that call on.
 */
export interface ObliviousLedger {
  /** Most outputs it can have. */
  readonly capacity: number;
  /** N, the outputs it has. */
  readonly numTxOuts: number;
  /** Whether it is at 90 % of its capacity, or above. */
  readonly isNearlyFull: boolean;
  /** The hash of the tree's root, over [0, W − 1] for W the next power of two from N on; nil without outputs. 32 bytes. */
  root(): Uint8Array;
  /**
   * Appends outputs in order, all or none. Throws {@link KernelError} `ledger-full` when they do not all fit and
   * `invalid-length` for a TxOut or hash of a wrong length; the ledger is then as it was.
   */
  append(outputs: readonly NewOutput[]): void;
  /** Bytes of each result now: they depend on N alone. */
  resultBytes(): number;
  /**
   * The answers for n indices, 8·n bytes, each little-endian, in their order: n fields `results` of a
   * `fog_ledger.GetOutputsResponse`, all of one length, all of one tree, whether an output exists or not. Throws
   * {@link KernelError} `invalid-length`.
   */
  results(indices: Uint8Array): Uint8Array;
}

/**
 * Data structures of which an observer of memory learns nothing but how often they are used. Wrong sizes throw
 * {@link KernelError} `invalid-length`, also where a structure needs more memory than this kernel may have
 * ({@link KernelOptions.memoryBytesMax}).
 */
export interface Oblivious {
  /** Makes an empty map in this kernel's memory, where it stays: a kernel can hold several, and gives none back. */
  createMap(options: ObliviousMapOptions): ObliviousMap;
  /** A generator of random bytes, ChaCha20 with fast key erasure, from 32 uniform bytes. */
  createGenerator(seed: Uint8Array): Generator;
  /** The next bytes of a generator, at most 65 536. It forgets them: who gets hold of it later cannot tell them. */
  draw(generator: Generator, length: number): Uint8Array;
}

/** The state of a generator: 1 072 bytes, which drawing changes. A copy gives the same bytes again. */
export type Generator = Uint8Array;

/** What an oblivious map is made for; all but the seed is public. */
export interface ObliviousMapOptions {
  /** 16 or 32. */
  readonly keyBytes: number;
  /** 1 to 65 536. */
  readonly valueBytes: number;
  /** How many times it can be written, which also bounds its records: 1 to 67 108 864. A power of two wastes no memory. */
  readonly capacity: number;
  /** 32 uniform secret bytes, from which all its random choices come. */
  readonly seed: Uint8Array;
}

/**
 * A map from keys to values that hides what is asked and whether it is there: to an observer of memory a hit, a miss, an
 * insertion and an overwriting are one and the same, and asking twice for one key is as asking for two. Only how many
 * keys are asked for, and by which method, is seen. Cost grows with log² of the capacity.
 *
 * One map fills at most the memory of one kernel, below 4 GiB. Larger ones are a matter for several kernels, one to a worker,
 * each of which gets every query.
 *
 * With a probability below 2⁻⁸⁰ in its life a map overflows, and then all methods throw {@link KernelError} `map-broken`.
 */
export interface ObliviousMap {
  readonly keyBytes: number;
  readonly valueBytes: number;
  readonly capacity: number;
  /** Memory it takes. */
  readonly bytes: number;
  /** How many times it was written. How many different keys there are is secret, and nothing tells. */
  readonly size: number;
  /**
   * Gives n keys their values, one after another, whether they had one or not. Throws {@link KernelError} `map-full`, and changes
   * nothing, when that makes more upserts and increments than the capacity.
   */
  upsert(keys: Uint8Array, values: Uint8Array): void;
  /** For n keys: a byte each, 1 if it has a value, and the values, zeros where there is none. */
  lookup(keys: Uint8Array): { readonly found: Uint8Array; readonly values: Uint8Array };
  /**
   * Adds one to the numbers, the first 8 bytes of the values, little-endian, modulo 2⁶⁴, of n keys, one after another. The
   * result has the values before. A key without value begins at zeros. Throws as {@link ObliviousMap.upsert} does.
   */
  increment(keys: Uint8Array): Uint8Array;
}

/** Answers of Fog Ledger (spec 03 §5.3, §5.7), as bytes of one length whatever is found. Throws {@link KernelError} as {@link Oblivious}. */
export interface FogLedger {
  /**
   * Makes an empty map from key images (32 bytes) to spent_at ‖ timestamp (16 bytes). Its answers are records of 56 bytes: key
   * image ‖ spent_at ‖ timestamp ‖ result code u32 ‖ four zeros.
   */
  createKeyImages(options: FogLedgerMapOptions): FogLedgerMap;
  /**
   * Makes an empty map from outputs' public keys (32 bytes) to global index ‖ block index ‖ timestamp (24 bytes). Its answers are
   * fields `results` of a `fogbow.fog_ledger.LookupOutputsResponse`, 34 bytes each.
   */
  createOutputs(options: FogLedgerMapOptions): FogLedgerMap;
  /**
   * The answers for n public keys of outputs in several maps, from those of each map for the same keys, of which at most one
   * has found each. 34·n bytes.
   */
  combineOutputs(answers: readonly Uint8Array[]): Uint8Array;
  /**
   * For n key images (32·n bytes) the fields `results` of a `fog_ledger.CheckKeyImagesResponse`, 66 bytes each, in their order,
   * from the records of all stores, in any order.
   */
  keyImageResults(keyImages: Uint8Array, records: Uint8Array): Uint8Array;
}

/** What a map of Fog Ledger is made for. */
export type FogLedgerMapOptions = Pick<ObliviousMapOptions, "capacity" | "seed">;

/** A map that answers in messages. What is inserted is public; what is asked for, and what is found, does not show. */
export interface FogLedgerMap extends Pick<ObliviousMap, "capacity" | "size"> {
  /** Gives n keys their values, one after another. Throws {@link KernelError} `map-full` and `map-broken`. */
  insert(keys: Uint8Array, values: Uint8Array): void;
  /** An answer of fixed length for each of n keys, in their order. Throws {@link KernelError} `map-broken`. */
  answers(keys: Uint8Array): Uint8Array;
}

/**
 * What Fog View answers, from search keys to encoded results: nothing but how many keys there are and how long they are, which
 * is public, shows in what it touches or in the sizes of what it gives. Throws {@link KernelError} `invalid-length`.
 */
export interface View {
  /** Makes an empty store of records in this kernel's memory, where it stays. */
  createRecords(options: ViewRecordsOptions): ViewRecords;
  /**
   * The client's results from those of every shard for the same keys: one older result a key (field 7 of a QueryResponse), then
   * one fixed result a key (field 10), in the order of the keys. What no shard has found is not found, and as long as the
   * shards say records are; without shards, as `payloadLength`.
   */
  collate(keys: readonly Uint8Array[], shards: readonly Uint8Array[], payloadLength: number): Uint8Array;
  /** Bytes of the fixed results of these keys, as {@link ViewRecords.results} gives them. */
  resultBytes(keys: readonly Uint8Array[]): number;
}

/** What a store of records is made for. */
export interface ViewRecordsOptions {
  /** How many times it can be written: 1 to 67 108 864. */
  readonly capacity: number;
  /** 32 uniform secret bytes. */
  readonly seed: Uint8Array;
}

/** Sealed records by search key: an {@link ObliviousMap} and the template of what is answered. */
export interface ViewRecords {
  readonly capacity: number;
  /** How many times it was written. */
  readonly size: number;
  /** Memory that it takes. */
  readonly bytes: number;
  /**
   * Adds records, in place of those that have the same search key. Keys are 16 bytes and not all zero, payloads at most 239.
   * Throws {@link KernelError} `map-full`, and changes nothing.
   */
  add(records: readonly { readonly searchKey: Uint8Array; readonly payload: Uint8Array }[]): void;
  /**
   * One fixed result a key (field 10 of a QueryResponse), in their order. A key that is not 16 bytes or all zero is a bad search
   * key; of one longer than 127 bytes, the result repeats the first 127.
   */
  results(keys: readonly Uint8Array[]): Uint8Array;
}
