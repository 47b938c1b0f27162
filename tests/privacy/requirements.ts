// The threat model's requirements (spec 03 §1.4): what each promises, what keeps the promise, and the tests that show it.

/** Who is kept out; each can do what the one before can, and more. Trudy can break enclaves, and has no machine of ours. */
export type Adversary = "Oscar" | "Eve" | "Mallory" | "Darth" | "Trudy" | "all";

/** One promise. */
export interface Requirement {
  /** As in spec 03 §1.4. */
  readonly id: string;
  readonly adversary: Adversary;
  readonly promise: string;
  readonly mechanism: string;
  /** Test files, each with the names of tests in it that show the promise (a part of the full name is enough). */
  readonly tests: readonly { readonly file: string; readonly names: readonly string[] }[];
  /** A game of `games/` that is played for it. */
  readonly game?: string;
}
